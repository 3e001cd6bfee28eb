"""Reads about walks and gates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from methodology.catalogue import Catalogue, GateEntry, PhaseEntry, StepEntry, catalogue_of
from methodology.enums import GateMode
from phases.enums import PhaseState, PhaseStatus, StepStatus
from phases.gates import effective_mode
from phases.models import (
    Condition,
    GateDecision,
    GateSubmission,
    OrganisationGateMode,
    ProjectGateMode,
    ProjectPhase,
    ProjectStep,
)
from projects.enums import ProjectStatus
from projects.models import Project


@dataclass(frozen=True, slots=True)
class WalkStep:
    entry: StepEntry
    row: ProjectStep

    @property
    def status(self) -> StepStatus:
        return StepStatus(self.row.status)

    @property
    def is_settled(self) -> bool:
        return self.status in (StepStatus.DONE, StepStatus.NOT_RELEVANT)


@dataclass(frozen=True, slots=True)
class WalkPhase:
    """A phase of the walk: its newest round, the rounds before, its steps and its gate."""

    entry: PhaseEntry
    row: ProjectPhase
    earlier_rounds: tuple[ProjectPhase, ...]
    steps: tuple[WalkStep, ...]
    state: PhaseState
    mode: GateMode
    open_submission: GateSubmission | None
    last_decision: GateDecision | None

    @property
    def gate(self) -> GateEntry | None:
        return self.entry.gate

    @property
    def is_current(self) -> bool:
        return self.row.status == PhaseStatus.ACTIVE

    @property
    def settled_steps(self) -> int:
        return sum(step.is_settled for step in self.steps)

    @property
    def is_closed_without_decision(self) -> bool:
        return self.row.closed_by_id is not None


@dataclass(frozen=True, slots=True)
class Walk:
    """A project's whole walk, in the order of the method."""

    project: Project
    catalogue: Catalogue
    phases: tuple[WalkPhase, ...]

    @property
    def current(self) -> WalkPhase | None:
        """The phase in progress; none when the project is stopped or closed."""
        return next((phase for phase in self.phases if phase.is_current), None)

    def phase(self, key: str) -> WalkPhase:
        """Raises ``KeyError`` for an unknown key."""
        for phase in self.phases:
            if phase.entry.key == key:
                return phase
        raise KeyError(key)

    def step(self, key: str) -> WalkStep:
        """Raises ``KeyError`` for an unknown key."""
        for phase in self.phases:
            for step in phase.steps:
                if step.entry.key == key:
                    return step
        raise KeyError(key)


def walk_of(project: Project) -> Walk:
    """Five queries, whatever the project's size (and the catalogue's, the first time)."""
    return walks_of([project])[project.pk]


def walks_of(projects: Collection[Project]) -> dict[int, Walk]:
    """Five queries for any number of projects (and one catalogue per method version)."""
    ids = [project.pk for project in projects]
    rounds: dict[tuple[int, int], list[ProjectPhase]] = {}
    for row in (
        ProjectPhase.objects.filter(project_id__in=ids)
        .select_related("closed_by")
        .prefetch_related(
            Prefetch(
                "submissions",
                GateSubmission.objects.select_related(
                    "withdrawal", "submitted_by"
                ).prefetch_related(
                    Prefetch("decisions", GateDecision.objects.select_related("decided_by"))
                ),
            )
        )
    ):
        rounds.setdefault((row.project_id, row.phase_id), []).append(row)
    steps = {
        (row.project_id, row.step_id): row
        for row in ProjectStep.objects.filter(project_id__in=ids).select_related("responsible")
    }
    modes = _modes(projects)
    return {
        project.pk: Walk(
            project=project,
            catalogue=(catalogue := catalogue_of(project.method_version)),
            phases=tuple(
                _walk_phase(project, entry, rounds[project.pk, entry.pk], steps, modes)
                for entry in catalogue.phases
            ),
        )
        for project in projects
    }


