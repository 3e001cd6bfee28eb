"""The decisions that wait for one person, as cards: what, from whom, how long, how much to read."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from methodology.enums import GateOutcome
from phases.awaiting import AskedSeat, submissions_of
from phases.models import GateRecord, GateSubmission
from phases.naming import PhaseNames
from phases.reading import reading_minutes
from phases.record import content_of

# What is frozen takes as long to read for good, so only memory limits how long this is kept.
_KEPT_FOR = 30 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class DecisionCard:
    """``days_left`` is negative when the date has passed, and none without a date. ``minutes`` is
    none when the record is disposed of. ``for_whom`` is empty for one's own."""

    title: str
    project: str
    url: str
    sender: str
    recommended: GateOutcome
    recommendation: str
    since: datetime.date
    days_waited: int
    due_on: datetime.date | None
    days_left: int | None
    minutes: int | None
    for_whom: str
    is_last_word: bool

    @property
    def is_over(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def days_over(self) -> int:
        return -(self.days_left or 0)


def decision_cards(user: User, seats: Sequence[AskedSeat]) -> list[DecisionCard]:
    """In the order of ``seats``. Two queries, none without seats, and one for the records that have
    not been read before: call it with what a page shows."""
    submissions = submissions_of(seats)
    minutes = minutes_of(submissions.values())
    others = {seat.holder for seat in seats} - {user.pk}
    names = dict(User.objects.filter(pk__in=others).values_list("pk", "name")) if others else {}
    return [
        _card(seat, submissions[seat.submission], minutes, names.get(seat.holder, ""))
        for seat in seats
    ]


def _card(
    seat: AskedSeat, submission: GateSubmission, minutes: dict[int, int], for_whom: str
) -> DecisionCard:
    row = submission.project_phase
    today = timezone.localdate()
    since = timezone.localdate(submission.submitted_at)
    return DecisionCard(
        title=PhaseNames(row.project).of_phase(row.phase_key).title,
        project=row.project.name,
        url=reverse("phases:review", args=[row.project_id, submission.pk]),
        sender=submission.submitted_by.name,
        recommended=GateOutcome(submission.recommended_outcome),
        recommendation=submission.recommendation,
        since=since,
        days_waited=(today - since).days,
        due_on=submission.due_on,
        days_left=(submission.due_on - today).days if submission.due_on else None,
        minutes=minutes.get(submission.record_id),
        for_whom=for_whom,
        is_last_word=seat.is_last_word,
    )


def minutes_of(submissions: Collection[GateSubmission]) -> dict[int, int]:
    """How long each takes to read, by number of its record. One query for those that no page of
    this process has shown yet: a record never changes, so its minutes are remembered beside it."""
    keys = {each.record_id: f"inbox.minutes.{each.record_id}" for each in submissions}
    remembered = cache.get_many(keys.values())
    found = {pk: remembered[key] for pk, key in keys.items() if key in remembered}
    missing = keys.keys() - found.keys()
    if missing:
        for record in GateRecord.objects.filter(pk__in=missing):
            if record.content:
                found[record.pk] = reading_minutes(content_of(record))
                cache.set(f"inbox.minutes.{record.pk}", found[record.pk], _KEPT_FOR)
    return found
