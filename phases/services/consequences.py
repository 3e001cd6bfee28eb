"""What follows from a decision."""

from accounts.models import User
from methodology.enums import GateOutcome
from phases.enums import PhaseStatus, StepStatus
from phases.gates import DecisionDraft
from phases.models import CriterionAnswer, ProjectPhase
from phases.selectors import Walk, WalkPhase
from phases.services.walking import claim_row, complete_phase, end_round, start_phase
from projects.enums import ProjectStatus
from projects.services import set_project_status


def carry_out(walk: Walk, phase: WalkPhase, draft: DecisionDraft, actor: User) -> None:
    """Do to the walk what was decided. In the caller's transaction."""
    match draft.outcome:
        case GateOutcome.GO | GateOutcome.GO_WITH_CONDITIONS:
            complete_phase(walk=walk, phase=phase, actor=actor)
        case GateOutcome.CLOSED:
            end_round(phase.row, PhaseStatus.COMPLETED)
            set_project_status(project=walk.project, status=ProjectStatus.CLOSED, actor=actor)
        case GateOutcome.BACK:
            _go_back(walk, phase, draft)
        case GateOutcome.PAUSE:
            set_project_status(project=walk.project, status=ProjectStatus.PAUSED, actor=actor)
        case GateOutcome.STOP:
            end_round(phase.row, PhaseStatus.STOPPED)
            set_project_status(project=walk.project, status=ProjectStatus.STOPPED, actor=actor)
        case _:
            # Rework and more testing: the phase goes on.
            phase.row.claim()


def _go_back(walk: Walk, phase: WalkPhase, draft: DecisionDraft) -> None:
    """Open a new round of every phase from the target to the current one; keep everything.

    A phase on the way that has never begun, because the method got it later, needs no new round.
    """
    target = walk.phase(draft.target_phase)
    end_round(phase.row, PhaseStatus.RETURNED)
    for each in walk.phases:
        if not target.entry.number <= each.entry.number <= phase.entry.number:
            continue
        row = each.row
        if row.status != PhaseStatus.WAITING:
            row = ProjectPhase.objects.create(
                project=walk.project, phase_key=each.entry.key, iteration=each.row.iteration + 1
            )
            _carry_answers_over(each.row, row)
        if each is target:
            start_phase(row)
    for step in target.steps:
        if step.entry.key in draft.reopen_steps:
            claim_row(step.row)
            step.row.status = StepStatus.IN_PROGRESS
            step.row.not_relevant_reason = ""
            step.row.save()


def _carry_answers_over(old: ProjectPhase, new: ProjectPhase) -> None:
    """The answers of the round before, to be confirmed."""
    CriterionAnswer.objects.bulk_create(
        CriterionAnswer(
            project_phase=new,
            criterion_key=answer.criterion_key,
            status=answer.status,
            comment=answer.comment,
            evidence_url=answer.evidence_url,
            evidence_file=answer.evidence_file.name,
            evidence_file_name=answer.evidence_file_name,
            evidence_file_sha256=answer.evidence_file_sha256,
            answered_by_id=answer.answered_by_id,
            is_carried_over=True,
        )
        for answer in CriterionAnswer.objects.filter(project_phase=old)
    )
