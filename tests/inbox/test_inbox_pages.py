"""The page of whoever decides, the list of tasks, and the count in the header."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.policy import ProjectRole
from accounts.services import set_person_active
from benefits.models import Benefit, Indicator
from inbox.digests import digest_lines
from methodology.enums import GateOutcome
from phases.awaiting import asked_of
from phases.enums import DecisionRule
from phases.gates import ConditionDraft
from phases.models import Condition, ProjectStep
from phases.portfolio import own_projects
from phases.selectors import walk_of, walks_of
from phases.services import (
    answer,
    ask,
    declare_conflict,
    name_replacement,
    voting_seat,
    withdraw_submission,
)
from phases.waiting import WaitingKind, waiting_for
from projects.enums import ProjectStatus
from projects.models import Project
from projects.services import add_member, set_project_status

INBOX, TASKS = "/innboks/", "/innboks/oppgaver/"


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def cards(client_for, user):
    return [
        (card.project, card.sender, card.for_whom, card.days_left)
        for card in client_for(user).get(INBOX).context["cards"]
    ]


def kinds(user):
    walks = walks_of(list(own_projects(user)))
    return [each.kind for each in waiting_for(user, walks)]


def test_a_decision_stands_with_sender_request_days_and_reading_time(
    project, municipality, submit, client_for, route
):
    route(DecisionRule.ONE, days=5)
    submission = submit(project, municipality.leader)

    (card,) = client_for(municipality.manager).get(INBOX).context["cards"]

    assert (card.title, card.project, card.sender) == (
        walk_of(project).phase("anchoring").entry.title,
        project.name,
        "Petter Prosjektleder",
    )
    assert (card.recommended, card.recommendation) == (
        GateOutcome.GO_WITH_CONDITIONS,
        "Vi anbefaler å gå videre.",
    )
    assert (card.days_waited, card.due_on, card.is_over) == (0, submission.due_on, False)
    assert card.days_left == (submission.due_on - timezone.localdate()).days
    assert card.minutes >= 1


def test_decisions_stand_oldest_first_and_only_for_those_who_decide(
    project, other_project, municipality, submit, client_for
):
    submit(other_project, municipality.leader)
    submit(project, municipality.leader)

    assert [card[0] for card in cards(client_for, municipality.manager)] == [
        other_project.name,
        project.name,
    ]
    for who in ("leader", "member", "reader", "director", "admin", "employee"):
        assert cards(client_for, getattr(municipality, who)) == []


@pytest.mark.parametrize(
    ("first", "last", "is_shown"),
    [(0, 0, True), (-3, 3, True), (-3, -1, False), (1, 3, False)],
)
def test_a_deputy_sees_it_during_the_period_only(
    project, municipality, submit, deputise, client_for, first, last, is_shown
):
    submit(project, municipality.leader)
    deputise(municipality.manager, municipality.employee, first, last)

    expected = [(project.name, "Petter Prosjektleder", "Mona Mellomleder", None)]
    assert cards(client_for, municipality.employee) == (expected if is_shown else [])


def test_a_deputy_whose_period_was_ended_or_who_leads_the_project_sees_nothing(
    project, municipality, submit, deputise
):
    submit(project, municipality.leader)
    period = deputise(municipality.manager, municipality.employee)
    deputise(municipality.manager, municipality.leader)
    period.ended_at = timezone.now()
    period.save()

    assert asked_of(municipality.employee) == []
    assert asked_of(municipality.leader) == []


def test_the_inbox_agrees_with_the_service_about_whose_turn_it_is(
    project, municipality, submit, decide, deputise, route
):
    """Chair and quorum: the line manager first, then the owner who leads, and their deputy."""
    route(DecisionRule.CHAIR, 2)
    submission = submit(project, municipality.leader)
    deputise(municipality.director, municipality.employee)
    people = [municipality.manager, municipality.director, municipality.employee]

    def asked():
        return [bool(asked_of(person)) for person in people]

    def served():
        found = []
        for person in people:
            try:
                voting_seat(submission, person)
            except Exception:
                found.append(False)
            else:
                found.append(True)
        return found

    assert asked() == served() == [True, False, False]
    decide(submission, municipality.manager, GateOutcome.REWORK)
    assert asked() == served() == [False, True, True]
    assert [seat.is_last_word for seat in asked_of(municipality.director)] == [True]
    decide(submission, municipality.employee, GateOutcome.REWORK)
    assert asked() == [False, False, False]


def test_the_chair_who_has_voted_is_asked_again_when_the_others_want_something_else(
    project, municipality, submit, decide, route
):
    route(DecisionRule.ALL, 2)
    submission = submit(project, municipality.leader)
    decide(submission, municipality.director, GateOutcome.REWORK)
    assert asked_of(municipality.director) == []
    decide(submission, municipality.manager, GateOutcome.MORE_TESTING) if (
        GateOutcome.MORE_TESTING in walk_of(project).phase("anchoring").gate.outcomes
    ) else decide(
        submission,
        municipality.manager,
        GateOutcome.STOP,
        learnt="Behovet var mindre enn vi trodde.",
    )
    assert [seat.is_last_word for seat in asked_of(municipality.director)] == [True]


def test_who_withdrew_or_decided_takes_it_out_of_the_inbox(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    withdraw_submission(submission=submission, actor=municipality.leader)
    assert asked_of(municipality.manager) == []
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    assert asked_of(municipality.manager) == []


def test_a_place_without_a_decider_waits_for_the_manager_above(
    project, municipality, submit, deputise
):
    submission = submit(project, municipality.leader)
    declare_conflict(submission=submission, reason="Min søster leder.", actor=municipality.manager)

    assert kinds(municipality.director) == [WaitingKind.REPLACEMENT]
    assert kinds(municipality.admin) == [WaitingKind.REPLACEMENT]
    for who in ("manager", "leader", "member", "employee"):
        assert kinds(getattr(municipality, who)) == []
    name_replacement(
        submission=submission,
        decider=submission.deciders.get(),
        user=municipality.employee,
        reason="Kjenner området.",
        actor=municipality.director,
    )
    assert kinds(municipality.director) == []
    assert kinds(municipality.employee) == [WaitingKind.DECISION]


def test_a_closed_decider_is_missing_too(project, municipality, submit):
    submit(project, municipality.leader)
    set_person_active(user=municipality.manager, is_active=False, actor=municipality.admin)
    assert kinds(municipality.director) == [WaitingKind.REPLACEMENT]


def test_questions_wait_for_the_leader_until_they_are_answered(project, municipality, submit):
    submission = submit(project, municipality.leader)
    question = ask(submission=submission, text="Hvem måler?", actor=municipality.manager)
    assert kinds(municipality.leader) == [WaitingKind.QUESTION]
    assert kinds(municipality.member) == []
    answer(question=question, text="Avdelingen.", actor=municipality.leader)
    assert kinds(municipality.leader) == []


def test_a_pause_that_has_come_to_its_date_waits_for_leader_owner_and_manager(
    project, municipality, submit, decide, monkeypatch
):
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.PAUSE,
        review_on=in_days(3),
    )
    assert kinds(municipality.leader) == []

    later = in_days(4)
    monkeypatch.setattr("phases.waiting.timezone.localdate", lambda *_args: later)
    for who in ("leader", "director", "manager"):
        assert kinds(getattr(municipality, who)) == [WaitingKind.PAUSE]
    assert kinds(municipality.member) == []


def test_the_header_counts_decisions(project, municipality, submit, client_for):
    def header(user):
        page = client_for(user).get(INBOX).content.decode()
        return re.findall(r'class="section-count" aria-hidden="true">(\d+)<', page)

    assert header(municipality.manager) == []
    submit(project, municipality.leader)
    # Once for wide windows, once in the menu of narrow ones.
    assert header(municipality.manager) == ["1", "1"]
    assert header(municipality.leader) == []


def _queries(client, url):
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_inbox_costs_the_same_with_ten_and_with_a_hundred_decisions(
    project, municipality, submit, copies, client_for
):
    submission = submit(project, municipality.leader)
    client = client_for(municipality.manager)
    copies(submission, 9)
    few = _queries(client, INBOX)
    copies(submission, 90)
    many = _queries(client, INBOX)

    assert len(asked_of(municipality.manager)) == 100
    assert few == many


@pytest.fixture
def conditions(project, municipality, submit, decide):
    """Makes the leader owner of so many conditions more, due one after the other."""
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Spør ombudet", municipality.leader.pk, in_days(1)),),
    )

    def conditions(number, owner=municipality.leader, first=2):
        Condition.objects.bulk_create(
            Condition(
                decision=decision,
                text=f"Vilkår {each}",
                owner=owner,
                due_on=in_days(first + each),
            )
            for each in range(number)
        )

    return conditions


@pytest.mark.parametrize(
    ("status", "asks"),
    [
        (ProjectStatus.ACTIVE, True),
        (ProjectStatus.PAUSED, True),
        (ProjectStatus.STOPPED, False),
        (ProjectStatus.CLOSED, False),
    ],
)
def test_conditions_of_a_project_that_has_ended_ask_for_nothing_any_more(
    project, municipality, conditions, client_for, status, asks
):
    leader = municipality.leader
    conditions(1)
    Project.objects.filter(pk=project.pk).update(status=status)

    assert (WaitingKind.CONDITION in kinds(leader)) is asks
    page = client_for(leader).get(TASKS)
    texts = [each.text for each in page.context["lines"]]
    assert ("Meet the condition: Spør ombudet" in texts) is asks
    start = client_for(leader).get(reverse("start")).content.decode()
    assert ("Spør ombudet" in start) is asks
    told = [line.text for line in digest_lines(leader, timezone.now())]
    assert any("due within a week" in text for text in told) is asks


def test_ten_thousand_tasks_come_in_pages_for_the_same_number_of_queries(
    municipality, conditions, client_for
):
    client = client_for(municipality.leader)
    conditions(10)
    few = _queries(client, TASKS)
    conditions(9_989)
    page = client.get(TASKS)

    assert _queries(client, TASKS) == few
    assert page.context["page_obj"].paginator.count == 10_000
    assert [each.text for each in page.context["lines"]][:2] == [
        "Meet the condition: Spør ombudet",
        "Meet the condition: Vilkår 0",
    ]
    assert len(page.context["lines"]) == 50
    last = client.get(TASKS, {"page": "200"})
    assert len(last.context["lines"]) == 50


def _lines(client_for, user, **filters):
    page = client_for(user).get(TASKS, filters)
    return [(each.text, each.who, each.is_overdue) for each in page.context["lines"]]


def test_conditions_steps_and_measures_stand_in_one_list(
    project, municipality, conditions, client_for
):
    ProjectStep.objects.filter(project=project, step_key="plan-pilot").update(
        responsible=municipality.member, due_on=in_days(-2), status="in_progress"
    )
    written = {
        "project": project,
        "created_by": municipality.leader,
        "updated_by": municipality.leader,
    }
    benefit = Benefit.objects.create(
        title="Tryggere netter", code="G1", category="quality", owner=municipality.member, **written
    )
    Indicator.objects.create(
        benefit=benefit,
        name="Nattbesøk",
        unit="besøk",
        target_value=3,
        target_on=in_days(-1),
        responsible=municipality.leader,
        **written,
    )
    conditions(1, owner=municipality.member, first=30)
    step = walk_of(project).step("plan-pilot").entry
    mine = [
        ("Measure “Nattbesøk”", "", True),
        ("Meet the condition: Spør ombudet", "", False),
    ]
    of_everybody = [
        (f"Step {step.label} {step.title}", "Mats Medlem", True),
        *mine,
        ("Meet the condition: Vilkår 0", "Mats Medlem", False),
    ]

    leader = municipality.leader
    assert _lines(client_for, leader) == mine
    assert _lines(client_for, leader, whose="everybody") == of_everybody
    assert _lines(client_for, leader, whose="everybody", when="overdue") == of_everybody[:2]
    assert _lines(client_for, leader, whose="everybody", when="week") == of_everybody[2:3]
    assert _lines(client_for, leader, whose="everybody", when="later") == of_everybody[3:]
    assert _lines(client_for, leader, whose="nonsense", when="nonsense") == mine
    # Who leads nothing has no "everybody".
    assert _lines(client_for, municipality.member, whose="everybody") == [
        (of_everybody[0][0], "", True),
        (of_everybody[3][0], "", False),
    ]


def test_empty_pages_say_what_comes_there(municipality, client_for):
    page = client_for(municipality.employee).get(INBOX).content.decode()
    assert "No decision waits for you now." in page
    page = client_for(municipality.employee).get(TASKS).content.decode()
    assert "Nothing to do" in page
    page = client_for(municipality.employee).get(TASKS, {"when": "later"}).content.decode()
    assert "Nothing is due in the time that you chose." in page


def test_names_of_projects_are_text(project, municipality, submit, client_for):
    project.name = "<b>Tilsyn</b>"
    project.save()
    submit(project, municipality.leader)
    page = client_for(municipality.manager).get(INBOX).content.decode()
    assert "&lt;b&gt;Tilsyn&lt;/b&gt;" in page
    assert "<b>Tilsyn</b>" not in page


def test_the_start_page_shows_the_first_of_the_same_list(municipality, conditions, client_for):
    conditions(11)
    page = client_for(municipality.leader).get("/")
    assert len(page.context["waiting"]) == 8
    assert page.context["more_waiting"] == 4


def test_a_leader_elsewhere_does_not_see_what_others_do(
    project, foreign_project, municipality, neighbour, conditions, client_for
):
    conditions(1)
    assert _lines(client_for, neighbour.leader, whose="everybody") == []
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    assert _lines(client_for, municipality.employee, whose="everybody") == []


def test_tasks_of_a_project_that_rests_do_not_wait(project, municipality, client_for):
    ProjectStep.objects.filter(project=project, step_key="plan-pilot").update(
        responsible=municipality.leader, due_on=in_days(2), status="in_progress"
    )
    set_project_status(project=project, status="paused", actor=municipality.manager)
    assert _lines(client_for, municipality.leader) == []
