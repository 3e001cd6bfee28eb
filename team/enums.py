from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.enums import ToneChoices


class Capacity(ToneChoices):
    """Whether somebody has the role or steps in when needed."""

    HOLDER = "holder", "info", pgettext_lazy("team", "Holder")
    DEPUTY = "deputy", "neutral", _("Deputy")
