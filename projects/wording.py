"""Roles and people in words."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import ROLE_PERMISSIONS, ProjectPermission, ProjectRole

ROLE_SENTENCES: dict[ProjectRole, str | Promise] = {
    ProjectRole.LEADER: _("Leads the work and the team, and submits it for decision."),
    ProjectRole.MEMBER: _("Takes part, and writes in the project and its tools."),
    ProjectRole.OWNER: _("Owns the project, and says how binding its decision points are."),
    ProjectRole.LINE_MANAGER: _("Decides whether the work goes on."),
    ProjectRole.BENEFIT_RESPONSIBLE: _(
        "Plans the benefits and follows them up, and writes in the project and its tools."
    ),
    ProjectRole.BENEFIT_OWNER: _("Answers for benefits in their unit, and records measurements."),
    ProjectRole.READER: _("Reads everything and changes nothing."),
}


def permission_labels(role: ProjectRole) -> tuple[str, ...]:
    """What the role may do, in the order of the policy."""
    granted = ROLE_PERMISSIONS[role]
    return tuple(str(permission.label) for permission in ProjectPermission if permission in granted)


def people_choices(
    people: Iterable[User], notes: Mapping[int, str] | None = None
) -> list[tuple[int, str]]:
    """People for a select: by name, with the address where two share one, and a note (by the
    person's number) after it."""
    people = list(people)
    shared = {
        name for name, count in Counter(person.name for person in people).items() if count > 1
    }
    notes = notes or {}
    choices = []
    for person in people:
        label = f"{person.name} · {person.email}" if person.name in shared else person.name
        note = notes.get(person.pk)
        choices.append((person.pk, f"{label} ({note})" if note else label))
    return choices
