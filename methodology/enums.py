from django.db import models
from django.utils.translation import gettext_lazy as _

from common.enums import ToneChoices


class VersionStatus(ToneChoices):
    DRAFT = "draft", "warning", _("Draft")
    PUBLISHED = "published", "success", _("Published")
    RETIRED = "retired", "neutral", _("Retired")


class GateMode(ToneChoices):
    """How binding a gate is, from loosest to strictest."""

    OFF = "off", "neutral", _("No gate")
    ADVISORY = "advisory", "info", _("Advisory")
    MANDATORY = "mandatory", "accent", _("Mandatory")

    @property
    def strictness(self) -> int:
        return list(GateMode).index(self)


class Severity(models.TextChoices):
    MUST = "must", _("Must")
    SHOULD = "should", _("Should")


class GateOutcome(ToneChoices):
    """What a decider can decide. Which of them a gate offers is content of the method."""

    GO = "go", "success", _("Go")
    GO_WITH_CONDITIONS = "go_with_conditions", "success", _("Go with conditions")
    REWORK = "rework", "warning", _("Rework in the same phase")
    MORE_TESTING = "more_testing", "warning", _("More testing")
    BACK = "back", "warning", _("Back to an earlier phase")
    PAUSE = "pause", "neutral", _("Pause")
    STOP = "stop", "neutral", _("Stop")
    CLOSED = "closed", "success", _("Close the project")
