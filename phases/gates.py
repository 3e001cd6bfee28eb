"""The rules of the gate. Pure: no database, no clock."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.outcomes import Allowed, Denied, Outcome
from methodology.enums import GateMode, GateOutcome, Severity
from phases.enums import AnswerStatus, GateAction, PhaseState

StrOrPromise = str | Promise

# --- what may happen to a phase, and what becomes of it --------------------------------------

Move = GateAction | GateOutcome

TRANSITIONS: dict[tuple[PhaseState, Move], PhaseState] = {
    (PhaseState.ACTIVE, GateAction.SUBMIT): PhaseState.SUBMITTED,
    (PhaseState.ACTIVE, GateAction.CLOSE): PhaseState.COMPLETED,
    (PhaseState.PAUSED, GateAction.RESUME): PhaseState.ACTIVE,
    (PhaseState.SUBMITTED, GateAction.WITHDRAW): PhaseState.ACTIVE,
    (PhaseState.SUBMITTED, GateOutcome.GO): PhaseState.COMPLETED,
    (PhaseState.SUBMITTED, GateOutcome.GO_WITH_CONDITIONS): PhaseState.COMPLETED,
    (PhaseState.SUBMITTED, GateOutcome.CLOSED): PhaseState.COMPLETED,
    (PhaseState.SUBMITTED, GateOutcome.REWORK): PhaseState.ACTIVE,
    (PhaseState.SUBMITTED, GateOutcome.MORE_TESTING): PhaseState.ACTIVE,
    (PhaseState.SUBMITTED, GateOutcome.NOT_READY): PhaseState.ACTIVE,
    # A recurring review: the phase goes on until one of them closes it.
    (PhaseState.SUBMITTED, GateOutcome.CONTINUE): PhaseState.ACTIVE,
    (PhaseState.SUBMITTED, GateOutcome.CORRECTIVE): PhaseState.ACTIVE,
    (PhaseState.SUBMITTED, GateOutcome.BACK): PhaseState.RETURNED,
    (PhaseState.SUBMITTED, GateOutcome.PAUSE): PhaseState.PAUSED,
    (PhaseState.SUBMITTED, GateOutcome.STOP): PhaseState.STOPPED,
}

_WHY_NOT: dict[PhaseState, StrOrPromise] = {
    PhaseState.WAITING: _("The work here has not started yet."),
    PhaseState.ACTIVE: _("This is not submitted for decision."),
    PhaseState.SUBMITTED: _("This is submitted and waits for a decision."),
    PhaseState.PAUSED: _("The project is paused. Resume it first."),
    PhaseState.COMPLETED: _("The work here is completed."),
    PhaseState.RETURNED: _("This round was sent back; work goes on in a new one."),
    PhaseState.STOPPED: _("The project is stopped."),
}


def may_move(state: PhaseState, move: Move) -> Outcome:
    if (state, move) in TRANSITIONS:
        return Allowed()
    return Denied(_WHY_NOT[state])


# --- how binding a gate is -------------------------------------------------------------------


def effective_mode(
    *, method: GateMode, organisation: GateMode | None, project: GateMode | None
) -> GateMode:
    """The project's own setting if it has one, else the method's; never looser than what the
    organisation asks for at the least."""
    mode = project if project is not None else method
    if organisation is not None and organisation.strictness > mode.strictness:
        return organisation
    return mode


def may_close_without_decision(mode: GateMode) -> Outcome:
    if mode is GateMode.MANDATORY:
        return Denied(_("This gate is mandatory: submit for decision."))
    return Allowed()


# --- readiness -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Something a tool or a step says is missing, in words, and where to mend it."""

    code: str
    message: StrOrPromise
    params: Mapping[str, str]
    url: str

    @property
    def text(self) -> str:
        """In the active language."""
        return str(self.message) % dict(self.params) if self.params else str(self.message)


@dataclass(frozen=True, slots=True)
class CriterionInput:
    """``settled_by_tools``: a registered tool gives one of the criterion's finding codes; then
    ``shortcomings`` are what the tools found, and the person's answer is only a comment."""

    key: str
    title: str
    severity: Severity
    url: str
    settled_by_tools: bool
    shortcomings: tuple[Shortcoming, ...] = ()
    answer: AnswerStatus = AnswerStatus.OPEN
    is_carried_over: bool = False


