"""Who decides on a submission: seats, votes, who left, and what was asked before the decision."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from methodology.enums import GateOutcome
from phases.enums import LeavingKind, SeatSource
from phases.models.gate import GateSubmission


class Decider(models.Model):
    """A seat among those who decide: who has it, and by what it is theirs.

    Those named at submission have no ``named_by``. A seat that was filled later says who named the
    person, why, and whose seat it was. Append-only.
    """

    submission = models.ForeignKey(
        GateSubmission, on_delete=models.PROTECT, related_name="deciders"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=SeatSource)
    is_chair = models.BooleanField(default=False)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replacement"
    )
    named_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    named_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="decider_named_once"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, named_by__isnull=True, named_at__isnull=True)
                | (
                    Q(replaces__isnull=False, named_by__isnull=False, named_at__isnull=False)
                    & ~Q(reason="")
                ),
                name="decider_replacement_says_by_whom_and_why",
                violation_error_message=_("Say why: it goes on the record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.user_id}"


class DeciderLeaving(models.Model):
    """A decider who no longer counts, with the reason. Append-only."""

    decider = models.OneToOneField(Decider, on_delete=models.PROTECT, related_name="leaving")
    kind = models.CharField(max_length=10, choices=LeavingKind)
    reason = models.CharField(_("reason"), max_length=1000)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="decider_leaving_has_reason",
                violation_error_message=_("Say why: it goes on the record."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.decider_id}: {self.kind}"


class Vote(models.Model):
    """What one decider wants, for good. ``draft`` is the whole decision as they wrote it
    (``phases.drafts``); ``deputy`` is who voted in their place, if they did not themselves."""

    decider = models.OneToOneField(Decider, on_delete=models.PROTECT, related_name="vote")
    outcome = models.CharField(max_length=20, choices=GateOutcome)
    rationale = models.TextField(max_length=5000)
    draft = models.JSONField(default=dict)
    deputy = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["voted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.decider_id}: {self.outcome}"


class GateQuestion(models.Model):
    """Asked by a decider before the decision; part of the record. Append-only."""

    submission = models.ForeignKey(
        GateSubmission, on_delete=models.PROTECT, related_name="questions"
    )
    text = models.TextField(_("question"), max_length=2000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="gate_question_has_text",
                violation_error_message=_("Write your question."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.pk}"


class GateAnswer(models.Model):
    """The leader's side's answer to a question. Append-only; a question can get several."""

    question = models.ForeignKey(GateQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(_("answer"), max_length=5000)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="gate_answer_has_text",
                violation_error_message=_("Write the answer."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.pk}"
