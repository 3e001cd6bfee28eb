"""The method's texts on a page: in the reader's language, else in the nearest, marked as such."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from methodology.catalogue import Catalogue, SlotEntry, StepEntry, Texts

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


@dataclass(frozen=True, slots=True)
class Section:
    """A section of guidance that has something in it. ``lang`` is an attribute or empty."""

    kind: SectionKind
    text: str
    items: tuple[str, ...]
    lang: SafeString


@register.simple_tag
def guidance_sections(entry: StepEntry | SlotEntry) -> list[Section]:
    """What the method says about a step or a tool, in the order in which it is read."""
    kinds = STEP_SECTIONS if isinstance(entry, StepEntry) else SLOT_SECTIONS
    return [
        Section(
            kind=kind,
            text="" if kind.is_list else entry.texts.get(kind.field),
            items=entry.texts.items(kind.field) if kind.is_list else (),
            lang=lang_of(entry.texts, kind.field),
        )
        for kind in kinds
        if entry.texts.shown_in(kind.field)
    ]


@register.filter
def text_of(texts: Texts, field: str) -> str:
    return texts.get(field)


@register.filter
def items_of(texts: Texts, field: str) -> tuple[str, ...]:
    return texts.items(field)


@register.filter
def word(catalogue: Catalogue, level: str) -> str:
    """The method's word for ``phase`` or ``step``."""
    return catalogue.word(level)


@register.filter
def plural_word(catalogue: Catalogue, level: str) -> str:
    return catalogue.word(level, "plural")


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
