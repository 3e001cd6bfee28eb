"""What people do in a demo project: each event is one call of the service that a page would call.

Whoever acts needs the right that the page asks for: a story that could not happen is refused.
"""

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import User
from accounts.policy import ProjectPermission, ProjectRole
from methodology.catalogue import Catalogue
from methodology.enums import FieldKind, GateMode, GateOutcome
from methodology.selectors import version_for_page
from methodology.worksheets import FieldEntry
from phases import services
from phases.enums import AnswerStatus, StepStatus
from phases.gates import ConditionDraft, DecisionDraft
from phases.models import Condition, CriterionAnswer, GateSubmission
from phases.selectors import Walk, walk_of
from phases.services.moving import move_project
from projects.access import access_of
from projects.method import catalogue_of_project
from projects.models import Membership, Project
from projects.selectors import waiting_proposals
from projects.services import add_member, end_membership, update_project
from tools.models import RegisterRow, SlotState
from tools.services import save_row, save_slot_state
from veikart.demo.clock import workday
from veikart.demo.content import (
    Answers,
    ClosesPhase,
    Confirms,
    Decides,
    DemoFileError,
    Event,
    Joins,
    Leaves,
    Measures,
    MeetsCondition,
    MovesToVersion,
    Proposes,
    SaysSize,
    SetsGateMode,
    Submits,
    Withdraws,
    WorksOnStep,
    WritesAboutTool,
    WritesRow,
    WritesSheet,
)
from worksheets.selectors import sheet_of, worksheet_in
from worksheets.services import save_answers, save_sheet_row
from worksheets.values import new_row_id

MEASUREMENT_TABLE = "benefits.Measurement"


@dataclass(slots=True)
class Story:
    """A project while its events are played. ``rows`` and ``conditions`` are what the events made,
    under the names that the file gives them."""

    project_id: int
    today: datetime.date
    people: dict[str, User]
    rows: dict[str, RegisterRow] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        """As it is stored now."""
        return (
            Project.objects.select_related("organisation", "unit")
            .with_method()
            .get(pk=self.project_id)
        )

    @property
    def walk(self) -> Walk:
        return walk_of(self.project)

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_of_project(self.project)

    def person(self, key: str) -> User:
        if key not in self.people:
            raise DemoFileError(f"nobody has the key {key}.")
        return self.people[key]

    def day(self, days_ago: int) -> datetime.date:
        return workday(self.today, days_ago)

    def row(self, name: str) -> RegisterRow:
        if name not in self.rows:
            raise DemoFileError(f"no row is called {name} yet.")
        row = self.rows[name]
        row.refresh_from_db()
        return row


def act(story: Story, event: Event, actor: User) -> None:
    """Carry out one event. Raises what the services raise."""
    _act(event, story, actor)


@singledispatch
def _act(event: Event, story: Story, actor: User) -> None:
    raise NotImplementedError(type(event).__name__)


def _require(story: Story, actor: User, permission: ProjectPermission) -> None:
    access_of(actor, story.project).require(permission)


# --- people ------------------------------------------------------------------------------------


@_act.register
def _(event: Joins, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.MANAGE_TEAM)
    add_member(
        project=story.project,
        user=story.person(event.member),
        role=ProjectRole(event.role),
        actor=actor,
    )


@_act.register
def _(event: Leaves, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.MANAGE_TEAM)
    membership = Membership.objects.get(
        project_id=story.project_id,
        user=story.person(event.leaves),
        role=event.role,
        ended_at__isnull=True,
    )
    end_membership(membership=membership, actor=actor)


@_act.register
def _(event: Proposes, story: Story, actor: User) -> None:
    services.propose_appointment(
        project=story.project,
        role=ProjectRole(event.role),
        user=story.person(event.propose),
        actor=actor,
    )


@_act.register
def _(event: Confirms, story: Story, actor: User) -> None:
    proposal = waiting_proposals(story.project).get(role=event.confirm)
    services.answer_proposal(proposal=proposal, is_confirmed=True, actor=actor)


