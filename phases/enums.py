from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.enums import ToneChoices


class PhaseStatus(ToneChoices):
    """What is stored about one round of one phase."""

    WAITING = "waiting", "neutral", pgettext_lazy("phase", "Not started")
    ACTIVE = "active", "info", pgettext_lazy("phase", "In progress")
    COMPLETED = "completed", "success", pgettext_lazy("phase", "Completed")
    RETURNED = "returned", "warning", pgettext_lazy("phase", "Sent back")
    STOPPED = "stopped", "neutral", pgettext_lazy("phase", "Stopped")


# A round with one of these is over, and stays as it is.
ENDED_PHASES = (PhaseStatus.COMPLETED, PhaseStatus.RETURNED, PhaseStatus.STOPPED)


class PhaseState(ToneChoices):
    """Where a phase stands: its status, and what an open submission or a pause makes of it."""

    WAITING = "waiting", "neutral", pgettext_lazy("phase", "Not started")
    ACTIVE = "active", "info", pgettext_lazy("phase", "In progress")
    SUBMITTED = "submitted", "accent", pgettext_lazy("phase", "Waiting for decision")
    PAUSED = "paused", "neutral", pgettext_lazy("phase", "Paused")
    COMPLETED = "completed", "success", pgettext_lazy("phase", "Completed")
    RETURNED = "returned", "warning", pgettext_lazy("phase", "Sent back")
    STOPPED = "stopped", "neutral", pgettext_lazy("phase", "Stopped")


class GateAction(ToneChoices):
    """What somebody may try on a phase, besides the outcomes of a decision."""

    SUBMIT = "submit", "accent", _("Submit for decision")
    WITHDRAW = "withdraw", "neutral", _("Withdraw the submission")
    CLOSE = "close", "neutral", _("Close without a decision")
    RESUME = "resume", "neutral", _("Resume the project")


class StepStatus(ToneChoices):
    NOT_STARTED = "not_started", "neutral", pgettext_lazy("step", "Not started")
    IN_PROGRESS = "in_progress", "info", pgettext_lazy("step", "In progress")
    DONE = "done", "success", pgettext_lazy("step", "Done")
    NOT_RELEVANT = "not_relevant", "neutral", pgettext_lazy("step", "Not relevant")


class AnswerStatus(ToneChoices):
    OPEN = "open", "neutral", pgettext_lazy("criterion", "Not answered")
    MET = "met", "success", pgettext_lazy("criterion", "Met")
    # Looked at and not in place yet; the comment says what is missing.
    NOT_MET = "not_met", "warning", pgettext_lazy("criterion", "Still open")
    NOT_RELEVANT = "not_relevant", "neutral", pgettext_lazy("criterion", "Not relevant")


class RecordKind(ToneChoices):
    SUBMISSION = "submission", "info", _("Submission")
    DECISION = "decision", "accent", _("Decision")
    CORRECTION = "correction", "warning", _("Correction")
    DISPOSAL = "disposal", "neutral", _("Disposal")


class DecisionRule(TextChoices):
    """What it takes to decide when there are several deciders."""

    ONE = "one", _("One person decides")
    ANY = "any", _("The first of several who answers decides")
    ALL = "all", _("All must agree; if they do not, the chair decides")
    CHAIR = "chair", _("The chair decides when enough have voted")


class SeatSource(TextChoices):
    """By what somebody is among those who decide."""

    LINE_MANAGER = "line_manager", _("The project's line manager")
    OWNER = "owner", _("The project owner")
    BENEFIT_RESPONSIBLE = "benefit_responsible", _("The one responsible for the benefits")
    MANAGER_ABOVE = "manager_above", _("The manager above the line manager")
    TOP_MANAGER = "top_manager", _("The manager of the whole organisation")
    NAMED = "named", _("A person by name")
    REPLACEMENT = "replacement", _("Named in somebody else's place")


class LeavingKind(TextChoices):
    """Why a decider does not count any more."""

    CONFLICT = "conflict", _("Conflict of interest")
    REPLACED = "replaced", _("Somebody else was named")
