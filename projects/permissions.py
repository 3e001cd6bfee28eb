"""Who can have which role, and when it can end: each answer carries its reason."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policy import APPOINTED_ROLES, GUEST_ROLES, ProjectRole
from common.outcomes import Allowed, Denied, Outcome
from projects.models import Membership, Project
from projects.selectors import leaders_ids

APPOINTED_ELSEWHERE = gettext_lazy(
    "The owner and the line manager are appointed by the unit's manager."
)


def may_be_given(role: ProjectRole, *, user: User, project: Project) -> Outcome:
    """Whether the team page can give ``role`` to ``user``. No query."""
    if role in APPOINTED_ROLES:
        return Denied(APPOINTED_ELSEWHERE)
    if user.organisation_id != project.organisation_id and role not in GUEST_ROLES:
        return Denied(
            _("%(name)s belongs to another organisation, and can be project member or reader here.")
            % {"name": user.name}
        )
    return Allowed()


def may_change(membership: Membership) -> Outcome:
    """Whether the team page can change or end the role at all. No query."""
    if membership.role in APPOINTED_ROLES:
        return Denied(APPOINTED_ELSEWHERE)
    if membership.ended_at is not None:
        return Denied(_("This role has already ended."))
    return Allowed()


def may_end(membership: Membership) -> Outcome:
    """As :func:`may_change`, and never the only leader. One query at the most."""
    outcome = may_change(membership)
    if isinstance(outcome, Denied):
        return outcome
    if membership.role == ProjectRole.LEADER and leaders_ids(membership.project) == {
        membership.user_id
    }:
        return Denied(_("The project needs a leader. Make somebody else leader first."))
    return Allowed()
