"""What the outcomes and modes of a gate mean, in sentences. Pure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from methodology.enums import GateMode, GateOutcome
from phases.gates import DecisionDraft


@dataclass(frozen=True, slots=True)
class PhaseName:
    key: str
    number: int
    title: str

    def __str__(self) -> str:
        return _("phase %(number)s, %(title)s") % {"number": self.number, "title": self.title}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The phase that is decided on, and the one after it; ``None`` for the last."""

    phase: PhaseName
    following: PhaseName | None


def mode_sentence(mode: GateMode) -> str:
    """What the mode asks of those who work with the phase."""
    match mode:
        case GateMode.MANDATORY:
            return _("The phase ends with a decision by the line manager.")
        case GateMode.ADVISORY:
            return _(
                "The leader may ask for a decision, or close the phase with a sentence. Both go on "
                "the record."
            )
        case _:
            return _("The leader closes the phase with a sentence, which goes on the record.")


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
            return _("The phase goes on. What is missing is mended, and it is submitted again.")
        case GateOutcome.MORE_TESTING:
            return _("The phase goes on with more testing, and is submitted again.")
        case GateOutcome.BACK:
            return _("An earlier phase is opened in a new round. Everything done so far is kept.")
        case GateOutcome.PAUSE:
            return _("The work rests until a date when it is looked at again.")
        case GateOutcome.STOP:
            return _("The project ends here. What you have learnt is kept for others.")
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
            count = len(draft.conditions)
            return (
                _onwards(where),
                ngettext(
                    "%(count)s condition becomes a task.",
                    "%(count)s conditions become tasks.",
                    count,
                )
                % {"count": count},
            )
        case GateOutcome.BACK if target is not None:
            return _backwards(where, target, steps)
        case GateOutcome.PAUSE:
            return (
                _("The project is paused. It is looked at again on %(date)s.")
                % {"date": review_on},
            )
        case _:
            return _endings(draft.outcome, where)


def _endings(outcome: GateOutcome, where: Whereabouts) -> tuple[str, ...]:
    number = {"number": where.phase.number}
    match outcome:
        case GateOutcome.STOP:
            return (
                _("The project ends here."),
                _("What you have learnt is kept with the project, for others to use."),
            )
        case GateOutcome.CLOSED:
            return (_("Phase %(number)s is completed, and the project is closed.") % number,)
        case _:
            return (
                _("Phase %(number)s goes on, and is submitted again when it is ready.") % number,
            )


def _onwards(where: Whereabouts) -> str:
    if where.following is None:
        return _("Phase %(number)s is completed, and the project is closed.") % {
            "number": where.phase.number
        }
    return _("Phase %(number)s is completed, and %(next)s, starts.") % {
        "number": where.phase.number,
        "next": where.following,
    }


def _backwards(where: Whereabouts, target: PhaseName, steps: tuple[str, ...]) -> tuple[str, ...]:
    again = _("%(target)s, is opened in a new round. Everything done so far is kept.") % {
        "target": _("Phase %(number)s, %(title)s")
        % {"number": target.number, "title": target.title}
    }
    if not steps:
        return (again,)
    return (
        again,
        ngettext(
            "This step is opened again: %(steps)s.",
            "These steps are opened again: %(steps)s.",
            len(steps),
        )
        % {"steps": ", ".join(steps)},
    )
