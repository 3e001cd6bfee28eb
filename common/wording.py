"""Words and links that follow the organisation, whatever the language.

A method speaks to municipalities, regions and care providers in many countries. Guidance writes the
reader's own organisation as a term in braces, such as ``{the_organisation}``, and
:func:`expand_terms` puts the word there that fits the kind of organisation. National links name a
country and are shown where it is the organisation's.

Whose organisation it is follows the request, as the language does: ``override`` for a block of
code, ``activate`` for the rest of the block one is in.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Country(models.TextChoices):
    NORWAY = "no", _("Norway")
    SWEDEN = "se", _("Sweden")
    DENMARK = "dk", _("Denmark")
    FINLAND = "fi", _("Finland")


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Region")
    CARE_PROVIDER = "care_provider", _("Care provider")


@dataclass(frozen=True, slots=True)
class Wording:
    country: Country = Country.NORWAY
    kind: OrganisationKind = OrganisationKind.MUNICIPALITY


@dataclass(frozen=True, slots=True)
class _Words:
    """The organisation in three forms: indefinite, definite, and definite genitive."""

    one: str
    the: str
    its: str


# Every Nordic word here is common gender (masculine in Norwegian), so that a text may say
# "en {organisation}" or "hele {the_organisation}" whichever word comes.
_KOMMUNE = _Words("kommune", "kommunen", "kommunens")
_KOMMUN = _Words("kommun", "kommunen", "kommunens")
_REGION = _Words("region", "regionen", "regionens")
_LEVERANDOR = _Words("omsorgsleverandør", "omsorgsleverandøren", "omsorgsleverandørens")

WORDS: dict[OrganisationKind, dict[str, _Words]] = {
    OrganisationKind.MUNICIPALITY: {
        "nb": _KOMMUNE,
        "nn": _KOMMUNE,
        "sv": _KOMMUN,
        "en": _Words("municipality", "the municipality", "the municipality's"),
    },
    OrganisationKind.REGION: {
        "nb": _REGION,
        "nn": _REGION,
        "sv": _REGION,
        "en": _Words("region", "the region", "the region's"),
    },
    OrganisationKind.CARE_PROVIDER: {
        "nb": _LEVERANDOR,
        "nn": _LEVERANDOR,
        "sv": _Words("vårdgivare", "vårdgivaren", "vårdgivarens"),
        "en": _Words("care provider", "the care provider", "the care provider's"),
    },
}

# Small letters as inside a sentence; a capital O or T begins a sentence.
TERMS = (
    "organisation",
    "the_organisation",
    "the_organisation_s",
    "Organisation",
    "The_organisation",
    "The_organisation_s",
)
_TERM = re.compile(r"\{(" + "|".join(TERMS) + r")\}")


def expand_terms(text: str, language: str) -> str:
    """The text with the words of the active wording in place of its :data:`TERMS`.

    ``language`` is the one the text is written in; an unknown one gets English words. Other braces
    are left alone.
    """
    if "{" not in text:
        return text
    by_language = WORDS[current().kind]
    words = by_language.get(language, by_language["en"])
    forms = {
        "organisation": words.one,
        "the_organisation": words.the,
        "the_organisation_s": words.its,
    }

    def word(found: re.Match[str]) -> str:
        term = found[1]
        form = forms[term.lower()]
        return form[0].upper() + form[1:] if term[0].isupper() else form

    return _TERM.sub(word, text)


# --- which wording is active ---------------------------------------------------------------------


class _Scope:
    """What a block of code has; a function is asked once, the first time somebody wants to know."""

    __slots__ = ("wording",)

    def __init__(self, wording: Wording | Callable[[], Wording]) -> None:
        self.wording = wording


_scope: ContextVar[_Scope | None] = ContextVar("wording", default=None)


def current() -> Wording:
    """The active wording; a Norwegian municipality's where none is."""
    scope = _scope.get()
    if scope is None:
        return Wording()
    if not isinstance(scope.wording, Wording):
        scope.wording = scope.wording()
    return scope.wording


@contextmanager
def override(wording: Wording | Callable[[], Wording]) -> Iterator[None]:
    """Let ``wording`` be the active one inside, and the earlier one again afterwards.

    A function is called when the wording is first asked for, and not at all when nobody asks.
    """
    token = _scope.set(_Scope(wording))
    try:
        yield
    finally:
        _scope.reset(token)


def activate(wording: Wording) -> None:
    """Let ``wording`` be the active one for the rest of the innermost ``override``. Outside of any
    nothing happens, so that it cannot stay behind in the thread."""
    scope = _scope.get()
    if scope is not None:
        scope.wording = wording
