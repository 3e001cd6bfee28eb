"""A part as the editor shows it beside its form: what it says, and what stands in it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authoring.labels import add_label, field_label, list_label, title_of
from authoring.tree import add_url, part_url
from methodology.part_fields import missing_languages, texts_of
from methodology.parts import (
    KEYLESS,
    Address,
    Content,
    Kind,
    kind_in,
    kind_of,
    names_of,
    part_at,
    parts_in,
)
from methodology.texts import Texts


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as readers meet it. ``name`` is the field in ``texts``."""

    label: str
    name: str
    texts: Texts
    is_list: bool
    is_numbered: bool


@dataclass(frozen=True, slots=True)
class InnerPart:
    title: str
    key: str
    number: int
    url: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InnerList:
    """The parts of one sort inside a part, and where another is added (``""``: nowhere)."""

    title: str
    add_label: str
    add_url: str
    parts: tuple[InnerPart, ...]


def read_texts(kind: Kind, part: Mapping[str, Any]) -> list[ReadText]:
    """The part's guidance, without titles; what is not written is left out."""
    return [
        ReadText(
            field_label(field.name, kind),
            field.name,
            Texts({field.name: part[field.name]}),
            field.is_list,
            field.name == "how",
        )
        for field in texts_of(kind, part)
        if not field.is_title and part.get(field.name)
    ]


def inner_lists(content: Content, address: Address, method_key: str) -> list[InnerList]:
    part, kind = part_at(content, address), kind_of(address)
    return [
        _inner_list(content, part, (*address, name), method_key) for name in names_of(kind, part)
    ]


def _inner_list(
    content: Content, part: Mapping[str, Any], list_address: Address, method_key: str
) -> InnerList:
    name, kind = list_address[-1], kind_in(list_address)
    parts = tuple(
        InnerPart(
            title=title_of(node.title),
            key="" if kind in KEYLESS else node.values["key"],
            number=node.number,
            url=part_url(method_key, node.address),
            missing=missing_languages(content, node.kind, node.values),
        )
        for node in parts_in(part, list_address)
    )
    is_full = kind is Kind.GATE and bool(parts)
    return InnerList(
        title=list_label(name),
        add_label=add_label(name),
        add_url="" if is_full else add_url(method_key, list_address),
        parts=parts,
    )
