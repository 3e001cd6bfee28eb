"""What has happened at a project's gates, for the page that lists it."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from methodology.enums import GateMode, GateOutcome
from phases.enums import RecordKind
from phases.models import (
    Condition,
    GateCorrection,
    GateDecision,
    GateRecord,
    GateWithdrawal,
    ProjectGateMode,
    ProjectPhase,
)
from phases.naming import PhaseNames
from phases.selectors import Walk, decisions_of
from phases.wording import PhaseName


@dataclass(frozen=True, slots=True)
class GateEvent:
    """One line of the history. Exactly one of the last six is set; ``disposal`` is a tombstone."""

    at: datetime.datetime
    phase: PhaseName
    iteration: int
    person: str
    decision: GateDecision | None = None
    closing: ProjectPhase | None = None
    withdrawal: GateWithdrawal | None = None
    mode_change: ProjectGateMode | None = None
    correction: GateCorrection | None = None
    disposal: GateRecord | None = None

    @property
    def outcome(self) -> GateOutcome | None:
        return GateOutcome(self.decision.outcome) if self.decision else None

    @property
    def is_disposed(self) -> bool:
        """Whether the decision's text is gone, at the end of retention."""
        return self.decision is not None and hasattr(self.decision.record, "disposal")

    @property
    def mode(self) -> GateMode | None:
        return GateMode(self.mode_change.mode) if self.mode_change else None


def gate_events(walk: Walk) -> list[GateEvent]:
    """Decisions, closings without a decision, withdrawals, changed modes, corrections and
    disposals, newest first.

    Six queries, whatever has happened; one more when the method has lost a phase of it.
    """
    names = PhaseNames(walk.project)
    events = [
        GateEvent(
            at=decision.decided_at,
            phase=names.of_phase(decision.submission.project_phase.phase_key),
            iteration=decision.submission.project_phase.iteration,
            person=decision.decided_by.name,
            decision=decision,
        )
        for decision in decisions_of(walk.project)
    ]
    events += _closings(walk, names)
    events += _withdrawals(walk, names)
    events += _mode_changes(walk, names)
    events += _corrections(walk, names)
    events += _disposals(walk)
    return sorted(events, key=_order, reverse=True)


def _order(event: GateEvent) -> tuple[datetime.date, int, int, datetime.datetime]:
    """By day, then as the walk goes: of a closing, only the day is known."""
    day = timezone.localtime(event.at).date()
    return (day, event.iteration, event.phase.number, event.at)


def _closings(walk: Walk, names: PhaseNames) -> list[GateEvent]:
    return [
        GateEvent(
            # The day is all that is known of a closing.
            at=timezone.make_aware(datetime.datetime.combine(row.closed_on, datetime.time())),
            phase=names.of_phase(row.phase_key),
            iteration=row.iteration,
            person=row.closed_by.name,
            closing=row,
        )
        for row in walk.rounds
        if row.closed_by is not None and row.closed_on is not None
    ]


def _withdrawals(walk: Walk, names: PhaseNames) -> list[GateEvent]:
    return [
        GateEvent(
            at=withdrawal.withdrawn_at,
            phase=names.of_phase(withdrawal.submission.project_phase.phase_key),
            iteration=withdrawal.submission.project_phase.iteration,
            person=withdrawal.withdrawn_by.name,
            withdrawal=withdrawal,
        )
        for withdrawal in GateWithdrawal.objects.filter(
            submission__project_phase__project=walk.project
        ).select_related("withdrawn_by", "submission__project_phase")
    ]


def _mode_changes(walk: Walk, names: PhaseNames) -> list[GateEvent]:
    # Of several rounds, the newest counts.
    rounds = {
        row.phase_key: row.iteration for row in sorted(walk.rounds, key=lambda row: row.iteration)
    }
    return [
        GateEvent(
            at=change.set_at,
            phase=phase,
            iteration=rounds.get(phase.key, 1),
            person=change.set_by.name,
            mode_change=change,
        )
        for change in ProjectGateMode.objects.filter(project=walk.project).select_related("set_by")
        for phase in [names.of_gate(change.gate_key)]
    ]


def _corrections(walk: Walk, names: PhaseNames) -> list[GateEvent]:
    events = []
    for correction in (
        GateCorrection.objects.filter(record__project=walk.project)
        .select_related(
            "corrected_by",
            "about__submission__project_phase",
            "about__decision__submission__project_phase",
        )
        .defer("about__content")
    ):
        about = correction.about
        case = about.decision.submission if about.kind == RecordKind.DECISION else about.submission
        events.append(
            GateEvent(
                at=correction.corrected_at,
                phase=names.of_phase(case.project_phase.phase_key),
                iteration=case.project_phase.iteration,
                person=correction.corrected_by.name,
                correction=correction,
            )
        )
    return events


def _disposals(walk: Walk) -> list[GateEvent]:
    """What was disposed of belongs to no phase of the walk any more."""
    return [
        GateEvent(
            at=tombstone.created_at,
            phase=PhaseName("", 0, "", ""),
            iteration=0,
            person=", ".join(person.name for person in tombstone.people.all()),
            disposal=tombstone,
        )
        for tombstone in GateRecord.objects.filter(
            project=walk.project, kind=RecordKind.DISPOSAL
        ).prefetch_related("people")
    ]


def conditions_of(walk: Walk) -> list[Condition]:
    """Every condition of the project, the open ones first and earliest. One query."""
    found = Condition.objects.filter(
        decision__submission__project_phase__project=walk.project
    ).select_related("owner", "closed_by", "decision__submission__project_phase")
    return sorted(found, key=lambda each: (each.closed_at is not None, each.due_on, each.pk))
