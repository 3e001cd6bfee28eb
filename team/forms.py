from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from common.layout import Columns
from projects.method import catalogue_of_project
from team.models import TeamRole
from tools.forms import RowForm


class TeamRoleForm(RowForm):
    people_from_organisation = True

    class Meta:
        model = TeamRole
        fields = [
            "role_key",
            "capacity",
            "person",
            "name",
            "unit",
            "contact",
            "from_on",
            "to_on",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role_key"] = forms.ChoiceField(
            label=self.fields["role_key"].label, choices=self._roles()
        )
        self.helper.layout = Layout(
            Columns("role_key", "capacity"),
            Fieldset(_("Who"), Columns("person", "name"), Columns("unit", "contact")),
            Fieldset(_("For how long"), Columns("from_on", "to_on")),
        )

    def _roles(self) -> list[tuple[str, str]]:
        """The method's roles in its own words, and the one that the row has, wherever it went."""
        roles = catalogue_of_project(self.project).roles
        choices = [("", _("Choose")), *((role.key, role.title) for role in roles)]
        chosen = self.instance.role_key
        if chosen and all(chosen != role.key for role in roles):
            choices.append((chosen, chosen))
        return choices
