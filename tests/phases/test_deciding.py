import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.policy import ProjectRole
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.chain import verify_chain
from phases.enums import PhaseState, StepStatus
from phases.gates import ConditionDraft, DecisionDraft
from phases.models import Condition, CriterionAnswer, Decider, GateDecision
from phases.record import content_of
from phases.selectors import open_conditions, walk_of
from phases.services import (
    AlreadyDecided,
    close_condition,
    decide_gate,
    resume_project,
    update_step,
    withdraw_submission,
)
from phases.services.deciding import DraftRefused
from projects.enums import ProjectStatus
from projects.models import Membership
from projects.services import add_member, end_membership
from tests.backdating import back_date

TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


def condition(owner, text="Avklar personvern", due_on=TOMORROW):
    return ConditionDraft(text, owner.pk, due_on)


def states(project):
    return [phase.state.value for phase in walk_of(project).phases]


def test_go_with_conditions_starts_the_next_phase_and_keeps_the_conditions(
    project, municipality, submit, decide
):
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(condition(municipality.leader),),
    )
    assert states(project) == ["completed", "active"] + ["waiting"] * 4
    assert [(each.text, each.owner) for each in open_conditions(project)] == [
        ("Avklar personvern", municipality.leader)
    ]
    content = content_of(decision.record)
    assert content["previous"] == decision.submission.record.sha256
    assert content["submission_sha256"] == decision.submission.record.sha256
    assert verify_chain(project) is None


def test_go_is_refused_while_a_must_is_unmet(project, municipality, submit, decide):
    with pytest.raises(DraftRefused, match="must be in place is missing"):
        decide(submit(project, municipality.leader), municipality.manager, GateOutcome.GO)
    assert GateDecision.objects.count() == 0


def test_going_back_opens_new_rounds_and_keeps_everything(
    project, municipality, walk_to, answer_all, submit, decide
):
    walk_to(project, "insight", municipality.leader)
    walk_to_answers = ("insight",)
    for key in walk_to_answers:
        answer_all(project, key, municipality.leader)
    for step in [each.row for each in walk_of(project).phase("anchoring").steps]:
        step.status = StepStatus.DONE
        update_step(step=step, actor=municipality.leader, changed=["status"])
    decide(
        submit(project, municipality.leader, GateOutcome.BACK),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="anchoring",
        reopen_steps=("define-problem",),
    )
    walk = walk_of(project)
    anchoring, insight = walk.phase("anchoring"), walk.phase("insight")
    assert (anchoring.state, anchoring.row.iteration) == (PhaseState.ACTIVE, 2)
    assert (insight.state, insight.row.iteration) == (PhaseState.WAITING, 2)
    assert [row.status for row in insight.earlier_rounds] == ["returned"]
    assert [step.status.value for step in anchoring.steps] == ["in_progress"] + ["done"] * 4
    carried = CriterionAnswer.objects.filter(project_phase=insight.row)
    assert carried.count() > 0
    assert all(answer.is_carried_over for answer in carried)


def test_pause_keeps_the_phase_and_resuming_goes_on(project, municipality, submit, decide):
    decide(
        submit(project, municipality.leader, GateOutcome.PAUSE),
        municipality.manager,
        GateOutcome.PAUSE,
        review_on=TOMORROW,
    )
    project.refresh_from_db()
    assert project.status == ProjectStatus.PAUSED
    assert states(project)[0] == "paused"
    resume_project(project=project, actor=municipality.manager)
    assert states(project)[0] == "active"


def test_stop_ends_the_project_and_keeps_what_was_learnt(project, municipality, submit, decide):
    decision = decide(
        submit(project, municipality.leader, GateOutcome.STOP),
        municipality.manager,
        GateOutcome.STOP,
        learnt="Behovet var et annet.",
    )
    project.refresh_from_db()
    assert (project.status, states(project)[0]) == (ProjectStatus.STOPPED, "stopped")
    assert decision.learnt == "Behovet var et annet."


def test_rework_keeps_the_phase_open_for_a_new_submission(project, municipality, submit, decide):
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    assert states(project)[0] == "active"
    submit(project, municipality.leader)
    assert states(project)[0] == "submitted"


