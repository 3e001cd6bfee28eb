import datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.policy import ProjectRole
from common.outcomes import Refusal, StaleRow
from methodology.enums import GateMode
from phases.enums import PhaseState, PhaseStatus, StepStatus
from phases.models import ProjectPhase, ProjectStep
from phases.selectors import walk_of, walks_of
from phases.services import (
    close_phase,
    set_organisation_gate_mode,
    set_project_gate_mode,
    start_project,
    update_step,
)
from projects.enums import ProjectStatus
from projects.models import AppointmentProposal, Membership, Project
from projects.selectors import holder


def start(municipality, version, **changes):
    return start_project(
        **{
            "unit": municipality.home_care,
            "name": "Digital søknad",
            "problem": "Papirsøknader tar tre uker.",
            "goal": "Svar innen to dager.",
            "method_version": version,
            "document_language": "nb",
            "starts_on": datetime.date(2026, 2, 2),
            "leader": municipality.leader,
            "actor": municipality.leader,
            **changes,
        }
    )


def test_starting_a_project_creates_its_whole_walk(municipality, ks_version):
    project = start(municipality, ks_version).project
    walk = walk_of(project)
    assert [phase.entry.key for phase in walk.phases] == [
        "anchoring",
        "insight",
        "service-development",
        "piloting",
        "transition",
        "new-practice",
    ]
    assert [phase.state for phase in walk.phases] == [PhaseState.ACTIVE] + [PhaseState.WAITING] * 5
    assert sum(len(phase.steps) for phase in walk.phases) == 29
    assert walk.phases[0].row.started_on == datetime.date(2026, 2, 2)


def test_the_unit_manager_becomes_line_manager_and_the_one_above_owner(municipality, ks_version):
    project = start(municipality, ks_version).project
    assert holder(project, ProjectRole.LINE_MANAGER) == municipality.manager
    assert holder(project, ProjectRole.OWNER) == municipality.director


def test_a_manager_who_leads_the_project_is_passed_over(municipality, ks_version):
    project = start(municipality, ks_version, leader=municipality.manager).project
    assert holder(project, ProjectRole.LINE_MANAGER) == municipality.director


def test_another_line_manager_waits_for_the_unit_manager(municipality, ks_version):
    started = start(municipality, ks_version, line_manager=municipality.employee)
    assert [(each.role, each.user) for each in started.proposals] == [
        (ProjectRole.LINE_MANAGER, municipality.employee)
    ]
    assert holder(started.project, ProjectRole.LINE_MANAGER) == municipality.manager


def test_nothing_is_created_when_one_part_is_refused(municipality, ks_version):
    with pytest.raises(Refusal, match="cannot both lead the project"):
        start(municipality, ks_version, line_manager=municipality.leader)
    with pytest.raises(ValidationError, match="must not be before the start date"):
        start(municipality, ks_version, ends_on=datetime.date(2026, 1, 1))
    assert Project.objects.count() == 0
    assert ProjectPhase.objects.count() == 0
    assert Membership.objects.count() == 0
    assert AppointmentProposal.objects.count() == 0


def test_a_walk_takes_the_same_queries_for_one_and_for_three_projects(
    project, make_project, django_assert_num_queries
):
    projects = [project, make_project("To"), make_project("Tre")]
    full = list(
        Project.objects.filter(pk__in=[each.pk for each in projects]).select_related(
            "method_version__method"
        )
    )
    walk_of(full[0])
    with django_assert_num_queries(5):
        walks_of(full[:1])
    with django_assert_num_queries(5):
        walks_of(full)


def test_the_leader_closes_an_advisory_phase_with_a_sentence(project, municipality):
    walk = close_phase(
        project=project,
        phase_key="anchoring",
        sentence="Forankret i ledermøtet.",
        actor=municipality.leader,
    )
    closed = walk.phase("anchoring")
    assert (closed.state, closed.is_closed_without_decision, closed.row.closing_sentence) == (
        PhaseState.COMPLETED,
        True,
        "Forankret i ledermøtet.",
    )
    assert walk.current.entry.key == "insight"


@pytest.mark.parametrize(
    ("phase_key", "sentence", "reason"),
    [
        ("anchoring", "  ", "Say in a sentence"),
        ("insight", "Ferdig.", "has not started"),
    ],
)
def test_closing_is_refused_with_the_reason(project, municipality, phase_key, sentence, reason):
    with pytest.raises(Refusal, match=reason):
        close_phase(
            project=project, phase_key=phase_key, sentence=sentence, actor=municipality.leader
        )


