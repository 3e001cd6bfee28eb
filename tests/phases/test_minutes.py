"""How a decision was made, as its record and its page say it."""

import pytest
from django.urls import reverse

from methodology.enums import GateOutcome
from phases.enums import DecisionRule, SeatSource
from phases.gates import AcceptedWarning
from phases.minutes import Minutes, read_minutes
from phases.models import GateDecision, GateRoute, GateRouteSeat
from phases.record import content_of, people_of
from phases.services import answer, ask, submit_gate
from tools.contract import PersonRef


@pytest.fixture
def decision(project, municipality, decide):
    """Three decide: one dissents, one has asked, and the owner leads."""
    route = GateRoute.objects.create(
        organisation=municipality.organisation,
        name="Store",
        rule=DecisionRule.CHAIR,
        quorum=3,
        days=5,
    )
    for source, user, is_chair in (
        (SeatSource.LINE_MANAGER, None, False),
        (SeatSource.NAMED, municipality.admin, False),
        (SeatSource.OWNER, None, True),
    ):
        GateRouteSeat.objects.create(route=route, source=source, user=user, is_chair=is_chair)
    submission = submit_gate(
        project=project,
        phase_key="anchoring",
        recommended_outcome=GateOutcome.REWORK,
        recommendation="Vi trenger mer tid.",
        actor=municipality.leader,
        exempt_paragraph="offl. § 14",
        exempt_reason="Internt utkast.",
    )
    question = ask(submission=submission, text="Hva koster tiden?", actor=municipality.manager)
    answer(question=question, text="Ingenting.", actor=municipality.leader)
    warning = content_of(submission.record)["readiness"]["warnings"][0]["text"]
    decide(submission, municipality.manager, GateOutcome.REWORK)
    decide(
        submission,
        municipality.admin,
        GateOutcome.STOP,
        rationale="Vi har ventet nok.",
        learnt="Ting tar tid.",
    )
    decide(
        submission,
        municipality.director,
        GateOutcome.REWORK,
        accepted=(AcceptedWarning(warning, "Det rekker vi siden."),),
        present="Alle tre, i møte.",
    )
    return GateDecision.objects.select_related("record").get(submission=submission)


def minutes_of(decision):
    return read_minutes(content_of(decision.record), people_of(decision.record))


def test_the_minutes_tell_everybody_and_who_dissents(decision, municipality):
    minutes = minutes_of(decision)
    assert [
        (seat.name, seat.is_chair, seat.vote.outcome, seat.vote.dissents) for seat in minutes.seats
    ] == [
        (municipality.manager.name, False, GateOutcome.REWORK, False),
        (municipality.admin.name, False, GateOutcome.STOP, True),
        (municipality.director.name, True, GateOutcome.REWORK, False),
    ]
    assert (minutes.present, [each.reason for each in minutes.accepted]) == (
        "Alle tre, i møte.",
        ["Det rekker vi siden."],
    )
    assert [
        (each.asked.text, [given.text for given in each.answers]) for each in minutes.questions
    ] == [("Hva koster tiden?", ["Ingenting."])]


def test_somebody_who_is_erased_leaves_their_place(decision, municipality):
    content = content_of(decision.record)
    minutes = read_minutes(content, {})
    assert {seat.name for seat in minutes.seats} == {"erased person"}


def test_a_record_from_before_minutes_tells_nothing():
    assert read_minutes({}, {}) == Minutes("", "", "", "", 1, (), (), ())


def test_a_deputy_stands_beside_whom_they_decided_for():
    content = {"decided_for": {"person": "p1"}}
    assert read_minutes(content, {"p1": PersonRef(1, "Kari")}).decided_for == "Kari"


def test_the_page_shows_how_it_was_decided(decision, project, municipality, client_for):
    page = client_for(municipality.reader).get(
        reverse("phases:decision", args=[project.pk, decision.pk])
    )
    content = page.content.decode()
    shown = (
        "Vi har ventet nok.",
        "dissents",
        "Det rekker vi siden.",
        "Alle tre, i møte.",
        "Hva koster tiden?",
        "Ingenting.",
        "offl. § 14: Internt utkast.",
    )
    assert [words for words in shown if words not in content] == []
