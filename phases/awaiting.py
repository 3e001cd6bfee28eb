"""Whose turn it is at the gates, for one person or for everybody, without reading a record.

The same rules as ``phases.services.seats``, asked for many submissions at once.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields import BooleanField
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from accounts.models import Deputy, Unit, User
from accounts.policy import ProjectRole
from accounts.selectors import is_administrator
from methodology.enums import GateOutcome
from phases.enums import DecisionRule, LeavingKind, SeatSource
from phases.models import Decider, GateQuestion, GateSubmission
from phases.verdicts import CastVote, Seat, Stand, tally
from projects.models import Membership


@dataclass(frozen=True, slots=True)
class AskedSeat:
    """A seat whose turn it is now, by the numbers of what it belongs to.

    ``is_last_word``: the others have voted, and it is up to the chair. ``holders`` have, or had, a
    seat in the same submission, or voted for another one.
    """

    seat: int
    holder: int
    submission: int
    project: int
    submitted_by: int
    submitted_at: datetime.datetime
    due_on: datetime.date | None
    is_last_word: bool
    holders: frozenset[int]


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody who can fill a seat today; ``deputises`` when it is somebody else's."""

    seat: AskedSeat
    person: User
    holder: User

    @property
    def deputises(self) -> bool:
        return self.person.pk != self.holder.pk


_ROW = (
    "pk",
    "user_id",
    "user__is_active",
    "is_chair",
    "role",
    "leaving__pk",
    "leaving__kind",
    "vote__outcome",
    "vote__deputy_id",
    "target",
    "submission_id",
    "submission__rule",
    "submission__quorum",
    "submission__submitted_by_id",
    "submission__submitted_at",
    "submission__due_on",
    "submission__project_phase__project_id",
    "submission__project_phase__project__unit_id",
    "acts",
    "led",
)
_Rows = Sequence[Mapping[str, Any]]


def acting_on(day: datetime.date) -> QuerySet[Deputy]:
    """Periods that hold on a day, with a deputy who can sign in."""
    return Deputy.objects.filter(
        ended_at__isnull=True, starts_on__lte=day, ends_on__gte=day, deputy__is_active=True
    )


def asked_of(user: User) -> list[AskedSeat]:
    """The person's own seats whose turn it is, and those of people whose deputy they are today,
    oldest first. One query, whatever their number: it is asked for every page.

    Whoever has a seat of their own in a submission has no other there; whoever submitted, or has
    led the project since, has none.
    """
    if not user.is_active:
        return []
    acting = acting_on(timezone.localdate()).filter(deputy=user)
    own = Decider.objects.filter(Q(user=user) | Q(user__in=acting.values("user_id")))
    led = Membership.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gte=OuterRef("submission__submitted_at")),
        project=OuterRef("submission__project_phase__project_id"),
        user=user,
        role=ProjectRole.LEADER,
    )
    rows = _rows(
        _open_seats()
        .filter(submission__in=own.values("submission_id"))
        .annotate(acts=Exists(acting.filter(user=OuterRef("user_id"))), led=Exists(led))
    )
    found = []
    for seats in _by_submission(rows):
        first = seats[0]
        if first["led"] or first["submission__submitted_by_id"] == user.pk:
            continue
        mine = [row["pk"] for row in seats if row["user_id"] == user.pk]
        theirs = mine or [row["pk"] for row in seats if row["acts"]]
        # Each person votes once: whoever has voted in somebody's place stays with that seat.
        voted = [row["pk"] for row in seats if row["vote__deputy_id"] == user.pk]
        found += [seat for seat in _asked(seats) if seat.seat in (voted or theirs)]
    return _oldest_first(found)


def asked_of_everybody() -> list[AskedSeat]:
    """Every seat whose turn it is, oldest first. One query."""
    nothing = Value(False, output_field=BooleanField())
    rows = _rows(_open_seats().annotate(acts=nothing, led=nothing))
    return _oldest_first(seat for seats in _by_submission(rows) for seat in _asked(seats))


