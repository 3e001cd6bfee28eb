"""What the page about a project's team shows."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise

from accounts.models import OrganisationRoleHolder, User
from accounts.policy import APPOINTED_ROLES, OrganisationRole, ProjectRole
from accounts.selectors import nearest_manager
from projects.enums import ProposalStatus
from projects.models import AppointmentProposal, Membership, Project
from projects.selectors import active_memberships, former_memberships
from projects.wording import ROLE_SENTENCES, permission_labels

# How long a declined proposal is still news for whoever made it.
DECLINED_SHOWN = datetime.timedelta(days=30)
# A project and its first roles are written together, each with its own clock reading.
SAME_TRANSACTION = datetime.timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class RoleGroup:
    """A role with those who have it now, by name."""

    role: ProjectRole
    sentence: str | Promise
    permissions: tuple[str, ...]
    memberships: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class AppointedRole:
    """Owner or line manager. ``proposal`` waits, or was declined not long ago. ``is_from_start``:
    the role was given by the unit when the project was created, not by somebody's choice."""

    role: ProjectRole
    sentence: str | Promise
    permissions: tuple[str, ...]
    membership: Membership | None
    proposal: AppointmentProposal | None
    is_from_start: bool

    @property
    def proposal_status(self) -> ProposalStatus | None:
        return ProposalStatus(self.proposal.status) if self.proposal else None


@dataclass(frozen=True, slots=True)
class Team:
    """``manager`` is who sets the appointed roles, beside the organisation's administrators."""

    appointed: tuple[AppointedRole, ...]
    groups: tuple[RoleGroup, ...]
    former: tuple[Membership, ...]
    manager: User | None


def team_of(project: Project) -> Team:
    """Four queries: roles now, proposals, former roles, and the units with their managers."""
    held: dict[ProjectRole, list[Membership]] = {}
    for membership in active_memberships(project).select_related(
        "user__organisation", "started_by"
    ):
        held.setdefault(ProjectRole(membership.role), []).append(membership)
    proposals = _proposals(project)
    leaders = {membership.user_id for membership in held.get(ProjectRole.LEADER, [])}
    return Team(
        appointed=tuple(
            AppointedRole(
                role,
                ROLE_SENTENCES[role],
                permission_labels(role),
                next(iter(held.get(role, [])), None),
                proposals.get(role),
                is_from_start=_is_from_start(project, held.get(role, [])),
            )
            for role in (ProjectRole.LINE_MANAGER, ProjectRole.OWNER)
        ),
        groups=tuple(
            RoleGroup(
                role,
                ROLE_SENTENCES[role],
                permission_labels(role),
                tuple(sorted(held.get(role, []), key=lambda each: each.user.name.casefold())),
            )
            for role in ProjectRole
            if role not in APPOINTED_ROLES
        ),
        former=tuple(former_memberships(project).select_related("user__organisation", "ended_by")),
        manager=nearest_manager(project.unit, besides=leaders),
    )


def _is_from_start(project: Project, held: list[Membership]) -> bool:
    return any(
        membership.started_by_id == project.created_by_id
        and abs(membership.started_at - project.created_at) < SAME_TRANSACTION
        for membership in held
    )


def _proposals(project: Project) -> Mapping[ProjectRole, AppointmentProposal]:
    """The newest proposal of each role, when it waits or was declined not long ago. One query."""
    found: dict[ProjectRole, AppointmentProposal] = {}
    for proposal in AppointmentProposal.objects.filter(
        Q(status=ProposalStatus.WAITING) | Q(answered_at__gte=timezone.now() - DECLINED_SHOWN),
        project=project,
    ).select_related("user", "proposed_by", "answered_by"):
        found.setdefault(ProjectRole(proposal.role), proposal)
    news = {ProposalStatus.WAITING, ProposalStatus.DECLINED}
    return {role: proposal for role, proposal in found.items() if proposal.status in news}


def others_who_see(project: Project) -> list[tuple[OrganisationRole, list[User]]]:
    """Who else sees the project, through a role in the organisation, by name. One query."""
    holders: dict[OrganisationRole, list[User]] = {}
    for holder in (
        OrganisationRoleHolder.objects.filter(
            organisation_id=project.organisation_id,
            role__in=(OrganisationRole.ADMINISTRATOR, OrganisationRole.READS_EVERYTHING),
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__name", "pk")
    ):
        holders.setdefault(OrganisationRole(holder.role), []).append(holder.user)
    return sorted(holders.items())
