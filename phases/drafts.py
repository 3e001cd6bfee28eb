"""Decisions as their deciders wrote them: kept as JSON, and put together when all agree. Pure."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from methodology.enums import GateOutcome
from phases.gates import AcceptedWarning, ConditionDraft, DecisionDraft


def draft_as_json(draft: DecisionDraft) -> dict[str, Any]:
    return {
        "outcome": draft.outcome.value,
        "rationale": draft.rationale,
        "target_phase": draft.target_phase,
        "review_on": draft.review_on.isoformat() if draft.review_on else None,
        "learnt": draft.learnt,
        "conditions": [
            {"text": each.text, "owner": each.owner, "due_on": each.due_on.isoformat()}
            for each in draft.conditions
        ],
        "reopen_steps": list(draft.reopen_steps),
        "accepted": [{"text": each.text, "reason": each.reason} for each in draft.accepted],
        "present": draft.present,
    }


def draft_from_json(plain: Mapping[str, Any]) -> DecisionDraft:
    """The inverse of :func:`draft_as_json`."""
    return DecisionDraft(
        outcome=GateOutcome(plain["outcome"]),
        rationale=plain["rationale"],
        target_phase=plain["target_phase"],
        review_on=datetime.date.fromisoformat(plain["review_on"]) if plain["review_on"] else None,
        learnt=plain["learnt"],
        conditions=tuple(
            ConditionDraft(each["text"], each["owner"], datetime.date.fromisoformat(each["due_on"]))
            for each in plain["conditions"]
        ),
        reopen_steps=tuple(plain["reopen_steps"]),
        accepted=tuple(AcceptedWarning(each["text"], each["reason"]) for each in plain["accepted"]),
        present=plain["present"],
    )


def joined(draft: DecisionDraft, others: Sequence[DecisionDraft]) -> DecisionDraft:
    """``draft``, with what the others who want the same asked for too.

    Every condition counts once, every step that somebody wants to work on again is opened, a pause
    is looked at on the earliest of the dates, and every warning stands with the reasons of all who
    accepted it. The rationale and what was learnt are the draft's own; the others' stand with their
    votes.
    """
    drafts = [*others, draft]
    dates = [each.review_on for each in drafts if each.review_on is not None]
    return replace(
        draft,
        conditions=_once(condition for each in drafts for condition in each.conditions),
        reopen_steps=_once(step for each in drafts for step in each.reopen_steps),
        review_on=min(dates, default=None),
        accepted=_once(warning for each in drafts for warning in each.accepted),
        present="; ".join(_once(each.present for each in drafts if each.present)),
    )


def _once(values: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))