def test_the_second_decision_is_told_who_decided_and_when(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    decide(submission, municipality.manager, GateOutcome.REWORK)
    with pytest.raises(AlreadyDecided, match=r"Mona Mellomleder already decided this on .*Rework"):
        decide(submission, municipality.manager, GateOutcome.REWORK)
    assert GateDecision.objects.count() == 1


def test_a_withdrawn_submission_cannot_be_decided(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    withdraw_submission(submission=submission, actor=municipality.leader)
    with pytest.raises(Refusal, match="withdrawn"):
        decide(submission, municipality.manager, GateOutcome.REWORK)


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("leader", "You submitted this yourself"),
        ("member", "Mona Mellomleder decides"),
        ("reader", "Mona Mellomleder decides"),
        ("director", "Mona Mellomleder decides"),
        ("admin", "Mona Mellomleder decides"),
        ("employee", "Mona Mellomleder decides"),
    ],
)
def test_everybody_but_the_decider_is_refused_with_a_reason(
    project, municipality, submit, decide, who, reason
):
    submission = submit(project, municipality.leader)
    with pytest.raises(Refusal, match=reason):
        decide(submission, getattr(municipality, who), GateOutcome.REWORK)


def test_a_superuser_is_refused_like_everybody_else(project, municipality, submit, decide):
    municipality.employee.is_superuser = True
    municipality.employee.save()
    with pytest.raises(Refusal, match="Mona Mellomleder decides"):
        decide(submit(project, municipality.leader), municipality.employee, GateOutcome.REWORK)


def test_a_second_leader_and_one_who_stopped_after_submission_are_refused(
    project, municipality, submit, decide
):
    second = add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    submission = submit(project, municipality.leader)
    Decider.objects.create(
        submission=submission, user=municipality.employee, role=ProjectRole.LINE_MANAGER
    )
    with pytest.raises(Refusal, match="You lead this project"):
        decide(submission, municipality.employee, GateOutcome.REWORK)
    end_membership(membership=second, actor=municipality.leader)
    with pytest.raises(Refusal, match="You lead this project"):
        decide(submission, municipality.employee, GateOutcome.REWORK)


def raw_decision(submission, actor, record):
    return GateDecision(
        submission=submission,
        record=record,
        outcome=GateOutcome.REWORK,
        rationale="Rett i databasen.",
        decided_by=actor,
        decided_at=timezone.now(),
    )


@pytest.mark.parametrize(
    ("who", "message"),
    [
        ("leader", "Whoever submitted cannot decide|A leader of the project"),
        ("member", "Only a decider named at submission"),
    ],
)
def test_the_database_refuses_submitter_and_strangers_too(
    project, municipality, submit, who, message
):
    submission = submit(project, municipality.leader)
    if who == "leader":
        Decider.objects.create(
            submission=submission, user=municipality.leader, role=ProjectRole.LINE_MANAGER
        )
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        raw_decision(submission, getattr(municipality, who), submission.record).save()


def test_the_database_refuses_a_leader_who_did_not_submit(project, municipality, submit):
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    submission = submit(project, municipality.leader)
    Decider.objects.create(
        submission=submission, user=municipality.employee, role=ProjectRole.LINE_MANAGER
    )
    with pytest.raises(IntegrityError, match="A leader of the project"), transaction.atomic():
        raw_decision(submission, municipality.employee, submission.record).save()


def test_an_overdue_condition_blocks_the_next_gate_until_it_is_closed(
    project, municipality, submit, decide
):
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(condition(municipality.leader),),
    )
    made = decision.conditions.get()
    back_date(made, datetime.date(2026, 1, 1))
    blockers = content_of(submit(project, municipality.leader).record)["readiness"]["blockers"]
    assert "Avklar personvern" in blockers[0]["text"]
    close_condition(
        condition=Condition.objects.get(pk=made.pk),
        note="DPIA er godkjent.",
        actor=municipality.leader,
    )
    assert open_conditions(project) == []


def test_a_condition_is_closed_by_those_it_concerns_only(project, municipality, submit, decide):
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(condition(municipality.member),),
    )
    made = decision.conditions.get()
    with pytest.raises(Refusal, match="Mats Medlem, the project leader or the decider"):
        close_condition(condition=made, note="Ferdig.", actor=municipality.reader)


def test_a_condition_goes_to_somebody_in_the_project(project, municipality, submit, decide):
    with pytest.raises(DraftRefused, match="must take part in the project"):
        decide(
            submit(project, municipality.leader),
            municipality.manager,
            GateOutcome.GO_WITH_CONDITIONS,
            conditions=(condition(municipality.employee),),
        )


def test_the_decider_named_at_submission_decides_after_losing_the_role(
    project, municipality, submit
):
    """Who decides is fixed at submission; ending the membership afterwards changes nothing."""
    submission = submit(project, municipality.leader)
    Membership.objects.filter(project=project, role=ProjectRole.LINE_MANAGER).update(
        ended_at=timezone.now()
    )
    decision = decide_gate(
        submission=submission,
        draft=DecisionDraft(GateOutcome.REWORK, "Mer å gjøre."),
        actor=municipality.manager,
    )
    assert decision.outcome == GateOutcome.REWORK
