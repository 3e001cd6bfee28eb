"""The format of a method version: which parts it has and what each looks like.

``docs/methodology.md`` describes it for people who write methods, ``docs/method.schema.json`` for
their editors (made from the shapes here). What is checked against other parts of the same version,
such as the tool that a step names, is gathered first as :class:`Known`. Which tools exist as apps
is not this module's business.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
    member,
    members,
    optional,
    word_at,
    words,
)
from methodology.yaml_reader import Node, Problems

FORMAT = 1
MAX_ROWS = 500
MAX_SCALE = 10

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
_name = Pattern(r"[a-z][a-z0-9_]{0,59}", "a key of small letters, digits and _")
_finding = Pattern(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", "a finding as tool.code")
_url = Pattern(r"https?://\S+", "an address that begins with https:// or http://")
_origin = OneOf(Origin.values)


@dataclass(frozen=True, slots=True)
class Known:
    """What the parts of one version may refer to. ``None``: it is not known what there is."""

    languages: tuple[str, ...] = LANGUAGES
    complete: tuple[str, ...] = ()
    slots: tuple[str, ...] | None = None
    tools: tuple[str, ...] | None = None
    phases: tuple[str, ...] | None = None
    worksheets: Mapping[str, tuple[str, ...]] | None = None
    seen: Mapping[str, dict[str, str]] = field(
        default_factory=lambda: {"phase": {}, "step": {}, "gate": {}, "worksheet": {}}
    )


def gather(
    method: Node | None, phases: Sequence[Node | None], worksheets: Sequence[Node | None]
) -> Known:
    """Look for what may be referred to, in parts that nobody has checked yet. ``phases`` and
    ``worksheets`` are the mappings themselves; ``None`` is one that could not be read."""
    declared = member(method, "languages")
    listed = [language for language in LANGUAGES if member(declared, language) is not None]
    unreadable = method is None
    return Known(
        languages=tuple(listed) or LANGUAGES,
        complete=tuple(
            language
            for language in listed
            if word_at(member(declared, language), "coverage") == "complete"
        ),
        slots=None if unreadable else _words_in(members(method, "tools"), "key"),
        tools=None if unreadable else _words_in(members(method, "tools"), "tool"),
        phases=None if None in phases else _words_in(phases, "key"),
        worksheets=(
            None
            if None in worksheets
            else {word_at(sheet, "key"): _field_keys(sheet) for sheet in worksheets}
        ),
    )


def _words_in(nodes: Iterable[Node | None], name: str) -> tuple[str, ...]:
    return tuple(found for node in nodes if (found := word_at(node, name)))


def _field_keys(worksheet: Node | None) -> tuple[str, ...]:
    return tuple(
        key
        for section in members(worksheet, "sections")
        for key in _words_in(members(section, "fields"), "key")
    )


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
                **self.method_fields(key=key, version=version or Number()),
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
            }
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
                "criteria": ListOf(self.criterion(), unique="key"),
            },
            rules=[_back_goes_with_back_to],
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
            rules=[_field_keys_are_unique, _delete_on_is_a_date],
        )

    def worksheet_field(self) -> ByKind:
        own = self._kind_fields()
        return ByKind(
            {
                kind: MappingOf({**self._common_fields(kind), **fields}, rules=_FIELD_RULES)
                for kind, fields in own.items()
            }
        )

    def column(self) -> ByKind:
        """As a field, of the kinds that fit into a row."""
        own = self._kind_fields()
        return ByKind(
            {
                kind: MappingOf({**self._common_fields(kind), **own[kind]}, rules=_FIELD_RULES)
                for kind in SIMPLE_KINDS
            }
        )

    def _common_fields(self, kind: str) -> dict[str, Field | Shape]:
        phases = self.known.phases
        return {
            "key": _name,
            "kind": Exactly(kind, "the kind of the field"),
            "label": self.title,
            "help": optional(self.guidance),
            "example": optional(self.guidance),
            "required": optional(_flag),
            "required_from": optional(Reference(phases, "a phase of the method")),
            "sensitivity": optional(OneOf(Sensitivity.values)),
            "delete_on": optional(_name),
        }

    def _kind_fields(self) -> dict[str, dict[str, Field | Shape]]:
        choice = MappingOf({"key": _name, "label": self.title})
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
                "row_label": optional(_name),
                "starts_project": optional(_name),
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


# --- rules about several entries together -------------------------------------------------------


def _back_goes_with_back_to(gate: dict[str, Node], where: str, problems: Problems) -> None:
    outcomes, back_to = gate.get("outcomes"), gate.get("back_to")
    if outcomes is None or back_to is None:
        return
    if not isinstance(outcomes.value, list) or not isinstance(back_to.value, list):
        return
    offers_back = any(outcome.value == GateOutcome.BACK for outcome in outcomes.value)
    if offers_back and not back_to.value:
        problems.add(
            back_to.line, f'{where}.back_to: the outcome "back" needs at least one phase to go to'
        )
    if back_to.value and not offers_back:
        problems.add(back_to.line, f'{where}.back_to: phases to go back to need the outcome "back"')


def _field_keys_are_unique(worksheet: dict[str, Node], where: str, problems: Problems) -> None:
    first: dict[str, int] = {}
    for part, place in _fields_with_place(worksheet, where):
        key = word_at(part, "key")
        if key in first:
            problems.add(
                part.line,
                f'{place}.key: "{key}" is used twice in the worksheet, first on line {first[key]}',
            )
        elif key:
            first[key] = part.line


def _delete_on_is_a_date(worksheet: dict[str, Node], where: str, problems: Problems) -> None:
    """What is erased on a date names a date beside it: in the worksheet, or in the same row."""
    fields = list(_fields_with_place(worksheet, where))
    _check_delete_on(fields, problems)
    for part, place in fields:
        columns = [
            (column, f"{place}.columns[{number}]")
            for number, column in enumerate(members(part, "columns"), start=1)
        ]
        _check_delete_on(columns, problems)


def _check_delete_on(fields: Sequence[tuple[Node, str]], problems: Problems) -> None:
    dates = [word_at(part, "key") for part, _place in fields if word_at(part, "kind") == "date"]
    for part, place in fields:
        named = member(part, "delete_on")
        if named is not None and isinstance(named.value, str) and named.value not in dates:
            Reference(dates, "a date beside it", _name)(named, f"{place}.delete_on", problems)


def _fields_with_place(worksheet: dict[str, Node], where: str) -> Iterable[tuple[Node, str]]:
    sheet = Node(worksheet, 0)
    for number, section in enumerate(members(sheet, "sections"), start=1):
        for place, part in enumerate(members(section, "fields"), start=1):
            yield part, f"{where}.sections[{number}].fields[{place}]"


def _perishable_has_a_date(part: dict[str, Node], where: str, problems: Problems) -> None:
    node = Node(part, 0)
    perishable = word_at(node, "sensitivity") == Sensitivity.PERISHABLE
    named = part.get("delete_on")
    if perishable and named is None:
        line = part["sensitivity"].line
        problems.add(line, f'{where}: what is perishable needs "delete_on", the key of a date')
    if named is not None and not perishable:
        problems.add(named.line, f"{where}.delete_on: only what is perishable is erased on a date")


def _scale_runs_upwards(part: dict[str, Node], where: str, problems: Problems) -> None:
    first, last = part.get("from"), part.get("to")
    if first is None or last is None or word_at(Node(part, 0), "kind") != "scale":
        return
    if type(first.value) is not int or type(last.value) is not int:
        return
    if not 1 <= last.value - first.value <= MAX_SCALE:
        problems.add(
            last.line,
            f"{where}.to: expected 1 to {MAX_SCALE} more than {first.value}, found {last.value}",
        )


def _columns_are_there(part: dict[str, Node], where: str, problems: Problems) -> None:
    keys = [word_at(column, "key") for column in members(Node(part, 0), "columns")]
    for name in ("row_label", "starts_project"):
        if name in part:
            Reference(keys, "a column of the rows", _name)(part[name], f"{where}.{name}", problems)


_FIELD_RULES = (_perishable_has_a_date, _scale_runs_upwards, _columns_are_there)
