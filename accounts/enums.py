from django.utils.translation import gettext_lazy as _

from common.enums import ToneChoices


class PersonStatus(ToneChoices):
    """Whether somebody can sign in. Derived from the person, never stored."""

    ACTIVE = "active", "success", _("Can sign in")
    INVITED = "invited", "info", _("Invited")
    CLOSED = "closed", "neutral", _("Access closed")
