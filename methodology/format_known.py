"""What the parts of one version may refer to, gathered before anything is checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from methodology.format_rules import Reading, reading_of
from methodology.shapes import LANGUAGES, member, members, word_at
from methodology.yaml_reader import Node


@dataclass(frozen=True, slots=True)
class Known:
    """What the parts of one version may refer to. ``None``: it is not known what there is."""

    languages: tuple[str, ...] = LANGUAGES
    complete: tuple[str, ...] = ()
    slots: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None
    phases: tuple[str, ...] | None = None
    worksheets: Mapping[str, tuple[str, ...]] | None = None
    reading: Reading = field(default_factory=Reading)
    seen: Mapping[str, dict[str, str]] = field(
        default_factory=lambda: {"phase": {}, "step": {}, "gate": {}, "worksheet": {}}
    )


def gather(
    method: Node | None, phases: Sequence[Node | None], worksheets: Sequence[Node | None]
) -> Known:
    """Look for what may be referred to, in parts that nobody has checked yet. ``phases`` and
    ``worksheets`` are the mappings themselves; ``None`` is one that could not be read."""
    declared = member(method, "languages")
    listed = [language for language in LANGUAGES if member(declared, language) is not None]
    unreadable = method is None
    return Known(
        languages=tuple(listed) or LANGUAGES,
        complete=tuple(
            language
            for language in listed
            if word_at(member(declared, language), "coverage") == "complete"
        ),
        slots=None if unreadable else _words_in(members(method, "tools"), "key"),
        tools=None if unreadable else _words_in(members(method, "tools"), "tool"),
        phases=None if None in phases else _words_in(phases, "key"),
        worksheets=(
            None
            if None in worksheets
            else {word_at(sheet, "key"): _field_keys(sheet) for sheet in worksheets}
        ),
        reading=reading_of(members(method, "tools"), worksheets),
    )


def _words_in(nodes: Iterable[Node | None], name: str) -> tuple[str, ...]:
    return tuple(found for node in nodes if (found := word_at(node, name)))


def _field_keys(worksheet: Node | None) -> tuple[str, ...]:
    return tuple(
        key
        for section in members(worksheet, "sections")
        for key in _words_in(members(section, "fields"), "key")
    )
