"""Two people at the same moment, in two processes: on SQLite's file and on PostgreSQL."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from methodology.enums import GateOutcome
from phases.chain import verify_chain
from phases.enums import DecisionRule, SeatSource
from phases.models import (
    DeciderLeaving,
    GateDecision,
    GateQuestion,
    GateRecord,
    GateRoute,
    GateRouteSeat,
    GateSubmission,
    GateWithdrawal,
    Vote,
)

pytestmark = pytest.mark.django_db(transaction=True)

TOP = Path(__file__).resolve().parents[2]
# Both are told to begin at the same moment, a little ahead of when they are told.
AHEAD = 0.5
ROUNDS = 3


def database_url() -> str:
    """The address of the database that this test writes to."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@pytest.fixture(scope="module")
def computers(django_db_setup):
    """Two processes that have the product loaded and wait for orders."""
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.phases.pressing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=TOP,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "DJANGO_SETTINGS_MODULE": "veikart.settings",
            },
        )
        for _ in range(2)
    ]
    for each in started:
        assert each.stdout.readline() == "ready\n"
    yield started
    for each in started:
        each.communicate(timeout=20)


@pytest.fixture
def press(computers, project):
    """Two deeds at the same moment; their answers in order, refusals and all."""

    def press(*deeds):
        at = time.time() + AHEAD
        for computer, (deed, actor, submission) in zip(computers, deeds, strict=True):
            order = {
                "deed": deed,
                "actor": actor.pk,
                "project": project.pk,
                "submission": submission.pk if submission else None,
                "at": at,
            }
            computer.stdin.write(json.dumps(order) + "\n")
            computer.stdin.flush()
        return [json.loads(computer.stdout.readline()) for computer in computers]

    return press


def route(municipality, rule, quorum=1):
    """All of the line manager, the owner and the employee decide; the owner leads."""
    made = GateRoute.objects.create(
        organisation=municipality.organisation, name=rule.label, rule=rule, quorum=quorum
    )
    GateRouteSeat.objects.create(route=made, source=SeatSource.LINE_MANAGER)
    GateRouteSeat.objects.create(
        route=made,
        source=SeatSource.OWNER,
        is_chair=rule in (DecisionRule.ALL, DecisionRule.CHAIR),
    )
    GateRouteSeat.objects.create(route=made, source=SeatSource.NAMED, user=municipality.employee)


def done(answers):
    return sorted(answer["done"] for answer in answers if "done" in answer)


def refused(answers):
    return [answer["refused"] for answer in answers if "refused" in answer]


def test_of_two_deciders_at_the_same_moment_one_decides_and_the_other_is_told_who_and_when(
    project, municipality, submit, press
):
    route(municipality, DecisionRule.ANY)
    for number in range(1, ROUNDS + 1):
        submission = submit(project, municipality.leader)
        answers = press(
            ("decide", municipality.manager, submission),
            ("decide", municipality.director, submission),
        )
        decision = GateDecision.objects.get(submission=submission)
        assert done(answers) == ["decided"], answers
        (told,) = refused(answers)
        assert told.startswith(f"{decision.decided_by.name} already decided this on "), told
        assert GateRecord.objects.filter(project=project).count() == 2 * number
        assert Vote.objects.filter(decider__submission=submission).count() == 1
    assert verify_chain(project) is None


def test_the_same_person_pressing_twice_decides_once(project, municipality, submit, press):
    for _ in range(ROUNDS):
        submission = submit(project, municipality.leader)
        answers = press(*[("decide", municipality.manager, submission)] * 2)
        assert done(answers) == ["decided"], answers
        assert refused(answers)[0].startswith("Mona Mellomleder already decided this on ")
        assert GateDecision.objects.filter(submission=submission).count() == 1
    assert verify_chain(project) is None


def test_the_same_person_pressing_twice_votes_once(project, municipality, submit, press):
    route(municipality, DecisionRule.ALL, quorum=3)
    submission = submit(project, municipality.leader)
    answers = press(*[("decide", municipality.manager, submission)] * 2)
    assert done(answers) == ["counted"], answers
    assert refused(answers) == ["You have voted. The others have not answered yet."]
    assert Vote.objects.count() == 1


