"""System checks: what a tool can get wrong in its own description."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from django.core.checks import CheckMessage, Error, register

from tools import registry
from tools.contract import Register, Tool
from tools.forms import RowForm
from tools.links import CONTENT_SLUG_PREFIX
from tools.models import RegisterRow

# Addresses below a project's tools that are no tool.
RESERVED_SLUGS = frozenset({"plass", "bilder"})
RESERVED_REGISTER_SLUGS = frozenset({"ny"})


@register()
def check_tools(**kwargs: Any) -> list[CheckMessage]:
    """Keys and slugs are unique and free, and each register is described by what is there."""
    tools = registry.all_tools()
    return [
        *_repeated(tools),
        *(problem for tool in tools for problem in _registers(tool)),
    ]


def _repeated(tools: tuple[Tool, ...]) -> Iterator[CheckMessage]:
    for attribute in ("key", "slug"):
        values = [getattr(tool, attribute) for tool in tools]
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield Error(f"Two tools have the {attribute} '{value}'.", id="tools.E001")
    for tool in tools:
        if tool.slug in RESERVED_SLUGS or tool.slug.startswith(CONTENT_SLUG_PREFIX):
            yield Error(f"'{tool.slug}' is taken by another page.", id="tools.E001")
        if "." in tool.key:
            yield Error(f"The key '{tool.key}' is one for tools from content.", id="tools.E001")


def _registers(tool: Tool) -> Iterator[CheckMessage]:
    slugs = [each.slug for each in tool.registers]
    if len(slugs) != len(set(slugs)):
        yield Error(f"'{tool.key}' has two registers of one slug.", id="tools.E002")
    for each in tool.registers:
        where = f"The register '{each.key}' of '{tool.key}'"
        if each.slug in RESERVED_REGISTER_SLUGS:
            yield Error(f"{where} has the address of another page.", id="tools.E002")
        if not issubclass(each.model, RegisterRow):
            yield Error(f"{where} needs a RegisterRow as model.", id="tools.E003")
        if not issubclass(each.form, RowForm):
            yield Error(f"{where} needs a RowForm as form.", id="tools.E004")
        for name in _unknown_columns(each):
            yield Error(f"{where} has a column '{name}' that its rows lack.", id="tools.E005")


def _unknown_columns(register: Register) -> list[str]:
    known = {field.name for field in fields(register.row_class)}
    return [
        column.name
        for column in register.columns
        if column.name not in known and not hasattr(register.row_class, column.name)
    ]
