"""The rules of the gate, without a database."""

import datetime
import itertools

import pytest

from common.outcomes import Allowed, Denied
from methodology.enums import GateMode, GateOutcome, Severity
from phases.enums import AnswerStatus, GateAction, PhaseState
from phases.gates import (
    TRANSITIONS,
    AcceptedWarning,
    ConditionDraft,
    CriterionInput,
    DecisionDraft,
    OverdueCondition,
    Shortcoming,
    assess,
    check_draft,
    effective_mode,
    may_close_without_decision,
    may_move,
)

TODAY = datetime.date(2026, 5, 4)

ALLOWED = {
    ("active", "submit"): "submitted",
    ("active", "close"): "completed",
    ("paused", "resume"): "active",
    ("submitted", "withdraw"): "active",
    ("submitted", "go"): "completed",
    ("submitted", "go_with_conditions"): "completed",
    ("submitted", "closed"): "completed",
    ("submitted", "rework"): "active",
    ("submitted", "more_testing"): "active",
    ("submitted", "back"): "returned",
    ("submitted", "pause"): "paused",
    ("submitted", "stop"): "stopped",
    ("submitted", "not_ready"): "active",
    ("submitted", "continue"): "active",
    ("submitted", "corrective"): "active",
}


@pytest.mark.parametrize(
    ("state", "move"), list(itertools.product(PhaseState, [*GateAction, *GateOutcome]))
)
def test_every_move_in_every_state_is_allowed_or_refused_on_purpose(state, move):
    expected = ALLOWED.get((state.value, move.value))
    if expected is None:
        assert isinstance(may_move(state, move), Denied)
        assert (state, move) not in TRANSITIONS
    else:
        assert may_move(state, move) == Allowed()
        assert TRANSITIONS[state, move] == PhaseState(expected)


def test_the_whole_product_was_enumerated():
    assert len(PhaseState) * (len(GateAction) + len(GateOutcome)) == 105
    assert len(TRANSITIONS) == len(ALLOWED)


@pytest.mark.parametrize(
    ("method", "organisation", "project", "expected"),
    [
        ("advisory", None, None, "advisory"),
        ("advisory", "mandatory", None, "mandatory"),
        ("mandatory", "advisory", None, "mandatory"),
        ("mandatory", None, "off", "off"),
        ("mandatory", "advisory", "off", "advisory"),
        ("off", None, "mandatory", "mandatory"),
    ],
)
def test_the_project_may_loosen_a_gate_but_not_below_the_organisation(
    method, organisation, project, expected
):
    assert effective_mode(
        method=GateMode(method),
        organisation=GateMode(organisation) if organisation else None,
        project=GateMode(project) if project else None,
    ) is GateMode(expected)


def test_only_a_mandatory_gate_keeps_the_leader_from_closing():
    assert not may_close_without_decision(GateMode.MANDATORY)
    assert may_close_without_decision(GateMode.ADVISORY)
    assert may_close_without_decision(GateMode.OFF)


def criterion(**changes):
    return CriterionInput(
        **{
            "key": "owner-named",
            "title": "Eier er navngitt",
            "severity": Severity.MUST,
            "url": "/krav",
            "settled_by_tools": False,
            **changes,
        }
    )


def placed(**changes):
    """Where assess puts the criterion: (blockers, warnings, fine)."""
    ready = assess(criteria=(criterion(**changes),))
    return (len(ready.blockers), len(ready.warnings), len(ready.fine))


SHORTCOMING = Shortcoming("benefits.no_owner", "Gevinst %(code)s", {"code": "G1"}, "/gevinst/1")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (1, 0, 0)),
        ({"severity": Severity.SHOULD}, (0, 1, 0)),
        ({"answer": AnswerStatus.MET}, (0, 0, 1)),
        ({"answer": AnswerStatus.NOT_RELEVANT}, (0, 0, 1)),
        ({"answer": AnswerStatus.NOT_MET}, (1, 0, 0)),
        ({"answer": AnswerStatus.MET, "is_carried_over": True}, (1, 0, 0)),
        ({"settled_by_tools": True}, (0, 0, 1)),
        ({"settled_by_tools": True, "shortcomings": (SHORTCOMING,)}, (1, 0, 0)),
        (
            {
                "settled_by_tools": True,
                "shortcomings": (SHORTCOMING,),
                "answer": AnswerStatus.MET,
            },
            (1, 0, 0),
        ),
        (
            {
                "settled_by_tools": True,
                "shortcomings": (SHORTCOMING,),
                "severity": Severity.SHOULD,
            },
            (0, 1, 0),
        ),
    ],
)
def test_a_criterion_blocks_warns_or_is_fine(changes, expected):
    assert placed(**changes) == expected


