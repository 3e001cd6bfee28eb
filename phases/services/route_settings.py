"""Setting up an organisation's routes. What is submitted already is never touched by it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.selectors import is_administrator
from audit.services import record_event
from common.outcomes import Refusal
from phases.enums import SeatSource
from phases.models import GateRoute, GateRouteSeat
from phases.routes import CHAIRED_RULES, RouteRule, SeatRule, route_problems
from phases.services.routes import rule_of


@transaction.atomic
def save_route(*, route: GateRoute, seats: Sequence[SeatRule], actor: User) -> GateRoute:
    """Create or change a route with exactly these seats; a new one comes last.

    For administrators. Raises ``ValidationError`` with everything that is wrong: what
    :func:`phases.routes.route_problems` says, a taken name, and people who cannot sign in or
    belong to another organisation. Raises ``StaleRow`` when somebody was faster.
    """
    _refuse_others(route.organisation, actor)
    rule = rule_of(route, seats)
    if rule.rule not in CHAIRED_RULES:
        route.quorum = 1
        seats = [SeatRule(seat.source, seat.user_id) for seat in seats]
    is_new = route.pk is None
    if is_new:
        route.position = GateRoute.objects.filter(organisation=route.organisation).count()
    else:
        route.claim()
    route.full_clean()
    if problems := [*route_problems(rule), *_problems_with_people(route.organisation, seats)]:
        raise ValidationError(problems)
    route.save()
    route.seats.all().delete()
    GateRouteSeat.objects.bulk_create(
        GateRouteSeat(route=route, source=seat.source, user_id=seat.user_id, is_chair=seat.is_chair)
        for seat in seats
    )
    _log(route, "gate_route.created" if is_new else "gate_route.updated", actor, rule)
    return route


@transaction.atomic
def move_route(*, route: GateRoute, is_up: bool, actor: User) -> None:
    """Ask the route one place earlier or later; the first and the last stay where they are."""
    _refuse_others(route.organisation, actor)
    routes = _in_order(route.organisation)
    place = routes.index(route)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(routes):
        return
    routes[place], routes[other] = routes[other], routes[place]
    _number(routes)
    _log(route, "gate_route.moved", actor, position=other)


@transaction.atomic
def delete_route(*, route: GateRoute, actor: User) -> None:
    """Take a route away for good. The log keeps what it said."""
    _refuse_others(route.organisation, actor)
    _log(route, "gate_route.deleted", actor, rule_of(route))
    route.delete()
    _number(_in_order(route.organisation))


def _refuse_others(organisation: Organisation, actor: User) -> None:
    """Also makes two administrators wait for each other, so that the order stays whole."""
    if not is_administrator(actor, organisation.pk):
        raise Refusal(_("Only an administrator of the organisation can set this."))
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _in_order(organisation: Organisation) -> list[GateRoute]:
    return list(GateRoute.objects.filter(organisation=organisation).order_by("position", "pk"))


def _number(routes: Sequence[GateRoute]) -> None:
    for position, route in enumerate(routes):
        if route.position != position:
            GateRoute.objects.filter(pk=route.pk).update(position=position)


def _problems_with_people(organisation: Organisation, seats: Sequence[SeatRule]) -> list[str]:
    """One query."""
    wanted = {seat.user_id for seat in seats if seat.source is SeatSource.NAMED}
    people = User.objects.in_bulk([number for number in wanted if number])
    problems = []
    if any(seat.source is SeatSource.REPLACEMENT for seat in seats) or wanted - people.keys():
        problems.append(_("Choose who it is."))
    for person in sorted(people.values(), key=lambda each: each.name):
        if person.organisation_id != organisation.pk:
            problems.append(_("%(name)s belongs to another organisation.") % {"name": person.name})
        elif not person.is_active:
            problems.append(_("%(name)s cannot sign in any more.") % {"name": person.name})
    return problems


def _log(
    route: GateRoute, action: str, actor: User, rule: RouteRule | None = None, **details: int
) -> None:
    """With the whole of the route in codes, so that the log says what it was."""
    said: dict[str, Any] = {"position": route.position, **details}
    if rule is not None:
        said |= {
            "rule": rule.rule.value,
            "quorum": rule.needed,
            "days": rule.days,
            "least_budget": None if rule.least_budget is None else str(rule.least_budget),
            "least_uncertainty": rule.least_uncertainty,
            "for_public_interest": rule.for_public_interest,
            "seats": [
                {"source": seat.source, "user": seat.user_id, "is_chair": seat.is_chair}
                for seat in rule.seats
            ],
        }
    record_event(
        actor=actor,
        action=action,
        target=route,
        organisation_number=route.organisation_id,
        **said,
    )
