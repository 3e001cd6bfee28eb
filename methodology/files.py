"""Method files: a folder per version, read, checked and turned into plain content.

``docs/methodology.md`` describes the format for people who write methods. A file is checked only
against itself and the other files of its folder; which tools exist is not this module's business.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.outcomes import Refusal
from methodology.enums import GateMode, GateOutcome, Severity
from methodology.shapes import (
    LANGUAGES,
    Shape,
    exactly,
    first_use,
    flag,
    key,
    list_of,
    mapping,
    member,
    number,
    one_of,
    optional,
    pattern,
    reference,
    text,
    text_lists,
    texts,
)
from methodology.yaml_reader import MethodFileError, Node, Problems, read_yaml, shown_path

__all__ = [
    "MethodFileError",
    "MethodFilesRefused",
    "VersionContent",
    "read_methods",
    "read_version",
]

FORMAT = 1
# The languages that guidance must have; titles must have all of them.
GUIDANCE_LANGUAGES = ("nb", "sv")
PROJECT_ROLES = (
    "leader",
    "member",
    "owner",
    "line_manager",
    "benefit_responsible",
    "benefit_owner",
    "reader",
)

_PHASE_FILE = re.compile(r"phase-([1-9][0-9]*)-[a-z0-9-]+\.yaml")
_tool = pattern(r"[a-z][a-z0-9_]{0,59}", "the key of a tool (small letters, digits and _)")
_finding = pattern(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", "a finding as tool.code")
_url = pattern(r"https?://\S+", "an address that begins with https:// or http://")


class MethodFilesRefused(Refusal):
    """The files are not as they should be. ``errors`` names everything that is wrong."""

    def __init__(self, errors: Iterable[MethodFileError]) -> None:
        self.errors = tuple(sorted(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True, slots=True)
class VersionContent:
    """One version of a method as plain content: complete, checked, the same for the same files."""

    method_key: str
    number: int
    content: Mapping[str, Any]

    @property
    def content_hash(self) -> str:
        """SHA-256 in hexadecimal over the content as canonical JSON. Layout, comments and the
        order of keys in the files do not count."""
        canonical = json.dumps(
            self.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_methods(root: Path) -> tuple[VersionContent, ...]:
    """Every version below ``root``, by method and number.

    Raises :class:`MethodFilesRefused` with the errors of all versions together.
    """
    if not root.is_dir():
        raise MethodFilesRefused([MethodFileError(shown_path(root), 1, "there is no such folder")])
    read, errors = [], []
    for folder in sorted(_folders(root)):
        versions = sorted(_folders(folder))
        if not versions:
            errors.append(MethodFileError(shown_path(folder), 1, "the method has no version"))
        for version in versions:
            try:
                read.append(read_version(version))
            except MethodFilesRefused as refusal:
                errors.extend(refusal.errors)
    if errors:
        raise MethodFilesRefused(errors)
    return tuple(sorted(read, key=lambda version: (version.method_key, version.number)))


def read_version(folder: Path) -> VersionContent:
    """One version from ``<method key>/<number>/``.

    Raises :class:`MethodFilesRefused` with every error in the folder.
    """
    folder = folder.resolve()
    if not (folder / "method.yaml").is_file():
        reason = "there is no such file, and every version has one"
        raise MethodFilesRefused([MethodFileError(shown_path(folder / "method.yaml"), 1, reason)])
    problems = Problems(shown_path(folder / "method.yaml"))
    node = read_yaml(folder / "method.yaml", problems)
    languages = _guidance_languages(node)
    method = {} if node is None else _method_shape(folder, languages)(node, "", problems)
    errors = [*problems.found]
    phases, phase_errors = _read_phases(folder, languages, _keys(member(node, "tools")))
    errors.extend(phase_errors)
    errors.extend(_odd_files(folder))
    if errors:
        raise MethodFilesRefused(errors)
    return VersionContent(method["key"], method["version"], {**method, "phases": phases})


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]


def _odd_files(folder: Path) -> list[MethodFileError]:
    return [
        MethodFileError(
            shown_path(path),
            1,
            "this does not belong to a method (expected method.yaml or phase-<number>-<name>.yaml)",
        )
        for path in folder.iterdir()
        if not path.name.startswith(".")
        and path.name != "method.yaml"
        and not _PHASE_FILE.fullmatch(path.name)
    ]


def _phase_files(folder: Path) -> list[Path]:
    numbered = [
        (int(match[1]), path)
        for path in folder.iterdir()
        if (match := _PHASE_FILE.fullmatch(path.name))
    ]
    return [path for _, path in sorted(numbered)]


def _read_phases(
    folder: Path, languages: tuple[str, ...], tools: frozenset[str] | None
) -> tuple[list[Any], list[MethodFileError]]:
    phases, errors = [], []
    seen: dict[str, dict[str, str]] = {"phase": {}, "step": {}, "gate": {}}
    earlier: list[str] | None = []
    for place, path in enumerate(_phase_files(folder), start=1):
        problems = Problems(shown_path(path))
        node = read_yaml(path, problems)
        if node is None:
            earlier = (
                None  # the key of this phase is unknown, so later references are taken as read
            )
        else:
            shape = _phase_shape(place, languages, tools, earlier, seen)
            content = mapping({"phase": shape})(node, "", problems)
            phases.append(content.get("phase", {}))
            if earlier is not None:
                earlier = [*earlier, *_key_of(member(node, "phase"))]
        errors.extend(problems.found)
    if not phases and not errors:
        reason = "a method has at least one phase-<number>-<name>.yaml"
        errors.append(MethodFileError(shown_path(folder), 1, reason))
    return phases, errors


def _method_shape(folder: Path, languages: tuple[str, ...]) -> Shape:
    titles = texts(LANGUAGES)
    word = mapping({"singular": titles, "plural": titles})
    return mapping(
        {
            "format": exactly(FORMAT, "the format that is read here"),
            "key": exactly(folder.parent.name, "the name of the method's folder"),
            "version": _number_of_folder(folder.name),
            "default_language": one_of(languages),
            "languages": mapping(
                {
                    language: mapping({"coverage": _coverage(language), "origin": text})
                    for language in LANGUAGES
                }
            ),
            "title": titles,
            "summary": texts(languages),
            "words": mapping({"phase": word, "step": word}),
            "sources": list_of(mapping({"title": text, "url": _url})),
            "roles": list_of(_role_shape(languages), unique="key"),
            "tools": list_of(_tool_shape(languages), unique="key"),
        },
    )


def _number_of_folder(name: str) -> Shape:
    if re.fullmatch(r"[1-9][0-9]{0,5}", name):
        return exactly(int(name), "the name of the version's folder")

    def check(node: Node, where: str, problems: Problems) -> Any:
        problems.add(
            node.line, f'{where}: the version\'s folder must be named by its number, not "{name}"'
        )
        return 0

    return check


def _coverage(language: str) -> Shape:
    if language in GUIDANCE_LANGUAGES:
        return exactly("complete", "guidance is required in this language")
    return one_of(("complete", "titles"))


def _role_shape(languages: tuple[str, ...]) -> Shape:
    return mapping(
        {
            "key": key,
            "title": texts(LANGUAGES),
            "description": texts(languages),
            "project_role": optional(one_of(PROJECT_ROLES), ""),
            "expected": optional(flag, False),
        }
    )


def _tool_shape(languages: tuple[str, ...]) -> Shape:
    return mapping(
        {
            "key": key,
            "tool": _tool,
            "variant": optional(key, ""),
            "addition": optional(flag, False),
            "title": texts(LANGUAGES),
            "purpose": texts(languages),
            "what": texts(languages),
            "how": text_lists(languages),
            "good": text_lists(languages),
            "mistakes": text_lists(languages),
        }
    )


def _phase_shape(
    place: int,
    languages: tuple[str, ...],
    tools: frozenset[str] | None,
    earlier: list[str] | None,
    seen: dict[str, dict[str, str]],
) -> Shape:
    tool_list = list_of(reference(tools, "a tool in method.yaml"), unique=".")
    return mapping(
        {
            "key": first_use(key, seen["phase"]),
            "number": exactly(place, "the phase files are numbered 1, 2, 3 in order"),
            "title": texts(LANGUAGES),
            "purpose": texts(languages),
            "tips": text_lists(languages),
            "for_leaders": optional(text_lists(languages), {}),
            "tools": tool_list,
            "examples": list_of(
                mapping({"municipality": text, "name": text, "text": texts(languages)})
            ),
            "steps": list_of(
                _step_shape(languages, tool_list, seen["step"]), at_least=1, numbered=True
            ),
            "gate": optional(_gate_shape(languages, earlier, seen["gate"]), None),
        }
    )


def _step_shape(languages: tuple[str, ...], tool_list: Shape, seen: dict[str, str]) -> Shape:
    return mapping(
        {
            # Across all phases: a step is found by its key alone.
            "key": first_use(key, seen),
            "number": number,
            "title": texts(LANGUAGES),
            "tools": tool_list,
            "optional": optional(flag, False),
            "decision": optional(flag, False),
            "why": texts(languages),
            "what": texts(languages),
            "how": text_lists(languages),
            "who": texts(languages),
            "duration": texts(languages),
            "result": texts(languages),
            "tips": text_lists(languages),
            "good": text_lists(languages),
            "mistakes": text_lists(languages),
            "for_leaders": text_lists(languages),
            "questions": text_lists(languages),
        }
    )


def _gate_shape(
    languages: tuple[str, ...], earlier: list[str] | None, seen: dict[str, str]
) -> Shape:
    criterion = mapping(
        {
            "key": key,
            "severity": one_of(Severity.values),
            "title": texts(LANGUAGES),
            "guidance": texts(languages),
            "example": texts(languages),
            "findings": optional(list_of(_finding, unique="."), []),
        }
    )
    return mapping(
        {
            "key": first_use(key, seen),
            "title": texts(LANGUAGES),
            "purpose": texts(languages),
            "mode": one_of(GateMode.values),
            "outcomes": list_of(one_of(GateOutcome.values), at_least=1, unique="."),
            "back_to": list_of(reference(earlier, "an earlier phase"), unique="."),
            "criteria": list_of(criterion, unique="key"),
        },
        rules=[_back_goes_with_back_to],
    )


def _back_goes_with_back_to(gate: dict[str, Node], where: str, problems: Problems) -> None:
    outcomes, back_to = gate.get("outcomes"), gate.get("back_to")
    if outcomes is None or back_to is None:
        return
    if not isinstance(outcomes.value, list) or not isinstance(back_to.value, list):
        return
    offers_back = any(outcome.value == GateOutcome.BACK for outcome in outcomes.value)
    if offers_back and not back_to.value:
        problems.add(
            back_to.line, f'{where}.back_to: the outcome "back" needs at least one phase to go to'
        )
    if back_to.value and not offers_back:
        problems.add(back_to.line, f'{where}.back_to: phases to go back to need the outcome "back"')


def _guidance_languages(node: Node | None) -> tuple[str, ...]:
    """The languages in which every text must exist: those required of all methods, and those
    that this method says are complete."""
    declared = member(node, "languages")
    complete = [
        language
        for language in LANGUAGES
        if (coverage := member(member(declared, language), "coverage")) is not None
        and coverage.value == "complete"
    ]
    return tuple(
        language for language in LANGUAGES if language in GUIDANCE_LANGUAGES or language in complete
    )


def _keys(node: Node | None) -> frozenset[str] | None:
    if node is None or not isinstance(node.value, list):
        return None
    return frozenset(found for entry in node.value for found in _key_of(entry))


def _key_of(node: Node | None) -> list[str]:
    entry = member(node, "key")
    return [entry.value] if entry is not None and isinstance(entry.value, str) else []
