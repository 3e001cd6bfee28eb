"""An organisation's adjustments laid over the method: one row for each part, with what is done to
it. Pure, but for the names of what the method has no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from methodology.catalogue import Catalogue
from methodology.enums import Severity
from methodology.overlays import EMPTY, apply_overlay, without_home
from methodology.texts import Texts

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StepRow:
    key: str
    title: str
    is_own: bool
    is_hidden: bool
    reason: str
    has_note: bool


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """``severity`` is the method's own, ``reason`` why it is lowered or hidden."""

    key: str
    title: str
    severity: Severity
    is_own: bool
    is_hidden: bool
    is_lowered: bool
    reason: str


@dataclass(frozen=True, slots=True)
class GateRow:
    key: str
    title: str
    has_note: bool
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class PhaseRow:
    key: str
    number: int
    title: str
    has_note: bool
    steps: tuple[StepRow, ...]
    gate: GateRow | None


@dataclass(frozen=True, slots=True)
class ToolRow:
    key: str
    title: str
    has_note: bool


@dataclass(frozen=True, slots=True)
class HomelessRow:
    """Something in the adjustments that the method has no place for any more."""

    what: str | Promise
    title: str
    is_own: bool
    key: str


@dataclass(frozen=True, slots=True)
class OverlayTree:
    phases: tuple[PhaseRow, ...]
    tools: tuple[ToolRow, ...]

    @property
    def is_untouched(self) -> bool:
        return not any(self.counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """How much is hidden, lowered, added and noted."""
        steps = [step for phase in self.phases for step in phase.steps]
        gates = [phase.gate for phase in self.phases if phase.gate]
        criteria = [criterion for gate in gates for criterion in gate.criteria]
        noted: list[Any] = [*self.phases, *steps, *gates, *self.tools]
        return {
            "hidden": sum(each.is_hidden for each in (*steps, *criteria)),
            "lowered": sum(each.is_lowered for each in criteria),
            "added": sum(each.is_own for each in (*steps, *criteria)),
            "noted": sum(each.has_note for each in noted),
        }


def title_of(part: Content) -> str:
    return Texts({"title": part["title"]}).get("title")


def overlay_tree(content: Content, overlay: Content) -> OverlayTree:
    """Every part of the method's version, and those that the organisation adds where they stand."""
    whole = apply_overlay(content, {**overlay, "hidden_steps": EMPTY["hidden_steps"]})
    notes = {(note["kind"], note["key"]) for note in overlay["notes"]}
    hidden = {each["step"]: each["reason"] for each in overlay["hidden_steps"]}
    gates = {phase["key"]: phase["gate"] for phase in content["phases"]}
    return OverlayTree(
        phases=tuple(
            PhaseRow(
                key=phase["key"],
                number=phase["number"],
                title=title_of(phase),
                has_note=("phase", phase["key"]) in notes,
                steps=tuple(
                    StepRow(
                        key=step["key"],
                        title=title_of(step),
                        is_own=step.get("is_own", False),
                        is_hidden=step["key"] in hidden,
                        reason=hidden.get(step["key"], ""),
                        has_note=("step", step["key"]) in notes,
                    )
                    for step in phase["steps"]
                ),
                gate=_gate(gates[phase["key"]], overlay, notes),
            )
            for phase in whole["phases"]
        ),
        tools=tuple(
            ToolRow(slot["key"], title_of(slot), ("tool", slot["key"]) in notes)
            for slot in content["tools"]
        ),
    )


def _gate(gate: Content | None, overlay: Content, notes: set[tuple[str, str]]) -> GateRow | None:
    if gate is None:
        return None
    hidden = _reasons(overlay["hidden_criteria"], gate["key"])
    lowered = _reasons(overlay["lowered_criteria"], gate["key"])
    own = [each for each in overlay["criteria"] if each["gate"] == gate["key"]]
    own_keys = {each["key"] for each in own}
    criteria = []
    for each in (*gate["criteria"], *own):
        key, severity = each["key"], Severity(each["severity"])
        is_own = key in own_keys
        is_hidden = not is_own and key in hidden and severity is Severity.SHOULD
        is_lowered = not is_own and key in lowered and severity is Severity.MUST
        reason = hidden[key] if is_hidden else lowered[key] if is_lowered else ""
        criteria.append(
            CriterionRow(key, title_of(each), severity, is_own, is_hidden, is_lowered, reason)
        )
    return GateRow(gate["key"], title_of(gate), ("gate", gate["key"]) in notes, tuple(criteria))


def _reasons(entries: Iterable[Content], gate_key: str) -> dict[str, str]:
    return {each["criterion"]: each["reason"] for each in entries if each["gate"] == gate_key}


_WHAT: dict[str, str | Promise] = {
    "hidden_steps": _("Hidden"),
    "hidden_criteria": _("Hidden criterion"),
    "lowered_criteria": _("Lowered criterion"),
    "steps": _("Added"),
    "criteria": _("Added criterion"),
    "notes": _("Note"),
}


def homeless_rows(
    content: Content, overlay: Content, versions: Iterable[Catalogue]
) -> tuple[HomelessRow, ...]:
    """What has no effect any more, called as in the newest of ``versions`` that had it."""
    titles = {each["key"]: title_of(each) for each in (*overlay["steps"], *overlay["criteria"])}
    versions = tuple(versions)
    return tuple(
        HomelessRow(
            what=_WHAT[each.part],
            title=titles.get(each.key) or _former_title(each.key, versions),
            is_own=each.part in ("steps", "criteria"),
            key=each.key,
        )
        for each in without_home(content, overlay)
    )


def _former_title(key: str, versions: Iterable[Catalogue]) -> str:
    """``key`` is a key, or a gate's and a criterion's with a colon between."""
    outer, _colon, inner = key.partition(": ")
    for catalogue in versions:
        for phase in catalogue.phases:
            gate = phase.gate
            parts: list[Any] = [phase, *phase.steps, *([gate] if gate else []), *catalogue.slots]
            if inner:
                parts = list(gate.criteria) if gate and gate.key == outer else []
            for part in parts:
                if part.key == (inner or outer):
                    return str(part.title)
    return inner or outer
