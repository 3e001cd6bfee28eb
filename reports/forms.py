from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from common.forms import PageForm
from projects.models import Project
from reports.enums import ABOUT_PROJECTS, FROM_RECORDS, PRINTOUTS, ReportKind

# The largest number of a row has nineteen digits.
LONGEST_NUMBER = 18


class ProjectNames(forms.ModelMultipleChoiceField):
    def clean(self, value: Any) -> Any:
        """Refuses a number that no database can hold, which would end in a fault of ours."""
        for each in value or ():
            if len(str(each)) > LONGEST_NUMBER:
                raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)

    def label_from_instance(self, project: Project) -> str:
        return f"{project.name} ({project.unit.name})"


class OrderForm(PageForm):
    """``projects`` are those that may be chosen; the chosen ones keep their order by name."""

    submit_label = _("Make the report")

    kind = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[(kind.value, kind.label) for kind in ABOUT_PROJECTS],
        widget=forms.RadioSelect,
        help_text=_(
            "The project report is for reading and archiving. The workbook has one sheet per "
            "register, for those who calculate on."
        ),
    )
    projects = ProjectNames(
        label=_("Projects"),
        queryset=Project.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the projects on this page.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the report"),
        choices=Language,
        help_text=_("What people have written is not translated."),
    )

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["projects"]
        assert isinstance(field, ProjectNames)  # noqa: S101 -- for the type checker
        field.queryset = projects

    def clean_kind(self) -> ReportKind:
        return ReportKind(self.cleaned_data["kind"])

    def clean_language(self) -> Language:
        return Language(self.cleaned_data["language"])


class PrintForm(PageForm):
    """``prints`` are the kinds that the tool can be printed as."""

    submit_label = _("Print")

    kind = forms.ChoiceField(label=_("How should it be printed?"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of the headings"),
        choices=Language,
        help_text=_("What people have written is not translated."),
    )

    def __init__(self, *args: Any, prints: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the type checker
        field.choices = [(kind.value, kind.label) for kind in PRINTOUTS if kind in prints]

    def clean_kind(self) -> ReportKind:
        return ReportKind(self.cleaned_data["kind"])

    def clean_language(self) -> Language:
        return Language(self.cleaned_data["language"])


class DecisionForm(PageForm):
    """What to have of a decision. The language is that of its record."""

    submit_label = _("Make it")

    kind = forms.ChoiceField(
        label=_("What do you need?"),
        choices=[(kind.value, kind.label) for kind in FROM_RECORDS],
        widget=forms.RadioSelect,
        help_text=_(
            "The decision record is one file for reading and journalling, with the records inside "
            "as attachments. The archive package also has the files that were submitted, and an "
            "index with which everything can be checked."
        ),
    )

    def clean_kind(self) -> ReportKind:
        return ReportKind(self.cleaned_data["kind"])


class ArchiveForm(PageForm):
    """Nothing to choose: the whole project."""

    submit_label = _("Make the archive package")
