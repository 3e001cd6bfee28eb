"""What a project has said stays and can be read when its method gets or loses content."""

import pytest
from django.urls import reverse

from methodology.enums import GateMode, GateOutcome
from phases.enums import PhaseState, PhaseStatus, StepStatus
from phases.gate_history import gate_events
from phases.models import CriterionAnswer, ProjectGateMode, ProjectPhase, ProjectStep
from phases.selectors import walk_of
from phases.services import (
    answer_criterion,
    close_phase,
    ensure_walk,
    set_project_gate_mode,
    update_step,
)
from tests.revised import moved, revised, with_more, without_phase, without_step
from tools.models import SlotState


def rows(project):
    return (
        list(ProjectPhase.objects.filter(project=project).values_list("phase_key", "status")),
        list(ProjectStep.objects.filter(project=project).values_list("step_key", flat=True)),
    )


def test_a_walk_shows_new_content_before_it_has_a_row(project, ks_version):
    before = rows(project)
    walk = walk_of(moved(project, revised(ks_version, with_more)))
    phase, step = walk.phase("second-thoughts"), walk.step("look-twice")
    assert (phase.state, phase.mode, phase.row.pk, step.status, step.row.pk) == (
        PhaseState.WAITING,
        GateMode.ADVISORY,
        None,
        StepStatus.NOT_STARTED,
        None,
    )
    assert rows(project) == before


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("phases:project", []),
        ("phases:phase", ["second-thoughts"]),
        ("phases:gate", ["second-thoughts"]),
        ("phases:step", ["look-twice"]),
        ("phases:decisions", []),
        ("tools:index", []),
    ],
)
def test_pages_show_new_content_before_it_has_a_row(
    project, municipality, ks_version, client_for, name, more
):
    moved(project, revised(ks_version, with_more))
    page = client_for(municipality.leader).get(reverse(name, args=[project.pk, *more]))
    assert page.status_code == 200


def test_missing_rows_are_made_once_and_wait(project, ks_version):
    (phases, steps), project = rows(project), moved(project, revised(ks_version, with_more))
    ensure_walk(project)
    ensure_walk(project)
    assert rows(project) == (
        [*phases, ("second-thoughts", PhaseStatus.WAITING)],
        [*steps, "look-twice", "think-again"],
    )


def test_the_first_words_about_a_new_step_make_its_row(
    project, municipality, ks_version, client_for
):
    moved(project, revised(ks_version, with_more))
    url = reverse("phases:step", args=[project.pk, "look-twice"])
    response = client_for(municipality.leader).post(url, {"status": "done", "notes": "Sett på."})
    assert response.status_code == 302
    step = ProjectStep.objects.get(project=project, step_key="look-twice")
    assert (step.status, step.notes) == ("done", "Sett på.")


def test_the_first_answer_in_a_new_phase_makes_its_round(project, municipality, ks_version):
    phase = walk_of(moved(project, revised(ks_version, with_more))).phase("second-thoughts")
    key = phase.gate.criteria[0].key
    answer_criterion(
        answer=CriterionAnswer(project_phase=phase.row, criterion_key=key, status="met"),
        actor=municipality.leader,
    )
    answer = CriterionAnswer.objects.get(project_phase__phase_key="second-thoughts")
    assert (answer.criterion_key, answer.project_phase.iteration) == (key, 1)


def test_a_new_phase_starts_when_the_one_before_it_is_closed(project, municipality, ks_version):
    project = moved(project, revised(ks_version, with_more))
    walk = close_phase(
        project=project, phase_key="anchoring", sentence="Ferdig.", actor=municipality.leader
    )
    assert walk.current.entry.key == "second-thoughts"


def test_going_back_past_a_new_phase_gives_it_no_second_round(
    project, municipality, ks_version, walk_to, submit, decide
):
    walk_to(project, "insight", municipality.leader)
    submission = submit(project, municipality.leader, GateOutcome.BACK)
    moved(project, revised(ks_version, with_more))
    decide(submission, municipality.manager, GateOutcome.BACK, target_phase="anchoring")
    project.refresh_from_db()
    assert [
        (phase.entry.key, phase.row.iteration, phase.state) for phase in walk_of(project).phases
    ][:3] == [
        ("anchoring", 2, PhaseState.ACTIVE),
        ("second-thoughts", 1, PhaseState.WAITING),
        ("insight", 2, PhaseState.WAITING),
    ]


def test_what_was_said_about_a_step_that_is_gone_is_kept(project, municipality, ks_version):
    step = walk_of(project).step("map-related-projects").row
    step.notes = "Nabokommunen har prøvd."
    update_step(step=step, actor=municipality.leader, changed=["notes"])
    project = moved(project, revised(ks_version, without_step("anchoring", step.step_key)))
    ensure_walk(project)
    walk = walk_of(project)
    assert [(each.step_key, each.notes) for each in walk.former_steps] == [
        ("map-related-projects", "Nabokommunen har prøvd.")
    ]
    with pytest.raises(KeyError):
        walk.step("map-related-projects")


def test_a_step_that_is_gone_has_no_page(project, municipality, ks_version, client_for):
    moved(project, revised(ks_version, without_step("anchoring", "map-related-projects")))
    url = reverse("phases:step", args=[project.pk, "map-related-projects"])
    assert client_for(municipality.leader).get(url).status_code == 404


def test_what_happened_in_a_phase_that_is_gone_is_told_by_its_name(
    project, municipality, ks_version, submit, decide
):
    set_project_gate_mode(
        project=project,
        phase_key="anchoring",
        mode=GateMode.MANDATORY,
        reason="Stort prosjekt.",
        actor=municipality.director,
    )
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    decide(
        submit(project, municipality.leader, GateOutcome.STOP),
        municipality.manager,
        GateOutcome.STOP,
        learnt="For tidlig.",
    )
    title = walk_of(project).phase("anchoring").entry.title
    walk = walk_of(moved(project, revised(ks_version, without_phase("anchoring"))))
    assert [row.phase_key for row in walk.former_rounds] == ["anchoring"]
    assert [
        (event.phase.title, event.phase.number, event.outcome or event.mode)
        for event in gate_events(walk)
    ] == [
        (title, 1, GateOutcome.STOP),
        (title, 1, GateOutcome.REWORK),
        (title, 1, GateMode.MANDATORY),
    ]


def test_a_key_that_no_version_has_is_its_own_name(project, municipality):
    ProjectGateMode.objects.create(
        project=project,
        gate_key="gate-of-old",
        mode=GateMode.OFF,
        reason="Prøvd.",
        set_by=municipality.director,
    )
    (event,) = gate_events(walk_of(project))
    assert (event.phase.key, event.phase.title) == ("gate-of-old", "gate-of-old")


def test_a_note_about_a_tool_that_is_gone_disturbs_no_page(project, municipality, client_for):
    SlotState.objects.create(
        project=project, slot_key="slide-rule", note="I skuffen.", updated_by=municipality.leader
    )
    client = client_for(municipality.leader)
    for name in ("phases:project", "tools:index"):
        assert client.get(reverse(name, args=[project.pk])).status_code == 200
