"""Who leaves the count of those who decide, and who is named instead."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.services import set_person_active
from common.outcomes import Allowed, Denied, Refusal
from methodology.enums import GateOutcome
from phases.awaiting import lacking_deciders
from phases.enums import DecisionRule
from phases.models import Decider
from phases.record import content_of
from phases.services import (
    declare_conflict,
    may_name_replacement,
    name_replacement,
    possible_replacements,
    seats_of,
    tally_of,
    voting_seat,
)
from phases.verdicts import Stand
from tests.phases.seats import deputise, route, seat

__all__ = ["route"]

TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(days=1)


def test_a_conflict_of_interest_leaves_the_count_and_somebody_must_be_named(
    project, municipality, submit, decide
):
    submission = submit(project, municipality.leader)
    with pytest.raises(ValidationError):
        declare_conflict(submission=submission, reason=" ", actor=municipality.manager)
    declare_conflict(
        submission=submission, reason="Søsteren min selger løsningen.", actor=municipality.manager
    )
    with pytest.raises(Refusal, match="conflict of interest"):
        decide(submission, municipality.manager, GateOutcome.REWORK)
    assert tally_of(submission, seats_of(submission)).stand is Stand.SHORT
    named = name_replacement(
        submission=submission,
        decider=seat(submission, municipality.manager),
        user=municipality.employee,
        reason="Nærmest saken.",
        actor=municipality.director,
    )
    assert (named.role, named.replaces.user) == ("replacement", municipality.manager)
    decision = decide(submission, municipality.employee, GateOutcome.REWORK)
    content = content_of(decision.record)
    assert [each["left"] and each["left"]["reason"] for each in content["seats"]] == [
        "Søsteren min selger løsningen.",
        None,
    ]
    assert content["seats"][1]["reason"] == "Nærmest saken."


def test_a_decider_whose_access_is_closed_does_not_count(project, municipality, submit):
    submission = submit(project, municipality.leader)
    set_person_active(user=municipality.manager, is_active=False, actor=municipality.admin)
    assert tally_of(submission, seats_of(submission)).stand is Stand.SHORT
    assert isinstance(may_name_replacement(submission, municipality.director), Allowed)
    assert isinstance(may_name_replacement(submission, municipality.admin), Allowed)


@pytest.mark.parametrize("who", ["leader", "member", "reader", "employee", "manager"])
def test_only_the_manager_above_and_administrators_name_somebody(
    project, municipality, submit, who
):
    submission = submit(project, municipality.leader)
    person = getattr(municipality, who)
    assert isinstance(may_name_replacement(submission, person), Denied)
    with pytest.raises(Refusal):
        name_replacement(
            submission=submission,
            decider=seat(submission, municipality.manager),
            user=municipality.employee,
            reason="Fordi",
            actor=person,
        )


@pytest.mark.parametrize("who", ["leader", "manager", "stranger", "closed"])
def test_nobody_is_named_who_could_not_decide(project, municipality, neighbour, submit, who):
    submission = submit(project, municipality.leader)
    people = {
        "leader": municipality.leader,
        "manager": municipality.manager,
        "stranger": neighbour.employee,
        "closed": municipality.employee,
    }
    if who == "closed":
        set_person_active(user=municipality.employee, is_active=False, actor=municipality.admin)
        municipality.employee.refresh_from_db()
    assert people[who] not in possible_replacements(submission)
    with pytest.raises(Refusal):
        name_replacement(
            submission=submission,
            decider=seat(submission, municipality.manager),
            user=people[who],
            reason="Fordi",
            actor=municipality.director,
        )
    assert Decider.objects.count() == 1


def test_a_seat_is_filled_once_and_not_after_a_vote(project, municipality, submit, decide, route):
    route(DecisionRule.ALL, 2)
    submission = submit(project, municipality.leader)
    decide(submission, municipality.manager, GateOutcome.REWORK)
    with pytest.raises(Refusal, match="has voted"):
        name_replacement(
            submission=submission,
            decider=seat(submission, municipality.manager),
            user=municipality.employee,
            reason="Fordi",
            actor=municipality.admin,
        )
    for allowed in (True, False):
        arguments = {
            "submission": submission,
            "decider": seat(submission, municipality.director),
            "user": municipality.employee if allowed else municipality.reader,
            "reason": "Langtidssykmeldt.",
            "actor": municipality.admin,
        }
        if allowed:
            assert name_replacement(**arguments).is_chair
        else:
            with pytest.raises(Refusal, match="already named"):
                name_replacement(**arguments)
    with pytest.raises(Refusal, match="Somebody else was named"):
        voting_seat(submission, municipality.director)
    assert decide(submission, municipality.employee, GateOutcome.REWORK).outcome == "rework"


def test_a_replacement_reads_the_project_and_goes_on_doing_so(
    project, municipality, submit, decide, client_for
):
    submission = submit(project, municipality.leader)
    address = f"/prosjekter/{project.pk}/innsending/{submission.pk}/"
    assert client_for(municipality.employee).get(address).status_code == 404
    name_replacement(
        submission=submission,
        decider=seat(submission, municipality.manager),
        user=municipality.employee,
        reason="Ferie.",
        actor=municipality.director,
    )
    assert client_for(municipality.employee).get(address).status_code == 200
    decide(submission, municipality.employee, GateOutcome.REWORK)
    assert client_for(municipality.employee).get(address).status_code == 200


def test_nobody_votes_in_the_place_of_a_closed_access(project, municipality, submit, decide, route):
    route(DecisionRule.ANY)
    submission = submit(project, municipality.leader)
    deputise(municipality.manager, municipality.employee)
    set_person_active(user=municipality.manager, is_active=False, actor=municipality.admin)
    with pytest.raises(Refusal, match="The access of Mona Mellomleder is closed"):
        decide(submission, municipality.employee, GateOutcome.REWORK)
    deputise(municipality.director, municipality.employee)
    assert decide(submission, municipality.employee, GateOutcome.REWORK).decided_for == (
        municipality.director
    )


def test_an_administrator_in_conflict_names_nobody(project, municipality, submit, route):
    route(DecisionRule.ANY, people=[municipality.admin])
    submission = submit(project, municipality.leader)
    assert may_name_replacement(submission, municipality.admin) == Allowed()
    declare_conflict(submission=submission, reason="Gift.", actor=municipality.admin)
    assert may_name_replacement(submission, municipality.admin) == Denied(
        "You have declared a conflict of interest, so somebody else names who decides."
    )
    declare_conflict(submission=submission, reason="Eier.", actor=municipality.manager)
    declare_conflict(submission=submission, reason="Eier.", actor=municipality.director)
    assert lacking_deciders(municipality.admin) == []
