"""Two versions beside each other: change by change, with the words that differ marked. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from authoring.diff import Piece, word_marks
from authoring.labels import field_label, language_name
from authoring.tree import part_url
from methodology.compare import COMPARED, Change, Difference, What
from methodology.enums import (
    FieldKind,
    GateMode,
    GateOutcome,
    Origin,
    Sensitivity,
    Severity,
)
from methodology.parts import Address, Content, Kind, PartNode, all_parts
from methodology.shapes import LANGUAGES

_VALUES: Mapping[str, Any] = {
    "severity": Severity,
    "mode": GateMode,
    "outcomes": GateOutcome,
    "origin": Origin,
    "kind": FieldKind,
    "sensitivity": Sensitivity,
}


@dataclass(frozen=True, slots=True)
class Sides:
    """A text of both versions, in pieces. ``language`` is a code, or ``""``."""

    label: str
    language: str
    language_name: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    change: Change
    kind: str
    what: str
    tone: str
    url: str
    sides: tuple[Sides, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many parts of one kind are new, gone, renamed or changed."""

    part: Kind
    label: str
    numbers: tuple[tuple[str, int], ...]
    total: int


_TONES = {What.NEW: "success", What.GONE: "danger", What.RENAMED: "info", What.CHANGED: "info"}


def show(changes: Iterable[Change], *, language: str = "", urls: Mapping[Any, str]) -> list[Any]:
    """The changes with both sides; with ``language`` only the texts in it. ``urls`` are where
    parts of a draft are written, by part and path."""
    return [
        ShownChange(
            change=change,
            kind=str(change.part.label),
            what=str(change.what.label),
            tone=_TONES[change.what],
            url=urls.get((change.part.value, change.path), ""),
            sides=tuple(_sides(each) for each in change.differences if _concerns(each, language)),
        )
        for change in changes
    ]


def concerning(changes: Iterable[Change], part: str, language: str) -> list[Change]:
    """Those of one kind of part, if any is named, that say something in the language."""
    return [
        change
        for change in changes
        if (not part or change.part == part)
        and (not change.differences or any(_concerns(d, language) for d in change.differences))
    ]


def _concerns(difference: Difference, language: str) -> bool:
    return not language or difference.language not in LANGUAGES or difference.language == language


def _sides(difference: Difference) -> Sides:
    is_text = difference.language in LANGUAGES
    old, new = word_marks(
        _value(difference.field, difference.old), _value(difference.field, difference.new)
    )
    label = field_label(difference.field)
    if difference.language and not is_text:
        label = f"{label}: {difference.language}"
    return Sides(
        label=label,
        language=difference.language if is_text else "",
        language_name=language_name(difference.language).lower() if is_text else "",
        old=old,
        new=new,
    )


def _value(field: str, value: str) -> str:
    """Settings in words."""
    if value == "True":
        return _("Yes")
    choices = _VALUES.get(field)
    if choices is None:
        return value
    labels = {str(key): str(label) for key, label in choices.choices}
    return "\n".join(labels.get(line, line) for line in value.split("\n"))


def counts(changes: Iterable[Change]) -> list[Count]:
    """By kind of part, from the whole to the smallest; kinds without changes are left out."""
    by_part: dict[Kind, Counter[What]] = {}
    for change in changes:
        by_part.setdefault(change.part, Counter())[change.what] += 1
    return [
        Count(
            part=part,
            label=str(part.label),
            numbers=tuple((str(w.label).lower(), found[w]) for w in What if found[w]),
            total=sum(found.values()),
        )
        for part in COMPARED
        if (found := by_part.get(part))
    ]


def urls_of(content: Content, method_key: str) -> dict[tuple[str, tuple[str, ...]], str]:
    """Where each part of a draft is written, by what ``methodology.compare`` calls it."""
    gates = {node.address: node.values["key"] for node in all_parts(content) if _is_gate(node)}
    return {
        (node.kind.value, _path(node, gates)): part_url(method_key, node.address)
        for node in all_parts(content)
    }


def _is_gate(node: PartNode) -> bool:
    return node.kind is Kind.GATE


def _path(node: PartNode, gates: Mapping[Address, str]) -> tuple[str, ...]:
    address = node.address
    if node.kind is Kind.METHOD:
        return ("method",)
    if node.kind is Kind.GATE:
        return (gates[address],)
    if node.kind is Kind.CRITERION:
        return gates[address[:3]], address[-1]
    if node.kind in (Kind.SECTION, Kind.FIELD):
        return address[1], address[-1]
    if node.kind is Kind.COLUMN:
        return address[1], address[5], address[-1]
    return (address[-1],)
