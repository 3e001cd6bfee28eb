"""Slides and the A4 page as HTML: order, sizes, shortening."""

import re
from dataclasses import replace

import pytest
from django.utils import translation

from tests.worksheets.presentation import ALT, ANSWERS, PROJECT, filled, pictures, shipped
from worksheets.onepage import (
    LIMITS,
    SIZES,
    Limit,
    characters_of,
    page_drafts,
    page_of,
    shortened,
)
from worksheets.printing import Printed, printed
from worksheets.slides import phase_line, slides_html, slides_of

LONG = ("Dette er en lang tekst om natten. " * 150)[:5000].strip()
SCRIPT = "<script>alert('hei')</script> & <b>fet</b>"


def print_of(answers=None, **others) -> Printed:
    return printed(filled(answers, **others), PROJECT, pictures())


def words_of(html: str) -> str:
    return " ".join(html.split())


# --- slides ------------------------------------------------------------------------------------


def test_there_is_a_slide_per_section_with_content_and_the_ask_comes_last():
    assert [(slide.kind.value, slide.title, slide.size) for slide in slides_of(print_of())] == [
        ("content", "The project", "l"),
        ("content", "Who and why now", "xl"),
        ("picture", "Pictures", "m"),
        ("picture", "Pictures", "m"),
        ("quotes", "Quotes", "xl"),
        ("figures", "Figures", "l"),
        ("content", "The way forward", "xl"),
        ("ask", "What we ask for", "xl"),
    ]


def test_longer_texts_are_set_smaller_and_never_cut():
    sizes = [
        slides_of(print_of({"ask": LONG[:length]}, problem="", goal=""))[-1].size
        for length in (80, 350, 600, 900, 5000)
    ]
    assert sizes == ["xl", "l", "m", "s", "s"]
    assert LONG in words_of(slides_html(print_of({"ask": LONG}), PROJECT))


@pytest.mark.parametrize(("number", "rows"), [(1, [1]), (3, [3]), (4, [2, 2]), (5, [3, 2])])
def test_figures_stand_beside_each_other(number, rows):
    answers = {"figures": [dict(ANSWERS["figures"][0], id=f"{n:012x}") for n in range(number)]}
    slide = next(each for each in slides_of(print_of(answers)) if each.kind == "figures")
    assert [len(row) for row in slide.rows] == rows


def test_the_first_slide_says_who_and_where():
    html = words_of(slides_html(print_of(), PROJECT))
    front = html[html.index("<header") : html.index("</header>")]
    assert words_of(re.sub(r"<[^>]+>", " ", front)) == (
        "Fjordvik kommune Project presentation Digitalt tilsyn om natten KS Veikart "
        "Phase 2: Insight Unit Hjemmetjenesten Project leader Petter Prosjektleder "
        "Date 12 March 2026"
    )


def test_the_line_of_phases_shows_how_far_the_project_has_come():
    assert phase_line(PROJECT) == ["done", "now", "coming", "coming", "coming", "coming"]
    assert phase_line(replace(PROJECT, phase="", phase_number=0)) == []


def test_pictures_have_words_and_nothing_is_fetched():
    html = slides_html(print_of(), PROJECT)
    assert f'alt="{ALT}"' in html
    assert {address.split(":")[0] for address in re.findall(r'src="([^"]+)"', html)} == {"data"}
    assert re.findall(r"https?:|file:|<style|\sstyle=", html) == []


def test_text_from_people_is_escaped_in_both_forms():
    content = print_of({**ANSWERS, "ask": SCRIPT, "why_now": SCRIPT}, problem=SCRIPT)
    for html in (slides_html(content, PROJECT), next(page_drafts(content, PROJECT))):
        assert "<script" not in html
        assert "<b>" not in html
        assert html.count("&lt;script&gt;") == 3


def test_the_headings_follow_the_language_of_the_document():
    with translation.override("sv"):
        html = slides_html(print_of(), replace(PROJECT, language="sv"))
    assert '<html lang="sv"' in html
    assert "Projektpresentation" in html
    assert "12 mars 2026" in html


def test_an_empty_worksheet_still_has_its_first_slide():
    content = print_of({}, problem="", goal="")
    assert [slide.title for slide in slides_of(content)] == ["The project"]
    assert "Digitalt tilsyn om natten" in slides_html(content, PROJECT)


# --- one page ----------------------------------------------------------------------------------


def test_the_page_of_a_presentation_has_its_chosen_parts():
    page = page_of(print_of())
    assert [each.block.key for each in page.blocks] == [
        "problem",
        "goal",
        "why_now",
        "target_groups",
        "figures",
    ]
    assert (page.picture.key, page.ask.key, page.last.key) == ("main_picture", "ask", "next_steps")


def test_the_page_of_another_worksheet_has_everything_under_its_sections():
    entry = shipped("visual-model", "nvc-connect/1")
    answers = {
        "picture": {"picture": 1, "alt": ALT},
        "made_by": "Gruppen",
        "stages": [{"id": "a" * 12, "stage": "Prepare", "ready_when": "Accounts are there."}],
    }
    page = page_of(print_of(answers, entry=entry))
    assert [(each.heading, each.block.key) for each in page.blocks] == [
        ("The picture", "made_by"),
        ("Stages", "stages"),
    ]
    assert (page.picture.key, page.ask, page.last) == ("picture", None, None)


def test_a_page_with_little_on_it_is_tried_in_three_sizes_first():
    drafts = list(page_drafts(print_of(), PROJECT))
    assert len(drafts) == len(SIZES) + len(LIMITS)
    assert [re.search(r'body class="size-(\w)"', html)[1] for html in drafts[:4]] == list("lmss")
    assert ["Shortened" in html for html in drafts[:3]] == [False, False, False]


def test_drafts_that_cannot_fit_are_not_drawn():
    content = print_of({**ANSWERS, "ask": LONG, "why_now": LONG}, problem=LONG)
    assert characters_of(page_of(content)) > SIZES["s"]
    drafts = list(page_drafts(content, PROJECT))
    assert 0 < len(drafts) <= len(LIMITS)
    assert all("Shortened to fit on one page: " in html for html in drafts)


def test_what_is_shortened_or_gone_is_named():
    page = shortened(page_of(print_of({**ANSWERS, "ask": LONG}, problem=LONG)), Limit(60, 1, 4))
    problem = page.blocks[0].block.text
    assert problem == "Dette er en lang tekst om natten. Dette er en lang tekst…"
    assert len(problem) <= 60
    assert (page.shortened, page.gone) == (
        ("Problem", "What we ask for"),
        ("Figures with a source",),
    )
    assert page.shortened_words == "Problem and What we ask for"


def test_lists_and_line_breaks_take_room_too():
    answers = {**ANSWERS, "next_steps": "a\n" * 100}
    page = shortened(page_of(print_of(answers)), Limit(1000, 2))
    assert len(page.blocks[4].block.figures) == 2
    # Nothing of it is gone, so it is not named.
    assert page.last.text == " ".join("a" * 100)
    assert page.shortened == ("Figures with a source",)


def test_what_fits_within_the_limit_is_not_touched():
    page = page_of(print_of())
    assert shortened(page, LIMITS[0]) == page


def test_many_names_are_counted():
    page = replace(page_of(print_of()), shortened=tuple(f"F{n}" for n in range(1, 16)))
    assert page.shortened_words.endswith("F11, F12 and 3 more")
