"""Writes on the leader's side of the gate."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import ProjectPermission
from audit.services import record_event
from common.outcomes import Denied, Refusal
from common.uploads import sha256_of
from methodology.enums import GateOutcome
from phases.enums import GateAction, RecordKind
from phases.gates import ReadinessItem, may_move
from phases.models import CriterionAnswer, Decider, GateSubmission, GateWithdrawal
from phases.permissions import may_answer, refuse_unless
from phases.readiness import readiness_of
from phases.record import add_record, submission_content
from phases.selectors import Walk, WalkPhase, walk_of
from phases.services.minutes import person
from phases.services.routes import SeatPlan, plan_for
from phases.services.seats import lock_project, record_at_gate
from projects.access import access_of, who_may
from projects.models import Project
from tools.plain import People


class GateNotReady(Refusal):
    """A plain "go" was recommended although something that must be in place is missing."""

    def __init__(self, blockers: tuple[ReadinessItem, ...]) -> None:
        super().__init__(
            _(
                "Something that must be in place is missing, so “go” cannot be recommended. Mend "
                "it, or recommend something else."
            )
        )
        self.blockers = blockers


@transaction.atomic
def answer_criterion(
    *, answer: CriterionAnswer, actor: User, file: UploadedFile | None = None
) -> CriterionAnswer:
    """Save an answer with its evidence. Saving confirms one that was carried over.

    Refused while the phase is submitted and when its round is over. Raises ``ValidationError``
    and ``StaleRow``.
    """
    project = answer.project_phase.project
    refuse_unless(may_answer(access_of(actor, project), answer.project_phase))
    _store_round(answer)
    if GateSubmission.objects.filter(
        project_phase=answer.project_phase, decisions__isnull=True, withdrawal__isnull=True
    ).exists():
        raise Refusal(_("A decision is awaited. Withdraw the submission to change answers."))
    answer.answered_by = actor
    answer.is_carried_over = False
    _put_file(answer, file)
    before = CriterionAnswer.objects.filter(pk=answer.pk).values_list("evidence_file", flat=True)
    replaced = before.first() or ""
    if answer.pk is not None:
        answer.claim()
    answer.full_clean()
    answer.save()
    if replaced and replaced != answer.evidence_file.name:
        _forget_file(replaced, project)
    record_event(
        actor=actor,
        action="criterion.answered",
        target=answer,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        criterion=answer.criterion_key,
        status=answer.status,
    )
    return answer


def _store_round(answer: CriterionAnswer) -> None:
    """The first answer in a phase that the method got later comes before the phase's row."""
    row = answer.project_phase
    if row.pk is None:
        row.full_clean()
        row.save()
        answer.project_phase = row


def _put_file(answer: CriterionAnswer, file: UploadedFile | None) -> None:
    if file is not None:
        answer.evidence_file_name = (file.name or "")[-200:]
        answer.evidence_file_sha256 = sha256_of(file)
        answer.evidence_file = file
    elif not answer.evidence_file:
        answer.evidence_file_name = answer.evidence_file_sha256 = ""


def _forget_file(name: str, project: Project) -> None:
    """Delete a file that was replaced or removed, unless somebody may have seen it at a gate: what
    was submitted stays, and so does what an answer of another round still holds."""
    is_kept = (
        GateSubmission.objects.filter(project_phase__project=project).exists()
        or CriterionAnswer.objects.filter(evidence_file=name).exists()
    )
    if not is_kept:
        transaction.on_commit(lambda: default_storage.delete(name))


@transaction.atomic
def submit_gate(
    *,
    project: Project,
    phase_key: str,
    recommended_outcome: GateOutcome,
    recommendation: str,
    actor: User,
    exempt_paragraph: str = "",
    exempt_reason: str = "",
) -> GateSubmission:
    """Freeze the project and put the phase before those who decide by the organisation's route.

    Refused: without the right, when the phase is not in progress or already submitted, when fewer
    can decide than the route takes, and "go" with blockers (:class:`GateNotReady`). Sentences are
    frozen in the project's document language. ``exempt_paragraph`` and ``exempt_reason`` say what
    keeps it from public access, if anything does.
    """
    if not access_of(actor, project).can_submit_gate:
        raise Refusal(who_may(ProjectPermission.SUBMIT_GATE))
    Project.objects.select_for_update().filter(pk=project.pk).first()
    walk = walk_of(project)
    phase = walk.phase(phase_key)
    plan = plan_to_submit(walk, phase, actor)
    if recommended_outcome not in (phase.gate.outcomes if phase.gate else ()):
        raise Refusal(_("This gate does not offer that decision."))
    if not recommendation.strip():
        raise Refusal(_("Write your recommendation in one sentence."))
    people = People()
    said = GateSubmission(
        project_phase=phase.row,
        recommended_outcome=recommended_outcome,
        recommendation=recommendation.strip(),
        submitted_by=actor,
        submitted_at=timezone.now(),
        rule=plan.rule,
        quorum=plan.quorum,
        due_on=plan.due_on,
        exempt_paragraph=exempt_paragraph.strip(),
        exempt_reason=exempt_reason.strip(),
    )
    frozen = _frozen(walk, phase, people, is_go=recommended_outcome is GateOutcome.GO)
    phase.row.claim()
    with translation.override(project.document_language):
        content = {**frozen, **asked_content(said, plan, people)}
    return _add_submission(project, said, content, plan, people)


