from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common.forms import DecimalField, WholeNumberField, shown_number
from common.numbers import NotANumber, TwoReadings, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1 234,50", "1234.5"),
        ("1,234.50", "1234.5"),
        ("1.234,50", "1234.5"),
        ("1\u00a0234\u202f567,5", "1234567.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1 234 567", "1234567"),
        ("1 234,567", "1234.567"),
        ("12,3456", "12.3456"),
        ("0,125", "0.125"),
        (",5", "0.5"),
        ("-5", "-5"),
        ("\u22125,25", "-5.25"),
        ("- 5", "-5"),
        ("100,-", "100"),
        ("  7  ", "7"),
        ("0", "0"),
        ("-0", "0"),
        ("0,00", "0"),
        ("1,2340", "1.234"),
    ],
)
def test_parse_number_reads_norwegian_and_english(text: str, number: str) -> None:
    assert str(parse_number(text)) == number


@pytest.mark.parametrize("text", ["1,234", "1.234", "999,999", "-1,234"])
def test_parse_number_refuses_to_guess_between_thousands_and_decimals(text: str) -> None:
    with pytest.raises(TwoReadings):
        parse_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "abc",
        "12 34",
        "1,23,4",
        "1.234,5.6",
        "1e5",
        "NaN",
        "Infinity",
        "٣",
        "5,",
        "1 2,3 4",
    ],
)
def test_parse_number_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(text)


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
@given(number=st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_shown_number_is_read_as_the_same_number(language: str, number: Decimal) -> None:
    with translation.override(language):
        assert parse_number(shown_number(number)) == number


@pytest.mark.parametrize(
    ("number", "bokmal", "english"),
    [
        ("0", "0", "0"),
        ("2027", "2027", "2027"),
        ("1234.50", "1234,5", "1234.5"),
        ("1234500.5", "1\u00a0234\u00a0500,5", "1\u00a0234\u00a0500.5"),
        ("1.234", "1,2340", "1.2340"),
        ("0.125", "0,125", "0.125"),
        ("-12345", "-12\u00a0345", "-12\u00a0345"),
        ("1E+6", "1\u00a0000\u00a0000", "1\u00a0000\u00a0000"),
    ],
)
def test_shown_number_follows_the_reader(number: str, bokmal: str, english: str) -> None:
    with translation.override("nb"):
        in_bokmal = shown_number(Decimal(number))
    with translation.override("en"):
        in_english = shown_number(Decimal(number))
    assert (in_bokmal, in_english) == (bokmal, english)


def errors_of(field: DecimalField | WholeNumberField, text: str) -> list[str]:
    with translation.override("en"):
        with pytest.raises(ValidationError) as refused:
            field.clean(text)
        return refused.value.messages


def test_decimal_field_says_how_to_write_a_number() -> None:
    field = DecimalField(max_digits=8, decimal_places=2, min_value=0)
    assert [errors_of(field, text) for text in ("mange", " 1,234 ", "-1")] == [
        ["Write a number with digits, for example 1234.5."],
        ["“1,234” can be read in two ways. Write 1234 or 1.23."],
        ["Ensure this value is greater than or equal to 0."],
    ]


def test_decimal_field_offers_both_readings_with_three_decimals_where_it_takes_them() -> None:
    field = DecimalField(max_digits=8, decimal_places=3)
    assert errors_of(field, "1.234") == ["“1.234” can be read in two ways. Write 1234 or 1.2340."]
    assert [field.clean("1234"), field.clean("1.2340")] == [Decimal(1234), Decimal("1.234")]


def test_decimal_field_counts_decimals_after_trailing_zeros_are_gone() -> None:
    field = DecimalField(max_digits=8, decimal_places=2)
    assert field.clean("12,5000") == Decimal("12.5")


def test_decimal_field_tells_zero_from_nothing() -> None:
    field = DecimalField(required=False)
    assert [field.clean(text) for text in ("0", "", "  ")] == [Decimal(0), None, None]


def test_decimal_field_sees_no_change_between_a_number_and_the_text_it_was_shown_as() -> None:
    field = DecimalField()
    assert [
        field.has_changed(Decimal("1234.50"), "1 234,5"),
        field.has_changed("1 234,5", "1234.50"),
        field.has_changed("1 234,5", "1235"),
        field.has_changed(None, ""),
        field.has_changed("", "0"),
        field.has_changed("1 234,5", "mange"),
    ] == [False, False, True, False, True, True]


def test_whole_number_field_reads_thousands_and_refuses_decimals() -> None:
    field = WholeNumberField(min_value=0)
    assert [field.clean(text) for text in ("1 234", "12\u00a0345", "7,0")] == [1234, 12345, 7]
    assert [errors_of(field, text) for text in ("7,5", "sju", "1,234")] == [
        ["Write a whole number with digits, for example 1234."]
    ] * 3
