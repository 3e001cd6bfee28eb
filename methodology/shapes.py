"""What a value in a method file should look like.

A shape takes a node, the path to it and the list of problems, notes what is wrong and returns the
plain value. It returns something even when it noted a problem, so that one reading finds them all;
callers use the values only when no problem was found.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from methodology.yaml_reader import Node, Problems

Shape = Callable[[Node, str, Problems], Any]
Rule = Callable[[dict[str, Node], str, Problems], None]

LANGUAGES = ("nb", "nn", "sv", "en")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Field:
    """An entry of a mapping. What is left out gets ``default`` unless it is required."""

    shape: Shape
    required: bool = True
    default: Any = None


def optional(shape: Shape, default: Any) -> Field:
    return Field(shape, required=False, default=default)


def mapping(fields: dict[str, Field | Shape], rules: Iterable[Rule] = ()) -> Shape:
    """A mapping with exactly these keys. ``rules`` look at entries together, as nodes."""
    known = {
        name: field if isinstance(field, Field) else Field(field) for name, field in fields.items()
    }

    def check(node: Node, where: str, problems: Problems) -> Any:
        here = where or "the file"
        if not isinstance(node.value, dict):
            problems.add(node.line, f"{here}: expected a mapping, found {found(node)}")
            return {}
        for name, entry in node.value.items():
            if name not in known:
                expected = words(known)
                problems.add(entry.line, f'{here}: unknown key "{name}" (expected {expected})')
        content = {}
        for name, field in known.items():
            if name in node.value:
                content[name] = field.shape(node.value[name], below(where, name), problems)
            elif field.required:
                problems.add(node.line, f'{here}: "{name}" is missing')
            else:
                content[name] = field.default
        for rule in rules:
            rule(node.value, where, problems)
        return content

    return check


def list_of(shape: Shape, *, at_least: int = 0, unique: str = "", numbered: bool = False) -> Shape:
    """A list. ``unique`` names a key that may not repeat (``"."`` for the entries themselves);
    ``numbered`` means that ``number`` runs 1, 2, 3 and so on."""

    def check(node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, list):
            problems.add(node.line, f"{where}: expected a list, found {found(node)}")
            return []
        if len(node.value) < at_least:
            problems.add(node.line, f"{where}: expected at least {at_least}, the list is empty")
        if unique:
            _refuse_repeated(node.value, unique, where, problems)
        if numbered:
            _refuse_gaps(node.value, where, problems)
        return [
            shape(entry, f"{where}[{place}]", problems)
            for place, entry in enumerate(node.value, start=1)
        ]

    return check


def _refuse_repeated(entries: Sequence[Node], unique: str, where: str, problems: Problems) -> None:
    first: dict[str, int] = {}
    for place, entry in enumerate(entries, start=1):
        part = entry if unique == "." else member(entry, unique)
        if part is None or not isinstance(part.value, str):
            continue
        if part.value in first:
            problems.add(
                part.line,
                f'{below(f"{where}[{place}]", unique)}: "{part.value}" is used twice, '
                f"first on line {first[part.value]}",
            )
        first.setdefault(part.value, part.line)


def _refuse_gaps(entries: Sequence[Node], where: str, problems: Problems) -> None:
    for place, entry in enumerate(entries, start=1):
        number = member(entry, "number")
        if number is not None and type(number.value) is int and number.value != place:
            problems.add(
                number.line,
                f"{where}[{place}].number: expected {place}, found {number.value} "
                "(numbers run 1, 2, 3 in order)",
            )


def text(node: Node, where: str, problems: Problems) -> Any:
    """A text that is not blank, without blanks around it."""
    if not isinstance(node.value, str):
        advice = "; put it in quotes" if isinstance(node.value, int | float) else ""
        problems.add(node.line, f"{where}: expected text, found {found(node)}{advice}")
        return ""
    stripped = node.value.strip()
    if not stripped:
        problems.add(node.line, f"{where}: the text is empty")
    return stripped


def key(node: Node, where: str, problems: Problems) -> Any:
    """A name for machines in kebab-case, at most 60 characters."""
    if not isinstance(node.value, str) or not _KEY.fullmatch(node.value) or len(node.value) > 60:
        problems.add(
            node.line,
            f"{where}: expected a key of small letters, digits and hyphens, found {found(node)}",
        )
        return ""
    return node.value


def pattern(expression: str, expected: str) -> Shape:
    compiled = re.compile(expression)

    def check(node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, str) or not compiled.fullmatch(node.value):
            problems.add(node.line, f"{where}: expected {expected}, found {found(node)}")
        return node.value

    return check


def flag(node: Node, where: str, problems: Problems) -> Any:
    if not isinstance(node.value, bool):
        problems.add(node.line, f"{where}: expected true or false, found {found(node)}")
    return node.value


def number(node: Node, where: str, problems: Problems) -> Any:
    """A whole number from 1."""
    if type(node.value) is not int or node.value < 1:
        problems.add(node.line, f"{where}: expected a number from 1, found {found(node)}")
        return 0
    return node.value


def exactly(expected: Any, reason: str) -> Shape:
    def check(node: Node, where: str, problems: Problems) -> Any:
        if node.value != expected or type(node.value) is not type(expected):
            problems.add(node.line, f"{where}: expected {expected} ({reason}), found {found(node)}")
        return node.value

    return check


def one_of(values: Collection[str]) -> Shape:
    def check(node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, str) or node.value not in values:
            problems.add(node.line, f"{where}: expected {words(values)}, found {found(node)}")
        return node.value

    return check


def reference(values: Collection[str] | None, kind: str) -> Shape:
    """The key of something defined elsewhere. ``None`` when it is not known what is defined."""

    def check(node: Node, where: str, problems: Problems) -> Any:
        before = len(problems.found)
        value = key(node, where, problems)
        if len(problems.found) == before and values is not None and value not in values:
            problems.add(node.line, f'{where}: "{value}" is not {kind} ({words(values)})')
        return value

    return check


def first_use(shape: Shape, seen: dict[str, str]) -> Shape:
    """As ``shape``, and the value is not among those ``seen`` so far, which it joins."""

    def check(node: Node, where: str, problems: Problems) -> Any:
        value = shape(node, where, problems)
        if value in seen:
            problems.add(node.line, f'{where}: "{value}" is used already, at {seen[value]}')
        elif value:
            seen[value] = f"{problems.file}:{node.line}"
        return value

    return check


def texts(required: Collection[str]) -> Shape:
    """Language to text, at least in the ``required`` languages."""
    return _localised(text, required)


def text_lists(required: Collection[str]) -> Shape:
    """Language to a list of texts, at least in the ``required`` languages."""
    return _localised(list_of(text, at_least=1), required)


def _localised(shape: Shape, required: Collection[str]) -> Shape:
    def check(node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, dict):
            problems.add(node.line, f"{where}: expected a text per language, found {found(node)}")
            return {}
        for language, entry in node.value.items():
            if language not in LANGUAGES:
                problems.add(
                    entry.line,
                    f'{where}: unknown language "{language}" (expected {words(LANGUAGES)})',
                )
        missing = [language for language in required if language not in node.value]
        if missing:
            problems.add(node.line, f"{where}: no text in {words(missing, 'and')}")
        return {
            language: shape(node.value[language], below(where, language), problems)
            for language in LANGUAGES
            if language in node.value
        }

    return check


def member(node: Node | None, name: str) -> Node | None:
    """An entry of a mapping, or ``None`` when there is no such thing."""
    if node is None or not isinstance(node.value, dict):
        return None
    return node.value.get(name)


def below(where: str, name: str) -> str:
    return where if name == "." else f"{where}.{name}" if where else name


def words(values: Iterable[str], last: str = "or") -> str:
    """``nb, sv or en``."""
    *others, final = values or ["nothing"]
    return f"{', '.join(others)} {last} {final}" if others else final


def found(node: Node) -> str:
    """The value in words, for a message."""
    value = node.value
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return f'"{value[:60]}"'
