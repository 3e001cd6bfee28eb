"""The gate: what was submitted, who decides, what was decided. Records are only ever added."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from methodology.enums import GateOutcome
from phases.enums import DecisionRule, RecordKind
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


class GateRecordSalt(models.Model):
    """The secret that a record's digests of withheld values were made with.

    While it stands, a value can be shown to be the one that was there; when it is deleted the
    digests say nothing any more, and the record stands.
    """

    record = models.OneToOneField(GateRecord, on_delete=models.PROTECT, related_name="salt")
    salt = models.CharField(max_length=64)

    class Meta:
        ordering = ["record"]

    def __str__(self) -> str:
        return f"{self.record_id}"


class GateRecordDisposal(models.Model):
    """A record whose content was disposed of at the end of retention. ``tombstone`` is the record
    that says so, with its SHA-256 and the two people who answer for it."""

    record = models.OneToOneField(GateRecord, on_delete=models.PROTECT, related_name="disposal")
    tombstone = models.ForeignKey(GateRecord, on_delete=models.PROTECT, related_name="disposals")

    class Meta:
        ordering = ["record"]

    def __str__(self) -> str:
        return f"{self.record_id}"


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
    # How many of the deciders it takes, fixed here whatever the organisation settles later.
    rule = models.CharField(max_length=10, choices=DecisionRule, default=DecisionRule.ONE)
    quorum = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(_("decide by"), null=True, blank=True)
    exempt_paragraph = models.CharField(
        _("exempt from public access under"),
        max_length=100,
        blank=True,
        help_text=_("The section of the law, such as offentleglova § 14. Empty when it is public."),
    )
    exempt_reason = models.CharField(_("why it is exempt"), max_length=500, blank=True)

    class Meta:
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum__gte=1), name="gate_submission_quorum_at_least_one"
            ),
            models.CheckConstraint(
                condition=Q(exempt_paragraph="") | ~Q(exempt_reason=""),
                name="gate_submission_exempt_has_reason",
                violation_error_message=_("Say why it is exempt from public access."),
            ),
        ]

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
    # The decider whose deputy ``decided_by`` was; empty when they decided themselves.
    decided_for = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
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
                condition=Q(decided_for__isnull=True) | ~Q(decided_for=F("decided_by")),
                name="gate_decision_for_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(rationale=""),
                name="gate_decision_has_rationale",
                violation_error_message=_("Say why: the rationale goes on the record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.outcome}"


class GateCorrection(models.Model):
    """What was wrong in a record, said in a record of its own; the one it is about stands."""

    record = models.OneToOneField(GateRecord, on_delete=models.PROTECT, related_name="correction")
    about = models.ForeignKey(GateRecord, on_delete=models.PROTECT, related_name="corrections")
    text = models.TextField(_("what is corrected"), max_length=5000)
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()

    class Meta:
        ordering = ["corrected_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="gate_correction_has_text",
                violation_error_message=_("Say what is corrected."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.about_id}"
