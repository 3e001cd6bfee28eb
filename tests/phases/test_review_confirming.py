"""The decider's side of a gate: seeing what will happen, confirming, and coming too late."""

from django.urls import reverse
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.enums import PhaseState
from phases.gates import ConditionDraft
from phases.models import Condition, GateDecision
from phases.selectors import walk_of
from phases.services import withdraw_submission
from tests.phases.reviewed import conditions, confirm, decide_url, review_url, sentences, submission

__all__ = ["decide_url", "review_url", "submission"]


def test_what_will_happen_is_shown_and_then_happens(project, municipality, client_for, decide_url):
    client = client_for(municipality.manager)
    page, response = confirm(
        client, decide_url, conditions(**{"condition-0-owner": municipality.member.pk})
    )
    assert page.context["consequences"] == (
        "This completes fase 1, Forankring. Next: fase 2, Innsikt.",
        "1 condition becomes a task.",
    )
    decision = GateDecision.objects.get()
    assert (response.url, sentences(response)) == (
        reverse("phases:decision", args=[project.pk, decision.pk]),
        ["Decided: Go with conditions. The record is kept for good."],
    )
    condition = Condition.objects.get()
    assert (
        decision.outcome,
        decision.decided_by,
        condition.text,
        condition.owner,
        walk_of(project).current.entry.key,
    ) == (
        "go_with_conditions",
        municipality.manager,
        "Avklar personvern",
        municipality.member,
        "insight",
    )


def test_change_something_brings_the_form_back_as_it_was(municipality, client_for, decide_url):
    page = client_for(municipality.manager).post(
        decide_url, conditions(action="change", rationale="Grunnlaget er <godt>.")
    )
    content = page.content.decode()
    assert "Grunnlaget er &lt;godt&gt;." in content
    assert "Avklar personvern" in content
    assert [option.value for option in page.context["options"] if option.is_chosen] == [
        "go_with_conditions"
    ]


def test_pause_and_stop_say_what_they_mean(municipality, client_for, decide_url):
    client = client_for(municipality.manager)
    pause = client.post(
        decide_url, {"outcome": "pause", "rationale": "Vent.", "review_on": "2099-03-12"}
    )
    stop = client.post(
        decide_url, {"outcome": "stop", "rationale": "Nok.", "learnt": "Sensorene er umodne."}
    )
    assert (pause.context["consequences"], stop.context["consequences"]) == (
        ("The project is paused. It is looked at again on 12 March 2099.",),
        (
            "The project ends here.",
            "What you have learnt is kept with the project, for others to use.",
            "What is left to do is still done. It stands on the project's overview.",
        ),
    )
    assert "Sensorene er umodne." in stop.content.decode()


def test_going_back_opens_the_named_steps_of_the_target_and_no_others(
    project, municipality, client_for, submit, walk_to
):
    walk_to(project, "service-development", municipality.leader)
    submission = submit(project, municipality.leader, GateOutcome.BACK)
    url = reverse("phases:decide", args=[project.pk, submission.pk])
    insight, anchoring = (
        walk_of(project).phase(key).steps[0].entry.key for key in ("insight", "anchoring")
    )
    page, _response = confirm(
        client_for(municipality.manager),
        url,
        {
            "outcome": "back",
            "rationale": "Vi vet for lite.",
            "target_phase": "insight",
            "reopen_steps": [insight, anchoring],
        },
    )
    assert page.context["consequences"][0] == (
        "A new round begins: fase 2, Innsikt. Everything done so far is kept."
    )
    assert len(page.context["consequences"]) == 2
    walk = walk_of(project)
    assert (
        walk.current.entry.key,
        walk.current.row.iteration,
        walk.step(insight).status,
        walk.step(anchoring).status,
    ) == ("insight", 2, "in_progress", "not_started")


def test_the_second_of_two_is_told_who_decided_and_when(
    project, municipality, client_for, decide_url, submission, decide
):
    client = client_for(municipality.manager)
    sent = {"outcome": "rework", "rationale": "Ikke klart.", "action": "confirm"}
    assert client.post(decide_url, sent).status_code == 302
    page = client.post(decide_url, sent)
    decision = GateDecision.objects.get()
    content = page.content.decode()
    assert page.status_code == 409
    assert page.context["reason"].startswith("Mona Mellomleder already decided this on ")
    assert page.context["reason"] in content
    assert reverse("phases:decision", args=[project.pk, decision.pk]) in content


def test_a_withdrawn_submission_is_kept_to_read_and_cannot_be_decided(
    project, municipality, client_for, submission, review_url, decide_url
):
    withdraw_submission(submission=submission, actor=municipality.leader)
    client = client_for(municipality.manager)
    assert "withdrew this on" in client.get(review_url).content.decode()
    page = client.post(
        decide_url, {"outcome": "rework", "rationale": "Ikke klart.", "action": "confirm"}
    )
    assert (page.status_code, page.context["reason"]) == (
        409,
        "The submission was withdrawn and cannot be decided.",
    )
    # What was written comes back: it is stored nowhere.
    assert '<blockquote class="said"><p>Ikke klart.</p></blockquote>' in page.content.decode()
    assert walk_of(project).phase("anchoring").state is PhaseState.ACTIVE


def test_going_back_to_a_page_after_the_decision_shows_the_decision(
    project, municipality, client_for, submission, review_url, decide_url, decide
):
    decision = decide(
        submission,
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(
            ConditionDraft("Avklar personvern", municipality.member.pk, timezone.localdate()),
        ),
    )
    address = reverse("phases:decision", args=[project.pk, decision.pk])
    client = client_for(municipality.manager)
    for url in (review_url, decide_url):
        page = client.get(url)
        assert (page.status_code, address in page.content.decode()) == (200, True)
    assert 'type="radio"' not in client.get(review_url).content.decode()
