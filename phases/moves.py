"""What becomes of a project when it is moved to another version of its method. Pure.

Parts are matched by key, so whatever is written under a key that both versions have stays where it
is, and the rest is kept under the key it had. Here that is said in words, part by part.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.locale_text import language_for
from common.outcomes import Outcome
from methodology.catalogue import Catalogue, PhaseEntry
from methodology.compare import Change, What
from methodology.parts import Kind
from phases.enums import ENDED_PHASES, AnswerStatus, PhaseStatus, StepStatus
from phases.move_words import WordChange, words_of

# Parts that say nothing of their own when what they stand in is new or gone as a whole.
_INSIDE_WORKSHEETS = (Kind.SECTION, Kind.FIELD, Kind.COLUMN)
_IN_TOOLS = (Kind.TOOL, Kind.WORKSHEET, *_INSIDE_WORKSHEETS)


@dataclass(frozen=True, slots=True)
class WrittenStep:
    status: StepStatus
    has_notes: bool

    @property
    def is_blank(self) -> bool:
        return self.status is StepStatus.NOT_STARTED and not self.has_notes


@dataclass(frozen=True, slots=True)
class Written:
    """What a project has, as far as a move touches it.

    ``answers`` are those of the newest rounds, by phase and criterion; ``slots`` are keys of tools
    with a note, ``fields`` worksheet and field keys that are filled in.
    """

    current_phase: str
    has_open_submission: bool
    phases: Mapping[str, PhaseStatus]
    steps: Mapping[str, WrittenStep]
    answers: Mapping[tuple[str, str], AnswerStatus]
    slots: Collection[str] = ()
    fields: Collection[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A part that is not what it was. ``has`` is what the project has written there and ``becomes``
    what becomes of it, both in words and empty when there is nothing to say. ``is_homeless`` says
    that something written loses its place."""

    part: Kind
    what: What
    key: str
    name: str
    was: str
    words: tuple[WordChange, ...]
    has: str
    becomes: str
    is_homeless: bool = False


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """The changes of one phase, or of what stands outside the phases."""

    title: str
    changes: tuple[PlannedChange, ...]

    @property
    def counts(self) -> tuple[tuple[What, int], ...]:
        """How many parts are new, changed, renamed and gone; what there is none of is left out."""
        return tuple((what, count) for what, count in _counted(self.changes) if count)

    @property
    def is_homeless(self) -> bool:
        """Whether something that is written loses its place here."""
        return any(change.is_homeless for change in self.changes)


@dataclass(frozen=True, slots=True)
class MovePlan:
    """``outcome`` says whether the project can be moved there at all, and why not."""

    outcome: Outcome
    stands_on: Catalogue
    target: Catalogue
    has_open_submission: bool = False
    groups: tuple[PlannedGroup, ...] = field(default=())

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        return tuple(change for group in self.groups for change in group.changes)

    @property
    def counts(self) -> tuple[tuple[What, int], ...]:
        """How many parts are new, changed, renamed and gone."""
        return _counted(self.changes)

    @property
    def homeless(self) -> int:
        """How many things that are written lose their place and are kept."""
        return sum(change.is_homeless for change in self.changes)


def _counted(changes: Collection[PlannedChange]) -> tuple[tuple[What, int], ...]:
    order = (What.NEW, What.CHANGED, What.RENAMED, What.GONE)
    return tuple((what, sum(change.what is what for change in changes)) for what in order)


def planned_groups(
    changes: Iterable[Change], old: Catalogue, new: Catalogue, written: Written
) -> tuple[PlannedGroup, ...]:
    """The changes that a reader of the active language can see, by phase and in the order of the
    new version; tools and the method itself come last."""
    planner = _Planner(old, new, written)
    by_phase: dict[str, list[PlannedChange]] = {}
    tools: list[PlannedChange] = []
    method: list[PlannedChange] = []
    for change in _without_insides(changes):
        planned = planner.planned(change)
        if planned is None:
            continue
        if change.part in _IN_TOOLS:
            tools.append(planned)
        elif (phase := planner.phase_of(change)) is None:
            method.append(planned)
        else:
            by_phase.setdefault(phase.key, []).append(planned)
    phases = (*new.phases, *(each for each in old.phases if each.key not in _keys(new.phases)))
    groups = [
        PlannedGroup(f"{phase.number} {phase.title}", tuple(by_phase[phase.key]))
        for phase in phases
        if phase.key in by_phase
    ]
    if tools:
        groups.append(PlannedGroup(_("Tools"), tuple(tools)))
    if method:
        groups.append(PlannedGroup(_("The method itself"), tuple(method)))
    return tuple(groups)