def people_asked(seats: Sequence[AskedSeat], today: datetime.date) -> list[AskedPerson]:
    """Who can fill the seats on a day: the holder, then their deputies, for each in turn.

    People who cannot sign in, submitted, or have led the project since are left out. Three
    queries, none without seats.
    """
    if not seats:
        return []
    holders = {seat.holder for seat in seats}
    deputies: dict[int, list[User]] = {}
    for period in acting_on(today).filter(user__in=holders).select_related("deputy__organisation"):
        deputies.setdefault(period.user_id, []).append(period.deputy)
    people = User.objects.select_related("organisation").in_bulk(holders)
    leads = _leads({seat.project for seat in seats})
    found: dict[tuple[int, int], AskedPerson] = {}
    for seat in seats:
        holder = people[seat.holder]
        for person in (holder, *deputies.get(seat.holder, ())):
            has_other = person.pk != holder.pk and person.pk in seat.holders
            if person.is_active and not has_other and not _is_involved(person, seat, leads):
                # Two periods of the same two people make one.
                found.setdefault((seat.seat, person.pk), AskedPerson(seat, person, holder))
    return list(found.values())


def _leads(projects: Iterable[int]) -> dict[tuple[int, int], list[datetime.datetime | None]]:
    """When leaderships ended, by project and person."""
    found: dict[tuple[int, int], list[datetime.datetime | None]] = {}
    for project, user, ended_at in Membership.objects.filter(
        project__in=projects, role=ProjectRole.LEADER
    ).values_list("project_id", "user_id", "ended_at"):
        found.setdefault((project, user), []).append(ended_at)
    return found


def _is_involved(
    person: User,
    seat: AskedSeat,
    leads: Mapping[tuple[int, int], list[datetime.datetime | None]],
) -> bool:
    ends = leads.get((seat.project, person.pk), ())
    return person.pk == seat.submitted_by or any(
        end is None or end >= seat.submitted_at for end in ends
    )


def _open_seats() -> QuerySet[Decider]:
    return Decider.objects.filter(
        submission__decisions__isnull=True, submission__withdrawal__isnull=True
    ).annotate(target=KeyTextTransform("target_phase", "vote__draft"))


def _rows(seats: QuerySet[Decider]) -> list[dict[str, Any]]:
    return list(seats.order_by("submission_id", "pk").values(*_ROW))


def _by_submission(rows: _Rows) -> list[_Rows]:
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["submission_id"], []).append(row)
    return list(found.values())


def _seat(row: Mapping[str, Any]) -> Seat:
    """As the rules see it."""
    outcome = row["vote__outcome"]
    vote = CastVote(GateOutcome(outcome), row["target"] or "") if outcome else None
    return Seat(row["pk"], row["is_chair"], _counts(row), vote)


def _counts(row: Mapping[str, Any]) -> bool:
    return row["leaving__pk"] is None and row["user__is_active"]


def _stand(seats: _Rows) -> Stand:
    first = seats[0]
    rule = DecisionRule(first["submission__rule"])
    return tally(rule, first["submission__quorum"], [_seat(row) for row in seats]).stand


def _asked(seats: _Rows) -> list[AskedSeat]:
    """Whose turn it is among the seats of one submission."""
    stand = _stand(seats)
    return [
        AskedSeat(
            seat=row["pk"],
            holder=row["user_id"],
            submission=row["submission_id"],
            project=row["submission__project_phase__project_id"],
            submitted_by=row["submission__submitted_by_id"],
            submitted_at=row["submission__submitted_at"],
            due_on=row["submission__due_on"],
            is_last_word=stand is Stand.WAITS_FOR_CHAIR and row["is_chair"],
            holders=frozenset(each["user_id"] for each in seats)
            | {each["vote__deputy_id"] for each in seats if each["pk"] != row["pk"]} - {None},
        )
        for row in seats
        if _is_asked(row, stand)
    ]


def _is_asked(row: Mapping[str, Any], stand: Stand) -> bool:
    if stand is Stand.SHORT or not _counts(row):
        return False
    if row["is_chair"] and stand is Stand.WAITS_FOR_CHAIR:
        return True
    leads_only = row["is_chair"] and row["submission__rule"] == DecisionRule.CHAIR
    return row["vote__outcome"] is None and not leads_only


def _oldest_first(seats: Iterable[AskedSeat]) -> list[AskedSeat]:
    return sorted(seats, key=lambda each: (each.submitted_at, each.seat))


def submissions_of(seats: Iterable[AskedSeat]) -> dict[int, GateSubmission]:
    """By number, with what names them. One query, none without seats."""
    return GateSubmission.objects.select_related(
        "submitted_by",
        "project_phase__project__method_version__method",
        "project_phase__project__overlay_version__organisation",
    ).in_bulk({seat.submission for seat in seats})


