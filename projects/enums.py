from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.enums import ToneChoices


class ProjectStatus(ToneChoices):
    ACTIVE = "active", "info", pgettext_lazy("project", "In progress")
    PAUSED = "paused", "neutral", pgettext_lazy("project", "Paused")
    STOPPED = "stopped", "neutral", pgettext_lazy("project", "Stopped")
    CLOSED = "closed", "success", pgettext_lazy("project", "Closed")


class ProposalStatus(ToneChoices):
    WAITING = "waiting", "warning", pgettext_lazy("proposal", "Waiting")
    CONFIRMED = "confirmed", "success", pgettext_lazy("proposal", "Confirmed")
    DECLINED = "declined", "neutral", pgettext_lazy("proposal", "Declined")
    REPLACED = "replaced", "neutral", pgettext_lazy("proposal", "Replaced by a newer proposal")


class OriginKind(models.TextChoices):
    """What a project grew out of in an earlier one."""

    ROW = "row", _("A row in one of its worksheets")
    STEP = "step", _("The work on improving")
    ENDED = "ended", _("The project as a whole, when it was over")


class Uncertainty(models.TextChoices):
    """How sure it is that the project gives what it is to give, from least to most uncertain."""

    LOW = "low", pgettext_lazy("uncertainty", "Low")
    MEDIUM = "medium", pgettext_lazy("uncertainty", "Medium")
    HIGH = "high", pgettext_lazy("uncertainty", "High")

    @property
    def rank(self) -> int:
        return list(Uncertainty).index(self)
