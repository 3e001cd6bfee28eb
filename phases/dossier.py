"""A project as frozen dataclasses: the one source of gate records and reports."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from accounts.policy import ProjectRole
from methodology.catalogue import PhaseEntry, Titled
from methodology.enums import GateMode, GateOutcome
from phases.enums import AnswerStatus, PhaseStatus, StepStatus
from phases.models import Condition, CriterionAnswer, GateDecision, ProjectPhase
from phases.selectors import Walk, WalkPhase, walks_of
from projects.enums import ProjectStatus, Uncertainty
from projects.models import Membership, Project
from tools.contract import PersonRef
from tools.models import SlotState

SaidT = TypeVar("SaidT")


@dataclass(frozen=True, slots=True)
class MemberDossier:
    role: ProjectRole
    person: PersonRef


@dataclass(frozen=True, slots=True)
class StepDossier:
    key: str
    label: str
    status: StepStatus
    responsible: PersonRef | None
    due_on: datetime.date | None
    notes: str
    not_relevant_reason: str


@dataclass(frozen=True, slots=True)
class AnswerDossier:
    criterion: str
    status: AnswerStatus
    comment: str
    evidence_url: str
    evidence_file_name: str
    evidence_file_sha256: str
    is_carried_over: bool
    # The name under which it is stored.
    evidence_file: str = ""


@dataclass(frozen=True, slots=True)
class RoundDossier:
    """One round of one phase, with the answers given in it."""

    phase: str
    iteration: int
    status: PhaseStatus
    started_on: datetime.date | None
    closed_on: datetime.date | None
    closing_sentence: str
    answers: tuple[AnswerDossier, ...]


@dataclass(frozen=True, slots=True)
class PhaseDossier:
    key: str
    number: int
    mode: GateMode
    rounds: tuple[RoundDossier, ...]
    steps: tuple[StepDossier, ...]


@dataclass(frozen=True, slots=True)
class ConditionDossier:
    text: str
    owner: PersonRef
    due_on: datetime.date
    is_closed: bool
    closing_note: str
    pk: int | None = None
    evidence_url: str = ""
    evidence_file_name: str = ""
    evidence_file_sha256: str = ""
    evidence_file: str = ""


@dataclass(frozen=True, slots=True)
class DecisionDossier:
    phase: str
    iteration: int
    outcome: GateOutcome
    rationale: str
    recommendation: str
    decided_by: PersonRef
    decided_at: datetime.datetime
    target_phase: str
    review_on: datetime.date | None
    learnt: str
    sha256: str
    conditions: tuple[ConditionDossier, ...]


@dataclass(frozen=True, slots=True)
class SlotDossier:
    slot: str
    note: str
    not_relevant_reason: str


@dataclass(frozen=True, slots=True)
class ProjectDossier:
    """``document_language`` is the language of records and reports about the project.

    ``overlay_number`` and ``overlay_hash`` say what the organisation has adjusted in the method,
    ``None`` and empty when it has adjusted nothing; records from before that was possible too.
    ``budget``, ``uncertainty`` and ``has_public_interest`` are unknown in records from before they
    were asked for, and ``uncertainty`` is ``None`` while nobody has said.
    """

    pk: int
    name: str
    organisation: str
    unit: str
    case_number: str
    problem: str
    goal: str
    document_language: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    status: ProjectStatus
    method_key: str
    method_version: int
    method_hash: str
    current_phase: str
    members: tuple[MemberDossier, ...]
    phases: tuple[PhaseDossier, ...]
    decisions: tuple[DecisionDossier, ...]
    slots: tuple[SlotDossier, ...]
    overlay_number: int | None = None
    overlay_hash: str = ""
    budget: Decimal | None = None
    uncertainty: Uncertainty | None = None
    has_public_interest: bool = False

    def people(self, role: ProjectRole) -> tuple[PersonRef, ...]:
        return tuple(member.person for member in self.members if member.role is role)


def load_project_dossiers(projects: Collection[Project]) -> dict[int, ProjectDossier]:
    """Eleven queries for any number of projects, which come with organisation, unit and method
    version selected."""
    return dossiers_of_walks(walks_of(projects))


def dossiers_of_walks(walks: Mapping[int, Walk]) -> dict[int, ProjectDossier]:
    """As :func:`load_project_dossiers`, when the walks are here already. Six queries."""
    ids = list(walks)
    members: dict[int, list[MemberDossier]] = {}
    for membership in Membership.objects.filter(
        project_id__in=ids, ended_at__isnull=True
    ).select_related("user"):
        members.setdefault(membership.project_id, []).append(
            MemberDossier(
                ProjectRole(membership.role), PersonRef(membership.user_id, membership.user.name)
            )
        )
    answers: dict[int, list[CriterionAnswer]] = {}
    for answer in CriterionAnswer.objects.filter(project_phase__project_id__in=ids):
        answers.setdefault(answer.project_phase_id, []).append(answer)
    slots: dict[int, list[SlotDossier]] = {}
    for state in SlotState.objects.filter(project_id__in=ids):
        slots.setdefault(state.project_id, []).append(
            SlotDossier(state.slot_key, state.note, state.not_relevant_reason)
        )
    decisions = _decisions(ids)
    return {
        pk: _dossier(
            walk,
            members.get(pk, []),
            answers,
            decisions.get(pk, []),
            slots.get(pk, []),
        )
        for pk, walk in walks.items()
    }


def _dossier(
    walk: Walk,
    members: list[MemberDossier],
    answers: Mapping[int, list[CriterionAnswer]],
    decisions: list[DecisionDossier],
    slots: list[SlotDossier],
) -> ProjectDossier:
    project = walk.project
    return ProjectDossier(
        pk=project.pk,
        name=project.name,
        organisation=project.organisation.name,
        unit=project.unit.name,
        case_number=project.case_number,
        problem=project.problem,
        goal=project.goal,
        document_language=project.document_language,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        status=ProjectStatus(project.status),
        method_key=walk.catalogue.method_key,
        method_version=walk.catalogue.number,
        method_hash=walk.catalogue.content_hash,
        overlay_number=walk.catalogue.overlay.number if walk.catalogue.overlay else None,
        overlay_hash=walk.catalogue.overlay.content_hash if walk.catalogue.overlay else "",
        budget=project.budget,
        uncertainty=Uncertainty(project.uncertainty) if project.uncertainty else None,
        has_public_interest=project.has_public_interest,
        current_phase=walk.current.entry.key if walk.current else "",
        members=tuple(members),
        phases=tuple(_phase(phase, answers) for phase in walk.phases),
        decisions=tuple(decisions),
        slots=tuple(_in_order(slots, walk.catalogue.slots, lambda slot: slot.slot)),
    )


def _in_order(
    said: Iterable[SaidT], entries: Iterable[Titled], key: Callable[[SaidT], str]
) -> list[SaidT]:
    """In the order of the method; what is kept under keys that it does not have comes last."""
    places = {entry.key: place for place, entry in enumerate(entries)}
    return sorted(said, key=lambda each: (places.get(key(each), len(places)), key(each)))


def _phase(phase: WalkPhase, answers: Mapping[int, list[CriterionAnswer]]) -> PhaseDossier:
    return PhaseDossier(
        key=phase.entry.key,
        number=phase.entry.number,
        mode=phase.mode,
        rounds=tuple(
            _round(phase.entry, row, answers.get(row.pk, []))
            for row in (*phase.earlier_rounds, phase.row)
        ),
        steps=tuple(
            StepDossier(
                key=step.entry.key,
                label=step.entry.label,
                status=step.status,
                responsible=(
                    PersonRef(step.row.responsible.pk, step.row.responsible.name)
                    if step.row.responsible
                    else None
                ),
                due_on=step.row.due_on,
                notes=step.row.notes,
                not_relevant_reason=step.row.not_relevant_reason,
            )
            for step in phase.steps
        ),
    )


def _round(entry: PhaseEntry, row: ProjectPhase, answers: list[CriterionAnswer]) -> RoundDossier:
    criteria = entry.gate.criteria if entry.gate else ()
    return RoundDossier(
        phase=entry.key,
        iteration=row.iteration,
        status=PhaseStatus(row.status),
        started_on=row.started_on,
        closed_on=row.closed_on,
        closing_sentence=row.closing_sentence,
        answers=tuple(
            AnswerDossier(
                criterion=answer.criterion_key,
                status=AnswerStatus(answer.status),
                comment=answer.comment,
                evidence_url=answer.evidence_url,
                evidence_file_name=answer.evidence_file_name,
                evidence_file_sha256=answer.evidence_file_sha256,
                evidence_file=answer.evidence_file.name or "",
                is_carried_over=answer.is_carried_over,
            )
            for answer in _in_order(answers, criteria, lambda answer: answer.criterion_key)
        ),
    )


def _decisions(project_ids: Collection[int]) -> dict[int, list[DecisionDossier]]:
    conditions: dict[int, list[ConditionDossier]] = {}
    for condition in Condition.objects.filter(
        decision__submission__project_phase__project_id__in=project_ids
    ).select_related("owner"):
        conditions.setdefault(condition.decision_id, []).append(
            ConditionDossier(
                text=condition.text,
                owner=PersonRef(condition.owner_id, condition.owner.name),
                due_on=condition.due_on,
                is_closed=condition.closed_at is not None,
                closing_note=condition.closing_note,
                pk=condition.pk,
                evidence_url=condition.evidence_url,
                evidence_file_name=condition.evidence_file_name,
                evidence_file_sha256=condition.evidence_file_sha256,
                evidence_file=condition.evidence_file.name or "",
            )
        )
    by_project: dict[int, list[DecisionDossier]] = {}
    for decision in (
        GateDecision.objects.filter(submission__project_phase__project_id__in=project_ids)
        .select_related("decided_by", "record", "submission__project_phase")
        .defer("record__content")
    ):
        row = decision.submission.project_phase
        by_project.setdefault(row.project_id, []).append(
            DecisionDossier(
                phase=row.phase_key,
                iteration=row.iteration,
                outcome=GateOutcome(decision.outcome),
                rationale=decision.rationale,
                recommendation=decision.submission.recommendation,
                decided_by=PersonRef(decision.decided_by_id, decision.decided_by.name),
                decided_at=decision.decided_at,
                target_phase=decision.target_phase_key,
                review_on=decision.review_on,
                learnt=decision.learnt,
                sha256=decision.record.sha256,
                conditions=tuple(conditions.get(decision.pk, [])),
            )
        )
    return by_project
