"""What is missing in a worksheet. Pure."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from methodology.catalogue import Catalogue
from methodology.enums import FieldKind
from methodology.worksheets import FieldEntry, WorksheetEntry
from tools.contract import Finding, ProjectContext, Weight
from worksheets.dossier import SheetField, WorksheetDossier

# Widgets made of several inputs: the first of them is where a link leads.
CHOSEN_FROM_A_LIST = frozenset(
    {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.SCALE, FieldKind.YES_NO, FieldKind.LINK}
)


def is_asked_for(field: FieldEntry, context: ProjectContext) -> bool:
    """Whether the field must be filled in where the project is now."""
    if not field.is_required:
        return False
    if not field.required_from:
        return True
    if context.current_phase is None:
        return False
    begins = _number(context.catalogue, field.required_from)
    return begins is not None and begins <= (_number(context.catalogue, context.current_phase) or 0)


def _number(catalogue: Catalogue, phase_key: str) -> int | None:
    return next((phase.number for phase in catalogue.phases if phase.key == phase_key), None)


def field_url(project_id: int, worksheet_key: str, field: FieldEntry) -> str:
    """The address where the field is filled in."""
    arguments = [project_id, worksheet_key]
    if field.kind is FieldKind.ROWS:
        first = next((column for column in field.columns if column.is_required), field.columns[0])
        address = reverse("worksheets:row_create", args=[*arguments, field.key])
        return f"{address}#{anchor_of(first)}"
    if field.kind is FieldKind.PICTURE:
        return reverse("worksheets:picture_edit", args=[*arguments, field.key]) + "#id_picture"
    return reverse("worksheets:edit", args=arguments) + f"#{anchor_of(field)}"


def anchor_of(field: FieldEntry) -> str:
    suffix = "_0" if field.kind in CHOSEN_FROM_A_LIST else ""
    return f"id_{field.key}{suffix}"


def worksheet_findings(
    worksheet: WorksheetEntry,
    serves: str,
    title: str,
    dossier: WorksheetDossier,
    context: ProjectContext,
) -> Iterator[Finding]:
    """``<serves>.none`` when nothing is written, and ``<serves>.incomplete`` for each required
    field that is empty. On a sheet that nobody has begun with they are advice: nobody has to."""
    is_empty = dossier.is_empty
    if is_empty:
        yield Finding(
            code=f"{serves}.none",
            message=_("Nothing is written in “%(title)s”."),
            url=reverse("worksheets:edit", args=[context.project_id, worksheet.key]),
            weight=Weight.ADVICE,
            params={"title": title},
        )
    weight = Weight.ADVICE if is_empty else Weight.MISSING
    for entry in worksheet.fields:
        if not entry.is_written:
            continue
        if is_asked_for(entry, context) and not dossier.is_filled(entry.key):
            yield Finding(
                code=f"{serves}.incomplete",
                message=_("“%(field)s” is not filled in."),
                url=field_url(context.project_id, worksheet.key, entry),
                weight=weight,
                params={"field": entry.title},
            )
        if entry.kind is FieldKind.ROWS:
            yield from _row_findings(worksheet, serves, entry, dossier.field(entry.key), context)


def _row_findings(
    worksheet: WorksheetEntry,
    serves: str,
    entry: FieldEntry,
    filled: SheetField | None,
    context: ProjectContext,
) -> Iterator[Finding]:
    """Columns that became required, or were left empty when a row was brought here. What names the
    row may be confidential, so its place in the table names it."""
    asked = [
        (place, column)
        for place, column in enumerate(entry.columns)
        if is_asked_for(column, context)
    ]
    for row in filled.rows if filled else ():
        for place, column in asked:
            if row.answers[place].is_empty:
                address = reverse(
                    "worksheets:row_edit",
                    args=[context.project_id, worksheet.key, entry.key, row.pk],
                )
                yield Finding(
                    code=f"{serves}.incomplete",
                    message=_("Row %(number)s of “%(field)s” lacks “%(column)s”."),
                    url=f"{address}#{anchor_of(column)}",
                    params={
                        "number": str(row.number),
                        "field": entry.title,
                        "column": column.title,
                    },
                )
