"""The system checks name what a tool gets wrong in its description."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group

from benefits.tool import BenefitsTool
from tools import registry
from tools.checks import check_tools
from tools.contract import Column

_GOOD = BenefitsTool.registers[0]


class PlainForm(forms.ModelForm):
    class Meta:
        model = Group
        fields = ["name"]


class WrongTool(BenefitsTool):
    slug = "plass"
    registers = (
        _GOOD,
        replace(
            _GOOD,
            key="wrong",
            model=Group,
            form=PlainForm,
            columns=(Column("nowhere", "Nowhere"),),
        ),
    )


@pytest.fixture(autouse=True)
def _fresh_registry() -> Iterator[None]:
    registry.all_tools.cache_clear()
    yield
    registry.all_tools.cache_clear()


def test_the_tools_of_this_installation_are_well_described() -> None:
    assert check_tools() == []


def test_each_mistake_is_named(settings: Any) -> None:
    settings.VEIKART_TOOLS = ["benefits.tool.BenefitsTool", "tests.tools.test_checks.WrongTool"]

    assert [(problem.id, problem.msg) for problem in check_tools()] == [
        ("tools.E001", "Two tools have the key 'benefits'."),
        ("tools.E001", "'plass' is taken by another page."),
        ("tools.E002", "'benefits' has two registers of one slug."),
        ("tools.E003", "The register 'wrong' of 'benefits' needs a RegisterRow as model."),
        ("tools.E004", "The register 'wrong' of 'benefits' needs a RowForm as form."),
        (
            "tools.E005",
            "The register 'wrong' of 'benefits' has a column 'nowhere' that its rows lack.",
        ),
    ]