@_act.register
def _(event: SaysSize, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.EDIT_PROJECT)
    update_project(
        project=story.project,
        values={
            "budget": Decimal(event.budget),
            "uncertainty": event.uncertainty,
            "has_public_interest": event.public_interest,
        },
        actor=actor,
    )


# --- steps and tools ---------------------------------------------------------------------------


@_act.register
def _(event: WorksOnStep, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.EDIT_CONTENT)
    walk = story.walk
    closing = {each.entry.key: each.row for each in walk.closing}
    step = closing[event.step] if event.step in closing else walk.step(event.step).row
    values: dict[str, Any] = {"status": StepStatus(event.status)}
    if event.responsible:
        values["responsible"] = story.person(event.responsible)
    if event.due is not None:
        values["due_on"] = story.day(event.due)
    if event.notes:
        values["notes"] = event.notes
    if event.reason:
        values["not_relevant_reason"] = event.reason
    changed = [name for name, value in values.items() if getattr(step, name) != value]
    for name in changed:
        setattr(step, name, values[name])
    services.update_step(step=step, actor=actor, changed=changed)


@_act.register
def _(event: WritesAboutTool, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.EDIT_CONTENT)
    slot = story.catalogue.slot(event.tool)
    state = SlotState.objects.filter(project_id=story.project_id, slot_key=slot.key).first()
    if state is None:
        state = SlotState(project=story.project, slot_key=slot.key)
    state.note = event.note or state.note
    state.is_not_relevant = bool(event.not_relevant)
    state.not_relevant_reason = event.not_relevant
    save_slot_state(state=state, actor=actor)


@_act.register
def _(event: WritesRow, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.EDIT_CONTENT)
    row = _new_row(event.table, story) if event.table else story.row(event.row)
    for name, value in event.values.items():
        setattr(row, name, _row_value(story, row._meta.get_field(name), value))
    story.rows[event.row] = save_row(row=row, actor=actor, changed=list(event.values))


@_act.register
def _(event: Measures, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.RECORD_MEASUREMENTS)
    row = _new_row(MEASUREMENT_TABLE, story)
    row.indicator = story.row(event.measure)
    row.measured_on = story.day(event.day)
    row.value = Decimal(str(event.values[0]))
    row.comment = (event.comments or {}).get(1, "")
    save_row(row=row, actor=actor, changed=["indicator", "measured_on", "value", "comment"])


@_act.register
def _(event: WritesSheet, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.EDIT_CONTENT)
    project = story.project
    worksheet = worksheet_in(story.catalogue, event.sheet)
    if worksheet is None:
        raise DemoFileError(f"the method has no worksheet {event.sheet}.")
    plain = {
        key: _sheet_value(story, worksheet.field(key), value)
        for key, value in event.values.items()
        if worksheet.field(key).kind is not FieldKind.ROWS
    }
    stored = sheet_of(project, event.sheet)
    save_answers(
        project=project,
        worksheet=worksheet,
        changes=plain,
        expected=stored.version if stored else 0,
        actor=actor,
    )
    for key in event.values.keys() - plain.keys():
        for row in event.values[key]:
            field = worksheet.field(key)
            save_sheet_row(
                project=project,
                worksheet=worksheet,
                field_key=key,
                row_id=new_row_id(),
                changes={
                    column: _sheet_value(story, field.column(column), value)
                    for column, value in row.items()
                },
                actor=actor,
                is_new=True,
            )


def _sheet_value(story: Story, field: FieldEntry, value: Any) -> Any:
    """A value of the file as the worksheet keeps it."""
    if field.kind is FieldKind.DATE:
        return story.day(value).isoformat()
    if field.kind is FieldKind.PERSON:
        return story.person(value).pk
    if field.kind in (FieldKind.NUMBER, FieldKind.MONEY):
        return str(value)
    return value


