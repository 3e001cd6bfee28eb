"""Forms of the gate: answering, recommending, deciding, closing, how binding."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import DayField, PageForm, PageModelForm
from common.uploads import validate_upload
from common.versioned_forms import OPENED, VERSION, VersionedFormMixin
from methodology.enums import GateMode, GateOutcome
from phases.enums import StepStatus
from phases.gates import AcceptedWarning, ConditionDraft, DecisionDraft
from phases.models import CriterionAnswer
from phases.reading import Reading
from phases.wording import PhaseName, explanation

LEAST_ROWS, MOST_ROWS, MORE_ROWS = 3, 20, 2
# Before the number of a warning, in the name of the field that says why it is accepted.
ACCEPT = "accept_"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A stored file as a person knows it, and where they fetch it."""

    name: str
    url: str

    def __str__(self) -> str:
        return self.name


class StoredFileInput(forms.ClearableFileInput):
    """Shows the file under the name that the person gave it."""

    stored: StoredFile | None = None

    def is_initial(self, value: Any) -> bool:
        return self.stored is not None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["value"] = self.stored
        return context


class CriterionForm(VersionedFormMixin, PageModelForm):
    """The answer to one criterion.

    Also the first answer carries what it was opened with: when two people answer for the first
    time, the second one's form meets a row that was not there, and is merged like any other.
    """

    submit_label = _("Save the answer")

    class Meta:
        model = CriterionAnswer
        fields = ["status", "comment", "evidence_url", "evidence_file"]
        widgets = {"status": forms.RadioSelect, "evidence_file": StoredFileInput}

    evidence_url = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("To a report, a plan or a page that shows it."),
    )

    def __init__(self, *args: Any, is_settled: bool, file_url: str, **kwargs: Any) -> None:
        """``is_settled``: tools answer, so that the person only comments. ``file_url``: where the
        file of an answer that has one is fetched."""
        super().__init__(*args, **kwargs)
        if is_settled:
            del self.fields["status"]
        if not self.instance.pk:
            self.fields[VERSION] = forms.IntegerField(widget=forms.HiddenInput, required=False)
            self.fields[OPENED] = forms.CharField(widget=forms.HiddenInput, required=False)
            self.initial[VERSION] = 0
            self.initial[OPENED] = json.dumps(self._stored, cls=DjangoJSONEncoder)
        if self.instance.evidence_file and file_url:
            widget: Any = self.fields["evidence_file"].widget
            widget.stored = StoredFile(self.instance.evidence_file_name, file_url)
        self.fields["evidence_file"].help_text = _(
            "PDF, picture or office document, at most 20 MB."
        )


@dataclass(frozen=True, slots=True)
class OutcomeOption:
    """An outcome to choose, with what it leads to. ``why_not`` is empty when it can be chosen."""

    value: str
    label: str
    explanation: str
    why_not: str
    is_chosen: bool


def outcome_options(
    reading: Reading, chosen: str | None, *, go_refused: str
) -> list[OutcomeOption]:
    """The outcomes of the gate. ``go_refused`` says why a plain "go" cannot be chosen."""
    return [
        OutcomeOption(
            value=outcome.value,
            label=str(outcome.label),
            explanation=explanation(outcome, reading.where),
            why_not=go_refused if outcome is GateOutcome.GO and reading.blockers else "",
            is_chosen=chosen == outcome.value,
        )
        for outcome in reading.outcomes
    ]


