import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import OrganisationRole, ProjectRole
from accounts.services import create_person, set_organisation_roles
from common.outcomes import Allowed
from phases.services import answer_proposal, propose_appointment
from projects.models import AppointmentProposal, Membership
from projects.services import add_member, end_membership, set_appointed_role

EVERYBODY = ["leader", "member", "reader", "manager", "director", "admin"]


@pytest.fixture
def team_url(project):
    return reverse("projects:team", args=[project.pk])


def groups(response):
    return {
        group.role.value: [membership.user.name for membership in group.memberships]
        for group in response.context["team"].groups
        if group.memberships
    }


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_in_the_project_reads_who_has_which_role(client_for, municipality, team_url, who):
    response = client_for(getattr(municipality, who)).get(team_url)
    assert response.status_code == 200
    assert groups(response) == {
        "leader": ["Petter Prosjektleder"],
        "member": ["Mats Medlem"],
        "reader": ["Lise Leser"],
    }
    assert [
        (each.role, each.membership.user.name, each.membership.started_by.name)
        for each in response.context["team"].appointed
    ] == [
        (ProjectRole.LINE_MANAGER, "Mona Mellomleder", "Petter Prosjektleder"),
        (ProjectRole.OWNER, "Dagny Direktør", "Petter Prosjektleder"),
    ]


@pytest.mark.parametrize("who", ["employee", "superuser", "neighbour"])
def test_strangers_do_not_find_the_team(client_for, municipality, neighbour, team_url, who):
    people = {
        "employee": municipality.employee,
        "superuser": User.objects.create_superuser("root@veikart.test", "x", name="Rot"),
        "neighbour": neighbour.admin,
    }
    assert client_for(people[who]).get(team_url).status_code == 404


@pytest.mark.parametrize("who", EVERYBODY)
def test_buttons_follow_the_right_and_a_reason_stands_in_their_place(
    client_for, municipality, project, team_url, who
):
    response = client_for(getattr(municipality, who)).get(team_url)
    page = response.content.decode()
    member = project.memberships.get(user=municipality.member)
    shown = {
        "invite": reverse("projects:invite", args=[project.pk]) in page,
        "change": reverse("projects:member_change", args=[project.pk, member.pk]) in page,
        "end": reverse("projects:member_end", args=[project.pk, member.pk]) in page,
        "reason": "You cannot invite people and change their roles. That is for:" in page,
        "appoint": reverse("phases:appoint", args=[project.pk, "owner"]) in page,
    }
    manages = who in {"leader", "admin"}
    assert shown == {
        "invite": manages,
        "change": manages,
        "end": manages,
        "reason": not manages,
        "appoint": who in {"leader", "admin", "manager"},
    }


def test_what_a_role_may_do_is_told_from_the_policy(client_for, municipality, team_url):
    team = client_for(municipality.reader).get(team_url).context["team"]
    assert {group.role.value: group.permissions for group in team.groups} == {
        "leader": (
            "read the project",
            "write in the project and its tools",
            "record measurements",
            "change the project's facts",
            "invite people and change their roles",
            "submit for decision",
            "order reports",
        ),
        "member": (
            "read the project",
            "write in the project and its tools",
            "record measurements",
            "order reports",
        ),
        "benefit_responsible": (
            "read the project",
            "write in the project and its tools",
            "record measurements",
            "order reports",
        ),
        "benefit_owner": ("read the project", "record measurements", "order reports"),
        "reader": ("read the project", "order reports"),
    }


def test_a_former_member_is_remembered_with_dates_and_by_whom(
    client_for, municipality, project, team_url
):
    end_membership(
        membership=project.memberships.get(user=municipality.member), actor=municipality.leader
    )
    response = client_for(municipality.reader).get(team_url)
    assert [
        (each.user.name, each.role, each.ended_by.name, each.ended_at.date())
        for each in response.context["team"].former
    ] == [("Mats Medlem", "member", "Petter Prosjektleder", timezone.now().date())]
    assert "1 former role" in response.content.decode()
    assert client_for(municipality.member).get(team_url).status_code == 404


