import datetime
from dataclasses import replace

import pytest

from methodology.enums import GateMode
from phases.enums import PhaseState, StepStatus
from phases.rules import (
    ConditionSituation,
    NextKind,
    Situation,
    StepSituation,
    WaitingSubmission,
    next_thing,
)
from projects.enums import ProjectStatus

TODAY = datetime.date(2027, 3, 12)
YESTERDAY = TODAY - datetime.timedelta(days=1)
TOMORROW = TODAY + datetime.timedelta(days=1)
SINCE = datetime.datetime(2027, 3, 1, 9, 0, tzinfo=datetime.UTC)

DONE = StepSituation("4.1", "Plan", "/plan/", StepStatus.DONE)
OPEN = StepSituation("4.2", "Carry out", "/carry-out/", StepStatus.NOT_STARTED)
BEGUN = StepSituation("4.3", "Evaluate", "/evaluate/", StepStatus.IN_PROGRESS, responsible="Mats")
DECISION = StepSituation("4.4", "Decide", "/decide/", StepStatus.NOT_STARTED, is_decision=True)
LATE = replace(OPEN, due_on=YESTERDAY)
CONDITION = ConditionSituation("Ask the ombud", "Petter", YESTERDAY, "/condition/")

WORKING = Situation(
    ProjectStatus.ACTIVE,
    "/decisions/",
    "/resume/",
    phase="Piloting",
    state=PhaseState.ACTIVE,
    mode=GateMode.MANDATORY,
    gate_url="/gate/",
    close_url="/close/",
    steps=(DONE,),
)


def situation(**changes):
    return replace(WORKING, **changes)


@pytest.mark.parametrize(
    ("here", "kind", "text", "url"),
    [
        (
            situation(status=ProjectStatus.STOPPED, state=None, steps=(OPEN,)),
            NextKind.OVER,
            "The project is stopped",
            "/decisions/",
        ),
        (
            situation(status=ProjectStatus.CLOSED, state=None),
            NextKind.OVER,
            "The project is closed",
            "/decisions/",
        ),
        (
            situation(
                submission=WaitingSubmission(("Mona",), SINCE, "/review/"),
                conditions=(CONDITION,),
                steps=(LATE,),
            ),
            NextKind.WAIT,
            "Piloting waits for a decision",
            "/review/",
        ),
        (
            situation(status=ProjectStatus.PAUSED, steps=(LATE,), conditions=(CONDITION,)),
            NextKind.RESUME,
            "The project is paused",
            "/resume/",
        ),
        (
            situation(conditions=(CONDITION,), steps=(LATE,)),
            NextKind.CONDITION,
            "Meet the condition: Ask the ombud",
            "/condition/",
        ),
        (
            situation(conditions=(replace(CONDITION, due_on=TODAY),), steps=(OPEN,)),
            NextKind.STEP,
            "4.2 Carry out",
            "/carry-out/",
        ),
        (situation(steps=(DONE, OPEN, BEGUN)), NextKind.STEP, "4.3 Evaluate", "/evaluate/"),
        (situation(steps=(LATE, BEGUN)), NextKind.STEP, "4.2 Carry out", "/carry-out/"),
        (situation(steps=(DECISION, OPEN)), NextKind.STEP, "4.2 Carry out", "/carry-out/"),
        (
            situation(steps=(DONE, DECISION), blockers=2),
            NextKind.READINESS,
            "Make Piloting ready for decision",
            "/gate/",
        ),
        (situation(blockers=0), NextKind.SUBMIT, "Submit Piloting for decision", "/gate/"),
        (situation(blockers=None), NextKind.SUBMIT, "Submit Piloting for decision", "/gate/"),
        (
            situation(mode=GateMode.ADVISORY),
            NextKind.SUBMIT,
            "Submit Piloting for decision, or close it",
            "/gate/",
        ),
        (situation(mode=GateMode.OFF), NextKind.CLOSE, "Close Piloting and go on", "/close/"),
    ],
)
def test_next_thing_is_the_first_of_what_waits_is_late_is_begun_or_comes_next(
    here, kind, text, url
):
    found = next_thing(here, TODAY)

    assert (found.kind, found.text, found.url) == (kind, text, url)


def test_next_thing_says_who_decides_and_since_when():
    here = situation(submission=WaitingSubmission(("Mona", "Dagny"), SINCE, "/review/"))

    found = next_thing(here, TODAY)

    assert (found.who, found.since, found.due_on) == ("Mona, Dagny", SINCE, None)


def test_next_thing_takes_the_step_that_is_most_overdue():
    later = replace(BEGUN, due_on=YESTERDAY - datetime.timedelta(days=5))

    found = next_thing(situation(steps=(LATE, later)), TODAY)

    assert (found.text, found.who, found.is_overdue) == ("4.3 Evaluate", "Mats", True)


def test_next_thing_takes_the_begun_step_with_the_nearest_date():
    near = replace(OPEN, status=StepStatus.IN_PROGRESS, due_on=TOMORROW)

    found = next_thing(situation(steps=(BEGUN, near)), TODAY)

    assert (found.text, found.due_on, found.is_overdue) == ("4.2 Carry out", TOMORROW, False)


@pytest.mark.parametrize(
    ("review_on", "is_overdue"),
    [(YESTERDAY, True), (TODAY, True), (TOMORROW, False), (None, False)],
)
def test_next_thing_of_a_paused_project_is_overdue_from_its_review_date_on(review_on, is_overdue):
    found = next_thing(situation(status=ProjectStatus.PAUSED, review_on=review_on), TODAY)

    assert (found.due_on, found.is_overdue) == (review_on, is_overdue)
