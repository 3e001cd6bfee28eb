"""What every page inside a project shows around its content, read once per request."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.enums import ToneChoices
from common.markdown import plain_text
from methodology.catalogue import SlotEntry
from methodology.enums import GateMode, GateOutcome
from phases.context import context_of_walk
from phases.enums import PhaseState
from phases.models import GateDecision
from phases.readiness import ToolState, tool_states
from phases.selectors import Walk, WalkPhase, walk_of
from projects.enums import ProjectStatus
from projects.models import Project
from tools import registry
from tools.contract import ProjectContext, Weight
from tools.enums import SlotCondition
from tools.links import tool_url
from tools.models import SlotState
from tools.selectors import missing_label, slot_states


@dataclass(frozen=True, slots=True)
class ProjectFrame:
    """The walk, the tools' states, and what the project says about each slot (by its key)."""

    walk: Walk
    context: ProjectContext
    tools: tuple[ToolState, ...]
    slots: Mapping[str, SlotState]

    def tool_state(self, key: str) -> ToolState | None:
        return next((state for state in self.tools if state.tool.key == key), None)

    def state_of_slot(self, slot: SlotEntry) -> ToolState | None:
        """The tool that serves the slot, apps first."""
        return next((state for state in self.tools if state.tool.serves_slot(slot)), None)


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """A phase as the line of phases shows it."""

    number: int
    title: str
    url: str
    state: str
    state_label: str
    gate_label: str
    gate_tone: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    is_current: bool
    count: int = 0
    count_label: str = ""
    children: tuple["MenuItem", ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCard:
    """A tool of the method as pages show it: what is in it and what is missing, in words.

    ``contents`` is how many rows each register holds, ``label`` the condition in words.
    """

    title: str
    purpose: str
    url: str
    condition: SlotCondition
    label: str
    contents: tuple[str, ...] = ()
    reason: str = ""


def frame_of(request: HttpRequest, project: Project) -> ProjectFrame:
    """Kept on the request: six queries and those of the tools, however often it is asked for."""
    frames: dict[int, ProjectFrame] = getattr(request, "project_frames", {})
    if project.pk not in frames:
        walk = walk_of(project)
        context = context_of_walk(walk)
        frames[project.pk] = ProjectFrame(
            walk=walk,
            context=context,
            tools=tool_states(context),
            slots=slot_states(project),
        )
        request.project_frames = frames  # type: ignore[attr-defined]
    return frames[project.pk]


# --- the line of phases --------------------------------------------------------------------------

_MARK_STATES = {
    PhaseState.WAITING: "waiting",
    PhaseState.ACTIVE: "current",
    PhaseState.SUBMITTED: "current",
    PhaseState.PAUSED: "paused",
    PhaseState.COMPLETED: "done",
    PhaseState.RETURNED: "waiting",
    PhaseState.STOPPED: "stopped",
}


def phase_marks(walk: Walk) -> list[PhaseMark]:
    return [_mark(walk, phase) for phase in walk.phases]


def _mark(walk: Walk, phase: WalkPhase) -> PhaseMark:
    is_again = phase.row.iteration > 1 and phase.state is PhaseState.ACTIVE
    label, tone = gate_words(phase)
    return PhaseMark(
        number=phase.entry.number,
        title=phase.entry.title,
        url=reverse("phases:phase", args=[walk.project.pk, phase.entry.key]),
        state="reopened" if is_again else _MARK_STATES[phase.state],
        state_label=(
            _("In progress, round %(number)s") % {"number": phase.row.iteration}
            if is_again
            else str(phase.state.label)
        ),
        gate_label=label,
        gate_tone=tone,
        is_current=phase.is_current,
    )


def gate_words(phase: WalkPhase) -> tuple[str, str]:
    """What the gate of a phase says, with its tone: the last decision of this round, that it
    waits, or how binding it will be. Empty where there is no gate."""
    if phase.gate is None:
        return "", ""
    if phase.open_submission is not None:
        return _("Waiting for decision"), "accent"
    decision = decision_of_round(phase)
    if decision is not None:
        return _decision_words(GateOutcome(decision.outcome))
    if phase.state is PhaseState.COMPLETED:
        return _("Closed without decision"), "neutral"
    words = {
        GateMode.MANDATORY: _("Decision needed"),
        GateMode.ADVISORY: _("Decision advised"),
        GateMode.OFF: _("No decision point"),
    }
    return words[phase.mode], "neutral"


def decision_of_round(phase: WalkPhase) -> GateDecision | None:
    """The last decision, when it belongs to the newest round. No query."""
    decision = phase.last_decision
    if decision is None or decision.submission.project_phase_id != phase.row.pk:
        return None
    return decision


def _decision_words(outcome: GateOutcome) -> tuple[str, str]:
    if outcome is GateOutcome.GO:
        return _("Approved"), "success"
    if outcome is GateOutcome.GO_WITH_CONDITIONS:
        return _("Approved with conditions"), "success"
    return str(outcome.label), outcome.tone


def header_status(walk: Walk) -> ToneChoices:
    """The state that says most: a decision that is waited for, else the project's own."""
    if walk.current is not None and walk.current.state is PhaseState.SUBMITTED:
        return PhaseState.SUBMITTED
    return ProjectStatus(walk.project.status)


def current_label(walk: Walk) -> str:
    """Where the project is, on one line."""
    if walk.current is None:
        return str(ProjectStatus(walk.project.status).label)
    return _("%(phase)s %(number)s of %(total)s: %(title)s") % {
        "phase": capfirst(walk.catalogue.word("phase")),
        "number": walk.current.entry.number,
        "total": len(walk.phases),
        "title": walk.current.entry.title,
    }


# --- the side menu -------------------------------------------------------------------------------


def menu_items(frame: ProjectFrame, request: HttpRequest) -> list[MenuItem]:
    """Overview, the phase in progress and the one that is looked at with their steps, and the
    other parts of the project."""
    number = frame.walk.project.pk
    path = request.path
    missing = missing_in_tools(frame)

    def item(label: str, name: str, *, count: int = 0, inside: bool = True) -> MenuItem:
        url = reverse(name, args=[number])
        is_current = path.startswith(url) if inside else path == url
        return MenuItem(label, url, is_current, count, missing_label(count) if count else "")

    return [
        item(_("Overview"), "phases:project", inside=False),
        *(_phase_item(frame.walk, phase, path) for phase in _open_phases(frame.walk, path)),
        item(_("Tools"), "tools:index", count=missing),
        item(_("Decisions"), "phases:decisions"),
        item(_("Reports"), "reports:project"),
        item(_("History"), "phases:history"),
        item(_("People with access"), "projects:team"),
        item(_("Method"), "project_method:method"),
    ]


def _open_phases(walk: Walk, path: str) -> list[WalkPhase]:
    return [
        phase
        for phase in walk.phases
        if phase.is_current or path in _addresses(walk.project.pk, phase)
    ]


def _addresses(project_id: int, phase: WalkPhase) -> set[str]:
    return {
        reverse("phases:phase", args=[project_id, phase.entry.key]),
        reverse("phases:gate", args=[project_id, phase.entry.key]),
        *(reverse("phases:step", args=[project_id, step.entry.key]) for step in phase.steps),
    }


def _phase_item(walk: Walk, phase: WalkPhase, path: str) -> MenuItem:
    number = walk.project.pk
    phase_url = reverse("phases:phase", args=[number, phase.entry.key])
    children = []
    for step in phase.steps:
        url = reverse("phases:step", args=[number, step.entry.key])
        label = f"{step.entry.label} {step.entry.title}"
        children.append(MenuItem(label, url, path == url))
    if phase.gate is not None:
        url = reverse("phases:gate", args=[number, phase.entry.key])
        children.append(MenuItem(_("Decision point"), url, path == url))
    return MenuItem(
        f"{phase.entry.number} {phase.entry.title}",
        phase_url,
        path == phase_url,
        children=tuple(children),
    )


# --- tools ---------------------------------------------------------------------------------------


def missing_in_tools(frame: ProjectFrame) -> int:
    """How many things the tools miss, without those that are not relevant in this project."""
    return sum(
        _missing(state)
        for state in frame.tools
        if not _is_set_aside(frame, registry.slots_of(frame.walk.catalogue, state.tool))
    )


def _is_set_aside(frame: ProjectFrame, slots: Sequence[SlotEntry]) -> bool:
    return bool(slots) and all(
        slot.key in frame.slots and frame.slots[slot.key].is_not_relevant for slot in slots
    )


def _missing(state: ToolState) -> int:
    return sum(finding.weight is Weight.MISSING for finding in state.findings)


def tool_cards(frame: ProjectFrame, slots: Iterable[SlotEntry]) -> list[ToolCard]:
    """No query."""
    return [_card(frame, slot) for slot in slots]


def _card(frame: ProjectFrame, slot: SlotEntry) -> ToolCard:
    number = frame.walk.project.pk
    state = frame.state_of_slot(slot)
    tool = state.tool if state else None
    said = frame.slots.get(slot.key)
    condition = _condition(state, said)
    return ToolCard(
        title=slot.title,
        purpose=plain_text(slot.texts.get("purpose")),
        url=(
            tool_url(number, tool.slug) if tool else reverse("tools:slot", args=[number, slot.key])
        ),
        condition=condition,
        label=(
            missing_label(_missing(state))
            if state is not None and condition is SlotCondition.INCOMPLETE
            else str(condition.label)
        ),
        contents=(
            _contents(state) if state is not None and condition is not SlotCondition.EMPTY else ()
        ),
        reason=said.not_relevant_reason if said is not None else "",
    )


def _condition(state: ToolState | None, said: SlotState | None) -> SlotCondition:
    if said is not None and said.is_not_relevant:
        return SlotCondition.NOT_RELEVANT
    if state is None:
        return SlotCondition.NOTED if said is not None and said.note else SlotCondition.NO_PAGE
    if _missing(state):
        # Also where nothing is written: the menu counts it, so its card has to say it.
        return SlotCondition.INCOMPLETE
    return SlotCondition.EMPTY if state.tool.is_empty(state.dossier) else SlotCondition.COMPLETE


def _contents(state: ToolState) -> tuple[str, ...]:
    return tuple(
        f"{register.title}: {len(register.rows(state.dossier))}"
        for register in state.tool.registers
    )
