"""When several people decide together: what it takes, and where it stands. Pure: no database.

- *one* and *any*: the first vote is the decision.
- *all*: when everybody who counts has voted and all want the same, that is the decision, and the
  last vote carries it; when they differ, the chair decides.
- *chair*: when as many as the quorum have voted, the chair decides.

The chair votes by deciding. What is recorded is always one person's decision; the others' votes
stand beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from methodology.enums import GateOutcome
from phases.enums import DecisionRule


@dataclass(frozen=True, slots=True)
class CastVote:
    """``target_phase`` is a phase key, empty unless the work goes back."""

    outcome: GateOutcome
    target_phase: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat among the deciders. ``counts`` is false for whoever has left: by a conflict of
    interest, because somebody else was named, or because their access is closed."""

    decider: int
    is_chair: bool = False
    counts: bool = True
    vote: CastVote | None = None


class Stand(StrEnum):
    """Where a submission stands among its deciders."""

    WAITS = "waits"
    WAITS_FOR_CHAIR = "waits_for_chair"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Tally:
    """``voted`` of ``needed`` have voted; ``counting`` can be reached. ``is_split``: those who
    voted do not agree."""

    stand: Stand
    voted: int
    needed: int
    counting: int
    is_split: bool


def needed_votes(rule: DecisionRule, quorum: int, counting: int) -> int:
    """How many have to vote before there can be a decision, the chair's own included."""
    match rule:
        case DecisionRule.ONE | DecisionRule.ANY:
            return 1
        case DecisionRule.ALL:
            return max(quorum, counting)
    return quorum


def tally(rule: DecisionRule, quorum: int, seats: Sequence[Seat]) -> Tally:
    """Where it stands. ``quorum`` is what was fixed at submission: fewer counting deciders than
    that, or no chair where the rule needs one, is *short*, and somebody must be named."""
    counting = [seat for seat in seats if seat.counts]
    votes = [seat.vote for seat in counting if seat.vote is not None]
    has_chair = any(seat.is_chair for seat in counting)
    needs_chair = rule in (DecisionRule.ALL, DecisionRule.CHAIR)
    if len(counting) < max(quorum, 1) or (needs_chair and not has_chair):
        stand = Stand.SHORT
    elif _is_up_to_chair(rule, quorum, counting):
        stand = Stand.WAITS_FOR_CHAIR
    else:
        stand = Stand.WAITS
    return Tally(
        stand=stand,
        voted=len(votes),
        needed=needed_votes(rule, quorum, len(counting)),
        counting=len(counting),
        is_split=len(set(votes)) > 1,
    )


def _is_up_to_chair(rule: DecisionRule, quorum: int, counting: Sequence[Seat]) -> bool:
    """Whether the chair can decide alone now."""
    others = [seat.vote for seat in counting if not seat.is_chair]
    if rule is DecisionRule.CHAIR:
        return sum(vote is not None for vote in others) + 1 >= quorum
    if rule is DecisionRule.ALL:
        votes = {seat.vote for seat in counting if seat.vote is not None}
        return None not in others and len(votes) > 1
    return False


def settles(
    rule: DecisionRule, quorum: int, seats: Sequence[Seat], decider: int, vote: CastVote
) -> bool:
    """Whether ``vote`` by the seat ``decider``, on top of those that ``seats`` hold, is the
    decision."""
    stand = tally(rule, quorum, seats).stand
    if stand is Stand.SHORT:
        return False
    if rule in (DecisionRule.ONE, DecisionRule.ANY):
        return True
    mine = next(seat for seat in seats if seat.decider == decider)
    if stand is Stand.WAITS_FOR_CHAIR:
        return mine.is_chair
    if rule is DecisionRule.CHAIR:
        return False
    others = {seat.vote for seat in seats if seat.counts and seat.decider != decider}
    # The chair who votes last decides, whether they agree with the others or not.
    return others <= {vote} or (mine.is_chair and None not in others)
