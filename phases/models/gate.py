"""The gate: what was submitted, who decides, what was decided. Records are only ever added."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import ProjectRole
from methodology.enums import GateOutcome
from phases.enums import RecordKind
from phases.models.walk import ProjectPhase
from projects.models import Project


class GateRecord(models.Model):
    """What was submitted or decided, as canonical bytes (``phases.canonical``).

    ``sha256`` is over exactly these bytes; they hold the hash of the project's record before, so
    the records of a project form a chain. Append-only in the database.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gate_records")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=RecordKind)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["project", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sequence"], name="gate_record_chain")
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.sequence}"


class GateRecordPerson(models.Model):
    """Name and role of somebody whom a record refers to by ``key``. Kept apart so that a person
    can be erased while the record stands."""

    record = models.ForeignKey(GateRecord, on_delete=models.PROTECT, related_name="people")
    key = models.CharField(max_length=10)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150, blank=True)
    roles = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["record", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "key"], name="gate_record_person_key")
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.key}"


class GateSubmission(models.Model):
    """A phase put before its decider. Append-only; ending it is a decision or a withdrawal."""

    project_phase = models.ForeignKey(
        ProjectPhase, on_delete=models.PROTECT, related_name="submissions"
    )
    record = models.OneToOneField(GateRecord, on_delete=models.PROTECT, related_name="submission")
    recommended_outcome = models.CharField(
        _("your recommendation"), max_length=20, choices=GateOutcome
    )
    recommendation = models.CharField(_("recommendation in one sentence"), max_length=1000)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["submitted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.project_phase_id}: {self.submitted_at:%Y-%m-%d}"


class GateWithdrawal(models.Model):
    submission = models.OneToOneField(
        GateSubmission, on_delete=models.PROTECT, related_name="withdrawal"
    )
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["withdrawn_at"]

    def __str__(self) -> str:
        return f"{self.submission_id}"


class Decider(models.Model):
    """Somebody who may decide this submission, fixed when it was submitted."""

    submission = models.ForeignKey(
        GateSubmission, on_delete=models.PROTECT, related_name="deciders"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=ProjectRole)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "user"], name="decider_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.user_id}"


class Vote(models.Model):
    decider = models.OneToOneField(Decider, on_delete=models.PROTECT, related_name="vote")
    outcome = models.CharField(max_length=20, choices=GateOutcome)
    rationale = models.TextField(max_length=5000)
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["voted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.decider_id}: {self.outcome}"


class GateDecision(models.Model):
    """The decision on a submission: exactly one, for good."""

    submission = models.ForeignKey(
        GateSubmission, on_delete=models.PROTECT, related_name="decisions"
    )
    record = models.OneToOneField(GateRecord, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("decision"), max_length=20, choices=GateOutcome)
    rationale = models.TextField(_("rationale"), max_length=5000)
    # The phase to go back to; empty for every other outcome.
    target_phase_key = models.SlugField(max_length=60, blank=True)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    learnt = models.TextField(_("what we have learnt"), max_length=5000, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                name="gate_decided_once",
                violation_error_message=_("This submission has already been decided."),
            ),
            models.CheckConstraint(
                condition=(Q(outcome="back") & ~Q(target_phase_key=""))
                | (~Q(outcome="back") & Q(target_phase_key="")),
                name="gate_back_names_a_phase",
                violation_error_message=_("Choose where to take up the work again."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="pause") | Q(review_on__isnull=False),
                name="gate_pause_has_review_date",
                violation_error_message=_("Say when the pause is to be looked at again."),
            ),
            models.CheckConstraint(
                condition=~Q(outcome="stop") | ~Q(learnt=""),
                name="gate_stop_says_what_was_learnt",
                violation_error_message=_("Say what you have learnt: others will need it."),
            ),
            models.CheckConstraint(
                condition=~Q(rationale=""),
                name="gate_decision_has_rationale",
                violation_error_message=_("Say why: the rationale goes on the record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.outcome}"


class Condition(models.Model):
    """What has to be done after "go with conditions". An open one past its date blocks the next
    gate."""

    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(_("condition"), max_length=1000)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who sees to it")
    )
    due_on = models.DateField(_("due date"))
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closing_note = models.CharField(_("how it was met"), max_length=1000, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closing_note=""),
                name="condition_closed_with_a_note",
                violation_error_message=_("Say how the condition was met."),
            )
        ]

    def __str__(self) -> str:
        return self.text
