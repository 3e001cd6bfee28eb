"""A filled-in worksheet as frozen dataclasses: labels, kinds and values together.

It is read without the definition, so that a record stands when the method has moved on. Labels are
kept in all their languages.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from common.xlsx import CellKind
from methodology.enums import FieldKind, Sensitivity
from methodology.texts import Texts
from tools.contract import PersonRef
from tools.privacy import Privacy, WithheldValue

Titles = Mapping[str, str]


def title_of(titles: Titles) -> str:
    """In the reader's language, or the nearest."""
    return Texts({"title": titles}).get("title")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the answers to choose from."""

    key: str
    titles: Titles

    @property
    def title(self) -> str:
        return title_of(self.titles)


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """A row of another tool. One that is deleted keeps its place: ``label`` is empty then."""

    reference: str
    label: str
    url: str

    @property
    def is_gone(self) -> bool:
        return not self.label


@dataclass(frozen=True, slots=True)
class PictureRef:
    """``file`` is the name under which the picture is stored; it and the digest are empty in
    records from before they were kept."""

    pk: int
    alt: str
    width: int
    height: int
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in one field. ``is_kept_back`` says that there is something, but not for this
    reader."""

    text: str = ""
    number: Decimal | None = None
    day: datetime.date | None = None
    is_yes: bool | None = None
    people: tuple[PersonRef, ...] = ()
    chosen: tuple[Chosen, ...] = ()
    links: tuple[LinkedRow, ...] = ()
    picture: PictureRef | None = None
    unit: str = ""
    is_kept_back: bool = False

    @property
    def is_empty(self) -> bool:
        return self == NOTHING

    @property
    def bare(self) -> Any:
        """The value without labels, ``None`` for nothing: what a digest is made of."""
        if self.picture is not None:
            return (self.picture.pk, self.picture.alt)
        if self.chosen or self.links:
            return tuple(each.key for each in self.chosen) or tuple(
                each.reference for each in self.links
            )
        given = (self.number, self.day, self.is_yes)
        return self.text or self.people or next((x for x in given if x is not None), None)


NOTHING = Answer()
KEPT_BACK = Answer(is_kept_back=True)


@dataclass(frozen=True, slots=True)
class FieldDescription:
    """What a field or column is called and how its values are drawn. ``low`` and ``high`` are the
    words at the ends of a scale."""

    key: str
    kind: FieldKind
    cell: CellKind
    titles: Titles
    sensitivity: Sensitivity = Sensitivity.OPEN
    units: Titles | None = None
    low: Titles | None = None
    high: Titles | None = None
    scale: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        return title_of(self.titles)

    @property
    def unit(self) -> str:
        return title_of(self.units or {})

    @property
    def ends(self) -> tuple[str, str]:
        return title_of(self.low or {}), title_of(self.high or {})

    @property
    def is_open(self) -> bool:
        return self.sensitivity is Sensitivity.OPEN

    @property
    def privacy(self) -> Privacy:
        return Privacy(self.sensitivity.value)

    def levels_of(self, answer: Answer) -> tuple[str, ...]:
        """What was chosen, or the place on the scale; nothing for other kinds."""
        if self.kind is FieldKind.SCALE and answer.number is not None:
            return (str(answer.number),)
        return tuple(each.key for each in answer.chosen)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Answers in the order of the field's columns. ``number`` counts from 1."""

    pk: str
    number: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class SheetField:
    """``label_column`` is the place of the column that names a row, ``risk_columns`` those of the
    scales whose product says how serious it is as a risk."""

    about: FieldDescription
    answer: Answer = NOTHING
    columns: tuple[FieldDescription, ...] = ()
    rows: tuple[SheetRow, ...] = ()
    label_column: int = 0
    risk_columns: tuple[int, ...] = ()

    @property
    def is_filled(self) -> bool:
        return bool(self.rows) or not self.answer.is_empty

    def open_part(self) -> "SheetField":
        if not self.about.is_open:
            return replace(self, answer=KEPT_BACK if self.is_filled else NOTHING, rows=())
        hidden = [not column.is_open for column in self.columns]
        return replace(self, rows=tuple(_open_row(row, hidden) for row in self.rows))

    def withheld_values(self) -> Iterator[WithheldValue]:
        """What :meth:`open_part` takes away: of a table that is kept back every column."""
        about = self.about
        if about.kind is not FieldKind.ROWS:
            if not about.is_open:
                yield _withheld(about.key, about, about.privacy, self.answer)
            return
        for row in self.rows:
            for column, answer in zip(self.columns, row.answers, strict=True):
                if not (about.is_open and column.is_open):
                    privacy = column.privacy if about.is_open else about.privacy
                    yield _withheld(f"{about.key}.{column.key}", column, privacy, answer)


