"""Answers as words and as cells, in the active language."""

from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.templatetags.ui import amount, kroner
from common.xlsx import CellKind
from methodology.enums import FieldKind
from worksheets.dossier import Answer, FieldDescription, SheetField, SheetRow

LABEL_LENGTH = 80


def words_of(about: FieldDescription, answer: Answer) -> str:
    """One text for the value; ``""`` for nothing."""
    if answer.is_kept_back:
        return _("Kept confidential")
    if answer.number is not None:
        return _number_words(about, answer)
    if answer.day is not None:
        return str(date_format(answer.day, "DATE_FORMAT"))
    if answer.is_yes is not None:
        return _("Yes") if answer.is_yes else _("No")
    if answer.people:
        return ", ".join(person.name for person in answer.people)
    if answer.chosen:
        return ", ".join(choice.title for choice in answer.chosen)
    if answer.links:
        return "\n".join(link.label or _("no longer there") for link in answer.links)
    if answer.picture is not None:
        return answer.picture.alt or _("Picture")
    return answer.text


def _number_words(about: FieldDescription, answer: Answer) -> str:
    number = answer.number
    if about.cell is CellKind.MONEY:
        return str(kroner(number))
    if about.cell is CellKind.PERCENT and number is not None:
        return f"{amount(number * 100)} %"
    if about.scale:
        return _("%(number)s of %(most)s") % {"number": amount(number), "most": about.scale[-1]}
    return f"{amount(number)} {answer.unit or about.unit}".strip()


def cell_of(about: FieldDescription, answer: Answer) -> Any:
    """The value as a cell of a workbook holds it: numbers and days typed, the rest as words."""
    if answer.is_kept_back:
        return words_of(about, answer)
    if answer.number is not None:
        whole = answer.number == answer.number.to_integral_value()
        return int(answer.number) if whole else answer.number
    if answer.day is not None:
        return answer.day
    if answer.is_yes is not None:
        return answer.is_yes
    return words_of(about, answer) or None


def row_label(field: SheetField, row: SheetRow) -> str:
    """What the row is called: its naming column, else its place."""
    if field.columns:
        about, answer = field.columns[field.label_column], row.answers[field.label_column]
        words = "" if answer.is_kept_back else " ".join(words_of(about, answer).split())
        if words:
            return str(Truncator(words).chars(LABEL_LENGTH))
    return _("Row %(number)s") % {"number": row.number}


def sheet_kind(about: FieldDescription) -> CellKind:
    """How a column of a workbook is set."""
    if about.kind in {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.LINK}:
        return CellKind.TEXT
    return about.cell
