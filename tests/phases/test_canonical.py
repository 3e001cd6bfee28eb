"""The bytes of a record."""

import datetime
import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phases.canonical import LARGEST_INTEGER, NotCanonicalError, canonical_bytes, digest
from tools.plain import People, to_plain


def test_the_same_content_gives_the_same_bytes():
    assert (
        canonical_bytes({"b": [1, True, None], "a": "Å"})
        == canonical_bytes({"a": "A\u030a", "b": [1, True, None]})
        == '{"a":"Å","b":[1,true,null]}'.encode()
    )


# Made up, with all that a record can hold. The digest stands here so that a change of the bytes
# on any database, machine or version of Python shows.
CONTENT = {
    "schema": 2,
    "words": "Trygghet på natta – «sånn» A\u030a 👵🏽\n\tog “dette”\u2028",
    "figures": [Decimal("120000.00"), Decimal("1E+3"), Decimal("-0.0"), Decimal("0.1")],
    "dates": [
        datetime.date(2026, 2, 28),
        datetime.datetime(2026, 3, 1, 7, 30, 0, 5, tzinfo=datetime.UTC),
    ],
    "nothing": [None, "", [], {}],
    "truth": [True, False],
    "counts": [0, -1, LARGEST_INTEGER],
    "å": {"z": 1, "ø": 2, "a": 3, "Z": 4},
}
GOLDEN = "e649eae4b652a78919a04284953a7112a4b212d110935994cb01a280c867b870"


def test_made_up_content_has_the_digest_that_it_always_had():
    assert digest(canonical_bytes(to_plain(CONTENT, People()))) == GOLDEN


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (1.5, TypeError),
        ({"a": object()}, TypeError),
        ({1: "a"}, TypeError),
        (b"bytes", TypeError),
        (LARGEST_INTEGER + 1, ValueError),
        (-LARGEST_INTEGER - 1, ValueError),
        ({"Å": 1, "A\u030a": 2}, ValueError),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(content, error):
    with pytest.raises(error):
        canonical_bytes(content)


@pytest.mark.parametrize(
    "character", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\x9f", "\ud800", "\ufffe"]
)
def test_characters_that_no_record_can_hold_are_refused_with_their_place(character):
    with pytest.raises(NotCanonicalError) as refused:
        canonical_bytes({"project": {"steps": ["fine", f"no{character}t"]}})
    assert (refused.value.path, refused.value.character) == (
        "project.steps[1]",
        f"U+{ord(character):04X}",
    )


def test_keys_are_looked_at_too():
    with pytest.raises(NotCanonicalError):
        canonical_bytes({"a\x00": 1})


@pytest.mark.parametrize(
    "text", ["a\nb\r\nc\td", "a\u2028b\u2029c", "\u202eabc", "👩‍👩‍👧", "\ue000"]
)
def test_line_breaks_of_every_kind_and_rare_characters_are_text(text):
    assert canonical_bytes([text]).decode().count(text[-1]) >= 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_bytes_are_read_back_as_the_same_bytes_or_refused(content):
    import json

    try:
        data = canonical_bytes(content)
    except ValueError:
        return
    assert canonical_bytes(json.loads(data)) == data


def test_the_digest_is_over_exactly_these_bytes():
    assert digest(b"{}") == hashlib.sha256(b"{}").hexdigest()
