"""Answers as they are stored: JSON, by key of the field, nothing for what is empty.

Texts, numbers and days are texts (a number with a point, a day as in ISO 8601), a scale and a
person are whole numbers, yes or no is a truth value, several choices and links are lists of texts,
a picture is its number and the words that stand in for it. Rows are a list of mappings: a random
``id``, and values by column.

Under ``KEPT`` lie answers that had to give way: the field is there, but holds something newer of
another kind.
"""

import datetime
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from methodology.enums import FieldKind, Sensitivity
from methodology.worksheets import FieldEntry, WorksheetEntry

KEPT = "~kept"
ROW_ID = "id"

Answers = Mapping[str, Any]


def new_row_id() -> str:
    return secrets.token_hex(6)


def is_row_id(text: str) -> bool:
    """Whether this can be the id of a row: what :func:`new_row_id` gives, and no more."""
    return len(text) == 12 and all(letter in "0123456789abcdef" for letter in text)


def fits(field: FieldEntry, value: Any) -> bool:
    """Whether a stored value is one that the field, as it is defined now, can hold."""
    match field.kind:
        case FieldKind.SHORT_TEXT | FieldKind.LONG_TEXT:
            return isinstance(value, str)
        case FieldKind.YES_NO:
            return isinstance(value, bool)
        case FieldKind.NUMBER | FieldKind.MONEY:
            return as_number(value) is not None
        case FieldKind.DATE:
            return as_day(value) is not None
        case FieldKind.PERSON:
            return type(value) is int
        case FieldKind.SCALE:
            return type(value) is int and value in field.scale
        case FieldKind.CHOICE:
            return isinstance(value, str) and value in {each.key for each in field.choices}
        case FieldKind.CHOICES:
            return _is_list_of_text(value) and set(value) <= {each.key for each in field.choices}
        case FieldKind.LINK:
            return _is_list_of_text(value)
        case FieldKind.PICTURE:
            return isinstance(value, Mapping) and type(value.get("picture")) is int
        case FieldKind.ROWS:
            return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
    return False


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def as_number(value: Any) -> Decimal | None:
    """The number that is stored, ``None`` for anything else."""
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def as_day(value: Any) -> datetime.date | None:
    if not isinstance(value, str):
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        return None


def value_of(field: FieldEntry, answers: Answers) -> Any:
    """What stands in the field, ``None`` for nothing and for what no longer fits it."""
    value = answers.get(field.key)
    return value if value is not None and fits(field, value) else None


def rows_of(field: FieldEntry, answers: Answers) -> list[Mapping[str, Any]]:
    return list(value_of(field, answers) or ())


def row_with_id(rows: Sequence[Mapping[str, Any]], row_id: str) -> Mapping[str, Any] | None:
    return next((row for row in rows if row.get(ROW_ID) == row_id), None)


def is_empty(value: Any) -> bool:
    """Whether a value says nothing. Zero and "no" are answers."""
    return value is None or (not isinstance(value, bool | int) and not value)


def leftovers(worksheet: WorksheetEntry | None, answers: Answers) -> Iterator[tuple[str, Any]]:
    """Path and value of every answer without a home: its field is gone, or is of another kind."""
    fields = {field.key: field for field in worksheet.fields} if worksheet else {}
    for key, value in answers.items():
        if key == KEPT:
            continue
        field = fields.get(key)
        if field is None or not field.is_written or not fits(field, value):
            yield key, value
        elif field.kind is FieldKind.ROWS:
            yield from _leftovers_of_rows(field, value)
    for kept in answers.get(KEPT, ()):
        yield kept["key"], kept["value"]


def _leftovers_of_rows(
    field: FieldEntry, rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, Any]]:
    columns = {column.key: column for column in field.columns}
    for row in rows:
        for key, value in row.items():
            if key == ROW_ID:
                continue
            column = columns.get(key)
            if column is None or not fits(column, value):
                yield f"{field.key}.{key}", value


def guards_of(worksheet: WorksheetEntry) -> dict[str, str]:
    """Path -> key of the date on which it is erased (``""`` for never), for what is not open."""
    guards: dict[str, str] = {}
    for field in worksheet.fields:
        if field.sensitivity is not Sensitivity.OPEN:
            guards[field.key] = field.delete_on
        for column in field.columns:
            if column.sensitivity is not Sensitivity.OPEN:
                guards[f"{field.key}.{column.key}"] = column.delete_on
    return guards


def with_guards(guards: Mapping[str, str], worksheet: WorksheetEntry | None) -> dict[str, str]:
    """Earlier promises and those of the definition together. None is forgotten: one without a date
    takes no date away, and of several dates (separated by blanks) the newest name stands last."""
    merged = dict(guards)
    for path, date in guards_of(worksheet).items() if worksheet else ():
        names = [each for each in merged.get(path, "").split() if each != date]
        merged[path] = " ".join([*names, date] if date else names)
    return merged


def with_promises(worksheet: WorksheetEntry, guards: Mapping[str, str]) -> WorksheetEntry:
    """The definition as it holds for answers that were written under ``guards``: what was once
    promised to few is not open, whatever the method says by now."""
    if not guards:
        return worksheet
    sections = tuple(
        replace(section, fields=tuple(_promised(field, "", guards) for field in section.fields))
        for section in worksheet.sections
    )
    return replace(worksheet, sections=sections)


def _promised(field: FieldEntry, table: str, guards: Mapping[str, str]) -> FieldEntry:
    path = f"{table}.{field.key}" if table else field.key
    columns = tuple(_promised(column, field.key, guards) for column in field.columns)
    if path not in guards or field.sensitivity is not Sensitivity.OPEN:
        return replace(field, columns=columns)
    sensitivity = Sensitivity.PERISHABLE if guards[path] else Sensitivity.RESTRICTED
    return replace(field, sensitivity=sensitivity, columns=columns)


def promised_day(holder: Mapping[str, Any], dates: str) -> datetime.date | None:
    """The day on which something is erased: what stands in the newest of its dates that is filled
    in. ``dates`` as in :func:`with_guards`."""
    days = (as_day(holder.get(date)) for date in reversed(dates.split()))
    return next((day for day in days if day is not None), None)


def is_guarded(path: str, guards: Mapping[str, str]) -> bool:
    """Whether what lies under ``path``, or a part of it, was written under a promise."""
    return (
        path in guards
        or path.partition(".")[0] in guards
        or any(other.startswith(f"{path}.") for other in guards)
    )


def person_numbers(value: Any, fields: Sequence[FieldEntry]) -> Iterator[int]:
    """The people that answers (or a row) name."""
    if not isinstance(value, Mapping):
        return
    for field in fields:
        stored = value.get(field.key)
        if field.kind is FieldKind.PERSON and type(stored) is int:
            yield stored
        elif field.kind is FieldKind.ROWS and isinstance(stored, list):
            for row in stored:
                yield from person_numbers(row, field.columns)


def texts_in(value: Any) -> Iterator[str]:
    """Every text that somebody may have typed, however deep it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def plain_words(value: Any) -> str:
    """A value whose field is not known, as words: the best that can be said of it."""
    if isinstance(value, Mapping):
        return "; ".join(
            f"{key}: {plain_words(item)}" for key, item in sorted(value.items()) if key != ROW_ID
        )
    if isinstance(value, list):
        return "\n".join(plain_words(item) for item in value)
    return str(value)
