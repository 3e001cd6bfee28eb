import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.template import TemplateDoesNotExist
from django.utils import timezone, translation

from common.enums import ToneChoices
from common.templatetags import ui


def in_language(language: str, draw: Any, *values: Any) -> list[str]:
    with translation.override(language):
        return [str(draw(value)) for value in values]


def test_day_is_written_in_words() -> None:
    day = datetime.date(2027, 3, 12)
    assert [in_language(code, ui.day, day, None) for code in ("nb", "nn", "sv", "en")] == [
        ["12. mars 2027", ""],
        ["12. mars 2027", ""],
        ["12 mars 2027", ""],
        ["12 March 2027", ""],
    ]


def test_day_and_moment_of_a_moment_are_those_of_the_municipality() -> None:
    moment = datetime.datetime(2027, 3, 12, 23, 5, tzinfo=datetime.UTC)
    assert [
        in_language("nb", ui.day, moment),
        in_language("nb", ui.moment, moment, None),
        in_language("sv", ui.moment, moment),
        in_language("en", ui.moment, moment),
    ] == [
        ["13. mars 2027"],
        ["13. mars 2027 kl. 00.05", ""],
        ["13 mars 2027 kl. 00.05"],
        ["13 March 2027, 00:05"],
    ]


def test_when_counts_days_while_they_are_near() -> None:
    today = timezone.localdate()
    days = [today + datetime.timedelta(days=count) for count in (0, 1, -1, 2, 14, -2, -14)]
    assert in_language("en", ui.when, *days, None) == [
        "today",
        "tomorrow",
        "yesterday",
        "in 2 days",
        "in 14 days",
        "2 days ago",
        "14 days ago",
        "",
    ]


@pytest.mark.parametrize("count", [15, -15])
def test_when_says_the_date_when_it_is_far_away(count: int) -> None:
    far = timezone.localdate() + datetime.timedelta(days=count)
    assert in_language("en", ui.when, far) == in_language("en", ui.day, far)


def test_when_takes_a_moment_by_its_day() -> None:
    assert in_language("en", ui.when, timezone.now()) == ["today"]


NUMBERS = [
    0,
    1234500,
    Decimal("1234.50"),
    Decimal("0.125"),
    Decimal("1E+3"),
    -5,
    Decimal("-0.0"),
    "12.5",
    None,
    "",
    "x",
    True,
    float("nan"),
]


def test_amount_shows_only_the_decimals_it_needs_and_zero_as_zero() -> None:
    assert in_language("nb", ui.amount, *NUMBERS) == [
        "0",
        "1\u00a0234\u00a0500",
        "1\u00a0234,5",
        "0,125",
        "1\u00a0000",
        "\u22125",
        "0",
        "12,5",
        "",
        "",
        "",
        "",
        "",
    ]


def test_kroner_never_breaks_between_the_digits_or_before_the_unit() -> None:
    values = [0, Decimal("1234500.00"), Decimal("-99.5"), Decimal("0.1"), None]
    assert in_language("nb", ui.kroner, *values) == [
        "0\u00a0kr",
        "1\u00a0234\u00a0500\u00a0kr",
        "\u221299,50\u00a0kr",
        "0,10\u00a0kr",
        "",
    ]


def test_kroner_short_is_for_summaries() -> None:
    values = [1_234_500, 12_000_000, -1_950_000, 845_000, Decimal("999999.4"), None]
    assert in_language("en", ui.kroner_short, *values) == [
        "1.2\u00a0mill.\u00a0kr",
        "12\u00a0mill.\u00a0kr",
        "\u22122\u00a0mill.\u00a0kr",
        "845,000\u00a0kr",
        "999,999\u00a0kr",
        "",
    ]


def test_a_gap_never_looks_like_zero_or_no() -> None:
    gap = '<span class="gap">not given</span>'
    values = [None, "", "  ", 0, Decimal(0), False, "x"]
    assert in_language("en", ui.or_gap, *values) == [gap, gap, gap, "0", "0", "False", "x"]


def test_paragraphs_escape_and_keep_line_breaks() -> None:
    assert [ui.paragraphs(text) for text in ("a\nb\n\n<script>&", "", None)] == [
        "<p>a<br>b</p>\n\n<p>&lt;script&gt;&amp;</p>",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Kari Anne Nordmann", "KN"),
        ("Ola", "O"),
        ("åse øvergård-li", "ÅØ"),
        ("", "?"),
        ("<script>", "S"),
        ("  Nils   Aslak  Utsi ", "NU"),
    ],
)
def test_initials_are_first_and_last(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


class Colour(ToneChoices):
    RED = "red", "danger", "Red"


@pytest.mark.parametrize("value", ["red", None, "", 3])
def test_status_tag_refuses_what_has_no_label_and_tone(value: Any) -> None:
    with pytest.raises(TypeError, match="needs a member of a ToneChoices enum"):
        ui.status_tag(value)


def test_status_tag_takes_label_and_tone_from_the_member() -> None:
    assert ui.status_tag(Colour.RED) == {"label": "Red", "tone": "danger", "icon": "stop"}


def test_an_unknown_icon_is_an_error_not_a_hole() -> None:
    with pytest.raises(TemplateDoesNotExist):
        ui.icon("unicorn")
