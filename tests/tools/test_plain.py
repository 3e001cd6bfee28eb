"""Dossiers as JSON types and back."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from methodology.enums import GateOutcome
from phases.canonical import canonical_bytes
from tools.contract import Fact, PersonRef
from tools.plain import People, decimal_text, from_plain, to_plain

UTC = datetime.UTC


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    title: str
    amount: Decimal | None
    on: datetime.date | None
    at: datetime.datetime
    owner: PersonRef | None
    outcome: GateOutcome
    titles: Mapping[str, str]
    is_done: bool
    scale: tuple[int, ...]
    later: str = "default"


@dataclass(frozen=True, slots=True)
class Whole:
    rows: tuple[Row, ...]
    first: Row | None


# NFC, as records are: others would come back in another spelling.
texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=12) | (
    st.sampled_from(["Å", "日本", "👩‍👩‍👧", "a\u2028b", "line\nbreak", "ﬁ", "\u202eright"])
)
people = st.builds(PersonRef, st.none() | st.integers(1, 5), st.sampled_from(["Mona", "Petter"]))
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
moments = st.datetimes(timezones=st.just(UTC))
rows = st.builds(
    Row,
    pk=st.integers(0, 2**31),
    title=texts,
    amount=st.none() | decimals,
    on=st.none() | st.dates(),
    at=moments,
    owner=st.none() | people,
    outcome=st.sampled_from(GateOutcome),
    titles=st.dictionaries(st.sampled_from(["nb", "nn", "sv"]), texts),
    is_done=st.booleans(),
    scale=st.lists(st.integers(0, 10), max_size=3).map(tuple),
    later=texts,
)
wholes = st.builds(Whole, rows=st.lists(rows, max_size=4).map(tuple), first=st.none() | rows)


@given(wholes)
def test_what_is_frozen_comes_back_the_same(whole):
    known = People()
    plain = json.loads(canonical_bytes(to_plain(whole, known)))
    read = from_plain(Whole, plain, known.refs)
    names = {ref.pk: ref for ref in known.refs.values() if ref.pk is not None}

    def as_kept(person):
        # An account is one person whatever it is called: the first name stands.
        return names.get(person.pk, person) if person else None

    expected = [row.owner and as_kept(row.owner) for row in (*whole.rows, whole.first) if row]
    assert [row.owner for row in (*read.rows, read.first) if row] == expected
    assert to_plain(read, People()) == plain


@given(wholes)
def test_the_same_dossier_gives_the_same_bytes(whole):
    first, second = People(), People()
    assert canonical_bytes(to_plain(whole, first)) == canonical_bytes(to_plain(whole, second))
    assert first.refs == second.refs


@given(decimals)
def test_a_number_is_text_that_gives_the_same_number(number):
    text = decimal_text(number)
    assert (Decimal(text), "E" in text, text.startswith("-0") and Decimal(text) == 0) == (
        number,
        False,
        False,
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1E+3"), "1000"),
        (Decimal("120000.00"), "120000.00"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("0.10"), "0.10"),
        (12, "12"),
    ],
)
def test_numbers_are_written_in_one_way(number, text):
    assert decimal_text(number) == text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(ValueError, match="is no number"):
        to_plain(Decimal(number), People())


def test_figures_are_text_also_when_they_are_whole_and_counts_stay_numbers():
    fact = Fact("hours", "Hours", 430)
    row = Row(
        3, "x", 5, None, datetime.datetime(2026, 1, 1, tzinfo=UTC), None, GateOutcome.GO, {}, True,
        (1, 2),
    )  # fmt: skip
    plain = to_plain(row, People())
    assert to_plain(fact, People())["value"] == "430"
    assert (plain["pk"], plain["amount"], plain["scale"]) == (3, "5", [1, 2])


def test_moments_are_written_in_utc_and_need_a_time_zone():
    oslo = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2026, 3, 1, 10, 30, tzinfo=oslo)
    assert to_plain(moment, People()) == "2026-03-01T08:30:00+00:00"
    with pytest.raises(ValueError, match="without a time zone"):
        to_plain(datetime.datetime(2026, 3, 1), People())  # noqa: DTZ001 -- that is the point


@pytest.mark.parametrize("value", [1.5, object(), {1, 2}, b"bytes"])
def test_what_has_no_plain_form_is_refused(value):
    with pytest.raises(TypeError, match="cannot be frozen"):
        to_plain(value, People())


def test_people_get_the_same_keys_whatever_order_a_mapping_has():
    one, two = PersonRef(1, "Mona"), PersonRef(None, "Petter")
    first, second = People(), People()
    assert to_plain({"b": two, "a": one}, first) == to_plain({"a": one, "b": two}, second)
    assert first.refs == second.refs == {"p1": one, "p2": two}


def test_a_record_withholds_nothing_until_somebody_asks_for_the_salt():
    beside = People()
    assert beside.stored_salt == ""
    salt = beside.salt
    assert (len(salt), beside.salt, beside.stored_salt) == (64, salt, salt)
    assert People().salt != salt
