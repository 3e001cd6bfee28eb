"""Rows of a worksheet that somebody is to have done by a date, such as measures. Pure.

A table holds such rows when it has a date called ``due`` or ``due_on``, a person, and a choice
called ``status`` or ``state``, which says when a row is over with. A table that cannot say so has
none: its rows would be overdue for good.
"""

from collections.abc import Iterator, Sequence

from django.utils.text import Truncator

from common.markdown import plain_text
from methodology.enums import FieldKind
from methodology.worksheets import WorksheetEntry
from tools.contract import Task
from worksheets.dossier import SheetField, SheetRow, WorksheetDossier
from worksheets.wording import LABEL_LENGTH, row_label

_DATES = ("due", "due_on")
_STATES = ("status", "state")
_MEASURE = "measure"
# The choices that end a row, in the words that methods have for them.
_ENDED = frozenset({"done", "closed", "dropped", "none", "reached", "ready"})

_Columns = Sequence[tuple[str, FieldKind]]


def has_measures(worksheet: WorksheetEntry) -> bool:
    """Whether any of its tables can hold such rows."""
    return any(
        _places([(column.key, column.kind) for column in field.columns]) is not None
        for field in worksheet.fields
    )


def measures_of(dossier: WorksheetDossier, page: str) -> Iterator[Task]:
    """One task for each person named in a row that has a date and is not over with. Nothing
    confidential."""
    for field in dossier.fields:
        places = _places([(about.key, about.kind) for about in field.columns])
        if places is not None and field.about.is_open:
            open_field = field.open_part()
            for row in open_field.rows:
                yield from _tasks(open_field, row, places, f"{page}#row-{row.pk}")


def _places(columns: _Columns) -> tuple[int, int, int] | None:
    """Where the date, the person and the state stand; none unless all three are there."""
    wanted = (
        (_DATES, FieldKind.DATE),
        (None, FieldKind.PERSON),
        (_STATES, FieldKind.CHOICE),
    )
    found = [
        next(
            (
                place
                for place, (key, column_kind) in enumerate(columns)
                if column_kind is kind and (keys is None or key in keys)
            ),
            None,
        )
        for keys, kind in wanted
    ]
    date, person, state = found
    if date is None or person is None or state is None:
        return None
    return date, person, state


def _tasks(
    field: SheetField, row: SheetRow, places: tuple[int, int, int], url: str
) -> Iterator[Task]:
    due_on, people, state = (row.answers[place] for place in places)
    if due_on.day is None or any(choice.key in _ENDED for choice in state.chosen):
        return
    for person in people.people or (None,):
        yield Task(what=_words(field, row), who=person, due_on=due_on.day, url=url)


def _words(field: SheetField, row: SheetRow) -> str:
    """What is to be done: the measure where the row has one beside its name, such as a risk."""
    for about, answer in zip(field.columns, row.answers, strict=True):
        if about.key == _MEASURE and answer.text and not answer.is_kept_back:
            return str(Truncator(plain_text(answer.text)).chars(LABEL_LENGTH))
    return row_label(field, row)
