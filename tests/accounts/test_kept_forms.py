from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.urls import reverse

from accounts import resume
from accounts.models import Unit

PASSWORD = "veikart-demo"
FORM = "application/x-www-form-urlencoded"
WRITTEN = {"name": "Hjemmetjenester i nord", "parent": "", "manager": ""}


@pytest.fixture
def target(db):
    return reverse("accounts:unit_create")


@pytest.fixture
def expired(client, administrator):
    """Alice's browser after her session ran out on the server: her cookies are still there."""
    client.post(
        reverse("accounts:login"), {"username": "alice@fjordvik.test", "password": PASSWORD}
    )
    client.session.delete()
    return client


def send(client, address, fields=None, **extra):
    """As a browser sends a form without files; Django's client would send it with room for some."""
    return client.post(address, urlencode(fields or {}), content_type=FORM, **extra)


def sign_in(client, email, after) -> str:
    """Sign in where ``after`` (a response) sent us; returns the address that comes next."""
    return client.post(after.url, {"username": email, "password": PASSWORD}).url


def test_what_was_sent_without_a_session_is_shown_after_signing_in(expired, target):
    sent = send(expired, target, WRITTEN)
    assert sent.url == f"{reverse('accounts:login')}?next={target}"
    shown = sign_in(expired, "alice@fjordvik.test", sent)
    assert (urlsplit(shown).path, parse_qs(urlsplit(shown).query)) == (
        reverse("accounts:resume"),
        {"path": [target]},
    )
    page = expired.get(shown)
    assert page.context["kept"].fields == [
        ["name", "Hjemmetjenester i nord"],
        ["parent", ""],
        ["manager", ""],
    ]
    assert "Hjemmetjenester i nord" in page.content.decode()
    assert Unit.objects.count() == 0


def test_it_is_saved_by_sending_it_again_and_then_gone(expired, target):
    shown = sign_in(expired, "alice@fjordvik.test", send(expired, target, WRITTEN))
    kept = expired.get(shown).context["kept"]
    assert send(expired, kept.path, dict(kept.fields)).status_code == 302
    assert [unit.name for unit in Unit.objects.all()] == ["Hjemmetjenester i nord"]
    assert expired.get(shown).status_code == 404


def test_it_can_be_thrown_away_and_leads_back_to_the_page(expired, target):
    units = reverse("accounts:units")
    sent = send(expired, target, WRITTEN, headers={"Referer": f"http://testserver{units}"})
    shown = sign_in(expired, "alice@fjordvik.test", sent)
    response = expired.post(reverse("accounts:resume_discard"), {"path": target})
    assert response.url == units
    assert expired.get(shown).status_code == 404
    assert Unit.objects.count() == 0


def test_another_person_on_the_same_browser_does_not_see_it(expired, target, colleague):
    sent = send(expired, target, WRITTEN)
    assert sign_in(expired, "bob@fjordvik.test", sent) == target
    assert expired.get(reverse("accounts:resume"), {"path": target}).status_code == 404
    assert "Hjemmetjenester" not in str(dict(expired.session))
    # Nor does it come back for the one who wrote it: it has left the browser's session.
    expired.post(reverse("accounts:logout"))
    again = expired.get(target)
    assert sign_in(expired, "alice@fjordvik.test", again) == target


def test_nothing_is_kept_in_a_browser_where_nobody_was_signed_in(client, administrator, target):
    sent = send(client, target, WRITTEN)
    assert sent.url == f"{reverse('accounts:login')}?next={reverse('start')}"
    assert resume.SESSION_KEY not in client.session


def test_nothing_is_kept_after_signing_out(client, administrator, target):
    client.force_login(administrator)
    client.get(reverse("accounts:profile"))
    client.post(reverse("accounts:logout"))
    send(client, target, WRITTEN)
    assert resume.SESSION_KEY not in client.session


def test_a_forged_cookie_keeps_nothing(client, administrator, target):
    client.cookies[resume.COOKIE] = f"{administrator.pk}:forged:signature"
    send(client, target, WRITTEN)
    assert resume.SESSION_KEY not in client.session


def test_passwords_and_tokens_are_never_kept(expired):
    target = reverse("accounts:password_change")
    send(
        expired,
        target,
        {"old_password": "a", "new_password1": "b", "csrfmiddlewaretoken": "c", "x": "y z"},
    )
    (kept,) = expired.session[resume.SESSION_KEY]
    assert kept["fields"] == [["x", "y z"]]


def test_files_are_not_kept_and_the_page_of_the_form_is_opened_instead(expired, target):
    sent = expired.generic(
        "POST",
        target,
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nNord\r\n--x--\r\n',
        content_type="multipart/form-data; boundary=x",
        headers={"Referer": "http://testserver/organisasjon/enheter/?q=1"},
    )
    assert parse_qs(urlsplit(sent.url).query) == {"next": ["/organisasjon/enheter/?q=1"]}
    assert resume.SESSION_KEY not in expired.session


def test_a_text_beyond_the_limit_is_not_kept(expired, target):
    send(expired, target, {"name": "æ" * (resume.LARGEST_BYTES // 2 + 1)})
    assert resume.SESSION_KEY not in expired.session


def test_the_three_latest_forms_are_kept_and_each_address_once(expired, target):
    for number in (1, 2, 3, 4, 4):
        send(expired, f"{target}?parent={number}", {"name": f"Unit {number}"})
    assert [kept["path"] for kept in expired.session[resume.SESSION_KEY]] == [
        f"{target}?parent={number}" for number in (2, 3, 4)
    ]


def test_it_is_gone_after_half_an_hour(expired, target, monkeypatch):
    sent = send(expired, target, WRITTEN)
    later = resume.time.time() + resume.KEPT_SECONDS + 1
    monkeypatch.setattr(resume.time, "time", lambda: later)
    assert sign_in(expired, "alice@fjordvik.test", sent) == target


def test_a_refused_form_shows_what_was_typed_in_its_own_page(expired, target, unit):
    shown = sign_in(expired, "alice@fjordvik.test", send(expired, target, {"name": "Helse"}))
    response = send(expired, target, dict(expired.get(shown).context["kept"].fields))
    assert response.status_code == 200
    assert response.context["form"]["name"].value() == "Helse"


def test_an_htmx_request_sends_the_whole_page_to_the_sign_in(expired, target):
    response = send(expired, target, WRITTEN, headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (
        200,
        f"{reverse('accounts:login')}?next={target}",
    )


@pytest.mark.parametrize(
    "referer",
    ["", "https://evil.test/x", "//evil.test", "rubbish", "http://testserver//evil.test"],
)
def test_only_our_own_pages_are_opened_instead(client, administrator, referer):
    sent = send(client, reverse("accounts:unit_create"), headers={"Referer": referer})
    assert parse_qs(urlsplit(sent.url).query) == {"next": [reverse("start")]}


def test_values_are_escaped_in_the_page(expired, target):
    nasty = '"><script>alert(1)</script> and more'
    shown = sign_in(expired, "alice@fjordvik.test", send(expired, target, {"name": nasty}))
    assert "<script>alert" not in expired.get(shown).content.decode()


def test_texts_are_what_a_person_wrote_and_not_codes():
    kept = resume.KeptForm(
        path="/",
        page="/",
        fields=[["a", "two words"], ["b", "leader"], ["c", '{"x": 1}'], ["d", ""], ["e", " x\ny "]],
        user_number=1,
        kept_at=0.0,
    )
    assert kept.texts == ["two words", "x\ny"]
