"""Which fields of a dossier are kept from whom, and what is told of those that are."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tools.contract import PersonRef
from tools.privacy import (
    Privacy,
    WithheldValue,
    open_part,
    perishable,
    restricted,
    restricted_fields,
    withheld_values,
)


class Trust(StrEnum):
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    title: str
    trust: Trust | None = restricted(default=None)
    notes: str = perishable(default="")
    score: int | None = perishable(default=None, is_level=True)
    spoken_on: datetime.date | None = perishable(default=None)
    asked: tuple[PersonRef, ...] = restricted(default=())


@dataclass(frozen=True, slots=True)
class Guarded:
    """Gives its own, as what hangs on values does."""

    text: str

    def open_part(self):
        return Guarded("")

    def withheld_values(self):
        yield WithheldValue("text", Privacy.RESTRICTED, self.text)
        yield WithheldValue("", Privacy.RESTRICTED, "the whole")


@dataclass(frozen=True, slots=True)
class Dossier:
    rows: tuple[Row, ...] = ()
    secret: Decimal | None = restricted(default=None)
    guarded: Guarded = Guarded("x")
    total: int = 0


PERSON = PersonRef(7, "Mona")
DOSSIER = Dossier(
    rows=(
        Row(1, "First", Trust.LOW, "Said in confidence", 4, datetime.date(2026, 3, 1), (PERSON,)),
        Row(2, "Second"),
    ),
    secret=Decimal("1.50"),
)


def test_restricted_and_perishable_fields_are_both_kept_back():
    assert restricted_fields(Row) == {"trust", "notes", "score", "spoken_on", "asked"}
    assert restricted_fields(Dossier) == {"secret"}


def test_the_open_part_holds_none_of_it():
    empty = {"trust": None, "notes": "", "score": None, "spoken_on": None, "asked": ()}
    assert open_part(DOSSIER) == Dossier(
        rows=(Row(1, "First", **empty), Row(2, "Second", **empty)), guarded=Guarded("")
    )


def test_what_is_kept_back_is_told_by_path_in_the_order_of_the_dossier():
    restrict, perish = Privacy.RESTRICTED, Privacy.PERISHABLE
    assert list(withheld_values(DOSSIER)) == [
        WithheldValue("rows.trust", restrict, Trust.LOW, ("low",)),
        WithheldValue("rows.notes", perish, "Said in confidence"),
        WithheldValue("rows.score", perish, 4, ("4",)),
        WithheldValue("rows.spoken_on", perish, datetime.date(2026, 3, 1)),
        WithheldValue("rows.asked", restrict, (PERSON,)),
        WithheldValue("rows.trust", restrict, None),
        WithheldValue("rows.notes", perish, None),
        WithheldValue("rows.score", perish, None),
        WithheldValue("rows.spoken_on", perish, None),
        WithheldValue("rows.asked", restrict, None),
        WithheldValue("secret", restrict, Decimal("1.50")),
        WithheldValue("guarded.text", restrict, "x"),
        WithheldValue("guarded", restrict, "the whole"),
    ]


def test_nothing_is_told_of_a_dossier_that_is_all_open():
    assert list(withheld_values((PERSON, 3, "text", None))) == []