def _walk_phase(
    project: Project,
    entry: PhaseEntry,
    rounds: list[ProjectPhase],
    steps: Mapping[tuple[int, int], ProjectStep],
    modes: Mapping[tuple[int, str], GateMode],
) -> WalkPhase:
    *earlier, newest = sorted(rounds, key=lambda row: row.iteration)
    open_submission = next((each for each in newest.submissions.all() if is_open(each)), None)
    decisions = [
        decision
        for row in rounds
        for submission in row.submissions.all()
        for decision in submission.decisions.all()
    ]
    return WalkPhase(
        entry=entry,
        row=newest,
        earlier_rounds=tuple(earlier),
        steps=tuple(WalkStep(step, steps[project.pk, step.pk]) for step in entry.steps),
        state=state_of(newest, project, open_submission is not None),
        mode=modes.get((project.pk, entry.key), GateMode.OFF),
        open_submission=open_submission,
        last_decision=max(decisions, key=lambda each: each.decided_at, default=None),
    )


def is_open(submission: GateSubmission) -> bool:
    """Neither decided nor withdrawn. No query when both are prefetched."""
    return not submission.decisions.all() and not hasattr(submission, "withdrawal")


def state_of(row: ProjectPhase, project: Project, has_open_submission: bool) -> PhaseState:
    """What the stored status, an open submission and a pause make together."""
    if row.status == PhaseStatus.ACTIVE:
        if has_open_submission:
            return PhaseState.SUBMITTED
        if project.status == ProjectStatus.PAUSED:
            return PhaseState.PAUSED
    return PhaseState(row.status)


def _modes(projects: Collection[Project]) -> dict[tuple[int, str], GateMode]:
    """How binding each gate is, by project and phase key. Two queries."""
    own: dict[tuple[int, int], GateMode] = {}
    for change in ProjectGateMode.objects.filter(project__in=projects):
        own[change.project_id, change.gate_id] = GateMode(change.mode)
    least: dict[tuple[int, int, str], GateMode] = {}
    for rule in OrganisationGateMode.objects.filter(
        organisation_id__in={project.organisation_id for project in projects}
    ):
        least[rule.organisation_id, rule.method_id, rule.gate_key] = GateMode(rule.mode)
    modes: dict[tuple[int, str], GateMode] = {}
    for project in projects:
        version = project.method_version
        for phase in catalogue_of(version).phases:
            if phase.gate is None:
                continue
            modes[project.pk, phase.key] = effective_mode(
                method=phase.gate.mode,
                organisation=least.get(
                    (project.organisation_id, version.method_id, phase.gate.key)
                ),
                project=own.get((project.pk, phase.gate.pk)),
            )
    return modes


def has_open_submission(project: Project) -> bool:
    """One query."""
    return GateSubmission.objects.filter(
        project_phase__project=project, decisions__isnull=True, withdrawal__isnull=True
    ).exists()


def open_conditions(project: Project) -> list[Condition]:
    """Conditions that are still to be met, earliest first. One query."""
    return list(
        Condition.objects.filter(
            decision__submission__project_phase__project=project, closed_at__isnull=True
        ).select_related("owner", "decision__submission__project_phase")
    )


def decisions_of(project: Project) -> list[GateDecision]:
    """The project's decisions, newest first, with their conditions. Two queries."""
    return list(
        GateDecision.objects.filter(submission__project_phase__project=project)
        .select_related(
            "decided_by",
            "record",
            "target_phase",
            "submission__submitted_by",
            "submission__project_phase__phase",
        )
        .prefetch_related(
            Prefetch("conditions", Condition.objects.select_related("owner", "closed_by"))
        )
        .order_by("-decided_at", "-pk")
    )


def waiting_for_decision_by(user_id: int) -> list[GateSubmission]:
    """Open submissions that the person may decide, oldest first. One query."""
    return list(
        GateSubmission.objects.filter(
            Q(deciders__user_id=user_id), decisions__isnull=True, withdrawal__isnull=True
        )
        .select_related(
            "submitted_by",
            "project_phase__phase",
            "project_phase__project__method_version__method",
        )
        .order_by("submitted_at", "pk")
    )
