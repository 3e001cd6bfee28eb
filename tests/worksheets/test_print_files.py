"""The PDF files of printouts, in a few tests: setting pages is slow."""

import io
from dataclasses import replace

import pikepdf
import pytest
from django.utils import translation
from pypdf import PdfReader

from common.pdf import render_first_that_fits, render_pdf
from tests.worksheets.presentation import (
    ALT,
    ANSWERS,
    PROBLEM,
    PROJECT,
    filled,
    pictures,
)
from worksheets.onepage import page_drafts
from worksheets.printing import printed
from worksheets.slides import slides_html

pytestmark = pytest.mark.pdf

LONG = ("Dette er en lang tekst om natten og om dem som våker. " * 100)[:5000].strip()
# Sámi and Polish letters come from another file of the typeface than the rest.
LETTERS = "Kárášjohka, Łódź: ŋ đ č š ž ŧ 😀"
WORD = "x" * 300


def read(content: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    return reader, text


def figures_in(content: bytes) -> list[str]:
    """The words that stand in for each picture."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        waiting = [pdf.Root.StructTreeRoot]
        while waiting:
            node = waiting.pop()
            if str(node.get("/S", "")) == "/Figure":
                found.append(str(node.get("/Alt", "")))
            children = node.get("/K", [])
            children = children if isinstance(children, pikepdf.Array) else [children]
            waiting += [child for child in children if isinstance(child, pikepdf.Dictionary)]
    return sorted(found)


def slides(answers=None, language="nb", **others) -> bytes:
    with translation.override(language):
        content = printed(filled(answers, **others), PROJECT, pictures())
        project = replace(PROJECT, language=language)
        return render_pdf(slides_html(content, project), language=language)


def page(answers=None, language="nb", **others) -> bytes:
    with translation.override(language):
        content = printed(filled(answers, **others), PROJECT, pictures())
        drafts = page_drafts(content, replace(PROJECT, language=language))
        return render_first_that_fits(drafts, language=language, most_pages=1)


def test_slides_are_wide_tagged_and_in_the_language_of_the_document():
    content = slides(language="sv")
    reader, text = read(content)
    assert [(float(each.mediabox.width), float(each.mediabox.height)) for each in reader.pages] == [
        (960.0, 540.0)
    ] * 9
    for expected in (PROJECT.name, PROBLEM, "Telling i uke 44", ANSWERS["ask"], "Siffror"):
        assert expected in text
    assert "Uten samtykke" not in text
    assert figures_in(content) == sorted([ALT, "En dør på gløtt"])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "sv"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"].startswith(PROJECT.name)
            assert metadata["pdfuaid:part"] == "1"
    # Every slide but the first has its number.
    assert [each.extract_text().split()[-1] for each in reader.pages][1:] == list("23456789")


def test_long_texts_go_on_and_nothing_is_cut():
    reader, text = read(slides({"ask": LONG, "why_now": f"{LETTERS} {WORD}"}, problem=LONG))
    # Words, because a sentence may go on after the foot of a slide.
    assert text.count("våker.") == 2 * LONG.count("våker.")
    assert "Kárášjohka, Łódź: ŋ đ č š ž ŧ" in text
    assert text.replace(" ", "").count("x" * 300) == 1
    assert len(reader.pages) > 8


def test_a_page_that_fits_is_not_shortened():
    content = page()
    reader, text = read(content)
    assert [(round(each.mediabox.width), round(each.mediabox.height)) for each in reader.pages] == [
        (595, 842)
    ]
    for expected in (PROBLEM, "Nattbesøk på Solbakken", ANSWERS["ask"], "Uke 37: intervjuer."):
        assert expected in text
    assert "Veikart." not in text
    assert figures_in(content) == [ALT]


def test_whatever_is_written_it_is_one_page_that_says_what_is_shortened():
    texts = ("why_now", "target_groups", "ask", "next_steps")
    figures = [dict(ANSWERS["figures"][0], id=f"{n:012x}", figure="F" * 200) for n in range(10)]
    reader, text = read(
        page(
            {**ANSWERS, **dict.fromkeys(texts, LONG), "figures": figures},
            language="en",
            problem=LONG,
            goal=f"{WORD} {LETTERS}",
        )
    )
    assert len(reader.pages) == 1
    assert "Shortened to fit on one page: Problem, Goal, Why now?, Target groups" in text
    assert "The whole text is in Veikart." in text
