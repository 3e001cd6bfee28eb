"""The decision: exactly one per submission, for good, and what follows from it."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.outcomes import Denied, Refusal
from methodology.enums import GateOutcome
from phases.canonical import SCHEMA_VERSION
from phases.drafts import draft_as_json, draft_from_json, joined
from phases.enums import DecisionRule, RecordKind
from phases.gates import DecisionDraft, Problem, check_draft, may_move
from phases.models import Condition, GateDecision, GateRecord, GateSubmission, Vote
from phases.record import add_record, content_of
from phases.selectors import Walk, WalkPhase, walk_of
from phases.services.consequences import carry_out
from phases.services.minutes import deciding_content, person
from phases.services.seats import (
    SeatRow,
    VotingSeat,
    record_at_gate,
    refuse_ended,
    seats_of,
    voting_seat,
)
from phases.verdicts import CastVote, settles
from projects.method import catalogue_of_project
from projects.models import Membership, Project
from tools.contract import PersonRef
from tools.plain import People


class AlreadyDecided(Refusal):
    """Somebody was first; ``decision`` says who and when."""

    def __init__(self, decision: GateDecision) -> None:
        moment = timezone.localtime(decision.decided_at)
        super().__init__(
            _("%(name)s already decided this on %(date)s at %(time)s: %(outcome)s.")
            % {
                "name": decision.decided_by.name,
                "date": date_format(moment, "DATE_FORMAT"),
                "time": date_format(moment, "TIME_FORMAT"),
                "outcome": GateOutcome(decision.outcome).label,
            }
        )
        self.decision = decision


class DraftRefused(Refusal):
    """The decision as written cannot be taken; ``problems`` name the fields."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(str(problem.reason) for problem in problems))
        self.problems = problems


def decide_gate(
    *, submission: GateSubmission, draft: DecisionDraft, actor: User
) -> GateDecision | None:
    """Vote; and decide, record and carry out when the vote settles it by the rule that was fixed
    at submission. ``None`` when it is counted and others have not answered yet.

    Refused: for all but those who decide and their deputies, for the submitter and for everybody
    who has led the project since; for a withdrawn submission; :class:`AlreadyDecided` for the
    second of two; :class:`DraftRefused` when something is missing. The database refuses the same.
    """
    _refuse_decided(submission)
    voting_seat(submission, actor)
    try:
        return _decide(submission, draft, actor)
    except IntegrityError:
        # Two at the same moment: the constraint kept one. The other is told who was first.
        _refuse_decided(submission)
        # The same person twice: their seat says that they have voted.
        voting_seat(submission, actor)
        raise


def _refuse_decided(submission: GateSubmission) -> None:
    decision = (
        GateDecision.objects.filter(submission=submission).select_related("decided_by").first()
    )
    if decision is not None:
        raise AlreadyDecided(decision)
    refuse_ended(submission)


@transaction.atomic
def _decide(submission: GateSubmission, draft: DecisionDraft, actor: User) -> GateDecision | None:
    project = (
        Project.objects.select_for_update(of=("self",))
        .select_related("organisation", "unit")
        .with_method()
        .get(pk=submission.project_phase.project_id)
    )
    _refuse_decided(submission)
    walk = walk_of(project)
    phase = _decided_phase(walk, submission)
    frozen = content_of(submission.record)
    seats = seats_of(submission)
    voting = voting_seat(submission, actor, seats)
    _check(walk, phase, frozen, draft)
    now = timezone.now()
    if voting.row.vote is None:
        _add_vote(voting, draft, now)
    vote = CastVote(draft.outcome, draft.target_phase)
    rule = DecisionRule(submission.rule)
    rows = [row.seat for row in seats]
    if not settles(rule, submission.quorum, rows, voting.row.decider.pk, vote):
        record_at_gate(submission, actor, "gate.voted")
        return None
    if rule is DecisionRule.ALL:
        draft = joined(draft, _agreeing(seats, voting, vote))
    people = People()
    record = add_record(
        project=project,
        kind=RecordKind.DECISION,
        content=_content(project, frozen, submission, draft, voting, actor, now, people),
        people=people,
    )
    decision = _add_decision(submission, record, draft, voting, actor, now)
    carry_out(walk, phase, draft, actor)
    record_at_gate(
        submission,
        actor,
        "gate.decided",
        phase=phase.entry.key,
        outcome=draft.outcome.value,
        sha256=record.sha256,
    )
    return decision


def _add_vote(voting: VotingSeat, draft: DecisionDraft, now: datetime.datetime) -> None:
    vote = Vote(
        decider=voting.row.decider,
        outcome=draft.outcome,
        rationale=draft.rationale.strip(),
        draft=draft_as_json(draft),
        deputy=voting.deputy,
        voted_at=now,
    )
    vote.full_clean(validate_constraints=False)
    vote.save()


def _agreeing(
    seats: tuple[SeatRow, ...], voting: VotingSeat, vote: CastVote
) -> list[DecisionDraft]:
    """What the others wrote who want the same."""
    return [
        draft_from_json(row.vote.draft)
        for row in seats
        if row.vote is not None
        and row.counts
        and row.decider.pk != voting.row.decider.pk
        and row.seat.vote == vote
    ]


