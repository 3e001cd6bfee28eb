"""The page of a gate: what is missing, who decides, what can be done."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.policy import ProjectRole
from phases.enums import AnswerStatus
from phases.models import CriterionAnswer, ProjectPhase
from phases.selectors import walk_of
from phases.services import answer_criterion
from projects.models import Membership
from tests.phases.gate_pages import gate_url, links


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
    assert ("must", gate_url(project, "anchoring", "criterion", "problem-stated")) in [
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
    assert "You cannot submit for decision. That is for: project leader." in content


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


GATE_QUERIES = 31


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
