"""The rows of registers as entries: what can be compared with an earlier dossier. Pure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from common.xlsx import CellKind
from tools.entries import Cell, Entry, matter_of, words_of_value
from tools.links import row_url

if TYPE_CHECKING:
    from tools.contract import Column, Register


def register_entries(
    registers: Iterable["Register"], tool_slug: str, dossier: Any, project_id: int
) -> tuple[Entry, ...]:
    """Each row by its number, with the columns that everybody who reads the project may see."""
    return tuple(
        _entry(register, row, tool_slug, project_id)
        for register in registers
        for row in register.rows(dossier)
    )


def _entry(register: "Register", row: Any, tool_slug: str, project_id: int) -> Entry:
    first = register.list_columns[0]
    return Entry(
        key=f"{register.key}/{row.pk}",
        place=str(register.title),
        words=_cell(first, getattr(row, first.name)).text,
        cells=tuple(_cell(column, getattr(row, column.name)) for column in register.open_columns),
        url=row_url(project_id, tool_slug, register.slug, row.pk),
        is_series=not register.is_reordered,
    )


def _cell(column: "Column", value: Any) -> Cell:
    label, matter = str(column.label), matter_of(column.kind)
    if value is None or value == "":
        return Cell(label, "", None, matter)
    if column.kind is CellKind.PERSON:
        return Cell(label, value.name, value.pk or value.name, matter)
    if column.choices is not None:
        return Cell(label, str(column.choices(value).label), value, matter)
    words = words_of_value(column.kind, value)
    # A percent is worked out, with more decimals than anybody reads.
    return Cell(label, words, words if column.kind is CellKind.PERCENT else value, matter)
