"""Several people decide: votes, the chair, deputies, conflicts of interest and replacements."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Deputy
from accounts.services import set_person_active
from common.outcomes import Allowed, Denied, Refusal
from methodology.enums import GateOutcome
from phases.awaiting import asked_of, lacking_deciders
from phases.chain import verify_chain
from phases.enums import DecisionRule, PhaseState, SeatSource
from phases.gates import AcceptedWarning, ConditionDraft
from phases.models import Decider, GateDecision, GateRoute, GateRouteSeat, GateSubmission, Vote
from phases.record import content_of, people_of
from phases.selectors import walk_of
from phases.services import (
    AlreadyDecided,
    answer,
    ask,
    declare_conflict,
    may_ask,
    may_name_replacement,
    name_replacement,
    possible_replacements,
    questions_of,
    seats_of,
    tally_of,
    voting_seat,
    withdraw_submission,
)
from phases.verdicts import Stand
from projects.access import access_of

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


def test_questions_and_answers_stand_on_the_record(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    for person in (municipality.leader, municipality.member, municipality.director):
        assert isinstance(may_ask(submission, person), Denied)
        with pytest.raises(Refusal):
            ask(submission=submission, text="Hva koster det?", actor=person)
    question = ask(submission=submission, text="Hva koster det?", actor=municipality.manager)
    with pytest.raises(Refusal):
        answer(question=question, text="Null.", actor=municipality.reader)
    answer(question=question, text="200 000 kroner.", actor=municipality.leader)
    decision = decide(submission, municipality.manager, GateOutcome.REWORK)
    content, people = content_of(decision.record), people_of(decision.record)
    assert [
        (
            people[each["by"]["person"]].name,
            each["text"],
            [(people[given["by"]["person"]].name, given["text"]) for given in each["answers"]],
        )
        for each in content["questions"]
    ] == [
        ("Mona Mellomleder", "Hva koster det?", [("Petter Prosjektleder", "200 000 kroner.")]),
    ]
    with pytest.raises(Refusal, match="decided"):
        ask(submission=submission, text="For sent?", actor=municipality.manager)
    with pytest.raises(Refusal, match="decided"):
        answer(question=question, text="For sent.", actor=municipality.leader)


def test_what_is_said_about_a_submission_costs_the_same_however_much_it_is(
    project, municipality, submit, django_assert_num_queries
):
    submission = submit(project, municipality.leader)
    for number in range(10):
        question = ask(submission=submission, text=f"Nr. {number}?", actor=municipality.manager)
        answer(question=question, text="Ja.", actor=municipality.leader)
    with django_assert_num_queries(3):
        assert len([list(each.answers.all()) for each in questions_of(submission)]) == 10
    with django_assert_num_queries(1):
        assert [row.user.name for row in seats_of(submission)] == ["Mona Mellomleder"]
    assert GateDecision.objects.count() == 0


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


def test_a_question_and_an_answer_that_are_sent_twice_stand_once(project, municipality, submit):
    submission = submit(project, municipality.leader)
    asked = [
        ask(submission=submission, text="Hva koster det?", actor=municipality.manager)
        for _twice in range(2)
    ]
    given = [
        answer(question=asked[0], text="Lite. ", actor=municipality.leader) for _twice in range(2)
    ]
    assert (asked[0], given[0]) == (asked[1], given[1])
    assert [list(each.answers.all()) for each in questions_of(submission)] == [[given[0]]]
