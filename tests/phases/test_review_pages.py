"""The decider's side of a gate: reading what was frozen, and choosing."""

import pytest
from django.urls import reverse

from benefits.models import Benefit
from methodology.enums import GateOutcome
from phases.models import CriterionAnswer, GateDecision
from phases.reading import reading_minutes
from phases.selectors import walk_of
from phases.services import update_step
from projects.models import Project
from tests.phases.reviewed import (
    conditions,
    decide_url,
    main_part,
    refused_go,
    review_url,
    submission,
)
from tools.services import save_row

__all__ = ["decide_url", "review_url", "submission"]


@pytest.mark.parametrize("who", ["leader", "member", "reader", "manager", "director", "admin"])
def test_everybody_in_the_project_reads_what_was_submitted(
    project, municipality, client_for, review_url, who
):
    page = client_for(getattr(municipality, who)).get(review_url)
    content = page.content.decode()
    assert page.status_code == 200
    for text in ("Tolv av tjue sover dårlig.", "Færre nattbesøk", "Vi anbefaler å gå videre."):
        assert text in content


def test_strangers_do_not_find_what_was_submitted(
    municipality, neighbour, client_for, review_url, decide_url
):
    for stranger in (municipality.employee, neighbour.leader, neighbour.admin):
        client = client_for(stranger)
        assert [client.get(review_url).status_code, client.get(decide_url).status_code] == [404] * 2


def test_the_first_screen_has_the_recommendation_money_and_hours(
    municipality, client_for, review_url
):
    page = client_for(municipality.manager).get(review_url)
    reading = page.context["reading"]
    assert (
        reading.recommended,
        reading.submitted_by.name,
        reading.minutes,
        [(fact.key, fact.value) for fact in reading.facts],
    ) == (
        GateOutcome.GO_WITH_CONDITIONS,
        "Petter Prosjektleder",
        2,
        [("amount_per_year", 850_000), ("hours_per_year", 1_200)],
    )
    content = page.content.decode()
    assert f"{len(reading.blockers)} musts missing" in content
    assert "Submitted today" in content
    assert "850,000\u00a0kr" in content


def test_reading_time_counts_texts_and_not_keys():
    words = " ".join(["ord"] * 201)
    content = {
        "titles": {"steps": {"a": f"{words} {words}"}},
        "criteria": [{"key": "et-ord", "comment": words}],
        "sha256": "f" * 64,
    }
    assert (reading_minutes(content), reading_minutes({"project": {"goal": "to ord"}})) == (2, 1)


def test_the_review_page_stays_as_it_was_when_the_project_changes(
    project, municipality, client_for, review_url
):
    client = client_for(municipality.manager)
    before = main_part(client.get(review_url))

    benefit = Benefit.objects.get(project=project)
    benefit.title, benefit.amount_per_year = "Noe helt annet", 99
    save_row(row=benefit, actor=municipality.leader)
    CriterionAnswer.objects.update(comment="Skrevet om etterpå.")
    step = walk_of(project).phase("anchoring").steps[0].row
    step.notes = "Nytt notat etterpå."
    update_step(step=step, actor=municipality.leader, changed=["notes"])
    Project.objects.filter(pk=project.pk).update(problem="Et annet problem.", name="Nytt navn")

    after = main_part(client.get(review_url))
    assert after == before
    assert "Noe helt annet" not in after


def test_those_who_may_not_decide_read_whose_task_it_is(
    municipality, client_for, review_url, decide_url
):
    reasons = {
        "leader": "You submitted this yourself, so somebody else decides.",
        "reader": "Mona Mellomleder decides this gate.",
        "admin": "Mona Mellomleder decides this gate.",
        "director": "Mona Mellomleder decides this gate.",
    }
    for who, reason in reasons.items():
        client = client_for(getattr(municipality, who))
        content = client.get(review_url).content.decode()
        assert (reason in content, decide_url in content) == (True, False)
        assert client.get(decide_url).url == review_url
        refused = client.post(decide_url, {"outcome": "stop", "action": "confirm"})
        assert (refused.status_code, reason in refused.content.decode()) == (403, True)
    assert GateDecision.objects.count() == 0


def test_a_superuser_is_refused_like_everybody_else(municipality, client_for, decide_url):
    municipality.admin.is_superuser = True
    municipality.admin.save()
    response = client_for(municipality.admin).post(
        decide_url, {"outcome": "stop", "rationale": "x", "learnt": "y", "action": "confirm"}
    )
    assert (response.status_code, GateDecision.objects.count()) == (403, 0)