@dataclass(frozen=True, slots=True)
class OverdueCondition:
    text: str
    due_on: datetime.date
    url: str


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One line of readiness. ``criterion`` is the key of the criterion, or ``""``."""

    message: StrOrPromise
    params: Mapping[str, str]
    url: str
    criterion: str = ""
    details: tuple[Shortcoming, ...] = ()

    @property
    def text(self) -> str:
        """In the active language."""
        return str(self.message) % dict(self.params) if self.params else str(self.message)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Blockers refuse a plain "go"; warnings are for the decider to weigh; the rest is fine."""

    blockers: tuple[ReadinessItem, ...] = ()
    warnings: tuple[ReadinessItem, ...] = ()
    fine: tuple[ReadinessItem, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.blockers


def assess(
    *,
    criteria: tuple[CriterionInput, ...],
    overdue_conditions: tuple[OverdueCondition, ...] = (),
    open_steps: tuple[Shortcoming, ...] = (),
) -> Readiness:
    """What stands between the phase and a plain "go".

    An unmet *must* and a condition past its date block; an unmet *should* and an open step warn.
    """
    blockers: list[ReadinessItem] = []
    warnings: list[ReadinessItem] = []
    fine: list[ReadinessItem] = []
    for condition in overdue_conditions:
        blockers.append(
            ReadinessItem(
                _("A condition from an earlier decision is past its date: %(text)s"),
                {"text": condition.text},
                condition.url,
            )
        )
    for criterion in criteria:
        item = _item_of(criterion)
        if _is_met(criterion):
            fine.append(item)
        elif criterion.severity is Severity.MUST:
            blockers.append(item)
        else:
            warnings.append(item)
    for step in open_steps:
        warnings.append(ReadinessItem(step.message, step.params, step.url))
    return Readiness(tuple(blockers), tuple(warnings), tuple(fine))


def _is_met(criterion: CriterionInput) -> bool:
    if criterion.settled_by_tools:
        return not criterion.shortcomings
    if criterion.is_carried_over:
        return False
    return criterion.answer in (AnswerStatus.MET, AnswerStatus.NOT_RELEVANT)


def _item_of(criterion: CriterionInput) -> ReadinessItem:
    params = {"criterion": criterion.title}
    if _is_met(criterion):
        message: StrOrPromise = "%(criterion)s"
        if not criterion.settled_by_tools and criterion.answer is AnswerStatus.NOT_RELEVANT:
            message = _("Not relevant here: %(criterion)s")
    elif criterion.settled_by_tools:
        message = "%(criterion)s"
    elif criterion.is_carried_over:
        message = _("Confirm the answer from the earlier round: %(criterion)s")
    elif criterion.answer is AnswerStatus.NOT_MET:
        message = _("Still open: %(criterion)s")
    else:
        message = _("Not answered: %(criterion)s")
    return ReadinessItem(message, params, criterion.url, criterion.key, criterion.shortcomings)


# --- deciding --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """A condition as the decider writes it; ``owner`` is a user number."""

    text: str
    owner: int
    due_on: datetime.date


@dataclass(frozen=True, slots=True)
class AcceptedWarning:
    """A warning that the decider accepts, and why. ``text`` is the warning as it was frozen."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What a decider wants to decide. ``target_phase`` is a phase key; ``present`` says who took
    part when it was decided, beside those who voted."""

    outcome: GateOutcome
    rationale: str
    target_phase: str = ""
    review_on: datetime.date | None = None
    learnt: str = ""
    conditions: tuple[ConditionDraft, ...] = ()
    reopen_steps: tuple[str, ...] = ()
    accepted: tuple[AcceptedWarning, ...] = ()
    present: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a draft cannot be decided; ``field`` names the draft's field."""

    field: str
    reason: StrOrPromise


def check_draft(
    draft: DecisionDraft,
    *,
    offered: tuple[GateOutcome, ...],
    back_to: tuple[str, ...],
    present: tuple[str, ...],
    has_blockers: bool,
    warnings: tuple[str, ...],
    today: datetime.date,
) -> tuple[Problem, ...]:
    """Everything that is wrong with the draft; empty when it can be decided.

    ``back_to`` are the keys that the gate offers, ``present`` those that the project's method has
    today; ``warnings`` are the frozen texts that can be accepted.
    """
    problems: list[Problem] = []
    if draft.outcome not in offered:
        problems.append(Problem("outcome", _("This gate does not offer that decision.")))
    if draft.outcome is GateOutcome.GO and has_blockers:
        problems.append(Problem("outcome", _blocked(offered)))
    if not draft.rationale.strip():
        problems.append(Problem("rationale", _("Say why: the rationale goes on the record.")))
    if draft.outcome is GateOutcome.BACK:
        problems += _target_problems(draft, back_to, present)
    if draft.outcome is GateOutcome.STOP and not draft.learnt.strip():
        problems.append(Problem("learnt", _("Say what you have learnt: others will need it.")))
    if draft.outcome is GateOutcome.PAUSE:
        problems += _pause_problems(draft, today)
    problems += _condition_problems(draft, today)
    if any(each.text not in warnings or not each.reason.strip() for each in draft.accepted):
        problems.append(Problem("accepted", _("Say why you accept each warning that you marked.")))
    return tuple(problems)


def _blocked(offered: tuple[GateOutcome, ...]) -> StrOrPromise:
    """What else can be chosen is only named where the gate offers it."""
    if GateOutcome.GO_WITH_CONDITIONS in offered:
        return _(
            "Something that must be in place is missing. Choose go with conditions, or another "
            "decision."
        )
    return _("Something that must be in place is missing. Choose another decision.")


def _target_problems(
    draft: DecisionDraft, back_to: tuple[str, ...], present: tuple[str, ...]
) -> list[Problem]:
    if draft.target_phase not in back_to:
        return [Problem("target_phase", _("Choose where to take up the work again."))]
    if draft.target_phase not in present:
        return [
            Problem(
                "target_phase",
                _(
                    "The project's method no longer has that. Choose something else, or another "
                    "decision."
                ),
            )
        ]
    return []


def _pause_problems(draft: DecisionDraft, today: datetime.date) -> list[Problem]:
    if draft.review_on is None:
        return [Problem("review_on", _("Say when the pause is to be looked at again."))]
    if draft.review_on <= today:
        return [Problem("review_on", _("The date must be in the future."))]
    return []


def _condition_problems(draft: DecisionDraft, today: datetime.date) -> list[Problem]:
    if not draft.outcome.takes_conditions:
        return []
    if not draft.conditions:
        return [
            Problem(
                "conditions",
                _("Write at least one condition, with who sees to it and a date."),
            )
        ]
    return [
        Problem("conditions", _("The date of a condition must not be in the past."))
        for condition in draft.conditions
        if condition.due_on < today
    ]
