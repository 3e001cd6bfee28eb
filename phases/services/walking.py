"""Writes along the walk: starting a project, working on steps, closing a phase."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, Unit, User
from accounts.policy import ProjectRole
from accounts.selectors import managers_above, may_create_projects
from audit.services import record_event
from common.outcomes import Refusal
from common.rows import VersionedRow
from methodology.models import MethodVersion
from phases.enums import GateAction, PhaseStatus, StepStatus
from phases.gates import may_move
from phases.models import ProjectPhase, ProjectStep
from phases.permissions import may_close, may_resume, refuse_unless
from phases.selectors import Walk, WalkPhase, walk_of
from phases.services.appointments import propose_appointment
from projects.access import access_of
from projects.enums import ProjectStatus
from projects.method import catalogue_of_project
from projects.models import AppointmentProposal, Project
from projects.selectors import leaders_ids, waiting_proposals
from projects.services import create_project, set_appointed_role, set_project_status

SENT_TWICE = datetime.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class StartedProject:
    """``proposals`` wait for the unit's manager. ``carried`` are the keys of what was copied from
    an earlier project; ``None`` when nothing was to be copied."""

    project: Project
    proposals: tuple[AppointmentProposal, ...]
    carried: tuple[str, ...] | None = None


@transaction.atomic
def start_project(
    *,
    unit: Unit,
    name: str,
    problem: str,
    goal: str,
    method_version: MethodVersion,
    document_language: str,
    starts_on: datetime.date,
    leader: User,
    actor: User,
    ends_on: datetime.date | None = None,
    case_number: str = "",
    owner: User | None = None,
    line_manager: User | None = None,
) -> StartedProject:
    """Create a project and its whole walk: every phase and step, the first phase in progress.

    The unit's manager becomes line manager and the manager above becomes owner, as far as they do
    not lead the project. Another ``owner`` or ``line_manager`` becomes a proposal that the unit's
    manager answers. Raises ``ValidationError`` and :class:`Refusal` (also for those who may not
    create projects in the unit's organisation); then nothing is created.
    """
    if not may_create_projects(actor) or actor.organisation_id != unit.organisation_id:
        raise Refusal(_("You may not create projects here. Ask an administrator."))
    project = create_project(
        unit=unit,
        name=name,
        problem=problem,
        goal=goal,
        method_version=method_version,
        document_language=document_language,
        starts_on=starts_on,
        ends_on=ends_on,
        case_number=case_number,
        leader=leader,
        actor=actor,
    )
    ensure_walk(project)
    _appoint_by_default(project, actor)
    proposals = [
        proposal
        for role, person in (
            (ProjectRole.OWNER, owner),
            (ProjectRole.LINE_MANAGER, line_manager),
        )
        if person is not None
        and (proposal := propose_appointment(project=project, role=role, user=person, actor=actor))
    ]
    return StartedProject(project, tuple(proposals))


@transaction.atomic
def start_project_once(*, unit: Unit, name: str, actor: User, **facts: Any) -> StartedProject:
    """As :func:`start_project`, for a form that somebody impatient may send twice: what the same
    person started under the same name in the same unit within ``SENT_TWICE`` is given back."""
    # Two at the same moment wait for each other here.
    Organisation.objects.select_for_update().get(pk=unit.organisation_id)
    same = (
        Project.objects.filter(
            created_by=actor, unit=unit, name=name, created_at__gte=timezone.now() - SENT_TWICE
        )
        .order_by("pk")
        .first()
    )
    if same is not None:
        return StartedProject(same, tuple(waiting_proposals(same)))
    return start_project(unit=unit, name=name, actor=actor, **facts)


@transaction.atomic
def ensure_walk(project: Project) -> None:
    """Give the project a row for every phase and step of its method that it has none for.

    A project without any phase gets its first in progress; else what is new waits. Rows that are
    there stay as they are, also those that the method no longer has. Called again, it changes
    nothing. Two queries, and one more for each kind of row that is missing.
    """
    catalogue = catalogue_of_project(project)
    phases = set(ProjectPhase.objects.filter(project=project).values_list("phase_key", flat=True))
    steps = set(ProjectStep.objects.filter(project=project).values_list("step_key", flat=True))
    first = None if phases else catalogue.phases[0]
    ProjectPhase.objects.bulk_create(
        ProjectPhase(
            project=project,
            phase_key=phase.key,
            status=PhaseStatus.ACTIVE if phase is first else PhaseStatus.WAITING,
            started_on=project.starts_on if phase is first else None,
        )
        for phase in catalogue.phases
        if phase.key not in phases
    )
    ProjectStep.objects.bulk_create(
        ProjectStep(project=project, step_key=step.key)
        for step in catalogue.steps
        if step.key not in steps
    )


def claim_row(row: VersionedRow) -> None:
    """As ``row.claim()``; a row that is not stored yet has nothing to claim."""
    if row.pk is not None:
        row.claim()


def _appoint_by_default(project: Project, actor: User) -> None:
    leaders = leaders_ids(project)
    managers = [user for user in managers_above(project.unit) if user.pk not in leaders]
    if not managers:
        return
    set_appointed_role(
        project=project, user=managers[0], role=ProjectRole.LINE_MANAGER, actor=actor
    )
    set_appointed_role(
        project=project,
        user=managers[1] if len(managers) > 1 else managers[0],
        role=ProjectRole.OWNER,
        actor=actor,
    )


@transaction.atomic
def update_step(*, step: ProjectStep, actor: User, changed: Sequence[str]) -> ProjectStep:
    """Save what was changed on ``step`` (status, responsible, date, notes, reason).

    Steps of any phase can be worked on at any time. Raises ``ValidationError`` and ``StaleRow``.
    """
    claim_row(step)
    step.updated_by = actor
    if step.status != StepStatus.NOT_RELEVANT:
        step.not_relevant_reason = ""
    step.full_clean()
    step.save()
    record_event(
        actor=actor,
        action="step.updated",
        target=step,
        organisation_number=step.project.organisation_id,
        project_number=step.project_id,
        step=step.step_key,
        status=step.status,
        fields=sorted(changed),
    )
    return step


@transaction.atomic
def close_phase(*, project: Project, phase_key: str, sentence: str, actor: User) -> Walk:
    """Close the phase in progress without a decision and start the next.

    Refused for all but the leaders, when the gate is mandatory, when the phase is not in progress,
    and without a sentence. Closing the last phase closes the project.
    """
    walk = walk_of(project)
    phase = walk.phase(phase_key)
    refuse_unless(may_close(access_of(actor, project), phase))
    if not sentence.strip():
        raise Refusal(_("Say in a sentence why you close this."))
    phase.row.closed_by = actor
    phase.row.closing_sentence = sentence.strip()
    complete_phase(walk=walk, phase=phase, actor=actor)
    record_event(
        actor=actor,
        action="phase.closed_without_decision",
        target=phase.row,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        phase=phase_key,
        iteration=phase.row.iteration,
    )
    return walk_of(project)


def end_round(row: ProjectPhase, status: PhaseStatus) -> None:
    """End this round of the phase today. Inside a transaction."""
    row.claim()
    row.status = status
    row.closed_on = timezone.localdate()
    row.full_clean()
    row.save()


def complete_phase(*, walk: Walk, phase: WalkPhase, actor: User) -> None:
    """Complete the phase and start the next one, or close the project. Inside a transaction."""
    end_round(phase.row, PhaseStatus.COMPLETED)
    # A phase behind this one can be done already, when the method got another order.
    following = next(
        (
            each
            for each in walk.phases
            if each.entry.number > phase.entry.number and each.row.status == PhaseStatus.WAITING
        ),
        None,
    )
    if following is None:
        set_project_status(project=walk.project, status=ProjectStatus.CLOSED, actor=actor)
        return
    start_phase(following.row)


def start_phase(row: ProjectPhase) -> None:
    """Set a waiting round in progress. Inside a transaction."""
    claim_row(row)
    row.status = PhaseStatus.ACTIVE
    row.started_on = timezone.localdate()
    row.full_clean()
    row.save()


@transaction.atomic
def resume_project(*, project: Project, actor: User) -> None:
    """End a pause. Refused for all but those of :func:`phases.permissions.may_resume`."""
    refuse_unless(may_resume(access_of(actor, project)))
    current = walk_of(project).current
    if current is None or project.status != ProjectStatus.PAUSED:
        raise Refusal(_("The project is not paused."))
    refuse_unless(may_move(current.state, GateAction.RESUME))
    set_project_status(project=project, status=ProjectStatus.ACTIVE, actor=actor)
