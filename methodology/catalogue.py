"""A method version as frozen dataclasses, read once and kept.

A published version never changes, so the catalogue is cached per process under the version's
number, content hash and status: pages need no query for definitions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation

from common.locale_text import language_for
from methodology.enums import GateMode, GateOutcome, Severity, VersionStatus
from methodology.models import (
    Criterion,
    Gate,
    MethodVersion,
    Phase,
    PhaseSlot,
    Role,
    Slot,
    Step,
    StepSlot,
)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one element: field -> language -> text or list of texts."""

    stored: Mapping[str, Mapping[str, Any]]

    def get(self, field: str, language: str | None = None) -> str:
        """The text in ``language`` (the reader's by default), else in the nearest language that
        has one, else ``""``."""
        translations = self.stored.get(field, {})
        found = language_for(translations, language or translation.get_language() or "nb")
        return translations[found] if found else ""

    def items(self, field: str, language: str | None = None) -> tuple[str, ...]:
        """As :meth:`get`, for fields that are lists."""
        translations = self.stored.get(field, {})
        found = language_for(translations, language or translation.get_language() or "nb")
        return tuple(translations[found]) if found else ()

    def shown_in(self, field: str, language: str | None = None) -> str:
        """Which language :meth:`get` gives, to mark a fallback."""
        return language_for(
            self.stored.get(field, {}), language or translation.get_language() or "nb"
        )


@dataclass(frozen=True, slots=True)
class Titled:
    key: str
    texts: Texts

    @property
    def title(self) -> str:
        return self.texts.get("title")

    def title_in(self, language: str) -> str:
        return self.texts.get("title", language)


@dataclass(frozen=True, slots=True)
class SlotEntry(Titled):
    pk: int
    tool: str
    variant: str
    is_addition: bool


@dataclass(frozen=True, slots=True)
class RoleEntry(Titled):
    pk: int
    project_role: str
    is_expected: bool


@dataclass(frozen=True, slots=True)
class CriterionEntry(Titled):
    pk: int
    severity: Severity
    finding_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateEntry(Titled):
    pk: int
    mode: GateMode
    outcomes: tuple[GateOutcome, ...]
    back_to: tuple[str, ...]
    criteria: tuple[CriterionEntry, ...]


@dataclass(frozen=True, slots=True)
class StepEntry(Titled):
    pk: int
    number: int
    phase_number: int
    phase_key: str
    is_optional: bool
    is_decision: bool
    slots: tuple[SlotEntry, ...]

    @property
    def label(self) -> str:
        """The number people say, such as ``3.2``."""
        return f"{self.phase_number}.{self.number}"


@dataclass(frozen=True, slots=True)
class ExampleEntry:
    municipality: str
    name: str
    texts: Texts

    @property
    def text(self) -> str:
        return self.texts.get("text")


@dataclass(frozen=True, slots=True)
class PhaseEntry(Titled):
    pk: int
    number: int
    slots: tuple[SlotEntry, ...]
    steps: tuple[StepEntry, ...]
    examples: tuple[ExampleEntry, ...]
    gate: GateEntry | None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version, whole. Lookups by key or number raise ``KeyError`` when there is no such one."""

    pk: int
    method_key: str
    number: int
    status: VersionStatus
    content_hash: str
    texts: Texts
    words: Mapping[str, Mapping[str, Mapping[str, str]]]
    languages: Mapping[str, Mapping[str, str]]
    sources: tuple[Mapping[str, str], ...]
    roles: tuple[RoleEntry, ...]
    slots: tuple[SlotEntry, ...]
    phases: tuple[PhaseEntry, ...]

    @property
    def title(self) -> str:
        return self.texts.get("title")

    def title_in(self, language: str) -> str:
        return self.texts.get("title", language)

    def word(self, level: str, form: str = "singular", language: str | None = None) -> str:
        """The method's own word for ``phase`` or ``step``, ``singular`` or ``plural``."""
        return Texts({"word": self.words[level][form]}).get("word", language)

    def phase(self, key: str) -> PhaseEntry:
        return next_or_key_error(self.phases, key)

    def phase_by_pk(self, pk: int) -> PhaseEntry:
        return next(phase for phase in self.phases if phase.pk == pk)

    def slot(self, key: str) -> SlotEntry:
        return next_or_key_error(self.slots, key)

    def role(self, key: str) -> RoleEntry:
        return next_or_key_error(self.roles, key)

    def step(self, key: str) -> StepEntry:
        return next_or_key_error(self.steps, key)

    @property
    def steps(self) -> tuple[StepEntry, ...]:
        return tuple(step for phase in self.phases for step in phase.steps)


