"""Who decides when a project is submitted: the organisation's routes, with people in the seats."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Unit, User
from accounts.policy import ProjectRole
from accounts.selectors import administrators_of
from phases.enums import DecisionRule, SeatSource
from phases.models import GateRoute, GateRouteSeat
from phases.routes import (
    BUILT_IN,
    CHAIRED_RULES,
    ProjectSize,
    RouteRule,
    SeatRule,
    choose,
    working_days_after,
)
from projects.enums import Uncertainty
from projects.models import Membership, Project

ROLE_OF = {
    SeatSource.LINE_MANAGER: ProjectRole.LINE_MANAGER,
    SeatSource.OWNER: ProjectRole.OWNER,
    SeatSource.BENEFIT_RESPONSIBLE: ProjectRole.BENEFIT_RESPONSIBLE,
}

_NOBODY: dict[SeatSource, str | Promise] = {
    SeatSource.LINE_MANAGER: gettext_lazy("The project has no line manager."),
    SeatSource.OWNER: gettext_lazy("The project has no owner."),
    SeatSource.BENEFIT_RESPONSIBLE: gettext_lazy(
        "Nobody in the project is responsible for the benefits."
    ),
    SeatSource.MANAGER_ABOVE: gettext_lazy(
        "There is no manager above the line manager who can decide."
    ),
    SeatSource.TOP_MANAGER: gettext_lazy("The unit at the top has no manager."),
}


@dataclass(frozen=True, slots=True)
class PlannedSeat:
    """Somebody who will be asked, and by what."""

    user: User
    source: SeatSource
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """Who would decide if the project were submitted today.

    ``problems`` are sentences, in their order, that say why it cannot be submitted and who can
    mend it; empty when it can. ``left_out`` says which seats stay empty, and why, whether or not
    that is a problem. ``route_name`` is empty for the route that is built in.
    """

    route_name: str
    rule: DecisionRule
    quorum: int
    due_on: datetime.date | None
    seats: tuple[PlannedSeat, ...]
    problems: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    route: RouteRule = BUILT_IN


@dataclass(frozen=True, slots=True)
class _Empty:
    """A seat that nobody can have. ``is_barred``: somebody would, but leads or submits."""

    reason: str
    is_barred: bool = False


@dataclass(frozen=True, slots=True)
class _Ground:
    """What seats are found in: routes by organisation, roles by project, units by number, and the
    people who are named."""

    routes: Mapping[int, Sequence[RouteRule]]
    roles: Mapping[tuple[int, str], Sequence[User]]
    units: Mapping[int, Unit]
    named: Mapping[int, User]

    def chain(self, project: Project) -> list[Unit]:
        """The project's unit and those above it, the top last."""
        found: dict[int, Unit] = {}
        unit = self.units.get(project.unit_id)
        while unit is not None and unit.pk not in found:
            found[unit.pk] = unit
            unit = self.units.get(unit.parent_id) if unit.parent_id else None
        return list(found.values())


def plan_for(project: Project, actor: User | None) -> SeatPlan:
    """Who decides when ``actor`` submits the project today. Four queries, and one more when it
    cannot be submitted.

    Whoever leads the project, submits it or cannot sign in gets no seat. Somebody who would have
    two has one, and leads the decision if either of the two does. Never raises: what stands in
    the way is in ``problems``.
    """
    return plans_for([project], actor)[project.pk]


def plans_for(projects: Collection[Project], actor: User | None = None) -> dict[int, SeatPlan]:
    """As :func:`plan_for`, by project number. Four queries for any number of projects, and one
    more for each organisation with a project that cannot be submitted."""
    ground = _ground_of(projects)
    askable: dict[int, str] = {}
    return {project.pk: _plan(project, actor, ground, askable) for project in projects}


def rules_of(organisation_ids: Collection[int]) -> dict[int, list[RouteRule]]:
    """The routes of organisations, each in its order. Two queries."""
    found: dict[int, list[RouteRule]] = {}
    for route in _with_seats(organisation_ids):
        found.setdefault(route.organisation_id, []).append(rule_of(route))
    return found


def rule_of(route: GateRoute, seats: Sequence[SeatRule] | None = None) -> RouteRule:
    """A route as the pure rules take it, with ``seats`` instead of the stored ones. No query when
    these are given or prefetched."""
    uncertainty = route.least_uncertainty
    if seats is None:
        seats = [
            SeatRule(SeatSource(seat.source), seat.user_id, seat.is_chair)
            for seat in route.seats.all()
        ]
    return RouteRule(
        name=route.name,
        rule=DecisionRule(route.rule),
        seats=tuple(seats),
        quorum=route.quorum,
        days=route.days,
        least_budget=route.least_budget,
        least_uncertainty=Uncertainty(uncertainty) if uncertainty else None,
        for_public_interest=route.for_public_interest,
        pk=route.pk,
    )


def size_of(project: Project) -> ProjectSize:
    """What the project says about its size. No query."""
    return ProjectSize(
        budget=project.budget,
        uncertainty=Uncertainty(project.uncertainty) if project.uncertainty else None,
        has_public_interest=project.has_public_interest,
    )


def _with_seats(organisation_ids: Collection[int]) -> QuerySet[GateRoute]:
    return (
        GateRoute.objects.filter(organisation_id__in=organisation_ids)
        .prefetch_related(
            Prefetch("seats", GateRouteSeat.objects.select_related("user").order_by("pk"))
        )
        .order_by("organisation", "position", "pk")
    )