def _withheld(
    path: str, about: FieldDescription, privacy: Privacy, answer: Answer
) -> WithheldValue:
    return WithheldValue(path, privacy, answer.bare, about.levels_of(answer))


def _open_row(row: SheetRow, hidden: list[bool]) -> SheetRow:
    return replace(
        row,
        answers=tuple(
            KEPT_BACK if is_hidden and not answer.is_empty else answer
            for answer, is_hidden in zip(row.answers, hidden, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class SheetSection:
    key: str
    titles: Titles
    fields: tuple[SheetField, ...]

    @property
    def title(self) -> str:
        return title_of(self.titles)


@dataclass(frozen=True, slots=True)
class Leftover:
    """An answer whose field is gone from the worksheet, or holds another kind now."""

    key: str
    text: str
    is_guarded: bool


@dataclass(frozen=True, slots=True)
class WorksheetDossier:
    """One project's worksheet. ``number`` is that of its newest revision, 0 for none."""

    key: str = ""
    titles: Titles | None = None
    number: int = 0
    updated_at: datetime.datetime | None = None
    updated_by: PersonRef | None = None
    sections: tuple[SheetSection, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    kept_back_leftovers: int = 0

    @property
    def title(self) -> str:
        return title_of(self.titles or {})

    @property
    def fields(self) -> tuple[SheetField, ...]:
        return tuple(field for section in self.sections for field in section.fields)

    @property
    def answers(self) -> Iterator[tuple[str, Answer]]:
        """Every answer with its path: ``field`` or ``rows.column``."""
        for field in self.fields:
            if field.about.kind is not FieldKind.ROWS:
                yield field.about.key, field.answer
            for row in field.rows:
                for column, answer in zip(field.columns, row.answers, strict=True):
                    yield f"{field.about.key}.{column.key}", answer

    @property
    def written_fields(self) -> tuple[SheetField, ...]:
        """Those that people write in, without what is only read."""
        return tuple(field for field in self.fields if field.about.kind is not FieldKind.READ)

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written anything."""
        return not (
            any(field.is_filled for field in self.written_fields)
            or self.leftovers
            or self.kept_back_leftovers
        )

    def field(self, key: str) -> SheetField | None:
        return next((field for field in self.fields if field.about.key == key), None)

    def is_filled(self, key: str) -> bool:
        """Whether there is something in the field; false for a field that is not here."""
        field = self.field(key)
        return field is not None and field.is_filled

    def open_part(self) -> "WorksheetDossier":
        """Without what only those who write may see, but saying where there is something."""
        shown = tuple(each for each in self.leftovers if not each.is_guarded)
        return replace(
            self,
            sections=tuple(
                replace(section, fields=tuple(field.open_part() for field in section.fields))
                for section in self.sections
            ),
            leftovers=shown,
            kept_back_leftovers=self.kept_back_leftovers + len(self.leftovers) - len(shown),
        )

    def withheld_values(self) -> Iterator[WithheldValue]:
        """What :meth:`open_part` takes away. Of a leftover nobody knows the date any more, so it
        counts as what is erased."""
        for field in self.fields:
            yield from field.withheld_values()
        for each in self.leftovers:
            if each.is_guarded:
                yield WithheldValue(each.key, Privacy.PERISHABLE, each.text or None)
