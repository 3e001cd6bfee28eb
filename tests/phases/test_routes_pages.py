"""The pages where an organisation settles who decides."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from phases.enums import DecisionRule, SeatSource
from phases.models import GateRoute
from phases.routes import RouteRule, SeatRule
from phases.services.route_settings import save_route
from phases.services.routes import rule_of
from projects.enums import Uncertainty
from projects.services import update_project

PAGE = "/prosjekter/hvem-beslutter/"
NEW = f"{PAGE}ny/"


@pytest.fixture
def client(client_for, municipality):
    return client_for(municipality.admin)


@pytest.fixture
def make(municipality):
    def make(name="Store prosjekter", **values):
        return save_route(
            route=GateRoute(
                organisation=municipality.organisation,
                **{"name": name, "rule": DecisionRule.ALL, "quorum": 2, **values},
            ),
            seats=(
                SeatRule(SeatSource.LINE_MANAGER),
                SeatRule(SeatSource.OWNER, is_chair=True),
            ),
            actor=municipality.admin,
        )

    return make


def fields(**changes):
    return {
        "name": "Store prosjekter",
        "least_budget": "5 000 000,50",
        "least_uncertainty": "high",
        "for_public_interest": "on",
        "roles": ["owner", "line_manager"],
        "rule": "all",
        "chair": "owner",
        "quorum": "2",
        "days": "10",
        **changes,
    }


def sent(response):
    """What a browser would send back from the page."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False, "")}


def test_without_routes_the_page_says_what_holds(client, project):
    page = client.get(PAGE).content.decode()
    assert "In every project the line manager decides alone" in page
    assert "Mona Mellomleder" in page


def test_a_route_is_added_with_amounts_as_people_write_them(client, municipality):
    response = client.post(NEW, fields(named_1=municipality.employee.pk, quorum=""))
    assert response.url == PAGE
    route = GateRoute.objects.get()
    assert rule_of(route) == RouteRule(
        name="Store prosjekter",
        rule=DecisionRule.ALL,
        seats=(
            SeatRule(SeatSource.LINE_MANAGER),
            SeatRule(SeatSource.OWNER, is_chair=True),
            SeatRule(SeatSource.NAMED, municipality.employee.pk),
        ),
        quorum=3,
        days=10,
        least_budget=Decimal("5000000.50"),
        least_uncertainty=Uncertainty.HIGH,
        for_public_interest=True,
        pk=route.pk,
    )


def test_what_is_wrong_is_said_and_what_was_chosen_stays(client, neighbour):
    response = client.post(NEW, fields(rule="one", chair="top_manager"))
    form = response.context["form"]
    assert form.errors == {"chair": ["Whoever leads the decision must be among those who decide."]}
    assert form["roles"].value() == ["owner", "line_manager"]
    response = client.post(NEW, fields(rule="one", chair=""))
    assert response.context["form"].non_field_errors() == [
        "One person decides: choose exactly one."
    ]
    response = client.post(NEW, fields(named_1=neighbour.leader.pk))
    assert list(response.context["form"].errors) == ["named_1"]
    assert GateRoute.objects.count() == 0


def test_a_route_is_changed_from_what_the_form_shows(client, municipality):
    client.post(NEW, fields(named_1=municipality.employee.pk, chair="named_1"))
    route = GateRoute.objects.get()
    address = reverse("phases:route_edit", args=[route.pk])
    before = rule_of(route)
    shown = sent(client.get(address))
    assert (shown["chair"], shown["named_1"]) == ("named_1", municipality.employee.pk)
    client.post(address, shown)
    assert rule_of(GateRoute.objects.get()) == before
    client.post(address, sent(client.get(address)) | {"rule": "chair", "days": "5"})
    after = rule_of(GateRoute.objects.get())
    assert (after.rule, after.days, after.seats) == (DecisionRule.CHAIR, 5, before.seats)


def test_two_who_change_different_things_are_merged_and_the_same_is_asked_about(client, make):
    route = make()
    address = reverse("phases:route_edit", args=[route.pk])
    mine, theirs = sent(client.get(address)), sent(client.get(address))
    client.post(address, theirs | {"days": "5"})
    client.post(address, mine | {"name": "Svære prosjekter"})
    stored = GateRoute.objects.get()
    assert (stored.name, stored.days) == ("Svære prosjekter", 5)
    response = client.post(address, mine | {"days": "9"})
    assert list(response.context["form"].errors) == ["days"]


def test_routes_are_moved_on_the_page(client, make):
    make("Først")
    last = make("Sist")
    response = client.post(reverse("phases:route_move", args=[last.pk]), {"direction": "up"})
    assert response.url == PAGE
    assert list(GateRoute.objects.order_by("position").values_list("name", flat=True)) == [
        "Sist",
        "Først",
    ]


def test_a_route_is_deleted_after_a_question(client, make):
    address = reverse("phases:route_delete", args=[make().pk])
    page = client.get(address).content.decode()
    assert "Shall “Store prosjekter” be deleted?" in page
    assert GateRoute.objects.count() == 1
    assert client.post(address).url == PAGE
    assert GateRoute.objects.count() == 0
    assert AuditEvent.objects.filter(action="gate_route.deleted").count() == 1


def test_the_page_says_which_running_project_takes_which_route(
    client, municipality, project, other_project, make
):
    make(least_budget=1_000_000)
    update_project(
        project=project, values={"budget": Decimal(2_000_000)}, actor=municipality.leader
    )
    context = client.get(PAGE).context
    assert [
        (line.project.name, line.plan.route_name, line.deciders) for line in context["lines"]
    ] == [
        (
            "Digitalt tilsyn om natten",
            "Store prosjekter",
            "Mona Mellomleder and Dagny Direktør (leads)",
        ),
        ("Medisindispensere", "", "Mona Mellomleder"),
    ]
    overview = context["overview"]
    assert ([line.projects for line in overview.lines], overview.rest.projects) == ([1], 1)


def test_a_route_below_one_for_all_projects_is_marked(client, project, make):
    make("Alle")
    make("Aldri", least_budget=1)
    context = client.get(PAGE).context
    assert [(line.is_hidden, line.projects) for line in context["overview"].lines] == [
        (False, 1),
        (True, 0),
    ]
    assert context["overview"].rest is None


def test_the_page_costs_the_same_whatever_there_is(client, make_project, make):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    make("1")
    make_project("A")
    before = queries()
    for number in range(2, 5):
        make(str(number), least_budget=number)
        make_project(f"Prosjekt {number}")
    assert queries() == before


def test_routes_of_another_organisation_are_not_found(client_for, neighbour, make):
    route = make()
    client = client_for(neighbour.admin)
    assert [
        client.get(reverse(f"phases:{name}", args=[route.pk])).status_code
        for name in ("route_edit", "route_delete")
    ] == [404, 404]
    assert client.post(reverse("phases:route_move", args=[route.pk])).status_code == 404
