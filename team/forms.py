from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django.utils.translation import gettext_lazy as _

from common.layout import Columns
from methodology.catalogue import Texts
from methodology.models import Role
from team.models import TeamRole
from tools.forms import RowForm


class TeamRoleForm(RowForm):
    people_from_organisation = True

    class Meta:
        model = TeamRole
        fields = [
            "role",
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
        role = self.fields["role"]
        role.queryset = Role.objects.filter(version_id=self.project.method_version_id)
        role.label_from_instance = _role_title
        self.helper.layout = Layout(
            Columns("role", "capacity"),
            Fieldset(_("Who"), Columns("person", "name"), Columns("unit", "contact")),
            Fieldset(_("For how long"), Columns("from_on", "to_on")),
        )


def _role_title(role: Role) -> str:
    """In the method's own words, as the reader's language has them."""
    return Texts(role.texts).get("title") or role.key