def short_submissions(
    *, organisation: int | None = None, projects: Iterable[int] = ()
) -> list[int]:
    """Open submissions of an organisation, or of projects, that fewer can decide than their rule
    takes, oldest first. One query."""
    return [seats[0]["submission_id"] for seats in _short(organisation, projects)]


def lacking_deciders(user: User) -> list[GateSubmission]:
    """Open submissions that the person may name a decider for, as
    :func:`phases.services.seats.may_name_replacement` says, oldest first. One query when there are
    none, four when there are."""
    if user.organisation_id is None:
        return []
    short = _short(user.organisation_id, ())
    if not short:
        return []
    leads = _leads({seats[0]["submission__project_phase__project_id"] for seats in short})
    units = {
        unit.pk: unit
        for unit in Unit.objects.filter(organisation_id=user.organisation_id).select_related(
            "manager"
        )
    }
    mine = [seats[0]["submission_id"] for seats in short if _may_name(user, seats, leads, units)]
    return list(
        GateSubmission.objects.filter(pk__in=mine)
        .select_related(
            "submitted_by",
            "project_phase__project__method_version__method",
            "project_phase__project__overlay_version__organisation",
        )
        .order_by("submitted_at", "pk")
    )


def _short(organisation: int | None, projects: Iterable[int]) -> list[_Rows]:
    """The seats of each submission that is short of deciders. Only one that somebody has left, or
    whose access is closed, can be."""
    thinned = Decider.objects.filter(Q(leaving__isnull=False) | Q(user__is_active=False))
    seats = _open_seats().filter(submission__in=thinned.values("submission_id"))
    if organisation is not None:
        seats = seats.filter(submission__project_phase__project__organisation_id=organisation)
    else:
        seats = seats.filter(submission__project_phase__project__in=projects)
    nothing = Value(False, output_field=BooleanField())
    rows = _rows(seats.annotate(acts=nothing, led=nothing))
    return [each for each in _by_submission(rows) if _stand(each) is Stand.SHORT]


def _may_name(
    user: User,
    seats: _Rows,
    leads: Mapping[tuple[int, int], list[datetime.datetime | None]],
    units: Mapping[int, Unit],
) -> bool:
    first = seats[0]
    project = first["submission__project_phase__project_id"]
    submitted_by = first["submission__submitted_by_id"]
    ends = leads.get((project, user.pk), ())
    led = any(end is None or end >= first["submission__submitted_at"] for end in ends)
    if led or user.pk == submitted_by:
        return False
    unit = units.get(first["submission__project_phase__project__unit_id"])
    if unit is not None and is_administrator(user, unit.organisation_id):
        return not any(
            row["user_id"] == user.pk and row["leaving__kind"] == LeavingKind.CONFLICT
            for row in seats
        )
    left = {row["user_id"] for row in seats if row["leaving__pk"] is not None}
    leaders = {who for (where, who), ends in leads.items() if where == project and None in ends}
    besides = {submitted_by, *leaders, *left}
    managers = [each for each in _managers_above(unit, units) if each.pk not in besides]
    line = {row["user_id"] for row in seats if row["role"] == SeatSource.LINE_MANAGER}
    above = [each for each in managers if each.pk not in line] or managers
    return bool(above) and above[0].pk == user.pk


def _managers_above(unit: Unit | None, units: Mapping[int, Unit]) -> list[User]:
    """As :func:`accounts.selectors.managers_above`, from units that are here. No query."""
    managers = []
    seen: set[int] = set()
    while unit is not None and unit.pk not in seen:
        seen.add(unit.pk)
        if unit.manager is not None and unit.manager.is_active:
            managers.append(unit.manager)
        unit = units.get(unit.parent_id) if unit.parent_id else None
    return managers


def questions_to_answer(projects: Iterable[int]) -> list[GateQuestion]:
    """Questions without an answer about open submissions of the projects, oldest first. One
    query."""
    return list(
        GateQuestion.objects.filter(
            submission__project_phase__project__in=projects,
            submission__decisions__isnull=True,
            submission__withdrawal__isnull=True,
            answers__isnull=True,
        )
        .select_related(
            "asked_by",
            "submission__project_phase__project__method_version__method",
            "submission__project_phase__project__overlay_version__organisation",
        )
        .order_by("asked_at", "pk")
    )
