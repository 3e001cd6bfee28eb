"""The report as frozen dataclasses: what is drawn, without the database.

Every text is already in the report's language.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.policy import ProjectRole
from common.xlsx import Sheet
from methodology.enums import GateMode, GateOutcome, Severity
from phases.dossier import ProjectDossier, RoundDossier
from phases.enums import AnswerStatus, PhaseStatus, StepStatus
from tools import registry
from tools.contract import PersonRef, ProjectContext, Weight


@dataclass(frozen=True, slots=True)
class StepPart:
    label: str
    title: str
    status: StepStatus
    responsible: PersonRef | None
    due_on: datetime.date | None
    notes: str
    not_relevant_reason: str

    @property
    def is_untouched(self) -> bool:
        return (
            self.status is StepStatus.NOT_STARTED
            and not self.notes
            and self.responsible is None
            and self.due_on is None
        )


@dataclass(frozen=True, slots=True)
class PhasePart:
    """A phase with its rounds, the newest last."""

    key: str
    number: int
    title: str
    label: str
    mode: GateMode
    is_current: bool
    rounds: tuple[RoundDossier, ...]
    steps: tuple[StepPart, ...]

    @property
    def status(self) -> PhaseStatus:
        return self.rounds[-1].status

    @property
    def is_untouched(self) -> bool:
        return self.status is PhaseStatus.WAITING and all(step.is_untouched for step in self.steps)

    @property
    def steps_with_notes(self) -> tuple[StepPart, ...]:
        return tuple(step for step in self.steps if step.notes)


@dataclass(frozen=True, slots=True)
class ConditionPart:
    text: str
    owner: PersonRef
    due_on: datetime.date
    is_closed: bool
    is_overdue: bool
    closing_note: str


@dataclass(frozen=True, slots=True)
class DecisionPart:
    """A decision as its minutes read. ``round`` is empty for the first round of a phase."""

    gate: str
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
    conditions: tuple[ConditionPart, ...]


@dataclass(frozen=True, slots=True)
class CriterionPart:
    """A criterion in one round of a phase. ``shortcomings`` are what tools find missing.

    ``status`` is ``None`` where tools settled it in a round that is over: what they found then
    stands in the frozen record, and what they find now says nothing about it.
    """

    key: str
    title: str
    phase: str
    phase_key: str
    iteration: int
    severity: Severity
    status: AnswerStatus | None
    is_to_be_confirmed: bool
    comment: str
    evidence: str
    shortcomings: tuple[str, ...]
    is_newest_round: bool


@dataclass(frozen=True, slots=True)
class FactPart:
    """A figure, as a typed value and as text with its unit."""

    label: str
    value: Decimal | int | None
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class FindingPart:
    weight: Weight
    text: str


@dataclass(frozen=True, slots=True)
class ToolPart:
    """A tool in one project. ``template`` is drawn with ``dossier`` and ``context`` alone."""

    key: str
    title: str
    template: str
    dossier: Any
    context: ProjectContext
    is_empty: bool
    not_relevant_reason: str
    findings: tuple[FindingPart, ...]
    facts: tuple[FactPart, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class NotePart:
    """A note in a place for a tool: it has no page of its own, or had none then."""

    title: str
    note: str
    not_relevant_reason: str


@dataclass(frozen=True, slots=True)
class PeoplePart:
    role: ProjectRole
    people: tuple[PersonRef, ...]


@dataclass(frozen=True, slots=True)
class MethodWords:
    """What the method calls its two levels, in small letters."""

    phase: str
    step: str
    steps: str


@dataclass(frozen=True, slots=True)
class ProjectPart:
    """One project in the document, ready to be drawn."""

    dossier: ProjectDossier
    method: str
    words: MethodWords
    current_phase: PhasePart | None
    people: tuple[PeoplePart, ...]
    phases: tuple[PhasePart, ...]
    decisions: tuple[DecisionPart, ...]
    criteria: tuple[CriterionPart, ...]
    tools: tuple[ToolPart, ...]
    notes: tuple[NotePart, ...]

    @property
    def name(self) -> str:
        return self.dossier.name

    @property
    def open_conditions(self) -> tuple[ConditionPart, ...]:
        return tuple(
            condition
            for decision in self.decisions
            for condition in decision.conditions
            if not condition.is_closed
        )

    @property
    def facts(self) -> tuple[FactPart, ...]:
        """Those of apps: how far a tool from content has come is no figure of the project."""
        tools = (tool for tool in self.tools if registry.family_of(tool.key) is None)
        return tuple(fact for tool in tools for fact in tool.facts)

    @property
    def last_decision(self) -> DecisionPart | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def next_criteria(self) -> tuple[CriterionPart, ...]:
        """What the gate of the phase in progress asks for."""
        if self.current_phase is None:
            return ()
        return tuple(
            each
            for each in self.criteria
            if each.phase_key == self.current_phase.key and each.is_newest_round
        )

    @property
    def closed_without_decision(self) -> tuple[PhasePart, ...]:
        return tuple(
            phase for phase in self.phases if any(each.closing_sentence for each in phase.rounds)
        )


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The whole report. ``as_of`` is the moment at which the projects were read."""

    language: str
    ordered_by: str
    as_of: datetime.datetime
    projects: tuple[ProjectPart, ...]

    @property
    def words(self) -> MethodWords | None:
        """``None`` when the projects follow methods with different words."""
        words = {part.words for part in self.projects}
        return words.pop() if len(words) == 1 else None

    @property
    def organisations(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.dossier.organisation for part in self.projects))
