"""The overview of a project, its phases, and what stands around every page in it."""

import datetime

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.policy import ProjectRole
from methodology.enums import GateMode, GateOutcome
from methodology.models import MethodVersion
from phases.enums import PhaseState, StepStatus
from phases.frame import (
    current_label,
    frame_of,
    header_status,
    menu_items,
    missing_in_tools,
    phase_marks,
    tool_cards,
)
from phases.gates import ConditionDraft
from phases.models import ProjectPhase, ProjectStep
from phases.rules import NextKind
from phases.selectors import walk_of
from phases.services import close_phase, propose_appointment, set_project_gate_mode
from projects.enums import ProjectStatus
from projects.selectors import waiting_proposals
from tools.enums import SlotCondition
from tools.models import SlotState


@pytest.fixture
def url(project):
    return reverse("phases:project", args=[project.pk])


def marks(project):
    return [
        (mark.state, mark.state_label, mark.gate_label, mark.gate_tone)
        for mark in phase_marks(walk_of(project))
    ]


NEEDED = ("waiting", "Not started", "Decision needed", "neutral")
ADVISED = ("waiting", "Not started", "Decision advised", "neutral")


def test_everybody_in_the_project_reads_the_overview(url, municipality, client_for):
    for who in ("leader", "member", "reader", "manager", "director", "admin"):
        assert client_for(getattr(municipality, who)).get(url).status_code == 200


def test_strangers_get_nothing(url, project, municipality, neighbour, client_for):
    phase = reverse("phases:phase", args=[project.pk, "anchoring"])
    for stranger in (municipality.employee, neighbour.leader, neighbour.admin):
        assert client_for(stranger).get(url).status_code == 404
        assert client_for(stranger).get(phase).status_code == 404


def test_an_unknown_phase_is_not_found(project, municipality, client_for):
    url = reverse("phases:phase", args=[project.pk, "no-such-phase"])

    assert client_for(municipality.leader).get(url).status_code == 404


def test_the_overview_says_what_comes_next_and_what_is_missing(url, municipality, client_for):
    page = client_for(municipality.leader).get(url)

    overview = page.context["overview"]
    severities = [item.severity for item in overview.missing]
    assert overview.next.kind is NextKind.STEP
    assert severities == sorted(severities, key=["must", "should"].index)
    assert len(overview.missing) == len(overview.readiness.readiness.blockers) + len(
        overview.readiness.readiness.warnings
    )
    assert "Nattbesøk vekker dem som sover." in page.content.decode()


def test_the_overview_names_everybody_and_the_proposals_that_wait(
    project, url, municipality, client_for
):
    propose_appointment(
        project=project,
        role=ProjectRole.OWNER,
        user=municipality.employee,
        actor=municipality.leader,
    )

    page = client_for(municipality.reader).get(url)

    assert [
        (role.role, [user.name for user in role.people], role.proposal)
        for role in page.context["overview"].roles
    ] == [
        (ProjectRole.LEADER, ["Petter Prosjektleder"], None),
        (ProjectRole.OWNER, ["Dagny Direktør"], waiting_proposals(project).get()),
        (ProjectRole.LINE_MANAGER, ["Mona Mellomleder"], None),
        (ProjectRole.MEMBER, ["Mats Medlem"], None),
        (ProjectRole.READER, ["Lise Leser"], None),
    ]
    assert "Anne Ansatt is proposed" in page.content.decode()


def test_the_overview_lists_dated_steps_and_conditions_nearest_first(
    project, url, municipality, client_for, submit, decide
):
    today = timezone.localdate()
    soon, late = today + datetime.timedelta(days=3), today - datetime.timedelta(days=2)
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Spør ombudet", municipality.leader.pk, soon),),
    )
    step = walk_of(project).phase("insight").steps[0].row
    step.due_on = late
    step.save()

    overview = client_for(municipality.leader).get(url).context["overview"]

    entry = walk_of(project).step(step.step_key).entry
    assert [(date.text, date.on, date.is_overdue) for date in overview.dates] == [
        (f"{entry.label} {entry.title}", late, True),
        ("Spør ombudet", soon, False),
    ]


def test_a_submitted_phase_waits_for_its_decider_and_is_not_measured_again(
    project, url, municipality, client_for, submit
):
    submission = submit(project, municipality.leader)

    page = client_for(municipality.leader).get(url)

    overview = page.context["overview"]
    assert (overview.next.kind, overview.next.who, overview.next.since, overview.readiness) == (
        NextKind.WAIT,
        "Mona Mellomleder",
        submission.submitted_at,
        None,
    )
    assert overview.next.url == reverse("phases:review", args=[project.pk, submission.pk])


