"""The format of a method version: which parts it has and what each looks like.

``docs/methodology.md`` describes it for people who write methods, ``docs/method.schema.json`` for
their editors (made from the shapes here). What is checked against other parts of the same version,
such as the tool that a step names, is gathered first as :class:`Known`. Which tools exist as apps
is not this module's business.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from common.markdown import problems_in
from common.wording import TERMS, Country
from methodology.enums import (
    GateMode,
    GateOutcome,
    Origin,
    ReadSource,
    Sensitivity,
    Severity,
)
from methodology.format_known import Known, gather
from methodology.format_rules import (
    FIELD_RULES,
    MAX_SCALE,
    NAME,
    ReadsNoCircle,
    back_goes_with_back_to,
    delete_on_is_a_date,
    field_keys_are_unique,
    reviews_come_one_after_the_other,
    steps_and_criteria_are_the_methods,
)
from methodology.shapes import (
    LANGUAGES,
    ByKind,
    Either,
    Exactly,
    Field,
    FirstUse,
    Flag,
    Key,
    ListOf,
    Localised,
    MappingOf,
    Number,
    OneOf,
    Pattern,
    Reference,
    Shape,
    Text,
    optional,
    word_at,
    words,
)
from methodology.yaml_reader import Node, Problems

__all__ = ["Format", "Known", "gather"]

FORMAT = 1
MAX_ROWS = 500
# Far from what the database can count.
MAX_VERSION = 9999
MAX_MONTHS = 120

PROJECT_ROLES = (
    "leader",
    "member",
    "owner",
    "line_manager",
    "benefit_responsible",
    "benefit_owner",
    "reader",
)
SIMPLE_KINDS = (
    "short_text",
    "long_text",
    "choice",
    "choices",
    "scale",
    "number",
    "money",
    "date",
    "person",
    "yes_no",
    "link",
)

_text = Text()
_key = Key()
_flag = Flag()
_tool = Pattern(r"[a-z][a-z0-9_]{0,59}", "the key of a tool (small letters, digits and _)")
_finding = Pattern(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", "a finding as tool.code")
_url = Pattern(r"https?://\S+", "an address that begins with https:// or http://")
_origin = OneOf(Origin.values)


class Format:
    """The shapes of one version, given what its parts may refer to."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.title = Localised(_text, known.languages, known.languages)
        guidance = Text(_problems_in_guidance)
        self.guidance = Localised(guidance, known.complete, known.languages)
        self.guidance_list = Localised(
            ListOf(guidance, at_least=1), known.complete, known.languages
        )
        self.links = ListOf(
            MappingOf(
                {"title": self.title, "url": _url, "country": optional(OneOf(Country.values))}
            )
        )
        self.slots = ListOf(Reference(known.slots, "a tool in method.yaml"), unique=".")

    def whole(self, *, key: Shape = _key, version: Shape | None = None) -> MappingOf:
        """A version as one document."""
        phase_count = len(self.known.phases or ())
        return MappingOf(
            {
                **self.method_fields(key=key, version=version or Number(1, MAX_VERSION)),
                "worksheets": optional(ListOf(self.worksheet())),
                "phases": _Phases(self, phase_count),
            }
        )

    def method_fields(self, *, key: Shape, version: Shape) -> dict[str, Field | Shape]:
        word = MappingOf(
            {
                "singular": self.title,
                "plural": self.title,
                "definite": optional(self.title),
            }
        )
        language = MappingOf(
            {
                "coverage": OneOf(("complete", "titles")),
                "origin": Either(
                    Localised(_text, self.known.languages, self.known.languages), _text
                ),
            }
        )
        return {
            "format": Exactly(FORMAT, "the format that is read here"),
            "key": key,
            "version": version,
            "default_language": OneOf(self.known.complete),
            "languages": MappingOf({each: optional(language) for each in LANGUAGES}),
            "title": self.title,
            "summary": self.guidance,
            "words": MappingOf({"phase": word, "step": word}),
            "principles": optional(
                ListOf(
                    MappingOf({"key": _key, "title": self.title, "text": self.guidance}),
                    unique="key",
                )
            ),
            "sources": ListOf(MappingOf({"title": _text, "url": _url})),
            "roles": ListOf(self.role(), unique="key"),
            "tools": ListOf(self.slot(), unique="key"),
            "closing": optional(ListOf(self.closing_step(), at_least=1)),
        }

    def role(self) -> MappingOf:
        return MappingOf(
            {
                "key": _key,
                "title": self.title,
                "description": self.guidance,
                "project_role": optional(OneOf(PROJECT_ROLES), ""),
                "expected": optional(_flag, False),
            }
        )

    def slot(self) -> MappingOf:
        worksheets = None if self.known.worksheets is None else tuple(self.known.worksheets)
        return MappingOf(
            {
                "key": _key,
                "tool": _tool,
                "variant": optional(_key, ""),
                "worksheet": optional(Reference(worksheets, "a worksheet of the method")),
                # The older spelling of ``origin: ours``.
                "addition": optional(_flag, False),
                "origin": optional(_origin),
                "title": self.title,
                "purpose": self.guidance,
                "what": self.guidance,
                "how": optional(self.guidance_list),
                "good": optional(self.guidance_list),
                "mistakes": optional(self.guidance_list),
                "links": optional(self.links),
            }
        )

    def phase(self, number: Shape, earlier: Sequence[str] | None) -> MappingOf:
        """``earlier`` holds the keys of the phases before, which its gate may go back to."""
        example = MappingOf({"municipality": _text, "name": _text, "text": self.guidance})
        return MappingOf(
            {
                "key": FirstUse(_key, self.known.seen["phase"]),
                "number": number,
                "origin": optional(_origin),
                "title": self.title,
                "purpose": self.guidance,
                "tips": optional(self.guidance_list),
                "for_leaders": optional(self.guidance_list, {}),
                "links": optional(self.links),
                "tools": self.slots,
                "insight": optional(ListOf(self.insight(), unique="key")),
                "examples": optional(ListOf(example)),
                "steps": ListOf(self.step(), at_least=1, numbered=True),
                "gate": optional(self.gate(earlier), None),
            },
            rules=[steps_and_criteria_are_the_methods],
        )

    def insight(self) -> MappingOf:
        """A kind of insight: it is there when one of the worksheet fields is filled in."""
        known = self.known.worksheets
        fields = (
            None
            if known is None
            else tuple(f"{sheet}.{name}" for sheet, names in known.items() for name in names)
        )
        shape = Pattern(
            r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z][a-z0-9_]*", "a field as worksheet-key.field_key"
        )
        source = Reference(fields, "a field of a worksheet of the method", shape)
        return MappingOf(
            {
                "key": _key,
                "title": self.title,
                "from": ListOf(source, at_least=1, unique="."),
            }
        )

    def closing_step(self) -> MappingOf:
        """What is left to do when a project ends, wherever on the way it ends."""
        return MappingOf(
            {
                # Kept with what the project says about its steps, under the same keys.
                "key": FirstUse(_key, self.known.seen["step"]),
                "origin": optional(_origin),
                "title": self.title,
                "tools": self.slots,
                "what": self.guidance,
            }
        )

    def step(self) -> MappingOf:
        return MappingOf(
            {
                # Across all phases: a step is found by its key alone.
                "key": FirstUse(_key, self.known.seen["step"]),
                "number": Number(),
                "origin": optional(_origin),
                "title": self.title,
                "tools": self.slots,
                "optional": optional(_flag, False),
                "decision": optional(_flag, False),
                "new_round": optional(_flag),
                **self.step_texts(),
                "links": optional(self.links),
            }
        )

    def step_texts(self) -> dict[str, Field | Shape]:
        return {
            "why": self.guidance,
            "what": self.guidance,
            "how": self.guidance_list,
            "who": self.guidance,
            "duration": self.guidance,
            "result": self.guidance,
            "tips": optional(self.guidance_list),
            "good": optional(self.guidance_list),
            "mistakes": self.guidance_list,
            "for_leaders": optional(self.guidance_list),
            "questions": optional(self.guidance_list),
        }

    def criterion(self) -> MappingOf:
        finding = _FindingOf(self.known.tools)
        return MappingOf(
            {
                "key": _key,
                "severity": OneOf(Severity.values),
                "title": self.title,
                "guidance": self.guidance,
                "example": self.guidance,
                "findings": optional(ListOf(finding, unique="."), []),
            }
        )

    def gate(self, earlier: Sequence[str] | None) -> MappingOf:
        return MappingOf(
            {
                "key": FirstUse(_key, self.known.seen["gate"]),
                "origin": optional(_origin),
                "title": self.title,
                "purpose": self.guidance,
                "mode": OneOf(GateMode.values),
                "outcomes": ListOf(OneOf(GateOutcome.values), at_least=1, unique="."),
                "back_to": ListOf(Reference(earlier, "an earlier phase"), unique="."),
                "reviews_after_months": optional(ListOf(Number(1, MAX_MONTHS), at_least=1)),
                "criteria": ListOf(self.criterion(), unique="key"),
            },
            rules=[back_goes_with_back_to, reviews_come_one_after_the_other],
        )

    # --- worksheets -----------------------------------------------------------------------------

    def worksheet(self) -> MappingOf:
        section = MappingOf(
            {
                "key": _key,
                "title": self.title,
                "help": optional(self.guidance),
                "fields": ListOf(self.worksheet_field(), at_least=1),
            }
        )
        return MappingOf(
            {
                "key": FirstUse(_key, self.known.seen["worksheet"]),
                "title": self.title,
                "origin": optional(_origin),
                "purpose": optional(self.guidance),
                "warning": optional(self.guidance),
                "prints": optional(ListOf(OneOf(("slides", "page")), at_least=1, unique=".")),
                "sections": ListOf(section, at_least=1, unique="key"),
            },
            rules=[
                field_keys_are_unique,
                delete_on_is_a_date,
                ReadsNoCircle(self.known.reading),
            ],
        )

    def worksheet_field(self) -> ByKind:
        own = self._kind_fields()
        return ByKind(
            {
                kind: MappingOf({**self._common_fields(kind), **fields}, rules=FIELD_RULES)
                for kind, fields in own.items()
            }
        )

    def column(self) -> ByKind:
        """As a field, of the kinds that fit into a row."""
        own = self._kind_fields()
        return ByKind(
            {
                kind: MappingOf({**self._common_fields(kind), **own[kind]}, rules=FIELD_RULES)
                for kind in SIMPLE_KINDS
            }
        )

    def _common_fields(self, kind: str) -> dict[str, Field | Shape]:
        phases = self.known.phases
        return {
            "key": NAME,
            "kind": Exactly(kind, "the kind of the field"),
            "label": self.title,
            "help": optional(self.guidance),
            "example": optional(self.guidance),
            "required": optional(_flag),
            "required_from": optional(Reference(phases, "a phase of the method")),
            "sensitivity": optional(OneOf(Sensitivity.values)),
            "delete_on": optional(NAME),
        }

    def _kind_fields(self) -> dict[str, dict[str, Field | Shape]]:
        choice = MappingOf({"key": NAME, "label": self.title})
        choices = ListOf(choice, at_least=2, unique="key")
        return {
            "short_text": {},
            "long_text": {},
            "choice": {"choices": choices},
            "choices": {"choices": choices},
            "scale": {
                "from": Number(-MAX_SCALE, MAX_SCALE),
                "to": Number(-MAX_SCALE, MAX_SCALE),
                "low": self.title,
                "high": self.title,
            },
            "number": {"unit": optional(self.title), "decimals": optional(Number(0, 4))},
            "money": {},
            "date": {},
            "person": {},
            "yes_no": {},
            "picture": {},
            "link": {
                "tools": ListOf(
                    Reference(self.known.tools, "a tool of the method", _tool),
                    at_least=1,
                    unique=".",
                )
            },
            "read": {"source": _SourceOf(self.known.tools)},
            "rows": {
                "singular": self.title,
                "row_label": optional(NAME),
                "starts_project": optional(NAME),
                "risk_level": optional(ListOf(NAME, at_least=1, unique=".")),
                "most": optional(Number(1, MAX_ROWS)),
                "columns": _Columns(self),
            },
        }


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a rows field. Made when asked for, as rows do not hold rows."""

    format: Format

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        return self._shape()(node, where, problems)

    def schema(self) -> dict[str, Any]:
        return self._shape().schema()

    def _shape(self) -> ListOf:
        return ListOf(self.format.column(), at_least=1, unique="key")


@dataclass(frozen=True, slots=True)
class _Phases:
    """The phases of a whole document: each may go back to those before it."""

    format: Format
    count: int

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if not isinstance(node.value, list) or not node.value:
            problems.add(node.line, f"{where}: expected a list of at least one phase")
            return []
        keys = [word_at(phase, "key") for phase in node.value]
        return [
            self.format.phase(
                Exactly(place, "phases are numbered 1, 2, 3 in order"), keys[: place - 1]
            )(phase, f"{where}[{place}]", problems)
            for place, phase in enumerate(node.value, start=1)
        ]

    def schema(self) -> dict[str, Any]:
        return ListOf(self.format.phase(Number(), None), at_least=1).schema()


@dataclass(frozen=True, slots=True)
class _FindingOf:
    """A finding of a tool that the method has."""

    tools: tuple[str, ...] | None

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        before = len(problems.found)
        value = _finding(node, where, problems)
        if len(problems.found) == before and self.tools is not None:
            tool = value.partition(".")[0]
            Reference(self.tools, "the key of a tool of the method", _tool)(
                Node(tool, node.line), where, problems
            )
        return value

    def schema(self) -> dict[str, Any]:
        return _finding.schema()


@dataclass(frozen=True, slots=True)
class _SourceOf:
    """What a field reads: something of the project, or a figure of a tool."""

    tools: tuple[str, ...] | None

    def __call__(self, node: Node, where: str, problems: Problems) -> Any:
        if node.value in ReadSource.values:
            return node.value
        if isinstance(node.value, str) and node.value.startswith("project."):
            return OneOf(ReadSource.values)(node, where, problems)
        return _FindingOf(self.tools)(node, where, problems)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [OneOf(ReadSource.values).schema(), _finding.schema()]}


def _problems_in_guidance(text: str) -> Iterator[str]:
    yield from map(str, problems_in(text))
    for term in re.findall(r"\{([^{}]*)\}", text):
        if term not in TERMS:
            yield f'"{{{term}}}" is not a term (expected {words(TERMS)})'
