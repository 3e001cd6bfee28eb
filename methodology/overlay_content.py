"""What the parts of an overlay look like: checked with the shapes of the method's own format. Pure.

An organisation writes at least in its document language; every other language is welcome.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from methodology.format import Format, Known
from methodology.overlays import EMPTY, NOTE_KINDS, OWN_PREFIX
from methodology.shapes import (
    LANGUAGES,
    MAX_KEY,
    Flag,
    Key,
    Localised,
    MappingOf,
    OneOf,
    Shape,
    Text,
    optional,
)
from methodology.yaml_reader import Problems, node_of

EMPTY_PARTS: Mapping[str, Any] = {name: [] for name in EMPTY}

PART_WORDS = {
    "steps": gettext_lazy("Own step"),
    "criteria": gettext_lazy("Own criterion"),
    "notes": gettext_lazy("Note"),
}


@dataclass(frozen=True, slots=True)
class OverlayProblem:
    """``part`` is ``steps``, ``criteria`` or ``notes``; ``field`` the text or setting, with the
    language after a dot where there is one."""

    part: str
    key: str
    field: str
    reason: str

    @property
    def sentence(self) -> str:
        return _("%(part)s “%(key)s”, %(field)s: %(reason)s.") % {
            "part": PART_WORDS[self.part],
            "key": self.key,
            "field": self.field,
            "reason": self.reason.rstrip("."),
        }


class _OwnFormat(Format):
    """The shapes of what an organisation adds to ``content``: titles too are needed in one language
    only."""

    def __init__(self, content: Mapping[str, Any], language: str) -> None:
        super().__init__(
            Known(
                languages=LANGUAGES,
                complete=(language,),
                slots=tuple(slot["key"] for slot in content["tools"]),
                tools=tuple(slot["tool"] for slot in content["tools"]),
                phases=tuple(phase["key"] for phase in content["phases"]),
            )
        )
        self.title = Localised(Text(), (language,), LANGUAGES)


def checked_step(
    step: Mapping[str, Any], content: Mapping[str, Any], language: str
) -> tuple[dict[str, Any], tuple[OverlayProblem, ...]]:
    """The step in canonical order, and what is wrong with it."""
    shapes = _OwnFormat(content, language)
    shape = MappingOf(
        {
            "key": Key(),
            "phase": OneOf([phase["key"] for phase in content["phases"]]),
            "after": OneOf(["", *_steps(content)]),
            "title": shapes.title,
            "tools": shapes.slots,
            "optional": optional(Flag(), False),
            **shapes.step_texts(),
        }
    )
    return _checked("steps", shape, step)


def checked_criterion(
    criterion: Mapping[str, Any], content: Mapping[str, Any], language: str
) -> tuple[dict[str, Any], tuple[OverlayProblem, ...]]:
    """As :func:`checked_step`. What an organisation asks for is answered by a person."""
    gates = [phase["gate"]["key"] for phase in content["phases"] if phase["gate"]]
    fields = _OwnFormat(content, language).criterion().fields
    return _checked("criteria", MappingOf({"gate": OneOf(gates), **fields}), criterion)


def checked_note(
    note: Mapping[str, Any], content: Mapping[str, Any], language: str
) -> tuple[dict[str, Any], tuple[OverlayProblem, ...]]:
    shape = MappingOf(
        {
            "kind": OneOf(NOTE_KINDS),
            "key": Key(),
            "text": _OwnFormat(content, language).guidance,
        }
    )
    return _checked("notes", shape, note)


def problems_of(
    overlay: Mapping[str, Any], content: Mapping[str, Any], language: str
) -> tuple[OverlayProblem, ...]:
    """What is wrong with texts and settings of the overlay. That something in it has no home in
    this version of the method is not wrong: it has no effect."""
    phases = {phase["key"] for phase in content["phases"]}
    gates = {phase["gate"]["key"] for phase in content["phases"] if phase["gate"]}
    known = set(_steps(content)) | {own["key"] for own in overlay["steps"]}
    slots = {slot["key"] for slot in content["tools"]}
    found: list[OverlayProblem] = []
    for step in overlay["steps"]:
        if step["phase"] in phases:
            # A step or a tool that is gone since only changes where and with what it is shown.
            placed = {
                **step,
                "after": step["after"] if step["after"] in _steps(content) else "",
                "tools": [key for key in step["tools"] if key in slots],
            }
            found += checked_step(placed, content, language)[1]
    for criterion in overlay["criteria"]:
        if criterion["gate"] in gates:
            found += checked_criterion(criterion, content, language)[1]
    for note in overlay["notes"]:
        if note["kind"] != "step" or note["key"] in known:
            found += checked_note(note, content, language)[1]
    return tuple(found)


def _checked(
    part: str, shape: Shape, value: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[OverlayProblem, ...]]:
    problems = Problems(part)
    checked: dict[str, Any] = shape(node_of(value), "", problems)
    return checked, tuple(
        OverlayProblem(part, str(value.get("key", "")), *_field_and_reason(error.reason))
        for error in problems.found
    )


def _field_and_reason(reason: str) -> tuple[str, str]:
    """A problem reads ``why.nb: the text is empty``; entries of a list have their number."""
    field, _colon, why = reason.partition(": ")
    return re.sub(r"\[\d+\]", "", field), why or reason


def _steps(content: Mapping[str, Any]) -> list[str]:
    return [step["key"] for phase in content["phases"] for step in phase["steps"]]


_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ð": "d", "þ": "th"})


def own_key(title: Mapping[str, str], language: str, taken: Collection[str]) -> str:
    """A key that begins with :data:`methodology.overlays.OWN_PREFIX`, made from the title, and
    that nothing in ``taken`` has."""
    words = (title.get(language) or next(iter(title.values()), "")).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    stem = OWN_PREFIX + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "part")
    stem = stem[: MAX_KEY - 4].rstrip("-")
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key
