import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.services import create_person, send_invitation, set_person_active
from audit.models import AuditEvent

PASSWORD = "veikart-demo"
NEW = "havre-trapp-sykkel"


def link_in_mail() -> str:
    (message,) = mail.outbox
    return re.search(r"https?://[^/]+(/\S+)", message.body).group(1)


def choose(client, link, first=NEW, second=NEW):
    """Open the link as a browser does, and send the form."""
    form_page = client.get(link)
    address = form_page.url if form_page.status_code == 302 else link
    return client.post(address, {"new_password1": first, "new_password2": second})


def test_a_forgotten_password_is_replaced_through_the_mail(client, colleague):
    asked = client.post(reverse("accounts:password_reset"), {"email": "Bob@fjordvik.test"})
    assert asked.url == reverse("accounts:password_reset_done")
    assert [message.to for message in mail.outbox] == [["bob@fjordvik.test"]]
    chosen = choose(client, link_in_mail())
    assert chosen.url == reverse("start")
    assert client.session["_auth_user_id"] == str(colleague.pk)
    colleague.refresh_from_db()
    assert (colleague.check_password(NEW), colleague.check_password(PASSWORD)) == (True, False)


def test_an_unknown_address_is_answered_as_a_known_one(client, colleague):
    known = client.post(reverse("accounts:password_reset"), {"email": "bob@fjordvik.test"})
    unknown = client.post(reverse("accounts:password_reset"), {"email": "who@fjordvik.test"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [message.to for message in mail.outbox] == [["bob@fjordvik.test"]]


def test_a_closed_person_gets_no_link(client, colleague, administrator):
    set_person_active(user=colleague, is_active=False, actor=administrator)
    client.post(reverse("accounts:password_reset"), {"email": "bob@fjordvik.test"})
    assert mail.outbox == []


def test_an_invited_person_can_ask_for_the_link_again(client, organisation):
    create_person(organisation=organisation, email="ny@fjordvik.test", name="Ny", actor=None)
    client.post(reverse("accounts:password_reset"), {"email": "ny@fjordvik.test"})
    assert choose(client, link_in_mail()).url == reverse("start")


def test_the_mail_is_in_the_language_of_the_one_who_gets_it(client, colleague):
    colleague.language = "en"
    colleague.save()
    client.cookies["django_language"] = "nb"
    client.post(reverse("accounts:password_reset"), {"email": "bob@fjordvik.test"})
    assert mail.outbox[0].subject == "Choose a new password for Veikart"
    assert mail.outbox[0].body.startswith("Hello Bob Berg,\n\nSomebody, probably you,")


def test_an_invitation_leads_to_a_first_password_and_into_veikart(
    client, organisation, administrator, django_capture_on_commit_callbacks
):
    person = create_person(
        organisation=organisation, email="ny@fjordvik.test", name="Ny Nilsen", actor=administrator
    )
    with django_capture_on_commit_callbacks(execute=True):
        send_invitation(user=person, inviter=administrator, base_url="https://veikart.test/")
    assert [message.to for message in mail.outbox] == [["ny@fjordvik.test"]]
    assert "Alice Aas" in mail.outbox[0].body
    assert "https://veikart.test/passord/velg/" in mail.outbox[0].body
    page = client.get(link_in_mail(), follow=True)
    assert "Ny Nilsen" in page.content.decode()
    assert choose(client, link_in_mail()).url == reverse("start")
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_link_works_once(client, colleague):
    client.post(reverse("accounts:password_reset"), {"email": "bob@fjordvik.test"})
    link = link_in_mail()
    choose(client, link)
    client.logout()
    again = client.get(link)
    assert (again.status_code, again.context["validlink"]) == (200, False)


@pytest.mark.parametrize("uid", ["MQ", "rubbish", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_broken_link_says_so_and_leads_on(client, db, uid):
    response = client.get(
        reverse("accounts:password_reset_confirm", kwargs={"uidb64": uid, "token": "abc-def"})
    )
    assert (response.status_code, response.context["validlink"]) == (200, False)
    assert reverse("accounts:password_reset") in response.content.decode()


def test_a_link_dies_when_the_access_is_closed(client, colleague, administrator):
    client.post(reverse("accounts:password_reset"), {"email": "bob@fjordvik.test"})
    set_person_active(user=colleague, is_active=False, actor=administrator)
    assert client.get(link_in_mail()).context["validlink"] is False


def test_a_link_of_somebody_else_signs_the_first_person_out(client, colleague, administrator):
    client.force_login(administrator)
    link = reverse(
        "accounts:password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(colleague.pk)),
            "token": default_token_generator.make_token(colleague),
        },
    )
    choose(client, link)
    assert client.session["_auth_user_id"] == str(colleague.pk)


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ("kort", "kort", "new_password2"),
        ("passordpassord1", "noe-annet-helt", "new_password2"),
        ("bob@fjordvik.test", "bob@fjordvik.test", "new_password2"),
        ("", "", "new_password1"),
    ],
)
def test_a_weak_password_is_refused_beside_its_field(client, colleague, first, second, field):
    client.post(reverse("accounts:password_reset"), {"email": "bob@fjordvik.test"})
    response = choose(client, link_in_mail(), first, second)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    colleague.refresh_from_db()
    assert colleague.check_password(PASSWORD)


def test_a_changed_password_keeps_this_session_and_ends_the_others(client, colleague):
    elsewhere = type(client)()
    for browser in (client, elsewhere):
        browser.force_login(colleague)
    response = client.post(
        reverse("accounts:password_change"),
        {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
    )
    assert response.url == reverse("accounts:password_change_done")
    assert client.get(reverse("accounts:profile")).status_code == 200
    assert elsewhere.get(reverse("accounts:profile")).status_code == 302
    assert AuditEvent.objects.filter(action="person.password_chosen").count() == 1


def test_the_password_now_must_be_right(client, colleague):
    client.force_login(colleague)
    response = client.post(
        reverse("accounts:password_change"),
        {"old_password": "feil", "new_password1": NEW, "new_password2": NEW},
    )
    assert list(response.context["form"].errors) == ["old_password"]
