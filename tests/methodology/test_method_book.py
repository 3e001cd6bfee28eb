"""The book: what a reader sees, in which language, and what it costs."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

from methodology.services import load_methods

KS = "ks-veikart"
STEP = f"/metode/{KS}/service-development/test-proposals/"

PAGES = [
    "/metode/",
    f"/metode/{KS}/",
    f"/metode/{KS}/?version=1",
    f"/metode/{KS}/piloting/",
    STEP,
    f"/metode/{KS}/verktoy/benefits/",
    "/metode/sok/?q=gevinst",
]


@pytest.fixture
def reader(municipality, client_for, ks_version):
    return _reading(municipality.reader, "nb", client_for)


@pytest.fixture
def in_language(municipality, client_for, ks_version):
    people = {"nb": municipality.reader, "sv": municipality.member}
    return lambda language: _reading(
        people.get(language, municipality.employee), language, client_for
    )


@pytest.mark.parametrize("url", PAGES)
def test_a_page_asks_the_database_five_times_once_the_method_is_known(
    reader, django_assert_num_queries, url
):
    reader.get(url)

    # The session, the person, their organisation and roles for the frame, and the version.
    with django_assert_num_queries(6):
        response = reader.get(url)
    assert response.status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_nobody_reads_without_signing_in(ks_version, url):
    response = Client().get(url)

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))


@pytest.mark.parametrize(
    "url",
    [
        "/metode/unknown/",
        f"/metode/{KS}/?version=3",
        f"/metode/{KS}/?version=x",
        f"/metode/{KS}/?version=99999999999999999999",
        f"/metode/{KS}/unknown/",
        f"/metode/{KS}/piloting/test-proposals/",
        f"/metode/{KS}/verktoy/unknown/",
    ],
)
def test_what_does_not_exist_is_not_found(reader, url):
    assert reader.get(url).status_code == 404


def test_pages_are_only_read(reader):
    assert reader.post("/metode/").status_code == 405


def test_the_list_shows_each_method_with_its_size(reader):
    text = _text(reader, "/metode/")

    sizes = re.findall(r"<dd>(\d+ \w+ · \d+ \w+) · \d+ ", text)
    assert sizes == ["9 steg · 18 anbefalinger", "6 faser · 29 steg", "4 steg · 31 aktiviteter"]
    assert "Veikart for tjenesteinnovasjon" in text
    assert "Norsk bokmål, Norsk nynorsk, Svensk, Engelsk" in text


def test_the_method_page_leads_to_every_phase_step_and_tool(reader, ks_catalogue):
    text = _text(reader, f"/metode/{KS}/")

    for phase in ks_catalogue.phases:
        assert f'href="/metode/{KS}/{phase.key}/"' in text
        for step in phase.steps:
            assert f'href="/metode/{KS}/{phase.key}/{step.key}/"' in text
    for slot in ks_catalogue.slots:
        assert f'href="/metode/{KS}/verktoy/{slot.key}/"' in text
    for role in ks_catalogue.roles:
        assert f'id="role-{role.key}"' in text
    for source in ks_catalogue.sources:
        assert source["title"] in text


def test_every_phase_step_and_tool_can_be_opened(reader, ks_catalogue):
    urls = [
        *(reverse("methodology:phase", args=[KS, phase.key]) for phase in ks_catalogue.phases),
        *(
            reverse("methodology:step", args=[KS, step.phase_key, step.key])
            for step in ks_catalogue.steps
        ),
        *(reverse("methodology:tool", args=[KS, slot.key]) for slot in ks_catalogue.slots),
    ]

    assert len(urls) == 6 + 29 + 23
    assert {reader.get(url).status_code for url in urls} == {200}


def test_a_phase_shows_its_gate_with_every_criterion(reader, ks_catalogue):
    text = _text(reader, f"/metode/{KS}/piloting/")
    gate = ks_catalogue.phase("piloting").gate

    assert gate.title_in("nb") in text
    for criterion in gate.criteria:
        assert criterion.title_in("nb") in text
        assert criterion.texts.get("guidance", "nb") in text
    assert f'href="/metode/{KS}/insight/"' in text


def test_a_step_shows_all_its_guidance_and_its_neighbours(reader, ks_catalogue):
    text = _text(reader, STEP)
    step = ks_catalogue.step("test-proposals")

    for field in ("why", "what", "who", "duration", "result"):
        assert step.texts.get(field, "nb") in text
    for field in ("how", "tips", "good", "mistakes", "for_leaders", "questions"):
        for item in step.texts.items(field, "nb"):
            assert item in text
    assert f'rel="prev" href="/metode/{KS}/service-development/brainstorm-ideas/"' in text
    assert f'rel="next" href="/metode/{KS}/service-development/define-routines/"' in text


def test_the_last_step_of_a_phase_leads_to_the_first_of_the_next(reader):
    text = _text(reader, f"/metode/{KS}/anchoring/map-related-projects/")

    assert f'rel="next" href="/metode/{KS}/insight/map-current-service/"' in text


def test_the_first_step_has_none_before_it_and_the_last_none_after(reader, ks_catalogue):
    first, last = ks_catalogue.steps[0], ks_catalogue.steps[-1]

    assert 'rel="prev"' not in _text(reader, f"/metode/{KS}/{first.phase_key}/{first.key}/")
    assert 'rel="next"' not in _text(reader, f"/metode/{KS}/{last.phase_key}/{last.key}/")


def test_a_tool_says_where_it_is_used(reader):
    text = _text(reader, f"/metode/{KS}/verktoy/ros/")

    assert f'href="/metode/{KS}/transition/hand-over/"' in text
    assert f'href="/metode/{KS}/transition/implement/"' not in text


@pytest.mark.parametrize("language", ["nb", "nn", "sv", "en"])
def test_no_text_is_marked_in_a_language_that_has_them_all(in_language, language):
    text = _text(in_language(language), STEP)

    assert "since it is not written" not in text
    assert _marked_languages(text) == set()


@pytest.mark.parametrize("language", ["nn", "en"])
def test_text_in_another_language_is_marked_for_those_who_listen(
    in_language, language, ks_catalogue
):
    text = _text(in_language(language), f"{STEP}?version=1")

    assert ks_catalogue.step("test-proposals").title_in(language) in text
    assert _marked_languages(text) == {"nb"}


def test_text_in_another_language_is_marked_once_for_those_who_look(in_language):
    text = _text(in_language("en"), f"{STEP}?version=1")

    note = "Shown in Norwegian bokmål, since it is not written in your language yet."
    assert text.count(note) == 1


def test_an_earlier_version_says_so_and_stays_in_its_links(reader, write_version, root):
    write_version(number=1)
    write_version(number=2)
    load_methods(root)

    newest = _text(reader, "/metode/small/first/")
    earlier = _text(reader, "/metode/small/first/?version=1")

    assert 'href="/metode/small/first/first-look/"' in newest
    assert 'href="/metode/small/first/first-look/?version=1"' in earlier
    assert 'href="/metode/small/"' in earlier
    assert ("ds-alert" in newest, "ds-alert" in earlier) == (False, True)


def test_the_search_leads_to_the_place_with_the_word_marked(reader):
    text = _text(reader, "/metode/sok/?q=tenk+traena")

    assert f'href="/metode/{KS}/anchoring/"' in text
    assert "<mark>" in text


def test_the_search_is_in_the_language_of_the_reader(in_language):
    swedish, norwegian = in_language("sv"), in_language("nb")

    assert "Förankringsverktyg" in _text(swedish, "/metode/sok/?q=forankringsverktyg")
    assert "Förankringsverktyg" not in _text(norwegian, "/metode/sok/?q=forankringsverktyg")


def test_a_search_for_nothing_shows_the_form_and_one_without_hits_says_so(reader):
    empty = _text(reader, "/metode/sok/")
    without = _text(reader, "/metode/sok/?q=xyzzy")

    assert 'name="q"' in empty
    assert ('role="status"' in empty, 'role="status"' in without) == (False, True)
    assert 'value="xyzzy"' in without


def test_what_is_searched_for_is_shown_as_text(reader):
    text = _text(reader, "/metode/sok/?q=%3Cb%3Ex")

    assert "<b>x" not in text
    assert "&lt;b&gt;x" in text


def test_without_a_method_the_list_says_what_to_do(reader, ks_version, monkeypatch):
    monkeypatch.setattr("methodology.views.published_versions", lambda _user: [])

    assert "load_methods" in _text(reader, "/metode/")


def test_beside_the_work_the_guidance_can_be_folded_away(ks_catalogue):
    step = ks_catalogue.step("test-proposals")

    with translation.override("nb"):
        text = render_to_string("methodology/guidance.html", {"step": step})

    assert (text.count("<h3"), text.count("<details"), text.count("<h2")) == (2, 8, 0)
    for field in ("why", "what", "result"):
        assert step.texts.get(field, "nb") in text


def test_beside_the_work_the_guidance_of_a_tool_can_be_folded_away(ks_catalogue):
    slot = ks_catalogue.slot("benefits")

    with translation.override("nb"):
        text = render_to_string("methodology/tool_guidance.html", {"slot": slot})

    assert (text.count("<h3"), text.count("<details"), text.count("<h2")) == (3, 2, 0)
    assert slot.texts.get("purpose", "nb") in text


def _reading(user, language, client_for):
    user.language = language
    user.save(update_fields=["language"])
    return client_for(user)


def _text(client, url):
    with translation.override(None):
        response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def _marked_languages(text):
    body = text.split("<main", 1)[1].split("</main>", 1)[0]
    return {part.split('"', 1)[0] for part in body.split(' lang="')[1:]}
