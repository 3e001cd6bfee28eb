"""Who is missing in the team, and that the team tool grants nothing."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.policy import ProjectRole
from methodology.models import MethodVersion
from phases.services import start_project
from projects.access import access_of
from projects.models import Membership, Project
from projects.services import add_member
from team.enums import Capacity
from team.models import TeamRole
from team.tool import TeamTool
from tests.team.factory import make_team_role
from tools.context import context_of

TOOL = TeamTool()


def findings(project: Project) -> list[tuple[str, str]]:
    dossier = TOOL.load([project.pk])[project.pk]
    return [(each.code, each.text) for each in TOOL.findings(dossier, context_of(project))]


@pytest.fixture
def lonely(municipality: Any, ks_version: MethodVersion) -> Project:
    """Nobody but the leader."""
    started = start_project(
        unit=municipality.home_care,
        name="Alene",
        problem="Et problem.",
        goal="Et mål.",
        method_version=ks_version,
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        leader=municipality.leader,
        actor=municipality.leader,
    ).project
    Membership.objects.filter(project=started).exclude(role=ProjectRole.LEADER).delete()
    return started


def test_a_leader_alone_is_no_team(lonely: Project, municipality: Any) -> None:
    vacant = [
        ("team.role_vacant", "Nobody has the role Project owner."),
        ("team.role_vacant", "Nobody has the role Line manager."),
        ("team.role_vacant", "Nobody has the role Benefit responsible."),
    ]
    alone = ("team.none", "The project leader is alone. Write down who else takes part.")
    assert findings(lonely) == [alone, *vacant]

    make_team_role(lonely, municipality.leader)

    assert findings(lonely) == vacant


def test_access_roles_fill_the_methods_roles(project: Project, municipality: Any) -> None:
    assert findings(project) == [("team.role_vacant", "Nobody has the role Benefit responsible.")]
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.BENEFIT_RESPONSIBLE,
        actor=municipality.leader,
    )

    assert findings(project) == []
    dossier = TOOL.load([project.pk])[project.pk]
    assert [(holder.role_key, holder.person.name) for holder in dossier.access_holders] == [
        ("project-owner", "Dagny Direktør"),
        ("project-leader", "Petter Prosjektleder"),
        ("line-manager", "Mona Mellomleder"),
        ("benefit-responsible", "Anne Ansatt"),
        ("working-group", "Mats Medlem"),
    ]


@pytest.mark.parametrize(
    ("values", "is_filled"),
    [
        ({}, True),
        ({"capacity": Capacity.DEPUTY}, False),
        ({"to_on": datetime.date(2026, 2, 1)}, False),
        ({"from_on": datetime.date(2100, 1, 1)}, False),
    ],
)
def test_only_a_holder_of_today_fills_a_role(
    project: Project, municipality: Any, values: dict[str, Any], is_filled: bool
) -> None:
    make_team_role(project, municipality.leader, role="benefit-responsible", **values)

    assert (findings(project) == []) is is_filled


def test_a_row_names_a_person_or_a_name(project: Project, municipality: Any) -> None:
    for values in ({"name": ""}, {"name": "Kari", "person": municipality.member}):
        with pytest.raises(ValidationError) as refused:
            make_team_role(project, municipality.leader, **values)
        assert refused.value.message_dict == {
            "name": ["Choose a person or write a name: one of the two."]
        }
    row = make_team_role(project, municipality.leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamRole.objects.filter(pk=row.pk).update(name="")


def test_a_role_that_the_method_does_not_have_is_refused(
    project: Project, municipality: Any
) -> None:
    row = TeamRole(project=project, role_key="wizard", name="Kari", created_by=municipality.leader)

    with pytest.raises(ValidationError) as refused:
        row.clean()

    assert refused.value.message_dict == {
        "role_key": ["Choose one of the roles of the project's method."]
    }


def test_a_row_whose_role_has_left_the_method_keeps_it(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    row = make_team_role(project, municipality.leader)
    TeamRole.objects.filter(pk=row.pk).update(role_key="wizard")

    (shown,) = TOOL.load([project.pk])[project.pk].rows
    page = client_for(municipality.leader).get(
        reverse("tools:row_edit", args=[project.pk, "team", "roller", row.pk])
    )

    assert shown.role == "wizard"
    assert page.context["form"]["role_key"].value() == "wizard"
    assert ("wizard", "wizard") in page.context["form"].fields["role_key"].choices


def test_the_team_tool_grants_no_access(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    make_team_role(
        project, municipality.leader, role="project-leader", person=municipality.employee
    )

    assert access_of(municipality.employee, project).permissions == frozenset()
    page = client_for(municipality.employee).get(reverse("tools:tool", args=[project.pk, "team"]))
    assert page.status_code == 404


def test_people_of_the_organisation_can_be_chosen_but_not_strangers(
    project: Project, municipality: Any, neighbour: Any, client_for: Callable[..., Client]
) -> None:
    page = client_for(municipality.leader).get(
        reverse("tools:row_create", args=[project.pk, "team", "roller"]),
        {"role_key": "it-contact"},
    )
    form = page.context["form"]

    assert set(form.fields["person"].queryset) == set(
        User.objects.filter(organisation=municipality.organisation)
    )
    assert form["role_key"].value() == "it-contact"
    assert "IT contact" in page.content.decode()
    refused = client_for(municipality.leader).post(
        reverse("tools:row_create", args=[project.pk, "team", "roller"]),
        {
            "role_key": "it-contact",
            "capacity": "holder",
            "person": str(neighbour.leader.pk),
        },
    )
    assert list(refused.context["form"].errors) == ["person"]
    assert not TeamRole.objects.exists()
