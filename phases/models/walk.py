"""A project's walk through its method: rounds of phases, steps, answers, how binding gates are.

Content is named by its key, which means the same in every version of a method. A row whose key the
project's version does not have stays (``docs/adr/0007-state-by-key.md``).
"""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from common.rows import VersionedRow
from methodology.enums import GateMode
from methodology.models import Method
from phases.enums import AnswerStatus, PhaseStatus, StepStatus
from phases.models.evidence import Evidence
from projects.models import Project

if TYPE_CHECKING:
    from phases.models.gate import GateSubmission


class ProjectPhase(VersionedRow):
    """One round (``iteration``) of one phase. Going back opens a new round and keeps the old."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="phases")
    phase_key = models.SlugField(max_length=60)
    iteration = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=10, choices=PhaseStatus, default=PhaseStatus.WAITING)
    started_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    # Set when the leader closed the phase without a decision.
    closed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closing_sentence = models.CharField(max_length=1000, blank=True)

    class Meta:
        # As they were opened: the method's order is the catalogue's.
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "phase_key", "iteration"], name="project_phase_once_per_round"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(status="active"),
                name="project_phase_one_active",
                violation_error_message=_("Something else in this project is in progress."),
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closing_sentence=""),
                name="project_phase_closed_with_a_sentence",
                violation_error_message=_("Say in a sentence why you close this."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.phase_key} ({self.iteration})"

    @property
    def sent(self) -> list["GateSubmission"]:
        """What was submitted in this round, in order; nothing while the round is not stored.
        No query when it is prefetched."""
        return list(self.submissions.all()) if self.pk is not None else []


class ProjectStep(VersionedRow):
    """What the project says about one step. It lives through all rounds; going back re-opens the
    steps that the decision names."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="steps", editable=False
    )
    step_key = models.SlugField(max_length=60, editable=False)
    status = models.CharField(
        _("status"), max_length=15, choices=StepStatus, default=StepStatus.NOT_STARTED
    )
    responsible = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible"),
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=20000, blank=True)
    not_relevant_reason = models.CharField(_("why it is not relevant"), max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "step_key"], name="project_step_once"),
            models.CheckConstraint(
                condition=~Q(status="not_relevant") | ~Q(not_relevant_reason=""),
                name="project_step_not_relevant_has_reason",
                violation_error_message=_("Say why it is not relevant in this project."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.step_key}"


class CriterionAnswer(Evidence, VersionedRow):
    """A person's answer to a criterion in one round of a phase, with evidence.

    When a tool settles the criterion the answer stays as a comment. An answer that was carried
    over from an earlier round counts only when it has been saved again.
    """

    project_phase = models.ForeignKey(
        ProjectPhase, on_delete=models.PROTECT, related_name="answers", editable=False
    )
    criterion_key = models.SlugField(max_length=60, editable=False)
    status = models.CharField(
        _("answer"), max_length=15, choices=AnswerStatus, default=AnswerStatus.OPEN
    )
    comment = models.TextField(
        _("evidence or comment"),
        max_length=5000,
        blank=True,
        help_text=_("What shows it? A sentence is enough."),
    )
    is_carried_over = models.BooleanField(default=False, editable=False)
    answered_at = models.DateTimeField(auto_now=True)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project_phase", "criterion_key"],
                name="criterion_answered_once_per_round",
            ),
            models.CheckConstraint(
                condition=~Q(status="not_relevant") | ~Q(comment=""),
                name="criterion_not_relevant_has_reason",
                violation_error_message=_("Say why the criterion is not relevant here."),
            ),
            models.CheckConstraint(
                condition=~Q(status="not_met") | ~Q(comment=""),
                name="criterion_still_open_has_comment",
                violation_error_message=_("Say what is missing, or what is being done about it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_phase_id}: {self.criterion_key}"


class ProjectGateMode(models.Model):
    """How binding a gate is in one project, from a moment on; the newest row counts."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gate_modes")
    gate_key = models.SlugField(max_length=60)
    mode = models.CharField(_("how binding"), max_length=10, choices=GateMode)
    reason = models.CharField(_("reason"), max_length=1000)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="project_gate_mode_has_reason",
                violation_error_message=_("Give a reason: it goes on the record."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.gate_key} {self.mode}"


class OrganisationGateMode(models.Model):
    """How binding an organisation wants a method's gate at the least; the newest row counts.

    Named by keys, so that it holds for coming versions of the method too.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="gate_modes"
    )
    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="+")
    gate_key = models.SlugField(max_length=60)
    mode = models.CharField(_("how binding"), max_length=10, choices=GateMode)
    reason = models.CharField(_("reason"), max_length=1000)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["set_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="organisation_gate_mode_has_reason",
                violation_error_message=_("Give a reason: it goes on the record."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.gate_key} {self.mode}"
