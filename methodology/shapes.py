"""What a value in a method file should look like.

A shape takes a node, the path to it and the list of problems, notes what is wrong and returns the
plain value. It returns something even when it noted a problem, so that one reading finds them all;
callers use the values only when no problem was found. ``schema`` says the same as JSON Schema, as
far as JSON Schema can.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from methodology.yaml_reader import Node, Problems

Rule = Callable[[dict[str, Node], str, Problems], None]
Schema = dict[str, Any]

LANGUAGES = ("nb", "nn", "sv", "en")
_KEY = r"[a-z0-9]+(-[a-z0-9]+)*"
MAX_KEY = 60
# Control characters and halves of characters, which neither a page nor the database can hold. Tabs
# and line ends are fine.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Shape(Protocol):
    def __call__(self, node: Node, where: str, problems: Problems, /) -> Any: ...

    def schema(self) -> Schema: ...


class _Absent:
    """Stands for an entry that is left out of the content altogether."""


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Field:
    """An entry of a mapping. What is left out gets ``default`` unless it is required, or stays out
    of the content when the default is ``ABSENT``: the way to add an entry to the format without
    changing the content, and so the hash, of versions that were published before."""

    shape: Shape
    required: bool = True
    default: Any = None


def optional(shape: Shape, default: Any = ABSENT) -> Field:
    return Field(shape, required=False, default=default)


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping with exactly these keys. ``rules`` look at entries together, as nodes."""

    fields: Mapping[str, Field | Shape]
    rules: Iterable[Rule] = ()

    def _known(self) -> dict[str, Field]:
        return {
            name: each if isinstance(each, Field) else Field(each)
            for name, each in self.fields.items()
        }

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        here = where or "the file"
        if not isinstance(node.value, dict):
            problems.add(node.line, f"{here}: expected a mapping, found {found(node)}")
            return {}
        known = self._known()
        for name, entry in node.value.items():
            if name not in known:
                expected = words(known)
                problems.add(entry.line, f'{here}: unknown key "{name}" (expected {expected})')
        content = {}
        for name, each in known.items():
            if name in node.value and _is_default(each, node.value[name]):
                content[name] = each.default
            elif name in node.value:
                content[name] = each.shape(node.value[name], below(where, name), problems)
            elif each.required:
                problems.add(node.line, f'{here}: "{name}" is missing')
            elif each.default is not ABSENT:
                content[name] = each.default
        for rule in self.rules:
            rule(node.value, where, problems)
        return content

    def schema(self) -> Schema:
        known = self._known()
        return {
            "type": "object",
            "properties": {name: _schema_of(each) for name, each in known.items()},
            "required": [name for name, each in known.items() if each.required],
            "additionalProperties": False,
        }


def _is_default(field: Field, node: Node) -> bool:
    """Content that was read before holds the defaults of what was left out."""
    return not field.required and field.default is not ABSENT and node.value == field.default


def _schema_of(field: Field) -> Schema:
    schema = field.shape.schema()
    if field.required or field.default is ABSENT or isinstance(field.default, bool | list):
        return schema
    return {"anyOf": [schema, {"const": field.default}]}


@dataclass(frozen=True, slots=True)
class ByKind:
    """A mapping whose keys depend on what stands under ``kind``."""

    kinds: Mapping[str, MappingOf]

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        kind = member(node, "kind")
        if kind is None:
            if isinstance(node.value, dict):
                problems.add(node.line, f'{where}: "kind" is missing')
            else:
                problems.add(node.line, f"{where}: expected a mapping, found {found(node)}")
            return {}
        if not isinstance(kind.value, str) or kind.value not in self.kinds:
            expected = words(self.kinds)
            problems.add(kind.line, f"{where}.kind: expected {expected}, found {found(kind)}")
            return {}
        return self.kinds[kind.value](node, where, problems)

    def schema(self) -> Schema:
        return {
            "oneOf": [
                _with_property(shape.schema(), "kind", {"const": kind})
                for kind, shape in self.kinds.items()
            ]
        }


def _with_property(schema: Schema, name: str, value: Schema) -> Schema:
    return {**schema, "properties": {**schema["properties"], name: value}}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list. ``unique`` names a key that may not repeat (``"."`` for the entries themselves);
    ``numbered`` means that ``number`` runs 1, 2, 3 and so on."""

    shape: Shape
    at_least: int = 0
    unique: str = ""
    numbered: bool = False

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, list):
            problems.add(node.line, f"{where}: expected a list, found {found(node)}")
            return []
        if len(node.value) < self.at_least:
            empty = "the list is empty" if not node.value else f"found {len(node.value)}"
            problems.add(node.line, f"{where}: expected at least {self.at_least}, {empty}")
        if self.unique:
            _refuse_repeated(node.value, self.unique, where, problems)
        if self.numbered:
            _refuse_gaps(node.value, where, problems)
        return [
            self.shape(entry, f"{where}[{place}]", problems)
            for place, entry in enumerate(node.value, start=1)
        ]

    def schema(self) -> Schema:
        schema: Schema = {"type": "array", "items": self.shape.schema()}
        if self.at_least:
            schema["minItems"] = self.at_least
        if self.unique == ".":
            schema["uniqueItems"] = True
        return schema


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


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is not blank, without blanks around it, composed (NFC) and with lines that end
    in ``\\n``, so that the same words are always the same bytes. ``problems_in`` gives the
    sentences of what is not allowed in it."""

    problems_in: Callable[[str], Iterable[str]] | None = None

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, str):
            advice = "; put it in quotes" if isinstance(node.value, int | float) else ""
            problems.add(node.line, f"{where}: expected text, found {found(node)}{advice}")
            return ""
        stripped = plain_text(node.value)
        if not stripped:
            problems.add(node.line, f"{where}: the text is empty")
        for character in sorted(set(_UNWRITABLE.findall(stripped))):
            problems.add(
                node.line, f"{where}: the text holds the control character U+{ord(character):04X}"
            )
        if self.problems_in is not None:
            for reason in self.problems_in(stripped):
                problems.add(node.line, f"{where}: {reason}")
        return stripped

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"\S"}


