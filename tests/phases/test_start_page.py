"""The first page: what waits for whom, one's projects, and what is new."""

import datetime

import pytest
from django.utils import timezone

from accounts.policy import ProjectRole
from benefits.models import Benefit, Indicator
from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.models import ProjectStep
from phases.selectors import walk_of
from phases.services import answer_proposal, propose_appointment
from phases.waiting import NEAR_DAYS, WaitingKind, proposals_to_answer
from projects.services import add_member, set_appointed_role, set_project_status


@pytest.fixture
def waiting(client_for):
    def waiting(user):
        page = client_for(user).get("/")
        assert page.status_code == 200
        return [(each.kind, each.text, each.project) for each in page.context["waiting"]]

    return waiting


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def give_step(project, key, user, due_on, status="in_progress"):
    ProjectStep.objects.filter(project=project, step_key=key).update(
        responsible=user, due_on=due_on, status=status
    )
    return walk_of(project).step(key).entry


def test_a_newcomer_who_may_create_is_invited_to(municipality, client_for):
    page = client_for(municipality.leader).get("/")

    assert "Begin with your first project" in page.content.decode()
    assert "/prosjekter/ny/" in page.content.decode()


def test_a_newcomer_who_may_not_create_is_told_that_nothing_waits(municipality, client_for):
    page = client_for(municipality.employee).get("/")

    assert "Nothing waits for you" in page.content.decode()
    assert "/prosjekter/ny/" not in page.content.decode()


def test_a_decision_waits_for_the_line_manager_and_for_nobody_else(
    project, municipality, submit, waiting
):
    submit(project, municipality.leader)

    title = walk_of(project).phase("anchoring").entry.title
    assert waiting(municipality.manager) == [
        (WaitingKind.DECISION, f"Decide on {title}", project.name)
    ]
    for who in ("leader", "member", "reader", "director", "admin", "employee"):
        assert waiting(getattr(municipality, who)) == []


def test_a_proposal_waits_for_those_who_may_answer_it(
    project, foreign_project, municipality, neighbour, waiting
):
    propose_appointment(
        project=project,
        role=ProjectRole.OWNER,
        user=municipality.employee,
        actor=municipality.leader,
    )

    line = (
        WaitingKind.PROPOSAL,
        "Answer the proposal: Anne Ansatt · Project owner",
        project.name,
    )
    assert waiting(municipality.manager) == [line]
    assert waiting(municipality.admin) == [line]
    for who in ("leader", "member", "director", "employee"):
        assert waiting(getattr(municipality, who)) == []
    assert waiting(neighbour.manager) == waiting(neighbour.admin) == []


def test_the_manager_above_answers_when_the_unit_s_manager_leads_the_project(project, municipality):
    set_appointed_role(
        project=project,
        user=municipality.director,
        role=ProjectRole.LINE_MANAGER,
        actor=municipality.admin,
    )
    add_member(
        project=project,
        user=municipality.manager,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    proposal = propose_appointment(
        project=project,
        role=ProjectRole.OWNER,
        user=municipality.employee,
        actor=municipality.leader,
    )

    assert proposals_to_answer(municipality.manager) == []
    assert proposals_to_answer(municipality.director) == [proposal]
    # The list and the service agree on who may answer.
    answer_proposal(proposal=proposal, is_confirmed=True, actor=municipality.director)
    assert proposals_to_answer(municipality.director) == []


def test_own_steps_wait_when_they_are_overdue_or_near(
    project, other_project, municipality, waiting
):
    late = give_step(other_project, "plan-pilot", municipality.member, in_days(-2))
    near = give_step(project, "plan-pilot", municipality.member, in_days(NEAR_DAYS))
    give_step(project, "carry-out-pilot", municipality.member, in_days(NEAR_DAYS + 1))
    give_step(project, "evaluate-pilot", municipality.member, in_days(-9), status="done")
    give_step(project, "decide", municipality.leader, in_days(40))

    assert waiting(municipality.member) == [
        (WaitingKind.STEP, f"Step {late.label} {late.title}", other_project.name),
        (WaitingKind.STEP, f"Step {near.label} {near.title}", project.name),
    ]
    assert waiting(municipality.leader) == []


def test_steps_of_a_project_that_rests_do_not_wait(project, municipality, waiting):
    give_step(project, "plan-pilot", municipality.member, in_days(-2))

    set_project_status(project=project, status="paused", actor=municipality.manager)

    assert waiting(municipality.member) == []


def test_conditions_wait_for_their_owner(project, municipality, submit, decide, waiting):
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(
            ConditionDraft("Spør ombudet", municipality.member.pk, in_days(3)),
            ConditionDraft("Mål igjen", municipality.leader.pk, in_days(60)),
        ),
    )

    assert waiting(municipality.member) == [
        (WaitingKind.CONDITION, "Meet the condition: Spør ombudet", project.name)
    ]
    assert waiting(municipality.leader) == []


def test_what_tools_ask_of_a_person_waits_too(project, municipality, waiting):
    written = {
        "project": project,
        "created_by": municipality.leader,
        "updated_by": municipality.leader,
    }
    benefit = Benefit.objects.create(
        title="Tryggere netter", code="G1", category="quality", owner=municipality.member, **written
    )
    Indicator.objects.create(
        benefit=benefit,
        name="Nattbesøk",
        unit="besøk",
        target_value=3,
        target_on=in_days(-1),
        responsible=municipality.member,
        **written,
    )

    (line,) = waiting(municipality.member)

    assert (line[0], line[2]) == (WaitingKind.TASK, project.name)
    assert waiting(municipality.leader) == []


def test_my_projects_are_those_with_a_role_of_my_own(project, municipality, client_for):
    def mine(user):
        return [line.project.name for line in client_for(user).get("/").context["lines"]]

    assert mine(municipality.reader) == [project.name]
    # The administrator may read every project, but takes part in none.
    assert mine(municipality.admin) == []


def test_what_others_did_is_new(project, municipality, client_for, submit):
    submit(project, municipality.leader)
    title = walk_of(project).phase("anchoring").entry.title

    def new(user):
        return [change.line.text for change in client_for(user).get("/").context["changes"]]

    assert new(municipality.manager)[0] == f"Petter Prosjektleder submitted {title} for decision."
    assert new(municipality.leader) == []
