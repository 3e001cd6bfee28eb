from django.utils.translation import gettext_lazy as _

from common.enums import ToneChoices


class SlotCondition(ToneChoices):
    """How far a project has come with one of the method's tools."""

    NOT_RELEVANT = "not_relevant", "neutral", _("Not relevant here")
    NO_PAGE = "no_page", "neutral", _("Guidance and notes")
    NOTED = "noted", "info", _("Has notes")
    EMPTY = "empty", "neutral", _("Nothing here yet")
    INCOMPLETE = "incomplete", "warning", _("Something is missing")
    COMPLETE = "complete", "success", _("Nothing is missing")
