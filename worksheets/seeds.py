"""Rows of a worksheet out of which a new project may grow, such as ideas. Pure."""

from collections.abc import Iterator

from methodology.worksheets import WorksheetEntry
from tools.contract import Seed
from worksheets.dossier import SheetField, WorksheetDossier


def seeds_of(worksheet: WorksheetEntry, dossier: WorksheetDossier) -> Iterator[Seed]:
    """One per row that says something in the column that names a project. Nothing confidential."""
    columns = {
        field.key: field.starts_project for field in worksheet.fields if field.starts_project
    }
    for field in dossier.fields:
        if field.about.key in columns:
            yield from _seeds_in(field, columns[field.about.key])


def _seeds_in(field: SheetField, column: str) -> Iterator[Seed]:
    keys = [about.key for about in field.columns]
    if column not in keys or not field.about.is_open:
        return
    place = keys.index(column)
    for row in field.rows:
        words = row.answers[place].text.strip()
        if words and field.columns[place].is_open:
            yield Seed(f"{field.about.key}/{row.pk}", words)
