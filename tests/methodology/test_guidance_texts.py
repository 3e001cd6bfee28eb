"""Guidance as HTML: limited Markdown, and links that follow the organisation's country."""

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils import translation

from common import wording
from common.wording import Country, OrganisationKind, Wording
from methodology.catalogue import Texts
from methodology.templatetags.method_texts import national


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    links: tuple[Link, ...]


EVERYWHERE = Link("Alle", "https://alle.test")
DIGDIR = Link("Digdir", "https://digdir.test", "no")
DIGG = Link("DIGG", "https://digg.test", "se")
HOSTILE = Link("Felle", "javascript:alert(1)")
LINKS = (EVERYWHERE, DIGDIR, DIGG, HOSTILE)


def draw(template, **context) -> str:
    with translation.override("nb"):
        return Template("{% load method_texts %}" + template).render(Context(context))


def texts(text, language="nb"):
    return Texts({"why": {language: text}})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("1 < 2 & 3", '<p class="lead">1 &lt; 2 &amp; 3</p>'),
        ("**Nå**", '<p class="lead"><strong>Nå</strong></p>'),
        ("En.\n\nTo.", '<div class="lead stack-small"><p>En.</p>\n<p>To.</p></div>'),
        (
            "- a\n- b",
            '<div class="lead stack-small"><ul class="ds-list">\n<li>a</li>\n<li>b</li>\n'
            "</ul></div>",
        ),
        (
            "Slik:\n1. a\n2. b",
            '<div class="lead stack-small"><p>Slik:</p>\n<ol class="ds-list">\n<li>a</li>\n'
            "<li>b</li>\n</ol></div>",
        ),
        (
            "1. a\n2. b\n\nSlutt.",
            '<div class="lead stack-small"><ol class="ds-list">\n<li>a</li>\n<li>b</li>\n</ol>\n'
            "<p>Slutt.</p></div>",
        ),
        ("<script>x</script>", '<p class="lead">&lt;script&gt;x&lt;/script&gt;</p>'),
    ],
)
def test_one_paragraph_is_a_paragraph_and_more_stand_together(text, html):
    assert draw('{% guidance texts "why" "lead" %}', texts=texts(text)) == html


def test_a_text_in_another_language_says_so_on_its_element():
    assert draw('{% guidance texts "why" %}', texts=texts("Därför.", "sv")) == (
        '<p lang="sv">Därför.</p>'
    )
    assert draw('{% guidance texts "why" %}', texts=texts("A.\n\nB.", "sv")) == (
        '<div class="stack-small" lang="sv"><p>A.</p>\n<p>B.</p></div>'
    )


def test_short_texts_and_entries_of_lists_are_drawn_inside_the_pages_own_elements():
    entries = Texts({"tips": {"nb": ["*a*", "<b>"]}})
    assert draw('{{ texts|text_of:"why" }}', texts=texts("**x** <i>")) == (
        "<strong>x</strong> &lt;i&gt;"
    )
    assert draw('{% for tip in texts|items_of:"tips" %}{{ tip }} {% endfor %}', texts=entries) == (
        "<em>a</em> &lt;b&gt; "
    )


@pytest.mark.parametrize(
    ("country", "shown"),
    [
        (Country.NORWAY, (EVERYWHERE, DIGDIR)),
        (Country.SWEDEN, (EVERYWHERE, DIGG)),
        (Country.FINLAND, (EVERYWHERE,)),
    ],
)
def test_national_links_follow_the_country(country, shown):
    with wording.override(Wording(country, OrganisationKind.MUNICIPALITY)):
        assert national(LINKS) == shown


def test_links_are_listed_with_a_mark_for_other_websites():
    page = draw('{% include "methodology/links.html" with entry=entry only %}', entry=Entry(LINKS))
    assert [page.count(part) for part in ("<li>", "<svg", "(et annet nettsted)", "javascript")] == [
        2,
        2,
        2,
        0,
    ]
    assert 'href="https://digdir.test" rel="external noopener noreferrer">Digdir' in page


@pytest.mark.parametrize("entry", [Entry(()), Entry((DIGG,)), object()])
def test_without_links_for_the_country_there_is_no_heading(entry):
    page = draw('{% include "methodology/links.html" with entry=entry only %}', entry=entry)
    assert page.strip() == ""
