import datetime

import pytest
from django.urls import reverse

from accounts.models import Unit
from audit.models import AuditEvent
from projects.models import Project
from projects.services import update_project


@pytest.fixture
def edit_url(project):
    return reverse("projects:edit", args=[project.pk])


def fields_of(response):
    """What the browser would send back from the page."""
    form = response.context["form"]
    return {
        name: "" if (value := form[name].value()) is None else str(value) for name in form.fields
    }


def facts(project):
    return Project.objects.values(
        "name",
        "unit",
        "problem",
        "goal",
        "case_number",
        "document_language",
        "starts_on",
        "ends_on",
    ).get(pk=project.pk)


def sentences(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader", 200),
        ("admin", 403),
        ("member", 403),
        ("reader", 403),
        ("manager", 403),
        ("director", 403),
        ("employee", 404),
    ],
)
def test_leaders_change_the_facts(client_for, municipality, project, edit_url, who, status):
    client = client_for(getattr(municipality, who))
    before = facts(project)
    assert client.get(edit_url).status_code == status
    if status != 200:
        assert client.post(edit_url, {"name": "Kapret"}).status_code == status
    assert facts(project) == before


def test_strangers_get_404(client_for, neighbour, edit_url):
    assert client_for(neighbour.leader).post(edit_url, {"name": "Kapret"}).status_code == 404


def test_what_is_changed_is_saved_and_logged(client_for, municipality, project, edit_url):
    client = client_for(municipality.leader)
    sent = fields_of(client.get(edit_url)) | {
        "name": "Trygge netter",
        "ends_on": "2027-06-30",
        "unit": str(municipality.health.pk),
    }
    before = facts(project)
    response = client.post(edit_url, sent, follow=True)
    assert response.redirect_chain == [(reverse("phases:project", args=[project.pk]), 302)]
    assert sentences(response) == ["The project's facts are saved."]
    assert facts(project) == before | {
        "name": "Trygge netter",
        "ends_on": datetime.date(2027, 6, 30),
        "unit": municipality.health.pk,
    }
    event = AuditEvent.objects.filter(action="project.updated").latest("pk")
    assert (event.actor, event.details) == (
        municipality.leader,
        {"fields": ["name", "unit", "ends_on"]},
    )


def test_saving_without_a_change_writes_nothing(client_for, municipality, project, edit_url):
    client = client_for(municipality.leader)
    events = AuditEvent.objects.count()
    response = client.post(edit_url, fields_of(client.get(edit_url)), follow=True)
    assert sentences(response) == ["Nothing was changed."]
    project.refresh_from_db()
    assert (AuditEvent.objects.count(), project.row_version) == (events, 1)


def test_units_stand_as_a_tree(client_for, municipality, neighbour, edit_url):
    unit = client_for(municipality.leader).get(edit_url).context["form"].fields["unit"]
    assert [label for _pk, label in unit.choices] == [
        "Fjordvik kommune",
        "\u00a0\u00a0\u00a0Helse og omsorg",
        "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0Hjemmetjenesten",
    ]


def test_the_method_is_shown_and_cannot_be_sent(client_for, municipality, project, edit_url):
    client = client_for(municipality.leader)
    response = client.get(edit_url)
    assert "method_version" not in response.context["form"].fields
    assert response.context["method"].title in response.content.decode()
    version = project.method_version_id
    client.post(
        edit_url, fields_of(response) | {"method_version": "999", "status": "closed", "goal": "Ny"}
    )
    project.refresh_from_db()
    assert (project.method_version_id, project.status, project.goal) == (version, "active", "Ny")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 151}, ["name"]),
        ({"problem": " ", "goal": ""}, ["problem", "goal"]),
        ({"starts_on": "31.02.2027"}, ["starts_on"]),
        ({"ends_on": "2020-01-01"}, ["__all__"]),
        ({"unit": ""}, ["unit"]),
        ({"document_language": "de"}, ["document_language"]),
    ],
)
def test_a_wrong_value_is_refused_and_what_was_typed_is_kept(
    client_for, municipality, project, edit_url, change, wrong
):
    client = client_for(municipality.leader)
    before = facts(project)
    sent = fields_of(client.get(edit_url)) | {"case_number": "2027/99"} | change
    response = client.post(edit_url, sent)
    assert (response.status_code, list(response.context["form"].errors)) == (200, wrong)
    assert 'value="2027/99"' in response.content.decode()
    assert "Digitalt tilsyn om natten" in response.content.decode()
    assert facts(project) == before


def test_a_unit_of_another_municipality_is_refused(
    client_for, municipality, neighbour, project, edit_url
):
    client = client_for(municipality.leader)
    sent = fields_of(client.get(edit_url)) | {"unit": str(neighbour.home_care.pk)}
    assert list(client.post(edit_url, sent).context["form"].errors) == ["unit"]
    assert facts(project)["unit"] == municipality.home_care.pk


def test_two_people_in_different_fields_are_merged(client_for, municipality, project, edit_url):
    client = client_for(municipality.leader)
    opened = fields_of(client.get(edit_url))
    update_project(
        project=Project.objects.get(pk=project.pk),
        values={"goal": "Målet til den andre."},
        actor=municipality.leader,
    )
    client.post(edit_url, opened | {"case_number": "2027/1"})
    assert (facts(project)["goal"], facts(project)["case_number"]) == (
        "Målet til den andre.",
        "2027/1",
    )


def test_two_people_in_the_same_field_see_both_texts(client_for, municipality, project, edit_url):
    client = client_for(municipality.leader)
    opened = fields_of(client.get(edit_url))
    update_project(
        project=Project.objects.get(pk=project.pk),
        values={"goal": "Målet til den andre."},
        actor=municipality.leader,
    )
    refused = client.post(edit_url, opened | {"goal": "Mitt mål."})
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["goal"])
    page = refused.content.decode()
    assert ("Målet til den andre." in page, "Mitt mål." in page) == (True, True)
    assert facts(project)["goal"] == "Målet til den andre."
    client.post(edit_url, fields_of(refused) | {"goal": "Begges mål."})
    assert facts(project)["goal"] == "Begges mål."


def test_a_unit_moved_meanwhile_meets_the_form_as_a_conflict(
    client_for, municipality, project, edit_url
):
    client = client_for(municipality.leader)
    opened = fields_of(client.get(edit_url))
    update_project(
        project=Project.objects.get(pk=project.pk),
        values={"unit": municipality.top},
        actor=municipality.leader,
    )
    refused = client.post(edit_url, opened | {"unit": str(municipality.health.pk)})
    assert list(refused.context["form"].errors) == ["unit"]
    assert Unit.objects.get(projects=project) == municipality.top
