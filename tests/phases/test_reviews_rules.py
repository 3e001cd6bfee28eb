"""Reviews that come again: when they are due, and what counts as held. No database."""

import datetime

import pytest

from phases.reviews import PlannedReview, next_review, planned_reviews, review_dates

START = datetime.date(2026, 1, 31)
MONTHS = (6, 12, 24)


def day(text):
    return datetime.date.fromisoformat(text)


def test_reviews_come_so_many_months_later_and_at_the_end_of_short_months():
    assert review_dates(START, (1, 6, 12, 25)) == (
        day("2026-02-28"),
        day("2026-07-31"),
        day("2027-01-31"),
        day("2028-02-29"),
    )


def test_a_gate_that_is_passed_once_has_no_reviews():
    assert planned_reviews(START, (), [day("2026-08-01")]) == ()
    assert next_review(()) is None


@pytest.mark.parametrize(
    ("held", "expected", "following"),
    [
        ([], [None, None, None], 6),
        (["2026-08-03"], ["2026-08-03", None, None], 12),
        # Held early, it is held.
        (["2026-05-02"], ["2026-05-02", None, None], 12),
        (["2026-05-02", "2026-06-10"], ["2026-05-02", "2026-06-10", None], 24),
        # Held so late that the next date has passed too, it counts for both.
        (["2027-03-01"], ["2027-03-01", "2027-03-01", None], 24),
        (["2026-08-03", "2027-02-01", "2028-02-01"], ["2026-08-03", "2027-02-01", "2028-02-01"], 0),
        # More than were planned: all are held.
        (["2026-08-03", "2026-09-01", "2026-10-01", "2026-11-01"], None, 0),
    ],
)
def test_the_next_review_is_the_first_that_is_not_held(held, expected, following):
    reviews = planned_reviews(START, MONTHS, [day(each) for each in held])
    if expected is not None:
        assert [review.held_on for review in reviews] == [each and day(each) for each in expected]
    found = next_review(reviews)
    assert (found.months if found else 0) == following


def test_a_review_is_overdue_the_day_after_its_date_until_it_is_held():
    review = PlannedReview(6, day("2026-07-31"))
    assert [
        review.is_overdue(day("2026-07-31")),
        review.is_overdue(day("2026-08-01")),
        PlannedReview(6, day("2026-07-31"), day("2026-09-01")).is_overdue(day("2026-10-01")),
    ] == [False, True, False]