def test_an_overdue_condition_blocks_and_an_open_step_only_warns():
    ready = assess(
        criteria=(),
        overdue_conditions=(OverdueCondition("Avklar DPIA", TODAY, "/vilkar"),),
        open_steps=(Shortcoming("phases.open_step", "Step %(step)s", {"step": "2.1"}, "/steg"),),
    )
    assert [item.text for item in ready.blockers] == [
        "A condition from an earlier decision is past its date: Avklar DPIA"
    ]
    assert [(item.text, item.url) for item in ready.warnings] == [("Step 2.1", "/steg")]
    assert not ready.is_ready


def problems(draft, **changes):
    return [
        (problem.field)
        for problem in check_draft(
            draft,
            **{
                "offered": tuple(GateOutcome),
                "back_to": ("insight", "needs"),
                "present": ("insight", "piloting"),
                "has_blockers": False,
                "warnings": ("A should",),
                "today": TODAY,
                **changes,
            },
        )
    ]


CONDITION = ConditionDraft("Avklar DPIA", 1, TODAY)
ACCEPTED = AcceptedWarning("A should", "Kommer i neste fase")
LATE = ConditionDraft("Avklar DPIA", 1, TODAY - datetime.timedelta(days=1))


@pytest.mark.parametrize(
    ("draft", "changes", "expected"),
    [
        (DecisionDraft(GateOutcome.GO, "Godt grunnlag"), {}, []),
        (DecisionDraft(GateOutcome.GO, "  "), {}, ["rationale"]),
        (DecisionDraft(GateOutcome.GO, "Ja"), {"has_blockers": True}, ["outcome"]),
        (DecisionDraft(GateOutcome.GO, "Ja"), {"offered": (GateOutcome.STOP,)}, ["outcome"]),
        (DecisionDraft(GateOutcome.GO_WITH_CONDITIONS, "Ja"), {}, ["conditions"]),
        (
            DecisionDraft(GateOutcome.GO_WITH_CONDITIONS, "Ja", conditions=(CONDITION,)),
            {"has_blockers": True},
            [],
        ),
        (
            DecisionDraft(GateOutcome.GO_WITH_CONDITIONS, "Ja", conditions=(LATE,)),
            {},
            ["conditions"],
        ),
        (DecisionDraft(GateOutcome.BACK, "Nei"), {}, ["target_phase"]),
        (DecisionDraft(GateOutcome.BACK, "Nei", target_phase="piloting"), {}, ["target_phase"]),
        (DecisionDraft(GateOutcome.BACK, "Nei", target_phase="needs"), {}, ["target_phase"]),
        (DecisionDraft(GateOutcome.BACK, "Nei", target_phase="insight"), {}, []),
        (DecisionDraft(GateOutcome.PAUSE, "Vent"), {}, ["review_on"]),
        (DecisionDraft(GateOutcome.PAUSE, "Vent", review_on=TODAY), {}, ["review_on"]),
        (
            DecisionDraft(GateOutcome.PAUSE, "Vent", review_on=TODAY + datetime.timedelta(days=1)),
            {},
            [],
        ),
        (DecisionDraft(GateOutcome.STOP, "Nei"), {}, ["learnt"]),
        (DecisionDraft(GateOutcome.GO, "Ja", accepted=(ACCEPTED,)), {}, []),
        (
            DecisionDraft(GateOutcome.GO, "Ja", accepted=(AcceptedWarning("A should", " "),)),
            {},
            ["accepted"],
        ),
        (DecisionDraft(GateOutcome.GO, "Ja", accepted=(ACCEPTED,)), {"warnings": ()}, ["accepted"]),
        (DecisionDraft(GateOutcome.STOP, "Nei", learnt="For dyrt"), {}, []),
        (DecisionDraft(GateOutcome.REWORK, "Mer"), {"has_blockers": True}, []),
    ],
)
def test_a_draft_is_refused_with_the_field_that_lacks_something(draft, changes, expected):
    assert problems(draft, **changes) == expected


@pytest.mark.parametrize(
    ("offered", "reason"),
    [
        (
            (GateOutcome.GO, GateOutcome.GO_WITH_CONDITIONS),
            "Something that must be in place is missing. Choose go with conditions, or another "
            "decision.",
        ),
        (
            (GateOutcome.GO, GateOutcome.MORE_TESTING),
            "Something that must be in place is missing. Choose another decision.",
        ),
    ],
)
def test_a_plain_go_is_refused_with_what_the_gate_offers_instead(offered, reason):
    found = check_draft(
        DecisionDraft(GateOutcome.GO, "Ja"),
        offered=offered,
        back_to=(),
        present=(),
        has_blockers=True,
        warnings=(),
        today=TODAY,
    )
    assert [(each.field, str(each.reason)) for each in found] == [("outcome", reason)]
