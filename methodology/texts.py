"""Texts of a method in several languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from common.locale_text import language_for


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
        has one, else ``""``."""
        found = self.shown_in(field, language)
        return self.stored[field][found] if found else ""

    def items(self, field: str, language: str | None = None) -> tuple[str, ...]:
        """As :meth:`get`, for fields that are lists."""
        found = self.shown_in(field, language)
        return tuple(self.stored[field][found]) if found else ()

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