def _without_insides(changes: Iterable[Change]) -> Iterator[Change]:
    """A worksheet that is new or gone stands for all that is in it."""
    changes = tuple(changes)
    whole = {
        change.key
        for change in changes
        if change.part is Kind.WORKSHEET and change.what in (What.NEW, What.GONE)
    }
    for change in changes:
        if change.part not in _INSIDE_WORKSHEETS or change.path[0] not in whole:
            yield change


def _keys(entries: Iterable[PhaseEntry]) -> set[str]:
    return {entry.key for entry in entries}


@dataclass(frozen=True, slots=True)
class _Planner:
    old: Catalogue
    new: Catalogue
    written: Written

    def planned(self, change: Change) -> PlannedChange | None:
        """``None`` when nothing of it is seen by a reader of the active language."""
        what, words = change.what, words_of(change, self.old, self.new, self._language())
        if what in (What.CHANGED, What.RENAMED):
            was_called = self._title(change, is_new=False)
            is_renamed = was_called != self._title(change, is_new=True)
            words = tuple(each for each in words if each.field not in ("title", "label"))
            if not words and not is_renamed:
                return None
            what = What.RENAMED if is_renamed else What.CHANGED
        has, becomes, is_homeless = self._fate(change, what)
        return PlannedChange(
            part=change.part,
            what=what,
            key=change.key,
            name=self._name(change, is_new=what is not What.GONE),
            was=self._name(change, is_new=False) if what is What.RENAMED else "",
            words=words,
            has=has,
            becomes=becomes,
            is_homeless=is_homeless,
        )

    def phase_of(self, change: Change) -> PhaseEntry | None:
        """Where people look for it: in the new version, or where it was."""
        for catalogue in (self.new, self.old):
            for phase in catalogue.phases:
                if self._stands_in(change, phase):
                    return phase
        return None

    @staticmethod
    def _stands_in(change: Change, phase: PhaseEntry) -> bool:
        match change.part:
            case Kind.PHASE:
                return phase.key == change.key
            case Kind.STEP:
                return any(step.key == change.key for step in phase.steps)
            case Kind.GATE | Kind.CRITERION:
                return phase.gate is not None and phase.gate.key == change.path[0]
            case _:
                return False

    # --- names ------------------------------------------------------------------------------------

    def _language(self) -> str:
        return language_for(self.new.languages, translation.get_language() or "nb")

    def _title(self, change: Change, *, is_new: bool) -> str:
        return (change.texts if is_new else change.old_texts).get("title") or change.title

    def _name(self, change: Change, *, is_new: bool) -> str:
        """As people say it: steps with their number, fields with their worksheet."""
        title = self._title(change, is_new=is_new)
        catalogue = self.new if is_new else self.old
        if change.part is Kind.STEP:
            return f"{catalogue.step(change.key).label} {title}"
        if change.part is Kind.PHASE:
            return f"{catalogue.phase(change.key).number} {title}"
        if change.part in _INSIDE_WORKSHEETS:
            return f"{change.place_title}: {title}"
        if change.part is Kind.METHOD:
            return catalogue.title
        return title

    # --- what becomes of what is written ----------------------------------------------------------

    def _fate(self, change: Change, what: What) -> tuple[str, str, bool]:
        """What the project has there, what becomes of it, and whether that loses its place."""
        match change.part:
            case Kind.STEP:
                return self._fate_of_step(change, what)
            case Kind.CRITERION:
                return self._fate_of_criterion(change, what)
            case Kind.GATE:
                return self._fate_of_gate(what)
            case Kind.PHASE:
                return self._fate_of_phase(change, what)
            case Kind.TOOL:
                return self._fate_of_tool(change, what)
            case Kind.FIELD | Kind.COLUMN | Kind.WORKSHEET:
                return self._fate_of_worksheet(change, what)
            case _:
                return "", "", False

    def _is_over(self, change: Change) -> bool:
        phase = self.phase_of(change)
        return phase is not None and self.written.phases.get(phase.key) in ENDED_PHASES

    def _fate_of_step(self, change: Change, what: What) -> tuple[str, str, bool]:
        step = self.written.steps.get(change.key)
        if step is None or step.is_blank:
            if what is not What.NEW:
                return "", _nothing_written() if what is What.GONE else "", False
            return "", self._of_new(change), False
        has = str(step.status.label)
        if step.has_notes:
            has = _("%(status)s, with notes") % {"status": has}
        if what is What.GONE:
            return has, _kept(), True
        if what is What.NEW:
            return has, _("What was written there before is shown again."), False
        return has, _stays(), False

    def _of_new(self, change: Change) -> str:
        if self._is_over(change):
            return _("That part of the work is over, so nothing has to be done about it.")
        return _("It waits to be begun.")

    def _fate_of_criterion(self, change: Change, what: What) -> tuple[str, str, bool]:
        phase = self.phase_of(change)
        answer = self.written.answers.get((phase.key if phase else "", change.key))
        if answer is None or answer is AnswerStatus.OPEN:
            if what is What.NEW and not self._is_over(change):
                return "", _("It is to be answered before the decision."), False
            return "", _nothing_written() if what is What.GONE else "", False
        has = _("Answered: %(answer)s") % {"answer": answer.label}
        if what is What.GONE:
            return has, _kept(), True
        if what is What.NEW:
            return has, _("What was written there before is shown again."), False
        if self._is_over(change):
            return has, _stays(), False
        return has, _("The answer stays. Read it once more before you submit."), False

    def _fate_of_gate(self, what: What) -> tuple[str, str, bool]:
        if what is What.GONE:
            return "", _("There is no decision point any more: the leader closes the work."), False
        if what is What.NEW:
            return "", _("A decision is asked for here from now on."), False
        return "", "", False

    def _fate_of_phase(self, change: Change, what: What) -> tuple[str, str, bool]:
        status = self.written.phases.get(change.key)
        has = str(status.label) if status is not None else ""
        if what is What.GONE:
            is_blank = status in (None, PhaseStatus.WAITING)
            return has, _nothing_written() if is_blank else _kept(), not is_blank
        if what is What.NEW and status is None:
            current = self.new.phase(self.written.current_phase)
            if self.new.phase(change.key).number < current.number:
                return "", _("The project is past it, so it is not begun."), False
            return "", _("It comes later in the project."), False
        return has, "", False

    def _fate_of_tool(self, change: Change, what: What) -> tuple[str, str, bool]:
        has = _("A note") if change.key in self.written.slots else ""
        if what is What.GONE:
            return has, _kept() if has else "", bool(has)
        return has, _stays() if has else "", False

    def _fate_of_worksheet(self, change: Change, what: What) -> tuple[str, str, bool]:
        filled = [
            key
            for sheet, key in self.written.fields
            if sheet == change.path[0] and (change.part is Kind.WORKSHEET or key == change.path[1])
        ]
        if not filled:
            return "", _nothing_written() if what is What.GONE else "", False
        if change.part is Kind.WORKSHEET:
            has = ngettext(
                "%(count)s field is filled in", "%(count)s fields are filled in", len(filled)
            ) % {"count": len(filled)}
        else:
            has = _("Filled in")
        if what is What.GONE:
            return has, _("It is kept, and stands at the foot of the sheet."), True
        return has, _stays(), False


def _stays() -> str:
    return _("What is written stays.")


def _kept() -> str:
    return _("It is kept, and shown under “Kept from earlier versions”.")


def _nothing_written() -> str:
    return _("Nothing is written there.")
