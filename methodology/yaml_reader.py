"""YAML in which every value knows its line.

Stricter than YAML on purpose, so that a file means the same to everybody who reads it: no anchors,
aliases or tags, no key twice, ``true`` and ``false`` as the only booleans, and dates are text. So
``no``, ``on`` and ``yes`` are the words they look like.
"""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 16

# libyaml's parser is ten times faster and is part of PyYAML's wheels; the other reads the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True, order=True)
class MethodFileError:
    """What is wrong with a method file, and where. ``str()`` gives ``file:line: reason``."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class Problems:
    """Collects what is wrong with one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[MethodFileError] = []

    def add(self, line: int, reason: str) -> None:
        self.found.append(MethodFileError(self.file, line, reason))


@dataclass(frozen=True, slots=True)
class Node:
    """A value with the line of its key, or its own line where it has no key."""

    value: "str | int | float | bool | dict[str, Node] | list[Node] | None"
    line: int


def shown_path(path: Path) -> str:
    """The path as people write it: relative while it lies below the working folder."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def read_yaml(path: Path, problems: Problems) -> Node | None:
    """The content of a file, or ``None`` when it cannot be trusted; ``problems`` then says why."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        problems.add(1, f"the file cannot be read: {error.strerror}")
        return None
    return read_yaml_bytes(data, problems)


def read_yaml_bytes(data: bytes, problems: Problems) -> Node | None:
    """As :func:`read_yaml`, for content that is here already."""
    text = _text_of(data, problems)
    if text is None:
        return None
    before = len(problems.found)
    try:
        node = _Reader(text, problems).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem}")
        return None
    except yaml.YAMLError as error:
        problems.add(1, f"this is not YAML: {error}".splitlines()[0])
        return None
    except _Refused:
        return None
    return node if len(problems.found) == before else None


def node_of(value: Any, line: int = 0) -> Node:
    """Plain content (mappings, lists, texts, numbers) as a node, to be checked like a file."""
    if isinstance(value, Mapping):
        return Node({str(name): node_of(entry, line) for name, entry in value.items()}, line)
    if isinstance(value, list | tuple):
        return Node([node_of(entry, line) for entry in value], line)
    return Node(value, line)


def _text_of(data: bytes, problems: Problems) -> str | None:
    if len(data) > MAX_BYTES:
        problems.add(1, "the file is larger than 2 MB")
        return None
    try:
        return unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problems.add(data[: error.start].count(b"\n") + 1, "the file is not UTF-8 text")
        return None


class _Refused(Exception):  # noqa: N818 -- ends the reading of a file, never leaves this module
    pass


class _Reader:
    """Turns the parser's events into nodes and notes what is not allowed."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_LOADER)
        self.problems = problems

    def document(self) -> Node:
        next(self.events)  # the beginning of the stream
        if isinstance(next(self.events), yaml.StreamEndEvent):
            self.problems.add(1, "the file is empty")
            raise _Refused
        node = self._node(next(self.events), None, 1)
        next(self.events)  # the end of the document
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            self.problems.add(_line(after), "a file holds one document, and here a second begins")
        return node

    def _node(self, event: yaml.Event, line: int | None, depth: int) -> Node:
        line = line or _line(event)
        self._refuse_extras(event)
        if depth > MAX_DEPTH:
            self.problems.add(_line(event), f"nested deeper than {MAX_DEPTH} levels")
            raise _Refused
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self._mapping(depth), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._sequence(depth), line)
        if isinstance(event, yaml.ScalarEvent):
            return Node(_scalar(event), line)
        return Node(None, line)

    def _refuse_extras(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self.problems.add(_line(event), f"alias *{event.anchor}: write the text out instead")
        elif anchor := getattr(event, "anchor", None):
            self.problems.add(_line(event), f"anchor &{anchor}: anchors are not allowed")
        if tag := getattr(event, "tag", None):
            self.problems.add(_line(event), f"tag {tag}: tags are not allowed")

    def _mapping(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                self.problems.add(line, "a key must be a word")
                raise _Refused
            self._refuse_extras(event)
            key = event.value
            node = self._node(next(self.events), line, depth + 1)
            if key in entries:
                first = entries[key].line
                self.problems.add(line, f'"{key}" stands here a second time, first on line {first}')
            else:
                entries[key] = node
        return entries

    def _sequence(self, depth: int) -> list[Node]:
        entries = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            entries.append(self._node(event, None, depth + 1))
        return entries


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> str | int | float | bool | None:
    """The value by YAML 1.2's core schema; whatever is quoted or folded is text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FRACTION.fullmatch(text):
        return float(text)
    return text
