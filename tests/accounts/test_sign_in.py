import pytest
from django.urls import reverse

from accounts.services import set_person_active

LOGIN = "/logg-inn/"
PASSWORD = "veikart-demo"


def sign_in(client, email, password=PASSWORD, **query):
    address = reverse("accounts:login", query=query) if query else reverse("accounts:login")
    return client.post(address, {"username": email, "password": password})


def errors(response):
    return response.context["form"].non_field_errors()


def test_the_right_password_leads_to_the_start_page(client, colleague):
    response = sign_in(client, "bob@fjordvik.test")
    assert (response.status_code, response.url) == (302, reverse("start"))
    assert client.session["_auth_user_id"] == str(colleague.pk)


def test_the_address_is_read_whatever_its_case_and_blanks(client, colleague):
    assert sign_in(client, " Bob@Fjordvik.TEST ").status_code == 302


def test_signing_in_leads_to_the_page_that_was_asked_for(client, colleague):
    assert sign_in(client, "bob@fjordvik.test", next="/profil/").url == "/profil/"


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client, colleague, address):
    assert sign_in(client, "bob@fjordvik.test", next=address).url == reverse("start")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("bob@fjordvik.test", "feil"),
        ("ukjent@fjordvik.test", PASSWORD),
        ("bob@fjordvik.test\x00", "x"),
    ],
)
def test_a_wrong_address_or_password_gives_one_sentence(client, colleague, email, password):
    response = sign_in(client, email, password)
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session
    assert len([*errors(response), *response.context["form"].errors.get("username", [])]) == 1


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, colleague):
    wrong, unknown = sign_in(client, "bob@fjordvik.test", "x"), sign_in(client, "u@u.test", "x")
    assert errors(wrong) == errors(unknown)


def test_the_typed_address_stays_and_the_password_does_not(client, colleague):
    page = sign_in(client, "bob@fjordvik.test", "feil-passord").content.decode()
    assert 'value="bob@fjordvik.test"' in page
    assert "feil-passord" not in page


def test_a_closed_access_is_told_to_those_who_know_the_password(client, colleague, administrator):
    set_person_active(user=colleague, is_active=False, actor=administrator)
    wrong = errors(sign_in(client, "bob@fjordvik.test", "feil"))
    right = errors(sign_in(client, "bob@fjordvik.test"))
    form = client.get(LOGIN).context["form"]
    assert wrong == [form.error_messages["invalid_login"]]
    assert right == [form.error_messages["inactive"]]


def test_a_closed_access_ends_the_session_at_once(client, colleague, administrator):
    client.force_login(colleague)
    assert client.get(reverse("accounts:profile")).status_code == 200
    set_person_active(user=colleague, is_active=False, actor=administrator)
    assert client.get(reverse("accounts:profile")).status_code == 302


def test_somebody_signed_in_is_led_on_from_the_sign_in_page(as_administrator):
    assert as_administrator.get(LOGIN).url == reverse("start")


def test_signing_out_ends_the_session(as_administrator):
    response = as_administrator.post(reverse("accounts:logout"))
    assert (response.status_code, response.url) == (302, reverse("accounts:login"))
    assert "_auth_user_id" not in as_administrator.session


def test_signing_out_is_not_done_by_opening_an_address(as_administrator):
    assert as_administrator.get(reverse("accounts:logout")).status_code == 405


def test_signing_out_twice_is_no_error(client, db):
    assert client.post(reverse("accounts:logout")).url == reverse("accounts:login")


def test_ten_wrong_attempts_close_the_door_for_this_address_in_any_spelling(client, colleague):
    for attempt in range(9):
        spelling = "bob@fjordvik.test" if attempt % 2 else "BOB@fjordvik.test"
        assert sign_in(client, spelling, "feil").status_code == 200
    assert sign_in(client, "bob@fjordvik.test", "feil").status_code == 429
    assert sign_in(client, "bob@fjordvik.test").status_code == 429
    assert "_auth_user_id" not in client.session
