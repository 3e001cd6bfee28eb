"""How a tool's values are drawn, the same on every page and in reports."""

from typing import Any

from django import template

from tools.contract import Column, Fact, Register
from tools.registry import all_tools

register = template.Library()


@register.inclusion_tag("tools/value.html")
def cell(column: Column, row: Any) -> dict[str, Any]:
    """The value of ``column`` in ``row``, drawn by its kind; a gap says so."""
    return {"kind": column.kind.value, "value": getattr(row, column.name), "unit": ""}


@register.inclusion_tag("tools/value.html")
def fact_value(fact: Fact) -> dict[str, Any]:
    return {"kind": fact.kind.value, "value": fact.value, "unit": fact.unit}


@register.filter
def is_number(column: Column) -> bool:
    """Whether the column's values stand to the right."""
    return column.kind.value in {"number", "money", "percent"}


@register.filter
def in_percent(value: Any) -> Any:
    """A fraction of one as whole per cent; ``None`` stays a gap."""
    return None if value is None else round(value * 100)


@register.simple_tag
def register_tables(dossier: Any) -> list[tuple[Register, Any]]:
    """The registers of the tool that a dossier belongs to, each with its rows. No query."""
    tool = next(tool for tool in all_tools() if tool.dossier_class is type(dossier))
    return [(each, each.rows(dossier)) for each in tool.registers]
