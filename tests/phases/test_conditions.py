"""Conditions: closed with evidence, seen to by somebody else, and in the way when overdue."""

import datetime
import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.models import Condition, ConditionHandover
from phases.services import GateNotReady, close_condition, reassign_condition
from tests.phases.gate_pages import sentences
from veikart.demo.clock import at

PDF = b"%PDF-1.7 plan"


@pytest.fixture
def condition(project, municipality, submit, decide):
    due_on = timezone.localdate() + datetime.timedelta(days=1)
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Avklar personvern", municipality.member.pk, due_on),),
    )
    return decision.conditions.get()


def url_of(condition, page="condition_close"):
    project_id = condition.decision.submission.project_phase.project_id
    return reverse(f"phases:{page}", args=[project_id, condition.pk])


def test_a_condition_is_closed_with_a_note_a_link_and_a_file(condition, municipality, client_for):
    client = client_for(municipality.member)
    response = client.post(
        url_of(condition),
        {
            "note": "Ombudet har sagt ja.",
            "evidence_url": "fjordvik.kommune.no/dpia",
            "evidence_file": SimpleUploadedFile("Vurdering.pdf", PDF),
        },
    )
    assert sentences(response) == ["The condition is closed."]
    condition.refresh_from_db()
    assert (
        condition.closing_note,
        condition.closed_by,
        condition.evidence_url,
        condition.evidence_file_name,
        condition.evidence_file_sha256,
    ) == (
        "Ombudet har sagt ja.",
        municipality.member,
        "https://fjordvik.kommune.no/dpia",
        "Vurdering.pdf",
        hashlib.sha256(PDF).hexdigest(),
    )
    download = client.get(url_of(condition, "condition_evidence"))
    assert (b"".join(download.streaming_content), download["Content-Disposition"]) == (
        PDF,
        'attachment; filename="Vurdering.pdf"',
    )
    page = client.get(reverse("phases:decisions", args=[response.url.split("/")[2]]))
    assert url_of(condition, "condition_evidence") in page.content.decode()


def test_a_file_that_is_not_what_it_says_is_refused(condition, municipality, client_for):
    page = client_for(municipality.member).post(
        url_of(condition),
        {"note": "Ja.", "evidence_file": SimpleUploadedFile("plan.pdf", b"MZ")},
    )
    assert list(page.context["form"].errors) == ["evidence_file"]
    condition.refresh_from_db()
    assert condition.closed_at is None


def test_strangers_get_neither_the_page_nor_the_file(
    condition, municipality, neighbour, client_for
):
    close_condition(
        condition=condition,
        note="Ja.",
        actor=municipality.member,
        file=SimpleUploadedFile("plan.pdf", PDF),
    )
    for page in ("condition_close", "condition_reassign", "condition_evidence"):
        assert client_for(neighbour.leader).get(url_of(condition, page)).status_code == 404


def test_without_a_file_there_is_nothing_to_download(condition, municipality, client_for):
    response = client_for(municipality.member).get(url_of(condition, "condition_evidence"))
    assert response.status_code == 404


def test_a_condition_is_closed_once_and_never_without_a_note(condition, municipality):
    with pytest.raises(ValidationError):
        close_condition(condition=condition, note=" ", actor=municipality.member)
    condition.refresh_from_db()
    close_condition(condition=condition, note="Ja.", actor=municipality.member)
    stale = Condition.objects.select_related("decision__submission__project_phase__project").get()
    stale.closed_at = None
    with pytest.raises(Refusal, match="already closed"):
        close_condition(condition=stale, note="Igjen.", actor=municipality.member)


@pytest.mark.parametrize("who", ["leader", "manager"])
def test_the_leader_and_the_decider_let_somebody_else_see_to_it(
    condition, municipality, client_for, who
):
    actor = getattr(municipality, who)
    response = client_for(actor).post(
        url_of(condition, "condition_reassign"),
        {"owner": municipality.reader.pk, "reason": "Har byttet jobb."},
    )
    assert response.status_code == 302
    condition.refresh_from_db()
    handover = ConditionHandover.objects.get()
    assert (
        condition.owner,
        handover.from_owner,
        handover.to_owner,
        handover.reason,
        handover.handed_over_by,
    ) == (municipality.reader, municipality.member, municipality.reader, "Har byttet jobb.", actor)
    event = AuditEvent.objects.filter(action="condition.reassigned").get()
    assert (event.actor, event.details) == (actor, {"user": municipality.reader.pk})
    assert "Har byttet jobb." in client_for(actor).get(url_of(condition)).content.decode()


def test_others_do_not_say_who_sees_to_it(condition, municipality):
    for who in (municipality.member, municipality.reader):
        with pytest.raises(Refusal, match="The project leader or the decider"):
            reassign_condition(
                condition=condition, owner=municipality.reader, reason="Fordi.", actor=who
            )


def test_a_new_owner_takes_part_is_another_and_has_a_reason(condition, municipality):
    def reassign(owner, reason="Har sluttet."):
        reassign_condition(
            condition=condition, owner=owner, reason=reason, actor=municipality.leader
        )

    with pytest.raises(Refusal, match="must take part"):
        reassign(municipality.employee)
    with pytest.raises(Refusal, match="already sees to"):
        reassign(municipality.member)
    with pytest.raises(Refusal, match="Say why"):
        reassign(municipality.reader, " ")
    assert ConditionHandover.objects.count() == 0


def test_a_condition_that_is_met_stays_with_whoever_met_it(condition, municipality):
    close_condition(condition=condition, note="Ja.", actor=municipality.member)
    with pytest.raises(Refusal, match="already closed"):
        reassign_condition(
            condition=condition,
            owner=municipality.reader,
            reason="For sent.",
            actor=municipality.leader,
        )


def test_the_pages_say_that_whoever_sees_to_it_has_no_access(condition, municipality, client_for):
    municipality.member.is_active = False
    municipality.member.save()
    client = client_for(municipality.leader)
    project_id = condition.decision.submission.project_phase.project_id
    for url in (url_of(condition), reverse("phases:decisions", args=[project_id])):
        content = client.get(url).content.decode()
        assert f"{municipality.member.name} no longer has access here." in content
        assert url_of(condition, "condition_reassign") in content


def test_an_overdue_condition_stops_the_next_go_until_it_is_met(
    project, condition, municipality, submit
):
    later = timezone.now() + datetime.timedelta(days=2)
    with at(later), pytest.raises(GateNotReady) as refused:
        submit(project, municipality.leader, GateOutcome.GO)
    assert [dict(each.params) for each in refused.value.blockers if not each.criterion] == [
        {"text": "Avklar personvern"}
    ]
