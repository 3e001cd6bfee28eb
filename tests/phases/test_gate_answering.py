"""Answering the criteria of a gate, with evidence."""

import datetime
import re

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.enums import AnswerStatus
from phases.gates import ConditionDraft
from phases.models import CriterionAnswer, ProjectPhase
from phases.selectors import open_conditions, walk_of
from phases.services import answer_criterion
from tests.phases.gate_pages import answer_of, gate_url, opened

PDF = b"%PDF-1.7 evaluering"


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


def test_still_open_needs_a_comment_and_is_told_in_words(project, municipality, client_for):
    client = client_for(municipality.leader)
    url = gate_url(project, "anchoring", "criterion", "problem-stated")
    page = client.post(url, {**opened(client.get(url)), "status": "not_met"})
    assert "Say what is missing, or what is being done about it." in page.content.decode()
    assert CriterionAnswer.objects.count() == 0
    sent = {**opened(client.get(url)), "status": "not_met", "comment": "Tallene kommer i mars."}
    assert client.post(url, sent).status_code == 302
    page = client.get(gate_url(project))
    assert [line.url for line in page.context["musts"] if line.text.startswith("Still open: ")] == [
        url
    ]
    assert "Tallene kommer i mars." in page.content.decode()


def test_the_database_refuses_still_open_without_a_comment(project):
    answer = CriterionAnswer(
        project_phase=ProjectPhase.objects.get(project=project, phase_key="anchoring"),
        criterion_key="problem-stated",
        status=AnswerStatus.NOT_MET,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        answer.save()


def test_going_back_shares_the_evidence_and_asks_for_every_answer_again(
    project, municipality, client_for, submit, decide
):
    answer = _answer_with_file(project, municipality.leader)
    due_on = timezone.localdate() + datetime.timedelta(days=9)
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Avklar personvern", municipality.member.pk, due_on),),
    )
    decide(
        submit(project, municipality.leader, GateOutcome.BACK),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="anchoring",
    )
    again = CriterionAnswer.objects.get(
        project_phase__iteration=2, project_phase__phase_key="anchoring"
    )
    assert (
        again.status,
        again.is_carried_over,
        again.evidence_file.name,
        again.evidence_file_name,
        again.evidence_file_sha256,
    ) == (
        answer.status,
        True,
        answer.evidence_file.name,
        answer.evidence_file_name,
        answer.evidence_file_sha256,
    )
    client = client_for(municipality.reader)
    for each in (answer, again):
        url = reverse("phases:evidence", args=[project.pk, each.pk])
        assert b"".join(client.get(url).streaming_content) == PDF
    assert [each.text for each in open_conditions(project)] == ["Avklar personvern"]
    texts = [line.text for line in client.get(gate_url(project)).context["musts"]]
    assert [text for text in texts if text.startswith("Confirm the answer from the earlier")]


def test_what_is_in_place_is_listed_with_where_it_is_answered(project, municipality, client_for):
    answer = _answer_with_file(project, municipality.leader)
    page = client_for(municipality.reader).get(gate_url(project))
    url = gate_url(project, "anchoring", "criterion", answer.criterion_key)
    assert url in [line.url for line in page.context["fine"]]
    assert "in place" in page.content.decode()


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