def _decided_phase(walk: Walk, submission: GateSubmission) -> WalkPhase:
    for phase in walk.phases:
        if phase.row.pk == submission.project_phase_id:
            return phase
    raise Refusal(
        _(
            "The project's method no longer has what was submitted, so nothing can follow from "
            "a decision. Ask the leader to withdraw the submission."
        )
    )


def _add_decision(
    submission: GateSubmission,
    record: GateRecord,
    draft: DecisionDraft,
    voting: VotingSeat,
    actor: User,
    now: datetime.datetime,
) -> GateDecision:
    decision = GateDecision(
        submission=submission,
        record=record,
        outcome=draft.outcome,
        rationale=draft.rationale.strip(),
        target_phase_key=draft.target_phase if draft.outcome is GateOutcome.BACK else "",
        review_on=draft.review_on if draft.outcome is GateOutcome.PAUSE else None,
        learnt=draft.learnt.strip() if draft.outcome is GateOutcome.STOP else "",
        decided_by=actor,
        decided_for=voting.row.user if voting.deputy else None,
        decided_at=now,
    )
    decision.full_clean(validate_constraints=False)
    decision.save()
    _add_conditions(decision, draft)
    return decision


def _check(walk: Walk, phase: WalkPhase, frozen: Mapping[str, Any], draft: DecisionDraft) -> None:
    move = may_move(phase.state, draft.outcome)
    if isinstance(move, Denied):
        raise Refusal(move.reason)
    problems = draft_problems(project=walk.project, frozen=frozen, draft=draft)
    if problems:
        raise DraftRefused(problems)


def draft_problems(
    *, project: Project, frozen: Mapping[str, Any], draft: DecisionDraft
) -> tuple[Problem, ...]:
    """Everything that is wrong with the draft for the submission whose record is ``frozen``;
    empty when it can be decided. One query.

    The gate is the one that was frozen, wherever the project has been moved since; only a phase to
    go back to must still be there.
    """
    problems = check_draft(
        draft,
        offered=tuple(GateOutcome(value) for value in frozen["gate"]["outcomes"]),
        back_to=tuple(each["key"] for each in frozen["gate"]["back_to"]),
        present=tuple(phase.key for phase in catalogue_of_project(project).phases),
        has_blockers=bool(frozen["readiness"]["blockers"]),
        warnings=tuple(item["text"] for item in frozen["readiness"]["warnings"]),
        today=timezone.localdate(),
    )
    strangers = {condition.owner for condition in draft.conditions} - set(
        Membership.objects.filter(project=project, ended_at__isnull=True).values_list(
            "user_id", flat=True
        )
    )
    if draft.outcome.takes_conditions and strangers:
        problems += (
            Problem("conditions", _("Whoever sees to a condition must take part in the project.")),
        )
    return problems


def _content(
    project: Project,
    frozen: Mapping[str, Any],
    submission: GateSubmission,
    draft: DecisionDraft,
    voting: VotingSeat,
    actor: User,
    now: datetime.datetime,
    people: People,
) -> dict[str, object]:
    """The phase is named as the submission names it: that is what was decided on."""
    is_back = draft.outcome is GateOutcome.BACK
    review_on = draft.review_on if draft.outcome is GateOutcome.PAUSE else None
    with translation.override(project.document_language):
        return {
            "schema": SCHEMA_VERSION,
            "language": project.document_language,
            "phase": frozen["phase"],
            "submission_sha256": submission.record.sha256,
            "outcome": draft.outcome.value,
            "outcome_label": str(draft.outcome.label),
            "rationale": draft.rationale.strip(),
            "target_phase": draft.target_phase if is_back else "",
            "review_on": review_on.isoformat() if review_on else None,
            "learnt": draft.learnt.strip() if draft.outcome is GateOutcome.STOP else "",
            "conditions": _condition_content(project, draft, people),
            "reopen_steps": list(draft.reopen_steps),
            "decided_by": person(actor, people),
            "decided_for": person(voting.row.user, people) if voting.deputy else None,
            "decided_at": now.isoformat(),
            "present": draft.present.strip(),
            "accepted": [
                {"text": each.text, "reason": each.reason.strip()} for each in draft.accepted
            ],
            **deciding_content(submission, people),
        }


def _condition_content(
    project: Project, draft: DecisionDraft, people: People
) -> list[dict[str, object]]:
    if not draft.outcome.takes_conditions:
        return []
    owners = dict(
        Membership.objects.filter(
            project=project, user_id__in={each.owner for each in draft.conditions}
        ).values_list("user_id", "user__name")
    )
    return [
        {
            "text": condition.text,
            "owner": {"person": people.key_of(PersonRef(condition.owner, owners[condition.owner]))},
            "due_on": condition.due_on.isoformat(),
        }
        for condition in draft.conditions
    ]


def _add_conditions(decision: GateDecision, draft: DecisionDraft) -> None:
    if not draft.outcome.takes_conditions:
        return
    for each in draft.conditions:
        condition = Condition(
            decision=decision, text=each.text, owner_id=each.owner, due_on=each.due_on
        )
        condition.full_clean()
        condition.save()
