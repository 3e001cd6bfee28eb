from collections.abc import Collection, Mapping
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.policy import APPOINTED_ROLES, ProjectRole
from accounts.selectors import active_people_of, unit_tree
from common.forms import PageForm, PageModelForm
from common.layout import Columns
from common.versioned_forms import VersionedFormMixin
from projects.models import Project
from projects.services import EDITABLE_FIELDS
from projects.wording import ROLE_SENTENCES, people_choices

INDENT = "\u00a0\u00a0\u00a0"


def role_choices(roles: Collection[ProjectRole] = tuple(ProjectRole)) -> list[tuple[str, str]]:
    """Roles that the team page gives, each with what it is about."""
    return [
        (role.value, f"{role.label} – {ROLE_SENTENCES[role]}")
        for role in ProjectRole
        if role in roles and role not in APPOINTED_ROLES
    ]


class ProjectFactsForm(VersionedFormMixin, PageModelForm):
    """The facts of a project. The method is shown beside the form and cannot be changed."""

    submit_label = _("Save the facts")

    class Meta:
        model = Project
        fields = EDITABLE_FIELDS
        help_texts = {
            "unit": _(
                "Its manager sets the owner and the line manager. Those who have the roles now "
                "keep them when you move the project."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.instance.organisation
        unit = self.fields["unit"]
        unit.queryset = Unit.objects.filter(organisation=organisation)
        unit.choices = [
            (entry.unit.pk, f"{INDENT * entry.depth}{entry.unit.name}")
            for entry in unit_tree(organisation)
        ]
        self.fields["budget"].unit = _("kr")
        self.helper.layout = Layout(
            Fieldset(_("What it is about"), "name", "unit", "case_number"),
            Fieldset(_("Problem and goal"), "problem", "goal"),
            Fieldset(_("When and how"), Columns("starts_on", "ends_on"), "document_language"),
            Fieldset(_("Size"), Columns("budget", "uncertainty"), "has_public_interest"),
        )


class InviteForm(PageForm):
    """Somebody of the organisation, or somebody by name and address; and a role."""

    submit_label = _("Give the role")

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.TypedChoiceField(
        label=_("Role in the project"), coerce=ProjectRole, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, project: Project, roles_now: Mapping[int, str], **kwargs: Any
    ) -> None:
        """``roles_now``: what people already are in the project, by their number."""
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        person.queryset = active_people_of(project.organisation)
        person.choices = [
            ("", _("Choose a person")),
            *people_choices(person.queryset, roles_now),
        ]
        self.fields["role"].choices = role_choices()
        self.fields["email"].help_text = _(
            "They get a mail with a link. Also people in other organisations can take part, as "
            "project member or reader."
        )
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            Fieldset(
                _("Somebody in %(organisation)s") % {"organisation": project.organisation.name},
                "person",
            ),
            Fieldset(_("Or somebody who is not on the list"), "name", "email"),
            Fieldset(_("What they will be"), "role"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person, name, email = (cleaned.get(field) for field in ("person", "name", "email"))
        if {"person", "name", "email"} & set(self.errors):
            return cleaned
        if person and (name or email):
            self.add_error(
                "person", _("Choose somebody on the list or write a new address, not both.")
            )
        elif not person and not email and not name:
            self.add_error(
                "person", _("Choose somebody on the list, or write a name and an address below.")
            )
        elif name and not email:
            self.add_error("email", _("Write the address of the person who has this name."))
        elif email and not name:
            self.add_error("name", _("Write the name of the person who has this address."))
        return cleaned


class MemberRoleForm(PageForm):
    submit_label = _("Save the role")

    role = forms.TypedChoiceField(
        label=_("Role in the project"), coerce=ProjectRole, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, roles: Collection[ProjectRole], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(roles)