def test_the_latest_changes_are_sentences_with_places(project, url, municipality, client_for):
    close_phase(
        project=project, phase_key="anchoring", sentence="Enige.", actor=municipality.leader
    )

    changes = client_for(municipality.reader).get(url).context["changes"]

    title = walk_of(project).phase("anchoring").entry.title
    assert [(change.line.text, change.url) for change in changes][:2] == [
        (
            f"Petter Prosjektleder closed {title} without a decision.",
            reverse("phases:phase", args=[project.pk, "anchoring"]),
        ),
        (
            "Petter Prosjektleder gave Lise Leser the role reader.",
            reverse("projects:team", args=[project.pk]),
        ),
    ]


def test_the_overview_asks_a_constant_number_of_questions(
    project, url, municipality, client_for, submit, decide
):
    client = client_for(municipality.leader)
    counts = []
    for phase_key in ("anchoring", "insight"):
        decide(
            submit(project, municipality.leader, phase_key=phase_key),
            municipality.manager,
            GateOutcome.GO_WITH_CONDITIONS,
            conditions=(
                ConditionDraft("Spør ombudet", municipality.leader.pk, timezone.localdate()),
            ),
        )
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts == [47, 47]


# --- the frame -----------------------------------------------------------------------------------


def test_the_marks_of_a_new_project_say_how_binding_each_gate_is(project):
    assert marks(project) == [
        ("current", "In progress", "Decision advised", "neutral"),
        ADVISED,
        ADVISED,
        NEEDED,
        NEEDED,
        ADVISED,
    ]


def test_the_marks_say_what_was_decided(project, municipality, submit, decide):
    condition = ConditionDraft("Spør ombudet", municipality.leader.pk, timezone.localdate())
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(condition,),
    )
    close_phase(project=project, phase_key="insight", sentence="Enige.", actor=municipality.leader)
    submit(project, municipality.leader)

    assert marks(project)[:4] == [
        ("done", "Completed", "Approved with conditions", "success"),
        ("done", "Completed", "Closed without decision", "neutral"),
        ("current", "Waiting for decision", "Waiting for decision", "accent"),
        NEEDED,
    ]


def test_the_marks_say_that_a_phase_was_opened_again(
    project, municipality, walk_to, submit, decide
):
    walk_to(project, "piloting", municipality.leader)
    decide(
        submit(project, municipality.leader, GateOutcome.BACK),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="service-development",
    )

    assert marks(project)[1:5] == [
        ("done", "Completed", "Closed without decision", "neutral"),
        ("reopened", "In progress, round 2", "Decision advised", "neutral"),
        NEEDED,
        NEEDED,
    ]


def test_the_marks_of_paused_and_stopped_projects(
    project, other_project, municipality, submit, decide
):
    later = timezone.localdate() + datetime.timedelta(days=30)
    manager = municipality.manager
    decide(submit(project, municipality.leader), manager, GateOutcome.PAUSE, review_on=later)
    decide(submit(other_project, municipality.leader), manager, GateOutcome.STOP, learnt="Mye.")
    project.refresh_from_db()
    other_project.refresh_from_db()

    assert marks(project)[0] == ("paused", "Paused", "Pause", "neutral")
    assert marks(other_project)[0] == ("stopped", "Stopped", "Stop", "neutral")
    assert header_status(walk_of(project)) is ProjectStatus.PAUSED
    assert current_label(walk_of(other_project)) == "Stopped"


def test_the_header_shows_a_decision_that_is_waited_for(project, municipality, submit):
    title = walk_of(project).phase("anchoring").entry.title
    assert header_status(walk_of(project)) is ProjectStatus.ACTIVE
    assert current_label(walk_of(project)) == f"Phase 1 of 6: {title}"

    submit(project, municipality.leader)

    assert header_status(walk_of(project)) is PhaseState.SUBMITTED


def test_the_mark_of_a_gate_that_is_switched_off(project, municipality):
    set_project_gate_mode(
        project=project,
        phase_key="anchoring",
        mode=GateMode.OFF,
        reason="Lite prosjekt.",
        actor=municipality.director,
    )

    assert marks(project)[0] == ("current", "In progress", "No decision point", "neutral")


def _menu(project, path):
    request = RequestFactory().get(path)
    return menu_items(frame_of(request, project), request)


