"""From a definition and stored answers to a dossier. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any

from common.xlsx import CellKind
from methodology.enums import FieldKind
from methodology.texts import Texts
from methodology.worksheets import FieldEntry, WorksheetEntry
from tools.contract import PersonRef
from worksheets.dossier import (
    NOTHING,
    Answer,
    Chosen,
    FieldDescription,
    Leftover,
    LinkedRow,
    PictureRef,
    SheetField,
    SheetRow,
    SheetSection,
    Titles,
    WorksheetDossier,
)
from worksheets.models import Sheet
from worksheets.values import (
    Answers,
    as_day,
    as_number,
    fits,
    is_guarded,
    leftovers,
    plain_words,
    rows_of,
    value_of,
    with_promises,
)

_CELLS = {
    FieldKind.SHORT_TEXT: CellKind.TEXT,
    FieldKind.LONG_TEXT: CellKind.LONG_TEXT,
    FieldKind.NUMBER: CellKind.NUMBER,
    FieldKind.MONEY: CellKind.MONEY,
    FieldKind.DATE: CellKind.DATE,
    FieldKind.PERSON: CellKind.PERSON,
    FieldKind.YES_NO: CellKind.YES_NO,
    FieldKind.SCALE: CellKind.NUMBER,
}


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value of the project or of another tool, with the way to draw it."""

    cell: CellKind
    answer: Answer


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the answers of one project point at. ``links`` is by the reference that is stored,
    ``read`` by the source that the definition names, ``pictures`` without the words beside them."""

    people: Mapping[int, PersonRef] = field(default_factory=dict)
    pictures: Mapping[int, PictureRef] = field(default_factory=dict)
    links: Mapping[str, LinkedRow] = field(default_factory=dict)
    read: Mapping[str, ReadValue] = field(default_factory=dict)


def build_dossier(
    key: str, worksheet: WorksheetEntry | None, sheet: Sheet | None, around: Surroundings
) -> WorksheetDossier:
    """Without a definition every answer is a leftover. A promise holds when the method moves on."""
    answers: Answers = sheet.answers if sheet else {}
    if worksheet and sheet:
        worksheet = with_promises(worksheet, sheet.guarded)
    return WorksheetDossier(
        key=key,
        titles=titles_of(worksheet.texts) if worksheet else None,
        number=sheet.number if sheet else 0,
        updated_at=sheet.updated_at if sheet and sheet.number else None,
        updated_by=(
            PersonRef(sheet.updated_by_id, sheet.updated_by.name)
            if sheet and sheet.number
            else None
        ),
        sections=build_sections(worksheet, answers, around) if worksheet else (),
        leftovers=tuple(
            Leftover(path, plain_words(value), is_guarded(path, sheet.guarded if sheet else {}))
            # A database may give the answers in an order of its own.
            for path, value in sorted(leftovers(worksheet, answers), key=itemgetter(0))
        ),
    )


def build_sections(
    worksheet: WorksheetEntry, answers: Answers, around: Surroundings
) -> tuple[SheetSection, ...]:
    return tuple(
        SheetSection(
            key=section.key,
            titles=titles_of(section.texts),
            fields=tuple(_field(entry, answers, around) for entry in section.fields),
        )
        for section in worksheet.sections
    )


def titles_of(texts: Texts, name: str = "title") -> Titles:
    return dict(texts.stored.get(name, {}))


def describe(entry: FieldEntry, cell: CellKind | None = None) -> FieldDescription:
    return FieldDescription(
        key=entry.key,
        kind=entry.kind,
        cell=cell or _CELLS.get(entry.kind, CellKind.TEXT),
        titles=titles_of(entry.texts),
        sensitivity=entry.sensitivity,
        units=titles_of(entry.texts, "unit") or None,
        low=titles_of(entry.texts, "low") or None,
        high=titles_of(entry.texts, "high") or None,
        scale=entry.scale,
    )


def _field(entry: FieldEntry, answers: Answers, around: Surroundings) -> SheetField:
    if entry.kind is FieldKind.READ:
        read = around.read.get(entry.source)
        return SheetField(describe(entry, read and read.cell), read.answer if read else NOTHING)
    if entry.kind is not FieldKind.ROWS:
        return SheetField(describe(entry), build_answer(entry, value_of(entry, answers), around))
    keys = [column.key for column in entry.columns]
    return SheetField(
        about=describe(entry),
        columns=tuple(describe(column) for column in entry.columns),
        rows=build_rows(entry, rows_of(entry, answers), around),
        label_column=keys.index(entry.row_label) if entry.row_label in keys else 0,
        risk_columns=tuple(keys.index(key) for key in entry.risk_level if key in keys),
    )


def build_rows(
    entry: FieldEntry, rows: Sequence[Mapping[str, Any]], around: Surroundings
) -> tuple[SheetRow, ...]:
    return tuple(
        SheetRow(
            pk=str(row.get("id", "")),
            number=number,
            answers=tuple(
                build_answer(column, value_of(column, row), around) for column in entry.columns
            ),
        )
        for number, row in enumerate(rows, start=1)
    )


def build_answer(entry: FieldEntry, value: Any, around: Surroundings) -> Answer:
    """``value`` as a dossier holds it. What does not fit the field is nothing here; it is shown as
    a leftover."""
    if value is None or not fits(entry, value):
        return NOTHING
    match entry.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            return Answer(number=as_number(value))
        case FieldKind.SCALE:
            return Answer(number=as_number(str(value)))
        case FieldKind.DATE:
            return Answer(day=as_day(value))
        case FieldKind.YES_NO:
            return Answer(is_yes=value)
        case FieldKind.PERSON:
            return Answer(people=(around.people.get(value, PersonRef(value, "")),))
        case FieldKind.CHOICE | FieldKind.CHOICES:
            wanted = [value] if isinstance(value, str) else value
            return Answer(
                chosen=tuple(
                    Chosen(choice.key, titles_of(choice.texts))
                    for choice in entry.choices
                    if choice.key in wanted
                )
            )
        case FieldKind.LINK:
            return Answer(
                links=tuple(around.links.get(each, LinkedRow(each, "", "")) for each in value)
            )
        case FieldKind.PICTURE:
            number = value["picture"]
            stored = around.pictures.get(number, PictureRef(number, "", 0, 0))
            return Answer(picture=replace(stored, alt=str(value.get("alt", ""))))
    return Answer(text=value)
