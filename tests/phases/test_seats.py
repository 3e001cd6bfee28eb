"""Several people decide: votes, the chair and deputies."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Deputy
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.awaiting import asked_of
from phases.chain import verify_chain
from phases.enums import DecisionRule, PhaseState
from phases.gates import AcceptedWarning, ConditionDraft
from phases.models import GateSubmission, Vote
from phases.record import content_of, people_of
from phases.selectors import walk_of
from phases.services import (
    AlreadyDecided,
    possible_replacements,
    seats_of,
    tally_of,
    withdraw_submission,
)
from phases.verdicts import Stand
from projects.access import access_of
from tests.phases.seats import deputise, names, route

__all__ = ["route"]

TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(days=1)


def test_the_route_of_the_organisation_is_fixed_at_submission(project, municipality, submit, route):
    made = route(DecisionRule.ALL, 2)
    submission = submit(project, municipality.leader)
    made.delete()
    stored = GateSubmission.objects.get(pk=submission.pk)
    assert (stored.rule, stored.quorum, stored.due_on > TODAY) == ("all", 2, True)
    assert names(seats_of(stored)) == [
        ("Mona Mellomleder", "line_manager", False, True),
        ("Dagny Direktør", "owner", True, True),
    ]
    content = content_of(stored.record)
    assert content["rule"]["key"] == "all"
    assert [each["role"] for each in content["deciders"]] == ["line_manager", "owner"]


def test_the_first_vote_of_any_is_the_decision(project, municipality, submit, decide, route):
    route(DecisionRule.ANY)
    submission = submit(project, municipality.leader)
    decision = decide(submission, municipality.director, GateOutcome.REWORK)
    assert (decision.decided_by, decision.outcome) == (municipality.director, "rework")
    with pytest.raises(AlreadyDecided, match="Dagny Direktør already decided"):
        decide(submission, municipality.manager, GateOutcome.REWORK)


def test_all_decide_when_the_last_of_them_wants_the_same(
    project, municipality, submit, decide, route
):
    route(DecisionRule.ALL, 2)
    submission = submit(project, municipality.leader)
    first = ConditionDraft("Avklar personvern", municipality.member.pk, TOMORROW)
    second = ConditionDraft("Plan for opplæring", municipality.leader.pk, TOMORROW)
    assert (
        decide(
            submission,
            municipality.manager,
            GateOutcome.GO_WITH_CONDITIONS,
            conditions=(first,),
            rationale="Behovet er godt vist.",
        )
        is None
    )
    assert walk_of(project).current.state is PhaseState.SUBMITTED
    decision = decide(
        submission,
        municipality.director,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(second, first),
        rationale="Enig.",
    )
    assert [each.text for each in decision.conditions.order_by("pk")] == [
        "Avklar personvern",
        "Plan for opplæring",
    ]
    content = content_of(decision.record)
    people = people_of(decision.record)
    assert [
        (people[each["person"]].name, each["vote"]["outcome"], each["vote"]["rationale"])
        for each in content["seats"]
    ] == [
        ("Mona Mellomleder", "go_with_conditions", "Behovet er godt vist."),
        ("Dagny Direktør", "go_with_conditions", "Enig."),
    ]
    assert verify_chain(project) is None


def test_what_each_of_those_who_agree_accepted_and_learnt_stands_on_the_record(
    project, municipality, submit, decide, route
):
    route(DecisionRule.ALL, 2)
    submission = submit(project, municipality.leader)
    warning = content_of(submission.record)["readiness"]["warnings"][0]["text"]
    for person, reason, learnt, present in (
        (municipality.manager, "Vi tar det siden.", "For dyrt.", "Utvalget"),
        (municipality.director, "Det haster ikke.", "For tidlig.", "Utvalget"),
    ):
        decision = decide(
            submission,
            person,
            GateOutcome.STOP,
            learnt=learnt,
            accepted=(AcceptedWarning(warning, reason),),
            present=present,
        )
    content = content_of(decision.record)
    assert [each["reason"] for each in content["accepted"]] == [
        "Vi tar det siden.",
        "Det haster ikke.",
    ]
    assert [each["vote"]["learnt"] for each in content["seats"]] == ["For dyrt.", "For tidlig."]
    assert (content["learnt"], content["present"]) == ("For tidlig.", "Utvalget")
    assert verify_chain(project) is None


def test_a_difference_goes_to_the_chair_and_dissent_stands_by_name(
    project, municipality, submit, decide, route
):
    route(DecisionRule.ALL, 2, [municipality.employee])
    submission = submit(project, municipality.leader)
    # The chair has voted already when the last vote makes them differ.
    assert decide(submission, municipality.director, GateOutcome.REWORK) is None
    assert decide(submission, municipality.manager, GateOutcome.REWORK) is None
    assert decide(submission, municipality.employee, GateOutcome.STOP, learnt="Nok.") is None
    assert tally_of(submission, seats_of(submission)).stand is Stand.WAITS_FOR_CHAIR
    with pytest.raises(Refusal, match="You have voted"):
        decide(submission, municipality.manager, GateOutcome.REWORK)
    decision = decide(submission, municipality.director, GateOutcome.REWORK)
    content, people = content_of(decision.record), people_of(decision.record)
    assert (decision.outcome, decision.decided_by) == ("rework", municipality.director)
    assert [
        people[each["person"]].name
        for each in content["seats"]
        if each["vote"]["outcome"] != content["outcome"]
    ] == ["Anne Ansatt"]
    assert Vote.objects.count() == 3


def test_the_chair_decides_when_enough_have_voted(project, municipality, submit, decide, route):
    route(DecisionRule.CHAIR, 2)
    submission = submit(project, municipality.leader)
    with pytest.raises(Refusal, match="you decide when 2 have voted"):
        decide(submission, municipality.director, GateOutcome.REWORK)
    assert decide(submission, municipality.manager, GateOutcome.STOP, learnt="Nok.") is None
    decision = decide(
        submission,
        municipality.director,
        GateOutcome.REWORK,
        accepted=(),
        present="Styringsgruppen",
    )
    assert decision.outcome == "rework"
    assert content_of(decision.record)["present"] == "Styringsgruppen"


def test_an_accepted_warning_stands_on_the_record_with_its_reason(
    project, municipality, submit, decide
):
    submission = submit(project, municipality.leader)
    warning = content_of(submission.record)["readiness"]["warnings"][0]["text"]
    decision = decide(
        submission,
        municipality.manager,
        GateOutcome.REWORK,
        accepted=(AcceptedWarning(warning, "Det tar vi i neste runde."),),
    )
    assert content_of(decision.record)["accepted"] == [
        {"text": warning, "reason": "Det tar vi i neste runde."}
    ]


def test_a_deputy_decides_in_the_period_and_both_names_stand(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    deputise(municipality.manager, municipality.employee)
    decision = decide(submission, municipality.employee, GateOutcome.REWORK)
    vote = Vote.objects.get()
    assert (decision.decided_by, decision.decided_for) == (
        municipality.employee,
        municipality.manager,
    )
    assert (vote.decider.user, vote.deputy) == (municipality.manager, municipality.employee)
    content, people = content_of(decision.record), people_of(decision.record)
    assert people[content["decided_for"]["person"]].name == "Mona Mellomleder"
    assert people[content["decided_by"]["person"]].name == "Anne Ansatt"


@pytest.mark.parametrize(
    ("starts", "ends", "ended"), [(1, 5, False), (-5, -1, False), (0, 0, True)]
)
def test_a_deputy_outside_the_period_is_refused_with_the_period(
    project, municipality, submit, decide, starts, ends, ended
):
    submission = submit(project, municipality.leader)
    period = deputise(
        municipality.manager,
        municipality.employee,
        TODAY + datetime.timedelta(days=starts),
        TODAY + datetime.timedelta(days=ends),
    )
    if ended:
        Deputy.objects.filter(pk=period.pk).update(ended_at=timezone.now())
    words = "Mona Mellomleder decides this gate" if ended else "You are the deputy of Mona"
    with pytest.raises(Refusal, match=words):
        decide(submission, municipality.employee, GateOutcome.REWORK)
    assert not access_of(municipality.employee, project).permissions


def test_a_deputy_reads_the_project_while_something_waits(
    project, municipality, submit, client_for
):
    deputise(municipality.manager, municipality.employee)
    address = f"/prosjekter/{project.pk}/"
    assert client_for(municipality.employee).get(address).status_code == 404
    submission = submit(project, municipality.leader)
    assert client_for(municipality.employee).get(address).status_code == 200
    withdraw_submission(submission=submission, actor=municipality.leader)
    assert client_for(municipality.employee).get(address).status_code == 404


def test_a_leader_cannot_decide_as_somebodys_deputy(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    deputise(municipality.manager, municipality.leader)
    with pytest.raises(Refusal, match="You submitted this yourself"):
        decide(submission, municipality.leader, GateOutcome.REWORK)


def test_a_deputy_of_two_votes_once(project, municipality, submit, decide, route):
    route(DecisionRule.ALL, 2)
    submission = submit(project, municipality.leader)
    for person in (municipality.manager, municipality.director):
        deputise(person, municipality.employee)
    assert decide(submission, municipality.employee, GateOutcome.REWORK) is None
    with pytest.raises(Refusal, match=r"You have voted\. The others"):
        decide(submission, municipality.employee, GateOutcome.REWORK)
    assert (Vote.objects.count(), asked_of(municipality.employee)) == (1, [])
    Deputy.objects.filter(user=Vote.objects.get().decider.user).update(ended_at=timezone.now())
    with pytest.raises(Refusal, match="each person votes once"):
        decide(submission, municipality.employee, GateOutcome.REWORK)
    assert municipality.employee not in possible_replacements(submission)
