"""Worksheets as a method defines them: frozen, made from a version's content."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from methodology.enums import FieldKind, Origin, Sensitivity
from methodology.texts import Texts, Titled

MOST_ROWS = 100
_FIELD_TEXTS = ("help", "example", "low", "high", "unit", "singular")
_WORKSHEET_TEXTS = ("title", "purpose", "warning")


@dataclass(frozen=True, slots=True)
class ChoiceEntry(Titled):
    """One of the answers to choose from."""


@dataclass(frozen=True, slots=True)
class FieldEntry(Titled):
    """A field, or a column of rows: then ``columns`` is empty.

    ``required_from`` is the key of the phase from which an empty field is a finding, ``""`` for
    always. ``delete_on`` names the date field beside it on which what is perishable is erased.
    ``risk_level`` names the scales whose product says how serious a row is as a risk.
    """

    kind: FieldKind
    is_required: bool
    required_from: str
    sensitivity: Sensitivity
    delete_on: str
    choices: tuple[ChoiceEntry, ...]
    scale: tuple[int, ...]
    decimals: int
    tools: tuple[str, ...]
    source: str
    columns: tuple["FieldEntry", ...]
    row_label: str
    starts_project: str
    most: int
    risk_level: tuple[str, ...] = ()

    @property
    def is_written(self) -> bool:
        """Whether people write in it; a value that is read is only shown."""
        return self.kind is not FieldKind.READ

    def column(self, key: str) -> "FieldEntry":
        """Raises ``KeyError`` for an unknown key."""
        return field_by_key(self.columns, key)


@dataclass(frozen=True, slots=True)
class SectionEntry(Titled):
    fields: tuple[FieldEntry, ...]


@dataclass(frozen=True, slots=True)
class WorksheetEntry(Titled):
    """A form that a method defines. ``prints`` holds ``slides`` and ``page`` where it can be
    printed so."""

    origin: Origin
    prints: tuple[str, ...]
    sections: tuple[SectionEntry, ...]

    @property
    def fields(self) -> tuple[FieldEntry, ...]:
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, key: str) -> FieldEntry:
        """Raises ``KeyError`` for an unknown key."""
        return field_by_key(self.fields, key)


def field_by_key(fields: Sequence[FieldEntry], key: str) -> FieldEntry:
    for field in fields:
        if field.key == key:
            return field
    raise KeyError(key)


def worksheet_of(content: Mapping[str, Any]) -> WorksheetEntry:
    """The worksheet that a version's content defines. A draft's may lack texts."""
    return WorksheetEntry(
        key=content["key"],
        texts=Texts.of(content, _WORKSHEET_TEXTS),
        origin=Origin(content.get("origin", Origin.SOURCE)),
        prints=tuple(content.get("prints", ())),
        sections=tuple(_section(section) for section in content["sections"]),
    )


def all_fields(worksheet: WorksheetEntry) -> Iterator[FieldEntry]:
    """Fields and their columns, in order."""
    for field in worksheet.fields:
        yield field
        yield from field.columns


def _section(content: Mapping[str, Any]) -> SectionEntry:
    return SectionEntry(
        key=content["key"],
        texts=Texts.of(content, ("title", "help")),
        fields=tuple(_field(field) for field in content["fields"]),
    )


def _field(content: Mapping[str, Any]) -> FieldEntry:
    scale = range(content["from"], content["to"] + 1) if "from" in content else ()
    return FieldEntry(
        key=content["key"],
        texts=Texts.of({**content, "title": content["label"]}, ("title", *_FIELD_TEXTS)),
        kind=FieldKind(content["kind"]),
        is_required=content.get("required", False),
        required_from=content.get("required_from", ""),
        sensitivity=Sensitivity(content.get("sensitivity", Sensitivity.OPEN)),
        delete_on=content.get("delete_on", ""),
        choices=tuple(
            ChoiceEntry(choice["key"], Texts({"title": choice["label"]}))
            for choice in content.get("choices", ())
        ),
        scale=tuple(scale),
        decimals=content.get("decimals", 0),
        tools=tuple(content.get("tools", ())),
        source=content.get("source", ""),
        columns=tuple(_field(column) for column in content.get("columns", ())),
        row_label=content.get("row_label") or _first_key(content.get("columns", ())),
        starts_project=content.get("starts_project", ""),
        most=content.get("most", MOST_ROWS),
        risk_level=tuple(content.get("risk_level", ())),
    )


def _first_key(columns: Sequence[Mapping[str, Any]]) -> str:
    return columns[0]["key"] if columns else ""
