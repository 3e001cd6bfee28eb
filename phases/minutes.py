"""What a decision's record says about how it was made: who had a seat and what they wanted, what
was accepted, what was asked. Pure; records from before any of this was kept have nothing of it.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from methodology.enums import GateOutcome
from tools.contract import PersonRef

PeopleByKey = Mapping[str, PersonRef]


@dataclass(frozen=True, slots=True)
class MinutesVote:
    """``dissents``: another decision was wanted than the one that was taken, by a seat that
    counted."""

    outcome: GateOutcome
    rationale: str
    deputy: str
    dissents: bool


@dataclass(frozen=True, slots=True)
class MinutesSeat:
    """``left`` and ``left_reason`` say why the seat did not count; empty when it did."""

    name: str
    role: str
    is_chair: bool
    replaces: str
    named_by: str
    reason: str
    left: str
    left_reason: str
    vote: MinutesVote | None


@dataclass(frozen=True, slots=True)
class MinutesSaid:
    name: str
    at: datetime.datetime
    text: str


@dataclass(frozen=True, slots=True)
class MinutesQuestion:
    asked: MinutesSaid
    answers: tuple[MinutesSaid, ...]


@dataclass(frozen=True, slots=True)
class MinutesAccepted:
    """A warning that the decider accepted, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """``decided_for`` is whose deputy decided; empty when they decided themselves. ``rule`` is the
    sentence that was frozen."""

    decided_for: str
    present: str
    rule: str
    seats: tuple[MinutesSeat, ...]
    accepted: tuple[MinutesAccepted, ...]
    questions: tuple[MinutesQuestion, ...]

    @property
    def tells_seats(self) -> bool:
        """Whether there is more to tell than that one person decided."""
        return len(self.seats) > 1


def read_minutes(content: Mapping[str, Any], people: PeopleByKey) -> Minutes:
    """``content`` is the decision's, ``people`` those of its record."""
    rule = content.get("rule") or {}
    return Minutes(
        decided_for=_name(content.get("decided_for"), people),
        present=content.get("present", ""),
        rule=rule.get("label", ""),
        seats=tuple(_seat(each, content, people) for each in content.get("seats", ())),
        accepted=tuple(
            MinutesAccepted(each["text"], each["reason"]) for each in content.get("accepted", ())
        ),
        questions=tuple(
            MinutesQuestion(
                _said(each, people), tuple(_said(answer, people) for answer in each["answers"])
            )
            for each in content.get("questions", ())
        ),
    )


def _name(named: Mapping[str, Any] | None, people: PeopleByKey) -> str:
    """Of an erased person the place is left; nothing for nobody."""
    if not named:
        return ""
    person = people.get(named["person"])
    return (person.name if person else "") or _("erased person")


def _said(said: Mapping[str, Any], people: PeopleByKey) -> MinutesSaid:
    moment = datetime.datetime.fromisoformat(said["at"])
    return MinutesSaid(_name(said["by"], people), moment, said["text"])


def _seat(seat: Mapping[str, Any], content: Mapping[str, Any], people: PeopleByKey) -> MinutesSeat:
    left, vote = seat.get("left") or {}, seat.get("vote")
    return MinutesSeat(
        name=_name(seat, people),
        role=seat["role_label"],
        is_chair=seat["is_chair"],
        replaces=_name(seat.get("replaces"), people),
        named_by=_name(seat.get("named_by"), people),
        reason=seat.get("reason", ""),
        left=left.get("label", ""),
        left_reason=left.get("reason", ""),
        vote=MinutesVote(
            outcome=GateOutcome(vote["outcome"]),
            rationale=vote["rationale"],
            deputy=_name(vote.get("deputy"), people),
            dissents=not left and _wanted(vote) != _wanted(content),
        )
        if vote
        else None,
    )


def _wanted(said: Mapping[str, Any]) -> tuple[str, str]:
    return said["outcome"], said.get("target_phase", "")
