import pytest
from django.core import mail
from django.urls import reverse

from accounts.enums import PersonStatus
from accounts.models import User
from accounts.policy import OrganisationRole
from accounts.selectors import find_people, organisation_roles
from accounts.services import create_person, set_organisation_roles, set_person_active
from audit.models import AuditEvent
from common.outcomes import Refusal

PEOPLE = "/organisasjon/"


def edit(person):
    return reverse("accounts:person_edit", args=[person.pk])


def names(response):
    return [person.name for person in response.context["page_obj"].object_list]


def sentences(response):
    return [str(message) for message in response.context["messages"]]


def test_the_list_holds_everybody_with_roles_and_access(as_administrator, colleague, administrator):
    create_person(
        organisation=colleague.organisation, email="ny@fjordvik.test", name="Ny", actor=None
    )
    set_person_active(user=colleague, is_active=False, actor=administrator)
    response = as_administrator.get(PEOPLE)
    assert [
        (person.name, person.status, [held.role for held in person.organisation_roles.all()])
        for person in response.context["page_obj"].object_list
    ] == [
        ("Alice Aas", PersonStatus.ACTIVE, ["administrator"]),
        ("Bob Berg", PersonStatus.CLOSED, []),
        ("Ny", PersonStatus.INVITED, []),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bob", ["Bob Berg"]),
        ("berg bob", ["Bob Berg"]),
        ("@fjordvik", ["Alice Aas", "Bob Berg"]),
        ("nobody", []),
        ("  ", ["Alice Aas", "Bob Berg"]),
        ("%", []),
    ],
)
def test_people_are_found_by_words_of_name_and_address(as_administrator, colleague, words, found):
    assert names(as_administrator.get(PEOPLE, {"q": words})) == found


def test_the_list_comes_in_pages_of_fifty(as_administrator, organisation):
    User.objects.bulk_create(
        User(email=f"p{number}@x.test", name=f"P {number:03}", organisation=organisation)
        for number in range(51)
    )
    assert len(names(as_administrator.get(PEOPLE))) == 50
    assert names(as_administrator.get(PEOPLE, {"page": 2})) == ["P 049", "P 050"]
    assert names(as_administrator.get(PEOPLE, {"page": "x"}))[0] == "Alice Aas"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_person_and_for_three(
    as_administrator, organisation, administrator, count, django_assert_num_queries
):
    for number in range(count - 1):
        create_person(
            organisation=organisation,
            email=f"p{number}@fjordvik.test",
            name=f"P {number}",
            roles=[OrganisationRole.READS_EVERYTHING],
            actor=administrator,
        )
    # Session, person, organisation, own roles; then how many, the people, their roles.
    with django_assert_num_queries(8):
        as_administrator.get(PEOPLE)


def test_an_invited_person_gets_roles_and_a_mail(
    as_administrator, organisation, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = as_administrator.post(
            reverse("accounts:person_invite"),
            {"name": "Ny Nilsen", "email": "Ny@Fjordvik.test", "roles": ["project_creator"]},
            follow=True,
        )
    person = User.objects.get(email="ny@fjordvik.test")
    assert (person.name, person.organisation, person.status, organisation_roles(person)) == (
        "Ny Nilsen",
        organisation,
        PersonStatus.INVITED,
        {OrganisationRole.PROJECT_CREATOR},
    )
    assert [message.to for message in mail.outbox] == [["ny@fjordvik.test"]]
    assert "http://testserver/passord/velg/" in mail.outbox[0].body
    assert len(sentences(response)) == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "email": ""}, ["name", "email"]),
        ({"name": "X", "email": "no address"}, ["email"]),
        ({"name": "X", "email": "BOB@fjordvik.test"}, ["email"]),
        ({"name": "X", "email": "x@x.test", "roles": ["king"]}, ["roles"]),
        ({"name": "x" * 151, "email": "x@x.test"}, ["name"]),
        ({"name": "a\x00b", "email": "x@x.test"}, ["name"]),
    ],
)
def test_a_wrong_invitation_is_refused_beside_the_field(as_administrator, colleague, fields, wrong):
    response = as_administrator.post(reverse("accounts:person_invite"), fields)
    assert (response.status_code, list(response.context["form"].errors)) == (200, wrong)
    assert User.objects.count() == 2
    assert mail.outbox == []


def test_an_address_in_another_organisation_is_taken_too(as_administrator, neighbour):
    response = as_administrator.post(
        reverse("accounts:person_invite"), {"name": "X", "email": "nora@nabodal.test"}
    )
    assert list(response.context["form"].errors) == ["email"]


