import pytest
from django.urls import reverse

PUBLIC = [
    "accounts:login",
    "accounts:password_reset",
    "accounts:password_reset_done",
    "accounts:password_reset_complete",
]
OWN = ["accounts:profile", "accounts:password_change", "accounts:password_change_done"]
ORGANISATION = [
    "accounts:people",
    "accounts:person_invite",
    "accounts:units",
    "accounts:unit_create",
]
OF_ONE_PERSON = [
    "accounts:person_close",
    "accounts:person_reopen",
    "accounts:person_send_invitation",
]


@pytest.fixture
def addresses(colleague, unit):
    """Every page about people and units of the first organisation."""
    return [
        *(reverse(name) for name in ORGANISATION),
        reverse("accounts:person_edit", args=[colleague.pk]),
        reverse("accounts:unit_edit", args=[unit.pk]),
    ]


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_open_without_signing_in(client, db, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", OWN)
def test_own_pages_open_for_everybody_signed_in(client, colleague, name):
    client.force_login(colleague)
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", OWN + ORGANISATION + ["accounts:resume"])
def test_other_pages_ask_to_sign_in_and_come_back(client, db, name):
    response = client.get(reverse(name))
    assert (response.status_code, response.url) == (
        302,
        f"{reverse('accounts:login')}?next={reverse(name)}",
    )


def test_organisation_pages_open_for_the_administrator(as_administrator, addresses):
    statuses = {address: as_administrator.get(address).status_code for address in addresses}
    assert statuses == dict.fromkeys(addresses, 200)


def test_organisation_pages_tell_a_colleague_whom_to_ask(client, colleague, addresses):
    client.force_login(colleague)
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 403
        assert "Alice Aas" in response.content.decode()


def test_a_colleague_cannot_send_the_forms_of_the_organisation(client, colleague, addresses):
    client.force_login(colleague)
    sent = addresses + [reverse(name, args=[colleague.pk]) for name in OF_ONE_PERSON]
    statuses = {
        address: client.post(address, {"name": "X", "email": "x@fjordvik.test"}).status_code
        for address in sent
        if address not in (reverse("accounts:people"), reverse("accounts:units"))
    }
    assert set(statuses.values()) == {403}


def test_another_organisation_finds_neither_people_nor_units(client, neighbour, colleague, unit):
    client.force_login(neighbour)
    opened = [
        reverse("accounts:person_edit", args=[colleague.pk]),
        reverse("accounts:unit_edit", args=[unit.pk]),
    ]
    sent = opened + [reverse(name, args=[colleague.pk]) for name in OF_ONE_PERSON]
    answers = [client.get(address) for address in opened]
    answers += [client.post(address, {"name": "X"}) for address in sent]
    assert {answer.status_code for answer in answers} == {404}
    assert all("Bob" not in answer.content.decode() for answer in answers)
    colleague.refresh_from_db()
    unit.refresh_from_db()
    assert (colleague.name, colleague.is_active, unit.name) == ("Bob Berg", True, "Helse")


def test_lists_hold_nothing_of_another_organisation(client, neighbour, colleague, unit):
    unit.name = "Etat for samferdsel"
    unit.save()
    client.force_login(neighbour)
    pages = (
        client.get(reverse("accounts:people")).content
        + client.get(reverse("accounts:units")).content
    )
    assert "Bob" not in pages.decode()
    assert "Etat for samferdsel" not in pages.decode()


def test_a_person_without_an_organisation_is_told_so(client, django_user_model, db):
    loner = django_user_model.objects.create_superuser("root@veikart.test", name="Root")
    client.force_login(loner)
    assert client.get(reverse("accounts:people")).status_code == 403
    assert client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize("number", [0, 999_999, 10**30])
def test_unknown_numbers_are_not_found(as_administrator, number):
    found = [
        as_administrator.get(reverse(name, args=[number])).status_code
        for name in ("accounts:person_edit", "accounts:unit_edit")
    ]
    assert found == [404, 404]


@pytest.mark.parametrize("name", OF_ONE_PERSON)
def test_actions_on_a_person_are_not_done_by_opening_an_address(as_administrator, colleague, name):
    assert as_administrator.get(reverse(name, args=[colleague.pk])).status_code == 405
