"""Texts that exist in several languages, and which one a reader gets."""

from collections.abc import Mapping

# Neighbours first: a Swede reads Norwegian more easily than English, and the other way round.
FALLBACKS: dict[str, tuple[str, ...]] = {
    "nb": ("nb", "nn", "sv", "en"),
    "nn": ("nn", "nb", "sv", "en"),
    "sv": ("sv", "nb", "nn", "en"),
    "en": ("en", "nb", "sv", "nn"),
}


def language_for(texts: Mapping[str, object], language: str) -> str:
    """The language that a reader of ``language`` gets, or ``""`` when there is no text at all."""
    for candidate in FALLBACKS.get(language, FALLBACKS["nb"]):
        if texts.get(candidate):
            return candidate
    return ""
