"""Which kinds of insight a project has, and which are still empty."""

from dataclasses import dataclass

from methodology.catalogue import InsightEntry, PhaseEntry
from phases.frame import ProjectFrame
from tools.contract import Held
from tools.links import tool_url


@dataclass(frozen=True, slots=True)
class InsightKind:
    """``url`` is where it is written; empty when no tool here asks about it."""

    title: str
    is_there: bool
    url: str


def insight_of(frame: ProjectFrame, phase: PhaseEntry) -> tuple[InsightKind, ...]:
    """The kinds that the method names for the phase. A kind is there when one of its sources is.
    No query."""
    kinds = []
    for entry in phase.insight:
        found = _held(frame, entry)
        there = next((held for held in found if held.is_there), None)
        place = there or next(iter(found), None)
        kinds.append(InsightKind(entry.title, there is not None, place.url if place else ""))
    return tuple(kinds)


def _held(frame: ProjectFrame, entry: InsightEntry) -> list[Held]:
    return [held for source in entry.sources if (held := _held_by_a_tool(frame, source))]


def _held_by_a_tool(frame: ProjectFrame, source: str) -> Held | None:
    number = frame.walk.project.pk
    for state in frame.tools:
        held = state.tool.holds(state.dossier, source, number)
        if held is not None:
            return held
    # The worksheet's place was taken by an app, which is there when anything is in it.
    worksheet = source.partition(".")[0]
    for slot in frame.walk.catalogue.slots:
        state_here = frame.state_of_slot(slot)
        if slot.worksheet == worksheet and state_here is not None:
            is_there = not state_here.tool.is_empty(state_here.dossier)
            return Held(is_there, tool_url(number, state_here.tool.slug))
    return None
