from django import forms
from django.utils.translation import gettext_lazy as _

from phases.waiting import Bucket

MINE, EVERYBODY = "mine", "everybody"


class TaskFilter(forms.Form):
    """Which tasks are shown. An unknown value shows as if nothing was chosen."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        choices=[(MINE, _("Mine")), (EVERYBODY, _("Everybody's in what I lead"))],
        required=False,
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("", _("Any time")),
            (Bucket.OVERDUE.value, _("Overdue")),
            (Bucket.WEEK.value, _("Within a week")),
            (Bucket.LATER.value, _("Later")),
        ],
        required=False,
    )

    def __init__(self, *args: object, leads: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not leads:
            del self.fields["whose"]
