"""Progress from baseline: the table that tells real progress from achievement in name only."""

import datetime
from decimal import Decimal

import pytest

from benefits.enums import Direction, Standing
from benefits.rules import Point, is_overdue, latest, progress, standing, sum_known
from benefits.trend import draw_trend

D = Decimal


@pytest.mark.parametrize(
    ("baseline", "target", "value", "expected"),
    [
        # Nothing happened, half-way, worse.
        (D(70), D(80), D(70), D(0)),
        (D(70), D(80), D(75), D("0.5")),
        (D(70), D(80), D(65), D("-0.5")),
        # Downwards, and beyond the target.
        (D(100), D(50), D(100), D(0)),
        (D(100), D(50), D(75), D("0.5")),
        (D(100), D(50), D(40), D("1.2")),
        # Target and value zero.
        (D(12), D(0), D(3), D("0.75")),
        (D(12), D(0), D(0), D(1)),
        (D(0), D(10), D(0), D(0)),
        # To keep a level there is no way to go.
        (D(40), D(40), D(40), None),
        # A gap is not zero.
        (None, D(80), D(75), None),
        (D(70), None, D(75), None),
        (D(70), D(80), None, None),
    ],
)
def test_progress_is_the_part_of_the_way_from_baseline_to_target(
    baseline: Decimal | None,
    target: Decimal | None,
    value: Decimal | None,
    expected: Decimal | None,
) -> None:
    assert progress(baseline, target, value) == expected


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "expected"),
    [
        (Direction.UP, D(70), D(80), None, Standing.NOT_MEASURED),
        (Direction.UP, None, D(80), D(75), Standing.UNKNOWN),
        (Direction.UP, D(70), D(80), D(65), Standing.WORSE),
        (Direction.UP, D(70), D(80), D(70), Standing.UNCHANGED),
        (Direction.UP, D(70), D(80), D(79), Standing.ON_THE_WAY),
        (Direction.UP, D(70), D(80), D(80), Standing.REACHED),
        (Direction.DOWN, D(100), D(50), D(40), Standing.REACHED),
        (Direction.DOWN, D(100), D(50), D(110), Standing.WORSE),
        (Direction.DOWN, D(12), D(0), D(0), Standing.REACHED),
        (Direction.KEEP, D(40), None, D(42), Standing.KEPT),
        (Direction.KEEP, D(40), None, D("42.1"), Standing.OFF_LEVEL),
        (Direction.KEEP, D(40), D(50), D(40), Standing.OFF_LEVEL),
        (Direction.KEEP, D(0), None, D(0), Standing.KEPT),
        (Direction.KEEP, D(0), None, D(1), Standing.OFF_LEVEL),
        (Direction.KEEP, None, None, D(1), Standing.UNKNOWN),
    ],
)
def test_standing_says_progress_in_one_word(
    direction: Direction,
    baseline: Decimal | None,
    target: Decimal | None,
    value: Decimal | None,
    expected: Standing,
) -> None:
    assert standing(direction, baseline, target, value) is expected


def test_the_sum_of_nothing_known_is_a_gap_and_zero_is_zero() -> None:
    assert [sum_known([]), sum_known([None]), sum_known([D(0), None]), sum_known([D(1), D(2)])] == [
        None,
        None,
        D(0),
        D(3),
    ]


def _day(number: int) -> datetime.date:
    return datetime.date(2026, 3, number)


def test_latest_goes_by_date_and_then_by_order() -> None:
    points = [
        Point(_day(3), D(1)),
        Point(_day(9), D(2)),
        Point(_day(9), D(3)),
        Point(_day(5), D(4)),
    ]

    assert (latest(points), latest([])) == (Point(_day(9), D(3)), None)


@pytest.mark.parametrize(
    ("target_on", "latest_on", "expected"),
    [
        (None, None, False),
        (_day(20), None, False),
        (_day(10), None, False),
        (_day(9), None, True),
        (_day(9), _day(8), True),
        (_day(9), _day(9), False),
    ],
)
def test_a_target_date_is_overdue_until_something_is_measured_after_it(
    target_on: datetime.date | None, latest_on: datetime.date | None, expected: bool
) -> None:
    assert is_overdue(target_on, latest_on, _day(10)) is expected


def test_the_trend_puts_time_across_and_values_upwards() -> None:
    points = [Point(_day(1), D(2)), Point(_day(6), D(1)), Point(_day(11), D("0.5"))]

    trend = draw_trend(points, D(0))

    assert trend is not None
    assert (trend.line, trend.target_y) == ("10.0,10.0 160.0,44.0 310.0,61.0", "78.0")


def test_one_figure_is_no_trend_and_a_flat_one_lies_in_the_middle() -> None:
    assert draw_trend([Point(_day(1), D(2))], D(0)) is None
    flat = draw_trend([Point(_day(1), D(2)), Point(_day(2), D(2))], None)
    assert flat is not None
    assert (flat.line, flat.target_y) == ("10.0,44.0 310.0,44.0", "")