def _ground_of(projects: Collection[Project]) -> _Ground:
    organisations = {project.organisation_id for project in projects}
    routes: dict[int, list[RouteRule]] = {}
    named: dict[int, User] = {}
    for route in _with_seats(organisations):
        routes.setdefault(route.organisation_id, []).append(rule_of(route))
        named.update({seat.user.pk: seat.user for seat in route.seats.all() if seat.user})
    roles: dict[tuple[int, str], list[User]] = {}
    for membership in (
        Membership.objects.filter(
            project__in=projects,
            ended_at__isnull=True,
            role__in=[ProjectRole.LEADER, *ROLE_OF.values()],
        )
        .select_related("user")
        .order_by("started_at", "pk")
    ):
        roles.setdefault((membership.project_id, membership.role), []).append(membership.user)
    units = Unit.objects.filter(organisation_id__in=organisations).select_related("manager")
    return _Ground(routes, roles, {unit.pk: unit for unit in units}, named)


def _plan(
    project: Project, actor: User | None, ground: _Ground, askable: dict[int, str]
) -> SeatPlan:
    route = choose(ground.routes.get(project.organisation_id, ()), size_of(project))
    barred = {user.pk for user in ground.roles.get((project.pk, ProjectRole.LEADER), ())}
    if actor is not None:
        barred.add(actor.pk)
    seats: dict[int, PlannedSeat] = {}
    left_out: list[_Empty] = []
    for seat in route.seats:
        found = _first_free(_people_for(seat, project, ground, barred), barred)
        user = _sit(seat, found, project, barred)
        if isinstance(user, _Empty):
            left_out.append(user)
        else:
            _seat(seats, PlannedSeat(user, seat.source, seat.is_chair))
    planned = tuple(seats.values())
    return SeatPlan(
        route_name=route.name,
        rule=route.rule,
        quorum=route.needed,
        due_on=working_days_after(timezone.localdate(), route.days) if route.days else None,
        seats=planned,
        problems=_problems(project, route, planned, left_out, askable),
        left_out=tuple(dict.fromkeys(empty.reason for empty in left_out)),
        route=route,
    )


def _seat(seats: dict[int, PlannedSeat], new: PlannedSeat) -> None:
    """One seat for each person; the one that leads the decision wins."""
    before = seats.get(new.user.pk)
    if before is None or (new.is_chair and not before.is_chair):
        seats[new.user.pk] = new


def _people_for(
    seat: SeatRule, project: Project, ground: _Ground, barred: Collection[int]
) -> Sequence[User]:
    """Who the seat can go to, the first choice first."""
    if seat.source in ROLE_OF:
        return ground.roles.get((project.pk, ROLE_OF[seat.source]), ())
    if seat.source is SeatSource.NAMED:
        user = ground.named.get(seat.user_id or 0)
        return (user,) if user is not None else ()
    units = ground.chain(project)
    if seat.source is SeatSource.TOP_MANAGER:
        return [unit.manager for unit in units[-1:] if unit.manager is not None]
    managers = [
        unit.manager for unit in units if unit.manager is not None and unit.manager.is_active
    ]
    line = ground.roles.get((project.pk, ProjectRole.LINE_MANAGER), ())
    # From the highest place that the line manager has; somebody outside of the line is below all.
    heights = [place for place, manager in enumerate(managers) if manager in line]
    above = managers[heights[-1] + 1 :] if heights else managers
    return [manager for manager in above if manager.pk not in barred]


def _first_free(people: Sequence[User], barred: Collection[int]) -> User | None:
    """The first who can decide, else the first at all, so that it can be said why not."""
    free = (user for user in people if user.is_active and user.pk not in barred)
    return next(free, next(iter(people), None))


def _sit(
    seat: SeatRule, user: User | None, project: Project, barred: Collection[int]
) -> User | _Empty:
    """Who gets the seat, or why nobody does."""
    if user is None:
        return _Empty(str(_NOBODY.get(seat.source, _("There is no such person."))))
    name = {"name": user.name}
    if not user.is_active:
        return _Empty(_("%(name)s cannot sign in any more.") % name)
    if user.pk in barred:
        return _Empty(
            _("%(name)s leads the project or submits it, and cannot decide on it as well.") % name,
            is_barred=True,
        )
    if user.organisation_id != project.organisation_id:
        return _Empty(_("%(name)s belongs to another organisation.") % name)
    return user


def _problems(
    project: Project,
    route: RouteRule,
    seats: Sequence[PlannedSeat],
    left_out: Sequence[_Empty],
    askable: dict[int, str],
) -> tuple[str, ...]:
    has_chair = any(seat.is_chair for seat in seats)
    is_short = len(seats) < route.needed
    if not is_short and (has_chair or route.rule not in CHAIRED_RULES):
        return ()
    if route.rule is DecisionRule.ONE and [seat.source for seat in route.seats] == [
        SeatSource.LINE_MANAGER
    ]:
        return (_about_line_manager(is_barred=any(empty.is_barred for empty in left_out)),)
    said = (
        ngettext(
            "At least %(needed)s person must be able to decide, and %(left)s can.",
            "At least %(needed)s people must be able to decide, and %(left)s can.",
            route.needed,
        )
        % {"needed": route.needed, "left": len(seats)}
        if is_short
        else _("There is nobody who can lead the decision.")
    )
    if project.organisation_id not in askable:
        administrators = administrators_of(project.organisation)
        askable[project.organisation_id] = ", ".join(person.name for person in administrators)
    mend = _(
        "Propose the owner and the line manager under “People with access”. The route “%(route)s” "
        "and the managers of units are looked after by %(names)s."
    ) % {"route": route.name, "names": askable[project.organisation_id] or _("the administrator")}
    return (said, *dict.fromkeys(empty.reason for empty in left_out), mend)


def _about_line_manager(*, is_barred: bool) -> str:
    if is_barred:
        return _(
            "The line manager also leads the project and cannot decide. Propose somebody else."
        )
    return _(
        "The project has no line manager who can decide. Propose one under “People with access”."
    )
