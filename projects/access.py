"""What one person may do in one project, read once per request."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import (
    ORGANISATION_PROJECT_PERMISSIONS,
    ROLE_PERMISSIONS,
    OrganisationRole,
    ProjectPermission,
    ProjectRole,
)
from accounts.selectors import is_administrator
from common import wording
from common.outcomes import Allowed, Denied, Outcome
from projects.models import (
    Membership,
    Project,
    ProjectGroupObjectPermission,
    ProjectUserObjectPermission,
)


@dataclass(frozen=True, slots=True)
class ProjectAccess:
    """``roles`` are the person's current roles in the project, ``permissions`` what is stored."""

    user: User
    project: Project
    roles: frozenset[ProjectRole]
    permissions: frozenset[str]
    is_administrator: bool

    def can(self, permission: ProjectPermission) -> Outcome:
        if permission in self.permissions:
            return Allowed()
        return Denied(who_may(permission))

    def require(self, permission: ProjectPermission) -> None:
        """Raise ``PermissionDenied`` with the reason, unless allowed."""
        outcome = self.can(permission)
        if isinstance(outcome, Denied):
            raise PermissionDenied(str(outcome.reason))

    @property
    def can_edit_content(self) -> Outcome:
        return self.can(ProjectPermission.EDIT_CONTENT)

    @property
    def can_edit_project(self) -> Outcome:
        return self.can(ProjectPermission.EDIT_PROJECT)

    @property
    def can_manage_team(self) -> Outcome:
        return self.can(ProjectPermission.MANAGE_TEAM)

    @property
    def can_submit_gate(self) -> Outcome:
        return self.can(ProjectPermission.SUBMIT_GATE)

    @property
    def can_set_gate_mode(self) -> Outcome:
        return self.can(ProjectPermission.SET_GATE_MODE)

    @property
    def can_order_report(self) -> Outcome:
        return self.can(ProjectPermission.ORDER_REPORT)

    @property
    def is_leader(self) -> bool:
        return ProjectRole.LEADER in self.roles


def who_may(permission: ProjectPermission) -> str:
    """The reason of a refusal: whose task it is."""
    roles = [
        str(role.label).lower()
        for role, granted in ROLE_PERMISSIONS.items()
        if permission in granted
    ]
    if permission in ORGANISATION_PROJECT_PERMISSIONS[OrganisationRole.ADMINISTRATOR]:
        roles.append(_("the organisation's administrator"))
    return _("You cannot %(action)s. That is for: %(roles)s.") % {
        "action": permission.label,
        "roles": get_text_list(roles, _("or")),
    }


# Further grounds on which somebody may read a project in which they have no role: asked only for
# those who would else be strangers.
_grounds: list[Callable[[User, Project], bool]] = []


def let_read(ground: Callable[[User, Project], bool]) -> None:
    """Register a ground for reading projects. Called once, when an app is ready."""
    if ground not in _grounds:
        _grounds.append(ground)


def open_project(user: User, project_id: int) -> ProjectAccess:
    """The way into every page of a project. Strangers get 404. Four queries.

    From here on guidance speaks to the project's organisation, also to guests from another.
    """
    project = (
        Project.objects.select_related("organisation", "unit")
        .with_method()
        .filter(pk=project_id)
        .first()
    )
    if project is None or not user.is_active:
        raise Http404
    access = access_of(user, project)
    if ProjectPermission.VIEW not in access.permissions:
        raise Http404
    wording.activate(project.organisation.wording)
    return access


def access_of(user: User, project: Project) -> ProjectAccess:
    """Three queries: permissions, roles in the project, roles in the organisation; more for those
    who may read on another ground (:func:`let_read`) or not at all."""
    own = ProjectUserObjectPermission.objects.filter(user=user, content_object=project)
    through_groups = ProjectGroupObjectPermission.objects.filter(
        group__user=user, content_object=project
    )
    codes = own.values_list("permission__codename").union(
        through_groups.values_list("permission__codename")
    )
    roles = Membership.objects.filter(
        project=project, user=user, ended_at__isnull=True
    ).values_list("role", flat=True)
    permissions = frozenset(code for (code,) in codes) if user.is_active else frozenset()
    if user.is_active and ProjectPermission.VIEW not in permissions:
        permissions |= {ProjectPermission.VIEW for ground in _grounds if ground(user, project)}
    return ProjectAccess(
        user=user,
        project=project,
        roles=frozenset(ProjectRole(role) for role in roles),
        permissions=permissions,
        is_administrator=is_administrator(user, project.organisation_id),
    )
