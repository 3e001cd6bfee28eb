"""What is wrong with a draft: the format's own checks, told of the part they belong to. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from methodology.files import MethodFilesRefused, check_content
from methodology.format import Format, gather
from methodology.part_fields import TextField, read_text
from methodology.parts import INNER, KEYLESS, Address, Content, Kind, part_at
from methodology.shapes import LANGUAGES, Exactly, MappingOf, Shape, members
from methodology.yaml_reader import Node, Problems, node_of

_NAME = r"[A-Za-z_][A-Za-z0-9_]*(?:\[\d+\])*"
_PLACE = re.compile(rf"({_NAME}(?:\.{_NAME})*): (.*)", re.DOTALL)
_TOKEN = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]")
_MISSING = re.compile(r"no text in (.+)")
_QUOTED_MISSING = re.compile(r'"([a-z_]+)" is missing')


@dataclass(frozen=True, slots=True)
class PartProblem:
    """Something wrong in the part at ``address``. ``field`` is the name of the text or setting,
    ``""`` for the part as a whole; ``languages`` are those it concerns, if any. ``is_missing`` says
    that nothing but a text in those languages is missing."""

    address: Address
    field: str
    languages: tuple[str, ...]
    reason: str
    is_missing: bool = False


def problems_of(content: Mapping[str, Any], name: str) -> tuple[PartProblem, ...]:
    """Everything that keeps the content from being published, in the order of its parts."""
    try:
        check_content(content, name)
    except MethodFilesRefused as refused:
        return tuple(locate(content, error.reason) for error in refused.errors)
    return ()


def locate(content: Mapping[str, Any], reason: str) -> PartProblem:
    """The part that a reason of ``check_content`` speaks of, and what is wrong with it."""
    found = _PLACE.fullmatch(reason)
    if found is None:
        return PartProblem((), "", (), reason.removeprefix("the file: "))
    where, text = found[1], found[2]
    address, rest = _resolve(content, [name or int(place) for name, place in _TOKEN.findall(where)])
    words = [token for token in rest if isinstance(token, str)]
    languages = tuple(word for word in words[-1:] if word in LANGUAGES)
    field = ".".join(word for word in words if word not in languages)
    if left_out := _MISSING.fullmatch(text):
        languages = tuple(each for each in LANGUAGES if re.search(rf"\b{each}\b", left_out[1]))
    elif named := _QUOTED_MISSING.fullmatch(text):
        field = field or named[1]
    return PartProblem(address, field, languages, text, left_out is not None)


def _resolve(content: Mapping[str, Any], tokens: list[Any]) -> tuple[Address, list[Any]]:
    """As much of the way as leads to a part, and what is left of it."""
    address: Address = ()
    kind, part = Kind.METHOD, content
    while tokens:
        inner = INNER.get(kind, {}).get(tokens[0])
        if inner is Kind.GATE:
            address, kind, part, tokens = (*address, "gate"), inner, part["gate"], tokens[1:]
            continue
        if inner is None or len(tokens) < 2 or not isinstance(tokens[1], int):
            break
        entries = part.get(tokens[0]) or []
        if not 0 < tokens[1] <= len(entries) or not isinstance(entries[tokens[1] - 1], dict):
            break
        part = entries[tokens[1] - 1]
        name = str(tokens[1]) if inner in KEYLESS else str(part.get("key", tokens[1]))
        address, kind, tokens = (*address, tokens[0], name), inner, tokens[2:]
    return address, tokens


# --- one part -------------------------------------------------------------------------------------


def problems_in_text(field: TextField, value: str) -> tuple[str, ...]:
    """What is not allowed in a text as somebody typed it; nothing for an empty one."""
    known = gather(None, [], [])
    shape = Format(known).title.shape if field.is_title else Format(known).guidance.shape
    problems = Problems("")
    written = read_text(field, value)
    for entry in [written] if isinstance(written, str) else written:
        if entry:
            shape(Node(entry, 0), "", problems)
    return tuple(dict.fromkeys(error.reason.removeprefix(": ") for error in problems.found))


def problems_with(content: Content, address: Address) -> Iterator[PartProblem]:
    """The problems of this part alone, without checking the rest of the version."""
    top, shape = _container(content, address)
    problems = Problems("")
    where = _where(content, top)
    node = node_of(part_at(content, top) if top else _without_phases(content))
    shape(node, where, problems)
    for error in problems.found:
        problem = locate(content, error.reason)
        if problem.address == address:
            yield problem


def _without_phases(content: Content) -> Content:
    return {name: value for name, value in content.items() if name not in ("phases", "worksheets")}


def _container(content: Content, address: Address) -> tuple[Address, Shape]:
    """The smallest thing around the part that the format can check on its own."""
    node = node_of(content)
    known = gather(node, list(members(node, "phases")), list(members(node, "worksheets")))
    shapes = Format(known)
    if address[:1] == ("worksheets",):
        return address[:2], shapes.worksheet()
    if address[:1] != ("phases",):
        fields = shapes.method_fields(
            key=Exactly(content["key"], "the method's key"),
            version=Exactly(content["version"], "the version"),
        )
        return (), MappingOf(fields)
    if address[2:3] == ("steps",):
        return address[:4], shapes.step()
    keys = [phase["key"] for phase in content["phases"]]
    earlier = keys[: keys.index(address[1])]
    if address[2:3] == ("gate",):
        return address[:3], shapes.gate(earlier)
    return address[:2], shapes.phase(Exactly(len(earlier) + 1, "phases are numbered"), earlier)


def _where(content: Content, address: Address) -> str:
    """The address as the format writes it: ``phases[2].steps[1]``."""
    words: list[str] = []
    part: Any = content
    names = list(address)
    while names:
        name = names.pop(0)
        if name == "gate":
            words.append("gate")
            part = part["gate"]
            continue
        key = names.pop(0)
        keys = [entry.get("key", str(number + 1)) for number, entry in enumerate(part[name])]
        words.append(f"{name}[{keys.index(key) + 1}]")
        part = part[name][keys.index(key)]
    return ".".join(words)
