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
    REWORK = "rework", "warning", _("Rework")
    MORE_TESTING = "more_testing", "warning", _("More testing")
    BACK = "back", "warning", _("Back to earlier work")
    PAUSE = "pause", "neutral", _("Pause")
    STOP = "stop", "neutral", _("Stop")
    NOT_READY = "not_ready", "warning", _("Not ready yet")
    CONTINUE = "continue", "success", _("Continue as now")
    CORRECTIVE = "corrective", "warning", _("Corrective action")
    CLOSED = "closed", "success", _("Close the project")

    @property
    def takes_conditions(self) -> bool:
        """Whether what has to be done is written down, each with a person and a date."""
        return self in (GateOutcome.GO_WITH_CONDITIONS, GateOutcome.CORRECTIVE)

    @property
    def is_review(self) -> bool:
        """Whether a review that comes again was held, and the next one comes."""
        return self in REVIEW_OUTCOMES


# Only a review that comes again ends with these.
REVIEW_OUTCOMES = (GateOutcome.CONTINUE, GateOutcome.CORRECTIVE)


class Origin(models.TextChoices):
    """Where a part of a method comes from."""

    SOURCE = "source", _("From the source")
    OURS = "ours", _("Our own addition")
    RECONSTRUCTED = "reconstructed", _("Reconstructed")


class Sensitivity(models.TextChoices):
    """Who sees what is written in a field of a worksheet, and for how long."""

    OPEN = "open", _("Everybody who reads the project")
    RESTRICTED = "restricted", _("Only those who write in the project")
    PERISHABLE = "perishable", _("Only those who write in the project, and erased on a date")


class FieldKind(models.TextChoices):
    """What a field of a worksheet holds."""

    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    CHOICE = "choice", _("One choice")
    CHOICES = "choices", _("Several choices")
    SCALE = "scale", _("Scale")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    PERSON = "person", _("Person in the project")
    YES_NO = "yes_no", _("Yes or no")
    PICTURE = "picture", _("Picture")
    LINK = "link", _("Link to rows of other tools")
    READ = "read", _("Read from elsewhere")
    ROWS = "rows", _("Table")


class ReadSource(models.TextChoices):
    """What of the project a worksheet may show."""

    NAME = "project.name", _("The project's name")
    PROBLEM = "project.problem", _("The problem")
    GOAL = "project.goal", _("The goal")
    UNIT = "project.unit", _("The unit")
    ORGANISATION = "project.organisation", _("The organisation")
    LEADER = "project.leader", _("The project leader")
    OWNER = "project.owner", _("The project owner")
    LINE_MANAGER = "project.line_manager", _("The line manager")
    STARTS_ON = "project.starts_on", _("The start date")
    ENDS_ON = "project.ends_on", _("The planned end date")
    CASE_NUMBER = "project.case_number", _("The case number")
    TEAM = "project.team", _("The people in the project")
