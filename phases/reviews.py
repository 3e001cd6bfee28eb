"""Reviews that come again: when each is due, and which have been held. Pure: no database."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """One of the reviews of a round: so many months after its start. ``held_on`` is ``None`` until
    it is held."""

    months: int
    due_on: datetime.date
    held_on: datetime.date | None = None

    def is_overdue(self, today: datetime.date) -> bool:
        return self.held_on is None and self.due_on < today


def review_dates(started_on: datetime.date, months: Sequence[int]) -> tuple[datetime.date, ...]:
    """So many months later each; the last day of a month that is too short."""
    return tuple(_months_after(started_on, number) for number in months)


def _months_after(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def planned_reviews(
    started_on: datetime.date, months: Sequence[int], held_on: Sequence[datetime.date]
) -> tuple[PlannedReview, ...]:
    """The reviews of a round in order. ``held_on`` are the days on which reviews were held.

    One that is held counts for every date up to its day that was still open, and for the next one
    at the least: what is held early is held, and nobody catches up on what was missed.
    """
    dates = review_dates(started_on, months)
    held: list[datetime.date] = []
    for day in sorted(held_on):
        covered = max(sum(due_on <= day for due_on in dates), len(held) + 1)
        held += [day] * (min(covered, len(dates)) - len(held))
    return tuple(
        PlannedReview(number, due_on, held[place] if place < len(held) else None)
        for place, (number, due_on) in enumerate(zip(months, dates, strict=True))
    )


def next_review(reviews: Sequence[PlannedReview]) -> PlannedReview | None:
    """The first that is not held; ``None`` when all are."""
    return next((review for review in reviews if review.held_on is None), None)
