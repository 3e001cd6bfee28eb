"""The people who get the seats of a route."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.policy import ProjectRole
from phases.enums import DecisionRule, SeatSource
from phases.models import GateRoute, GateRouteSeat
from phases.routes import working_days_after
from phases.services.routes import plan_for, plans_for
from projects.models import Membership
from projects.services import add_member


@pytest.fixture
def make_route(municipality):
    """A route with seats: sources, people, and a star for whoever leads the decision."""

    def make_route(*seats, chair=None, **values):
        made = GateRoute.objects.create(
            organisation=municipality.organisation,
            **{"name": "Store prosjekter", "rule": DecisionRule.ALL, "quorum": 2, **values},
        )
        for seat in seats:
            is_source = isinstance(seat, SeatSource)
            GateRouteSeat.objects.create(
                route=made,
                source=seat if is_source else SeatSource.NAMED,
                user=None if is_source else seat,
                is_chair=seat == chair,
            )
        return made

    return make_route


def seats(plan):
    return [(seat.user.name, str(seat.source), seat.is_chair) for seat in plan.seats]


def test_without_routes_the_line_manager_decides_alone(project, municipality):
    plan = plan_for(project, municipality.leader)
    assert (plan.route_name, plan.rule, plan.quorum, plan.due_on, plan.problems) == (
        "",
        DecisionRule.ONE,
        1,
        None,
        (),
    )
    assert seats(plan) == [("Mona Mellomleder", "line_manager", False)]


def end_role(project, role):
    Membership.objects.filter(project=project, role=role).update(ended_at=timezone.now())


def test_without_routes_a_missing_line_manager_is_said_in_the_known_words(project, municipality):
    end_role(project, ProjectRole.LINE_MANAGER)
    assert plan_for(project, municipality.leader).problems == (
        "The project has no line manager who can decide. Propose one under “People with access”.",
    )


def test_without_routes_a_line_manager_whose_access_is_closed_is_missing(project, municipality):
    municipality.manager.is_active = False
    municipality.manager.save()
    assert plan_for(project, municipality.leader).problems == (
        "The project has no line manager who can decide. Propose one under “People with access”.",
    )


def test_without_routes_a_line_manager_who_submits_cannot_decide(project, municipality):
    assert plan_for(project, municipality.manager).problems == (
        "The line manager also leads the project and cannot decide. Propose somebody else.",
    )


def test_roles_the_unit_tree_and_people_by_name_fill_the_seats(project, municipality, make_route):
    add_member(
        project=project,
        user=municipality.member,
        role=ProjectRole.BENEFIT_RESPONSIBLE,
        actor=municipality.leader,
    )
    make_route(
        SeatSource.LINE_MANAGER,
        SeatSource.OWNER,
        SeatSource.BENEFIT_RESPONSIBLE,
        municipality.employee,
        chair=SeatSource.OWNER,
        days=10,
        quorum=3,
    )
    plan = plan_for(project, municipality.leader)
    assert (plan.route_name, plan.rule, plan.quorum, plan.due_on, plan.problems) == (
        "Store prosjekter",
        DecisionRule.ALL,
        3,
        working_days_after(timezone.localdate(), 10),
        (),
    )
    assert seats(plan) == [
        ("Mona Mellomleder", "line_manager", False),
        ("Dagny Direktør", "owner", True),
        ("Mats Medlem", "benefit_responsible", False),
        ("Anne Ansatt", "named", False),
    ]


def test_the_managers_above_come_from_the_unit_tree(project, municipality, make_route):
    end_role(project, ProjectRole.OWNER)
    municipality.top.manager = municipality.admin
    municipality.top.save()
    make_route(
        SeatSource.MANAGER_ABOVE, SeatSource.TOP_MANAGER, chair=SeatSource.TOP_MANAGER, quorum=2
    )
    assert seats(plan_for(project, municipality.leader)) == [
        ("Dagny Direktør", "manager_above", False),
        ("Astrid Admin", "top_manager", True),
    ]


def test_a_manager_above_who_submits_is_passed_by(project, municipality, make_route):
    municipality.top.manager = municipality.admin
    municipality.top.save()
    make_route(SeatSource.MANAGER_ABOVE, rule=DecisionRule.ONE, quorum=1)
    assert seats(plan_for(project, municipality.director)) == [
        ("Astrid Admin", "manager_above", False)
    ]


def test_there_is_nobody_above_a_line_manager_who_is_at_the_top(project, municipality, make_route):
    Membership.objects.filter(project=project, role=ProjectRole.LINE_MANAGER).update(
        user=municipality.director
    )
    make_route(SeatSource.MANAGER_ABOVE, rule=DecisionRule.ONE, quorum=1)
    assert plan_for(project, municipality.leader).left_out == (
        "There is no manager above the line manager who can decide.",
    )


def test_the_same_person_twice_has_one_seat_and_leads_if_either_does(
    project, municipality, make_route
):
    make_route(
        SeatSource.LINE_MANAGER,
        SeatSource.OWNER,
        SeatSource.TOP_MANAGER,
        municipality.manager,
        chair=SeatSource.TOP_MANAGER,
    )
    assert seats(plan_for(project, municipality.leader)) == [
        ("Mona Mellomleder", "line_manager", False),
        ("Dagny Direktør", "top_manager", True),
    ]


def test_too_few_are_left_when_people_fall_out_and_it_says_who_can_mend_it(
    project, municipality, make_route
):
    municipality.employee.is_active = False
    municipality.employee.save()
    make_route(
        SeatSource.LINE_MANAGER,
        SeatSource.BENEFIT_RESPONSIBLE,
        municipality.employee,
        municipality.leader,
        chair=SeatSource.LINE_MANAGER,
        quorum=2,
    )
    plan = plan_for(project, municipality.leader)
    assert plan.problems == (
        "At least 2 people must be able to decide, and 1 can.",
        "Nobody in the project is responsible for the benefits.",
        "Anne Ansatt cannot sign in any more.",
        "Petter Prosjektleder leads the project or submits it, and cannot decide on it as well.",
        "Propose the owner and the line manager under “People with access”. The route “Store "
        "prosjekter” and the managers of units are looked after by Astrid Admin.",
    )
    assert plan.left_out == plan.problems[1:4]


def test_enough_are_left_although_somebody_falls_out(project, municipality, make_route):
    make_route(
        SeatSource.LINE_MANAGER,
        SeatSource.OWNER,
        SeatSource.BENEFIT_RESPONSIBLE,
        chair=SeatSource.OWNER,
        quorum=2,
    )
    plan = plan_for(project, municipality.leader)
    assert (plan.problems, plan.left_out) == (
        (),
        ("Nobody in the project is responsible for the benefits.",),
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (DecisionRule.ANY, ""),
        (DecisionRule.ALL, "There is nobody who can lead the decision."),
        (DecisionRule.CHAIR, "There is nobody who can lead the decision."),
    ],
)
def test_some_rules_cannot_do_without_whoever_leads(
    project, municipality, make_route, rule, expected
):
    make_route(
        SeatSource.LINE_MANAGER, municipality.leader, chair=municipality.leader, rule=rule, quorum=1
    )
    assert next(iter(plan_for(project, municipality.leader).problems), "") == expected


def test_the_size_of_the_project_chooses_between_routes(project, municipality, make_route):
    make_route(
        SeatSource.OWNER,
        name="Fra en million",
        rule=DecisionRule.ONE,
        quorum=1,
        position=1,
        least_budget=Decimal(1_000_000),
    )
    make_route(SeatSource.LINE_MANAGER, name="Resten", rule=DecisionRule.ONE, quorum=1, position=2)
    assert plan_for(project, municipality.leader).route_name == "Resten"
    project.budget = Decimal("1000000.00")
    assert plan_for(project, municipality.leader).route_name == "Fra en million"


def test_routes_of_another_organisation_are_not_asked(project, neighbour):
    GateRoute.objects.create(organisation=neighbour.organisation, name="Naboens")
    assert plan_for(project, neighbour.leader).route_name == ""


@pytest.mark.parametrize("count", [1, 3])
def test_a_plan_costs_the_same_for_one_project_and_for_many(
    make_project, municipality, make_route, count, django_assert_num_queries
):
    projects = [make_project(f"Prosjekt {number}") for number in range(count)]
    for number in range(count):
        make_route(
            SeatSource.LINE_MANAGER,
            SeatSource.MANAGER_ABOVE,
            municipality.employee,
            chair=SeatSource.LINE_MANAGER,
            name=f"Vei {number}",
            position=number,
        )
    with django_assert_num_queries(4):
        plans = plans_for(projects, municipality.leader)
    assert {len(plan.seats) for plan in plans.values()} == {3}


def test_a_due_day_is_not_set_without_a_limit(project, municipality, make_route):
    make_route(SeatSource.LINE_MANAGER, rule=DecisionRule.ONE, quorum=1, days=None)
    assert plan_for(project, municipality.leader).due_on is None
    GateRoute.objects.update(days=1)
    due_on = plan_for(project, municipality.leader).due_on
    assert due_on is not None
    assert due_on - timezone.localdate() <= datetime.timedelta(days=3)
