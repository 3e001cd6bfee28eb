"""What a tool holds as comparable entries, and its risks: what two records are compared by, and
what a decider sees first."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from common.templatetags.ui import amount, day, kroner
from common.xlsx import CellKind


class Matter(StrEnum):
    """What something is about, for those who weigh what has changed."""

    MONEY = "money"
    RISK = "risk"
    PEOPLE = "people"
    CONTENT = "content"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of an entry. ``text`` is how it reads in the active language, ``""`` for nothing;
    ``same`` is equal for values that mean the same, whatever they are called today."""

    label: str
    text: str
    same: Any
    matter: Matter = Matter.CONTENT


@dataclass(frozen=True, slots=True)
class Entry:
    """A row or an answer of a tool. ``key`` names it within the tool for good, ``place`` is the
    table or section that it stands in, ``words`` what it is called. ``is_row`` is false for a
    field, which is always there and may be empty; ``is_series`` says that the table only grows,
    such as measurements do."""

    key: str
    place: str
    words: str
    cells: tuple[Cell, ...]
    url: str = ""
    is_row: bool = True
    is_series: bool = False
    matter: Matter = Matter.CONTENT


class RiskTone(StrEnum):
    HIGH = "danger"
    MEDIUM = "warning"
    LOW = "neutral"


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk for the first screen. ``level`` says in words how serious it is; ``rank`` orders
    risks of all tools, from 0 (not assessed) to 100 (as serious as can be). ``url`` is where it is
    written, and is not frozen."""

    words: str
    level: str
    tone: RiskTone
    rank: int
    url: str = ""


def rank_of(value: int, most: int) -> int:
    """``value`` of at most ``most`` in percent, rounded down."""
    return max(0, min(100, 100 * value // most)) if most > 0 else 0


def tone_of(rank: int) -> RiskTone:
    """From 60 of 100 a risk is high (15 of 25), from 32 medium (8 of 25)."""
    if rank >= 60:
        return RiskTone.HIGH
    return RiskTone.MEDIUM if rank >= 32 else RiskTone.LOW


def level_words(value: int, most: int) -> str:
    """``High, 20 of 25``, in the active language."""
    words = {
        RiskTone.HIGH: _("High, %(value)s of %(most)s"),
        RiskTone.MEDIUM: _("Medium, %(value)s of %(most)s"),
        RiskTone.LOW: _("Low, %(value)s of %(most)s"),
    }
    return words[tone_of(rank_of(value, most))] % {"value": value, "most": most}


_MATTERS: Mapping[CellKind, Matter] = {
    CellKind.MONEY: Matter.MONEY,
    CellKind.PERSON: Matter.PEOPLE,
    CellKind.LONG_TEXT: Matter.NOTE,
}


def matter_of(kind: CellKind) -> Matter:
    """What a value of this kind is about."""
    return _MATTERS.get(kind, Matter.CONTENT)


def words_of_value(kind: CellKind, value: Any) -> str:
    """A value that is neither a choice nor a person, as it reads in the active language."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if kind is CellKind.MONEY:
        return str(kroner(value))
    if kind is CellKind.PERCENT:
        return f"{amount(round(value * 100))}\u00a0%"
    if isinstance(value, int | Decimal):
        return amount(value)
    if isinstance(value, datetime.date):
        return day(value)
    return str(value)
