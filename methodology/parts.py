"""The parts of a version's content: what each is, where it stands, and what refers to it. Pure.

A part is found by its address: the names and keys on the way to it, such as
``("phases", "anchoring", "steps", "find-owner")``. Parts without a key of their own (links,
examples, sources) are counted from 1. The whole method has the address ``()``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

Address = tuple[str, ...]
Content = dict[str, Any]
METHOD_ADDRESS: Address = ()


class Kind(models.TextChoices):
    """What a part is, from the whole to the smallest."""

    METHOD = "method", _("Method")
    SOURCE = "source", _("Source")
    PRINCIPLE = "principle", _("Principle")
    CLOSING = "closing", _("Closing step")
    ROLE = "role", _("Role")
    TOOL = "tool", _("Tool")
    PHASE = "phase", _("Phase")
    STEP = "step", _("Step")
    GATE = "gate", _("Gate")
    CRITERION = "criterion", _("Criterion")
    INSIGHT = "insight", _("Kind of insight")
    EXAMPLE = "example", _("Example")
    LINK = "link", _("Link")
    WORKSHEET = "worksheet", _("Worksheet")
    SECTION = "section", _("Section")
    FIELD = "field", _("Field")
    COLUMN = "column", _("Column")
    CHOICE = "choice", _("Choice")


# Kind -> the names under which it holds parts of its own, in the order in which people read them.
INNER: Mapping[Kind, Mapping[str, Kind]] = {
    Kind.METHOD: {
        "phases": Kind.PHASE,
        "tools": Kind.TOOL,
        "worksheets": Kind.WORKSHEET,
        "roles": Kind.ROLE,
        "principles": Kind.PRINCIPLE,
        "closing": Kind.CLOSING,
        "sources": Kind.SOURCE,
    },
    Kind.PHASE: {
        "steps": Kind.STEP,
        "gate": Kind.GATE,
        "insight": Kind.INSIGHT,
        "examples": Kind.EXAMPLE,
        "links": Kind.LINK,
    },
    Kind.STEP: {"links": Kind.LINK},
    Kind.TOOL: {"links": Kind.LINK},
    Kind.GATE: {"criteria": Kind.CRITERION},
    Kind.WORKSHEET: {"sections": Kind.SECTION},
    Kind.SECTION: {"fields": Kind.FIELD},
    Kind.FIELD: {"columns": Kind.COLUMN, "choices": Kind.CHOICE},
    Kind.COLUMN: {"choices": Kind.CHOICE},
}
# Named and counted by their place, because nothing refers to them.
KEYLESS = frozenset({Kind.SOURCE, Kind.EXAMPLE, Kind.LINK})
NUMBERED = frozenset({Kind.PHASE, Kind.STEP})
WITH_CHOICES = ("choice", "choices")


class NoSuchPart(LookupError):  # noqa: N818 -- a domain word, as the refusals
    """The address leads nowhere in this content."""


@dataclass(frozen=True, slots=True)
class PartNode:
    """A part with its place: ``number`` of ``count`` in its list, both from 1."""

    address: Address
    kind: Kind
    values: Mapping[str, Any]
    number: int = 1
    count: int = 1

    @property
    def title(self) -> Any:
        """Language to text, or a plain text where the part has no other name."""
        values = self.values
        if self.kind is Kind.EXAMPLE:
            return values.get("name", "")
        return values.get("title") or values.get("label") or ""


def kind_of(address: Address) -> Kind:
    """What stands at the address, or would. Raises :class:`NoSuchPart`."""
    kind, rest = Kind.METHOD, list(address)
    while rest:
        name = rest.pop(0)
        inner = INNER.get(kind, {}).get(name)
        if inner is None or (inner is not Kind.GATE and not rest):
            raise NoSuchPart(address)
        if inner is not Kind.GATE:
            rest.pop(0)
        kind = inner
    return kind


def kind_in(list_address: Address) -> Kind:
    """The kind of the parts in a list, such as ``("phases", "anchoring", "steps")``."""
    if not list_address:
        raise NoSuchPart(list_address)
    inner = INNER.get(kind_of(list_address[:-1]), {}).get(list_address[-1])
    if inner is None:
        raise NoSuchPart(list_address)
    return inner


def list_of(address: Address) -> Address:
    """The address of the list that the part stands in. A gate stands in its own."""
    return address if kind_of(address) is Kind.GATE else address[:-1]


def owner_of(address: Address) -> Address:
    """The address of the part around this one."""
    return list_of(address)[:-1]


def names_of(kind: Kind, values: Mapping[str, Any]) -> tuple[str, ...]:
    """The lists that this part has. Which a field has depends on what it holds."""
    if kind not in (Kind.FIELD, Kind.COLUMN):
        return tuple(INNER.get(kind, ()))
    if values.get("kind") in WITH_CHOICES:
        return ("choices",)
    return ("columns",) if values.get("kind") == "rows" else ()


def part_at(content: Content, address: Address) -> Content:
    """The part itself, as it stands in ``content``. Raises :class:`NoSuchPart`."""
    node: Any = content
    for name in address:
        node = _entry(node, name) if isinstance(node, list) else (node or {}).get(name)
        if node is None:
            raise NoSuchPart(address)
    if not isinstance(node, dict) or kind_of(address) is None:
        raise NoSuchPart(address)
    return node


def _entry(entries: Sequence[Any], name: str) -> Any:
    place = place_in(entries, name)
    return None if place is None else entries[place]


def place_in(entries: Sequence[Any], name: str) -> int | None:
    """Where the entry with this key, or this number from 1, stands."""
    for place, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get("key", str(place + 1)) == name:
            return place
    return None


def list_at(content: Content, list_address: Address) -> list[Any]:
    """The list itself; made where the content has none yet. A gate counts as a list of one."""
    kind = kind_in(list_address)
    owner, name = part_at(content, list_address[:-1]), list_address[-1]
    if kind is Kind.GATE:
        return [owner["gate"]] if owner.get("gate") else []
    entries: list[Any] = owner.setdefault(name, [])
    return entries


def address_in(list_address: Address, kind: Kind, part: Mapping[str, Any], number: int) -> Address:
    if kind is Kind.GATE:
        return list_address
    return (*list_address, str(number) if kind in KEYLESS else part["key"])


def inner_parts(content: Content, address: Address) -> Iterator[PartNode]:
    """The parts directly inside this one, in the order of the content."""
    part = part_at(content, address)
    kind = kind_of(address)
    for name in names_of(kind, part):
        yield from parts_in(part, (*address, name))


def parts_in(owner: Mapping[str, Any], list_address: Address) -> Iterator[PartNode]:
    kind = kind_in(list_address)
    entries = owner.get(list_address[-1]) or ()
    if kind is Kind.GATE:
        entries = (entries,) if entries else ()
    for number, part in enumerate(entries, start=1):
        found = address_in(list_address, kind, part, number)
        yield PartNode(found, kind, part, number, len(entries))


def all_parts(content: Content) -> Iterator[PartNode]:
    """Every part, each before what stands in it."""
    yield from _below(PartNode(METHOD_ADDRESS, Kind.METHOD, content))


def _below(node: PartNode) -> Iterator[PartNode]:
    yield node
    for name in names_of(node.kind, node.values):
        for inner in parts_in(node.values, (*node.address, name)):
            yield from _below(inner)


def node_at(content: Content, address: Address) -> PartNode:
    """The part with its place. Raises :class:`NoSuchPart`."""
    part = part_at(content, address)
    if not address:
        return PartNode(address, Kind.METHOD, part)
    owner = part_at(content, owner_of(address))
    return next(node for node in parts_in(owner, list_of(address)) if node.address == address)


# --- changing the structure ---------------------------------------------------------------------


def insert_part(
    content: Content, list_address: Address, part: Content, place: int | None = None
) -> Address:
    """Put a part into its list, last or at ``place`` (from 0), and say where it then stands."""
    kind = kind_in(list_address)
    if kind is Kind.GATE:
        part_at(content, list_address[:-1])["gate"] = part
        return list_address
    entries = list_at(content, list_address)
    place = len(entries) if place is None else min(place, len(entries))
    entries.insert(place, part)
    _renumber(kind, entries)
    return address_in(list_address, kind, part, place + 1)


def take_part(content: Content, address: Address) -> tuple[Content, int]:
    """Take a part out; gives it with the place (from 0) where it stood."""
    kind, part = kind_of(address), part_at(content, address)
    owner = part_at(content, owner_of(address))
    if kind is Kind.GATE:
        owner["gate"] = None
        return part, 0
    name = list_of(address)[-1]
    entries = owner[name]
    place = place_in(entries, address[-1])
    assert place is not None  # noqa: S101 -- part_at found it
    del entries[place]
    if not entries and name in _LEFT_OUT_WHEN_EMPTY:
        del owner[name]
    _renumber(kind, entries)
    return part, place


# Lists that the format wants left out rather than empty, or does not mind without.
_LEFT_OUT_WHEN_EMPTY = ("links", "insight", "examples", "worksheets", "principles", "closing")


def shift_part(content: Content, address: Address, by: int) -> bool:
    """Move a part up (-1) or down (1) in its list; says whether there was room."""
    kind = kind_of(address)
    if kind in (Kind.GATE, Kind.METHOD):
        return False
    entries = list_at(content, list_of(address))
    place = place_in(entries, address[-1])
    if place is None:
        raise NoSuchPart(address)
    if not 0 <= place + by < len(entries):
        return False
    entries.insert(place + by, entries.pop(place))
    _renumber(kind, entries)
    return True


def _renumber(kind: Kind, entries: Sequence[Content]) -> None:
    if kind in NUMBERED:
        for number, part in enumerate(entries, start=1):
            part["number"] = number


# --- what refers to what --------------------------------------------------------------------------


def uses_of(content: Content, address: Address) -> tuple[PartNode, ...]:
    """The parts outside of this one that name it or something in it."""
    inside = {node.address: node for node in _below(node_at(content, address))}
    names = {name for node in inside.values() for name in _names_given(content, node)}
    return tuple(
        node
        for node in all_parts(content)
        if node.address not in inside and not names.isdisjoint(_names_used(node))
    )


def _names_given(content: Content, node: PartNode) -> Iterator[tuple[str, ...]]:
    """What others call the part."""
    address = node.address
    if node.kind is Kind.PHASE:
        yield "phase", address[-1]
    elif node.kind is Kind.TOOL:
        yield "slot", address[-1]
        serving = [slot for slot in content["tools"] if slot["tool"] == node.values["tool"]]
        if len(serving) == 1:
            yield "tool", node.values["tool"]
    elif node.kind is Kind.WORKSHEET:
        yield "worksheet", address[-1]
    elif node.kind is Kind.FIELD:
        yield "field", f"{address[1]}.{address[-1]}"
        yield "beside", address[1], address[-1]
    elif node.kind is Kind.COLUMN:
        yield "beside", *address[:-2], address[-1]


def _names_used(node: PartNode) -> Iterator[tuple[str, ...]]:
    values, address = node.values, node.address
    if node.kind in (Kind.PHASE, Kind.STEP, Kind.CLOSING):
        yield from (("slot", key) for key in values["tools"])
    elif node.kind is Kind.GATE:
        yield from (("phase", key) for key in values["back_to"])
    elif node.kind is Kind.CRITERION:
        yield from (("tool", code.partition(".")[0]) for code in values.get("findings", ()))
    elif node.kind is Kind.TOOL:
        yield "worksheet", values.get("worksheet", "")
    elif node.kind is Kind.INSIGHT:
        yield from (("field", name) for name in values.get("from", ()))
    elif node.kind in (Kind.FIELD, Kind.COLUMN):
        yield "phase", values.get("required_from", "")
        yield from (("tool", key) for key in values.get("tools", ()))
        yield "tool", values.get("source", "").partition(".")[0]
        around = (address[1],) if node.kind is Kind.FIELD else address[:-2]
        yield "beside", *around, values.get("delete_on", "")
        for name in ("row_label", "starts_project"):
            yield "beside", *address, values.get(name, "")
        yield from (("beside", *address, name) for name in values.get("risk_level", ()))
