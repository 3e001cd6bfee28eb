from django.db.models import QuerySet

from accounts.models import User
from accounts.policy import ProjectRole
from accounts.selectors import managers_above
from projects.enums import ProposalStatus
from projects.models import AppointmentProposal, Membership, Project


def active_memberships(project: Project) -> QuerySet[Membership]:
    """Who has which role now, with the person. One query."""
    return Membership.objects.filter(project=project, ended_at__isnull=True).select_related("user")


def former_memberships(project: Project) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(project=project, ended_at__isnull=False)
        .select_related("user", "ended_by")
        .order_by("-ended_at", "-pk")
    )


def holders(project: Project, role: ProjectRole) -> list[User]:
    """Those who have ``role`` now. One query."""
    return [membership.user for membership in active_memberships(project).filter(role=role)]


def holder(project: Project, role: ProjectRole) -> User | None:
    """The one who has an appointed role, or the first leader. One query."""
    membership = active_memberships(project).filter(role=role).first()
    return membership.user if membership else None


def people_in(project: Project) -> QuerySet[User]:
    """Everybody with a current role, once each, by name: whom work can be given to. One query."""
    return User.objects.filter(
        pk__in=Membership.objects.filter(project=project, ended_at__isnull=True).values("user_id"),
        is_active=True,
    )


def leaders_ids(project: Project) -> set[int]:
    return set(
        Membership.objects.filter(
            project=project, role=ProjectRole.LEADER, ended_at__isnull=True
        ).values_list("user_id", flat=True)
    )


def default_line_manager(project: Project) -> User | None:
    """The unit's manager, or the nearest one above who does not lead the project. Two queries."""
    leaders = leaders_ids(project)
    return next((user for user in managers_above(project.unit) if user.pk not in leaders), None)


def waiting_proposals(project: Project) -> QuerySet[AppointmentProposal]:
    return AppointmentProposal.objects.filter(
        project=project, status=ProposalStatus.WAITING
    ).select_related("user", "proposed_by")
