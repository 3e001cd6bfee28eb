"""Questions before a decision, and their answers."""

import datetime

import pytest
from django.utils import timezone

from common.outcomes import Denied, Refusal
from methodology.enums import GateOutcome
from phases.models import GateDecision
from phases.record import content_of, people_of
from phases.services import (
    answer,
    ask,
    may_ask,
    questions_of,
    seats_of,
)

TODAY = timezone.localdate()
TOMORROW = TODAY + datetime.timedelta(days=1)


def test_questions_and_answers_stand_on_the_record(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    for person in (municipality.leader, municipality.member, municipality.director):
        assert isinstance(may_ask(submission, person), Denied)
        with pytest.raises(Refusal):
            ask(submission=submission, text="Hva koster det?", actor=person)
    question = ask(submission=submission, text="Hva koster det?", actor=municipality.manager)
    with pytest.raises(Refusal):
        answer(question=question, text="Null.", actor=municipality.reader)
    answer(question=question, text="200 000 kroner.", actor=municipality.leader)
    decision = decide(submission, municipality.manager, GateOutcome.REWORK)
    content, people = content_of(decision.record), people_of(decision.record)
    assert [
        (
            people[each["by"]["person"]].name,
            each["text"],
            [(people[given["by"]["person"]].name, given["text"]) for given in each["answers"]],
        )
        for each in content["questions"]
    ] == [
        ("Mona Mellomleder", "Hva koster det?", [("Petter Prosjektleder", "200 000 kroner.")]),
    ]
    with pytest.raises(Refusal, match="decided"):
        ask(submission=submission, text="For sent?", actor=municipality.manager)
    with pytest.raises(Refusal, match="decided"):
        answer(question=question, text="For sent.", actor=municipality.leader)


def test_what_is_said_about_a_submission_costs_the_same_however_much_it_is(
    project, municipality, submit, django_assert_num_queries
):
    submission = submit(project, municipality.leader)
    for number in range(10):
        question = ask(submission=submission, text=f"Nr. {number}?", actor=municipality.manager)
        answer(question=question, text="Ja.", actor=municipality.leader)
    with django_assert_num_queries(3):
        assert len([list(each.answers.all()) for each in questions_of(submission)]) == 10
    with django_assert_num_queries(1):
        assert [row.user.name for row in seats_of(submission)] == ["Mona Mellomleder"]
    assert GateDecision.objects.count() == 0


def test_a_question_and_an_answer_that_are_sent_twice_stand_once(project, municipality, submit):
    submission = submit(project, municipality.leader)
    asked = [
        ask(submission=submission, text="Hva koster det?", actor=municipality.manager)
        for _twice in range(2)
    ]
    given = [
        answer(question=asked[0], text="Lite. ", actor=municipality.leader) for _twice in range(2)
    ]
    assert (asked[0], given[0]) == (asked[1], given[1])
    assert [list(each.answers.all()) for each in questions_of(submission)] == [[given[0]]]
