"""A gate that comes again: each review is a submission of its own, and the phase goes on."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.due import pauses_to_review, reviews_of, reviews_to_hold
from phases.enums import PhaseState
from phases.frame import frame_of
from phases.gates import ConditionDraft
from phases.models import Condition, ProjectPhase
from phases.overview import overview_of
from phases.readiness import readiness_of
from phases.record import content_of
from phases.rules import NextKind, next_thing
from phases.selectors import walk_of
from phases.services import resume_project
from phases.situations import situations_of
from projects.models import Project
from tests.phases.gate_pages import gate_url

LAST = "new-practice"


@pytest.fixture
def in_operation(project):
    """A project that came to the last phase seven months ago: its first review is overdue."""
    rows = ProjectPhase.objects.filter(project=project)
    rows.exclude(phase_key=LAST).update(status="completed", closed_on=timezone.localdate())
    rows.filter(phase_key=LAST).update(
        status="active", started_on=timezone.localdate() - datetime.timedelta(days=7 * 31)
    )
    return Project.objects.select_related("organisation", "unit").with_method().get(pk=project.pk)


def held(project):
    return [bool(review.held_on) for review in reviews_of(walk_of(project).phase(LAST))]


def next_of(project):
    walk = walk_of(project)
    return next_thing(situations_of([walk])[project.pk], timezone.localdate())


def test_continue_holds_the_review_and_the_phase_goes_on(
    in_operation, municipality, submit, decide
):
    assert held(in_operation) == [False, False, False]
    first = submit(in_operation, municipality.leader, GateOutcome.CONTINUE)
    decision = decide(first, municipality.manager, GateOutcome.CONTINUE)
    phase = walk_of(in_operation).current
    assert (phase.entry.key, phase.state, phase.row.iteration) == (LAST, PhaseState.ACTIVE, 1)
    assert held(in_operation) == [True, False, False]
    second = submit(in_operation, municipality.leader, GateOutcome.CONTINUE)
    assert (second.pk != first.pk, second.record.sequence) == (
        True,
        decision.record.sequence + 1,
    )


def test_corrective_action_takes_conditions_and_the_phase_goes_on(
    in_operation, municipality, submit, decide
):
    due_on = timezone.localdate() + datetime.timedelta(days=30)
    submission = submit(in_operation, municipality.leader, GateOutcome.CORRECTIVE)
    with pytest.raises(Refusal, match="Write at least one condition"):
        decide(submission, municipality.manager, GateOutcome.CORRECTIVE)
    decide(
        submission,
        municipality.manager,
        GateOutcome.CORRECTIVE,
        conditions=(ConditionDraft("Mål svartiden på nytt", municipality.member.pk, due_on),),
    )
    assert [(each.text, each.owner) for each in Condition.objects.all()] == [
        ("Mål svartiden på nytt", municipality.member)
    ]
    assert (walk_of(in_operation).current.state, held(in_operation)) == (
        PhaseState.ACTIVE,
        [True, False, False],
    )


def test_the_project_is_closed_at_a_review(in_operation, municipality, submit, decide):
    submission = submit(in_operation, municipality.leader, GateOutcome.CLOSED)
    decide(submission, municipality.manager, GateOutcome.CLOSED)
    in_operation.refresh_from_db()
    assert (in_operation.status, walk_of(in_operation).current) == ("closed", None)


def test_going_back_from_a_review_begins_the_reviews_anew(
    in_operation, municipality, submit, decide
):
    decide(
        submit(in_operation, municipality.leader, GateOutcome.BACK),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="service-development",
    )
    walk = walk_of(in_operation)
    assert (walk.current.entry.key, walk.phase(LAST).row.iteration) == ("service-development", 2)
    assert reviews_of(walk.phase(LAST)) == ()


def test_an_overdue_review_comes_before_the_steps(in_operation):
    found = next_of(in_operation)
    assert (found.kind, found.text, found.is_overdue) == (
        NextKind.REVIEW,
        "Hold the review after 6 months",
        True,
    )
    [waiting] = reviews_to_hold([walk_of(in_operation)], timezone.localdate())
    assert (waiting.review.months, waiting.walk.project) == (6, in_operation)


def test_a_submitted_review_is_not_asked_for_again(in_operation, municipality, submit):
    submit(in_operation, municipality.leader, GateOutcome.CONTINUE)
    assert next_of(in_operation).kind is NextKind.WAIT
    assert reviews_to_hold([walk_of(in_operation)], timezone.localdate()) == []


def test_open_steps_do_not_stand_in_the_way_of_a_review(in_operation):
    walk = walk_of(in_operation)
    found = readiness_of(walk, walk.phase(LAST)).readiness
    assert all(item.criterion for item in (*found.blockers, *found.warnings))


def test_the_pages_say_when_the_reviews_are(in_operation, municipality, client_for):
    client = client_for(municipality.reader)
    pages = [
        client.get(url).content.decode()
        for url in (
            reverse("phases:project", args=[in_operation.pk]),
            reverse("phases:phase", args=[in_operation.pk, LAST]),
            gate_url(in_operation, LAST),
        )
    ]
    for page in pages:
        assert ("After 6 months" in page, "Past its date" in page) == (True, True)
    assert "Review after 6 months" in pages[0]


def test_the_leader_recommends_and_the_manager_decides_corrective_action_on_the_pages(
    in_operation, municipality, client_for, submit
):
    submission = submit(in_operation, municipality.leader, GateOutcome.CORRECTIVE)
    url = reverse("phases:decide", args=[in_operation.pk, submission.pk])
    due_on = timezone.localdate() + datetime.timedelta(days=10)
    sent = {
        "outcome": "corrective",
        "rationale": "Svartiden går feil vei.",
        "condition-0-text": "Mål svartiden på nytt",
        "condition-0-owner": municipality.member.pk,
        "condition-0-due_on": due_on.isoformat(),
        "condition_rows": 3,
        "action": "look",
    }
    client = client_for(municipality.manager)
    page = client.post(url, sent).content.decode()
    assert "The review is held, and fase 6, Ny praksis goes on." in page
    assert "1 condition becomes a task." in page
    assert client.post(url, {**sent, "action": "confirm"}).status_code == 302
    assert Condition.objects.get().due_on == due_on


# --- pauses --------------------------------------------------------------------------------------


def test_a_pause_is_to_be_looked_at_from_its_date_on(project, municipality, submit, decide):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    decision = decide(
        submit(project, municipality.leader, GateOutcome.PAUSE),
        municipality.manager,
        GateOutcome.PAUSE,
        review_on=tomorrow,
    )
    assert pauses_to_review(timezone.localdate()) == []
    [found] = pauses_to_review(tomorrow)
    assert (found.project, found.decision, found.review_on) == (project, decision, tomorrow)
    assert found.is_overdue(tomorrow) is False
    assert municipality.manager in [each.user for each in found.project.current_members]


def test_a_project_that_was_resumed_is_not_looked_at_again(
    project, municipality, submit, decide, django_assert_num_queries
):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    decide(
        submit(project, municipality.leader, GateOutcome.PAUSE),
        municipality.manager,
        GateOutcome.PAUSE,
        review_on=tomorrow,
    )
    paused = Project.objects.select_related("organisation").with_method().get(pk=project.pk)
    resume_project(project=paused, actor=municipality.manager)
    with django_assert_num_queries(1):
        assert pauses_to_review(tomorrow) == []


def test_the_overview_has_no_reviews_where_the_gate_is_passed_once(project, rf, municipality):
    request = rf.get("/")
    assert overview_of(frame_of(request, project)).reviews == ()


def test_the_record_says_which_review_it_is(in_operation, municipality, submit, decide, client_for):
    first = submit(in_operation, municipality.leader, GateOutcome.CONTINUE)
    decide(first, municipality.manager, GateOutcome.CONTINUE)
    second = submit(in_operation, municipality.leader, GateOutcome.CONTINUE)
    assert [content_of(each.record)["gate"]["review"]["months"] for each in (first, second)] == [
        6,
        12,
    ]
    page = client_for(municipality.manager).get(
        reverse("phases:review", args=[in_operation.pk, second.pk])
    )
    assert "After 12 months" in page.content.decode()
