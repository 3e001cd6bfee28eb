"""What the overview of one project shows, gathered in a constant number of queries."""

import datetime
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import ProjectRole
from methodology.enums import Severity
from phases.due import reviews_of
from phases.enums import PhaseState
from phases.frame import ProjectFrame, decision_of_round, gate_words
from phases.models import ProjectPhase
from phases.readiness import PhaseReadiness, readiness_of
from phases.reviews import PlannedReview, next_review
from phases.rounds import ENDED
from phases.rules import NextThing, Situation, next_thing
from phases.selectors import ClosingStep, Walk, WalkPhase
from phases.situations import situations_of
from projects.models import AppointmentProposal
from projects.selectors import active_memberships, waiting_proposals
from tools.contract import Fact

DATES_SHOWN = 6


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """The figures of one tool, under its own title."""

    title: str
    slug: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class RoleHolders:
    role: ProjectRole
    people: tuple[User, ...]
    proposal: AppointmentProposal | None = None


@dataclass(frozen=True, slots=True)
class ComingDate:
    """A step or a condition with a date."""

    text: str
    on: datetime.date
    url: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class RoadmapPhase:
    """A phase with what its gate says; ``decided_on`` belongs to the newest round."""

    phase: WalkPhase
    gate_label: str
    gate_tone: str
    decided_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class ClosingList:
    """The closing steps of a project that has ended."""

    steps: tuple[ClosingStep, ...]

    @property
    def settled(self) -> int:
        return sum(step.is_settled for step in self.steps)

    @property
    def total(self) -> int:
        return len(self.steps)


@dataclass(frozen=True, slots=True)
class MissingItem:
    """A line of readiness as ``components/findings.html`` draws it."""

    severity: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Overview:
    """``readiness`` is ``None`` when no phase with a gate is being worked on. ``reviews`` are those
    of the phase in progress, where they come again; ``closing`` is what is left to do in a project
    that has ended, ``None`` while it has not and where the method names nothing."""

    next: NextThing
    roadmap: tuple[RoadmapPhase, ...]
    readiness: PhaseReadiness | None
    missing: tuple[MissingItem, ...]
    facts: tuple[ToolFacts, ...]
    roles: tuple[RoleHolders, ...]
    dates: tuple[ComingDate, ...]
    reviews: tuple[PlannedReview, ...] = ()
    closing: ClosingList | None = None

    @property
    def following_review(self) -> PlannedReview | None:
        return next_review(self.reviews)


def overview_of(frame: ProjectFrame) -> Overview:
    """Seven queries besides those of the frame."""
    walk = frame.walk
    situation = situations_of([walk])[walk.project.pk]
    readiness = _readiness(frame)
    if readiness is not None:
        situation = replace(situation, blockers=len(readiness.readiness.blockers))
    return Overview(
        next=next_thing(situation, timezone.localdate()),
        roadmap=tuple(_roadmap_phase(phase) for phase in walk.phases),
        readiness=readiness,
        missing=missing_items(readiness) if readiness else (),
        facts=_facts(frame),
        roles=_roles(frame),
        dates=_dates(walk, situation),
        reviews=reviews_of(walk.current) if walk.current is not None else (),
        closing=closing_of(walk),
    )


def closing_of(walk: Walk) -> ClosingList | None:
    """What is left to do in a project that has ended. No query."""
    if walk.project.status not in ENDED or not walk.closing:
        return None
    return ClosingList(walk.closing)


def _roadmap_phase(phase: WalkPhase) -> RoadmapPhase:
    decision = decision_of_round(phase)
    is_decided = decision is not None and phase.open_submission is None
    return RoadmapPhase(
        phase,
        *gate_words(phase),
        timezone.localdate(decision.decided_at) if decision and is_decided else None,
    )


def _readiness(frame: ProjectFrame) -> PhaseReadiness | None:
    current = frame.walk.current
    # What was submitted is frozen: what is missing is asked again when work goes on.
    if current is None or current.gate is None or current.state is not PhaseState.ACTIVE:
        return None
    return readiness_of(frame.walk, current, frame.tools)


def missing_items(ready: PhaseReadiness) -> tuple[MissingItem, ...]:
    """What must be in place, then what should be. No query."""
    return (
        *(MissingItem(Severity.MUST, item.text, item.url) for item in ready.readiness.blockers),
        *(MissingItem(Severity.SHOULD, item.text, item.url) for item in ready.readiness.warnings),
    )


def _facts(frame: ProjectFrame) -> tuple[ToolFacts, ...]:
    titles = {slot.tool: slot.title for slot in reversed(frame.walk.catalogue.slots)}
    found = (
        ToolFacts(
            titles.get(state.tool.key, str(state.tool.title)),
            state.tool.slug,
            state.tool.facts(state.dossier),
        )
        for state in frame.tools
        if not state.tool.is_empty(state.dossier)
    )
    return tuple(each for each in found if each.facts)


def _roles(frame: ProjectFrame) -> tuple[RoleHolders, ...]:
    project = frame.walk.project
    people: dict[ProjectRole, tuple[User, ...]] = {}
    for membership in active_memberships(project):
        role = ProjectRole(membership.role)
        people[role] = (*people.get(role, ()), membership.user)
    proposals = {ProjectRole(proposal.role): proposal for proposal in waiting_proposals(project)}
    always = (ProjectRole.LEADER, ProjectRole.OWNER, ProjectRole.LINE_MANAGER)
    return tuple(
        RoleHolders(role, people.get(role, ()), proposals.get(role))
        for role in (*always, *(each for each in ProjectRole if each not in always))
        if role in people or role in always
    )


def _dates(walk: Walk, situation: Situation) -> tuple[ComingDate, ...]:
    """Steps and conditions with a date, the nearest first. No query."""
    today = timezone.localdate()
    found = [
        ComingDate(condition.text, condition.due_on, condition.url, condition.due_on < today)
        for condition in situation.conditions
    ]
    found += [
        ComingDate(f"{step.label} {step.title}", step.due_on, step.url, step.due_on < today)
        for step in situation.steps
        if step.due_on is not None and not step.is_settled
    ]
    if situation.review is not None:
        review = situation.review
        words = _("Review after %(months)s months") % {"months": review.months}
        found.append(ComingDate(words, review.due_on, situation.gate_url, review.due_on < today))
    if situation.review_on is not None:
        on = situation.review_on
        found.append(ComingDate(_("Look at the pause"), on, situation.resume_url, on <= today))
    return tuple(sorted(found, key=lambda each: (each.on, each.text))[:DATES_SHOWN])


def rounds_of(phase: WalkPhase) -> list[ProjectPhase]:
    """All rounds, newest first. No query; their submissions and decisions are prefetched."""
    return [phase.row, *reversed(phase.earlier_rounds)]
