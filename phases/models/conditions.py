"""What has to be done after a decision."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from phases.models.evidence import Evidence
from phases.models.gate import GateDecision


class Condition(Evidence):
    """What has to be done after a decision that takes conditions. An open one past its date blocks
    the next gate."""

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


class ConditionHandover(models.Model):
    """A condition that somebody else came to see to, with the reason. Only ever added."""

    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="handovers")
    from_owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    to_owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=1000)
    handed_over_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_over_at = models.DateTimeField()

    class Meta:
        ordering = ["handed_over_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="condition_handover_has_reason",
                violation_error_message=_("Say why somebody else sees to it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.condition_id}"
