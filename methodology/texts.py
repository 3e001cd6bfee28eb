"""Texts of a method in several languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from common.locale_text import language_for
from common.wording import expand_terms

# In which order texts are read. Said here, since a database may hand out JSON in any order.
READING_ORDER = (
    "title",
    "label",
    "name",
    "summary",
    "description",
    "purpose",
    "why",
    "what",
    "how",
    "who",
    "duration",
    "result",
    "guidance",
    "example",
    "tips",
    "good",
    "mistakes",
    "for_leaders",
    "questions",
    "text",
    "warning",
    "help",
    "severity",
    "lowered_reason",
)


def place_in_reading(field: str) -> tuple[int, str]:
    """For sorting the names of texts; those that are not known come last, by name."""
    known = field in READING_ORDER
    return (READING_ORDER.index(field) if known else len(READING_ORDER), field)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one element: field -> language -> text or list of texts."""

    stored: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, content: Mapping[str, Any], fields: Iterable[str]) -> "Texts":
        """Those of ``fields`` that the content has."""
        return cls({field: content[field] for field in fields if content.get(field)})

    def get(self, field: str, language: str | None = None) -> str:
        """The text in ``language`` (the reader's by default), else in the nearest language that
        has one, else ``""``. Terms such as ``{organisation}`` become the words of the kind of
        organisation that is spoken to (``common.wording``)."""
        found = self.shown_in(field, language)
        return expand_terms(self.stored[field][found], found) if found else ""

    def items(self, field: str, language: str | None = None) -> tuple[str, ...]:
        """As :meth:`get`, for fields that are lists."""
        found = self.shown_in(field, language)
        if not found:
            return ()
        return tuple(expand_terms(text, found) for text in self.stored[field][found])

    def shown_in(self, field: str, language: str | None = None) -> str:
        """Which language :meth:`get` gives, to mark a fallback."""
        return language_for(
            self.stored.get(field, {}), language or translation.get_language() or "nb"
        )


@dataclass(frozen=True, slots=True)
class Titled:
    key: str
    texts: Texts

    @property
    def title(self) -> str:
        return self.texts.get("title")

    def title_in(self, language: str) -> str:
        return self.texts.get("title", language)
