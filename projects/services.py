"""Writes about projects and who takes part in them. Alone in writing guardian's rows."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Unit, User
from accounts.policy import (
    APPOINTED_ROLES,
    ORGANISATION_PROJECT_PERMISSIONS,
    ROLE_PERMISSIONS,
    OrganisationRole,
    ProjectPermission,
    ProjectRole,
)
from audit.services import record_event
from common.outcomes import Denied, Outcome, Refusal
from methodology.models import MethodVersion
from methodology.selectors_overlays import published_overlay
from projects.enums import ProjectStatus
from projects.method import may_stand_on
from projects.models import (
    Membership,
    Project,
    ProjectGroupObjectPermission,
    ProjectUserObjectPermission,
)
from projects.permissions import may_be_given, may_end

EDITABLE_FIELDS = (
    "name",
    "unit",
    "problem",
    "goal",
    "case_number",
    "document_language",
    "starts_on",
    "ends_on",
    "budget",
    "uncertainty",
    "has_public_interest",
)


@transaction.atomic
def create_project(
    *,
    unit: Unit,
    name: str,
    problem: str,
    goal: str,
    method_version: MethodVersion,
    document_language: str,
    starts_on: datetime.date,
    leader: User,
    actor: User,
    ends_on: datetime.date | None = None,
    case_number: str = "",
) -> Project:
    """A project with its leader and its stored permissions, without a walk.

    It stands on ``method_version`` with the adjustments that the organisation has published last.
    ``phases.services.start_project`` is what pages call. Whoever creates a project for another
    leader becomes a member. Raises ``ValidationError`` and :class:`Refusal`.
    """
    _refuse_unless(may_stand_on(method_version, unit.organisation_id))
    project = Project(
        organisation=unit.organisation,
        unit=unit,
        name=name,
        problem=problem,
        goal=goal,
        case_number=case_number,
        document_language=document_language,
        method_version=method_version,
        overlay_version=published_overlay(unit.organisation_id, method_version.method_id),
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=actor,
    )
    _refuse_unless(may_be_given(ProjectRole.LEADER, user=leader, project=project))
    project.full_clean()
    project.save()
    Membership.objects.create(
        project=project, user=leader, role=ProjectRole.LEADER, started_by=actor
    )
    if actor != leader:
        Membership.objects.create(
            project=project, user=actor, role=ProjectRole.MEMBER, started_by=actor
        )
    _write_group_permissions(project)
    write_user_permissions(project=project, users=[leader, actor])
    record_event(
        actor=actor,
        action="project.created",
        target=project,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        method=method_version.method.key,
        version=method_version.number,
    )
    return project


@transaction.atomic
def update_project(*, project: Project, values: Mapping[str, Any], actor: User) -> Project:
    """Change some of ``EDITABLE_FIELDS``. Raises ``StaleRow`` when somebody was faster."""
    changed = [field for field in EDITABLE_FIELDS if field in values]
    project.claim()
    for field in changed:
        setattr(project, field, values[field])
    if project.unit.organisation_id != project.organisation_id:
        raise Refusal(_("The unit belongs to another organisation."))
    project.full_clean()
    project.save(update_fields=changed)
    record_event(
        actor=actor,
        action="project.updated",
        target=project,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        fields=changed,
    )
    return project


@transaction.atomic
def set_project_status(*, project: Project, status: ProjectStatus, actor: User) -> None:
    """Called by ``phases`` when a decision changes it."""
    if project.status == status:
        return
    project.status = status
    project.save(update_fields=["status"])
    record_event(
        actor=actor,
        action="project.status_set",
        target=project,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        status=status,
    )


@transaction.atomic
def add_member(*, project: Project, user: User, role: ProjectRole, actor: User) -> Membership:
    """Give ``user`` a role. Owner and line manager are appointed, not added; somebody from another
    organisation takes part or reads."""
    _refuse_unless(may_be_given(role, user=user, project=project))
    return _start_membership(project=project, user=user, role=role, actor=actor)


@transaction.atomic
def change_member_role(*, membership: Membership, role: ProjectRole, actor: User) -> Membership:
    """End the role and start another; both stay in the history."""
    if membership.role == role:
        return membership
    _refuse_unless(may_be_given(role, user=membership.user, project=membership.project))
    started = _start_membership(
        project=membership.project, user=membership.user, role=role, actor=actor
    )
    end_membership(membership=membership, actor=actor)
    return started


@transaction.atomic
def end_membership(*, membership: Membership, actor: User) -> None:
    """End the role now. Refuses to leave the project without a leader, and what has ended."""
    # Two leaders who end each other's role at the same moment wait for each other here.
    Project.objects.select_for_update().get(pk=membership.project_id)
    _refuse_unless(may_end(membership))
    _end(membership, actor)


@transaction.atomic
def set_appointed_role(
    *, project: Project, user: User, role: ProjectRole, actor: User
) -> Membership:
    """Replace the owner or line manager. ``phases.appointments`` says who may do this, and when."""
    current = Membership.objects.filter(project=project, role=role, ended_at__isnull=True).first()
    if current is not None:
        if current.user_id == user.pk:
            return current
        _end(current, actor)
    return _start_membership(project=project, user=user, role=role, actor=actor)


def _refuse_unless(outcome: Outcome) -> None:
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)


def _start_membership(
    *, project: Project, user: User, role: ProjectRole, actor: User
) -> Membership:
    if not user.is_active:
        raise Refusal(
            _("%(name)s can no longer sign in. Choose somebody else.") % {"name": user.name}
        )
    held = set(
        Membership.objects.filter(project=project, user=user, ended_at__isnull=True).values_list(
            "role", flat=True
        )
    )
    if (role == ProjectRole.LEADER and held & APPOINTED_ROLES) or (
        role in APPOINTED_ROLES and ProjectRole.LEADER in held
    ):
        raise Refusal(
            _("%(name)s cannot both lead the project and be its owner or line manager.")
            % {"name": user.name}
        )
    membership = Membership(project=project, user=user, role=role, started_by=actor)
    membership.full_clean()
    membership.save()
    write_user_permissions(project=project, users=[user])
    record_event(
        actor=actor,
        action="membership.started",
        target=membership,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        user=user.pk,
        role=role,
    )
    return membership


def _end(membership: Membership, actor: User) -> None:
    ended_at = timezone.now()
    ended = Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(
        ended_at=ended_at, ended_by=actor
    )
    if not ended:
        raise Refusal(_("This role has already ended."))
    membership.ended_at, membership.ended_by = ended_at, actor
    write_user_permissions(project=membership.project, users=[membership.user])
    record_event(
        actor=actor,
        action="membership.ended",
        target=membership,
        organisation_number=membership.project.organisation_id,
        project_number=membership.project_id,
        user=membership.user_id,
        role=membership.role,
    )


@transaction.atomic
def write_user_permissions(*, project: Project, users: Iterable[User]) -> None:
    """Make the stored permissions of ``users`` on ``project`` what their current roles give.

    Two writes and two reads for any number of people.
    """
    wanted_people = {user.pk for user in users}
    permissions = _permissions()
    rows = []
    current = Membership.objects.filter(
        project=project, user_id__in=wanted_people, ended_at__isnull=True
    ).values_list("user_id", "role")
    granted: dict[int, set[ProjectPermission]] = {}
    for user_id, role in current:
        granted.setdefault(user_id, set()).update(ROLE_PERMISSIONS[ProjectRole(role)])
    for user_id, codes in granted.items():
        rows += [
            ProjectUserObjectPermission(
                user_id=user_id, content_object=project, permission=permissions[code]
            )
            for code in sorted(codes)
        ]
    ProjectUserObjectPermission.objects.filter(
        content_object=project, user_id__in=wanted_people
    ).delete()
    ProjectUserObjectPermission.objects.bulk_create(rows)


def _write_group_permissions(project: Project) -> None:
    organisation = project.organisation
    permissions = _permissions()
    groups = {
        OrganisationRole.ADMINISTRATOR: organisation.administrators_group_id,
        OrganisationRole.READS_EVERYTHING: organisation.readers_group_id,
    }
    ProjectGroupObjectPermission.objects.filter(content_object=project).delete()
    ProjectGroupObjectPermission.objects.bulk_create(
        ProjectGroupObjectPermission(
            group_id=group_id, content_object=project, permission=permissions[code]
        )
        for role, group_id in groups.items()
        for code in sorted(ORGANISATION_PROJECT_PERMISSIONS[role])
    )


@transaction.atomic
def rebuild_permissions(*, project: Project) -> None:
    """Write every stored permission of the project again, from memberships and policy."""
    ProjectUserObjectPermission.objects.filter(content_object=project).delete()
    _write_group_permissions(project)
    write_user_permissions(
        project=project, users=User.objects.filter(memberships__project=project).distinct()
    )


def _permissions() -> dict[str, Permission]:
    """The permissions that may be stored on a project, and no others. One query."""
    found = Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(Project),
        codename__in=ProjectPermission.values,
    )
    return {permission.codename: permission for permission in found}
