"""Questions before a decision, and their answers. Both are permanent and go into the record."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import ProjectPermission
from common.outcomes import Allowed, Denied, Outcome
from phases.models import GateAnswer, GateQuestion, GateSubmission
from phases.permissions import refuse_unless
from phases.services.seats import lock_project, record_at_gate, refuse_ended, sits_or_deputises
from projects.access import access_of


def may_ask(submission: GateSubmission, user: User) -> Outcome:
    """Those who decide, and their deputies. Two queries."""
    if sits_or_deputises(submission, user):
        return Allowed()
    return Denied(_("Those who decide ask the questions."))


def may_answer_questions(submission: GateSubmission, user: User) -> Outcome:
    """Whoever may write in the project. Three queries."""
    access = access_of(user, submission.project_phase.project)
    return access.can(ProjectPermission.EDIT_CONTENT)


@transaction.atomic
def ask(*, submission: GateSubmission, text: str, actor: User) -> GateQuestion:
    """Ask the leader something before deciding. Refused when it is decided or withdrawn.

    The same words by the same person once more are the question that stands there: a form that is
    sent twice leaves no second one on the record.
    """
    lock_project(submission)
    refuse_ended(submission)
    refuse_unless(may_ask(submission, actor))
    same = GateQuestion.objects.filter(
        submission=submission, text=text.strip(), asked_by=actor
    ).first()
    if same is not None:
        return same
    question = GateQuestion(
        submission=submission, text=text.strip(), asked_by=actor, asked_at=timezone.now()
    )
    question.full_clean()
    question.save()
    record_at_gate(submission, actor, "gate.asked")
    return question


@transaction.atomic
def answer(*, question: GateQuestion, text: str, actor: User) -> GateAnswer:
    """Answer a question. Refused when it is decided or withdrawn. The same answer once more is
    the one that stands there, as in :func:`ask`."""
    submission = question.submission
    lock_project(submission)
    refuse_ended(submission)
    refuse_unless(may_answer_questions(submission, actor))
    same = GateAnswer.objects.filter(
        question=question, text=text.strip(), answered_by=actor
    ).first()
    if same is not None:
        return same
    given = GateAnswer(
        question=question, text=text.strip(), answered_by=actor, answered_at=timezone.now()
    )
    given.full_clean()
    given.save()
    record_at_gate(submission, actor, "gate.answered")
    return given


def questions_of(submission: GateSubmission) -> list[GateQuestion]:
    """Oldest first, each with its answers. Three queries."""
    return list(
        GateQuestion.objects.filter(submission=submission)
        .select_related("asked_by")
        .prefetch_related("answers__answered_by")
    )
