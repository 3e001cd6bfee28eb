"""An organisation's overlay on a method: what it hides, adds and says, by key. Pure.

The content of an overlay is plain: ``hidden_steps`` (``step``, ``reason``), ``hidden_criteria`` and
``lowered_criteria`` (``gate``, ``criterion``, ``reason``), ``steps`` (a step with ``phase`` and
``after``), ``criteria`` (a criterion with ``gate``) and ``notes`` (``kind``, ``key``, ``text``).
It names things by key, so it follows the method to its next version; what it names that is no
longer there has no effect, and :func:`without_home` tells it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from methodology.enums import Origin, Severity

# What an overlay adds is called so, and nothing in a method is.
OWN_PREFIX = "own-"
EMPTY: Mapping[str, list[Any]] = {
    "hidden_steps": [],
    "hidden_criteria": [],
    "lowered_criteria": [],
    "steps": [],
    "criteria": [],
    "notes": [],
}
NOTE_KINDS = ("phase", "step", "tool", "gate")


@dataclass(frozen=True, slots=True)
class Homeless:
    """Something in an overlay that names what the method version does not have."""

    part: str
    key: str


@dataclass(frozen=True, slots=True)
class _Applied:
    """An overlay on one version: its content, and what is looked up in it again and again."""

    content: Mapping[str, Any]
    organisation: str
    notes: Mapping[tuple[str, str], Any]
    tools: frozenset[str]

    def with_note(self, kind: str, part: Mapping[str, Any]) -> dict[str, Any]:
        note = self.notes.get((kind, part["key"]))
        return {**part, "note": note, "adjusted_by": self.organisation} if note else dict(part)


def apply_overlay(
    content: Mapping[str, Any], overlay: Mapping[str, Any], organisation: str = ""
) -> dict[str, Any]:
    """The version's content as the organisation's projects meet it. Steps are numbered anew.

    Only a *should* can be hidden; a *must* that the overlay hides stays. What the organisation says
    itself carries its name (``adjusted_by``), and a phase the steps that are hidden in it.
    """
    applied = _Applied(
        content=overlay,
        organisation=organisation,
        notes={(note["kind"], note["key"]): note["text"] for note in overlay["notes"]},
        tools=frozenset(slot["key"] for slot in content["tools"]),
    )
    return {
        **content,
        "tools": [applied.with_note("tool", slot) for slot in content["tools"]],
        "phases": [
            applied.with_note("phase", _phase(phase, applied)) for phase in content["phases"]
        ],
    }


def _phase(phase: Mapping[str, Any], applied: _Applied) -> dict[str, Any]:
    reasons = {each["step"]: each["reason"] for each in applied.content["hidden_steps"]}
    steps = list(phase["steps"])
    for own in applied.content["steps"]:
        if own["phase"] == phase["key"]:
            steps.insert(_place_after(steps, own["after"]), _own_step(own, applied))
    # Only now: a step may be placed behind one that is hidden.
    shown = [step for step in steps if step["key"] not in reasons]
    return {
        **phase,
        "steps": [
            applied.with_note("step", {**step, "number": number})
            for number, step in enumerate(shown, start=1)
        ],
        "hidden_steps": [
            {"key": step["key"], "title": step["title"], "reason": reasons[step["key"]]}
            for step in phase["steps"]
            if step["key"] in reasons
        ],
        "gate": phase["gate"] and applied.with_note("gate", _gate(phase["gate"], applied)),
    }


def _place_after(steps: list[Any], key: str) -> int:
    """Behind the step that is named and what was placed there before, else at the end."""
    for place, step in enumerate(steps, start=1):
        if step["key"] == key:
            while place < len(steps) and steps[place].get("is_own"):
                place += 1
            return place
    return len(steps)


def _own_step(own: Mapping[str, Any], applied: _Applied) -> dict[str, Any]:
    """Without the tools that the version does not have."""
    step = {name: value for name, value in own.items() if name not in ("phase", "after")}
    step["tools"] = [key for key in own.get("tools", ()) if key in applied.tools]
    return {
        "optional": False,
        "decision": False,
        **step,
        "origin": Origin.OURS.value,
        "is_own": True,
        "adjusted_by": applied.organisation,
    }


def _gate(gate: Mapping[str, Any], applied: _Applied) -> dict[str, Any]:
    hidden = _named(applied.content["hidden_criteria"], gate["key"])
    lowered = _named(applied.content["lowered_criteria"], gate["key"])
    criteria = []
    for criterion in gate["criteria"]:
        if criterion["key"] in hidden and criterion["severity"] != Severity.MUST:
            continue
        if criterion["key"] in lowered and criterion["severity"] == Severity.MUST:
            reason = lowered[criterion["key"]]["reason"]
            criterion = {
                **criterion,
                "severity": Severity.SHOULD.value,
                "lowered_reason": reason,
                "adjusted_by": applied.organisation,
            }
        criteria.append(criterion)
    own = [
        {
            "findings": [],
            **{name: value for name, value in each.items() if name != "gate"},
            "is_own": True,
            "adjusted_by": applied.organisation,
        }
        for each in applied.content["criteria"]
        if each["gate"] == gate["key"]
    ]
    return {**gate, "criteria": [*criteria, *own]}


def _named(entries: Iterable[Mapping[str, Any]], gate_key: str) -> dict[str, Mapping[str, Any]]:
    return {each["criterion"]: each for each in entries if each["gate"] == gate_key}


def without_home(content: Mapping[str, Any], overlay: Mapping[str, Any]) -> tuple[Homeless, ...]:
    """What the overlay names that this version of the method does not have."""
    phases = content["phases"]
    gates = {phase["gate"]["key"]: phase["gate"] for phase in phases if phase["gate"]}
    steps = {step["key"] for phase in phases for step in phase["steps"]}
    steps |= {own["key"] for own in overlay["steps"]}
    criteria = {
        (key, criterion["key"]) for key, gate in gates.items() for criterion in gate["criteria"]
    }
    known = {
        "phase": {phase["key"] for phase in phases},
        "step": steps,
        "tool": {slot["key"] for slot in content["tools"]},
        "gate": set(gates),
    }
    return (
        *(
            Homeless("hidden_steps", each["step"])
            for each in overlay["hidden_steps"]
            if each["step"] not in steps
        ),
        *(
            Homeless(part, f"{each['gate']}: {each['criterion']}")
            for part in ("hidden_criteria", "lowered_criteria")
            for each in overlay[part]
            if (each["gate"], each["criterion"]) not in criteria
        ),
        *(
            Homeless("steps", own["key"])
            for own in overlay["steps"]
            if own["phase"] not in known["phase"]
        ),
        *(
            Homeless("criteria", each["key"])
            for each in overlay["criteria"]
            if each["gate"] not in known["gate"]
        ),
        *(
            Homeless("notes", note["key"])
            for note in overlay["notes"]
            if note["key"] not in known[note["kind"]]
        ),
    )
