"""What a printed worksheet shows: a dossier as plain blocks, ready to be set. Pure: no database.

A printout is passed on, so it holds only what everybody may see: nothing restricted or perishable,
quotes only with consent, pictures only when the people in them have agreed. What is empty is left
out. A few keys in a method's worksheet have a meaning here; see "Worksheets that can be printed" in
``docs/methodology.md``.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.templatetags.ui import amount
from common.xlsx import CellKind
from methodology.enums import FieldKind
from tools.contract import PrintedProject
from worksheets.dossier import (
    NOTHING,
    Answer,
    FieldDescription,
    SheetField,
    SheetRow,
    SheetSection,
    WorksheetDossier,
)
from worksheets.wording import words_of

ASK_KEY = "ask"
CONSENT_COLUMN = "consent"
PICTURE_CONSENT = "picture_consent"
AGREED = frozenset({"all_agreed", "nobody_recognisable"})
QUOTE_COLUMNS = frozenset({"quote", "who"})
FIGURE_COLUMNS = frozenset({"figure", "value"})
LONG_QUOTE = 500
_SHORT_CELLS = frozenset({CellKind.DATE, CellKind.YES_NO})
_FIGURE_CELLS = frozenset({CellKind.NUMBER, CellKind.MONEY, CellKind.PERCENT})


class BlockKind(StrEnum):
    TEXT = "text"
    FACTS = "facts"
    LIST = "list"
    TABLE = "table"
    QUOTES = "quotes"
    FIGURES = "figures"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Item:
    """A short value under its label."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Quote:
    words: str
    who: str

    @property
    def is_long(self) -> bool:
        """Too long to be kept together on one slide."""
        return len(self.words) > LONG_QUOTE


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` is empty for a figure that is not measured."""

    what: str
    value: str
    unit: str
    source: str
    day: str


@dataclass(frozen=True, slots=True)
class Picture:
    """``address`` is a ``data:`` address."""

    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class PrintColumn:
    """``width`` is ``narrow``, ``short``, or empty for an equal part of the rest."""

    title: str
    is_figure: bool
    is_heading: bool
    width: str = ""


@dataclass(frozen=True, slots=True)
class PrintRow:
    cells: tuple[tuple[PrintColumn, str], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to set. Only what belongs to its ``kind`` is filled."""

    kind: BlockKind
    key: str
    title: str
    text: str = ""
    items: tuple[Item, ...] = ()
    lines: tuple[str, ...] = ()
    columns: tuple[PrintColumn, ...] = ()
    rows: tuple[PrintRow, ...] = ()
    quotes: tuple[Quote, ...] = ()
    figures: tuple[Figure, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class PrintedSection:
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A worksheet as it is printed. ``ask`` is what the readers are asked for, if anything."""

    title: str
    sections: tuple[PrintedSection, ...]
    ask: Block | None

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for section in self.sections for block in section.blocks)

    def block(self, key: str) -> Block | None:
        return next((block for block in self.blocks if block.key == key), None)


def printed(
    dossier: WorksheetDossier, project: PrintedProject, pictures: Mapping[int, str]
) -> Printed:
    """The open part of the worksheet, without empty sections. A picture that is not among
    ``pictures`` (number -> ``data:`` address) is left out."""
    dossier = dossier.open_part()
    ask = dossier.field(ASK_KEY)
    if not may_show_pictures(dossier):
        pictures = {}
    sections = (_section(each, project, pictures) for each in dossier.sections)
    return Printed(
        title=dossier.title,
        sections=tuple(each for each in sections if each.blocks),
        ask=_text_block(ask, _("What we ask for")) if ask and _shown(ask) else None,
    )


def shown_pictures(dossier: WorksheetDossier) -> tuple[int, ...]:
    """The numbers of the pictures that a printout may show."""
    dossier = dossier.open_part()
    if not may_show_pictures(dossier):
        return ()
    return tuple(
        field.answer.picture.pk
        for field in dossier.fields
        if field.answer.picture is not None and _shown(field)
    )


def may_show_pictures(dossier: WorksheetDossier) -> bool:
    """Whether the people in the pictures have agreed, where the worksheet asks for it."""
    consent = dossier.field(PICTURE_CONSENT)
    return consent is None or any(each.key in AGREED for each in consent.answer.chosen)


def left_out(dossier: WorksheetDossier) -> tuple[str, ...]:
    """What is written but not printed, in sentences that do not repeat it."""
    sentences = []
    quotes = sum(
        len(field.rows) - len(_agreed_rows(field)) for field in dossier.fields if field.rows
    )
    if quotes:
        sentences.append(
            ngettext(
                "%(number)s row without consent is not printed.",
                "%(number)s rows without consent are not printed.",
                quotes,
            )
            % {"number": quotes}
        )
    has_pictures = any(field.answer.picture is not None for field in dossier.fields)
    if has_pictures and not may_show_pictures(dossier):
        sentences.append(
            _("The pictures are not printed, because nobody has said that consent is settled.")
        )
    if _holds_guarded(dossier):
        sentences.append(_("What is confidential or will be erased is never printed."))
    return tuple(sentences)


def _holds_guarded(dossier: WorksheetDossier) -> bool:
    return any(
        (field.is_filled and not field.about.is_open)
        or any(
            not column.is_open and not answer.is_empty
            for row in field.rows
            for column, answer in zip(field.columns, row.answers, strict=True)
        )
        for field in dossier.fields
    )


def _shown(field: SheetField) -> bool:
    return field.is_filled and field.about.is_open and not field.answer.is_kept_back


def _section(
    section: SheetSection, project: PrintedProject, pictures: Mapping[int, str]
) -> PrintedSection:
    blocks: list[Block] = []
    for field in section.fields:
        if not _shown(field) or field.about.key in (ASK_KEY, PICTURE_CONSENT):
            continue
        if field.about.kind is FieldKind.READ and _stands_in_front(field, project):
            continue
        for block in _blocks(field, pictures):
            before = blocks[-1] if blocks else None
            if before and block.kind is before.kind is BlockKind.FACTS:
                # Short values beside each other make one list.
                blocks[-1] = Block(
                    BlockKind.FACTS, before.key, before.title, items=before.items + block.items
                )
            else:
                blocks.append(block)
    return PrintedSection(section.key, section.title, tuple(blocks))


def _stands_in_front(field: SheetField, project: PrintedProject) -> bool:
    """Whether the head of the printout says it already."""
    in_front = {project.name, project.organisation, project.unit, ", ".join(project.leaders)}
    return words_of(field.about, field.answer) in in_front


def _blocks(field: SheetField, pictures: Mapping[int, str]) -> Iterator[Block]:
    about, answer = field.about, field.answer
    if about.kind is FieldKind.ROWS:
        yield from _table_blocks(field)
    elif answer.picture is not None:
        address = pictures.get(answer.picture.pk)
        if address:
            picture = Picture(address, answer.picture.alt or about.title)
            yield Block(BlockKind.PICTURE, about.key, about.title, picture=picture)
    elif answer.links:
        lines = tuple(link.label for link in answer.links if not link.is_gone)
        if lines:
            yield Block(BlockKind.LIST, about.key, about.title, lines=lines)
    elif about.kind is FieldKind.LONG_TEXT or about.cell is CellKind.LONG_TEXT:
        yield _text_block(field, about.title)
    else:
        item = Item(about.title, words_of(about, answer))
        yield Block(BlockKind.FACTS, about.key, about.title, items=(item,))


def _text_block(field: SheetField, title: str) -> Block:
    words = words_of(field.about, field.answer).strip()
    return Block(BlockKind.TEXT, field.about.key, title, text=words)


def _table_blocks(field: SheetField) -> Iterator[Block]:
    about, keys = field.about, {column.key for column in field.columns}
    rows = _agreed_rows(field)
    if keys >= QUOTE_COLUMNS:
        quotes = tuple(quote for row in rows if (quote := _quote(_by_key(field, row))).words)
        if quotes:
            yield Block(BlockKind.QUOTES, about.key, about.title, quotes=quotes)
    elif keys >= FIGURE_COLUMNS:
        figures = tuple(_figure(_by_key(field, row)) for row in rows)
        if figures:
            yield Block(BlockKind.FIGURES, about.key, about.title, figures=figures)
    elif rows:
        block = _plain_table(field, rows)
        if block.columns:
            yield block


def _agreed_rows(field: SheetField) -> tuple[SheetRow, ...]:
    """Rows of a table that asks for consent need one."""
    places = [
        place
        for place, column in enumerate(field.columns)
        if column.key == CONSENT_COLUMN and column.kind is FieldKind.YES_NO
    ]
    return tuple(row for row in field.rows if all(row.answers[place].is_yes for place in places))


Cells = Mapping[str, tuple[FieldDescription, Answer]]


def _by_key(field: SheetField, row: SheetRow) -> Cells:
    return {
        column.key: (column, answer)
        for column, answer in zip(field.columns, row.answers, strict=True)
        if column.is_open and not answer.is_kept_back
    }


def _words(cells: Cells, key: str) -> str:
    about, answer = cells.get(key, (None, NOTHING))
    return words_of(about, answer).strip() if about is not None else ""


def _quote(cells: Cells) -> Quote:
    # The marks belong to the design; whoever typed their own gets no second pair.
    return Quote(_words(cells, "quote").strip("\"“”„«»' "), _words(cells, "who"))


def _figure(cells: Cells) -> Figure:
    about, answer = cells.get("value", (None, NOTHING))
    day = cells["measured_on"][1].day if "measured_on" in cells else None
    if about is not None and about.cell is not CellKind.NUMBER:
        value, unit = words_of(about, answer), ""
    else:
        value, unit = amount(answer.number), about.unit if about is not None else ""
    return Figure(
        what=_words(cells, "figure"),
        value=value,
        unit=_words(cells, "unit") or unit,
        source=_words(cells, "source"),
        day=str(date_format(day, "DATE_FORMAT")) if day else "",
    )


def _width(about: FieldDescription, columns: Collection[FieldDescription]) -> str:
    """Long texts get the room that the others leave; without any, all columns are alike."""
    has_long = any(each.cell is CellKind.LONG_TEXT for each in columns)
    if not has_long or about.cell is CellKind.LONG_TEXT:
        return ""
    if about.cell in _FIGURE_CELLS or about.cell in _SHORT_CELLS or len(columns) > 4:
        return "narrow"
    return "short"


def _plain_table(field: SheetField, rows: tuple[SheetRow, ...]) -> Block:
    """Without columns that are empty in all rows, and without those that only guard the rest."""
    shown = {
        place: about
        for place, about in enumerate(field.columns)
        if about.is_open
        and about.key != CONSENT_COLUMN
        and any(not row.answers[place].is_empty for row in rows)
    }
    columns = {
        place: PrintColumn(
            f"{about.title} ({about.unit})" if about.unit else about.title,
            about.cell in _FIGURE_CELLS and not about.scale,
            place == field.label_column,
            _width(about, shown.values()),
        )
        for place, about in shown.items()
    }
    return Block(
        BlockKind.TABLE,
        field.about.key,
        field.about.title,
        columns=tuple(columns.values()),
        rows=tuple(
            PrintRow(
                tuple(
                    (column, words_of(field.columns[place], row.answers[place]))
                    for place, column in columns.items()
                )
            )
            for row in rows
        ),
    )
