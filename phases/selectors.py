"""Reads about walks and gates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from methodology.catalogue import Catalogue, ClosingEntry, GateEntry, PhaseEntry, StepEntry
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
from projects.method import catalogue_of_project
from projects.models import Project


class _Worked:
    """How far the work with something has come, as its row says."""

    __slots__ = ()

    row: ProjectStep

    @property
    def status(self) -> StepStatus:
        return StepStatus(self.row.status)

    @property
    def is_settled(self) -> bool:
        return self.status in (StepStatus.DONE, StepStatus.NOT_RELEVANT)


@dataclass(frozen=True, slots=True)
class WalkStep(_Worked):
    """A step of the method with what the project says about it. ``row`` is not stored yet when
    nothing has been written since the method got the step; the same holds for phases."""

    entry: StepEntry
    row: ProjectStep


@dataclass(frozen=True, slots=True)
class ClosingStep(_Worked):
    """Something left to do when the project ends, with what the project says about it."""

    entry: ClosingEntry
    row: ProjectStep


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
    """A project's whole walk, in the order of the method.

    ``former_rounds`` and ``former_steps`` are kept under keys that the method no longer has.
    """

    project: Project
    catalogue: Catalogue
    phases: tuple[WalkPhase, ...]
    closing: tuple[ClosingStep, ...] = ()
    former_rounds: tuple[ProjectPhase, ...] = ()
    former_steps: tuple[ProjectStep, ...] = ()

    @property
    def rounds(self) -> tuple[ProjectPhase, ...]:
        """Every round, the former ones last."""
        return (
            *(row for phase in self.phases for row in (*phase.earlier_rounds, phase.row)),
            *self.former_rounds,
        )

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
    """Five queries for any number of projects (and one catalogue per method version).

    Phases and steps without a row get one that is not stored; rows without a phase or step in the
    project's method are the walk's former ones.
    """
    ids = [project.pk for project in projects]
    rounds: dict[int, dict[str, list[ProjectPhase]]] = {}
    for row in _rounds(ids):
        rounds.setdefault(row.project_id, {}).setdefault(row.phase_key, []).append(row)
    steps: dict[int, dict[str, ProjectStep]] = {}
    for step in ProjectStep.objects.filter(project_id__in=ids).select_related("responsible"):
        steps.setdefault(step.project_id, {})[step.step_key] = step
    modes = _modes(projects)
    return {
        project.pk: _walk(project, rounds.get(project.pk, {}), steps.get(project.pk, {}), modes)
        for project in projects
    }


def _rounds(project_ids: Collection[int]) -> QuerySet[ProjectPhase]:
    """With submissions and decisions: three queries."""
    submissions = GateSubmission.objects.select_related(
        "withdrawal", "submitted_by"
    ).prefetch_related(Prefetch("decisions", GateDecision.objects.select_related("decided_by")))
    return (
        ProjectPhase.objects.filter(project_id__in=project_ids)
        .select_related("closed_by")
        .prefetch_related(Prefetch("submissions", submissions))
        .order_by("iteration", "pk")
    )


def _walk(
    project: Project,
    rounds: Mapping[str, list[ProjectPhase]],
    steps: Mapping[str, ProjectStep],
    modes: Mapping[tuple[int, str], GateMode],
) -> Walk:
    catalogue = catalogue_of_project(project)
    phase_keys = {phase.key for phase in catalogue.phases}
    step_keys = {step.key for step in (*catalogue.steps, *catalogue.closing)}
    return Walk(
        project=project,
        catalogue=catalogue,
        phases=tuple(
            _walk_phase(project, entry, rounds.get(entry.key, []), steps, modes)
            for entry in catalogue.phases
        ),
        closing=tuple(
            ClosingStep(entry, steps.get(entry.key) or _unsaid(project, entry.key))
            for entry in catalogue.closing
        ),
        former_rounds=tuple(
            row for key, rows in rounds.items() if key not in phase_keys for row in rows
        ),
        former_steps=tuple(step for key, step in steps.items() if key not in step_keys),
    )


def _walk_phase(
    project: Project,
    entry: PhaseEntry,
    rounds: list[ProjectPhase],
    steps: Mapping[str, ProjectStep],
    modes: Mapping[tuple[int, str], GateMode],
) -> WalkPhase:
    """``rounds`` with the newest last."""
    *earlier, newest = rounds or [ProjectPhase(project=project, phase_key=entry.key)]
    decisions = [
        decision
        for row in rounds
        for submission in row.sent
        for decision in submission.decisions.all()
    ]
    open_submission = next((each for each in newest.sent if is_open(each)), None)
    return WalkPhase(
        entry=entry,
        row=newest,
        earlier_rounds=tuple(earlier),
        steps=tuple(
            WalkStep(step, steps.get(step.key) or _unsaid(project, step.key))
            for step in entry.steps
        ),
        state=state_of(newest, project, open_submission is not None),
        mode=modes.get((project.pk, entry.key), GateMode.OFF),
        open_submission=open_submission,
        last_decision=max(decisions, key=lambda each: each.decided_at, default=None),
    )


def _unsaid(project: Project, step_key: str) -> ProjectStep:
    """The row of a step about which nothing has been written yet."""
    return ProjectStep(project=project, step_key=step_key)


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
    own: dict[tuple[int, str], GateMode] = {}
    for change in ProjectGateMode.objects.filter(project__in=projects):
        own[change.project_id, change.gate_key] = GateMode(change.mode)
    least: dict[tuple[int, int, str], GateMode] = {}
    for rule in OrganisationGateMode.objects.filter(
        organisation_id__in={project.organisation_id for project in projects}
    ):
        least[rule.organisation_id, rule.method_id, rule.gate_key] = GateMode(rule.mode)
    modes: dict[tuple[int, str], GateMode] = {}
    for project in projects:
        method_id = project.method_version.method_id
        for phase in catalogue_of_project(project).phases:
            if phase.gate is None:
                continue
            modes[project.pk, phase.key] = effective_mode(
                method=phase.gate.mode,
                organisation=least.get((project.organisation_id, method_id, phase.gate.key)),
                project=own.get((project.pk, phase.gate.key)),
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
            "record__disposal",
            "submission__submitted_by",
            "submission__project_phase",
        )
        .prefetch_related(
            Prefetch("conditions", Condition.objects.select_related("owner", "closed_by"))
        )
        .order_by("-decided_at", "-pk")
    )