def test_the_decider_sees_each_outcome_with_what_it_leads_to(municipality, client_for, review_url):
    page = client_for(municipality.manager).get(review_url)
    assert [
        (option.value, option.explanation, bool(option.why_not))
        for option in page.context["options"]
    ] == [
        ("go", "This completes fase 1, Forankring. Next: fase 2, Innsikt.", True),
        (
            "go_with_conditions",
            "This completes fase 1, Forankring. Next: fase 2, Innsikt. Each condition becomes a "
            "task with a person and a date.",
            False,
        ),
        (
            "rework",
            "The work goes on here. What is missing is mended, and it is submitted again.",
            False,
        ),
        ("pause", "The work rests until a date when it is looked at again.", False),
        (
            "stop",
            "The project ends here, for good reasons. What you have learnt is kept for others, and "
            "what is left to do is still done.",
            False,
        ),
    ]


def test_the_chosen_outcome_is_carried_to_the_form(municipality, client_for, decide_url):
    page = client_for(municipality.manager).get(decide_url, {"outcome": "stop"})
    assert [option.value for option in page.context["options"] if option.is_chosen] == ["stop"]
    assert len(page.context["rows"]) == 3


def test_more_rows_keep_what_was_written_and_complain_about_nothing(
    municipality, client_for, decide_url
):
    page = client_for(municipality.manager).post(
        decide_url, conditions(rationale="", action="more")
    )
    content = page.content.decode()
    assert (len(page.context["rows"]), page.context["problems"]) == (5, [])
    assert "Avklar personvern" in content
    assert 'name="condition_rows" value="5"' in content


def test_the_number_of_rows_has_a_limit(municipality, client_for, decide_url):
    page = client_for(municipality.manager).post(
        decide_url, conditions(condition_rows="9999999", action="more")
    )
    assert len(page.context["rows"]) == 5
    page = client_for(municipality.manager).post(
        decide_url, conditions(condition_rows="20", action="more")
    )
    assert (len(page.context["rows"]), page.context["may_add_rows"]) == (20, False)


def test_go_with_conditions_is_named_where_it_can_be_chosen_instead(
    municipality, client_for, review_url
):
    assert refused_go(client_for(municipality.manager).get(review_url)) == [
        "Cannot be chosen: something that must be in place is missing. Go with conditions can."
    ]


def test_go_with_conditions_is_not_named_at_a_gate_without_it(
    project, municipality, client_for, submit, walk_to
):
    walk_to(project, "piloting", municipality.leader)
    submission = submit(project, municipality.leader, GateOutcome.MORE_TESTING)
    client = client_for(municipality.manager)
    page = client.get(reverse("phases:review", args=[project.pk, submission.pk]))
    assert refused_go(page) == ["Cannot be chosen: something that must be in place is missing."]
    sent = client.post(
        reverse("phases:decide", args=[project.pk, submission.pk]),
        {"outcome": "go", "rationale": "Grunnlaget er godt."},
    )
    assert [each["text"] for each in sent.context["problems"]] == [
        "Something that must be in place is missing. Choose another decision."
    ]


def test_what_is_missing_in_a_condition_is_said_at_its_field(municipality, client_for, decide_url):
    page = client_for(municipality.manager).post(decide_url, conditions())
    assert page.context["problems"] == [
        {"anchor": "id_condition-0-owner", "label": "Who sees to it", "text": "Choose one."}
    ]
    content = page.content.decode()
    assert "Avklar personvern" in content
    assert "Grunnlaget er godt." in content
    assert GateDecision.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "field", "reason"),
    [
        (
            {"outcome": "go"},
            "outcome",
            "Something that must be in place is missing. Choose go with conditions, or another "
            "decision.",
        ),
        (
            {"outcome": "pause"},
            "review_on",
            "Say when the pause is to be looked at again.",
        ),
        (
            {"outcome": "pause", "review_on": "2020-01-01"},
            "review_on",
            "The date must be in the future.",
        ),
        (
            {"outcome": "stop"},
            "learnt",
            "Say what you have learnt: others will need it.",
        ),
        ({"outcome": "rework", "rationale": ""}, "rationale", "Fill in this field."),
        (
            {"outcome": "go_with_conditions"},
            "__all__",
            "Write at least one condition, with who sees to it and a date.",
        ),
        (
            {"outcome": "back", "target_phase": "anchoring"},
            "outcome",
            "Select a valid choice. back is not one of the available choices.",
        ),
        ({"outcome": ""}, "outcome", "Choose one."),
    ],
)
@pytest.mark.parametrize("action", ["look", "confirm"])
def test_a_decision_that_cannot_be_taken_is_refused_at_its_field(
    municipality, client_for, decide_url, sent, field, reason, action
):
    page = client_for(municipality.manager).post(
        decide_url, {"rationale": "Fordi.", **sent, "action": action}
    )
    assert (page.status_code, page.context["form"].errors[field]) == (200, [reason])
    assert GateDecision.objects.count() == 0


def test_conditions_go_only_to_people_in_the_project(municipality, client_for, decide_url):
    page = client_for(municipality.manager).post(
        decide_url, conditions(**{"condition-0-owner": municipality.employee.pk})
    )
    assert page.context["problems"][0]["anchor"] == "id_condition-0-owner"
