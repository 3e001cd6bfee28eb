from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm


class CorrectionForm(PageForm):
    submit_label = _("Put the correction on the record")

    text = forms.CharField(
        label=_("What is wrong, and what is right?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Write both, so that it can be understood on its own: “The budget is 400 000 kroner, "
            "not 40 000.” It stays on the record with your name."
        ),
    )