def test_the_menu_opens_the_current_phase_and_the_one_that_is_looked_at(project):
    def opened(path):
        return [
            (
                item.label,
                item.is_current,
                [child.label for child in item.children if child.is_current],
            )
            for item in _menu(project, path)
            if item.children or item.is_current
        ]

    walk = walk_of(project)
    first, fourth = walk.phases[0].entry, walk.phases[3].entry
    step = fourth.steps[1]
    here = (f"1 {first.title}", False, [])

    assert opened(reverse("phases:project", args=[project.pk])) == [("Overview", True, []), here]
    assert opened(reverse("phases:phase", args=[project.pk, first.key])) == [
        (f"1 {first.title}", True, [])
    ]
    assert opened(reverse("phases:step", args=[project.pk, step.key])) == [
        here,
        (f"4 {fourth.title}", False, [f"4.2 {step.title}"]),
    ]
    assert opened(reverse("phases:gate", args=[project.pk, fourth.key])) == [
        here,
        (f"4 {fourth.title}", False, ["Decision point"]),
    ]


def test_the_menu_counts_what_the_tools_miss_except_where_they_are_not_relevant(
    project, municipality
):
    def count():
        frame = frame_of(RequestFactory().get("/"), project)
        tools = next(item for item in _menu(project, "/") if item.label == "Tools")
        assert tools.count == missing_in_tools(frame)
        return tools.count

    before = count()
    slot = next(slot for slot in walk_of(project).catalogue.slots if slot.tool == "benefits")
    SlotState.objects.create(
        project=project,
        slot_key=slot.key,
        is_not_relevant=True,
        not_relevant_reason="Ingen gevinster her.",
        updated_by=municipality.leader,
    )

    frame = frame_of(RequestFactory().get("/"), project)
    state = frame.tool_state("benefits")
    assert before - count() == len([f for f in state.findings if f.weight == "missing"]) > 0
    card = tool_cards(frame, [slot])[0]
    assert (card.condition, card.reason) == (SlotCondition.NOT_RELEVANT, "Ingen gevinster her.")


def test_tools_without_a_page_have_guidance_and_notes(project, municipality):
    # The first version has no worksheets.
    project.method_version = MethodVersion.objects.select_related("method").get(
        method__key="ks-veikart", number=1
    )
    project.save()
    slot = next(slot for slot in walk_of(project).catalogue.slots if slot.tool == "planning")

    def card():
        return tool_cards(frame_of(RequestFactory().get("/"), project), [slot])[0]

    assert (card().condition, card().url) == (
        SlotCondition.NO_PAGE,
        reverse("tools:slot", args=[project.pk, slot.key]),
    )
    SlotState.objects.create(
        project=project, slot_key=slot.key, note="Plan i Teams.", updated_by=municipality.leader
    )
    assert card().condition is SlotCondition.NOTED


def test_the_frame_is_read_once_per_request(project):
    request = RequestFactory().get("/")
    frame_of(request, project)

    with CaptureQueriesContext(connection) as queries:
        frame_of(request, project)

    assert len(queries) == 0


# --- a phase -------------------------------------------------------------------------------------


def test_the_phase_page_shows_steps_tools_gate_and_every_round(
    project, municipality, client_for, walk_to, submit, decide
):
    walk_to(project, "piloting", municipality.leader)
    decision = decide(
        submit(project, municipality.leader, GateOutcome.BACK),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="service-development",
    )
    ProjectStep.objects.filter(project=project, step_key="plan-pilot").update(
        status=StepStatus.NOT_RELEVANT, not_relevant_reason="Piloten er planlagt."
    )

    page = client_for(municipality.reader).get(
        reverse("phases:phase", args=[project.pk, "piloting"])
    )

    text = page.content.decode()
    assert [row.iteration for row in page.context["rounds"]] == [2, 1]
    assert reverse("phases:decision", args=[project.pk, decision.pk]) in text
    assert "Piloten er planlagt." in text
    assert page.context["decision"] is None
    assert [card.title for card in page.context["slots"]] == [
        slot.title for slot in walk_of(project).phase("piloting").entry.slots
    ]


def test_the_phase_page_names_who_closed_it_and_why(project, municipality, client_for):
    close_phase(
        project=project, phase_key="anchoring", sentence="Vi er enige.", actor=municipality.leader
    )

    page = client_for(municipality.member).get(
        reverse("phases:phase", args=[project.pk, "anchoring"])
    )

    assert "Closed without a decision by Petter Prosjektleder: “Vi er enige.”" in " ".join(
        page.content.decode().split()
    )


def test_the_phase_page_asks_a_constant_number_of_questions(
    project, municipality, client_for, walk_to
):
    client = client_for(municipality.leader)
    walk_to(project, "insight", municipality.leader)
    counts = []
    for key in ("anchoring", "piloting"):
        url = reverse("phases:phase", args=[project.pk, key])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts == [28, 28]
    assert ProjectPhase.objects.filter(project=project).count() == 6
