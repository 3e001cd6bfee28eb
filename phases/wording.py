"""What the outcomes and modes of a gate mean, in sentences, and what things are called. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from methodology.enums import GateMode, GateOutcome
from phases.gates import DecisionDraft


@dataclass(frozen=True, slots=True)
class PhaseName:
    """``word`` is what the method calls a phase. ``number`` is 0 for one that no version has."""

    key: str
    number: int
    title: str
    word: str

    def __str__(self) -> str:
        """Small letters, as inside a sentence: ``phase 2, Insight``."""
        if not self.number:
            return self.title
        return _("%(phase)s %(number)s, %(title)s") % {
            "phase": self.word,
            "number": self.number,
            "title": self.title,
        }


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The phase that is decided on, and the one after it; ``None`` for the last."""

    phase: PhaseName
    following: PhaseName | None


def name_or_erased(name: str) -> str:
    """The name as known now; of an erased person the place is left."""
    return name or _("erased person")


def mode_sentence(mode: GateMode) -> str:
    """What the mode asks of those who work towards the gate."""
    match mode:
        case GateMode.MANDATORY:
            return _("The line manager decides before the work goes on.")
        case GateMode.ADVISORY:
            return _(
                "The leader may ask for a decision, or go on with a sentence that says why. Both "
                "are put on the record."
            )
        case _:
            return _("The leader goes on with a sentence that says why. It is put on the record.")


def explanation(outcome: GateOutcome, where: Whereabouts) -> str:
    """What the outcome leads to, for somebody who has not chosen yet."""
    match outcome:
        case GateOutcome.GO:
            return _onwards(where)
        case GateOutcome.GO_WITH_CONDITIONS:
            return _("%(onwards)s Each condition becomes a task with a person and a date.") % {
                "onwards": _onwards(where)
            }
        case GateOutcome.REWORK:
            return _("The work goes on here. What is missing is mended, and it is submitted again.")
        case GateOutcome.MORE_TESTING:
            return _("The work goes on here with more testing, and is submitted again.")
        case GateOutcome.NOT_READY:
            return _("Not yet: the work goes on here until those who take over are ready.")
        case GateOutcome.CONTINUE:
            return _("The review is held, and everything goes on as now until the next one.")
        case GateOutcome.CORRECTIVE:
            return _(
                "The review is held. What has to be put right becomes tasks, each with a person "
                "and a date."
            )
        case GateOutcome.BACK:
            return _("Earlier work is taken up in a new round. Everything done so far is kept.")
        case GateOutcome.PAUSE:
            return _("The work rests until a date when it is looked at again.")
        case GateOutcome.STOP:
            return _(
                "The project ends here, for good reasons. What you have learnt is kept for others, "
                "and what is left to do is still done."
            )
        case _:
            return _("The project has done its work and is closed.")


def consequences(
    draft: DecisionDraft,
    where: Whereabouts,
    *,
    target: PhaseName | None,
    review_on: str,
    steps: tuple[str, ...],
) -> tuple[str, ...]:
    """What will happen when this is decided. ``review_on`` and ``steps`` as people read them."""
    match draft.outcome:
        case GateOutcome.GO:
            return (_onwards(where),)
        case GateOutcome.GO_WITH_CONDITIONS:
            return (_onwards(where), _tasks(draft))
        case GateOutcome.CORRECTIVE:
            return (_held(where), _tasks(draft))
        case GateOutcome.BACK if target is not None:
            return _backwards(where, target, steps)
        case GateOutcome.PAUSE:
            return (
                _("The project is paused. It is looked at again on %(date)s.")
                % {"date": review_on},
            )
        case _:
            return _endings(draft.outcome, where)


def _tasks(draft: DecisionDraft) -> str:
    count = len(draft.conditions)
    return ngettext(
        "%(count)s condition becomes a task.", "%(count)s conditions become tasks.", count
    ) % {"count": count}


def _held(where: Whereabouts) -> str:
    return _("The review is held, and %(phase)s goes on.") % {"phase": where.phase}


def _endings(outcome: GateOutcome, where: Whereabouts) -> tuple[str, ...]:
    phase = {"phase": where.phase}
    match outcome:
        case GateOutcome.STOP:
            return (
                _("The project ends here."),
                _("What you have learnt is kept with the project, for others to use."),
                _("What is left to do is still done. It stands on the project's overview."),
            )
        case GateOutcome.CONTINUE:
            return (_held(where), _("It is submitted again for the next review."))
        case GateOutcome.NOT_READY:
            return (
                _("Work goes on in %(phase)s until those who take over are ready.") % phase,
                _("It is submitted again then."),
            )
        case GateOutcome.CLOSED:
            return (_onwards(Whereabouts(where.phase, None)),)
        case _:
            return (_("Work goes on in %(phase)s. It is submitted again when ready.") % phase,)


def _onwards(where: Whereabouts) -> str:
    if where.following is None:
        return _("This completes %(phase)s. The project is closed.") % {"phase": where.phase}
    return _("This completes %(phase)s. Next: %(next)s.") % {
        "phase": where.phase,
        "next": where.following,
    }


def _backwards(where: Whereabouts, target: PhaseName, steps: tuple[str, ...]) -> tuple[str, ...]:
    again = _("A new round begins: %(target)s. Everything done so far is kept.") % {
        "target": target
    }
    if not steps:
        return (again,)
    return (again, _("Opened again: %(steps)s.") % {"steps": ", ".join(steps)})
