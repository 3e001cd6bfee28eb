"""The method's texts on a page: in the reader's language, else in the nearest, marked as such.

Titles are plain. Everything else is limited Markdown (``common.markdown``): ``guidance`` draws a
text with its paragraphs and lists, ``text_of`` and ``items_of`` give what fits inside an element of
the page's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from common import wording
from common.markdown import render_inline, render_markdown
from methodology.book import Book
from methodology.catalogue import Catalogue, PhaseEntry, SlotEntry, StepEntry, Texts
from methodology.enums import Origin

register = template.Library()


@dataclass(frozen=True, slots=True)
class SectionKind:
    """``leads`` sections stay open beside the work; the others can be unfolded."""

    field: str
    title: str | Promise
    is_list: bool = True
    is_numbered: bool = False
    leads: bool = False


STEP_SECTIONS = (
    SectionKind("what", _("What to do"), is_list=False, leads=True),
    SectionKind("how", _("How to do it"), is_numbered=True, leads=True),
    SectionKind("who", _("Who should take part"), is_list=False),
    SectionKind("duration", _("How long it takes"), is_list=False),
    SectionKind("result", _("What comes out of it"), is_list=False),
    SectionKind("tips", _("Tips")),
    SectionKind("good", _("What good looks like")),
    SectionKind("mistakes", _("Common mistakes")),
    SectionKind("for_leaders", _("For leaders")),
    SectionKind("questions", _("Questions to ask")),
)
SLOT_SECTIONS = (
    SectionKind("what", _("What goes into it"), is_list=False, leads=True),
    SectionKind("how", _("How to do it"), is_numbered=True, leads=True),
    SectionKind("good", _("What good looks like")),
    SectionKind("mistakes", _("Common mistakes")),
)


ORIGIN_MEANINGS = {
    Origin.SOURCE: _("The name comes from the method's sources."),
    Origin.OURS: _("The sources do not have this. We have added it, to make the method whole."),
    Origin.RECONSTRUCTED: _(
        "The sources mention this but do not show it. We have put it together from what they say."
    ),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A section of guidance that has something in it: ``body`` or ``items``. ``lang`` is an
    attribute or empty, and belongs to the items."""

    kind: SectionKind
    body: SafeString
    items: tuple[SafeString, ...]
    lang: SafeString


@register.simple_tag
def guidance_sections(entry: StepEntry | SlotEntry) -> list[Section]:
    """What the method says about a step or a tool, in the order in which it is read."""
    kinds = STEP_SECTIONS if isinstance(entry, StepEntry) else SLOT_SECTIONS
    return [
        Section(
            kind=kind,
            body=SafeString("") if kind.is_list else guidance(entry.texts, kind.field),
            items=items_of(entry.texts, kind.field) if kind.is_list else (),
            lang=lang_of(entry.texts, kind.field),
        )
        for kind in kinds
        if entry.texts.shown_in(kind.field)
    ]


@register.simple_tag
def guidance(texts: Texts, field: str, css: str = "") -> SafeString:
    """A text in an element of its own, with class ``css`` and the text's language: one paragraph
    is a ``<p>``, several and lists stand in a ``<div>``. Nothing when there is no text."""
    html = render_markdown(texts.get(field))
    if not html:
        return html
    lang = lang_of(texts, field)
    inside = html.removeprefix("<p>").removesuffix("</p>")
    is_one_paragraph = len(html) - len(inside) == len("<p></p>") and "<p>" not in inside
    if is_one_paragraph and "<ul" not in inside and "<ol" not in inside:
        classes = format_html(' class="{}"', css) if css else ""
        return format_html("<p{}{}>{}</p>", classes, lang, mark_safe(inside))
    classes = f"{css} stack-small".strip()
    return format_html('<div class="{}"{}>{}</div>', classes, lang, html)


@register.filter
def text_of(texts: Texts, field: str) -> SafeString:
    """A short text inside an element of the page's own, such as a ``<span>``."""
    return render_inline(texts.get(field))


@register.filter
def items_of(texts: Texts, field: str) -> tuple[SafeString, ...]:
    return tuple(render_inline(item) for item in texts.items(field))


@register.filter
def national(links: Iterable[Any]) -> tuple[Any, ...]:
    """Those of the links that are for every country or for that of the active wording. Addresses
    that do not lead to the web are left out."""
    country = wording.current().country
    return tuple(
        link
        for link in links
        if (not link.country or link.country == country)
        and link.url.lower().startswith(("https://", "http://"))
    )


@register.simple_tag
def national_links(entry: Any) -> tuple[Any, ...]:
    """The links of a phase, step or tool that concern this organisation's country."""
    return national(getattr(entry, "links", ()))


@register.filter
def word(catalogue: Catalogue, level: str) -> str:
    """The method's word for ``phase`` or ``step``."""
    return catalogue.word(level)


@register.filter
def plural_word(catalogue: Catalogue, level: str) -> str:
    return catalogue.word(level, "plural")


@register.filter
def definite_word(catalogue: Catalogue, level: str) -> str:
    """As inside a sentence: "the phase", "fasen"."""
    return catalogue.word(level, "definite")


@register.simple_tag
def book_url(book: Book, entry: PhaseEntry | StepEntry | SlotEntry | None = None) -> str:
    """Where a part of the method is read in this book, or the method itself."""
    return book.address(entry)


@register.filter
def origin_meaning(origin: Origin) -> str:
    """What the mark says, in a sentence."""
    return str(ORIGIN_MEANINGS[origin])


@register.simple_tag
def lang_of(texts: Texts, field: str) -> SafeString:
    """`` lang="nb"`` inside a start tag when the text is not in the language of the page, so that
    it is read out and hyphenated as what it is."""
    shown = texts.shown_in(field)
    if not shown or shown == _language():
        return SafeString("")
    return format_html(' lang="{}"', shown)


@register.inclusion_tag("methodology/fallback_note.html")
def fallback_note(texts: Texts, *fields: str) -> dict[str, Any]:
    """One discreet line that names the language of those ``fields`` that are not in the reader's;
    nothing when all are. Without ``fields``, of all that the element has."""
    names = dict(settings.LANGUAGES)
    shown = {texts.shown_in(field) for field in fields or texts.stored}
    others = sorted(shown - {"", _language()})
    return {"languages": [{"code": code, "name": str(names[code])} for code in others]}


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE
