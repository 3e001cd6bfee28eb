"""Routes, deputies and seats, in few words."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Deputy
from phases.enums import DecisionRule, SeatSource
from phases.models import Decider, GateRoute, GateRouteSeat

TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(days=1)


@pytest.fixture
def route(municipality):
    """Makes the organisation's only route: the line manager, the owner and, as chair, a person by
    name."""

    def route(rule, quorum=1, people=()):
        made = GateRoute.objects.create(
            organisation=municipality.organisation, name="Store", rule=rule, quorum=quorum, days=5
        )
        for source in (SeatSource.LINE_MANAGER, SeatSource.OWNER):
            GateRouteSeat.objects.create(
                route=made,
                source=source,
                is_chair=source == SeatSource.OWNER
                and rule in (DecisionRule.ALL, DecisionRule.CHAIR),
            )
        for person in people:
            GateRouteSeat.objects.create(route=made, source=SeatSource.NAMED, user=person)
        return made

    return route


def deputise(user, deputy, starts_on=TODAY, ends_on=TODAY):
    return Deputy.objects.create(
        user=user, deputy=deputy, starts_on=starts_on, ends_on=ends_on, made_by=user
    )


def names(rows):
    return [(row.user.name, row.decider.role, row.decider.is_chair, row.counts) for row in rows]


def seat(submission, user):
    return Decider.objects.get(submission=submission, user=user)
