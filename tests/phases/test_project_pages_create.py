"""Creating a project and its walk from the page."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Unit
from accounts.policy import ProjectRole
from accounts.services import save_unit
from phases.models import ProjectPhase, ProjectStep
from projects.models import AppointmentProposal, Membership, Project

URL = "/prosjekter/ny/"


@pytest.fixture
def answers(municipality, ks_version):
    return {
        "name": "Digitalt tilsyn",
        "unit": municipality.home_care.pk,
        "problem": "Nattbesøk vekker dem som sover.",
        "goal": "Færre forstyrrelser.",
        "leader": municipality.leader.pk,
        "owner": "",
        "line_manager": "",
        "starts_on": "2027-01-12",
        "ends_on": "2028-01-12",
        "method_version": ks_version.pk,
        "document_language": "sv",
        "case_number": "2027/12",
    }


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def nothing_is_left():
    return not (
        Project.objects.exists()
        or Membership.objects.exists()
        or ProjectPhase.objects.exists()
        or AppointmentProposal.objects.exists()
    )


def test_the_form_begins_with_what_is_known(municipality, ks_version, client_for):
    form = client_for(municipality.leader).get(URL).context["form"]

    assert {
        name: form[name].value() for name in ("leader", "document_language", "method_version")
    } == {
        "leader": municipality.leader.pk,
        "document_language": "nb",
        "method_version": ks_version.pk,
    }
    assert [label for _value, label in form.fields["unit"].choices] == [
        "Choose a unit",
        "Fjordvik kommune",
        "\u00a0\u00a0\u00a0Helse og omsorg",
        "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0Hjemmetjenesten",
    ]


def test_a_project_is_created_with_its_whole_walk(municipality, ks_version, answers, client_for):
    response = client_for(municipality.leader).post(URL, answers)

    project = Project.objects.get()
    assert (response.status_code, response.url) == (
        302,
        reverse("phases:project", args=[project.pk]),
    )
    assert (
        project.name,
        project.organisation,
        project.unit,
        project.document_language,
        project.starts_on,
        project.ends_on,
        project.case_number,
        project.method_version,
    ) == (
        "Digitalt tilsyn",
        municipality.organisation,
        municipality.home_care,
        "sv",
        datetime.date(2027, 1, 12),
        datetime.date(2028, 1, 12),
        "2027/12",
        ks_version,
    )
    assert (
        ProjectPhase.objects.filter(project=project).count(),
        ProjectStep.objects.filter(project=project).count(),
    ) == (6, 29)
    assert sentences(response) == [
        "“Digitalt tilsyn” is created.",
        "Mona Mellomleder is line manager and Dagny Direktør is project owner.",
    ]


def test_somebody_else_as_owner_becomes_a_proposal_that_the_message_names(
    municipality, answers, client_for
):
    response = client_for(municipality.leader).post(
        URL, {**answers, "owner": municipality.employee.pk}
    )

    proposal = AppointmentProposal.objects.get()
    assert (proposal.role, proposal.user) == (ProjectRole.OWNER, municipality.employee)
    assert sentences(response)[2:] == [
        "Your proposal of Anne Ansatt as project owner waits for Mona Mellomleder."
    ]


def test_a_unit_without_managers_gives_a_warning(municipality, answers, client_for):
    for unit in Unit.objects.filter(organisation=municipality.organisation):
        unit.manager = None
        save_unit(unit=unit, actor=municipality.admin)

    response = client_for(municipality.leader).post(URL, answers)

    assert sentences(response)[1:] == [
        "The project has no line manager, because no manager is set for its unit. "
        "Ask the organisation's administrator."
    ]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": ""}, {"name": ["Fill in this field."]}),
        ({"unit": ""}, {"unit": ["Choose one."]}),
        (
            {"ends_on": "2026-01-01"},
            {"__all__": ["The end date must not be before the start date."]},
        ),
        ({"starts_on": ""}, {"starts_on": ["Choose a date."]}),
    ],
)
def test_errors_stand_beside_their_fields_and_the_text_is_kept(
    changes, errors, municipality, answers, client_for
):
    page = client_for(municipality.leader).post(URL, {**answers, **changes})

    form = page.context["form"]
    assert (page.status_code, form.errors) == (200, errors)
    assert form["problem"].value() == "Nattbesøk vekker dem som sover."
    assert nothing_is_left()


def test_the_leader_cannot_also_be_owner_or_line_manager(municipality, answers, client_for):
    page = client_for(municipality.leader).post(
        URL,
        {**answers, "owner": municipality.leader.pk, "line_manager": municipality.leader.pk},
    )

    sentence = (
        "Petter Prosjektleder leads the project and cannot have this role too. "
        "Choose somebody else, or leave it open."
    )
    assert page.context["form"].errors == {"owner": [sentence], "line_manager": [sentence]}
    assert nothing_is_left()


def test_a_refusal_half_way_leaves_nothing_behind(municipality, answers, client_for, monkeypatch):
    """The person stops being able to sign in between the form and the proposal."""
    from common.outcomes import Refusal

    def refuse(**_arguments):
        raise Refusal("No longer possible.")

    monkeypatch.setattr("phases.services.walking.propose_appointment", refuse)

    page = client_for(municipality.leader).post(URL, {**answers, "owner": municipality.employee.pk})

    assert page.context["form"].errors == {"__all__": ["No longer possible."]}
    assert page.context["form"]["goal"].value() == "Færre forstyrrelser."
    assert nothing_is_left()


def test_people_and_units_of_the_other_municipality_are_refused(
    municipality, neighbour, answers, client_for
):
    page = client_for(municipality.leader).post(
        URL,
        {
            **answers,
            "unit": neighbour.home_care.pk,
            "leader": neighbour.leader.pk,
            "owner": neighbour.director.pk,
        },
    )

    assert sorted(page.context["form"].errors) == ["leader", "owner", "unit"]
    assert nothing_is_left()


def test_those_who_may_not_create_are_told_whom_to_ask(municipality, answers, client_for):
    client = client_for(municipality.member)
    sentence = "Projects are created by those who have been given that task. Ask Astrid Admin."

    for response in (client.get(URL), client.post(URL, answers)):
        assert response.status_code == 403
        assert sentence in response.content.decode()
    assert nothing_is_left()


def test_a_form_that_is_sent_twice_makes_one_project(municipality, client_for, answers):
    client = client_for(municipality.leader)

    addresses = [client.post(URL, answers).url for _time in range(2)]

    assert addresses == [f"/prosjekter/{Project.objects.get().pk}/"] * 2


def test_another_name_or_another_person_makes_another_project(municipality, client_for, answers):
    client = client_for(municipality.leader)
    client.post(URL, answers)
    client.post(URL, {**answers, "name": "Digitalt tilsyn om dagen"})
    client_for(municipality.admin).post(URL, answers)

    assert sorted(Project.objects.values_list("name", "created_by__name")) == [
        ("Digitalt tilsyn", "Astrid Admin"),
        ("Digitalt tilsyn", "Petter Prosjektleder"),
        ("Digitalt tilsyn om dagen", "Petter Prosjektleder"),
    ]
