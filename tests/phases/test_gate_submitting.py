"""Submitting a phase and taking it back."""

import pytest
from django.urls import reverse

from methodology.enums import GateOutcome
from phases.enums import PhaseState
from phases.models import GateSubmission
from phases.selectors import walk_of
from tests.phases.gate_pages import gate_url, sentences

SENT = {
    "outcome": "go_with_conditions",
    "recommendation": "Gå videre, og avklar fastlegene i januar.",
    "action": "submit",
}


def test_the_leader_submits_and_sees_since_when_and_for_whom_it_waits(
    project, municipality, client_for
):
    client = client_for(municipality.leader)
    response = client.post(gate_url(project, page="submit"), SENT)
    submission = GateSubmission.objects.get()
    assert (response.status_code, response.url, sentences(response)) == (
        302,
        gate_url(project),
        ["Submitted. Mona Mellomleder decides."],
    )
    assert (submission.recommended_outcome, submission.recommendation) == (
        "go_with_conditions",
        "Gå videre, og avklar fastlegene i januar.",
    )
    content = client.get(gate_url(project)).content.decode()
    assert "Waits for Mona Mellomleder" in content
    assert "Submitted today by Petter Prosjektleder." in content
    assert reverse("phases:withdraw", args=[project.pk, submission.pk]) in content


def test_only_the_outcomes_of_the_gate_are_offered(project, municipality, client_for):
    page = client_for(municipality.leader).get(gate_url(project, page="submit"))
    assert [option.value for option in page.context["options"]] == [
        "go",
        "go_with_conditions",
        "rework",
        "pause",
        "stop",
    ]
    response = client_for(municipality.leader).post(
        gate_url(project, page="submit"), {**SENT, "outcome": "more_testing"}
    )
    assert (response.status_code, GateSubmission.objects.count()) == (200, 0)


def test_go_is_refused_with_links_while_something_is_missing(project, municipality, client_for):
    page = client_for(municipality.leader).post(
        gate_url(project, page="submit"), {**SENT, "outcome": "go"}
    )
    content = page.content.decode()
    assert page.context["form"].errors["outcome"] == [
        "Something that must be in place is missing, so “go” cannot be recommended. Mend it, or "
        "recommend something else."
    ]
    assert gate_url(project, "anchoring", "criterion", "problem-stated") in content
    assert SENT["recommendation"] in content
    assert GateSubmission.objects.count() == 0


def test_the_preview_shows_what_the_decider_will_see_and_stores_nothing(
    project, municipality, client_for
):
    page = client_for(municipality.leader).post(
        gate_url(project, page="submit"), {**SENT, "action": "preview"}
    )
    reading = page.context["reading"]
    assert (
        reading.recommended,
        reading.recommendation,
        reading.submitted_by.name,
        reading.project.problem,
    ) == (
        GateOutcome.GO_WITH_CONDITIONS,
        SENT["recommendation"],
        "Petter Prosjektleder",
        project.problem,
    )
    assert project.problem in page.content.decode()
    assert GateSubmission.objects.count() == 0
    assert project.gate_records.count() == 0


def test_the_preview_is_what_is_then_submitted(project, municipality, client_for):
    client = client_for(municipality.leader)
    before = client.post(gate_url(project, page="submit"), {**SENT, "action": "preview"})
    client.post(gate_url(project, page="submit"), SENT)
    submission = GateSubmission.objects.get()
    after = client.get(reverse("phases:review", args=[project.pk, submission.pk]))
    first, second = before.context["reading"], after.context["reading"]
    names = (
        "where",
        "criteria",
        "blockers",
        "open_shoulds",
        "open_steps",
        "project",
        "phases",
        "recommended",
        "recommendation",
        "facts",
    )
    assert {name: getattr(first, name) for name in names} == {
        name: getattr(second, name) for name in names
    }


@pytest.mark.parametrize("action", ["preview", "submit"])
def test_an_invisible_character_is_refused_with_a_sentence(
    project, municipality, client_for, action
):
    page = client_for(municipality.leader).post(
        gate_url(project, page="submit"),
        {**SENT, "recommendation": "Gå\x07 videre.", "action": action},
    )
    assert "invisible character" in page.context["form"].errors["recommendation"][0]
    assert GateSubmission.objects.count() == 0


@pytest.mark.parametrize("who", ["member", "reader", "manager", "director", "admin"])
def test_only_the_leader_submits_withdraws_and_closes(
    project, municipality, client_for, submit, who
):
    submission = submit(project, municipality.leader)
    client = client_for(getattr(municipality, who))
    addresses = [
        gate_url(project, page="submit"),
        gate_url(project, page="close_phase"),
        reverse("phases:withdraw", args=[project.pk, submission.pk]),
    ]
    assert [client.post(url, SENT).status_code for url in addresses] == [403, 403, 403]
    assert walk_of(project).phase("anchoring").state is PhaseState.SUBMITTED


def test_a_phase_is_submitted_once(project, municipality, client_for, submit):
    submit(project, municipality.leader)
    client = client_for(municipality.leader)
    url = gate_url(project, page="submit")
    assert "has already submitted this" in client.get(url).content.decode()
    page = client.post(url, SENT)
    assert page.context["form"].non_field_errors() == [
        "Petter Prosjektleder has already submitted this, and it waits for a decision."
    ]
    assert GateSubmission.objects.count() == 1


def test_the_leader_withdraws_and_works_on(project, municipality, client_for, submit):
    submission = submit(project, municipality.leader)
    client = client_for(municipality.leader)
    url = reverse("phases:withdraw", args=[project.pk, submission.pk])
    assert client.get(url).status_code == 405
    response = client.post(url)
    assert (response.url, sentences(response)) == (
        gate_url(project),
        ["The submission is withdrawn. The work goes on."],
    )
    assert walk_of(project).phase("anchoring").state is PhaseState.ACTIVE


def test_a_decided_submission_cannot_be_withdrawn(
    project, municipality, client_for, submit, decide
):
    submission = submit(project, municipality.leader)
    decide(submission, municipality.manager, GateOutcome.REWORK)
    response = client_for(municipality.leader).post(
        reverse("phases:withdraw", args=[project.pk, submission.pk])
    )
    assert sentences(response) == ["The submission is already decided or withdrawn."]


def test_a_submission_is_not_reached_through_another_project(
    project, other_project, municipality, client_for, submit
):
    submission = submit(project, municipality.leader)
    client = client_for(municipality.leader)
    for page in ("review", "decide"):
        address = reverse(f"phases:{page}", args=[other_project.pk, submission.pk])
        assert client.get(address).status_code == 404
    address = reverse("phases:withdraw", args=[other_project.pk, submission.pk])
    assert client.post(address).status_code == 404
