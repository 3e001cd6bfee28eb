"""How answers are drawn, on pages and in reports."""

from typing import Any

from django import template

from common.xlsx import CellKind
from methodology.enums import FieldKind
from methodology.worksheets import WorksheetEntry
from worksheets.dossier import Answer, FieldDescription, SheetField, SheetRow
from worksheets.formfields import sensitivity_words
from worksheets.wording import row_label, words_of

register = template.Library()


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
