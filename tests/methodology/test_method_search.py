"""Searching: what finds what, and what is shown around it."""

import pytest

from methodology.catalogue import catalogue_of
from methodology.search import Excerpt, Hit, fold, search_catalogue
from methodology.selectors import version_for_page
from methodology.services import load_method_version


@pytest.fixture
def small(db, folder):
    load_method_version(folder)
    return catalogue_of(version_for_page("small"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tjenestereise", "tjenestereise"),
        ("FØRSTE Ålesund nær", "forste alesund naer"),
        ("Förändring på gång", "forandring pa gang"),
        ("e\u0301n ﬁn", "en fin"),
    ],
)
def test_case_and_marks_do_not_count(text, folded):
    assert fold(text)[0] == folded


def test_folding_remembers_where_each_letter_came_from():
    assert fold("aæb") == ("aaeb", (0, 1, 1, 2))


@pytest.mark.parametrize("query", ["", "   ", "finnes ikke", "\u0301"])
def test_nothing_is_found_for_nothing(small, query):
    assert search_catalogue(small, query, "nb") == ()


def test_a_hit_says_where_it_is_with_the_words_around_it(small):
    assert search_catalogue(small, "SNAKKE", "nb") == tuple(
        Hit(
            kind="step",
            key=f"{phase}-look",
            phase_key=phase,
            title="Se",
            label=label,
            in_title=False,
            excerpt=Excerpt(before="Å ", match="snakke", after=" for mye.", language="nb"),
        )
        for phase, label in (("first", "1.1"), ("second", "2.1"))
    )


def test_every_word_must_be_found_but_not_in_the_same_text(small):
    hits = search_catalogue(small, "notater stille", "nb")

    assert [(hit.kind, hit.key) for hit in hits] == [
        ("step", "first-look"),
        ("step", "second-look"),
    ]
    assert search_catalogue(small, "notater finnesikke", "nb") == ()


def test_titles_come_first(small):
    hits = search_catalogue(small, "gevinst", "nb")

    assert [(hit.kind, hit.key, hit.in_title) for hit in hits] == [("tool", "benefits", True)]
    assert [hit.kind for hit in search_catalogue(small, "fase", "nb")] == ["phase", "phase"]
    assert [(hit.kind, hit.in_title) for hit in search_catalogue(small, "metode", "nb")] == [
        ("method", True)
    ]


def test_the_search_is_in_the_text_that_the_reader_sees(small):
    assert search_catalogue(small, "anteckningar", "nb") == ()
    swedish = search_catalogue(small, "anteckningar", "sv")
    english = search_catalogue(small, "notater", "en")

    assert [(hit.title, hit.excerpt.language) for hit in swedish] == [("Titta", "sv")] * 2
    assert [(hit.title, hit.excerpt.language) for hit in english] == [("Look", "nb")] * 2


def test_examples_roles_and_criteria_are_found(small):
    def found(query):
        return [(hit.kind, hit.key) for hit in search_catalogue(small, query, "nb")]

    assert found("fjordvik nattlys") == [("phase", "first"), ("phase", "second")]
    assert found("svarer for prosjektet") == [("role", "owner")]
    assert found("har dere sett") == [("gate", "gate-1"), ("gate", "gate-2")]


def test_a_search_reads_words_without_marks_and_terms_as_they_are_shown(db, folder):
    path = folder / "phase-1-first.yaml"
    text = path.read_text(encoding="utf-8")
    written = '"Se **nøye** på {the_organisation}, og [les mer](https://example.org/a)."'
    path.write_text(text.replace("nb: Se på tjenesten.", f"nb: {written}"), encoding="utf-8")
    load_method_version(folder)
    (hit,) = search_catalogue(catalogue_of(version_for_page("small")), "nøye på kommunen", "nb")

    assert hit.excerpt == Excerpt(
        before="Se ",
        match="nøye",
        after=" på kommunen, og les mer (https://example.org/a).",
        language="nb",
    )


def test_long_texts_are_cut_at_words(ks_version):
    catalogue = catalogue_of(ks_version)
    excerpts = [hit.excerpt for hit in search_catalogue(catalogue, "ansatte", "nb") if hit.excerpt]

    assert excerpts
    for excerpt in excerpts:
        assert excerpt.match.casefold() == "ansatte"
        assert len(excerpt.before) <= 62
        assert len(excerpt.after) <= 112
