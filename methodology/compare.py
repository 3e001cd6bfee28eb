"""What is different between two versions of a method, part by part and text by text. Pure.

Parts are matched by key; within them texts are compared language by language.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from methodology.parts import Kind
from methodology.shapes import LANGUAGES
from methodology.texts import Texts, place_in_reading


class What(models.TextChoices):
    NEW = "new", _("New")
    GONE = "gone", _("Gone")
    RENAMED = "renamed", _("Renamed")
    CHANGED = "changed", _("Changed")


@dataclass(frozen=True, slots=True)
class Difference:
    """``language`` is ``""`` for what is not a text. ``old`` or ``new`` is ``""`` when there is
    none."""

    field: str
    language: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """A part that is not what it was. ``path`` holds the keys from the outermost part inwards, such
    as gate and criterion; ``place`` names the part it stands in. A renamed part may have changed
    in other ways too."""

    part: Kind
    what: What
    path: tuple[str, ...]
    texts: Texts
    old_texts: Texts
    place: Texts
    differences: tuple[Difference, ...]

    @property
    def key(self) -> str:
        return self.path[-1]

    @property
    def title(self) -> str:
        """As it is called now, or was called when it is gone."""
        return self.texts.get("title") or self.old_title

    @property
    def old_title(self) -> str:
        return self.old_texts.get("title")

    @property
    def place_title(self) -> str:
        return self.place.get("title")


@dataclass(frozen=True, slots=True)
class _Element:
    part: Kind
    path: tuple[str, ...]
    place: Texts
    values: Mapping[str, Any]

    @property
    def texts(self) -> Texts:
        return Texts({"title": self.values.get("title") or self.values.get("label") or {}})


# What is compared part by part, from the whole to the smallest; the other kinds are values of the
# part around them.
COMPARED = tuple(
    kind
    for kind in Kind
    if kind not in (Kind.SOURCE, Kind.INSIGHT, Kind.EXAMPLE, Kind.LINK, Kind.CHOICE)
)
# Of a part, what are parts of their own.
_INNER = {
    "principles",
    "closing",
    "roles",
    "tools",
    "phases",
    "worksheets",
    "steps",
    "gate",
    "criteria",
    "sections",
    "fields",
    "columns",
}
# What says which version it is, where in the order something stands, and whose adjustment it is.
_NOT_COMPARED = {"key", "format", "version", "number", "hidden_steps", "adjusted_by"}


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every part that is new, gone, renamed or changed, in the order of the new version; what is
    gone stands at the end."""
    before = {(each.part, each.path): each for each in _elements(old)}
    after = {(each.part, each.path): each for each in _elements(new)}
    changes = [
        change
        for identity, element in after.items()
        if (change := _change(before.get(identity), element)) is not None
    ]
    gone = [
        Change(element.part, What.GONE, element.path, Texts({}), element.texts, element.place, ())
        for identity, element in before.items()
        if identity not in after
    ]
    return (*changes, *gone)


def _change(old: _Element | None, new: _Element) -> Change | None:
    if old is None:
        return Change(new.part, What.NEW, new.path, new.texts, Texts({}), new.place, ())
    differences = tuple(_differences(old.values, new.values))
    if not differences:
        return None
    is_renamed = any(each.field in ("title", "label") for each in differences)
    return Change(
        part=new.part,
        what=What.RENAMED if is_renamed else What.CHANGED,
        path=new.path,
        texts=new.texts,
        old_texts=old.texts,
        place=new.place,
        differences=differences,
    )


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*old, *new}, key=place_in_reading):
        before, after = old.get(name), new.get(name)
        if name in _INNER or name in _NOT_COMPARED or before == after:
            continue
        if isinstance(after or before, dict):
            yield from _text_differences(name, before or {}, after or {})
        elif (before or None) != (after or None):
            yield Difference(name, "", as_text(before), as_text(after))


def _text_differences(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    for language in sorted({*old, *new}, key=_place_of_language):
        before, after = as_text(old.get(language)), as_text(new.get(language))
        if before != after:
            yield Difference(name, language, before, after)


def _place_of_language(name: str) -> tuple[int, str]:
    """Languages in their usual order; of other mappings the names by alphabet."""
    return (LANGUAGES.index(name) if name in LANGUAGES else len(LANGUAGES), name)


def as_text(value: Any) -> str:
    """A value of a method file in one text: lists line by line."""
    if value is None or value is False:
        return ""
    if isinstance(value, list):
        return "\n".join(as_text(entry) for entry in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {as_text(entry)}" for name, entry in value.items())
    return str(value)


def _elements(content: Mapping[str, Any]) -> Iterator[_Element]:
    nowhere = Texts({})
    yield _Element(Kind.METHOD, ("method",), nowhere, content)
    for part, name in (
        (Kind.PRINCIPLE, "principles"),
        (Kind.CLOSING, "closing"),
        (Kind.ROLE, "roles"),
        (Kind.TOOL, "tools"),
    ):
        yield from _listed(part, content.get(name, ()), (), nowhere)
    for phase in content["phases"]:
        yield from _phase(phase)
    for sheet in content.get("worksheets", ()):
        yield from _worksheet(sheet)


def _listed(
    part: Kind, entries: Iterable[Mapping[str, Any]], outer: tuple[str, ...], place: Texts
) -> Iterator[_Element]:
    for entry in entries:
        yield _Element(part, (*outer, entry["key"]), place, entry)


def _phase(phase: Mapping[str, Any]) -> Iterator[_Element]:
    title = Texts({"title": phase["title"]})
    yield _Element(Kind.PHASE, (phase["key"],), Texts({}), phase)
    # The step's own key alone: it is the same step when it moves to another phase.
    for step in phase["steps"]:
        yield _Element(Kind.STEP, (step["key"],), title, {**step, "phase": phase["key"]})
    gate = phase.get("gate")
    if gate:
        yield _Element(Kind.GATE, (gate["key"],), title, gate)
        yield from _listed(Kind.CRITERION, gate["criteria"], (gate["key"],), title)


def _worksheet(sheet: Mapping[str, Any]) -> Iterator[_Element]:
    title = Texts({"title": sheet["title"]})
    yield _Element(Kind.WORKSHEET, (sheet["key"],), Texts({}), sheet)
    yield from _listed(Kind.SECTION, sheet["sections"], (sheet["key"],), title)
    for section in sheet["sections"]:
        for field in section["fields"]:
            path = (sheet["key"], field["key"])
            yield _Element(Kind.FIELD, path, title, field)
            yield from _listed(Kind.COLUMN, field.get("columns", ()), path, title)
