"""Three methods in one book: each in its own words, with what is ours marked, and nobody else's."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from methodology.catalogue import catalogue_of
from methodology.files import read_version
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.selectors import published_versions, version_for_page
from methodology.services import load_method_version

METHODS = ["hdir-veiviser", "ks-veikart", "nvc-connect"]


@pytest.fixture
def reader(municipality, client_for, ks_version):
    return client_for(municipality.reader)


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize("language", ["nb", "sv"])
def test_every_page_of_every_method_can_be_read(
    municipality, client_for, ks_version, key, language
):
    municipality.reader.language = language
    municipality.reader.save(update_fields=["language"])
    client = client_for(municipality.reader)
    catalogue = catalogue_of(version_for_page(key))
    urls = [
        reverse("methodology:method", args=[key]),
        *(reverse("methodology:phase", args=[key, each.key]) for each in catalogue.phases),
        *(
            reverse("methodology:step", args=[key, each.phase_key, each.key])
            for each in catalogue.steps
        ),
        *(reverse("methodology:tool", args=[key, each.key]) for each in catalogue.slots),
    ]

    assert {client.get(url).status_code for url in urls} == {200}


def test_each_method_is_read_in_its_own_words(reader):
    guide = _text(reader, "/metode/hdir-veiviser/maintain-solutions/optimise/")
    connect = _text(reader, "/metode/nvc-connect/implementation/")

    assert "Step 4 Maintain the solutions · activity 4" in _plain(guide)
    assert ">Recommendations</h2>" in connect


def test_principles_are_shown(reader):
    text = _text(reader, "/metode/hdir-veiviser/")

    assert 'id="principle-participation"' in text
    assert "Active participation of those concerned" in text
    assert "Principles" not in _text(reader, "/metode/ks-veikart/")


def test_what_is_ours_or_reconstructed_is_marked_and_the_marks_explained(reader):
    guide = _text(reader, "/metode/hdir-veiviser/")
    step = _text(reader, "/metode/hdir-veiviser/choose-challenge/find-sparring-partners/")
    tool = _text(reader, "/metode/ks-veikart/verktoy/pilot-plan/")
    own_tool = _text(reader, "/metode/ks-veikart/verktoy/ros/")

    assert guide.count("(Reconstructed)") == 5
    assert "What the marks say" in guide
    assert "We have put it together from what they say." in step
    assert "We have added it" in tool
    assert "We have added it" not in own_tool


def test_the_way_back_is_shown_at_both_ends(reader):
    decision = _text(reader, "/metode/hdir-veiviser/maintain-solutions/")
    target = _text(reader, "/metode/hdir-veiviser/make-goal/")

    assert 'href="/metode/hdir-veiviser/make-goal/">2 ' in decision
    assert 'href="/metode/hdir-veiviser/maintain-solutions/#gate"' in target


def test_where_there_is_no_gate_the_leader_closes(reader):
    text = _plain(_text(reader, "/metode/nvc-connect/vision/"))

    assert "The project leader closes the step when the work is done and goes on." in text


def test_a_step_from_which_a_new_project_can_start_says_so(reader):
    text = _text(reader, "/metode/hdir-veiviser/maintain-solutions/new-challenges/")

    assert "A new project can start here" in text


def test_the_kinds_of_insight_lead_to_where_they_are_written(reader):
    text = _text(reader, "/metode/ks-veikart/insight/")

    section = text.split('id="insight-heading"')[1].split("</section>")[0]
    assert section.count("<h3") == 5
    assert 'href="/metode/ks-veikart/verktoy/interview-observation/"' in section


def test_a_tool_shows_what_its_worksheet_asks_for(reader, ks_catalogue):
    text = _text(reader, "/metode/ks-veikart/verktoy/interview-observation/")
    worksheet = ks_catalogue.worksheet("interview-observation")

    assert text.count('<details class="ds-details">') == len(worksheet.sections)
    for section in worksheet.sections:
        assert section.title_in("en") in text
    assert worksheet.texts.get("warning", "en") in _plain(text)
    assert "erased on a date" in text
    assert 'id="worksheet"' not in _text(reader, "/metode/ks-veikart/verktoy/benefits/")


def test_the_search_finds_what_worksheets_ask_for(reader):
    text = _text(reader, "/metode/sok/?q=what+the+analysis+covers")

    assert 'href="/metode/ks-veikart/verktoy/ros/"' in text


def test_the_search_finds_principles(reader):
    text = _text(reader, "/metode/sok/?q=Active+participation+of+those")

    assert 'href="/metode/hdir-veiviser/#principle-participation"' in text


def test_found_words_are_shown_as_people_read_them(reader):
    text = _text(reader, "/metode/sok/?q=municipality")

    assert "<mark>" in text
    assert "{" not in text.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(("country", "theirs"), [("no", "Digdir"), ("se", "DIGG")])
def test_links_are_those_of_the_country(municipality, client_for, ks_version, country, theirs):
    municipality.organisation.country = country
    municipality.organisation.save()
    text = _text(client_for(municipality.reader), "/metode/ks-veikart/verktoy/ros/")

    links = text.split("Read more elsewhere")[1].split("</ul>")[0]
    assert theirs in links


def test_a_missing_language_is_told_discreetly(municipality, client_for, ks_version):
    municipality.reader.language = "nn"
    municipality.reader.save(update_fields=["language"])

    text = _text(client_for(municipality.reader), "/metode/hdir-veiviser/make-goal/")

    with translation.override("nn"):
        note = gettext("Shown in %(name)s, since it is not written in your language yet.")
        assert text.count(note % {"name": gettext("Norwegian bokmål")}) == 1
    assert 'lang="nb"' in text


def test_origins_of_languages_are_told_in_the_readers_language(
    municipality, client_for, ks_version
):
    municipality.reader.language = "sv"
    municipality.reader.save(update_fields=["language"])

    text = _plain(_text(client_for(municipality.reader), "/metode/nvc-connect/"))

    assert "Övriga namn och all vägledning är våra egna." in text


# --- whose method it is --------------------------------------------------------------------------


@pytest.fixture
def own_method(municipality, folder):
    """A method of the first municipality."""
    content = read_version(folder).content
    method = Method.objects.create(key="small", organisation=municipality.organisation)
    (version,) = MethodVersion.objects.bulk_create(
        [MethodVersion(method=method, number=1, status="published", content_hash="x")]
    )
    VersionDocument.objects.bulk_create([VersionDocument(version=version, content=content)])
    return version


def test_an_organisation_reads_its_own_method_and_is_told_whose_it_is(
    municipality, client_for, own_method
):
    client = client_for(municipality.reader)

    assert "Your organisation's own" in _text(client, "/metode/")
    assert municipality.organisation.name in _plain(_text(client, "/metode/small/"))
    assert "/metode/small/first/" in _text(client, "/metode/sok/?q=Phase+first")


@pytest.mark.parametrize(
    "url",
    [
        "/metode/small/",
        "/metode/small/?version=1",
        "/metode/small/first/",
        "/metode/small/first/first-look/",
        "/metode/small/verktoy/benefits/",
    ],
)
def test_another_organisations_method_does_not_exist(neighbour, client_for, own_method, url):
    assert client_for(neighbour.reader).get(url).status_code == 404


def test_another_organisations_method_is_neither_listed_nor_found(
    neighbour, client_for, own_method
):
    client = client_for(neighbour.reader)

    assert "/metode/small/" not in _text(client, "/metode/")
    assert "/metode/small/" not in _text(client, "/metode/sok/?q=Phase+first")


def test_drafts_are_nobodys_to_read_here(municipality, reader, folder):
    load_method_version(folder)
    draft = MethodVersion.objects.create(method=Method.objects.get(key="small"), number=2)
    VersionDocument.objects.create(version=draft, content=read_version(folder).content)

    assert reader.get("/metode/small/?version=2").status_code == 404
    with pytest.raises(MethodVersion.DoesNotExist):
        version_for_page("small", municipality.admin, number=2)
    found = published_versions(municipality.admin)
    assert [version.number for version in found if version.method.key == "small"] == [1]


def test_the_book_asks_the_same_number_of_questions_with_an_own_method(
    municipality, client_for, own_method, django_assert_num_queries
):
    client = client_for(municipality.reader)
    client.get("/metode/")

    with django_assert_num_queries(6):
        client.get("/metode/")


def _text(client, url):
    with translation.override(None):
        response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def _plain(html):
    main = html.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", "", main).split())
