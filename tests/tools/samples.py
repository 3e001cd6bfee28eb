"""What the contract suite needs to know about a tool: how to make a row of each register."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.forms.models import model_to_dict

from accounts.models import User
from common.versioned_forms import OPENED, VERSION
from projects.models import Project
from tools import registry
from tools.contract import Register, Tool
from tools.models import RegisterRow


@dataclass(frozen=True, slots=True)
class Sample:
    """``make(project, actor, number)`` stores a complete row; numbers make rows different.
    ``posted(project, actor)`` is what a browser sends to add one. ``text_field`` can be edited as
    free text, and so can ``other_field`` where there is a second one.
    """

    register: str
    make: Callable[[Project, User, int], RegisterRow]
    posted: Callable[[Project, User], Mapping[str, str]]
    text_field: str
    other_field: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A register of a tool, with its sample."""

    tool: Tool
    register: Register
    sample: Sample

    def __str__(self) -> str:
        return f"{self.tool.key}-{self.register.key}"


def cases_of(tool: Tool, samples: tuple[Sample, ...]) -> list[Case]:
    """One per register; a register without a sample is an error."""
    by_key = {sample.register: sample for sample in samples}
    return [Case(tool, register, by_key[register.key]) for register in tool.registers]


def registered_cases() -> list[Case]:
    """Every register of every registered tool, with samples from ``tests/<folder>/factory.py``."""
    cases = []
    for tool in registry.all_tools():
        folder = type(tool).__module__.split(".")[0]
        factory = importlib.import_module(f"tests.{folder}.factory")
        cases += cases_of(tool, factory.SAMPLES)
    return cases


def sent_by_browser(form: BaseForm) -> dict[str, str]:
    """What a browser sends when nothing is changed in a form that it was shown."""
    data = {}
    for bound in form:
        value = bound.value()
        prepared: Any = bound.field.prepare_value(value)
        if prepared is None or prepared is False:
            continue
        data[bound.html_name] = "on" if prepared is True else str(prepared)
    return data


def without_version(data: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in data.items() if name not in (VERSION, OPENED)}


def stored(row: RegisterRow) -> dict[str, Any]:
    """The row's editable values, read again."""
    return model_to_dict(type(row)._default_manager.get(pk=row.pk))
