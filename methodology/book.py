"""The method as a book: what its pages show. The pages of a published version and the preview of a
draft are made from the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.urls import reverse

from common.markdown import plain_text
from methodology.catalogue import (
    Catalogue,
    GateEntry,
    InsightEntry,
    PhaseEntry,
    SlotEntry,
    StepEntry,
    Texts,
)
from methodology.enums import Origin, VersionStatus
from methodology.worksheets import FieldEntry, WorksheetEntry

Entry = TypeVar("Entry", PhaseEntry, StepEntry)


@dataclass(frozen=True, slots=True)
class Book:
    """The version that is read. ``query`` is added to links that stay inside it; ``owner`` is the
    organisation whose method it is, ``""`` for the installation's. A preview has a ``root`` of its
    own, an address that ends in a slash."""

    catalogue: Catalogue
    query: str = ""
    owner: str = ""
    root: str = ""

    @property
    def key(self) -> str:
        return self.catalogue.method_key

    @property
    def is_newest(self) -> bool:
        return self.catalogue.status == VersionStatus.PUBLISHED

    @property
    def is_retired(self) -> bool:
        return self.catalogue.status == VersionStatus.RETIRED

    @property
    def sentence(self) -> str:
        """The first sentence that the method says about itself."""
        about = plain_text(self.catalogue.texts.get("summary")).replace("\n", " ")
        first, stop, _rest = about.partition(". ")
        return f"{first}." if stop else first

    @property
    def languages(self) -> str:
        """The names of its languages, in the order of the installation's."""
        return ", ".join(language.name for language in languages_of(self.catalogue))

    def address(self, entry: PhaseEntry | StepEntry | SlotEntry | None = None) -> str:
        """Where a part of the method is read, or without one the method itself."""
        root = self.root or reverse("methodology:method", args=[self.key])
        if isinstance(entry, PhaseEntry):
            root = f"{root}{entry.key}/"
        elif isinstance(entry, StepEntry):
            root = f"{root}{entry.phase_key}/{entry.key}/"
        elif isinstance(entry, SlotEntry):
            root = f"{root}verktoy/{entry.key}/"
        return f"{root}{self.query}"


@dataclass(frozen=True, slots=True)
class BookLanguage:
    """A language of the method and where its texts come from; ``lang`` is the language in which
    that is said."""

    name: str
    origin: str
    lang: str
    is_complete: bool


@dataclass(frozen=True, slots=True)
class InsightSource:
    """A field in which a kind of insight is written down, and the tool that has it."""

    slot: SlotEntry
    field: FieldEntry


@dataclass(frozen=True, slots=True)
class Insight:
    entry: InsightEntry
    sources: tuple[InsightSource, ...]


def method_context(book: Book) -> dict[str, Any]:
    catalogue = book.catalogue
    return {
        "book": book,
        "languages": languages_of(catalogue),
        "gates": [_gate_line(catalogue, phase) for phase in catalogue.phases],
        "origins": origins_in(catalogue),
    }


def phase_context(book: Book, phase: PhaseEntry) -> dict[str, Any]:
    catalogue = book.catalogue
    previous, following = _neighbours(catalogue.phases, phase)
    return {
        "book": book,
        "phase": phase,
        "back_to": _back_to(catalogue, phase.gate),
        "back_from": [
            other
            for other in catalogue.phases
            if other.gate is not None and phase.key in other.gate.back_to
        ],
        "insight": [_insight(catalogue, entry) for entry in phase.insight],
        "previous": previous,
        "following": following,
    }


def step_context(book: Book, step: StepEntry) -> dict[str, Any]:
    previous, following = _neighbours(book.catalogue.steps, step)
    return {
        "book": book,
        "phase": book.catalogue.phase(step.phase_key),
        "step": step,
        "previous": previous,
        "following": following,
    }


def tool_context(book: Book, slot: SlotEntry) -> dict[str, Any]:
    return {
        "book": book,
        "slot": slot,
        "worksheet": worksheet_for(book.catalogue, slot),
        "phases": [phase for phase in book.catalogue.phases if _uses(phase, slot)],
    }


def worksheet_for(catalogue: Catalogue, slot: SlotEntry) -> WorksheetEntry | None:
    return catalogue.worksheet(slot.worksheet) if slot.worksheet else None


def languages_of(catalogue: Catalogue) -> list[BookLanguage]:
    return [
        _language(str(name), catalogue.languages[code])
        for code, name in settings.LANGUAGES
        if code in catalogue.languages
    ]


def origins_in(catalogue: Catalogue) -> list[Origin]:
    """Which marks the method's parts carry, for the legend: what is from the source has none."""
    parts = [*catalogue.slots, *catalogue.phases, *catalogue.steps, *catalogue.worksheets]
    gates = [phase.gate for phase in catalogue.phases if phase.gate is not None]
    found = {part.origin for part in [*parts, *gates]}
    return [origin for origin in (Origin.RECONSTRUCTED, Origin.OURS) if origin in found]


def _language(name: str, content: Mapping[str, Any]) -> BookLanguage:
    # Older versions tell it in English only.
    told = content["origin"]
    texts = Texts({"origin": told if isinstance(told, Mapping) else {"en": told}})
    return BookLanguage(
        name=name,
        origin=texts.get("origin"),
        lang=texts.shown_in("origin"),
        is_complete=content["coverage"] == "complete",
    )


@dataclass(frozen=True, slots=True)
class GateLine:
    """What the list of phases says about the end of a phase."""

    phase: PhaseEntry
    back_to: list[PhaseEntry]


def _gate_line(catalogue: Catalogue, phase: PhaseEntry) -> GateLine:
    return GateLine(phase, _back_to(catalogue, phase.gate))


def _back_to(catalogue: Catalogue, gate: GateEntry | None) -> list[PhaseEntry]:
    return [catalogue.phase(earlier) for earlier in gate.back_to] if gate else []


def _insight(catalogue: Catalogue, entry: InsightEntry) -> Insight:
    sources = []
    for source in entry.sources:
        worksheet, _point, field = source.partition(".")
        slot = next((slot for slot in catalogue.slots if slot.worksheet == worksheet), None)
        if slot is not None:
            sources.append(InsightSource(slot, catalogue.worksheet(worksheet).field(field)))
    return Insight(entry, tuple(sources))


def _uses(phase: PhaseEntry, slot: SlotEntry) -> bool:
    return slot in phase.slots or any(slot in step.slots for step in phase.steps)


def _neighbours(entries: tuple[Entry, ...], entry: Entry) -> tuple[Entry | None, Entry | None]:
    place = entries.index(entry)
    before = entries[place - 1] if place else None
    after = entries[place + 1] if place + 1 < len(entries) else None
    return before, after