def plain_text(text: str) -> str:
    """The text as content holds it: see :class:`Text`."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


@dataclass(frozen=True, slots=True)
class Key:
    """A name for machines in kebab-case, at most 60 characters."""

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        value = node.value
        if not isinstance(value, str) or not re.fullmatch(_KEY, value) or len(value) > MAX_KEY:
            problems.add(
                node.line,
                f"{where}: expected a key of small letters, digits and hyphens, "
                f"found {found(node)}",
            )
            return ""
        return value

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{_KEY}$", "maxLength": MAX_KEY}


@dataclass(frozen=True, slots=True)
class Pattern:
    expression: str
    expected: str

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, str) or not re.fullmatch(self.expression, node.value):
            problems.add(node.line, f"{where}: expected {self.expected}, found {found(node)}")
        return node.value

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{self.expression}$"}


@dataclass(frozen=True, slots=True)
class Flag:
    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, bool):
            problems.add(node.line, f"{where}: expected true or false, found {found(node)}")
        return node.value

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number within bounds, both included."""

    least: int = 1
    most: int | None = None

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        value = node.value
        too_large = self.most is not None and type(value) is int and value > self.most
        if type(value) is not int or value < self.least or too_large:
            bounds = f"from {self.least}" + (f" to {self.most}" if self.most is not None else "")
            problems.add(node.line, f"{where}: expected a number {bounds}, found {found(node)}")
            return self.least
        return value

    def schema(self) -> Schema:
        schema: Schema = {"type": "integer", "minimum": self.least}
        if self.most is not None:
            schema["maximum"] = self.most
        return schema


@dataclass(frozen=True, slots=True)
class Exactly:
    expected: Any
    reason: str

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if node.value != self.expected or type(node.value) is not type(self.expected):
            problems.add(
                node.line,
                f"{where}: expected {self.expected} ({self.reason}), found {found(node)}",
            )
        return node.value

    def schema(self) -> Schema:
        return {"const": self.expected}


@dataclass(frozen=True, slots=True)
class OneOf:
    values: Collection[str]

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, str) or node.value not in self.values:
            problems.add(node.line, f"{where}: expected {words(self.values)}, found {found(node)}")
        return node.value

    def schema(self) -> Schema:
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of something defined elsewhere. ``values`` is ``None`` when it is not known what is
    defined."""

    values: Collection[str] | None
    kind: str
    shape: Shape = field(default_factory=Key)

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        before = len(problems.found)
        value = self.shape(node, where, problems)
        known = self.values is None or value in self.values
        if len(problems.found) == before and not known:
            problems.add(
                node.line, f'{where}: "{value}" is not {self.kind} ({words(self.values or ())})'
            )
        return value

    def schema(self) -> Schema:
        return self.shape.schema()


@dataclass(frozen=True, slots=True)
class FirstUse:
    """As ``shape``, and the value is not among those ``seen`` so far, which it joins."""

    shape: Shape
    seen: dict[str, str]

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        value = self.shape(node, where, problems)
        if value in self.seen:
            problems.add(node.line, f'{where}: "{value}" is used already, at {self.seen[value]}')
        elif value:
            self.seen[value] = f"{problems.file}:{node.line}"
        return value

    def schema(self) -> Schema:
        return self.shape.schema()


@dataclass(frozen=True, slots=True)
class Localised:
    """Language to ``shape``: at least in the ``required`` languages, at most in ``allowed``."""

    shape: Shape
    required: Collection[str]
    allowed: Collection[str] = LANGUAGES

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, dict):
            problems.add(node.line, f"{where}: expected a text per language, found {found(node)}")
            return {}
        for language, entry in node.value.items():
            if language not in self.allowed:
                expected = words(self.allowed)
                problems.add(
                    entry.line, f'{where}: unknown language "{language}" (expected {expected})'
                )
        missing = [language for language in self.required if language not in node.value]
        if missing:
            problems.add(node.line, f"{where}: no text in {words(missing, 'and')}")
        return {
            language: self.shape(node.value[language], below(where, language), problems)
            for language in LANGUAGES
            if language in node.value
        }

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {language: self.shape.schema() for language in LANGUAGES},
            "additionalProperties": False,
            "minProperties": 1,
        }


@dataclass(frozen=True, slots=True)
class Either:
    """``first`` where the value is a mapping, else ``second``."""

    first: Shape
    second: Shape

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        shape = self.first if isinstance(node.value, dict) else self.second
        return shape(node, where, problems)

    def schema(self) -> Schema:
        return {"anyOf": [self.first.schema(), self.second.schema()]}


def member(node: Node | None, name: str) -> Node | None:
    """An entry of a mapping, or ``None`` when there is no such thing."""
    if node is None or not isinstance(node.value, dict):
        return None
    return node.value.get(name)


def members(node: Node | None, name: str) -> list[Node]:
    """The entries of a list in a mapping, or nothing when there is no such thing."""
    part = member(node, name)
    return part.value if part is not None and isinstance(part.value, list) else []


def word_at(node: Node | None, name: str) -> str:
    """A text in a mapping, or ``""`` when there is no such thing."""
    part = member(node, name)
    return part.value if part is not None and isinstance(part.value, str) else ""


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