def test_name_address_and_roles_are_changed_together(as_administrator, colleague):
    response = as_administrator.post(
        edit(colleague),
        {"name": "Bob B. Berg", "email": "bbb@fjordvik.test", "roles": ["reads_everything"]},
    )
    assert response.url == PEOPLE
    person = User.objects.get(pk=colleague.pk)
    assert (person.name, person.email, organisation_roles(person)) == (
        "Bob B. Berg",
        "bbb@fjordvik.test",
        {OrganisationRole.READS_EVERYTHING},
    )
    assert list(person.groups.all()) == [person.organisation.readers_group]


def test_a_refused_change_changes_nothing(as_administrator, administrator):
    response = as_administrator.post(
        edit(administrator), {"name": "Alice Ås", "email": "alice@fjordvik.test", "roles": []}
    )
    assert len(response.context["form"].non_field_errors()) == 1
    administrator.refresh_from_db()
    assert administrator.name == "Alice Aas"
    assert organisation_roles(User.objects.get(pk=administrator.pk)) == {
        OrganisationRole.ADMINISTRATOR
    }


def test_an_administrator_who_gives_the_role_away_is_led_to_the_start_page(
    as_administrator, administrator, colleague
):
    set_organisation_roles(
        user=colleague, roles=[OrganisationRole.ADMINISTRATOR], actor=administrator
    )
    response = as_administrator.post(
        edit(administrator), {"name": "Alice Aas", "email": "alice@fjordvik.test"}
    )
    assert response.url == reverse("start")
    assert as_administrator.get(PEOPLE).status_code == 403


def test_a_closed_person_keeps_the_roles_when_the_name_is_mended(
    as_administrator, administrator, colleague
):
    set_organisation_roles(
        user=colleague, roles=[OrganisationRole.READS_EVERYTHING], actor=administrator
    )
    set_person_active(user=colleague, is_active=False, actor=administrator)
    form = as_administrator.get(edit(colleague)).context["form"]
    assert form.initial["roles"] == ["reads_everything"]


def test_access_is_closed_and_opened_again(as_administrator, colleague):
    for name, is_active in (("accounts:person_close", False), ("accounts:person_reopen", True)):
        response = as_administrator.post(reverse(name, args=[colleague.pk]))
        assert response.url == edit(colleague)
        colleague.refresh_from_db()
        assert colleague.is_active is is_active
    assert list(
        AuditEvent.objects.filter(target_number=colleague.pk, action__startswith="person.")
        .order_by("pk")
        .values_list("action", flat=True)
    ) == ["person.created", "person.closed", "person.opened"]


def test_own_access_cannot_be_closed(as_administrator, administrator):
    response = as_administrator.post(
        reverse("accounts:person_close", args=[administrator.pk]), follow=True
    )
    administrator.refresh_from_db()
    assert administrator.is_active
    assert len(sentences(response)) == 1
    page = as_administrator.get(edit(administrator)).content.decode()
    assert reverse("accounts:person_close", args=[administrator.pk]) not in page


def test_the_invitation_is_sent_again(
    as_administrator, organisation, django_capture_on_commit_callbacks
):
    person = create_person(
        organisation=organisation, email="ny@fjordvik.test", name="Ny", actor=None
    )
    address = reverse("accounts:person_send_invitation", args=[person.pk])
    assert address in as_administrator.get(edit(person)).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        as_administrator.post(address)
    assert [message.to for message in mail.outbox] == [["ny@fjordvik.test"]]


def test_nobody_is_invited_into_a_closed_access(as_administrator, colleague, administrator):
    set_person_active(user=colleague, is_active=False, actor=administrator)
    response = as_administrator.post(
        reverse("accounts:person_send_invitation", args=[colleague.pk]), follow=True
    )
    assert len(sentences(response)) == 1
    assert mail.outbox == []


def test_the_last_administrator_keeps_role_and_access(administrator, colleague):
    with pytest.raises(Refusal):
        set_organisation_roles(user=administrator, roles=[], actor=administrator)
    with pytest.raises(Refusal):
        set_person_active(user=administrator, is_active=False, actor=colleague)


def test_a_closed_administrator_does_not_count_as_another_one(administrator, colleague):
    set_organisation_roles(
        user=colleague, roles=[OrganisationRole.ADMINISTRATOR], actor=administrator
    )
    set_person_active(user=colleague, is_active=False, actor=administrator)
    with pytest.raises(Refusal):
        set_organisation_roles(user=administrator, roles=[], actor=administrator)


def test_a_person_without_an_organisation_gets_no_role_in_one(db):
    loner = User.objects.create_user("loner@veikart.test", name="Loner")
    with pytest.raises(Refusal):
        set_organisation_roles(user=loner, roles=[OrganisationRole.ADMINISTRATOR], actor=None)


def test_two_organisations_may_have_the_same_long_beginning(administrator, neighbour):
    assert find_people(neighbour.organisation, "Alice").count() == 0


def test_a_search_with_a_null_character_finds_what_the_rest_says(as_administrator, colleague):
    assert names(as_administrator.get(PEOPLE, {"q": "Bo\x00b"})) == ["Bob Berg"]
