"""The tree of a draft: its parts, where one is, and what each lacks. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from authoring.labels import kind_label, list_label, title_of
from methodology.part_fields import missing_languages
from methodology.parts import (
    Address,
    Content,
    Kind,
    PartNode,
    all_parts,
    inner_parts,
    part_at,
    parts_in,
)
from methodology.shapes import LANGUAGES

_GROUPS = ("tools", "worksheets", "roles", "principles", "closing", "sources")
# Choices, examples and links are reached from the part they stand in.
_NOT_IN_TREE = frozenset({Kind.CHOICE, Kind.EXAMPLE, Kind.LINK})


@dataclass(frozen=True, slots=True)
class Branch:
    """A part in the tree. ``missing`` are the languages that it, or anything in it, lacks;
    ``place`` names where it stands when the tree is a plain list."""

    title: str
    number: str
    kind: str
    url: str
    missing: tuple[str, ...]
    is_current: bool
    is_around: bool
    place: str = ""
    branches: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Branches under a heading that can be folded away."""

    title: str
    url: str
    missing: tuple[str, ...]
    is_open: bool
    branches: tuple[Branch, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Tree:
    """``lacking`` counts the parts that lack a text in some language."""

    root: Branch
    groups: tuple[Group, ...]
    lacking: int


def part_url(method_key: str, address: Address, query: str = "") -> str:
    if not address:
        return reverse("authoring:draft", args=[method_key]) + query
    return reverse("authoring:part", args=[method_key, "/".join(address)]) + query


def add_url(method_key: str, list_address: Address) -> str:
    return reverse("authoring:part_add", args=[method_key, "/".join(list_address)])


class _Builder:
    def __init__(self, content: Content, key: str, current: Address, query: str) -> None:
        self.content = content
        self.key = key
        self.current = current
        self.query = query
        self.own = {
            node.address: missing
            for node in all_parts(content)
            if (missing := missing_languages(content, node.kind, node.values))
        }
        self.around: dict[Address, set[str]] = {}
        for address, missing in self.own.items():
            for length in range(len(address) + 1):
                self.around.setdefault(address[:length], set()).update(missing)

    def missing(self, address: Address) -> tuple[str, ...]:
        found = self.around.get(address, set())
        return tuple(language for language in LANGUAGES if language in found)

    def branch(self, node: PartNode, *, place: str = "", deep: bool = True) -> Branch:
        is_around = self.current[: len(node.address)] == node.address
        inner = self.inner(node) if deep and is_around and node.address else ()
        return Branch(
            title=title_of(node.title),
            number=_number(node, self.content),
            kind=kind_label(node.kind, self.content),
            url=part_url(self.key, node.address, self.query),
            # The whole method's mark is about its own texts; the rest is marked where it stands.
            missing=self.own.get(node.address, ())
            if place or not node.address
            else self.missing(node.address),
            is_current=node.address == self.current,
            is_around=is_around,
            place=place,
            branches=tuple(inner),
        )

    def inner(self, node: PartNode) -> Iterator[Branch]:
        for inner in inner_parts(self.content, node.address):
            if inner.kind not in _NOT_IN_TREE:
                yield self.branch(inner)

    def lacking(self) -> Iterator[Branch]:
        for node in all_parts(self.content):
            if node.address in self.own and node.address:
                yield self.branch(node, place=_place(self.content, node.address), deep=False)


def tree_of(content: Content, method_key: str, current: Address, *, lacking: bool = False) -> Tree:
    """The tree, open around ``current``. With ``lacking`` a plain list of those parts that lack a
    text."""
    query = "?mangler=1" if lacking else ""
    builder = _Builder(content, method_key, current, query)
    root = builder.branch(PartNode((), Kind.METHOD, content), deep=False)
    if lacking:
        groups: tuple[Group, ...] = (Group("", "", (), True, tuple(builder.lacking())),)
    else:
        groups = tuple(_groups(builder, content, current))
    return Tree(root, groups, len(builder.own))


def _groups(builder: _Builder, content: Content, current: Address) -> Iterator[Group]:
    phases = tuple(builder.branch(node) for node in parts_in(content, ("phases",)))
    words = content["words"]["phase"]["plural"]
    title = title_of(words) if words else list_label("phases")
    yield Group(title[:1].upper() + title[1:], "", builder.missing(("phases",)), True, phases)
    for name in _GROUPS:
        yield Group(
            list_label(name),
            add_url(builder.key, (name,)),
            builder.missing((name,)),
            current[:1] == (name,),
            tuple(builder.branch(node) for node in parts_in(content, (name,))),
        )


def _number(node: PartNode, content: Content) -> str:
    if node.kind is Kind.PHASE:
        return str(node.values["number"])
    if node.kind is Kind.STEP:
        phase: Mapping[str, object] = part_at(content, node.address[:2])
        return f"{phase['number']}.{node.values['number']}"
    return ""


def _place(content: Content, address: Address) -> str:
    """The outermost part that this one stands in."""
    if len(address) <= 2:
        return ""
    part = part_at(content, address[:2])
    return title_of(part.get("title") or part.get("label") or "")


def way_to(content: Content, address: Address, method_key: str) -> list[tuple[str, str]]:
    """Titles and addresses of the parts around this one, outermost first."""
    way = []
    nodes = {node.address: node for node in all_parts(content)}
    for length in range(1, len(address)):
        node = nodes.get(address[:length])
        if node is not None:
            way.append((title_of(node.title), part_url(method_key, node.address)))
    return way