def test_when_all_must_agree_the_last_two_at_the_same_moment_make_one_decision(
    project, municipality, submit, decide, press
):
    route(municipality, DecisionRule.ALL, quorum=3)
    submission = submit(project, municipality.leader)
    decide(submission, municipality.employee, GateOutcome.REWORK)
    answers = press(
        ("decide", municipality.manager, submission), ("decide", municipality.director, submission)
    )
    assert done(answers) == ["counted", "decided"], answers
    assert (GateDecision.objects.count(), Vote.objects.count()) == (1, 3)
    assert verify_chain(project) is None


def test_the_chair_and_a_vote_at_the_same_moment_leave_one_decision_with_what_it_stands_on(
    project, municipality, submit, decide, press
):
    route(municipality, DecisionRule.CHAIR, quorum=2)
    for _ in range(ROUNDS):
        submission = submit(project, municipality.leader)
        decide(submission, municipality.employee, GateOutcome.REWORK)
        answers = press(
            ("decide", municipality.director, submission),
            ("decide", municipality.manager, submission),
        )
        assert answers[0] == {"done": "decided"}, answers
        votes = Vote.objects.filter(decider__submission=submission)
        if "refused" in answers[1]:
            assert answers[1]["refused"].startswith("Dagny Direktør already decided this on ")
            assert votes.count() == 2
        else:
            assert (answers[1], votes.count()) == ({"done": "counted"}, 3)
        assert GateDecision.objects.filter(submission=submission).count() == 1
    assert verify_chain(project) is None


def test_a_submission_is_decided_or_withdrawn_never_both(project, municipality, submit, press):
    for _ in range(ROUNDS):
        submission = submit(project, municipality.leader)
        answers = press(
            ("decide", municipality.manager, submission),
            ("withdraw", municipality.leader, submission),
        )
        ends = (
            GateDecision.objects.filter(submission=submission).count(),
            GateWithdrawal.objects.filter(submission=submission).count(),
        )
        if done(answers) == ["decided"]:
            assert ends == (1, 0)
            assert refused(answers) == ["The submission is already decided or withdrawn."]
        else:
            assert (done(answers), ends) == (["withdrawn"], (0, 1)), answers
            assert refused(answers) == ["The submission was withdrawn and cannot be decided."]
    assert verify_chain(project) is None


def test_of_two_submissions_at_the_same_moment_one_is_there(
    project, municipality, submit, decide, press
):
    for number in range(1, ROUNDS + 1):
        answers = press(*[("submit", municipality.leader, None)] * 2)
        assert done(answers) == ["submitted"], answers
        assert refused(answers) == [
            "Petter Prosjektleder has already submitted this, and it waits for a decision."
        ]
        assert GateSubmission.objects.count() == number
        decide(GateSubmission.objects.latest("pk"), municipality.manager, GateOutcome.REWORK)
    assert verify_chain(project) is None


def test_a_question_at_the_moment_of_the_decision_is_on_its_record_or_refused(
    project, municipality, submit, press
):
    route(municipality, DecisionRule.ANY)
    for _ in range(ROUNDS):
        submission = submit(project, municipality.leader)
        answers = press(
            ("decide", municipality.manager, submission), ("ask", municipality.director, submission)
        )
        asked = GateQuestion.objects.filter(submission=submission).count()
        assert answers[0] == {"done": "decided"}, answers
        assert "failed" not in answers[1], answers
        assert asked == ("done" in answers[1])
    assert verify_chain(project) is None


def test_a_conflict_declared_at_the_moment_of_the_decision_is_on_its_record_or_refused(
    project, municipality, submit, press
):
    route(municipality, DecisionRule.ANY)
    for _ in range(ROUNDS):
        submission = submit(project, municipality.leader)
        answers = press(
            ("decide", municipality.manager, submission),
            ("conflict", municipality.director, submission),
        )
        left = DeciderLeaving.objects.filter(decider__submission=submission).count()
        assert answers[0] == {"done": "decided"}, answers
        assert "failed" not in answers[1], answers
        assert left == ("done" in answers[1])
    assert verify_chain(project) is None
