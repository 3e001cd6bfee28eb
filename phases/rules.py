"""What comes next in a project. Pure: no database, no clock."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from methodology.enums import GateMode
from phases.enums import PhaseState, StepStatus
from projects.enums import ProjectStatus

StrOrPromise = str | Promise


class NextKind(StrEnum):
    """What sort of thing comes next, for icons and tests."""

    OVER = "over"
    RESUME = "resume"
    WAIT = "wait"
    CONDITION = "condition"
    REVIEW = "review"
    CLOSING = "closing"
    STEP = "step"
    READINESS = "readiness"
    SUBMIT = "submit"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class StepSituation:
    """A step of the phase in progress. ``is_decision``: the step is the decision itself."""

    label: str
    title: str
    url: str
    status: StepStatus
    is_decision: bool = False
    responsible: str = ""
    due_on: datetime.date | None = None

    @property
    def is_settled(self) -> bool:
        return self.status in (StepStatus.DONE, StepStatus.NOT_RELEVANT)


@dataclass(frozen=True, slots=True)
class ConditionSituation:
    """A condition of an earlier decision that is not met yet."""

    text: str
    owner: str
    due_on: datetime.date
    url: str


@dataclass(frozen=True, slots=True)
class ReviewSituation:
    """The next of the reviews that come again. ``is_near``: it is time to prepare it."""

    months: int
    due_on: datetime.date
    is_near: bool


@dataclass(frozen=True, slots=True)
class ClosingSituation:
    """What is left to do when a project has ended, in order; ``url`` leads to it."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class WaitingSubmission:
    deciders: tuple[str, ...]
    since: datetime.datetime
    url: str


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a project stands, as far as the next thing hangs on it.

    ``state`` and ``phase`` are those of the phase in progress (``None`` and empty when there is
    none); ``is_last`` says that none comes after it. ``blockers`` is how many things must be in
    place before the decision; ``None`` when nobody has counted. ``review`` is the next review where
    they come again, and ``closing`` what is left to do in a project that has ended.
    """

    status: ProjectStatus
    decisions_url: str
    resume_url: str
    phase: str = ""
    state: PhaseState | None = None
    is_last: bool = False
    mode: GateMode = GateMode.OFF
    gate_url: str = ""
    close_url: str = ""
    steps: tuple[StepSituation, ...] = ()
    conditions: tuple[ConditionSituation, ...] = ()
    submission: WaitingSubmission | None = None
    review_on: datetime.date | None = None
    blockers: int | None = None
    review: ReviewSituation | None = None
    closing: tuple[ClosingSituation, ...] = ()


@dataclass(frozen=True, slots=True)
class NextThing:
    """The one thing that comes next, why, and where it is done.

    ``who`` names those whose turn it is, when that is known. ``due_on`` is when it is due,
    ``since`` since when it waits.
    """

    kind: NextKind
    message: StrOrPromise
    why: StrOrPromise
    url: str
    action: StrOrPromise
    params: Mapping[str, str] = field(default_factory=dict)
    who: str = ""
    due_on: datetime.date | None = None
    since: datetime.datetime | None = None
    is_overdue: bool = False

    @property
    def text(self) -> str:
        """In the active language."""
        return str(self.message) % dict(self.params) if self.params else str(self.message)


def next_thing(situation: Situation, today: datetime.date) -> NextThing:
    """A project that is over or waits has nothing else to do; else what is overdue comes before
    what is under way, that before what has not begun, and the decision when the steps are settled.
    A review comes by its date, whatever the steps say.
    """
    return (
        _over(situation)
        or _waiting(situation)
        or _paused(situation, today)
        or _overdue_condition(situation, today)
        or _near_review(situation, today)
        or _step(situation, today)
        or _later_review(situation)
        or _gate(situation)
    )


def _over(situation: Situation) -> NextThing | None:
    is_over = situation.status in (ProjectStatus.STOPPED, ProjectStatus.CLOSED)
    if is_over and situation.closing:
        first = situation.closing[0]
        return NextThing(
            NextKind.CLOSING,
            "%(step)s",
            _("The project is stopped, and this is left to do before it can be laid aside.")
            if situation.status is ProjectStatus.STOPPED
            else _("The project is closed, and this is left to do before it can be laid aside."),
            first.url,
            _("Open"),
            {"step": first.title},
        )
    if situation.status is ProjectStatus.STOPPED:
        return NextThing(
            NextKind.OVER,
            _("The project is stopped"),
            _("What was learnt on the way stands in the decision."),
            situation.decisions_url,
            _("Read the decision"),
        )
    if situation.status is ProjectStatus.CLOSED or situation.state is None:
        return NextThing(
            NextKind.OVER,
            _("The project is closed"),
            _("The walk is done. Those who own the benefits go on measuring."),
            situation.decisions_url,
            _("Read the decisions"),
        )
    return None


def _waiting(situation: Situation) -> NextThing | None:
    if situation.submission is None:
        return None
    return NextThing(
        NextKind.WAIT,
        _("%(phase)s waits for a decision"),
        _("What was submitted is frozen until it is decided or withdrawn."),
        situation.submission.url,
        _("Read what was submitted"),
        {"phase": situation.phase},
        who=", ".join(situation.submission.deciders),
        since=situation.submission.since,
    )


def _paused(situation: Situation, today: datetime.date) -> NextThing | None:
    if situation.status is not ProjectStatus.PAUSED:
        return None
    return NextThing(
        NextKind.RESUME,
        _("The project is paused"),
        _("It is looked at again on the date that was agreed, and then resumed or stopped."),
        situation.resume_url,
        _("Resume the project"),
        due_on=situation.review_on,
        # On the day itself somebody has to look at it, so it counts already.
        is_overdue=situation.review_on is not None and situation.review_on <= today,
    )


def _overdue_condition(situation: Situation, today: datetime.date) -> NextThing | None:
    overdue = [each for each in situation.conditions if each.due_on < today]
    if not overdue:
        return None
    condition = min(overdue, key=lambda each: each.due_on)
    return NextThing(
        NextKind.CONDITION,
        _("Meet the condition: %(text)s"),
        _("It is past its date and stands in the way of the next decision."),
        condition.url,
        _("Go to the condition"),
        {"text": condition.text},
        who=condition.owner,
        due_on=condition.due_on,
        is_overdue=True,
    )


def _near_review(situation: Situation, today: datetime.date) -> NextThing | None:
    review = situation.review
    if review is None or not review.is_near:
        return None
    return NextThing(
        NextKind.REVIEW,
        _("Hold the review after %(months)s months"),
        _("It comes again at agreed times, so that nobody forgets what the work was for."),
        situation.gate_url,
        _("Go to the review"),
        {"months": str(review.months)},
        due_on=review.due_on,
        is_overdue=review.due_on < today,
    )


def _later_review(situation: Situation) -> NextThing | None:
    review = situation.review
    if review is None:
        return None
    return NextThing(
        NextKind.REVIEW,
        _("The next review is after %(months)s months"),
        _("Nothing else has to be done until then. It can be held before its date."),
        situation.gate_url,
        _("See what it looks at"),
        {"months": str(review.months)},
        due_on=review.due_on,
    )


def _step(situation: Situation, today: datetime.date) -> NextThing | None:
    """The decision itself is no work to begin: when only that is left, the gate comes next."""
    work = [step for step in situation.steps if not step.is_settled and not step.is_decision]
    overdue = [step for step in work if step.due_on is not None and step.due_on < today]
    begun = [step for step in work if step.status is StepStatus.IN_PROGRESS]
    if overdue:
        step = min(overdue, key=lambda each: each.due_on or today)
        why: StrOrPromise = _("It is past its date.")
    elif begun:
        step = min(begun, key=lambda each: each.due_on or datetime.date.max)
        why = _("Work on it has begun.")
    elif work:
        step = work[0]
        why = _("It is next in the order of the method.")
    else:
        return None
    return NextThing(
        NextKind.STEP,
        "%(step)s",
        why,
        step.url,
        _("Open"),
        {"step": f"{step.label} {step.title}"},
        who=step.responsible,
        due_on=step.due_on,
        is_overdue=bool(overdue),
    )


def _gate(situation: Situation) -> NextThing:
    if situation.mode is GateMode.OFF:
        return NextThing(
            NextKind.CLOSE,
            _("Close %(phase)s and the project")
            if situation.is_last
            else _("Close %(phase)s and go on"),
            _("Everything here is done or not relevant, and no decision is needed."),
            situation.close_url,
            _("Say in a sentence why"),
            {"phase": situation.phase},
        )
    if situation.blockers:
        return NextThing(
            NextKind.READINESS,
            _("Make %(phase)s ready for decision"),
            _("The work is done, but something that must be in place is missing."),
            situation.gate_url,
            _("See what is missing"),
            {"phase": situation.phase},
        )
    return NextThing(
        NextKind.SUBMIT,
        _("Submit %(phase)s for decision")
        if situation.mode is GateMode.MANDATORY
        else _("Submit %(phase)s for decision, or close it"),
        _("Everything here is done or not relevant."),
        situation.gate_url,
        _("Go to the decision point"),
        {"phase": situation.phase},
    )