class SubmitForm(PageForm):
    """The leader's recommendation, and what must not be public."""

    submit_label = _("Submit for decision")

    outcome = forms.ChoiceField(label=_("What do you recommend?"), widget=forms.RadioSelect)
    recommendation = forms.CharField(
        label=_("Your recommendation in one sentence"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What should be decided, and the most important reason."),
    )
    exempt_paragraph = forms.CharField(
        label=_("Exempt from public access under"),
        max_length=100,
        required=False,
        help_text=_("The section of the law, such as offentleglova § 14. Empty when it is public."),
    )
    exempt_reason = forms.CharField(
        label=_("Why is it exempt?"),
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("exempt_paragraph") and not cleaned.get("exempt_reason"):
            self.add_error("exempt_reason", _("Say why it is exempt from public access."))
        if cleaned.get("exempt_reason") and not cleaned.get("exempt_paragraph"):
            self.add_error("exempt_paragraph", _("Name the section that it is exempt under."))
        return cleaned

    def __init__(self, *args: Any, outcomes: Sequence[GateOutcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(each.value, each.label) for each in outcomes]


@dataclass(frozen=True, slots=True)
class StepOption:
    key: str
    title: str
    status: StepStatus
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TargetOption:
    """A phase to go back to, with the steps that can be opened again."""

    name: PhaseName
    is_chosen: bool
    steps: tuple[StepOption, ...]


class DecideForm(PageForm):
    """What the decider decides, besides the conditions."""

    outcome = forms.ChoiceField(label=_("Your decision"), widget=forms.RadioSelect)
    rationale = forms.CharField(
        label=_("Why?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The rationale goes on the record and can be read by all in the project."),
    )
    target_phase = forms.ChoiceField(
        label=_("Where should the work be taken up again?"),
        widget=forms.RadioSelect,
        required=False,
    )
    reopen_steps = forms.MultipleChoiceField(
        label=_("What to work on again"), widget=forms.CheckboxSelectMultiple, required=False
    )
    review_on = DayField(label=_("Look at it again on"), required=False)
    learnt = forms.CharField(
        label=_("Why did it not work out, and what have you learnt?"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "To stop in time is good work. Say plainly what stood in the way, and what others "
            "should know before they try the same."
        ),
    )
    present = forms.CharField(
        label=_("Who took part?"),
        max_length=1000,
        required=False,
        help_text=_("Names of those who were present, if it was decided in a meeting."),
    )
    condition_rows = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_ROWS
    )

    def __init__(self, *args: Any, reading: Reading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading = reading
        self.helper.mark_optional = False
        self.fields["outcome"].choices = [(each.value, each.label) for each in reading.outcomes]
        self.fields["target_phase"].choices = [(name.key, str(name)) for name in reading.back_to]
        self.fields["reopen_steps"].choices = [
            (each.step.key, each.title)
            for name in reading.back_to
            for each in reading.steps_of(name.key)
        ]
        self.warned = (*reading.open_shoulds, *reading.open_steps)
        for number, text in enumerate(self.warned):
            self.fields[f"{ACCEPT}{number}"] = forms.CharField(
                label=text, max_length=500, required=False
            )

    def warnings(self) -> list[forms.BoundField]:
        """One field for each warning: why it is accepted."""
        return [self[name] for name in self.fields if name.startswith(ACCEPT)]

    def targets(self) -> list[TargetOption]:
        chosen = self["target_phase"].value()
        steps = set(self["reopen_steps"].value() or ())
        return [
            TargetOption(
                name=name,
                is_chosen=chosen == name.key,
                steps=tuple(
                    StepOption(
                        each.step.key,
                        f"{each.step.label} {each.title}",
                        each.step.status,
                        each.step.key in steps,
                    )
                    for each in self.reading.steps_of(name.key)
                ),
            )
            for name in self.reading.back_to
        ]

    def draft(self, conditions: Sequence[ConditionDraft]) -> DecisionDraft:
        """Only what belongs to the chosen outcome. Of the steps, those of the target phase."""
        cleaned = self.cleaned_data
        outcome = GateOutcome(cleaned["outcome"])
        is_back = outcome is GateOutcome.BACK
        target = cleaned["target_phase"] if is_back else ""
        within = {each.step.key for each in self.reading.steps_of(target)}
        return DecisionDraft(
            outcome=outcome,
            rationale=cleaned["rationale"],
            target_phase=target,
            review_on=cleaned["review_on"] if outcome is GateOutcome.PAUSE else None,
            learnt=cleaned["learnt"] if outcome is GateOutcome.STOP else "",
            conditions=tuple(conditions) if outcome.takes_conditions else (),
            reopen_steps=tuple(key for key in cleaned["reopen_steps"] if key in within),
            accepted=tuple(
                AcceptedWarning(text, reason)
                for number, text in enumerate(self.warned)
                if (reason := cleaned[f"{ACCEPT}{number}"])
            ),
            present=cleaned["present"],
        )


class ConditionForm(PageForm):
    """One row of conditions; an empty row is no condition."""

    text = forms.CharField(
        label=_("Condition"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    owner = forms.ModelChoiceField(
        label=_("Who sees to it"), queryset=User.objects.none(), empty_label=_("Choose")
    )
    due_on = DayField(label=_("Due date"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people
        owner.label_from_instance = lambda user: user.name

    def draft(self) -> ConditionDraft:
        cleaned = self.cleaned_data
        return ConditionDraft(cleaned["text"].strip(), cleaned["owner"].pk, cleaned["due_on"])


def condition_rows(
    data: MultiValueDict[str, str] | None, count: int, people: QuerySet[User], *, is_sent: bool
) -> list[ConditionForm]:
    """``count`` rows. With ``is_sent`` they are checked; else they only show what ``data`` has."""
    rows = []
    for number in range(max(LEAST_ROWS, min(count, MOST_ROWS))):
        prefix = f"condition-{number}"
        if is_sent:
            form = ConditionForm(data, prefix=prefix, people=people, empty_permitted=True)
        else:
            names = ("text", "owner", "due_on")
            written = {name: data.get(f"{prefix}-{name}", "") for name in names} if data else {}
            form = ConditionForm(initial=written, prefix=prefix, people=people)
        rows.append(form)
    return rows


class ReassignConditionForm(PageForm):
    """Who sees to a condition from now on."""

    submit_label = _("Save")

    owner = forms.ModelChoiceField(
        label=_("Who sees to it from now on?"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence, such as: has changed jobs. It is shown with the condition."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people
        owner.label_from_instance = lambda user: user.name


class CloseConditionForm(PageForm):
    submit_label = _("The condition is met")

    note = forms.CharField(
        label=_("How was it met?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. It goes with the decision for good."),
    )
    evidence_url = forms.URLField(
        label=_("Link to what shows it"), required=False, max_length=500, assume_scheme="https"
    )
    evidence_file = forms.FileField(
        label=_("File that shows it"),
        required=False,
        max_length=200,
        validators=[validate_upload],
        help_text=_("PDF, picture or office document, at most 20 MB."),
    )


class ClosePhaseForm(PageForm):
    sentence = forms.CharField(
        label=_("Why is the work here done?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One sentence. It goes on the record with your name and the date."),
    )

    def __init__(self, *args: Any, phase_word: str, **kwargs: Any) -> None:
        """``phase_word``: the method's definite form, such as "the phase"."""
        super().__init__(*args, **kwargs)
        self.helper.submit_label = _("Close %(phase)s") % {"phase": phase_word}


class GateModeForm(PageForm):
    submit_label = _("Save")

    mode = forms.ChoiceField(
        label=_("How binding is this gate?"), choices=GateMode, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes on the record and is shown to all in the project."),
    )


class LeastModeForm(PageForm):
    """How binding a gate is at the least, in all projects of an organisation."""

    submit_label = _("Save")

    mode = forms.ChoiceField(
        label=_("At the least"),
        widget=forms.RadioSelect,
        choices=[
            (GateMode.OFF, _("No minimum: the method and the project decide")),
            (GateMode.ADVISORY, _("At least advisory: the gate cannot be switched off")),
            (GateMode.MANDATORY, _("Mandatory in all projects")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is shown to those who ask why."),
    )
