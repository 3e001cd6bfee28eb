"""Searching the method as a reader sees it. Pure: a catalogue in, hits out."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from common.markdown import plain_text
from common.wording import expand_terms
from methodology.catalogue import Catalogue, PhaseEntry, SlotEntry, Texts, Titled
from methodology.texts import place_in_reading
from methodology.worksheets import all_fields

Kind = Literal["method", "principle", "phase", "step", "tool", "gate", "role"]
MAX_QUERY = 100
# Letters that are not a plain letter with a mark, and how people write them without the key.
_SPELT = {"ø": "o", "æ": "ae", "ð": "d", "þ": "th", "ß": "ss", "œ": "oe", "ł": "l"}
_BEFORE, _AFTER = 60, 110


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of text around what was found; ``before`` and ``after`` end in … when cut."""

    before: str
    match: str
    after: str
    language: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An element in which every word was found. ``phase_key`` and ``key`` give its place."""

    kind: Kind
    key: str
    phase_key: str
    title: str
    label: str
    in_title: bool
    excerpt: Excerpt | None


def search_catalogue(catalogue: Catalogue, query: str, language: str) -> tuple[Hit, ...]:
    """Hits in the method's order, those with every word in the title first.

    Letters match whatever their case and marks: ``forankring`` finds "Förankring", ``lose``
    finds "løse". A word matches inside longer words. No hits for a blank query.
    """
    words = tuple(dict.fromkeys(fold(query[:MAX_QUERY])[0].split()))
    if not words:
        return ()
    hits = [
        hit
        for place in _places(catalogue, language)
        if (hit := _find(place, words, language)) is not None
    ]
    return tuple(sorted(hits, key=lambda hit: not hit.in_title))


@dataclass(frozen=True, slots=True)
class _Place:
    kind: Kind
    key: str
    phase_key: str
    title: str
    label: str
    texts: tuple[Texts, ...]


def _places(catalogue: Catalogue, language: str) -> Iterator[_Place]:
    yield _Place("method", "", "", catalogue.title_in(language), "", (catalogue.texts,))
    for principle in catalogue.principles:
        yield _place("principle", principle, "", "", language)
    for phase in catalogue.phases:
        examples = tuple(
            Texts(
                {
                    "name": {language: f"{example.municipality}: {example.name}"},
                    **example.texts.stored,
                }
            )
            for example in phase.examples
        )
        yield _place("phase", phase, phase.key, str(phase.number), language, examples)
        for step in phase.steps:
            yield _place("step", step, phase.key, step.label, language)
        yield from _gate_places(phase, language)
    for slot in catalogue.slots:
        yield _place("tool", slot, "", "", language, _worksheet_texts(catalogue, slot))
    for role in catalogue.roles:
        yield _place("role", role, "", "", language)


def _worksheet_texts(catalogue: Catalogue, slot: SlotEntry) -> tuple[Texts, ...]:
    """A worksheet is part of the tool that it serves."""
    if not slot.worksheet:
        return ()
    worksheet = catalogue.worksheet(slot.worksheet)
    fields = [*all_fields(worksheet)]
    choices = [choice for field in fields for choice in field.choices]
    return tuple(each.texts for each in (worksheet, *worksheet.sections, *fields, *choices))


def _gate_places(phase: PhaseEntry, language: str) -> Iterator[_Place]:
    if phase.gate is not None:
        criteria = tuple(criterion.texts for criterion in phase.gate.criteria)
        yield _place("gate", phase.gate, phase.key, "", language, criteria)


def _place(
    kind: Kind,
    entry: Titled,
    phase_key: str,
    label: str,
    language: str,
    more: tuple[Texts, ...] = (),
) -> _Place:
    return _Place(kind, entry.key, phase_key, entry.title_in(language), label, (entry.texts, *more))


def _find(place: _Place, words: tuple[str, ...], language: str) -> Hit | None:
    title = fold(place.title)[0]
    in_title = all(word in title for word in words)
    left = {word for word in words if word not in title}
    excerpt = None
    for text, shown in _all_texts(place.texts, language):
        folded = _folded(text)
        present = [word for word in words if word in folded]
        if present and excerpt is None and text != place.title:
            excerpt = _excerpt(text, present[0], shown)
        left -= set(present)
    if left:
        return None
    return Hit(
        kind=place.kind,
        key=place.key,
        phase_key=place.phase_key,
        title=place.title,
        label=place.label,
        in_title=in_title,
        excerpt=excerpt,
    )


def _all_texts(texts: Iterable[Texts], language: str) -> Iterator[tuple[str, str]]:
    """Each text with the language it is in, as a reader of ``language`` sees it."""
    for group in texts:
        for field in sorted(group.stored, key=place_in_reading):
            shown = group.shown_in(field, language)
            stored = group.stored[field].get(shown, "")
            for text in [stored] if isinstance(stored, str) else stored:
                yield expand_terms(text, shown), shown


# A search reads every text of every method, and they do not change.
@lru_cache(maxsize=65536)
def _folded(text: str) -> str:
    return fold(text)[0]


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without case and marks, and for each of its letters the place it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(text):
        for small in character.casefold():
            decomposed = unicodedata.normalize("NFKD", _SPELT.get(small, small))
            plain = "".join(part for part in decomposed if not unicodedata.combining(part))
            letters.append(plain)
            origin.extend([place] * len(plain))
    return "".join(letters), tuple(origin)


def _excerpt(text: str, word: str, language: str) -> Excerpt:
    # As people read it, unless the word stands across what makes it bold. Making every text plain
    # before looking would take longer than the search.
    plain = plain_text(text).replace("\n", " ")
    if word in fold(plain)[0]:
        text = plain
    folded, origin = fold(text)
    found = folded.index(word)
    start, end = origin[found], origin[found + len(word) - 1] + 1
    left = 0 if start <= _BEFORE else text.find(" ", start - _BEFORE, start) + 1 or start
    right = len(text)
    if right - end > _AFTER:
        cut = text.rfind(" ", end, end + _AFTER)
        right = cut if cut > end else end + _AFTER
    return Excerpt(
        before=("… " if left else "") + text[left:start],
        match=text[start:end],
        after=text[end:right] + (" …" if right < len(text) else ""),
        language=language,
    )
