"""Where projects stand, gathered for the rules about what comes next."""

import datetime
from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils import timezone

from phases.due import PREPARE_DAYS, coming_review, pausing_decision
from phases.models import Condition, Decider, GateSubmission
from phases.rules import (
    ClosingSituation,
    ConditionSituation,
    ReviewSituation,
    Situation,
    StepSituation,
    WaitingSubmission,
)
from phases.selectors import Walk, WalkPhase, WalkStep
from projects.enums import ProjectStatus


def situations_of(walks: Iterable[Walk]) -> dict[int, Situation]:
    """By project. Two queries for any number of walks."""
    walks = list(walks)
    conditions: dict[int, list[ConditionSituation]] = {}
    for condition in Condition.objects.filter(
        decision__submission__project_phase__project__in=[walk.project for walk in walks],
        closed_at__isnull=True,
    ).select_related("owner", "decision__submission__project_phase"):
        project_id = condition.decision.submission.project_phase.project_id
        conditions.setdefault(project_id, []).append(
            ConditionSituation(
                condition.text,
                condition.owner.name,
                condition.due_on,
                condition_url(project_id, condition.pk),
            )
        )
    deciders = deciders_of(
        walk.current.open_submission
        for walk in walks
        if walk.current is not None and walk.current.open_submission is not None
    )
    return {
        walk.project.pk: _situation(walk, conditions.get(walk.project.pk, []), deciders)
        for walk in walks
    }


def deciders_of(submissions: Iterable[GateSubmission]) -> dict[int, tuple[str, ...]]:
    """Names of those who decide, by submission. One query, none without submissions."""
    ids = [submission.pk for submission in submissions]
    names: dict[int, tuple[str, ...]] = {}
    if ids:
        for decider in Decider.objects.filter(submission__in=ids).select_related("user"):
            names[decider.submission_id] = (
                *names.get(decider.submission_id, ()),
                decider.user.name,
            )
    return names


def condition_url(project_id: int, condition_id: int) -> str:
    return reverse("phases:condition_close", args=[project_id, condition_id])


def _situation(
    walk: Walk, conditions: list[ConditionSituation], deciders: Mapping[int, tuple[str, ...]]
) -> Situation:
    project = walk.project
    current = walk.current
    status = ProjectStatus(project.status)
    decisions_url = reverse("phases:decisions", args=[project.pk])
    # Where the button stands: resuming is a POST.
    resume_url = decisions_url
    if current is None:
        # What was to be done before the next decision does not follow a project that has ended.
        return Situation(status, decisions_url, resume_url, closing=_closing(walk))
    pause = pausing_decision(walk)
    where = [project.pk, current.entry.key]
    return Situation(
        status,
        decisions_url,
        resume_url,
        phase=current.entry.title,
        state=current.state,
        is_last=current is walk.phases[-1],
        mode=current.mode,
        gate_url=reverse("phases:gate", args=where),
        close_url=reverse("phases:close_phase", args=where),
        steps=tuple(_step(walk, step) for step in current.steps),
        conditions=tuple(conditions),
        submission=_submission(walk, current, deciders),
        review_on=pause.review_on if pause else None,
        review=_review(current),
    )


def _review(phase: WalkPhase) -> ReviewSituation | None:
    review = coming_review(phase)
    if review is None:
        return None
    horizon = timezone.localdate() + datetime.timedelta(days=PREPARE_DAYS)
    return ReviewSituation(review.months, review.due_on, review.due_on <= horizon)


def _closing(walk: Walk) -> tuple[ClosingSituation, ...]:
    return tuple(
        ClosingSituation(
            step.entry.title, reverse("phases:closing_step", args=[walk.project.pk, step.entry.key])
        )
        for step in walk.closing
        if not step.is_settled
    )


def _step(walk: Walk, step: WalkStep) -> StepSituation:
    return StepSituation(
        label=step.entry.label,
        title=step.entry.title,
        url=reverse("phases:step", args=[walk.project.pk, step.entry.key]),
        status=step.status,
        is_decision=step.entry.is_decision,
        responsible=step.row.responsible.name if step.row.responsible else "",
        due_on=step.row.due_on,
    )


def _submission(
    walk: Walk, phase: WalkPhase, deciders: Mapping[int, tuple[str, ...]]
) -> WaitingSubmission | None:
    submission = phase.open_submission
    if submission is None:
        return None
    return WaitingSubmission(
        deciders=deciders.get(submission.pk, ()),
        since=submission.submitted_at,
        url=reverse("phases:review", args=[walk.project.pk, submission.pk]),
    )
