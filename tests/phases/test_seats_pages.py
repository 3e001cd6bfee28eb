"""The pages around a decision: who decides, conflicts, replacements, questions and answers."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Deputy
from benefits.enums import Category
from benefits.models import Benefit
from methodology.enums import GateOutcome
from phases.enums import DecisionRule, LeavingKind, SeatSource
from phases.models import (
    DeciderLeaving,
    GateAnswer,
    GateDecision,
    GateQuestion,
    GateRoute,
    GateRouteSeat,
    GateSubmission,
    Vote,
)
from phases.record import content_of
from phases.services import answer, ask, declare_conflict

TODAY = timezone.localdate()


@pytest.fixture
def two(municipality):
    """Line manager and owner must agree; the owner leads the decision."""
    route = GateRoute.objects.create(
        organisation=municipality.organisation, name="Store", rule=DecisionRule.ALL, quorum=2
    )
    GateRouteSeat.objects.create(route=route, source=SeatSource.LINE_MANAGER)
    GateRouteSeat.objects.create(route=route, source=SeatSource.OWNER, is_chair=True)


def address(name, submission, *more):
    return reverse(
        f"phases:{name}", args=[submission.project_phase.project_id, submission.pk, *more]
    )


def words_of(response):
    return " ".join(response.content.decode().split())


def rework(**changes):
    return {"outcome": "rework", "rationale": "Mer må til.", "action": "confirm", **changes}


def test_a_vote_is_counted_and_its_content_is_hidden_from_those_who_have_not_voted(
    project, municipality, submit, client_for, two
):
    submission = submit(project, municipality.leader)
    manager, director = client_for(municipality.manager), client_for(municipality.director)
    response = manager.post(address("decide", submission), rework(), follow=True)
    assert response.redirect_chain == [(address("review", submission), 302)]
    assert "Your vote is counted." in words_of(response)
    assert (Vote.objects.count(), GateDecision.objects.count()) == (1, 0)
    assert "Mer må til." in words_of(manager.get(address("review", submission)))
    before = words_of(director.get(address("review", submission)))
    assert ("has voted" in before, "Mer må til." in before) == (True, False)
    leader = words_of(client_for(municipality.leader).get(address("review", submission)))
    assert "Mer må til." not in leader
    director.post(address("decide", submission), rework(rationale="Enig."))
    assert GateDecision.objects.get().outcome == "rework"
    assert "Mer må til." in words_of(director.get(address("review", submission)))


def test_voting_twice_says_that_one_has_voted(project, municipality, submit, client_for, two):
    submission = submit(project, municipality.leader)
    client = client_for(municipality.manager)
    for _click in range(2):
        response = client.post(address("decide", submission), rework(), follow=True)
    assert response.redirect_chain == [(address("review", submission), 302)]
    assert "You have voted." in words_of(response)
    assert Vote.objects.count() == 1


def test_accepted_warnings_and_those_present_are_kept_through_the_confirmation(
    project, municipality, submit, client_for
):
    submission = submit(project, municipality.leader)
    client = client_for(municipality.manager)
    written = rework(accept_0="Det tar vi siden.", present="Hele ledergruppen", action="look")
    page = words_of(client.post(address("decide", submission), written))
    assert "Det tar vi siden." in page
    assert "Took part: Hele ledergruppen" in page
    assert 'name="accept_0" value="Det tar vi siden."' in page
    client.post(address("decide", submission), {**written, "action": "confirm"})
    content = content_of(GateDecision.objects.get().record)
    warning = content_of(submission.record)["readiness"]["warnings"][0]["text"]
    assert content["accepted"] == [{"text": warning, "reason": "Det tar vi siden."}]
    assert content["present"] == "Hele ledergruppen"


def test_a_deputy_is_told_for_whom_they_vote(project, municipality, submit, client_for):
    submission = submit(project, municipality.leader)
    Deputy.objects.create(
        user=municipality.manager,
        deputy=municipality.employee,
        starts_on=TODAY - datetime.timedelta(days=1),
        ends_on=TODAY,
        made_by=municipality.manager,
    )
    client = client_for(municipality.employee)
    page = words_of(client.get(address("review", submission)))
    assert "You vote as the deputy of Mona Mellomleder." in page
    client.post(address("decide", submission), rework())
    assert GateDecision.objects.get().decided_for == municipality.manager


def test_a_conflict_of_interest_is_declared_with_a_reason(
    project, municipality, submit, client_for
):
    submission = submit(project, municipality.leader)
    client = client_for(municipality.manager)
    page = client.post(address("conflict", submission), {"reason": ""})
    assert "Fill in this field." in words_of(page)
    assert DeciderLeaving.objects.count() == 0
    page = client.post(
        address("conflict", submission), {"reason": "Min bror leverer den."}, follow=True
    )
    assert "You do not decide this." in words_of(page)
    assert DeciderLeaving.objects.get().kind == LeavingKind.CONFLICT
    assert "Somebody must be named before it can be decided." in words_of(page)
    assert "Min bror leverer den." in words_of(page)


def test_the_manager_above_names_somebody_who_can_then_decide(
    project, municipality, submit, client_for
):
    submission = submit(project, municipality.leader)
    declare_conflict(submission=submission, reason="Bror.", actor=municipality.manager)
    seat = submission.deciders.get()
    client = client_for(municipality.director)
    page = words_of(client.get(address("review", submission)))
    assert "Name somebody in the place of Mona Mellomleder" in page
    form = words_of(client.get(address("replacement", submission, seat.pk)))
    assert "Anne Ansatt" in form
    assert "Petter Prosjektleder</option>" not in form
    response = client.post(
        address("replacement", submission, seat.pk),
        {"user": municipality.employee.pk, "reason": "Kjenner saken."},
        follow=True,
    )
    assert "Anne Ansatt decides now, and is told." in words_of(response)
    page = client_for(municipality.employee).get(address("decide", submission))
    assert page.status_code == 200


def test_questions_are_asked_and_answered_on_the_page(project, municipality, submit, client_for):
    submission = submit(project, municipality.leader)
    manager, leader = client_for(municipality.manager), client_for(municipality.leader)
    response = manager.post(
        address("ask", submission), {"text": "Hva <b>koster</b> det?"}, follow=True
    )
    assert "Hva &lt;b&gt;koster&lt;/b&gt; det?" in words_of(response)
    question = GateQuestion.objects.get()
    page = words_of(leader.get(address("review", submission)))
    assert address("answer", submission, question.pk) in page
    response = leader.post(
        address("answer", submission, question.pk), {"text": "200 000 kr."}, follow=True
    )
    assert "200 000 kr." in words_of(response)
    assert GateAnswer.objects.get().answered_by == municipality.leader
    reader = client_for(municipality.reader)
    page = words_of(reader.get(address("review", submission)))
    assert "200 000 kr." in page
    assert address("ask", submission) not in page


def test_nothing_is_asked_after_the_decision(project, municipality, submit, decide, client_for):
    submission = submit(project, municipality.leader)
    question = ask(submission=submission, text="Hvor?", actor=municipality.manager)
    answer(question=question, text="Her.", actor=municipality.leader)
    decide(submission, municipality.manager, GateOutcome.REWORK)
    manager = client_for(municipality.manager)
    page = manager.post(address("ask", submission), {"text": "Enda et?"})
    assert "This is decided" in words_of(page)
    assert "Enda et?" in words_of(page)
    assert GateQuestion.objects.count() == 1
    page = words_of(manager.get(address("review", submission)))
    assert address("ask", submission) not in page


def test_exemption_from_public_access_needs_both_section_and_reason(
    project, municipality, client_for
):
    client = client_for(municipality.leader)
    url = reverse("phases:submit", args=[project.pk, "anchoring"])
    sent = {"outcome": "rework", "recommendation": "Vent.", "action": "submit"}
    page = words_of(client.post(url, {**sent, "exempt_paragraph": "offentleglova § 14"}))
    assert "Say why it is exempt from public access." in page
    page = words_of(client.post(url, {**sent, "exempt_reason": "Intern sak"}))
    assert "Name the section that it is exempt under." in page
    assert GateSubmission.objects.count() == 0
    client.post(
        url, {**sent, "exempt_paragraph": "offentleglova § 14", "exempt_reason": "Intern sak"}
    )
    record = content_of(GateSubmission.objects.get().record)
    assert record["exempt"] == {"paragraph": "offentleglova § 14", "reason": "Intern sak"}


@pytest.mark.parametrize("action", ["submit", "open"])
def test_a_large_project_costs_the_same_queries(
    project, municipality, submit, client_for, action, django_assert_max_num_queries
):
    def grow(count):
        Benefit.objects.bulk_create(
            Benefit(
                project=project,
                code=f"G{count}-{number}",
                title=f"Gevinst {number}",
                category=Category.TIME_SAVED,
                created_by=municipality.leader,
                updated_by=municipality.leader,
            )
            for number in range(count)
        )

    client = client_for(municipality.manager)
    counts = []
    # The first is not counted: later ones have an earlier submission to be compared with.
    for size in (1, 3, 30):
        grow(size)
        with django_assert_max_num_queries(100) as asked:
            submission = submit(project, municipality.leader)
        if action == "open":
            client.get(address("review", submission))
            with django_assert_max_num_queries(100) as asked:
                client.get(address("review", submission))
        counts.append(len(asked))
        client_for(municipality.leader).post(address("withdraw", submission))
    assert counts[1] == counts[2]
