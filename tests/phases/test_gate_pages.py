"""The leader's side of a gate: answering, submitting, closing."""

import datetime
import re

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.policy import ProjectRole
from methodology.enums import GateOutcome
from phases.enums import AnswerStatus, PhaseState
from phases.gates import ConditionDraft
from phases.models import CriterionAnswer, GateSubmission, ProjectPhase
from phases.selectors import walk_of
from phases.services import answer_criterion
from projects.models import Membership, Project

PDF = b"%PDF-1.7 evaluering"


def gate_url(project, phase="anchoring", page="gate", *more):
    return reverse(f"phases:{page}", args=[project.pk, phase, *more])


def opened(page):
    """What the browser would send back untouched."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields if name != "evidence_file"}
    return {name: "" if value is None else value for name, value in fields.items()}


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def links(page):
    """The findings of the gate page as (severity, text, address)."""
    return [
        (line.severity, line.text, line.url)
        for line in (*page.context["musts"], *page.context["shoulds"])
    ]


def answer_of(project, key="problem-stated"):
    return CriterionAnswer.objects.get(project_phase__project=project, criterion_key=key)


# --- the gate page -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["leader", "member", "reader", "manager", "director", "admin"])
def test_everybody_in_the_project_reads_the_gate(project, municipality, client_for, who):
    page = client_for(getattr(municipality, who)).get(gate_url(project))
    assert page.status_code == 200
    assert walk_of(project).phase("anchoring").gate.title in page.content.decode()


@pytest.mark.parametrize("page", ["gate", "submit", "gate_mode", "close_phase"])
def test_strangers_do_not_find_the_gate(project, neighbour, municipality, client_for, page):
    for stranger in (neighbour.leader, neighbour.admin, municipality.employee):
        assert client_for(stranger).get(gate_url(project, page=page)).status_code == 404


def test_keys_that_the_method_does_not_have_are_not_found(project, municipality, client_for):
    client = client_for(municipality.leader)
    assert client.get(gate_url(project, "no-such-phase")).status_code == 404
    address = gate_url(project, "anchoring", "criterion", "no-such-criterion")
    assert client.get(address).status_code == 404


def test_what_is_missing_links_to_what_mends_it(project, municipality, client_for):
    page = client_for(municipality.leader).get(gate_url(project))
    found = links(page)
    assert ("must", f"{gate_url(project)}#criterion-problem-stated") in [
        (severity, url) for severity, _text, url in found
    ]
    team = reverse("tools:row_create", args=[project.pk, "team", "roller"])
    assert any(url.startswith(team) for _severity, _text, url in found)
    content = page.content.decode()
    assert all(url.replace("&", "&amp;") in content for _severity, _text, url in found)


def test_readiness_is_said_in_words(project, municipality, client_for):
    page = client_for(municipality.leader).get(gate_url(project))
    count = len(page.context["musts"])
    assert f"{count} things must be in place before go" in page.content.decode()


def test_the_leader_sees_who_decides_and_why_the_gate_cannot_be_changed(
    project, municipality, client_for
):
    content = client_for(municipality.leader).get(gate_url(project)).content.decode()
    assert "Mona Mellomleder decides" in content
    assert reverse("phases:gate_mode", args=[project.pk, "anchoring"]) not in content
    assert "how binding a gate is" in content


def test_the_owner_finds_the_way_to_change_how_binding_the_gate_is(
    project, municipality, client_for
):
    content = client_for(municipality.director).get(gate_url(project)).content.decode()
    assert reverse("phases:gate_mode", args=[project.pk, "anchoring"]) in content


def test_a_member_reads_who_submits_where_the_leader_has_a_button(
    project, municipality, client_for
):
    content = client_for(municipality.member).get(gate_url(project)).content.decode()
    assert gate_url(project, page="submit") not in content
    assert "submit a phase for decision" in content


def test_without_a_line_manager_the_leader_is_sent_to_the_team_page(
    project, municipality, client_for
):
    Membership.objects.filter(project=project, role=ProjectRole.LINE_MANAGER).delete()
    page = client_for(municipality.leader).get(gate_url(project))
    assert page.context["may_submit"].url == reverse("projects:team", args=[project.pk])
    assert gate_url(project, page="submit") not in page.content.decode()


def test_what_a_tool_settles_shows_the_answer_from_before_as_a_comment(
    project, municipality, client_for
):
    answer_criterion(
        answer=CriterionAnswer(
            project_phase=ProjectPhase.objects.get(project=project, phase_key="anchoring"),
            criterion_key="team-in-place",
            status=AnswerStatus.MET,
            comment="Teamet møtes hver tirsdag.",
        ),
        actor=municipality.leader,
    )
    page = client_for(municipality.leader).get(gate_url(project))
    shown = next(
        each for each in page.context["criteria"] if each.state.entry.key == "team-in-place"
    )
    assert (shown.is_met, shown.state.input.settled_by_tools) == (False, True)
    assert "Teamet møtes hver tirsdag." in page.content.decode()


GATE_QUERIES = 23


def test_the_gate_page_costs_the_same_with_one_and_with_many_answers(
    project, municipality, client_for, answer_all
):
    client = client_for(municipality.reader)
    client.get(gate_url(project))
    with CaptureQueriesContext(connection) as before:
        client.get(gate_url(project))
    answer_all(project, "anchoring", municipality.leader)
    with CaptureQueriesContext(connection) as after:
        client.get(gate_url(project))
    assert (len(before), len(after)) == (GATE_QUERIES, GATE_QUERIES)


# --- answering -----------------------------------------------------------------------------------


def test_a_member_answers_with_comment_link_and_file(project, municipality, client_for):
    client = client_for(municipality.member)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")

    response = client.post(
        url,
        {
            **opened(client.get(url)),
            "status": "met",
            "comment": "Beskrevet med tall.",
            "evidence_url": "fjordvik.kommune.no/problem",
            "evidence_file": SimpleUploadedFile("Problemet.pdf", PDF),
        },
    )

    answer = answer_of(project)
    assert (response.status_code, response.url) == (
        302,
        f"{gate_url(project)}#criterion-problem-stated",
    )
    assert (
        answer.status,
        answer.comment,
        answer.evidence_url,
        answer.evidence_file_name,
        answer.answered_by,
    ) == (
        "met",
        "Beskrevet med tall.",
        "https://fjordvik.kommune.no/problem",
        "Problemet.pdf",
        municipality.member,
    )


def test_a_file_is_only_ever_a_download_and_only_for_those_with_access(
    project, municipality, neighbour, client_for
):
    answer = _answer_with_file(project, municipality.leader)
    url = reverse("phases:evidence", args=[project.pk, answer.pk])

    response = client_for(municipality.reader).get(url)

    assert (
        response["Content-Disposition"],
        response["Content-Type"],
        b"".join(response.streaming_content),
    ) == ('attachment; filename="vedtak.pdf"', "application/octet-stream", PDF)
    assert client_for(neighbour.leader).get(url).status_code == 404
    assert client_for(municipality.employee).get(url).status_code == 404


def test_a_file_of_another_project_is_not_found_through_this_one(
    project, other_project, municipality, client_for
):
    answer = _answer_with_file(other_project, municipality.leader)
    url = reverse("phases:evidence", args=[project.pk, answer.pk])
    assert client_for(municipality.leader).get(url).status_code == 404


def test_a_file_can_be_removed_and_is_gone(
    project, municipality, client_for, django_capture_on_commit_callbacks
):
    answer = _answer_with_file(project, municipality.leader)
    stored = answer.evidence_file.name
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    page = client.get(url)
    assert "vedtak.pdf" in page.content.decode()
    assert stored not in page.content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {**opened(page), "evidence_file-clear": "on"})

    answer.refresh_from_db()
    assert (answer.evidence_file.name, answer.evidence_file_name) == ("", "")
    assert default_storage.exists(stored) is False


def test_a_file_that_was_submitted_is_kept_when_the_answer_gets_another(
    project, municipality, client_for, submit, decide, django_capture_on_commit_callbacks
):
    answer = _answer_with_file(project, municipality.leader)
    submission = submit(project, municipality.leader)
    decide(submission, municipality.manager, GateOutcome.REWORK)
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            url,
            {
                **opened(client.get(url)),
                "evidence_file": SimpleUploadedFile("nytt.pdf", b"%PDF-1.7 nytt"),
            },
        )
    address = reverse("phases:evidence", args=[project.pk, answer.pk])
    now = client.get(address)
    then = client.get(f"{address}?submission={submission.pk}")
    assert b"".join(now.streaming_content) == b"%PDF-1.7 nytt"
    assert (then["Content-Disposition"], b"".join(then.streaming_content)) == (
        'attachment; filename="vedtak.pdf"',
        PDF,
    )
    for wrong in ("0", "x", "99999999999999999999"):
        assert client.get(f"{address}?submission={wrong}").status_code == 404


def _answer_with_file(project, actor):
    criterion = walk_of(project).phase("anchoring").gate.criteria[0]
    return answer_criterion(
        answer=CriterionAnswer(
            project_phase=ProjectPhase.objects.get(project=project, phase_key="anchoring"),
            criterion_key=criterion.key,
            status=AnswerStatus.MET,
        ),
        actor=actor,
        file=SimpleUploadedFile("vedtak.pdf", PDF),
    )


def test_what_was_typed_is_kept_when_the_answer_is_refused(project, municipality, client_for):
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    page = client.post(
        url, {**opened(client.get(url)), "status": "not_relevant", "evidence_url": "ikke en lenke"}
    )
    content = page.content.decode()
    assert page.status_code == 200
    assert "Enter a valid URL" in content
    assert 'value="ikke en lenke"' in content
    assert CriterionAnswer.objects.count() == 0


def test_not_relevant_needs_a_reason(project, municipality, client_for):
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    page = client.post(url, {**opened(client.get(url)), "status": "not_relevant"})
    assert "Say why the criterion is not relevant here." in page.content.decode()
    assert CriterionAnswer.objects.count() == 0


def test_two_people_in_different_fields_of_an_answer_are_merged(project, municipality, client_for):
    _answer_with_file(project, municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    mine, yours = client_for(municipality.leader), client_for(municipality.member)
    my_page, your_page = opened(mine.get(url)), opened(yours.get(url))
    yours.post(url, {**your_page, "comment": "Fra Mats."})
    mine.post(url, {**my_page, "evidence_url": "https://fjordvik.no/"})
    answer = answer_of(project)
    assert (answer.comment, answer.evidence_url) == ("Fra Mats.", "https://fjordvik.no/")


def test_two_first_answers_in_the_same_field_show_both_texts(project, municipality, client_for):
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    mine, yours = client_for(municipality.leader), client_for(municipality.member)
    my_page, your_page = opened(mine.get(url)), opened(yours.get(url))
    yours.post(url, {**your_page, "status": "met", "comment": "Fra Mats."})
    page = mine.post(url, {**my_page, "status": "met", "comment": "Fra Petter."})
    assert page.context["form"].errors["comment"] == [
        "Somebody else has changed this to “Fra Mats.” while you wrote “Fra Petter.”. Put "
        "together what should stand, and save again."
    ]
    assert answer_of(project).comment == "Fra Mats."


@pytest.mark.parametrize("who", ["reader", "manager", "director"])
def test_readers_see_the_answer_and_whose_task_it_is(project, municipality, client_for, who):
    _answer_with_file(project, municipality.leader)
    client = client_for(getattr(municipality, who))
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    page = client.get(url)
    content = page.content.decode()
    assert (page.status_code, "vedtak.pdf" in content, "<form method" in content) == (
        200,
        True,
        'action="/sprak/"' in content,
    )
    assert "write in the project" in content
    assert client.post(url, {"status": "not_met"}).status_code == 403
    assert answer_of(project).status == "met"


def test_answers_stay_while_the_phase_is_submitted(project, municipality, client_for, submit):
    submit(project, municipality.leader)
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    assert "until there is a decision" in client.get(url).content.decode()
    page = client.post(url, {"status": "met", "comment": "Likevel."})
    assert "Withdraw the submission to change answers." in page.content.decode()
    assert CriterionAnswer.objects.count() == 0


def test_an_answer_that_is_read_has_its_criterion_in_one_heading(
    project, municipality, client_for, submit
):
    _answer_with_file(project, municipality.leader)
    submit(project, municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    content = client_for(municipality.leader).get(url).content.decode()
    main = content[content.index('<main id="content"') :]
    assert re.findall(r"<(h[1-6])[ >]", main) == ["h1", "h2", "h2", "h2"]


def test_an_answer_from_an_earlier_round_waits_to_be_confirmed(
    project, municipality, client_for, walk_to, answer_all, submit, decide
):
    leader = municipality.leader
    walk_to(project, "insight", leader)
    answer_all(project, "insight", leader)
    decide(
        submit(project, leader),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="anchoring",
    )
    client = client_for(leader)
    page = client.get(gate_url(project, "insight"))
    assert "Confirm or change the answer" in page.content.decode()
    criterion = walk_of(project).phase("insight").gate.criteria[0]
    url = gate_url(project, "insight", "criterion", criterion.key)
    client.post(url, opened(client.get(url)))
    answer = CriterionAnswer.objects.get(
        project_phase=walk_of(project).phase("insight").row, criterion_key=criterion.key
    )
    assert (answer.status, answer.is_carried_over) == ("met", False)


def test_the_answers_of_a_round_that_is_over_stay(project, municipality, client_for, walk_to):
    walk_to(project, "insight", municipality.leader)
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    assert "This round is over" in client.get(url).content.decode()
    page = client.post(url, {"status": "met", "comment": "I ettertid."})
    assert "This round is over" in page.content.decode()
    assert CriterionAnswer.objects.count() == 0


# --- submitting ----------------------------------------------------------------------------------

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
        ["The phase is submitted. Mona Mellomleder decides."],
    )
    assert (submission.recommended_outcome, submission.recommendation) == (
        "go_with_conditions",
        "Gå videre, og avklar fastlegene i januar.",
    )
    content = client.get(gate_url(project)).content.decode()
    assert "Waits for Mona Mellomleder" in content
    assert "Petter Prosjektleder submitted the phase today." in content
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
    assert f"{gate_url(project)}#criterion-problem-stated" in content
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
    assert "has already submitted this phase" in client.get(url).content.decode()
    page = client.post(url, SENT)
    assert page.context["form"].non_field_errors() == [
        "Petter Prosjektleder has already submitted this phase, and it waits for a decision."
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
        ["The submission is withdrawn. Work on the phase goes on."],
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


# --- closing and resuming ------------------------------------------------------------------------


def test_the_leader_closes_an_advisory_phase_with_a_sentence(project, municipality, client_for):
    client = client_for(municipality.leader)
    url = gate_url(project, page="close_phase")
    assert "closed without decision" in client.get(url).content.decode()
    empty = client.post(url, {"sentence": " "})
    assert empty.context["form"].errors == {"sentence": ["Fill in this field."]}
    response = client.post(url, {"sentence": "Alle er enige om problemet."})
    assert (response.url, sentences(response)) == (
        reverse("phases:project", args=[project.pk]),
        ["Phase 1 is closed without a decision. Phase 2, Insight, has started."],
    )
    row = ProjectPhase.objects.get(project=project, phase_key="anchoring")
    assert (row.closing_sentence, row.closed_by) == (
        "Alle er enige om problemet.",
        municipality.leader,
    )
    content = client.get(gate_url(project)).content.decode()
    assert "Closed without decision by Petter Prosjektleder:" in content


def test_a_mandatory_gate_is_not_closed_with_a_sentence(project, municipality, client_for, walk_to):
    walk_to(project, "piloting", municipality.leader)
    client = client_for(municipality.leader)
    url = gate_url(project, "piloting", "close_phase")
    reason = "This gate is mandatory: submit the phase for decision."
    assert reason in client.get(url).content.decode()
    page = client.post(url, {"sentence": "Vi er ferdige."})
    assert page.context["form"].non_field_errors() == [reason]
    assert walk_of(project).current.entry.key == "piloting"


def test_a_pause_is_ended_by_those_who_decide_and_not_by_the_leader(
    project, municipality, client_for, submit, decide
):
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.PAUSE,
        review_on=datetime.date(2099, 1, 1),
    )
    url = reverse("phases:resume", args=[project.pk])
    for who in ("leader", "member", "reader"):
        assert client_for(getattr(municipality, who)).post(url).status_code == 403
    leader_reads = client_for(municipality.leader).get(gate_url(project)).content.decode()
    assert "The project owner, the line manager or the organisation" in leader_reads
    assert url not in leader_reads
    manager = client_for(municipality.manager)
    assert url in manager.get(gate_url(project)).content.decode()
    assert manager.get(url).status_code == 405
    assert sentences(manager.post(url)) == ["The project goes on."]
    assert Project.objects.get(pk=project.pk).status == "active"
    assert sentences(client_for(municipality.director).post(url)) == ["The project is not paused."]


def test_rounds_are_told_with_what_was_decided(project, municipality, client_for, submit, decide):
    first = submit(project, municipality.leader)
    decision = decide(first, municipality.manager, GateOutcome.REWORK)
    second = submit(project, municipality.leader)
    content = client_for(municipality.reader).get(gate_url(project)).content.decode()
    assert reverse("phases:review", args=[project.pk, first.pk]) in content
    assert reverse("phases:review", args=[project.pk, second.pk]) in content
    assert reverse("phases:decision", args=[project.pk, decision.pk]) in content
    assert "waits for decision" in content


def test_an_overdue_condition_blocks_and_links_to_the_decisions(
    project, municipality, client_for, submit, decide
):
    due_on = timezone.localdate()
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Avklar personvern", municipality.member.pk, due_on),),
    )
    condition = decision.conditions.get()
    type(condition).objects.update(due_on=due_on - datetime.timedelta(days=2))
    page = client_for(municipality.leader).get(gate_url(project, "insight"))
    assert links(page)[0] == (
        "must",
        "A condition from an earlier decision is past its date: Avklar personvern",
        reverse("phases:decisions", args=[project.pk]) + f"#condition-{condition.pk}",
    )