def test_a_waiting_proposal_stands_with_its_state_and_who_answers(
    client_for, municipality, project, team_url
):
    proposal = propose_appointment(
        project=project,
        role=ProjectRole.OWNER,
        user=municipality.employee,
        actor=municipality.leader,
    )
    page = client_for(municipality.reader).get(team_url).content.decode()
    assert "Petter Prosjektleder proposed Anne Ansatt" in page
    assert "Mona Mellomleder answers." in page
    assert reverse("phases:proposal", args=[project.pk, proposal.pk]) in page


@pytest.mark.parametrize(("days", "is_shown"), [(29, True), (31, False)])
def test_a_declined_proposal_is_news_for_a_month(
    client_for, municipality, project, team_url, days, is_shown
):
    proposal = propose_appointment(
        project=project,
        role=ProjectRole.OWNER,
        user=municipality.employee,
        actor=municipality.leader,
    )
    answer_proposal(proposal=proposal, is_confirmed=False, actor=municipality.manager)
    AppointmentProposal.objects.update(answered_at=timezone.now() - datetime.timedelta(days=days))
    page = client_for(municipality.leader).get(team_url).content.decode()
    assert ("Mona Mellomleder said no." in page) is is_shown


def test_a_guest_is_marked_and_does_not_see_who_else_in_the_municipality_reads(
    client_for, municipality, neighbour, project, team_url
):
    add_member(
        project=project,
        user=neighbour.employee,
        role=ProjectRole.MEMBER,
        actor=municipality.leader,
    )
    set_organisation_roles(
        user=municipality.employee, roles=[OrganisationRole.READS_EVERYTHING], actor=None
    )
    assert "Nabovik kommune" in client_for(municipality.reader).get(team_url).content.decode()
    seen = {
        who.organisation.name: [
            (role.value, [person.name for person in people])
            for role, people in client_for(who).get(team_url).context["others"]
        ]
        for who in (municipality.reader, neighbour.employee)
    }
    assert seen == {
        "Fjordvik kommune": [
            ("administrator", ["Astrid Admin"]),
            ("reads_everything", ["Anne Ansatt"]),
        ],
        "Nabovik kommune": [],
    }


def test_names_are_text(client_for, municipality, project, team_url):
    person = create_person(
        organisation=municipality.organisation,
        email="x@fjordvik.test",
        name="<b>Ola</b>",
        actor=None,
    )
    add_member(project=project, user=person, role=ProjectRole.READER, actor=municipality.leader)
    page = client_for(municipality.leader).get(team_url).content.decode()
    assert ("<b>Ola</b>" in page, "&lt;b&gt;Ola&lt;/b&gt;" in page) == (False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_the_team_costs_the_same_for_one_of_each_and_for_three(
    client_for, municipality, project, team_url, count, django_assert_num_queries
):
    people = [
        create_person(
            organisation=municipality.organisation,
            email=f"p{number}@fjordvik.test",
            name=f"P {number}",
            actor=None,
        )
        for number in range(2 * count)
    ]
    for person in people:
        add_member(project=project, user=person, role=ProjectRole.READER, actor=municipality.leader)
    for person in people[:count]:
        end_membership(
            membership=Membership.objects.get(project=project, user=person),
            actor=municipality.leader,
        )
    client = client_for(municipality.leader)
    client.get(team_url)
    with django_assert_num_queries(TEAM_QUERIES):
        response = client.get(team_url)
    assert len(response.context["team"].former) == count
    assert response.context["may_manage"] == Allowed()


# Session and person 2, access 4, the frame of the project with its tools, the team 4, others 1.
TEAM_QUERIES = 31


def test_a_role_that_followed_from_the_unit_is_not_called_somebodys_choice(
    client_for, municipality, project, team_url
):
    set_appointed_role(
        project=project,
        user=municipality.employee,
        role=ProjectRole.OWNER,
        actor=municipality.manager,
    )
    response = client_for(municipality.reader).get(team_url)
    assert [
        (each.role.value, each.is_from_start) for each in response.context["team"].appointed
    ] == [("line_manager", True), ("owner", False)]
    page = response.content.decode()
    assert "Followed from the unit when Petter Prosjektleder created the project" in page
    assert "Set by Mona Mellomleder" in page
