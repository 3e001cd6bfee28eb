"""Who becomes owner and line manager: the leader proposes, the unit's manager sets."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import APPOINTED_ROLES, ProjectRole
from accounts.selectors import is_administrator, managers_above
from audit.services import record_event
from common.outcomes import Allowed, Denied, Outcome, Refusal
from phases.selectors import has_open_submission
from projects.enums import ProposalStatus
from projects.models import AppointmentProposal, Membership, Project
from projects.selectors import holder, leaders_ids
from projects.services import set_appointed_role


def may_appoint(user: User, project: Project) -> Outcome:
    """The nearest manager above the project who does not lead it, or an administrator who does
    not. Four queries at the most."""
    leaders = leaders_ids(project)
    if user.pk in leaders:
        return Denied(
            _("Whoever leads the project only proposes: the unit's manager sets the roles.")
        )
    managers = [manager for manager in managers_above(project.unit) if manager.pk not in leaders]
    if managers and managers[0].pk == user.pk:
        return Allowed()
    if is_administrator(user, project.organisation_id):
        return Allowed()
    if managers:
        return Denied(
            _("%(name)s sets the owner and the line manager.") % {"name": managers[0].name}
        )
    return Denied(_("The unit has no manager: ask the organisation's administrator."))


def may_change_deciders_now(project: Project) -> Outcome:
    """Not while a submission is open: who decides was fixed when it was submitted. One query."""
    if has_open_submission(project):
        return Denied(_("A decision is awaited. Owner and line manager stay until it is made."))
    return Allowed()


@transaction.atomic
def propose_appointment(
    *, project: Project, role: ProjectRole, user: User, actor: User
) -> AppointmentProposal | None:
    """Propose ``user`` for an appointed role. A newer proposal replaces one that waits.

    ``None`` when the person already has the role, or when ``actor`` may set it and it is set.
    """
    if role not in APPOINTED_ROLES:
        raise Refusal(_("Only the owner and the line manager are appointed."))
    if user.organisation_id != project.organisation_id:
        raise Refusal(_("The owner and the line manager must belong to the organisation."))
    if user.pk in leaders_ids(project):
        raise Refusal(
            _("%(name)s cannot both lead the project and be its owner or line manager.")
            % {"name": user.name}
        )
    if holder(project, role) == user:
        return None
    if may_appoint(actor, project) and may_change_deciders_now(project):
        appoint(project=project, role=role, user=user, actor=actor)
        return None
    waiting = AppointmentProposal.objects.filter(
        project=project, role=role, status=ProposalStatus.WAITING
    )
    _settle(waiting, ProposalStatus.REPLACED, actor)
    proposal = AppointmentProposal.objects.create(
        project=project, role=role, user=user, proposed_by=actor
    )
    record_event(
        actor=actor,
        action="appointment.proposed",
        target=proposal,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        role=role,
        user=user.pk,
    )
    return proposal


@transaction.atomic
def answer_proposal(
    *, proposal: AppointmentProposal, is_confirmed: bool, actor: User
) -> AppointmentProposal:
    """Confirm or decline. Refused for those who may not appoint, and when it is answered already.

    Confirming is refused while a submission is open too; declining changes no decider.
    """
    outcome = may_appoint(actor, proposal.project)
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)
    _claim(proposal, ProposalStatus.CONFIRMED if is_confirmed else ProposalStatus.DECLINED, actor)
    if is_confirmed:
        appoint(
            project=proposal.project,
            role=ProjectRole(proposal.role),
            user=proposal.user,
            actor=actor,
        )
    proposal.refresh_from_db(fields=["status", "answered_by", "answered_at"])
    record_event(
        actor=actor,
        action="appointment.answered",
        target=proposal,
        organisation_number=proposal.project.organisation_id,
        project_number=proposal.project_id,
        status=proposal.status,
    )
    return proposal


@transaction.atomic
def appoint(*, project: Project, role: ProjectRole, user: User, actor: User) -> Membership:
    """Set the owner or line manager. Refused for those who may not, and while a submission is
    open. A proposal that waits for the same role is answered by this."""
    if role not in APPOINTED_ROLES:
        raise Refusal(_("Only the owner and the line manager are appointed."))
    for outcome in (may_appoint(actor, project), may_change_deciders_now(project)):
        if isinstance(outcome, Denied):
            raise Refusal(outcome.reason)
    if user.organisation_id != project.organisation_id:
        raise Refusal(_("The owner and the line manager must belong to the organisation."))
    membership = set_appointed_role(project=project, user=user, role=role, actor=actor)
    waiting = AppointmentProposal.objects.filter(
        project=project, role=role, status=ProposalStatus.WAITING
    )
    _settle(waiting.filter(user=user), ProposalStatus.CONFIRMED, actor)
    _settle(waiting.exclude(user=user), ProposalStatus.REPLACED, actor)
    return membership


def _claim(proposal: AppointmentProposal, status: ProposalStatus, actor: User) -> None:
    """Answer the proposal before anybody else does: of two answers at once, one is refused."""
    if not _settle(
        AppointmentProposal.objects.filter(pk=proposal.pk, status=ProposalStatus.WAITING),
        status,
        actor,
    ):
        raise Refusal(_("This proposal has already been answered."))


def _settle(proposals: QuerySet[AppointmentProposal], status: ProposalStatus, actor: User) -> int:
    """How many were answered."""
    return proposals.update(status=status, answered_by=actor, answered_at=timezone.now())
