"""Forms about who decides, and what is asked before."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import PageForm


class ConflictForm(PageForm):
    submit_label = _("I do not decide this")

    reason = forms.CharField(
        label=_("What is the conflict of interest?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence. It goes on the record with your name."),
    )


class ReplacementForm(PageForm):
    submit_label = _("Name this person")

    user = forms.ModelChoiceField(
        label=_("Who decides instead?"), queryset=User.objects.none(), empty_label=_("Choose")
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes on the record with your name."),
    )

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        field.label_from_instance = lambda user: user.name


class QuestionForm(PageForm):
    submit_label = _("Ask")

    text = forms.CharField(
        label=_("What do you need to know before you decide?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The project is told. Question and answer go on the record."),
    )


class AnswerForm(PageForm):
    submit_label = _("Answer")

    text = forms.CharField(
        label=_("Your answer"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Those who decide are told. The answer goes on the record."),
    )
