"""Who decides: whose turn it is, who leaves the count, and who is named in their place."""

from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Deputy, User
from accounts.policy import ProjectRole
from accounts.selectors import active_people_of, is_administrator, managers_above
from audit.services import record_event
from common.outcomes import Allowed, Denied, Outcome, Refusal
from common.templatetags.ui import day
from methodology.enums import GateOutcome
from phases.enums import DecisionRule, LeavingKind, SeatSource
from phases.models import (
    Decider,
    DeciderLeaving,
    GateDecision,
    GateSubmission,
    GateWithdrawal,
    Vote,
)
from phases.permissions import refuse_unless
from phases.signals import announce
from phases.verdicts import CastVote, Seat, Stand, Tally, tally
from projects.models import Membership, Project


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A seat with what has become of it."""

    decider: Decider
    vote: Vote | None
    leaving: DeciderLeaving | None

    @property
    def user(self) -> User:
        return self.decider.user

    @property
    def counts(self) -> bool:
        """A vote that was given stands, also when the account is closed later."""
        return self.leaving is None and (self.user.is_active or self.vote is not None)

    @property
    def seat(self) -> Seat:
        """As the rules see it."""
        vote = (
            CastVote(GateOutcome(self.vote.outcome), self.vote.draft.get("target_phase", ""))
            if self.vote
            else None
        )
        return Seat(self.decider.pk, self.decider.is_chair, self.counts, vote)


@dataclass(frozen=True, slots=True)
class VotingSeat:
    """The seat that somebody votes for; ``deputy`` is that somebody when it is not their own."""

    row: SeatRow
    deputy: User | None


def seats_of(submission: GateSubmission) -> tuple[SeatRow, ...]:
    """In the order in which they were named. One query."""
    deciders = Decider.objects.filter(submission=submission).select_related(
        "user", "named_by", "replaces__user", "vote__deputy", "leaving__said_by"
    )
    return tuple(
        SeatRow(each, getattr(each, "vote", None), getattr(each, "leaving", None))
        for each in deciders
    )


def tally_of(submission: GateSubmission, seats: tuple[SeatRow, ...]) -> Tally:
    """No query."""
    return tally(DecisionRule(submission.rule), submission.quorum, [row.seat for row in seats])


def voting_seat(
    submission: GateSubmission, user: User, seats: tuple[SeatRow, ...] | None = None
) -> VotingSeat:
    """The seat that ``user`` may vote for now: their own, else one whose deputy they are today.

    Raises :class:`Refusal` with the reason when there is none. On the membership and the seats,
    not on a stored permission: a superuser is refused like everybody else. Three queries at most.
    """
    refuse_involved(submission, user)
    if not user.is_active:
        raise Refusal(_("Your access is closed."))
    rows = seats_of(submission) if seats is None else seats
    standing = tally_of(submission, rows)
    found = _own_or_deputised(rows, user)
    if found.row.leaving is not None:
        raise Refusal(_left(found))
    if standing.stand is Stand.SHORT:
        raise Refusal(
            _(
                "Fewer are left to decide than the rule takes. The manager above names somebody "
                "first."
            )
        )
    if not found.row.counts:
        raise Refusal(
            _("The access of %(name)s is closed, so nobody votes in this place.")
            % {"name": found.row.user.name}
        )
    _refuse_second_voice(rows, found, user)
    if found.row.decider.is_chair and standing.stand is Stand.WAITS_FOR_CHAIR:
        return found
    if found.row.vote is not None:
        raise Refusal(_("You have voted. The others have not answered yet."))
    if submission.rule == DecisionRule.CHAIR and found.row.decider.is_chair:
        raise Refusal(
            _("You lead the decision: you decide when %(needed)s have voted, yourself included.")
            % {"needed": standing.needed}
        )
    return found


def refuse_involved(submission: GateSubmission, user: User) -> None:
    """Raise :class:`Refusal` for whoever submitted, and for everybody who has led the project
    since. One query."""
    if user.pk == submission.submitted_by_id:
        raise Refusal(_("You submitted this yourself, so somebody else decides."))
    led = Membership.objects.filter(
        project_id=submission.project_phase.project_id, user=user, role=ProjectRole.LEADER
    )
    if any(each.ended_at is None or each.ended_at >= submission.submitted_at for each in led):
        raise Refusal(_("You lead this project, so somebody else decides its gates."))


def _own_or_deputised(rows: tuple[SeatRow, ...], user: User) -> VotingSeat:
    """The person's seat, else one that they may vote for in somebody's absence; see
    :func:`_turn` for which of several."""
    for row in rows:
        if row.decider.user_id == user.pk:
            return VotingSeat(row, None)
    of_somebody = {row.decider.user_id: row for row in rows if row.leaving is None}
    periods = list(
        Deputy.objects.filter(
            deputy=user, user__in=of_somebody, ended_at__isnull=True
        ).select_related("user")
    )
    today = timezone.localdate()
    acting = [each for each in periods if each.starts_on <= today <= each.ends_on]
    if acting:
        found = min((of_somebody[each.user_id] for each in acting), key=partial(_turn, user))
        return VotingSeat(found, user)
    if periods:
        raise Refusal(
            _("You are the deputy of %(name)s only from %(start)s to %(end)s.")
            % {
                "name": periods[0].user.name,
                "start": day(periods[0].starts_on),
                "end": day(periods[0].ends_on),
            }
        )
    names = ", ".join(row.user.name for row in rows if row.counts)
    raise Refusal(_("%(names)s decides this gate.") % {"names": names or _("Nobody")})


def sits_or_deputises(submission: GateSubmission, user: User) -> bool:
    """Whether the person decides on the submission, or may do so in somebody's place today. Two
    queries."""
    try:
        refuse_involved(submission, user)
        found = _own_or_deputised(seats_of(submission), user)
    except Refusal:
        return False
    return found.row.leaving is None and user.is_active


def _turn(deputy: User, row: SeatRow) -> tuple[bool, bool, bool]:
    """Which of several comes first: the one that they have voted for, those that wait, the one
    that leads the decision."""
    is_theirs = row.vote is not None and row.vote.deputy_id == deputy.pk
    return (not is_theirs, row.vote is not None or not row.counts, not row.decider.is_chair)


def _refuse_second_voice(rows: tuple[SeatRow, ...], found: VotingSeat, user: User) -> None:
    """Nobody votes twice, whomever they act for: several deciders are several people."""
    for row in rows:
        if row is not found.row and row.vote is not None and row.vote.deputy_id == user.pk:
            raise Refusal(
                _("You have voted in the place of %(name)s, and each person votes once.")
                % {"name": row.user.name}
            )


def _left(found: VotingSeat) -> str:
    if found.row.leaving and found.row.leaving.kind == LeavingKind.CONFLICT:
        return _("You have declared a conflict of interest, so you do not decide this.")
    return _("Somebody else was named to decide in your place.")


def refuse_ended(submission: GateSubmission) -> None:
    """Raise :class:`Refusal` when it is decided or withdrawn. Two queries, asked anew: the object
    may have been read before somebody was first."""
    if GateDecision.objects.filter(submission=submission).exists():
        raise Refusal(_("This is decided, so nothing more can be said about it."))
    if GateWithdrawal.objects.filter(submission=submission).exists():
        raise Refusal(_("The submission was withdrawn and cannot be decided."))


@transaction.atomic
def declare_conflict(*, submission: GateSubmission, reason: str, actor: User) -> DeciderLeaving:
    """Leave the count because of a conflict of interest, with the reason, for good.

    Refused for all but those who have a seat that counts, and for whoever has voted.
    """
    lock_project(submission)
    refuse_ended(submission)
    row = next((row for row in seats_of(submission) if row.user == actor and row.counts), None)
    if row is None:
        raise Refusal(_("You are not among those who decide this."))
    if row.vote is not None:
        raise Refusal(_("You have voted already, and votes are permanent. Tell the leader."))
    leaving = _leave(row.decider, LeavingKind.CONFLICT, reason, actor)
    record_at_gate(submission, actor, "gate.conflict_declared")
    return leaving


def _leave(decider: Decider, kind: LeavingKind, reason: str, actor: User) -> DeciderLeaving:
    leaving = DeciderLeaving(
        decider=decider,
        kind=kind,
        reason=reason.strip(),
        said_by=actor,
        said_at=timezone.now(),
    )
    leaving.full_clean(validate_constraints=False)
    leaving.save()
    return leaving


def may_name_replacement(submission: GateSubmission, user: User) -> Outcome:
    """The nearest manager above the project who is not involved in it, and administrators.

    Three queries at most.
    """
    project = submission.project_phase.project
    try:
        refuse_involved(submission, user)
    except Refusal as refusal:
        return Denied(refusal.reason)
    if is_administrator(user, project.organisation_id):
        return _unless_in_conflict(submission, user)
    manager = manager_above(submission)
    if manager is not None and manager.pk == user.pk:
        return Allowed()
    return Denied(
        _("%(name)s or the organisation's administrator names somebody.")
        % {"name": manager.name if manager else _("The manager above")}
    )


def _unless_in_conflict(submission: GateSubmission, user: User) -> Outcome:
    """Whoever has declared a conflict of interest does not choose who decides either."""
    if DeciderLeaving.objects.filter(
        decider__submission=submission, decider__user=user, kind=LeavingKind.CONFLICT
    ).exists():
        return Denied(
            _("You have declared a conflict of interest, so somebody else names who decides.")
        )
    return Allowed()


def manager_above(submission: GateSubmission) -> User | None:
    """Who names somebody in a decider's place: the first manager from the project's unit upwards
    who neither leads the project, nor submitted, nor has left the count. Three queries."""
    project = submission.project_phase.project
    leaders = Membership.objects.filter(
        project=project, role=ProjectRole.LEADER, ended_at__isnull=True
    ).values_list("user_id", flat=True)
    left = Decider.objects.filter(submission=submission, leaving__isnull=False).values_list(
        "user_id", flat=True
    )
    besides = {submission.submitted_by_id, *leaders, *left}
    line_manager = Decider.objects.filter(
        submission=submission, role=SeatSource.LINE_MANAGER
    ).values_list("user_id", flat=True)
    managers = [user for user in managers_above(project.unit) if user.pk not in besides]
    above = [user for user in managers if user.pk not in set(line_manager)]
    return next(iter(above or managers), None)


@transaction.atomic
def name_replacement(
    *, submission: GateSubmission, decider: Decider, user: User, reason: str, actor: User
) -> Decider:
    """Name ``user`` in the place of ``decider``, who has left or cannot answer, on the record.

    The seat keeps its part: who replaces the chair leads the decision. Refused for all but those
    of :func:`may_name_replacement`, for a seat that has voted or is filled already, and for
    somebody who leads the project, submitted, has a seat, or cannot sign in.
    """
    lock_project(submission)
    refuse_ended(submission)
    refuse_unless(may_name_replacement(submission, actor))
    rows = seats_of(submission)
    row = next((row for row in rows if row.decider.pk == decider.pk), None)
    if row is None or any(each.decider.replaces_id == decider.pk for each in rows):
        raise Refusal(_("Somebody is already named in this place."))
    if row.vote is not None:
        raise Refusal(_("%(name)s has voted, and votes are permanent.") % {"name": row.user.name})
    refuse_replacement(submission, user, rows)
    if row.leaving is None:
        _leave(row.decider, LeavingKind.REPLACED, reason, actor)
    seat = Decider(
        submission=submission,
        user=user,
        role=SeatSource.REPLACEMENT,
        is_chair=row.decider.is_chair,
        replaces=row.decider,
        named_by=actor,
        named_at=timezone.now(),
        reason=reason.strip(),
    )
    seat.full_clean()
    seat.save()
    record_at_gate(submission, actor, "gate.replacement_named")
    return seat


def refuse_replacement(submission: GateSubmission, user: User, rows: tuple[SeatRow, ...]) -> None:
    """Raise :class:`Refusal` when ``user`` cannot take a seat of the submission. One query."""
    project = submission.project_phase.project
    if user.organisation_id != project.organisation_id or not user.is_active:
        raise Refusal(_("Choose somebody in the organisation who can sign in."))
    if user.pk in _voices(rows):
        raise Refusal(_("%(name)s is already among those who decide.") % {"name": user.name})
    try:
        refuse_involved(submission, user)
    except Refusal as refusal:
        raise Refusal(
            _("%(name)s leads the project or submitted this, and cannot decide.")
            % {"name": user.name}
        ) from refusal


def _voices(rows: tuple[SeatRow, ...]) -> set[int]:
    """Those who have or had a seat, and those who have voted in somebody's place."""
    deputies = (row.vote.deputy_id for row in rows if row.vote is not None)
    return {row.decider.user_id for row in rows} | {pk for pk in deputies if pk is not None}


def possible_replacements(submission: GateSubmission) -> list[User]:
    """Everybody whom :func:`refuse_replacement` lets take a seat, by name. Three queries."""
    project = submission.project_phase.project
    besides = {
        submission.submitted_by_id,
        *Membership.objects.filter(project=project, role=ProjectRole.LEADER)
        .exclude(ended_at__lt=submission.submitted_at)
        .values_list("user_id", flat=True),
        *_voices(seats_of(submission)),
    }
    return list(active_people_of(project.organisation).exclude(pk__in=besides))


def lock_project(submission: GateSubmission) -> Project:
    """The project, held until the transaction ends: what is said about one submission is said one
    after the other."""
    return Project.objects.select_for_update(of=("self",)).get(
        pk=submission.project_phase.project_id
    )


def record_at_gate(submission: GateSubmission, actor: User, action: str, **details: str) -> None:
    """Audit what was done with the submission, and tell whoever listens. In a transaction."""
    project = submission.project_phase.project
    record_event(
        actor=actor,
        action=action,
        target=submission,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        **details,
    )
    announce(project.pk)
