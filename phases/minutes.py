"""What a decision's record says about how it was made: who had a seat and what they wanted, what
was accepted, what was asked. Pure; records from before any of this was kept have nothing of it.

The page of a decision and its paper are both drawn from this.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from methodology.enums import GateOutcome
from phases.wording import PhaseName, name_or_erased
from tools.contract import PersonRef

PeopleByKey = Mapping[str, PersonRef]


@dataclass(frozen=True, slots=True)
class MinutesVote:
    """``target`` is the phase to go back to, by its name as it was frozen. ``dissents``: another
    decision was wanted than the one that was taken, by a seat that counted."""

    outcome: GateOutcome
    target: str
    rationale: str
    learnt: str
    deputy: str
    at: datetime.datetime | None
    dissents: bool


@dataclass(frozen=True, slots=True)
class MinutesLeaving:
    """Why a seat did not count, and who said so."""

    label: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class MinutesSeat:
    """Somebody who was asked to decide, and what became of it."""

    name: str
    role: str
    is_chair: bool
    replaces: str
    named_by: str
    reason: str
    left: MinutesLeaving | None
    vote: MinutesVote | None


@dataclass(frozen=True, slots=True)
class MinutesSaid:
    by: str
    at: datetime.datetime | None
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
    sentence that was frozen, ``quorum`` how many had to vote."""

    decided_by: str
    decided_for: str
    present: str
    rule: str
    quorum: int
    seats: tuple[MinutesSeat, ...]
    accepted: tuple[MinutesAccepted, ...]
    questions: tuple[MinutesQuestion, ...]

    @property
    def tells_seats(self) -> bool:
        """Whether there is more to tell than that one person decided."""
        return len(self.seats) > 1

    @property
    def dissent(self) -> tuple[MinutesSeat, ...]:
        return tuple(seat for seat in self.seats if seat.vote is not None and seat.vote.dissents)


def read_minutes(
    content: Mapping[str, Any], people: PeopleByKey, back_to: Iterable[PhaseName] = ()
) -> Minutes:
    """``content`` is the decision's, ``people`` those of its record, ``back_to`` the phases that
    the gate offered to go back to, as the submission names them."""
    rule = content.get("rule") or {}
    names = tuple(back_to)
    return Minutes(
        decided_by=named(content.get("decided_by"), people),
        decided_for=named(content.get("decided_for"), people),
        present=content.get("present", ""),
        rule=rule.get("label", ""),
        quorum=rule.get("quorum", 1),
        seats=tuple(_seat(each, content, people, names) for each in content.get("seats", ())),
        accepted=tuple(
            MinutesAccepted(each["text"], each["reason"]) for each in content.get("accepted", ())
        ),
        questions=tuple(_question(each, people) for each in content.get("questions", ())),
    )


def named(said: Mapping[str, Any] | None, people: PeopleByKey) -> str:
    """Whom a record names there, as known now: of an erased person the place is left; nothing for
    nobody."""
    if not said:
        return ""
    person = people.get(said["person"])
    return name_or_erased(person.name if person else "")


def moment_of(text: str | None) -> datetime.datetime | None:
    """A moment as a record writes it; ``None`` for one that it does not have."""
    return datetime.datetime.fromisoformat(text) if text else None


def phase_named(key: str, back_to: Iterable[PhaseName]) -> str:
    """The phase to go back to, by its name as it was frozen; its key when that name is gone, and
    nothing for no phase."""
    return next((str(name) for name in back_to if name.key == key), key)


def _question(question: Mapping[str, Any], people: PeopleByKey) -> MinutesQuestion:
    return MinutesQuestion(
        _said(question, people),
        tuple(_said(answer, people) for answer in question.get("answers", ())),
    )


def _said(said: Mapping[str, Any], people: PeopleByKey) -> MinutesSaid:
    return MinutesSaid(named(said.get("by"), people), moment_of(said.get("at")), said["text"])


def _seat(
    seat: Mapping[str, Any],
    content: Mapping[str, Any],
    people: PeopleByKey,
    back_to: tuple[PhaseName, ...],
) -> MinutesSeat:
    left, vote = seat.get("left"), seat.get("vote")
    return MinutesSeat(
        name=named(seat, people),
        role=seat.get("role_label", ""),
        is_chair=seat.get("is_chair", False),
        replaces=named(seat.get("replaces"), people),
        named_by=named(seat.get("named_by"), people),
        reason=seat.get("reason", ""),
        left=MinutesLeaving(left["label"], left["reason"], named(left.get("by"), people))
        if left
        else None,
        vote=MinutesVote(
            outcome=GateOutcome(vote["outcome"]),
            target=phase_named(vote.get("target_phase", ""), back_to),
            rationale=vote.get("rationale", ""),
            learnt=vote.get("learnt", ""),
            deputy=named(vote.get("deputy"), people),
            at=moment_of(vote.get("at")),
            dissents=not left and _wanted(vote) != _wanted(content),
        )
        if vote
        else None,
    )


def _wanted(said: Mapping[str, Any]) -> tuple[str, str]:
    return said["outcome"], said.get("target_phase", "")
