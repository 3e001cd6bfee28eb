"""An organisation's routes in words, and which of its running projects take which."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from phases.enums import SeatSource
from phases.route_words import how_decided, which_projects
from phases.routes import BUILT_IN, ProjectSize, RouteRule, choose
from phases.services.routes import SeatPlan, plans_for, rules_of
from projects.enums import ProjectStatus, Uncertainty
from projects.models import Project


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route in words, with how many running projects take it now. ``is_hidden``: one above it
    holds for every project, so nobody comes here."""

    route: RouteRule
    which: str
    how: str
    projects: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """A running project with who would decide if it were submitted today."""

    project: Project
    plan: SeatPlan
    deciders: str


@dataclass(frozen=True, slots=True)
class RouteOverview:
    """``rest`` is the route that is built in, when there are projects that no other takes."""

    lines: tuple[RouteLine, ...]
    rest: RouteLine | None


def running_projects(organisation: Organisation) -> QuerySet[Project]:
    """By name. They hold what plans need without further queries."""
    return Project.objects.filter(
        organisation=organisation, status__in=(ProjectStatus.ACTIVE, ProjectStatus.PAUSED)
    ).select_related("organisation")


def overview_of(organisation: Organisation) -> RouteOverview:
    """Four queries, whatever the organisation's size."""
    routes = rules_of([organisation.pk]).get(organisation.pk, [])
    taken = Counter(
        choose(routes, size).pk
        for size in (
            ProjectSize(budget, Uncertainty(uncertainty) if uncertainty else None, interest)
            for budget, uncertainty, interest in running_projects(organisation).values_list(
                "budget", "uncertainty", "has_public_interest"
            )
        )
    )
    names = names_in(routes)
    lines, is_hidden = [], False
    for place, route in enumerate(routes):
        lines.append(
            RouteLine(
                route,
                which_projects(route, is_first=place == 0),
                how_decided(route, names),
                taken[route.pk],
                is_hidden,
            )
        )
        is_hidden = is_hidden or not route.has_threshold
    rest = RouteLine(
        BUILT_IN,
        which_projects(BUILT_IN, is_first=not routes),
        how_decided(BUILT_IN, names),
        taken[None],
    )
    return RouteOverview(tuple(lines), None if is_hidden else rest)


def names_in(routes: Collection[RouteRule]) -> dict[int, str]:
    """The names of those who are named on routes, by number. One query at the most."""
    numbers = {
        seat.user_id for route in routes for seat in route.seats if seat.source is SeatSource.NAMED
    }
    if not numbers:
        return {}
    return dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))


def preview(projects: Collection[Project]) -> list[PreviewLine]:
    """In the order given. Five queries for any number of projects of one organisation."""
    plans = plans_for(projects)
    return [
        PreviewLine(project, plans[project.pk], _deciders(plans[project.pk]))
        for project in projects
    ]


def _deciders(plan: SeatPlan) -> str:
    names = [
        _("%(name)s (leads)") % {"name": seat.user.name} if seat.is_chair else seat.user.name
        for seat in plan.seats
    ]
    return get_text_list(names, _("and"))
