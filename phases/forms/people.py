"""Forms about who decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import ProjectRole
from accounts.selectors import active_people_of
from common.forms import PageForm
from projects.models import Project
from projects.selectors import holder, leaders_ids
from projects.wording import people_choices


class AppointForm(PageForm):
    """Somebody of the organisation who does not lead the project and does not have the role."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())

    def __init__(
        self, *args: Any, project: Project, role: ProjectRole, sets: bool, **kwargs: Any
    ) -> None:
        """``sets``: what is chosen holds at once; otherwise it is a proposal."""
        super().__init__(*args, **kwargs)
        now = holder(project, role)
        people = active_people_of(project.organisation).exclude(
            pk__in=leaders_ids(project) | ({now.pk} if now else set())
        )
        user = self.fields["user"]
        user.queryset = people
        user.choices = [("", _("Choose a person")), *people_choices(people)]
        self.helper.submit_label = _("Give the role") if sets else _("Send the proposal")
