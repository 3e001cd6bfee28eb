"""What a project says about its size, and what the record keeps of who is named."""

from decimal import Decimal

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from phases.enums import SeatSource
from phases.models import GateRoute, GateRouteSeat
from projects.history import sentence_of
from projects.models import Project


def sent(response):
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def size(project):
    return Project.objects.values_list("budget", "uncertainty", "has_public_interest").get(
        pk=project.pk
    )


@pytest.mark.parametrize(
    ("written", "budget"),
    [("1 250 000,50", Decimal("1250000.50")), ("2.500.000", Decimal(2500000)), ("0", Decimal(0))],
)
def test_the_leader_says_how_large_the_project_is(
    client_for, municipality, project, written, budget
):
    client = client_for(municipality.leader)
    address = reverse("projects:edit", args=[project.pk])
    fields = sent(client.get(address)) | {
        "budget": written,
        "uncertainty": "high",
        "has_public_interest": "on",
    }
    assert client.post(address, fields).status_code == 302
    assert size(project) == (budget, "high", True)
    event = AuditEvent.objects.filter(action="project.updated").latest("pk")
    assert sentence_of(event) == (
        "Petter Prosjektleder changed the project: budget, uncertainty and the public interest is "
        "high."
    )


@pytest.mark.parametrize("written", ["-1", "mye", "1e6", "1" * 13])
def test_a_budget_that_is_no_amount_is_refused(client_for, municipality, project, written):
    client = client_for(municipality.leader)
    address = reverse("projects:edit", args=[project.pk])
    response = client.post(address, sent(client.get(address)) | {"budget": written})
    assert list(response.context["form"].errors) == ["budget"]
    assert size(project) == (None, "", False)


def test_the_project_page_shows_the_size(client_for, municipality, project):
    Project.objects.filter(pk=project.pk).update(budget=1_250_000, uncertainty="medium")
    page = client_for(municipality.reader).get(reverse("phases:project", args=[project.pk]))
    text = page.content.decode().replace("\u00a0", " ")
    assert "<dt>Budget</dt><dd>1,250,000 kr</dd>" in text
    assert "<dt>Uncertainty</dt><dd>Medium</dd>" in text


def test_whoever_is_named_on_a_route_stays_in_sight_when_their_access_is_closed(
    client_for, municipality
):
    route = GateRoute.objects.create(organisation=municipality.organisation, name="Store")
    GateRouteSeat.objects.create(route=route, source=SeatSource.NAMED, user=municipality.employee)
    municipality.employee.is_active = False
    municipality.employee.save()
    client = client_for(municipality.admin)
    address = reverse("phases:route_edit", args=[route.pk])
    response = client.post(address, sent(client.get(address)))
    assert response.context["form"].non_field_errors() == ["Anne Ansatt cannot sign in any more."]
