"""Which route a project's submissions take, and what a route must hold. Pure: no database."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from phases.enums import DecisionRule, SeatSource
from projects.enums import Uncertainty

# Rules by which several decide, and those where one of them leads the decision.
SHARED_RULES = frozenset({DecisionRule.ANY, DecisionRule.ALL, DecisionRule.CHAIR})
CHAIRED_RULES = frozenset({DecisionRule.ALL, DecisionRule.CHAIR})
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class ProjectSize:
    """What routes are chosen by. What is not known reaches no threshold."""

    budget: Decimal | None = None
    uncertainty: Uncertainty | None = None
    has_public_interest: bool = False


@dataclass(frozen=True, slots=True)
class SeatRule:
    """A place among those who decide. ``user_id`` is set for, and only for, a person by name."""

    source: SeatSource
    user_id: int | None = None
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class RouteRule:
    """A route without its history. ``days`` are working days, none when there is no limit.

    ``pk`` is empty for the route that is built in.
    """

    name: str
    rule: DecisionRule
    seats: tuple[SeatRule, ...]
    quorum: int = 1
    days: int | None = None
    least_budget: Decimal | None = None
    least_uncertainty: Uncertainty | None = None
    for_public_interest: bool = False
    pk: int | None = None

    @property
    def has_threshold(self) -> bool:
        return (
            self.least_budget is not None
            or self.least_uncertainty is not None
            or self.for_public_interest
        )

    @property
    def needed(self) -> int:
        """How many people must be able to decide before anything can be submitted."""
        return self.quorum if self.rule in CHAIRED_RULES else 1

    def is_reached_by(self, size: ProjectSize) -> bool:
        """Whether ``size`` reaches any of the thresholds; always, when there are none."""
        if not self.has_threshold:
            return True
        return (
            (
                self.least_budget is not None
                and size.budget is not None
                and size.budget >= self.least_budget
            )
            or (
                self.least_uncertainty is not None
                and size.uncertainty is not None
                and size.uncertainty.rank >= self.least_uncertainty.rank
            )
            or (self.for_public_interest and size.has_public_interest)
        )


# About two years. Without an end the day would lie beyond the calendar.
MOST_DAYS = 500

# Where an organisation has settled nothing, the line manager decides alone, without a limit.
BUILT_IN = RouteRule(name="", rule=DecisionRule.ONE, seats=(SeatRule(SeatSource.LINE_MANAGER),))


def choose(routes: Sequence[RouteRule], size: ProjectSize) -> RouteRule:
    """The first of ``routes`` that the project reaches, else :data:`BUILT_IN`."""
    return next((route for route in routes if route.is_reached_by(size)), BUILT_IN)


def route_problems(route: RouteRule) -> tuple[str, ...]:
    """Why a route cannot stand as it is, each a sentence; empty when it can."""
    seats, problems = len(route.seats), []
    chairs = sum(seat.is_chair for seat in route.seats)
    if len({(seat.source, seat.user_id) for seat in route.seats}) < seats:
        problems.append(_("Nobody can have two seats. Choose each person once."))
    if route.rule is DecisionRule.ONE and seats != 1:
        problems.append(_("One person decides: choose exactly one."))
    if route.rule in SHARED_RULES and seats < 2:
        problems.append(_("Several decide: choose at least two."))
    if route.rule in CHAIRED_RULES and chairs != 1:
        problems.append(_("Choose who leads the decision."))
    if route.rule in CHAIRED_RULES and route.quorum > max(seats, 1):
        problems.append(
            _("%(quorum)s must have voted, but only %(seats)s decide. Choose a smaller number.")
            % {"quorum": route.quorum, "seats": seats}
        )
    if route.days is not None and route.days > MOST_DAYS:
        problems.append(
            _("%(most)s working days are the most that there can be to decide in.")
            % {"most": MOST_DAYS}
        )
    return tuple(problems)


def working_days_after(day: datetime.date, days: int) -> datetime.date:
    """The day that is ``days`` working days after ``day``, Monday to Friday. Public holidays count
    as working days, because each country has its own."""
    while days > 0:
        day += datetime.timedelta(days=1)
        if day.weekday() < _SATURDAY:
            days -= 1
    return day