@_act.register
def _(event: MovesToVersion, story: Story, actor: User) -> None:
    project = story.project
    move_project(
        project=project,
        version=version_for_page(project.method_version.method.key, actor, number=event.move_to),
        overlay=project.overlay_version,
        actor=actor,
        expected_version=project.row_version,
    )


def _new_row(table: str, story: Story) -> Any:
    model = apps.get_model(table)
    if not issubclass(model, RegisterRow):
        raise DemoFileError(f"{table} is not the register of a tool.")
    return model(project=story.project)


def _row_value(story: Story, column: Any, value: Any) -> Any:
    """A value of the file as the column holds it."""
    related = column.related_model
    if related is User:
        return story.person(value)
    if isinstance(related, type) and issubclass(related, RegisterRow):
        return story.row(value)
    if isinstance(column, models.DateField):
        return story.day(value)
    if isinstance(column, models.DecimalField):
        return Decimal(str(value))
    return value


# --- the gate ----------------------------------------------------------------------------------


@_act.register
def _(event: Answers, story: Story, actor: User) -> None:
    found = [
        (phase, criterion)
        for phase in story.walk.phases
        for criterion in (phase.gate.criteria if phase.gate else ())
        if criterion.key == event.answer
    ]
    if not found:
        raise DemoFileError(f"the method has no criterion {event.answer}.")
    phase, criterion = found[0]
    answer = CriterionAnswer.objects.filter(
        project_phase=phase.row, criterion_key=criterion.key
    ).first()
    if answer is None:
        answer = CriterionAnswer(project_phase=phase.row, criterion_key=criterion.key)
    answer.status = AnswerStatus(event.status)
    answer.comment = event.comment or answer.comment
    answer.evidence_url = event.url or answer.evidence_url
    services.answer_criterion(answer=answer, actor=actor)


@_act.register
def _(event: Submits, story: Story, actor: User) -> None:
    services.submit_gate(
        project=story.project,
        phase_key=event.submit,
        recommended_outcome=GateOutcome(event.outcome),
        recommendation=event.sentence,
        actor=actor,
    )


@_act.register
def _(event: Withdraws, story: Story, actor: User) -> None:
    services.withdraw_submission(submission=_submitted(story, event.withdraw), actor=actor)


@_act.register
def _(event: Decides, story: Story, actor: User) -> None:
    draft = DecisionDraft(
        outcome=GateOutcome(event.outcome),
        rationale=event.rationale,
        target_phase=event.back_to,
        learnt=event.learnt,
        conditions=tuple(
            ConditionDraft(each.text, story.person(each.owner).pk, story.day(each.due))
            for each in event.conditions
        ),
        reopen_steps=event.reopen,
    )
    decision = services.decide_gate(
        submission=_submitted(story, event.decide), draft=draft, actor=actor
    )
    if decision is None:
        return
    by_text = {condition.text: condition for condition in decision.conditions.all()}
    story.conditions |= {each.key: by_text[each.text] for each in event.conditions}


def _submitted(story: Story, phase_key: str) -> GateSubmission:
    submission = story.walk.phase(phase_key).open_submission
    if submission is None:
        raise DemoFileError(f"{phase_key} is not submitted.")
    return submission


@_act.register
def _(event: MeetsCondition, story: Story, actor: User) -> None:
    if event.meets not in story.conditions:
        raise DemoFileError(f"no condition is called {event.meets} yet.")
    services.close_condition(condition=story.conditions[event.meets], note=event.note, actor=actor)


@_act.register
def _(event: ClosesPhase, story: Story, actor: User) -> None:
    _require(story, actor, ProjectPermission.SUBMIT_GATE)
    services.close_phase(
        project=story.project, phase_key=event.close, sentence=event.sentence, actor=actor
    )


@_act.register
def _(event: SetsGateMode, story: Story, actor: User) -> None:
    services.set_project_gate_mode(
        project=story.project,
        phase_key=event.gate_mode,
        mode=GateMode(event.mode),
        reason=event.reason,
        actor=actor,
    )
