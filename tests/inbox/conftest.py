"""A queue that remembers what it was told, routes with several people, and many submissions."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Deputy, User
from inbox import tasks
from phases.enums import DecisionRule, RecordKind, SeatSource
from phases.models import Decider, GateRecord, GateRoute, GateRouteSeat, GateSubmission


class Queue:
    """Stands in for the broker, the one thing that is faked here."""

    def __init__(self) -> None:
        self.told = 0
        self.is_down = False

    def apply_async(self, **_options: Any) -> None:
        if self.is_down:
            raise OperationalError("connection refused")
        self.told += 1


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    fake = Queue()
    monkeypatch.setattr(tasks.send_due_mails, "apply_async", fake.apply_async)
    return fake


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    cache.clear()


@pytest.fixture
def route(municipality: Any) -> Callable[..., GateRoute]:
    """Makes the organisation's only route: the line manager, and the owner who leads."""

    def route(rule: DecisionRule, quorum: int = 1, days: int | None = 5) -> GateRoute:
        made = GateRoute.objects.create(
            organisation=municipality.organisation,
            name="Store",
            rule=rule,
            quorum=quorum,
            days=days,
        )
        leads = rule in (DecisionRule.ALL, DecisionRule.CHAIR)
        GateRouteSeat.objects.create(route=made, source=SeatSource.LINE_MANAGER)
        if rule is not DecisionRule.ONE:
            GateRouteSeat.objects.create(route=made, source=SeatSource.OWNER, is_chair=leads)
        return made

    return route


@pytest.fixture
def deputise() -> Callable[..., Deputy]:
    """From and to as days from today."""

    def deputise(user: User, deputy: User, first: int = 0, last: int = 0) -> Deputy:
        today = timezone.localdate()
        return Deputy.objects.create(
            user=user,
            deputy=deputy,
            starts_on=today + datetime.timedelta(days=first),
            ends_on=today + datetime.timedelta(days=last),
            made_by=user,
        )

    return deputise


@pytest.fixture
def copies() -> Callable[[GateSubmission, int], None]:
    """Many more like one submission, straight into the tables."""

    def copies(submission: GateSubmission, number: int) -> None:
        record = submission.record
        first = GateRecord.objects.filter(project_id=record.project_id).count() + 1
        records = GateRecord.objects.bulk_create(
            GateRecord(
                project_id=record.project_id,
                sequence=first + each,
                kind=RecordKind.SUBMISSION,
                content=record.content,
                sha256=record.sha256,
            )
            for each in range(number)
        )
        submissions = GateSubmission.objects.bulk_create(
            GateSubmission(
                project_phase_id=submission.project_phase_id,
                record=each,
                recommended_outcome=submission.recommended_outcome,
                recommendation=submission.recommendation,
                submitted_by_id=submission.submitted_by_id,
                submitted_at=submission.submitted_at,
                rule=submission.rule,
                quorum=submission.quorum,
                due_on=submission.due_on,
            )
            for each in records
        )
        seats = list(Decider.objects.filter(submission=submission))
        Decider.objects.bulk_create(
            Decider(submission=each, user=seat.user, role=seat.role, is_chair=seat.is_chair)
            for each in submissions
            for seat in seats
        )

    return copies