def asked_content(said: GateSubmission, plan: SeatPlan, people: People) -> dict[str, Any]:
    """What is recommended, by whom, and who is asked how. Sentences in the active language."""
    return {
        "recommended_outcome": said.recommended_outcome or None,
        "recommendation": said.recommendation,
        "submitted_by": person(said.submitted_by, people),
        "submitted_at": said.submitted_at.isoformat(),
        "deciders": [
            {
                **person(seat.user, people),
                "role": seat.source.value,
                "role_label": str(seat.source.label),
                "is_chair": seat.is_chair,
            }
            for seat in plan.seats
        ],
        "rule": {
            "key": plan.rule.value,
            "label": str(plan.rule.label),
            "quorum": plan.quorum,
            "route": plan.route_name,
        },
        "due_on": plan.due_on.isoformat() if plan.due_on else None,
        "exempt": {"paragraph": said.exempt_paragraph, "reason": said.exempt_reason},
    }


def _add_submission(
    project: Project,
    submission: GateSubmission,
    content: Mapping[str, Any],
    plan: SeatPlan,
    people: People,
) -> GateSubmission:
    """Store the submission with its record and its deciders. Inside a transaction."""
    record = add_record(project=project, kind=RecordKind.SUBMISSION, content=content, people=people)
    submission.record = record
    submission.full_clean()
    submission.save()
    for seat in plan.seats:
        Decider.objects.create(
            submission=submission, user=seat.user, role=seat.source, is_chair=seat.is_chair
        )
    record_at_gate(
        submission,
        submission.submitted_by,
        "gate.submitted",
        phase=submission.project_phase.phase_key,
        sha256=record.sha256,
    )
    return submission


def _frozen(walk: Walk, phase: WalkPhase, people: People, *, is_go: bool) -> dict[str, Any]:
    """The project as it is now, with sentences in its document language.

    Raises :class:`GateNotReady` for a plain "go" with blockers.
    """
    language = walk.project.document_language
    with translation.override(language):
        ready = readiness_of(walk, phase)
        blockers = ready.readiness.blockers
        content = submission_content(
            walk=walk, phase=phase, ready=ready, people=people, language=language
        )
    if is_go and blockers:
        raise GateNotReady(blockers)
    return content


def plan_to_submit(walk: Walk, phase: WalkPhase, actor: User) -> SeatPlan:
    """Who is asked, and how, when ``actor`` submits the phase now.

    Raises :class:`Refusal` when it cannot be submitted. Five queries at the most.
    """
    if phase.gate is None:
        raise Refusal(_("There is no gate here."))
    if phase.open_submission is not None:
        raise Refusal(
            _("%(name)s has already submitted this, and it waits for a decision.")
            % {"name": phase.open_submission.submitted_by.name}
        )
    outcome = may_move(phase.state, GateAction.SUBMIT)
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)
    plan = plan_for(walk.project, actor)
    if plan.problems:
        raise Refusal(" ".join(plan.problems))
    return plan


def withdraw_submission(*, submission: GateSubmission, actor: User) -> GateWithdrawal:
    """Take a submission back before it is decided, so that work can go on."""
    project = submission.project_phase.project
    if not access_of(actor, project).can_submit_gate:
        raise Refusal(who_may(ProjectPermission.SUBMIT_GATE))
    try:
        with transaction.atomic():
            lock_project(submission)
            withdrawal = GateWithdrawal.objects.create(submission=submission, withdrawn_by=actor)
            record_at_gate(submission, actor, "gate.withdrawn")
    except IntegrityError as error:
        raise Refusal(_("The submission is already decided or withdrawn.")) from error
    return withdrawal
