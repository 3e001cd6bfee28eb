"""A method version as frozen dataclasses, read once and kept.

A published version never changes, and neither does a published overlay, so the catalogue is cached
per process under their numbers, content hashes and status: pages need no query for definitions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from methodology.enums import GateMode, GateOutcome, Origin, Severity, VersionStatus
from methodology.models import MethodVersion, OverlayVersion, VersionDocument
from methodology.overlays import apply_overlay
from methodology.texts import Texts, Titled
from methodology.worksheets import WorksheetEntry, worksheet_of

__all__ = [
    "Catalogue",
    "ClosingEntry",
    "CriterionEntry",
    "ExampleEntry",
    "GateEntry",
    "HiddenStepEntry",
    "InsightEntry",
    "LinkEntry",
    "OverlayStamp",
    "PhaseEntry",
    "PrincipleEntry",
    "RoleEntry",
    "SlotEntry",
    "StepEntry",
    "Texts",
    "Titled",
    "build_catalogue",
    "catalogue_of",
    "forget_catalogues",
]

Entry = TypeVar("Entry", bound=Titled)

VERSION_TEXTS = ("title", "summary")
ROLE_TEXTS = ("title", "description")
SLOT_TEXTS = ("title", "purpose", "what", "how", "good", "mistakes", "note")
PHASE_TEXTS = ("title", "purpose", "tips", "for_leaders", "note")
STEP_TEXTS = (
    "title",
    "why",
    "what",
    "how",
    "who",
    "duration",
    "result",
    "tips",
    "good",
    "mistakes",
    "for_leaders",
    "questions",
    "note",
)
GATE_TEXTS = ("title", "purpose", "note")
CRITERION_TEXTS = ("title", "guidance", "example")
CLOSING_TEXTS = ("title", "what")


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """``country`` is that of an organisation for which the link is meant, ``""`` for all."""

    texts: Texts
    url: str
    country: str

    @property
    def title(self) -> str:
        return self.texts.get("title")


@dataclass(frozen=True, slots=True)
class PrincipleEntry(Titled):
    @property
    def text(self) -> str:
        return self.texts.get("text")


@dataclass(frozen=True, slots=True)
class SlotEntry(Titled):
    """``worksheet`` is the key of the worksheet that serves the slot until an app does, or
    ``""``."""

    tool: str
    variant: str
    worksheet: str
    origin: Origin
    links: tuple[LinkEntry, ...]
    adjusted_by: str = ""

    @property
    def is_addition(self) -> bool:
        return self.origin is Origin.OURS


@dataclass(frozen=True, slots=True)
class RoleEntry(Titled):
    project_role: str
    is_expected: bool


@dataclass(frozen=True, slots=True)
class CriterionEntry(Titled):
    """``lowered_reason`` says why the organisation asks less than the method, which has it as a
    *must*; ``is_own`` that the organisation added the criterion. ``adjusted_by`` names the
    organisation then, here and wherever it says something of its own (the text ``note``)."""

    severity: Severity
    finding_codes: tuple[str, ...]
    lowered_reason: str
    is_own: bool
    adjusted_by: str = ""


@dataclass(frozen=True, slots=True)
class GateEntry(Titled):
    """``reviews_after_months`` says when a gate that comes again is held, in months from the start
    of its round; empty for one that is passed once."""

    origin: Origin
    mode: GateMode
    outcomes: tuple[GateOutcome, ...]
    back_to: tuple[str, ...]
    criteria: tuple[CriterionEntry, ...]
    reviews_after_months: tuple[int, ...] = ()
    adjusted_by: str = ""

    @property
    def is_recurring(self) -> bool:
        return bool(self.reviews_after_months)

    def criterion(self, key: str) -> CriterionEntry:
        return next_or_key_error(self.criteria, key)


@dataclass(frozen=True, slots=True)
class StepEntry(Titled):
    """``is_own`` says that the organisation added the step; ``starts_new_round`` that a new project
    can grow out of it."""

    number: int
    phase_number: int
    phase_key: str
    origin: Origin
    is_optional: bool
    is_decision: bool
    starts_new_round: bool
    is_own: bool
    slots: tuple[SlotEntry, ...]
    links: tuple[LinkEntry, ...]
    adjusted_by: str = ""

    @property
    def label(self) -> str:
        """The number people say, such as ``3.2``."""
        return f"{self.phase_number}.{self.number}"


@dataclass(frozen=True, slots=True)
class ClosingEntry(Titled):
    """Something left to do when a project ends, wherever on the way it ends."""

    origin: Origin
    slots: tuple[SlotEntry, ...]


@dataclass(frozen=True, slots=True)
class ExampleEntry:
    municipality: str
    name: str
    texts: Texts

    @property
    def text(self) -> str:
        return self.texts.get("text")


@dataclass(frozen=True, slots=True)
class InsightEntry(Titled):
    """A kind of insight; it is there when one of ``sources`` (``worksheet-key.field_key``) is
    filled in."""

    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HiddenStepEntry(Titled):
    """A step that the organisation leaves out, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class PhaseEntry(Titled):
    number: int
    origin: Origin
    slots: tuple[SlotEntry, ...]
    steps: tuple[StepEntry, ...]
    examples: tuple[ExampleEntry, ...]
    insight: tuple[InsightEntry, ...]
    links: tuple[LinkEntry, ...]
    gate: GateEntry | None
    hidden_steps: tuple[HiddenStepEntry, ...] = ()
    adjusted_by: str = ""


