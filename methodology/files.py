"""Method files: a folder per version or one document, read, checked and written.

``docs/methodology.md`` describes the format for people who write methods. A version is checked
only against itself; which tools exist is not this module's business.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from common.outcomes import Refusal
from methodology.format import Format, Known, gather
from methodology.shapes import Exactly, MappingOf, Number, Shape, member
from methodology.yaml_reader import (
    MethodFileError,
    Node,
    Problems,
    node_of,
    read_yaml,
    read_yaml_bytes,
    shown_path,
)

__all__ = [
    "MethodFileError",
    "MethodFilesRefused",
    "VersionContent",
    "check_content",
    "hash_of",
    "read_document",
    "read_file",
    "read_methods",
    "read_version",
    "write_document",
]

_PHASE_FILE = re.compile(r"phase-([1-9][0-9]*)-[a-z0-9-]+\.yaml")
_WORKSHEET_FILE = re.compile(r"worksheet-([a-z0-9-]+)\.yaml")
_EXPECTED_FILES = "method.yaml, phase-<number>-<name>.yaml or worksheet-<key>.yaml"


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
        return hash_of(self.content)


def hash_of(content: Mapping[str, Any]) -> str:
    """SHA-256 in hexadecimal over the content as canonical JSON. Layout, comments and the order of
    keys in the files do not count."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


# --- folders --------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class _Part:
    """A file of a version: its content below the one key that it has, and what is wrong."""

    node: Node | None
    problems: Problems


def read_version(folder: Path) -> VersionContent:
    """One version from ``<method key>/<number>/``.

    Raises :class:`MethodFilesRefused` with every error in the folder.
    """
    folder = folder.resolve()
    if not (folder / "method.yaml").is_file():
        reason = "there is no such file, and every version has one"
        raise MethodFilesRefused([MethodFileError(shown_path(folder / "method.yaml"), 1, reason)])
    method = _part(folder / "method.yaml")
    phases = [_part(path) for path in _phase_files(folder)]
    worksheets = [_part(path) for path in _worksheet_files(folder)]
    known = gather(
        method.node,
        [member(part.node, "phase") for part in phases],
        [member(part.node, "worksheet") for part in worksheets],
    )
    content = _method_content(method, known, folder)
    read_sheets = [_content(part, "worksheet", Format(known).worksheet()) for part in worksheets]
    if worksheets:
        content["worksheets"] = read_sheets
    content["phases"] = _phase_contents(phases, known)
    errors = [
        error for part in (method, *phases, *worksheets) for error in part.problems.found
    ] + _odd_files(folder)
    if not phases:
        reason = "a method has at least one phase-<number>-<name>.yaml"
        errors.append(MethodFileError(shown_path(folder), 1, reason))
    if errors:
        raise MethodFilesRefused(errors)
    return VersionContent(content["key"], content["version"], content)


def _part(path: Path) -> _Part:
    problems = Problems(shown_path(path))
    return _Part(read_yaml(path, problems), problems)


def _method_content(part: _Part, known: Known, folder: Path) -> dict[str, Any]:
    fields = Format(known).method_fields(
        key=Exactly(folder.parent.name, "the name of the method's folder"),
        version=_NumberOfFolder(folder.name),
    )
    if part.node is None:
        return {}
    content: dict[str, Any] = MappingOf(fields)(part.node, "", part.problems)
    return content


def _phase_contents(parts: list[_Part], known: Known) -> list[Any]:
    contents = []
    earlier: list[str] | None = []
    for place, part in enumerate(parts, start=1):
        number = Exactly(place, "the phase files are numbered 1, 2, 3 in order")
        contents.append(_content(part, "phase", Format(known).phase(number, earlier)))
        key = member(member(part.node, "phase"), "key")
        if part.node is None:
            earlier = None
        elif earlier is not None and key is not None and isinstance(key.value, str):
            earlier = [*earlier, key.value]
    return contents


def _content(part: _Part, name: str, shape: Shape) -> Any:
    if part.node is None:
        return {}
    return MappingOf({name: shape})(part.node, "", part.problems).get(name, {})


def _folders(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]


def _odd_files(folder: Path) -> list[MethodFileError]:
    return [
        MethodFileError(
            shown_path(path), 1, f"this does not belong to a method (expected {_EXPECTED_FILES})"
        )
        for path in folder.iterdir()
        if not path.name.startswith(".")
        and path.name != "method.yaml"
        and not _PHASE_FILE.fullmatch(path.name)
        and not _WORKSHEET_FILE.fullmatch(path.name)
    ]


def _phase_files(folder: Path) -> list[Path]:
    numbered = [
        (int(match[1]), path)
        for path in folder.iterdir()
        if (match := _PHASE_FILE.fullmatch(path.name))
    ]
    return [path for _, path in sorted(numbered)]


def _worksheet_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if _WORKSHEET_FILE.fullmatch(path.name))


@dataclass(frozen=True, slots=True)
class _NumberOfFolder:
    name: str

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if re.fullmatch(r"[1-9][0-9]{0,5}", self.name):
            expected = Exactly(int(self.name), "the name of the version's folder")
            return expected(node, where, problems)
        problems.add(
            node.line,
            f'{where}: the version\'s folder must be named by its number, not "{self.name}"',
        )
        return 0

    def schema(self) -> dict[str, Any]:
        return Number().schema()


# --- one document ---------------------------------------------------------------------------------


def read_document(data: bytes, name: str) -> VersionContent:
    """One version from a document as :func:`write_document` writes it; ``name`` is the file's, for
    messages.

    Raises :class:`MethodFilesRefused` with every error in it.
    """
    problems = Problems(name)
    return _document(read_yaml_bytes(data, problems), problems)


def read_file(path: Path) -> VersionContent:
    """As :func:`read_document`, from a file."""
    problems = Problems(shown_path(path))
    return _document(read_yaml(path, problems), problems)


def _document(node: Node | None, problems: Problems) -> VersionContent:
    content = _checked(node, problems) if node is not None else {}
    if problems.found:
        raise MethodFilesRefused(problems.found)
    return VersionContent(content["key"], content["version"], content)


def check_content(content: Mapping[str, Any], name: str) -> VersionContent:
    """The content in canonical order when it is complete and right.

    Raises :class:`MethodFilesRefused`; the errors have no line, their reasons begin with the path.
    """
    problems = Problems(name)
    checked = _checked(node_of(content), problems)
    if problems.found:
        raise MethodFilesRefused(problems.found)
    return VersionContent(checked["key"], checked["version"], checked)


def _checked(node: Node, problems: Problems) -> dict[str, Any]:
    phases, worksheets = (
        part.value if (part := member(node, name)) and isinstance(part.value, list) else []
        for name in ("phases", "worksheets")
    )
    content: dict[str, Any] = Format(gather(node, phases, worksheets)).whole()(node, "", problems)
    return content


def write_document(version: VersionContent) -> bytes:
    """The version as one YAML document, byte for byte the same for the same content."""
    ordered = check_content(version.content, version.method_key).content
    text: str = yaml.dump(
        ordered,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        # A text is one line, so that a change of a text is a change of a line.
        width=10**9,
    )
    return text.encode()


class _Dumper(yaml.SafeDumper):
    """Texts in quotes or, with several lines, as blocks; names bare. Python's own emitter, so that
    the bytes do not depend on what is installed."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_BARE = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_NOT_BARE = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style: str | None = '"'
    # YAML takes more for the end of a line than "\n" is; those survive in quotes only.
    if text.splitlines() == text.split("\n") and "\n" in text:
        style = "|"
    elif _BARE.fullmatch(text) and text not in _NOT_BARE:
        style = None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
