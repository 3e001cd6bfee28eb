"""Setting up routes: the service, what a route must hold, and routes in words."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from audit.models import AuditEvent
from common.outcomes import Refusal, StaleRow
from phases.enums import DecisionRule, SeatSource
from phases.models import GateRoute
from phases.route_words import how_decided, which_projects
from phases.routes import BUILT_IN, RouteRule, SeatRule, route_problems
from phases.services.route_settings import delete_route, move_route, save_route
from phases.services.routes import rule_of
from projects.enums import Uncertainty

ONE, ANY, ALL, CHAIR = DecisionRule.ONE, DecisionRule.ANY, DecisionRule.ALL, DecisionRule.CHAIR
OWNER, LINE = SeatRule(SeatSource.OWNER), SeatRule(SeatSource.LINE_MANAGER)
LEADS = SeatRule(SeatSource.TOP_MANAGER, is_chair=True)
SEVERAL = "Several decide: choose at least two."
NO_CHAIR = "Choose who leads the decision."


@pytest.mark.parametrize(
    ("rule", "seats", "quorum", "problems"),
    [
        (ONE, (OWNER,), 1, ()),
        (ONE, (), 1, ("One person decides: choose exactly one.",)),
        (ONE, (OWNER, LINE), 1, ("One person decides: choose exactly one.",)),
        (ANY, (OWNER, LINE), 1, ()),
        (ANY, (OWNER,), 1, (SEVERAL,)),
        (ALL, (OWNER, LEADS), 2, ()),
        (ALL, (OWNER, LINE), 2, (NO_CHAIR,)),
        (ALL, (LEADS,), 1, (SEVERAL,)),
        (
            ALL,
            (OWNER, LEADS),
            3,
            ("3 must have voted, but only 2 decide. Choose a smaller number.",),
        ),
        (CHAIR, (OWNER, LINE, LEADS), 2, ()),
        (CHAIR, (OWNER, LINE), 2, (NO_CHAIR,)),
        (ANY, (OWNER, OWNER), 1, ("Nobody can have two seats. Choose each person once.",)),
    ],
)
def test_what_a_route_must_hold(rule, seats, quorum, problems):
    assert route_problems(RouteRule("x", rule, seats, quorum)) == problems


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (BUILT_IN, "All other projects: The line manager decides alone."),
        (
            RouteRule(
                "x", ALL, (OWNER, LINE, LEADS), 2, 10, Decimal(5_000_000), Uncertainty.HIGH, True
            ),
            "Projects from 5,000,000 kr, with high uncertainty or with high public interest: The "
            "project owner, the line manager and the manager of the whole organisation must agree. "
            "If they do not, the manager of the whole organisation decides. At least 2 must be "
            "able to take part. They have 10 working days.",
        ),
        (
            RouteRule("x", ANY, (OWNER, LINE), days=1, least_uncertainty=Uncertainty.MEDIUM),
            "Projects with medium or high uncertainty: The project owner or the line manager "
            "decides: whoever answers first. They have 1 working day.",
        ),
        (
            RouteRule(
                "x",
                CHAIR,
                (LEADS, SeatRule(SeatSource.NAMED, 7), SeatRule(SeatSource.NAMED, 8)),
                2,
                least_budget=Decimal("1500.50"),
            ),
            "Projects from 1,500.50 kr: The manager of the whole organisation decides, when at "
            "least 2 of these have voted: the manager of the whole organisation, Anne Ansatt and "
            "somebody.",
        ),
    ],
)
def test_a_route_is_told_in_words(route, words):
    said = f"{which_projects(route)}: {how_decided(route, {7: 'Anne Ansatt'})}"
    assert said.replace("\u00a0", " ") == words


@pytest.fixture
def make(municipality):
    def make(name="Store prosjekter", seats=(OWNER, LEADS), **values):
        wanted = {"rule": ALL, "quorum": 2, "days": 10, **values}
        return save_route(
            route=GateRoute(organisation=municipality.organisation, name=name, **wanted),
            seats=seats,
            actor=municipality.admin,
        )

    return make


def names():
    return list(GateRoute.objects.order_by("position").values_list("name", "position"))


def test_a_route_is_stored_with_its_seats_and_logged_whole(municipality, make):
    route = make(seats=(OWNER, SeatRule(SeatSource.NAMED, municipality.employee.pk, True)))
    stored = GateRoute.objects.get()
    assert rule_of(stored).seats == (
        OWNER,
        SeatRule(SeatSource.NAMED, municipality.employee.pk, True),
    )
    event = AuditEvent.objects.get(action="gate_route.created")
    assert (event.actor, event.target_number, event.details) == (
        municipality.admin,
        route.pk,
        {
            "position": 0,
            "rule": "all",
            "quorum": 2,
            "days": 10,
            "least_budget": None,
            "least_uncertainty": None,
            "for_public_interest": False,
            "seats": [
                {"source": "owner", "user": None, "is_chair": False},
                {"source": "named", "user": municipality.employee.pk, "is_chair": True},
            ],
        },
    )


def test_quorum_and_chair_mean_nothing_where_one_vote_decides(make):
    route = make(rule=ANY, seats=(OWNER, LEADS), quorum=7)
    assert (rule_of(route).quorum, [seat.is_chair for seat in rule_of(route).seats]) == (
        1,
        [False, False],
    )


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_stored(
    municipality, neighbour, make
):
    municipality.employee.is_active = False
    municipality.employee.save()
    with pytest.raises(ValidationError) as refused:
        make(
            seats=(
                SeatRule(SeatSource.NAMED, municipality.employee.pk),
                SeatRule(SeatSource.NAMED, neighbour.leader.pk),
                SeatRule(SeatSource.NAMED, 999_999),
            ),
            quorum=4,
        )
    assert sorted(refused.value.messages) == [
        "4 must have voted, but only 3 decide. Choose a smaller number.",
        "Anne Ansatt cannot sign in any more.",
        "Choose who it is.",
        NO_CHAIR,
        "Petter Prosjektleder belongs to another organisation.",
    ]
    assert GateRoute.objects.count() == 0


def test_a_name_is_taken_once_in_an_organisation(make):
    make()
    with pytest.raises(ValidationError, match="already a route with this name"):
        make()


@pytest.mark.parametrize("who", ["leader", "manager", "director", "employee"])
def test_only_administrators_set_up_routes(municipality, make, who):
    route, actor = make(), getattr(municipality, who)
    for write in (
        lambda: save_route(route=route, seats=(OWNER, LEADS), actor=actor),
        lambda: move_route(route=route, is_up=True, actor=actor),
        lambda: delete_route(route=route, actor=actor),
    ):
        with pytest.raises(Refusal, match="Only an administrator"):
            write()


def test_the_administrator_of_another_organisation_does_not_either(neighbour, make):
    with pytest.raises(Refusal, match="Only an administrator"):
        delete_route(route=make(), actor=neighbour.admin)


def test_routes_are_moved_and_stay_numbered(municipality, make):
    first, second, third = make("a"), make("b"), make("c")
    move_route(route=third, is_up=True, actor=municipality.admin)
    assert names() == [("a", 0), ("c", 1), ("b", 2)]
    move_route(route=first, is_up=True, actor=municipality.admin)
    move_route(route=second, is_up=False, actor=municipality.admin)
    assert names() == [("a", 0), ("c", 1), ("b", 2)]
    delete_route(route=first, actor=municipality.admin)
    assert names() == [("c", 0), ("b", 1)]


def test_of_two_who_change_a_route_at_once_the_second_is_told(municipality, make):
    route = make()
    mine, theirs = GateRoute.objects.get(), GateRoute.objects.get()
    save_route(route=theirs, seats=(OWNER, LEADS), actor=municipality.admin)
    with pytest.raises(StaleRow):
        save_route(route=mine, seats=(LINE, LEADS), actor=municipality.admin)
    assert rule_of(GateRoute.objects.get()).seats == rule_of(route).seats
