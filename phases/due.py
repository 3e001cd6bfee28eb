"""What comes due with time alone: reviews that come again, and pauses to look at again."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.enums import PhaseState
from phases.models import GateDecision
from phases.reviews import PlannedReview, next_review, planned_reviews
from phases.selectors import Walk, WalkPhase, walks_of
from projects.enums import ProjectStatus
from projects.models import Membership, Project

# How many days ahead of its date a review is something to prepare.
PREPARE_DAYS = 30


@dataclass(frozen=True, slots=True)
class PauseToReview:
    """A pause whose date has come. ``project`` with its current memberships in
    ``current_members``."""

    project: Project
    decision: GateDecision
    review_on: datetime.date

    def is_overdue(self, today: datetime.date) -> bool:
        return self.review_on < today


@dataclass(frozen=True, slots=True)
class ReviewToHold:
    """A review that is near, due or overdue, and not submitted yet."""

    walk: Walk
    phase: WalkPhase
    review: PlannedReview


def reviews_of(phase: WalkPhase) -> tuple[PlannedReview, ...]:
    """The reviews of the phase's newest round; nothing for a gate that is passed once, or while
    the round has not begun. No query when the submissions are prefetched."""
    started_on = phase.row.started_on
    if phase.gate is None or started_on is None:
        return ()
    held_on = [
        timezone.localdate(decision.decided_at)
        for submission in phase.row.sent
        for decision in submission.decisions.all()
        if GateOutcome(decision.outcome).is_review
    ]
    return planned_reviews(started_on, phase.gate.reviews_after_months, held_on)


def review_context(phase: WalkPhase) -> dict[str, object]:
    """What ``phases/reviews.html`` shows: the reviews of the round, and which comes next."""
    reviews = reviews_of(phase)
    return {
        "reviews": reviews,
        "following_review": next_review(reviews),
        "today": timezone.localdate(),
    }


def coming_review(phase: WalkPhase) -> PlannedReview | None:
    """The next review of a phase that is being worked on, and for which nothing is submitted."""
    if phase.state is not PhaseState.ACTIVE:
        return None
    return next_review(reviews_of(phase))


def reviews_to_hold(walks: Collection[Walk], today: datetime.date) -> list[ReviewToHold]:
    """Those whose date is near or past, earliest first. No query."""
    horizon = today + datetime.timedelta(days=PREPARE_DAYS)
    found = [
        ReviewToHold(walk, walk.current, review)
        for walk in walks
        if walk.current is not None
        for review in [coming_review(walk.current)]
        if review is not None and review.due_on <= horizon
    ]
    return sorted(found, key=lambda each: (each.review.due_on, each.walk.project.pk))


def pauses_to_review(today: datetime.date) -> list[PauseToReview]:
    """Paused projects whose date to be looked at again has come, earliest first.

    Seven queries for any number of projects. The owner, the line manager and the leaders are among
    ``project.current_members``.
    """
    projects = list(
        Project.objects.filter(
            status=ProjectStatus.PAUSED,
            phases__submissions__decisions__outcome=GateOutcome.PAUSE,
            phases__submissions__decisions__review_on__lte=today,
        )
        .select_related("organisation", "unit")
        .with_method()
        .prefetch_related(
            Prefetch(
                "memberships",
                Membership.objects.filter(ended_at__isnull=True).select_related("user"),
                to_attr="current_members",
            )
        )
        .distinct()
    )
    walks = walks_of(projects)
    found = []
    for project in projects:
        decision = pausing_decision(walks[project.pk])
        if decision is not None and decision.review_on and decision.review_on <= today:
            found.append(PauseToReview(project, decision, decision.review_on))
    return sorted(found, key=lambda each: (each.review_on, each.project.pk))


def pausing_decision(walk: Walk) -> GateDecision | None:
    """The decision by which the project is paused now. No query."""
    current = walk.current
    if current is None or current.state is not PhaseState.PAUSED:
        return None
    decision = current.last_decision
    if decision is None or decision.outcome != GateOutcome.PAUSE:
        return None
    return decision
