"""Bringing people into a project, and what an answer must not tell about other municipalities."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.enums import PersonStatus
from accounts.models import User
from accounts.policy import ProjectRole
from accounts.services import create_person, set_person_active
from audit.models import AuditEvent
from projects.models import Membership


@pytest.fixture
def invite_url(project):
    return reverse("projects:invite", args=[project.pk])


@pytest.fixture
def send(client_for, municipality, invite_url, django_capture_on_commit_callbacks):
    """What the leader sends, with the mails that follow."""

    def send(who=None, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client_for(who or municipality.leader).post(invite_url, fields, follow=True)

    return send


def sentences(response):
    return [str(message) for message in response.context["messages"]]


def roles_of(project, user):
    return list(
        Membership.objects.filter(project=project, user=user, ended_at__isnull=True).values_list(
            "role", flat=True
        )
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader", 200),
        ("admin", 200),
        ("member", 403),
        ("reader", 403),
        ("manager", 403),
        ("director", 403),
        ("employee", 404),
    ],
)
def test_leaders_and_administrators_invite(
    client_for, municipality, project, invite_url, who, status
):
    client = client_for(getattr(municipality, who))
    assert client.get(invite_url).status_code == status
    if status != 200:
        fields = {"person": municipality.employee.pk, "role": "leader"}
        assert client.post(invite_url, fields).status_code == status
        assert roles_of(project, municipality.employee) == []


def test_strangers_get_404(client_for, neighbour, invite_url):
    assert client_for(neighbour.admin).get(invite_url).status_code == 404


def test_the_list_holds_the_organisation_by_name_with_roles_now(
    client_for, municipality, neighbour, invite_url
):
    create_person(
        organisation=municipality.organisation,
        email="anne2@fjordvik.test",
        name="Anne Ansatt",
        actor=None,
    )
    set_person_active(user=municipality.reader, is_active=False, actor=municipality.admin)
    form = client_for(municipality.leader).get(invite_url).context["form"]
    assert [label for _pk, label in form.fields["person"].choices] == [
        "Choose a person",
        "Anne Ansatt · ansatt@fjordvik.test",
        "Anne Ansatt · anne2@fjordvik.test",
        "Astrid Admin",
        "Dagny Direktør (project owner)",
        "Mats Medlem (project member)",
        "Mona Mellomleder (line manager)",
        "Petter Prosjektleder (project leader)",
    ]


def test_owner_and_line_manager_are_not_offered(client_for, municipality, invite_url):
    form = client_for(municipality.leader).get(invite_url).context["form"]
    assert [value for value, _label in form.fields["role"].choices] == [
        "leader",
        "member",
        "benefit_responsible",
        "benefit_owner",
        "reader",
    ]


def test_a_colleague_gets_the_role_and_a_mail(send, project, municipality):
    response = send(person=municipality.employee.pk, role="benefit_owner")
    assert response.redirect_chain == [(reverse("projects:team", args=[project.pk]), 302)]
    assert sentences(response) == ["Anne Ansatt is now benefit owner."]
    assert roles_of(project, municipality.employee) == ["benefit_owner"]
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["ansatt@fjordvik.test"], "You take part in “Digitalt tilsyn om natten”")
    ]
    body = mail.outbox[0].body
    assert "Petter Prosjektleder has given you a role" in body
    assert f"http://testserver/prosjekter/{project.pk}/" in body


def test_an_administrator_who_takes_a_role_gets_no_mail_about_it(send, project, municipality):
    send(who=municipality.admin, person=municipality.admin.pk, role="reader")
    assert (roles_of(project, municipality.admin), mail.outbox) == (["reader"], [])


def test_a_line_break_in_the_name_does_not_reach_the_head_of_the_mail(send, project, municipality):
    project.name = "Tilsyn\r\nBcc: alle@fjordvik.test"
    project.save(update_fields=["name"])
    send(person=municipality.employee.pk, role="reader")
    assert mail.outbox[0].subject == "You take part in “Tilsyn Bcc: alle@fjordvik.test”"


def test_an_unknown_address_becomes_a_person_of_the_organisation(send, project, municipality):
    response = send(name="Ny Nilsen", email="Ny@Utenfor.test", role="member")
    assert sentences(response) == ["An invitation is on its way to Ny@Utenfor.test."]
    person = User.objects.get(email="ny@utenfor.test")
    assert (person.name, person.organisation, person.status, roles_of(project, person)) == (
        "Ny Nilsen",
        municipality.organisation,
        PersonStatus.INVITED,
        ["member"],
    )
    assert [each.to for each in mail.outbox] == [["ny@utenfor.test"]]
    assert "/passord/velg/" in mail.outbox[0].body


def test_the_address_of_a_colleague_is_that_colleague(send, project, municipality):
    response = send(name="Whatever", email="ANSATT@fjordvik.test", role="leader")
    assert sentences(response) == ["An invitation is on its way to ANSATT@fjordvik.test."]
    assert roles_of(project, municipality.employee) == ["leader"]
    municipality.employee.refresh_from_db()
    assert municipality.employee.name == "Anne Ansatt"


@pytest.mark.parametrize("role", ["member", "reader"])
def test_somebody_from_another_municipality_is_added_and_told(send, project, neighbour, role):
    response = send(name="Anne", email="ansatt@nabovik.test", role=role)
    assert sentences(response) == ["An invitation is on its way to ansatt@nabovik.test."]
    assert roles_of(project, neighbour.employee) == [role]
    neighbour.employee.refresh_from_db()
    assert neighbour.employee.organisation == neighbour.organisation
    assert [each.to for each in mail.outbox] == [["ansatt@nabovik.test"]]
    assert "Fjordvik kommune" in mail.outbox[0].body


@pytest.mark.parametrize("role", ["leader", "benefit_responsible", "benefit_owner"])
def test_more_than_taking_part_is_refused_alike_for_unknown_and_foreign_addresses(
    send, neighbour, project, role
):
    events = AuditEvent.objects.count()
    answers = []
    for email in ("ukjent@nabovik.test", "ansatt@nabovik.test"):
        response = send(name="Anne", email=email, role=role)
        answers.append((response.status_code, response.context["form"].non_field_errors()))
    assert answers[0] == answers[1]
    assert answers[0] == (
        200,
        [
            "Somebody who is invited by mail starts as project member or reader. "
            "Change the role when they have come."
        ],
    )
    assert (mail.outbox, roles_of(project, neighbour.employee)) == ([], [])
    assert AuditEvent.objects.count() == events


def test_a_closed_address_elsewhere_is_answered_alike_and_left_alone(send, neighbour, project):
    set_person_active(user=neighbour.employee, is_active=False, actor=neighbour.admin)
    response = send(name="Anne", email="ansatt@nabovik.test", role="member")
    assert sentences(response) == ["An invitation is on its way to ansatt@nabovik.test."]
    assert (mail.outbox, roles_of(project, neighbour.employee)) == ([], [])


def test_a_closed_colleague_is_refused_with_the_reason(send, municipality, project):
    set_person_active(user=municipality.employee, is_active=False, actor=municipality.admin)
    by_address = send(name="Anne", email="ansatt@fjordvik.test", role="member")
    assert by_address.context["form"].non_field_errors() == [
        "Anne Ansatt can no longer sign in. Choose somebody else."
    ]
    by_number = send(person=municipality.employee.pk, role="member")
    assert list(by_number.context["form"].errors) == ["person"]
    assert roles_of(project, municipality.employee) == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["role", "person"]),
        ({"role": "member"}, ["person"]),
        ({"role": "member", "name": "Ola"}, ["email"]),
        ({"role": "member", "email": "ola@x.test"}, ["name"]),
        ({"role": "member", "name": "Ola", "email": "no address"}, ["email"]),
        ({"role": "member", "name": "O" * 151, "email": "ola@x.test"}, ["name"]),
        ({"role": "owner", "name": "Ola", "email": "ola@x.test"}, ["role"]),
        ({"role": "member", "person": "999999"}, ["person"]),
        ({"role": "member", "person": "x"}, ["person"]),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_field(send, project, fields, wrong):
    people = User.objects.count()
    response = send(**fields)
    assert (response.status_code, list(response.context["form"].errors)) == (200, wrong)
    assert User.objects.count() == people


def test_both_a_person_and_an_address_is_too_much(send, municipality, project):
    response = send(person=municipality.employee.pk, name="Ola", email="ola@x.test", role="member")
    assert list(response.context["form"].errors) == ["person"]
    assert 'value="ola@x.test"' in response.content.decode()


def test_somebody_of_another_municipality_cannot_be_chosen_by_number(send, neighbour, project):
    response = send(person=neighbour.employee.pk, role="member")
    assert list(response.context["form"].errors) == ["person"]
    assert roles_of(project, neighbour.employee) == []


def test_a_role_that_is_held_already_is_refused_with_the_reason(send, municipality, project):
    response = send(person=municipality.member.pk, role="member")
    assert response.context["form"].non_field_errors() == [
        "This person already has this role in the project."
    ]
    assert roles_of(project, municipality.member) == ["member"]


def test_the_line_manager_is_not_made_leader(send, municipality, project):
    response = send(person=municipality.manager.pk, role="leader")
    assert response.context["form"].non_field_errors() == [
        "Mona Mellomleder cannot both lead the project and be its owner or line manager."
    ]


def test_a_guest_reads_the_project_and_nothing_else(client_for, send, neighbour, project):
    send(name="Anne", email="ansatt@nabovik.test", role=ProjectRole.READER)
    client = client_for(neighbour.employee)
    assert {
        "team": client.get(reverse("projects:team", args=[project.pk])).status_code,
        "edit": client.get(reverse("projects:edit", args=[project.pk])).status_code,
        "invite": client.get(reverse("projects:invite", args=[project.pk])).status_code,
    } == {"team": 200, "edit": 403, "invite": 403}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_costs_the_same_for_one_more_and_for_three(
    client_for, municipality, invite_url, count, django_assert_num_queries
):
    for number in range(count):
        create_person(
            organisation=municipality.organisation,
            email=f"p{number}@fjordvik.test",
            name=f"P {number}",
            actor=None,
        )
    client = client_for(municipality.leader)
    client.get(invite_url)
    with django_assert_num_queries(28):
        client.get(invite_url)
