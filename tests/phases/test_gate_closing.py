"""Closing a phase without a decision, ending a pause, and what is told of the rounds."""

import datetime

from django.urls import reverse
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.models import ProjectPhase
from phases.selectors import walk_of
from projects.models import Project
from tests.backdating import back_date
from tests.phases.gate_pages import gate_url, links, sentences


def test_the_leader_closes_an_advisory_phase_with_a_sentence(project, municipality, client_for):
    client = client_for(municipality.leader)
    url = gate_url(project, page="close_phase")
    assert "closed without decision" in client.get(url).content.decode()
    empty = client.post(url, {"sentence": " "})
    assert empty.context["form"].errors == {"sentence": ["Fill in this field."]}
    response = client.post(url, {"sentence": "Alle er enige om problemet."})
    assert (response.url, sentences(response)) == (
        reverse("phases:project", args=[project.pk]),
        ["Phase 1, Anchoring: closed without a decision. Next: phase 2, Insight."],
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
    reason = "This gate is mandatory: submit for decision."
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


def test_an_overdue_condition_blocks_and_links_to_where_it_is_met(
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
    back_date(condition, due_on - datetime.timedelta(days=2))
    page = client_for(municipality.leader).get(gate_url(project, "insight"))
    assert links(page)[0] == (
        "must",
        "A condition from an earlier decision is past its date: Avklar personvern",
        reverse("phases:condition_close", args=[project.pk, condition.pk]),
    )
