"""What a worksheet tells the gate: its risks, and its answers as comparable entries. Pure.

Everything comes out of the dossier, so that a frozen one gives the same.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from methodology.enums import FieldKind
from tools.entries import (
    Cell,
    Entry,
    Matter,
    RiskLine,
    RiskTone,
    level_words,
    matter_of,
    rank_of,
    tone_of,
)
from worksheets.dossier import Answer, FieldDescription, SheetField, SheetRow, WorksheetDossier
from worksheets.wording import row_label, words_of

_NOTHING = Answer()


def risk_lines(dossier: WorksheetDossier, page: str) -> Iterator[RiskLine]:
    """The rows of every table that says how serious its rows are as risks. One without its numbers
    is told too: nobody knows how serious it is."""
    for field in dossier.fields:
        if not field.risk_columns:
            continue
        most = 1
        for place in field.risk_columns:
            most *= max(field.columns[place].scale, default=0)
        for row in field.rows:
            yield _risk(field, row, most, f"{page}#row-{row.pk}")


def _risk(field: SheetField, row: SheetRow, most: int, url: str) -> RiskLine:
    words = row_label(field, row)
    value = 1
    for place in field.risk_columns:
        number = row.answers[place].number
        if number is None:
            return RiskLine(words, _("Not assessed"), RiskTone.LOW, 0, url)
        value *= int(number)
    rank = rank_of(value, most)
    return RiskLine(words, level_words(value, most), tone_of(rank), rank, url)


def entries_of(dossier: WorksheetDossier, page: str) -> Iterator[Entry]:
    """Each answer that people write, and each row of each table. What is only read from elsewhere
    is left out: it has not changed here."""
    for section in dossier.sections:
        for field in section.fields:
            if field.about.kind is FieldKind.READ:
                continue
            if field.about.kind is FieldKind.ROWS:
                yield from _rows(field, page)
            else:
                yield Entry(
                    key=field.about.key,
                    place=section.title,
                    words=field.about.title,
                    # A long answer is what the sheet is for, and no note beside something.
                    cells=(_cell(field.about, field.answer, "", note=Matter.CONTENT),),
                    url=f"{page}#field-{field.about.key}",
                    is_row=False,
                )
    for leftover in dossier.leftovers:
        yield Entry(
            key=f"leftover/{leftover.key}",
            place=_("From an earlier version of the sheet"),
            words=leftover.key,
            cells=(Cell("", leftover.text, leftover.text, Matter.NOTE),),
            url=page,
            is_row=False,
            matter=Matter.NOTE,
        )


def _rows(field: SheetField, page: str) -> Iterator[Entry]:
    for row in field.rows:
        yield Entry(
            key=f"{field.about.key}/{row.pk}",
            place=field.about.title,
            words=row_label(field, row),
            cells=tuple(
                _cell(about, answer, about.title)
                for about, answer in zip(field.columns, row.answers, strict=True)
            ),
            url=f"{page}#row-{row.pk}",
            matter=Matter.RISK if field.risk_columns else Matter.CONTENT,
        )


def _cell(
    about: FieldDescription, answer: Answer, label: str, *, note: Matter = Matter.NOTE
) -> Cell:
    if answer.is_kept_back:
        # That something is there is known; whether it is another thing today is nobody's business.
        return Cell(label, "", "kept back", Matter.NOTE)
    matter = matter_of(about.cell)
    return Cell(
        label,
        words_of(about, answer),
        _same(answer),
        note if matter is Matter.NOTE else matter,
    )


def _same(answer: Answer) -> Any:
    """Equal for answers that mean the same, whatever people and rows are called today."""
    if answer == _NOTHING:
        return None
    return (
        answer.text,
        answer.number,
        answer.day,
        answer.is_yes,
        tuple(person.pk or person.name for person in answer.people),
        tuple(choice.key for choice in answer.chosen),
        tuple(link.reference for link in answer.links),
        (answer.picture.pk, answer.picture.alt) if answer.picture else None,
    )
