"""Forms for starting a project and working on its steps."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Unit, User
from accounts.policy import ProjectRole
from accounts.selectors import TreeUnit, active_people_of, unit_tree
from common.forms import PageModelForm
from common.layout import Columns, Details
from common.markdown import plain_text
from common.versioned_forms import VersionedFormMixin
from methodology.catalogue import catalogue_of
from methodology.models import MethodVersion
from methodology.selectors_overlays import choosable_versions
from phases.enums import PhaseState, StepStatus
from phases.models import ProjectStep
from phases.portfolio import SUBMITTED
from projects.enums import ProjectStatus
from projects.models import Membership, Project
from projects.selectors import people_in
from projects.wording import people_choices
from tools.contract import Carryable

INDENT = "\u00a0\u00a0\u00a0"


def _method_line(version: MethodVersion) -> str:
    """What the method is called, and its first sentence about itself."""
    catalogue = catalogue_of(version)
    about = plain_text(catalogue.texts.get("summary")).replace("\n", " ")
    first, stop, _rest = about.partition(". ")
    return f"{catalogue.title} – {first}{'.' if stop else ''}"


class ProjectForm(PageModelForm):
    """A new project in ``organisation``. Cleaned data are the arguments of ``start_project``."""

    submit_label = _("Create the project")

    leader = forms.ModelChoiceField(
        label=ProjectRole.LEADER.label,
        queryset=User.objects.none(),
        help_text=_("Leads the work and submits it for decision. May be you."),
    )
    owner = forms.ModelChoiceField(
        label=ProjectRole.OWNER.label,
        queryset=User.objects.none(),
        required=False,
        help_text=_(
            "Left open, the manager above the unit's manager becomes owner. Somebody else becomes "
            "a proposal, which the unit's manager answers."
        ),
    )
    line_manager = forms.ModelChoiceField(
        label=ProjectRole.LINE_MANAGER.label,
        queryset=User.objects.none(),
        required=False,
        help_text=_(
            "Decides whether the work goes on. Left open, the unit's manager becomes line manager. "
            "Somebody else becomes a proposal."
        ),
    )

    class Meta:
        model = Project
        fields = [
            "name",
            "unit",
            "case_number",
            "problem",
            "goal",
            "leader",
            "owner",
            "line_manager",
            "starts_on",
            "ends_on",
            "method_version",
            "document_language",
        ]
        widgets = {"method_version": forms.RadioSelect}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_units(organisation)
        self._offer_people(organisation)
        self._offer_methods(organisation)
        self.helper.layout = Layout(
            Fieldset(_("What it is about"), "name", "unit", "problem", "goal"),
            Fieldset(_("Who"), "leader", "line_manager", "owner"),
            Fieldset(
                _("When and how"),
                Columns("starts_on", "ends_on"),
                "method_version",
                "document_language",
                "case_number",
            ),
        )

    def _offer_units(self, organisation: Organisation) -> None:
        field = self.fields["unit"]
        field.queryset = Unit.objects.filter(organisation=organisation)
        field.choices = [
            ("", _("Choose a unit")),
            *(
                (entry.unit.pk, f"{INDENT * entry.depth}{entry.unit.name}")
                for entry in unit_tree(organisation)
            ),
        ]

    def _offer_people(self, organisation: Organisation) -> None:
        people = active_people_of(organisation)
        choices = people_choices(people)
        for name, nobody in (
            ("leader", _("Choose a person")),
            ("line_manager", _("The unit's manager")),
            ("owner", _("The manager above")),
        ):
            self.fields[name].queryset = people
            self.fields[name].choices = [("", nobody), *choices]

    def _offer_methods(self, organisation: Organisation) -> None:
        versions = choosable_versions(organisation.pk)
        field = self.fields["method_version"]
        field.queryset = MethodVersion.objects.filter(pk__in=[version.pk for version in versions])
        field.choices = [(version.pk, _method_line(version)) for version in versions]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        leader = cleaned.get("leader")
        for name in ("owner", "line_manager"):
            if leader is not None and cleaned.get(name) == leader:
                self.add_error(
                    name,
                    _(
                        "%(name)s leads the project and cannot have this role too. "
                        "Choose somebody else, or leave it open."
                    )
                    % {"name": leader.name},
                )
        return cleaned


class NewRoundForm(ProjectForm):
    """A new project out of an earlier one, with what it is given from there."""

    content = forms.MultipleChoiceField(
        label=_("Worksheets to copy"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Copied are those that the chosen method also has. What is confidential, and what is "
            "to be erased on a date, stays where it is."
        ),
    )
    people = forms.MultipleChoiceField(
        label=_("People to take along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In the role that they had. Owner and line manager are appointed anew."),
    )

    def __init__(
        self,
        *args: Any,
        content: Sequence[Carryable],
        people: Sequence[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["content"].choices = [(each.key, each.title) for each in content]
        self.fields["people"].choices = [
            (
                f"{each.user_id}:{each.role}",
                _("%(name)s, %(role)s") % {"name": each.user.name, "role": each.get_role_display()},
            )
            for each in people
        ]
        names = [name for name in ("content", "people") if self.fields[name].choices]
        for name in {"content", "people"}.difference(names):
            del self.fields[name]
        if names:
            self.helper.layout.fields.insert(1, Fieldset(_("What comes along"), *names))

    def clean_people(self) -> list[tuple[int, ProjectRole]]:
        chosen = (each.split(":") for each in self.cleaned_data["people"])
        return [(int(user_id), ProjectRole(role)) for user_id, role in chosen]


class StepForm(VersionedFormMixin, PageModelForm):
    """What the project says about a step."""

    submit_label = _("Save")

    class Meta:
        model = ProjectStep
        fields = ["status", "responsible", "due_on", "notes", "not_relevant_reason"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 8})}
        help_texts = {
            "notes": _("What you did, what you found out, where the papers are."),
            "not_relevant_reason": _("A sentence, for those who ask later."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step: ProjectStep = self.instance
        self._before = {
            name: getattr(step, ProjectStep._meta.get_field(name).attname)
            for name in self.Meta.fields
        }
        people = list(people_in(step.project))
        # Whoever has left the project stays until somebody else is chosen.
        if step.responsible is not None and step.responsible not in people:
            people.append(step.responsible)
        responsible = self.fields["responsible"]
        responsible.queryset = User.objects.filter(pk__in=[person.pk for person in people])
        responsible.choices = [
            ("", _("Nobody yet")),
            *people_choices(people),
        ]
        self.helper.layout = Layout(
            Columns("status", "responsible", "due_on"),
            Details(
                _("Not relevant in this project?"),
                "not_relevant_reason",
                css_id="not-relevant",
                is_open=step.status == StepStatus.NOT_RELEVANT,
            ),
            "notes",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        reason = cleaned.get("not_relevant_reason", "")
        if cleaned.get("status") == StepStatus.NOT_RELEVANT and not reason.strip():
            self.add_error(
                "not_relevant_reason",
                _("Say why it is not relevant in this project."),
            )
        return cleaned

    @property
    def changed_fields(self) -> list[str]:
        """Names of the fields that a valid form changes on the stored row."""
        return [
            name
            for name, before in self._before.items()
            if getattr(self.instance, ProjectStep._meta.get_field(name).attname) != before
        ]


class ProjectFilterForm(forms.Form):
    """What the list of projects is narrowed by. Values that are not offered are left out."""

    q = forms.CharField(label=_("Search"), max_length=100, required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    phase = forms.ChoiceField(label=_("Where it stands"), required=False)
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, empty_value=None, required=False)

    def __init__(
        self, *args: Any, tree: list[TreeUnit], phases: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            ("", _("All")),
            (SUBMITTED, PhaseState.SUBMITTED.label),
            *ProjectStatus.choices,
        ]
        self.fields["phase"].choices = [("", _("All")), *phases]
        self.fields["unit"].choices = [
            ("", _("All")),
            *((entry.unit.pk, f"{INDENT * entry.depth}{entry.unit.name}") for entry in tree),
        ]

    def arguments(self) -> dict[str, Any]:
        """For :func:`phases.portfolio.find_projects`."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "words": cleaned.get("q", ""),
            "status": cleaned.get("status", ""),
            "phase": cleaned.get("phase", ""),
            "unit": cleaned.get("unit"),
        }

    @property
    def is_filtering(self) -> bool:
        return any(self.arguments().values())
