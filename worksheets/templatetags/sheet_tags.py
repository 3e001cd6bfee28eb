"""How answers are drawn, on pages and in reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template

from accounts.models import User
from accounts.selectors import may_start_project
from common.outcomes import Outcome
from common.xlsx import CellKind
from methodology.enums import FieldKind
from methodology.worksheets import WorksheetEntry
from tools.contract import Tool
from tools.links import new_round_url
from worksheets.dossier import Answer, FieldDescription, SheetField, SheetRow, WorksheetDossier
from worksheets.formfields import sensitivity_words
from worksheets.wording import row_label, words_of

register = template.Library()

# A longer answer may be broken across two pages of paper; a wider table becomes one block per row.
LONGEST_WHOLE = 600
WIDEST_TABLE = 8


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Where a project may begin out of a row, by the row's name within the tool."""

    urls: Mapping[str, str]
    fields: frozenset[str]
    may_start: Outcome


@register.inclusion_tag("worksheets/answer.html")
def answer(about: FieldDescription, value: Answer, project_id: int | None = None) -> dict[str, Any]:
    """A value by its kind. Pictures and links to rows are only drawn as such with a project:
    reports leave it out."""
    return {
        "about": about,
        "answer": value,
        "words": words_of(about, value),
        "is_long": about.kind is FieldKind.LONG_TEXT or about.cell is CellKind.LONG_TEXT,
        "project_id": project_id,
    }


@register.simple_tag
def row_name(field: SheetField, row: SheetRow) -> str:
    return row_label(field, row)


@register.simple_tag
def label_column(field: SheetField) -> FieldDescription:
    return field.columns[field.label_column]


@register.filter
def is_table(field: SheetField) -> bool:
    return field.about.kind is FieldKind.ROWS


@register.filter
def is_picture(field: SheetField) -> bool:
    return field.about.kind is FieldKind.PICTURE


@register.filter
def is_read(field: SheetField) -> bool:
    return field.about.kind is FieldKind.READ


@register.filter
def is_figure(about: FieldDescription) -> bool:
    """Whether a column's values stand to the right."""
    return about.cell in {CellKind.NUMBER, CellKind.MONEY, CellKind.PERCENT} and not about.scale


@register.filter
def is_short(field: SheetField) -> bool:
    """Whether the answer is kept together on paper."""
    return len(words_of(field.about, field.answer)) <= LONGEST_WHOLE


@register.filter
def is_wide(field: SheetField) -> bool:
    """Whether the table has more columns than a page of paper has room for."""
    return len(field.columns) > WIDEST_TABLE


@register.filter
def cells_of(row: SheetRow, field: SheetField) -> list[tuple[FieldDescription, Answer]]:
    return list(zip(field.columns, row.answers, strict=True))


@register.filter
def guard_words(about: FieldDescription) -> str:
    """Who sees it, when that is not everybody."""
    return sensitivity_words(about)


@register.filter
def entry_of(worksheet: WorksheetEntry, key: str) -> Any:
    """The definition of a field."""
    return worksheet.field(key)


@register.filter
def first_example(worksheet: WorksheetEntry) -> Any:
    """The texts of the first field or column that has an example, ``None`` without any."""
    for field in worksheet.fields:
        for each in (field, *field.columns):
            if each.texts.get("example"):
                return each
    return None


@register.simple_tag
def beginnings(
    tool: Tool, dossier: WorksheetDossier, user: User, project_id: int
) -> Beginnings | None:
    """``None`` when no row can grow into a project, and then without a query; else two at the
    most."""
    urls = {
        seed.row: new_round_url(project_id, tool=tool.slug, row=seed.row)
        for seed in tool.seeds(dossier)
    }
    if not urls:
        return None
    fields = frozenset(row.partition("/")[0] for row in urls)
    return Beginnings(urls, fields, may_start_project(user))


@register.simple_tag
def beginning_url(beginnings: Beginnings, field: SheetField, row: SheetRow) -> str:
    return beginnings.urls.get(f"{field.about.key}/{row.pk}", "")
