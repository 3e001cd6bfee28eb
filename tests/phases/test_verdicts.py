"""When several people decide together: the rules, without a database."""

import pytest

from methodology.enums import GateOutcome
from phases.enums import DecisionRule
from phases.verdicts import CastVote, Seat, Stand, Tally, settles, tally

GO, STOP = CastVote(GateOutcome.GO), CastVote(GateOutcome.STOP)
BACK_TO_2 = CastVote(GateOutcome.BACK, "insight")
BACK_TO_3 = CastVote(GateOutcome.BACK, "service-development")
ONE, ANY, ALL, CHAIR = DecisionRule
CHAIRED = 1


def seats(*votes, chair=CHAIRED, gone=()):
    """Seats 1, 2, 3 ... with these votes; ``gone`` do not count any more."""
    return tuple(
        Seat(number, is_chair=number == chair, counts=number not in gone, vote=vote)
        for number, vote in enumerate(votes, start=1)
    )


@pytest.mark.parametrize(
    ("rule", "quorum", "given", "expected"),
    [
        (ONE, 1, seats(None), Tally(Stand.WAITS, 0, 1, 1, False)),
        (ONE, 1, seats(None, gone=(1,)), Tally(Stand.SHORT, 0, 1, 0, False)),
        (ANY, 1, seats(None, None, gone=(1,)), Tally(Stand.WAITS, 0, 1, 1, False)),
        (ANY, 1, seats(None, None, gone=(1, 2)), Tally(Stand.SHORT, 0, 1, 0, False)),
        (ALL, 2, seats(None, None), Tally(Stand.WAITS, 0, 2, 2, False)),
        (ALL, 2, seats(GO, None), Tally(Stand.WAITS, 1, 2, 2, False)),
        # The chair has not voted, and it is only them who can still make the others agree.
        (ALL, 3, seats(None, GO, GO), Tally(Stand.WAITS, 2, 3, 3, False)),
        (ALL, 3, seats(None, GO, STOP), Tally(Stand.WAITS_FOR_CHAIR, 2, 3, 3, True)),
        (ALL, 3, seats(GO, STOP, None), Tally(Stand.WAITS, 2, 3, 3, True)),
        (ALL, 3, seats(GO, STOP, GO), Tally(Stand.WAITS_FOR_CHAIR, 3, 3, 3, True)),
        # Back to different phases is no agreement.
        (ALL, 2, seats(BACK_TO_2, BACK_TO_3), Tally(Stand.WAITS_FOR_CHAIR, 2, 2, 2, True)),
        (ALL, 2, seats(None, GO, gone=(2,)), Tally(Stand.SHORT, 0, 2, 1, False)),
        (ALL, 2, seats(None, None, None, gone=(1,)), Tally(Stand.SHORT, 0, 2, 2, False)),
        (ALL, 1, seats(None, None, gone=(2,)), Tally(Stand.WAITS, 0, 1, 1, False)),
        (CHAIR, 3, seats(None, GO, None), Tally(Stand.WAITS, 1, 3, 3, False)),
        (CHAIR, 3, seats(None, GO, STOP), Tally(Stand.WAITS_FOR_CHAIR, 2, 3, 3, True)),
        (CHAIR, 2, seats(None, GO, None), Tally(Stand.WAITS_FOR_CHAIR, 1, 2, 3, False)),
        (CHAIR, 1, seats(None, None), Tally(Stand.WAITS_FOR_CHAIR, 0, 1, 2, False)),
        (CHAIR, 2, seats(None, GO, None, gone=(1,)), Tally(Stand.SHORT, 1, 2, 2, False)),
        # Whoever has left does not count, whatever they voted.
        (CHAIR, 3, seats(None, GO, None, gone=(2,)), Tally(Stand.SHORT, 0, 3, 2, False)),
    ],
)
def test_where_a_submission_stands(rule, quorum, given, expected):
    assert tally(rule, quorum, given) == expected


@pytest.mark.parametrize(
    ("rule", "quorum", "given", "decider", "vote", "expected"),
    [
        (ONE, 1, seats(None), 1, GO, True),
        (ANY, 1, seats(None, None), 2, GO, True),
        (ALL, 2, seats(None, None), 2, GO, False),
        (ALL, 2, seats(None, GO), 1, GO, True),
        (ALL, 2, seats(GO, None), 2, GO, True),
        (ALL, 2, seats(GO, None), 2, STOP, False),
        # The chair who votes last decides, whether they agree or not.
        (ALL, 2, seats(None, GO), 1, STOP, True),
        (ALL, 3, seats(None, GO, STOP), 1, GO, True),
        (ALL, 3, seats(None, GO, None), 1, STOP, False),
        # All have voted and differ: only the chair decides, also when they have voted before.
        (ALL, 2, seats(GO, STOP), 1, STOP, True),
        (ALL, 2, seats(GO, STOP), 2, GO, False),
        (ALL, 2, seats(GO, BACK_TO_2), 2, BACK_TO_2, False),
        (ALL, 3, seats(None, GO, None, gone=(3,)), 1, GO, False),
        (CHAIR, 2, seats(None, None), 2, GO, False),
        (CHAIR, 2, seats(None, None), 1, GO, False),
        (CHAIR, 2, seats(None, GO), 1, STOP, True),
        (CHAIR, 2, seats(None, GO, None), 3, GO, False),
        (ONE, 1, seats(None, gone=(1,)), 1, GO, False),
    ],
)
def test_whether_a_vote_settles_it(rule, quorum, given, decider, vote, expected):
    assert settles(rule, quorum, given, decider, vote) is expected