@dataclass(frozen=True, slots=True)
class OverlayStamp:
    """Which overlay stands on the version."""

    pk: int
    number: int
    content_hash: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version, whole. Lookups by key or number raise ``KeyError`` when there is no such one."""

    pk: int
    method_key: str
    number: int
    status: VersionStatus
    content_hash: str
    default_language: str
    texts: Texts
    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    languages: Mapping[str, Mapping[str, Any]]
    sources: tuple[Mapping[str, str], ...]
    principles: tuple[PrincipleEntry, ...]
    roles: tuple[RoleEntry, ...]
    slots: tuple[SlotEntry, ...]
    worksheets: tuple[WorksheetEntry, ...]
    phases: tuple[PhaseEntry, ...]
    closing: tuple[ClosingEntry, ...]
    overlay: OverlayStamp | None

    @property
    def title(self) -> str:
        return self.texts.get("title")

    def title_in(self, language: str) -> str:
        return self.texts.get("title", language)

    def word(self, level: str, form: str = "singular", language: str | None = None) -> str:
        """The method's own word for ``phase`` or ``step``: ``singular``, ``plural`` or
        ``definite``, which is the singular where the method does not give it."""
        forms = self.words[level]
        return Texts({"word": forms.get(form) or forms["singular"]}).get("word", language)

    def phase(self, key: str) -> PhaseEntry:
        return next_or_key_error(self.phases, key)

    def slot(self, key: str) -> SlotEntry:
        return next_or_key_error(self.slots, key)

    def role(self, key: str) -> RoleEntry:
        return next_or_key_error(self.roles, key)

    def worksheet(self, key: str) -> WorksheetEntry:
        return next_or_key_error(self.worksheets, key)

    def step(self, key: str) -> StepEntry:
        return next_or_key_error(self.steps, key)

    def closing_step(self, key: str) -> ClosingEntry:
        return next_or_key_error(self.closing, key)

    @property
    def steps(self) -> tuple[StepEntry, ...]:
        return tuple(step for phase in self.phases for step in phase.steps)


def next_or_key_error(entries: Sequence[Entry], key: str) -> Entry:
    for entry in entries:
        if entry.key == key:
            return entry
    raise KeyError(key)


# --- reading --------------------------------------------------------------------------------------


def catalogue_of(version: MethodVersion, overlay: OverlayVersion | None = None) -> Catalogue:
    """The version's catalogue, under the organisation's ``overlay`` if any. ``version`` comes with
    its method. One query, and none when both are published and were read before."""
    if version.is_draft or (overlay is not None and overlay.is_draft):
        return _read(version, overlay)
    return _cached(_Stamp(version, overlay))


def forget_catalogues() -> None:
    """Empty the cache: after loading, and between tests."""
    _cached.cache_clear()


class _Stamp:
    """What the cache goes by: two that are equal have the same content and status."""

    __slots__ = ("identity", "overlay", "version")

    def __init__(self, version: MethodVersion, overlay: OverlayVersion | None) -> None:
        self.version = version
        self.overlay = overlay
        self.identity = tuple(
            (each.pk, each.content_hash, each.status) for each in (version, overlay) if each
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Stamp) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash(self.identity)


@lru_cache(maxsize=128)
def _cached(stamp: _Stamp) -> Catalogue:
    return _read(stamp.version, stamp.overlay)


def _read(version: MethodVersion, overlay: OverlayVersion | None) -> Catalogue:
    content = VersionDocument.objects.values_list("content", flat=True).get(pk=version.pk)
    return build_catalogue(version, content, overlay)


def build_catalogue(
    version: MethodVersion, content: Mapping[str, Any], overlay: OverlayVersion | None = None
) -> Catalogue:
    """``content`` as a catalogue. No query, when the overlay comes with its organisation."""
    if overlay is not None:
        content = apply_overlay(content, overlay.content, overlay.organisation.name)
    slots = {slot["key"]: _slot(slot) for slot in content["tools"]}
    return Catalogue(
        pk=version.pk,
        method_key=version.method.key,
        number=version.number,
        status=VersionStatus(version.status),
        content_hash=version.content_hash,
        default_language=content["default_language"],
        texts=Texts.of(content, VERSION_TEXTS),
        words=content["words"],
        languages=content["languages"],
        sources=tuple(content["sources"]),
        principles=tuple(
            PrincipleEntry(each["key"], Texts.of(each, ("title", "text")))
            for each in content.get("principles", ())
        ),
        roles=tuple(_role(role) for role in content["roles"]),
        slots=tuple(slots.values()),
        worksheets=tuple(worksheet_of(sheet) for sheet in content.get("worksheets", ())),
        phases=tuple(_phase(phase, slots) for phase in content["phases"]),
        closing=tuple(
            ClosingEntry(
                key=each["key"],
                texts=Texts.of(each, CLOSING_TEXTS),
                origin=_origin(each),
                slots=tuple(slots[key] for key in each["tools"]),
            )
            for each in content.get("closing", ())
        ),
        overlay=overlay and _overlay_stamp(overlay),
    )


def _overlay_stamp(overlay: OverlayVersion) -> OverlayStamp:
    return OverlayStamp(overlay.pk, overlay.number, overlay.content_hash, overlay.organisation.name)


def _links(content: Mapping[str, Any]) -> tuple[LinkEntry, ...]:
    return tuple(
        LinkEntry(Texts({"title": link["title"]}), link["url"], link.get("country", ""))
        for link in content.get("links", ())
    )


def _origin(content: Mapping[str, Any]) -> Origin:
    """``addition`` is the older spelling of "ours"."""
    ours = content.get("addition", False)
    return Origin(content.get("origin") or (Origin.OURS if ours else Origin.SOURCE))


def _slot(content: Mapping[str, Any]) -> SlotEntry:
    return SlotEntry(
        key=content["key"],
        texts=Texts.of(content, SLOT_TEXTS),
        tool=content["tool"],
        variant=content["variant"],
        worksheet=content.get("worksheet", ""),
        origin=_origin(content),
        links=_links(content),
        adjusted_by=content.get("adjusted_by", ""),
    )


def _role(content: Mapping[str, Any]) -> RoleEntry:
    return RoleEntry(
        key=content["key"],
        texts=Texts.of(content, ROLE_TEXTS),
        project_role=content["project_role"],
        is_expected=content["expected"],
    )


def _phase(content: Mapping[str, Any], slots: Mapping[str, SlotEntry]) -> PhaseEntry:
    return PhaseEntry(
        key=content["key"],
        texts=Texts.of(content, PHASE_TEXTS),
        number=content["number"],
        origin=_origin(content),
        slots=tuple(slots[key] for key in content["tools"]),
        steps=tuple(_step(step, content, slots) for step in content["steps"]),
        examples=tuple(
            ExampleEntry(example["municipality"], example["name"], Texts({"text": example["text"]}))
            for example in content.get("examples", ())
        ),
        insight=tuple(
            InsightEntry(each["key"], Texts({"title": each["title"]}), tuple(each["from"]))
            for each in content.get("insight", ())
        ),
        links=_links(content),
        gate=content["gate"] and _gate(content["gate"]),
        hidden_steps=tuple(
            HiddenStepEntry(each["key"], Texts({"title": each["title"]}), each["reason"])
            for each in content.get("hidden_steps", ())
        ),
        adjusted_by=content.get("adjusted_by", ""),
    )


def _step(
    content: Mapping[str, Any], phase: Mapping[str, Any], slots: Mapping[str, SlotEntry]
) -> StepEntry:
    return StepEntry(
        key=content["key"],
        texts=Texts.of(content, STEP_TEXTS),
        number=content["number"],
        phase_number=phase["number"],
        phase_key=phase["key"],
        origin=_origin(content),
        is_optional=content["optional"],
        is_decision=content["decision"],
        starts_new_round=content.get("new_round", False),
        is_own=content.get("is_own", False),
        slots=tuple(slots[key] for key in content["tools"]),
        links=_links(content),
        adjusted_by=content.get("adjusted_by", ""),
    )


def _gate(content: Mapping[str, Any]) -> GateEntry:
    return GateEntry(
        key=content["key"],
        texts=Texts.of(content, GATE_TEXTS),
        origin=_origin(content),
        mode=GateMode(content["mode"]),
        outcomes=tuple(GateOutcome(outcome) for outcome in content["outcomes"]),
        back_to=tuple(content["back_to"]),
        reviews_after_months=tuple(content.get("reviews_after_months", ())),
        criteria=tuple(
            CriterionEntry(
                key=criterion["key"],
                texts=Texts.of(criterion, CRITERION_TEXTS),
                severity=Severity(criterion["severity"]),
                finding_codes=tuple(criterion["findings"]),
                lowered_reason=criterion.get("lowered_reason", ""),
                is_own=criterion.get("is_own", False),
                adjusted_by=criterion.get("adjusted_by", ""),
            )
            for criterion in content["criteria"]
        ),
        adjusted_by=content.get("adjusted_by", ""),
    )
