"""Who is refused, by the service itself and by the database when the service is bypassed."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Deputy
from accounts.policy import ProjectRole
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.enums import DecisionRule, RecordKind, SeatSource
from phases.models import (
    Decider,
    DeciderLeaving,
    GateDecision,
    GateRecord,
    GateRoute,
    GateRouteSeat,
    Vote,
)
from phases.services.seats import declare_conflict
from projects.models import Membership
from projects.services import add_member, end_membership

TODAY = timezone.localdate()


def days(number):
    return TODAY + datetime.timedelta(days=number)


def deputise(user, deputy, starts, ends, ended=None):
    return Deputy.objects.create(
        user=user,
        deputy=deputy,
        starts_on=days(starts),
        ends_on=days(ends),
        made_by=user,
        ended_at=ended,
    )


@pytest.fixture
def submission(project, municipality, submit):
    """The line manager or the owner decides: whoever answers first."""
    made = GateRoute.objects.create(
        organisation=municipality.organisation, name="To", rule=DecisionRule.ANY
    )
    GateRouteSeat.objects.create(route=made, source=SeatSource.LINE_MANAGER)
    GateRouteSeat.objects.create(route=made, source=SeatSource.OWNER)
    return submit(project, municipality.leader)


# Each makes somebody ready and gives who decides, and for whom.
def submitter(world):
    return world.leader, None


def second_leader(world):
    add_member(
        project=world.project, user=world.employee, role=ProjectRole.LEADER, actor=world.leader
    )
    return world.employee, None


def lead(world, user):
    """The services let nobody be line manager and leader at the same time."""
    Membership.objects.filter(project=world.project, user=user).update(ended_at=timezone.now())
    return add_member(project=world.project, user=user, role=ProjectRole.LEADER, actor=world.leader)


def decider_who_came_to_lead(world):
    lead(world, world.manager)
    return world.manager, None


def decider_who_led_until_after_the_submission(world):
    end_membership(membership=lead(world, world.manager), actor=world.leader)
    return world.manager, None


def superuser(world):
    world.employee.is_superuser = True
    world.employee.save()
    return world.employee, None


def reader(world):
    return world.reader, None


def member(world):
    return world.member, None


def administrator(world):
    return world.admin, None


def outsider(world):
    return world.employee, None


def stranger(world):
    return world.neighbour.manager, None


def former_member(world):
    end_membership(
        membership=Membership.objects.get(project=world.project, user=world.member),
        actor=world.leader,
    )
    return world.member, None


def deputy_before(world):
    deputise(world.manager, world.employee, 3, 9)
    return world.employee, world.manager


def deputy_after(world):
    deputise(world.manager, world.employee, -9, -3)
    return world.employee, world.manager


def deputy_ended_early(world):
    deputise(
        world.manager,
        world.employee,
        -9,
        9,
        ended=timezone.now() - datetime.timedelta(days=2),
    )
    return world.employee, world.manager


def deputy_of_somebody_else(world):
    deputise(world.reader, world.employee, -9, 9)
    return world.employee, world.manager


def deputy_who_leads(world):
    deputise(world.manager, world.leader, -9, 9)
    return world.leader, world.manager


def deputy_of_somebody_in_conflict(world):
    deputise(world.manager, world.employee, -9, 9)
    declare_conflict(submission=world.submission, reason="Gift.", actor=world.manager)
    return world.employee, world.manager


def inactive_deputy(world):
    deputise(world.manager, world.employee, -9, 9)
    world.employee.is_active = False
    world.employee.save()
    return world.employee, world.manager


def decider_in_conflict(world):
    declare_conflict(submission=world.submission, reason="Gift.", actor=world.manager)
    return world.manager, None


def inactive_decider(world):
    world.manager.is_active = False
    world.manager.save()
    return world.manager, None


LEADS = ("You lead this project", "A leader of the project")
STRANGE = ("decides this gate", "Only a decider named at submission")
NO_DEPUTY = "Only a deputy can decide for somebody else"

# What the service says, and what the database says when it is bypassed.
REFUSED = {
    submitter: ("You submitted this yourself", "Whoever submitted cannot decide|A leader|Only a"),
    second_leader: (LEADS[0], "A leader of the project|Only a decider"),
    decider_who_came_to_lead: LEADS,
    decider_who_led_until_after_the_submission: LEADS,
    superuser: STRANGE,
    reader: STRANGE,
    member: STRANGE,
    administrator: STRANGE,
    outsider: STRANGE,
    stranger: STRANGE,
    former_member: STRANGE,
    deputy_before: ("You are the deputy of Mona Mellomleder only from", NO_DEPUTY),
    deputy_after: ("You are the deputy of Mona Mellomleder only from", NO_DEPUTY),
    deputy_ended_early: ("decides this gate", NO_DEPUTY),
    deputy_of_somebody_else: ("decides this gate", NO_DEPUTY),
    deputy_who_leads: ("You submitted this yourself", "Whoever submitted|A leader"),
    deputy_of_somebody_in_conflict: ("decides this gate", STRANGE[1]),
    inactive_deputy: ("Your access is closed", "Whose access is closed"),
    decider_in_conflict: ("You have declared a conflict of interest", STRANGE[1]),
    inactive_decider: ("Your access is closed", "Whose access is closed"),
}


@pytest.fixture
def world(municipality, neighbour, project, submission):
    class World:
        pass

    made = World()
    for name in ("admin", "director", "manager", "leader", "member", "reader", "employee"):
        setattr(made, name, getattr(municipality, name))
    made.neighbour, made.project, made.submission = neighbour, project, submission
    return made


@pytest.mark.parametrize("who", REFUSED, ids=lambda who: who.__name__)
def test_the_service_itself_refuses_with_a_reason(world, decide, who):
    actor, _for_whom = who(world)
    with pytest.raises(Refusal, match=REFUSED[who][0]):
        decide(world.submission, actor, GateOutcome.REWORK)
    assert (GateDecision.objects.count(), Vote.objects.count()) == (0, 0)


def some_record(project):
    return GateRecord.objects.create(
        project=project, sequence=2, kind=RecordKind.DECISION, content=b"{}", sha256="0" * 64
    )


@pytest.mark.parametrize("who", REFUSED, ids=lambda who: who.__name__)
def test_the_database_refuses_the_decision_when_the_service_is_bypassed(world, who):
    actor, for_whom = who(world)
    with pytest.raises(IntegrityError, match=REFUSED[who][1]), transaction.atomic():
        GateDecision.objects.create(
            submission=world.submission,
            record=some_record(world.project),
            outcome=GateOutcome.REWORK,
            rationale="Rett i databasen.",
            decided_by=actor,
            decided_for=for_whom,
            decided_at=timezone.now(),
        )


WITH_A_SEAT = [who for who in REFUSED if who.__name__.startswith(("deputy", "inactive", "decider"))]


@pytest.mark.parametrize("who", WITH_A_SEAT, ids=lambda who: who.__name__)
def test_the_database_refuses_the_vote_too(world, who):
    actor, for_whom = who(world)
    seat = Decider.objects.get(submission=world.submission, user=for_whom or actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(
            decider=seat,
            deputy=actor if for_whom else None,
            outcome=GateOutcome.REWORK,
            rationale="Rett i databasen.",
            voted_at=timezone.now(),
        )


def test_the_decider_and_a_deputy_in_the_period_are_let_through(world, decide, submit):
    deputise(world.manager, world.employee, 0, 0)
    decision = decide(world.submission, world.employee, GateOutcome.REWORK)
    assert (decision.decided_by, decision.decided_for) == (world.employee, world.manager)
    again = submit(world.project, world.leader)
    assert decide(again, world.manager, GateOutcome.REWORK).decided_for is None


def test_nothing_is_added_to_a_decided_submission(world, decide):
    decide(world.submission, world.manager, GateOutcome.REWORK)
    seat = Decider.objects.get(submission=world.submission, user=world.director)
    now = timezone.now()
    for add in (
        lambda: Vote.objects.create(decider=seat, outcome="stop", rationale="Nei.", voted_at=now),
        lambda: DeciderLeaving.objects.create(
            decider=seat, kind="conflict", reason="Gift.", said_by=world.director, said_at=now
        ),
        lambda: Decider.objects.create(
            submission=world.submission, user=world.employee, role=SeatSource.NAMED
        ),
    ):
        with pytest.raises(IntegrityError, match="already decided"), transaction.atomic():
            add()
