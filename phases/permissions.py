"""Who may do what at a gate, beyond the stored permissions: each answer carries its reason."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import ProjectPermission, ProjectRole
from accounts.selectors import deputises_for
from common.outcomes import Allowed, Denied, Outcome, Refusal
from phases.enums import ENDED_PHASES, GateAction, PhaseState
from phases.gates import may_close_without_decision, may_move
from phases.models import Condition, Decider, ProjectPhase
from phases.selectors import WalkPhase
from projects.access import ProjectAccess, who_may
from projects.models import Project


def reads_as_decider(user: User, project: Project) -> bool:
    """Whether the person reads the project because they decide its gates: everybody who has or had
    a seat, whoever voted in somebody's place, and deputies in their period while something waits.
    Two queries at most."""
    seats = Decider.objects.filter(submission__project_phase__project=project)
    if seats.filter(Q(user=user) | Q(vote__deputy=user)).exists():
        return True
    today = timezone.localdate()
    return seats.filter(
        submission__decisions__isnull=True,
        submission__withdrawal__isnull=True,
        leaving__isnull=True,
        user__in=deputises_for(user, today),
    ).exists()


def may_resume(access: ProjectAccess) -> Outcome:
    """Whose task it is to end a pause: the owner's, the line manager's or an administrator's, as
    long as they do not lead the project themselves."""
    decides = {ProjectRole.OWNER, ProjectRole.LINE_MANAGER} & access.roles
    if not access.is_leader and (decides or access.is_administrator):
        return Allowed()
    return Denied(
        _("The project owner, the line manager or the organisation's administrator resumes it.")
    )


def may_answer(access: ProjectAccess, row: ProjectPhase) -> Outcome:
    """Whoever writes in the project, until the round is over. Submitted phases are refused by
    :func:`phases.services.answer_criterion`, which asks the database."""
    if row.status in ENDED_PHASES:
        return Denied(_("This round is over, so its answers stay as they are."))
    return access.can(ProjectPermission.EDIT_CONTENT)


def may_close(access: ProjectAccess, phase: WalkPhase) -> Outcome:
    """The leader, while the phase is in progress and its gate is not mandatory."""
    allowed = access.can(ProjectPermission.SUBMIT_GATE)
    for outcome in (
        may_move(phase.state, GateAction.CLOSE),
        may_close_without_decision(phase.mode),
        Allowed() if allowed else Denied(_("The project leader closes this.")),
    ):
        if isinstance(outcome, Denied):
            return outcome
    return Allowed()


def may_set_gate_mode(access: ProjectAccess) -> Outcome:
    """Whose task it is: the owner's and the administrator's, never a leader's."""
    if access.is_leader or not access.can_set_gate_mode:
        return Denied(who_may(ProjectPermission.SET_GATE_MODE))
    return Allowed()


def may_change_gate_now(access: ProjectAccess, phase: WalkPhase) -> Outcome:
    """As :func:`may_set_gate_mode`, and not while a decision is awaited."""
    if phase.state is PhaseState.SUBMITTED:
        return Denied(_("A decision is awaited: the gate stays as it is until then."))
    return may_set_gate_mode(access)


def may_close_condition(access: ProjectAccess, condition: Condition) -> Outcome:
    """Its owner, the leaders and the one who decided."""
    if condition.closed_at is not None:
        return Denied(_("The condition is already closed."))
    if access.user.pk in {condition.owner_id, condition.decision.decided_by_id}:
        return Allowed()
    if access.is_leader:
        return Allowed()
    return Denied(
        _("%(name)s, the project leader or the decider says when it is met.")
        % {"name": condition.owner.name}
    )


def may_reassign_condition(access: ProjectAccess, condition: Condition) -> Outcome:
    """The leaders and the one who decided, until it is met."""
    if condition.closed_at is not None:
        return Denied(_("The condition is already closed."))
    if access.is_leader or access.user.pk == condition.decision.decided_by_id:
        return Allowed()
    return Denied(_("The project leader or the decider says who sees to it."))


def refuse_unless(outcome: Outcome) -> None:
    """Raise :class:`Refusal` with the reason, unless allowed."""
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)
