from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.enums import ToneChoices


class Category(ToneChoices):
    """KS' three kinds of benefits. Saved time is not money: it is counted in hours."""

    AVOIDED_COST = "avoided_cost", "accent", _("Avoided costs")
    TIME_SAVED = "time_saved", "info", _("Saved time")
    QUALITY = "quality", "neutral", _("Better quality")


class Direction(ToneChoices):
    """Which way the figure has to go for things to become better."""

    UP = "up", "neutral", pgettext_lazy("indicator", "Up")
    DOWN = "down", "neutral", pgettext_lazy("indicator", "Down")
    KEEP = "keep", "neutral", pgettext_lazy("indicator", "Keep the level")


class Standing(ToneChoices):
    """Where an indicator is between its baseline and its target, at the latest measurement."""

    NOT_MEASURED = "not_measured", "neutral", _("Not measured")
    UNKNOWN = "unknown", "neutral", _("Cannot be worked out")
    WORSE = "worse", "danger", _("Worse than at the start")
    UNCHANGED = "unchanged", "warning", _("No change yet")
    ON_THE_WAY = "on_the_way", "info", _("On the way")
    REACHED = "reached", "success", _("Target reached")
    KEPT = "kept", "success", _("Level kept")
    OFF_LEVEL = "off_level", "warning", _("Away from the level")
