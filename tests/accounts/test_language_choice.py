import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.services import choose_language

SWITCH = "/sprak/"


def language(client, **headers) -> str:
    return client.get(reverse("accounts:password_reset"), **headers)["Content-Language"]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, "nb"),
        ({"HTTP_ACCEPT_LANGUAGE": "sv-SE,sv;q=0.9,en;q=0.5"}, "sv"),
        ({"HTTP_ACCEPT_LANGUAGE": "nn-NO"}, "nn"),
        ({"HTTP_ACCEPT_LANGUAGE": "nb-NO,nb;q=0.9"}, "nb"),
        ({"HTTP_ACCEPT_LANGUAGE": "da,fi;q=0.5"}, "nb"),
        ({"HTTP_ACCEPT_LANGUAGE": "\x00;;q=rubbish"}, "nb"),
    ],
)
def test_the_browser_decides_for_strangers(client, db, asked, shown):
    assert language(client, **asked) == shown


def test_what_was_chosen_in_the_browser_goes_before_what_it_asks_for(client, db):
    client.post(SWITCH, {"language": "sv", "next": "/logg-inn/"})
    assert language(client, HTTP_ACCEPT_LANGUAGE="en") == "sv"


def test_the_language_of_the_organisation_goes_before_the_browser(client, colleague):
    colleague.organisation.document_language = "nn"
    colleague.organisation.save()
    client.force_login(colleague)
    assert language(client, HTTP_ACCEPT_LANGUAGE="en") == "nn"


def test_the_choice_of_the_person_goes_before_everything(client, colleague):
    choose_language(user=colleague, language="en")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "sv"
    client.force_login(colleague)
    assert language(client, HTTP_ACCEPT_LANGUAGE="nn") == "en"


def test_a_cookie_that_nobody_set_is_ignored(client, db):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert language(client) == "nb"


def test_a_request_leaves_no_language_behind(client, db):
    with translation.override("nn"):
        language(client, HTTP_ACCEPT_LANGUAGE="sv")
        assert translation.get_language() == "nn"


def test_the_switch_is_remembered_for_the_person_and_the_browser(client, colleague):
    client.force_login(colleague)
    response = client.post(SWITCH, {"language": "sv", "next": "/profil/?a=1"})
    assert (response.status_code, response.url) == (302, "/profil/?a=1")
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "sv"
    colleague.refresh_from_db()
    assert colleague.language == "sv"


@pytest.mark.parametrize("code", ["", "xx", "nb\r\nSet-Cookie: a=b", "de"])
def test_an_unknown_language_changes_nothing(client, colleague, code):
    client.force_login(colleague)
    response = client.post(SWITCH, {"language": code, "next": "/profil/"})
    assert response.url == "/profil/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies
    colleague.refresh_from_db()
    assert colleague.language == ""


@pytest.mark.parametrize(
    "address", ["https://evil.test/", "//evil.test/x", "", "javascript:x", "a"]
)
def test_the_switch_never_leads_to_another_site(client, db, address):
    assert client.post(SWITCH, {"language": "sv", "next": address}).url == reverse("start")


def test_the_switch_without_an_address_returns_to_the_page_it_stood_on(client, db):
    response = client.post(
        SWITCH, {"language": "sv"}, headers={"Referer": "http://testserver/logg-inn/?next=/profil/"}
    )
    assert response.url == "/logg-inn/?next=/profil/"


def test_the_switch_is_not_done_by_opening_an_address(client, db):
    assert client.get(SWITCH).status_code == 405


def test_the_profile_decides_and_can_give_the_choice_back(client, colleague):
    client.force_login(colleague)
    fields = {"name": "Bob Berg", "colour_scheme": "dark", "digest": "weekly"}
    response = client.post(reverse("accounts:profile"), {**fields, "language": "en"})
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert language(client) == "en"
    response = client.post(reverse("accounts:profile"), {**fields, "language": ""})
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert language(client) == "nb"
    colleague.refresh_from_db()
    assert (colleague.language, colleague.colour_scheme) == ("", "dark")


def test_a_profile_without_a_name_is_refused_and_what_was_typed_stays(client, colleague):
    client.force_login(colleague)
    response = client.post(
        reverse("accounts:profile"),
        {"name": " ", "language": "sv", "colour_scheme": "light", "digest": "never"},
    )
    assert list(response.context["form"].errors) == ["name"]
    assert response.context["form"]["language"].value() == "sv"
    colleague.refresh_from_db()
    assert (colleague.name, colleague.language) == ("Bob Berg", "")


def test_pages_are_kept_apart_by_language_in_caches(client, db):
    response = client.get(reverse("accounts:login"))
    assert "Accept-Language" in response["Vary"]


def test_the_requests_of_strangers_ask_the_database_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("accounts:password_reset_done"))