def next_or_key_error(entries: tuple[Any, ...], key: str) -> Any:
    for entry in entries:
        if entry.key == key:
            return entry
    raise KeyError(key)


def catalogue_of(version: MethodVersion) -> Catalogue:
    """The version's catalogue. No query when it is published and was read before; else nine."""
    if version.status == VersionStatus.DRAFT:
        return _read(version)
    return _cached(version.pk, version.content_hash, version.status)


def forget_catalogues() -> None:
    """Empty the cache: after loading, and between tests."""
    _cached.cache_clear()


@lru_cache(maxsize=64)
def _cached(version_pk: int, content_hash: str, status: str) -> Catalogue:
    return _read(MethodVersion.objects.select_related("method").get(pk=version_pk))


def _read(version: MethodVersion) -> Catalogue:
    slots = {slot.pk: _slot(slot) for slot in Slot.objects.filter(version=version)}
    phase_slots = _slots_by(PhaseSlot.objects.filter(phase__version=version), "phase_id")
    step_slots = _slots_by(StepSlot.objects.filter(step__phase__version=version), "step_id")
    steps: dict[int, list[Step]] = {}
    for step in Step.objects.filter(phase__version=version).select_related("phase"):
        steps.setdefault(step.phase_id, []).append(step)
    criteria: dict[int, list[Criterion]] = {}
    for criterion in Criterion.objects.filter(gate__phase__version=version):
        criteria.setdefault(criterion.gate_id, []).append(criterion)
    gates = {gate.phase_id: gate for gate in Gate.objects.filter(phase__version=version)}
    phases = tuple(
        PhaseEntry(
            key=phase.key,
            texts=Texts(phase.texts),
            pk=phase.pk,
            number=phase.number,
            slots=tuple(slots[pk] for pk in phase_slots.get(phase.pk, [])),
            steps=tuple(
                _step(step, phase, tuple(slots[pk] for pk in step_slots.get(step.pk, [])))
                for step in steps.get(phase.pk, [])
            ),
            examples=tuple(
                ExampleEntry(
                    example["municipality"], example["name"], Texts({"text": example["text"]})
                )
                for example in phase.examples
            ),
            gate=_gate(gates[phase.pk], criteria) if phase.pk in gates else None,
        )
        for phase in Phase.objects.filter(version=version)
    )
    return Catalogue(
        pk=version.pk,
        method_key=version.method.key,
        number=version.number,
        status=VersionStatus(version.status),
        content_hash=version.content_hash,
        texts=Texts(version.texts),
        words=version.words,
        languages=version.languages,
        sources=tuple(version.sources),
        roles=tuple(_role(role) for role in Role.objects.filter(version=version)),
        slots=tuple(slots.values()),
        phases=phases,
    )


def _slots_by(rows: Any, owner: str) -> dict[int, list[int]]:
    by_owner: dict[int, list[int]] = {}
    for row in rows:
        by_owner.setdefault(getattr(row, owner), []).append(row.slot_id)
    return by_owner


def _slot(slot: Slot) -> SlotEntry:
    return SlotEntry(
        key=slot.key,
        texts=Texts(slot.texts),
        pk=slot.pk,
        tool=slot.tool,
        variant=slot.variant,
        is_addition=slot.is_addition,
    )


def _role(role: Role) -> RoleEntry:
    return RoleEntry(
        key=role.key,
        texts=Texts(role.texts),
        pk=role.pk,
        project_role=role.project_role,
        is_expected=role.is_expected,
    )


def _step(step: Step, phase: Phase, slots: tuple[SlotEntry, ...]) -> StepEntry:
    return StepEntry(
        key=step.key,
        texts=Texts(step.texts),
        pk=step.pk,
        number=step.number,
        phase_number=phase.number,
        phase_key=phase.key,
        is_optional=step.is_optional,
        is_decision=step.is_decision,
        slots=slots,
    )


def _gate(gate: Gate, criteria: dict[int, list[Criterion]]) -> GateEntry:
    return GateEntry(
        key=gate.key,
        texts=Texts(gate.texts),
        pk=gate.pk,
        mode=GateMode(gate.mode),
        outcomes=tuple(GateOutcome(outcome) for outcome in gate.outcomes),
        back_to=tuple(gate.back_to),
        criteria=tuple(
            CriterionEntry(
                key=criterion.key,
                texts=Texts(criterion.texts),
                pk=criterion.pk,
                severity=Severity(criterion.severity),
                finding_codes=tuple(criterion.finding_codes),
            )
            for criterion in criteria.get(gate.pk, [])
        ),
    )