@pytest.mark.parametrize("who", ["member", "reader", "manager", "director", "admin", "employee"])
def test_only_a_leader_closes_a_phase(project, municipality, who):
    with pytest.raises(Refusal, match="The project leader closes this"):
        close_phase(
            project=project,
            phase_key="anchoring",
            sentence="Ferdig.",
            actor=getattr(municipality, who),
        )


def test_a_mandatory_gate_cannot_be_closed_without_a_decision(project, municipality, walk_to):
    walk_to(project, "piloting", municipality.leader)
    with pytest.raises(Refusal, match="mandatory"):
        close_phase(
            project=project, phase_key="piloting", sentence="Ferdig.", actor=municipality.leader
        )


def test_closing_the_last_phase_closes_the_project(project, municipality, walk_to):
    for phase_key in ("piloting", "transition"):
        set_project_gate_mode(
            project=project,
            phase_key=phase_key,
            mode=GateMode.ADVISORY,
            reason="Lite prosjekt.",
            actor=municipality.director,
        )
    walk_to(project, "new-practice", municipality.leader)
    close_phase(
        project=project, phase_key="new-practice", sentence="I drift.", actor=municipality.leader
    )
    project.refresh_from_db()
    assert project.status == ProjectStatus.CLOSED
    assert walk_of(project).current is None


def test_only_owner_and_administrator_change_how_binding_a_gate_is(project, municipality):
    def change(actor):
        return set_project_gate_mode(
            project=project,
            phase_key="anchoring",
            mode=GateMode.MANDATORY,
            reason="Stort prosjekt.",
            actor=actor,
        )

    for stranger in (municipality.leader, municipality.member, municipality.manager):
        with pytest.raises(Refusal, match="is for: project owner"):
            change(stranger)
    change(municipality.director)
    change(municipality.admin)
    assert walk_of(project).phase("anchoring").mode is GateMode.MANDATORY


def test_a_change_of_gate_mode_needs_a_reason(project, municipality):
    with pytest.raises(ValidationError, match="reason"):
        set_project_gate_mode(
            project=project,
            phase_key="anchoring",
            mode=GateMode.OFF,
            reason=" ",
            actor=municipality.director,
        )


def test_the_project_cannot_be_looser_than_the_organisation(project, municipality, ks_version):
    set_organisation_gate_mode(
        organisation=municipality.organisation,
        method=ks_version.method,
        gate_key="gate-1",
        mode=GateMode.MANDATORY,
        reason="Vedtatt i ledergruppen.",
        actor=municipality.admin,
    )
    assert walk_of(project).phase("anchoring").mode is GateMode.MANDATORY
    with pytest.raises(Refusal, match="at least: Mandatory"):
        set_project_gate_mode(
            project=project,
            phase_key="anchoring",
            mode=GateMode.OFF,
            reason="Lite.",
            actor=municipality.director,
        )


def test_a_step_is_not_relevant_only_with_a_reason(project, municipality):
    step = ProjectStep.objects.get(project=project, step_key="map-related-projects")
    step.status = StepStatus.NOT_RELEVANT
    with pytest.raises(ValidationError, match="Say why"):
        update_step(step=step, actor=municipality.leader, changed=["status"])
    step = ProjectStep.objects.get(pk=step.pk)
    step.status = StepStatus.NOT_RELEVANT
    step.not_relevant_reason = "Ingen andre gjør dette."
    update_step(step=step, actor=municipality.leader, changed=["status"])
    assert ProjectStep.objects.get(pk=step.pk).status == StepStatus.NOT_RELEVANT


def test_a_step_that_somebody_else_saved_is_stale(project, municipality):
    mine = ProjectStep.objects.get(project=project, step_key="define-problem")
    theirs = ProjectStep.objects.get(pk=mine.pk)
    theirs.notes = "Fra den andre fanen."
    update_step(step=theirs, actor=municipality.member, changed=["notes"])
    mine.notes = "Fra denne fanen."
    with pytest.raises(StaleRow):
        update_step(step=mine, actor=municipality.leader, changed=["notes"])
    assert ProjectStep.objects.get(pk=mine.pk).notes == "Fra den andre fanen."


def test_only_one_phase_is_in_progress(project):
    with pytest.raises(ValidationError, match="Something else in this project"):
        ProjectPhase(
            project=project,
            phase_key="insight",
            iteration=2,
            status=PhaseStatus.ACTIVE,
        ).full_clean()
