"""Reads for the pages of tools and slots."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from common.markdown import plain_text
from methodology.catalogue import Catalogue, SlotEntry
from projects.access import ProjectAccess
from projects.models import Project
from tools import registry
from tools.contract import Column, Finding, ProjectContext, Register, Tool, Weight, cell_value
from tools.enums import SlotCondition
from tools.links import tool_url
from tools.models import RegisterRow, SlotState
from tools.privacy import part_for
from tools.services import RESTORE_WINDOW

# So many deleted rows are offered for bringing back.
MOST_DELETED = 100


@dataclass(frozen=True, slots=True)
class ToolContents:
    """A tool in one project: what one person may see of it, and what is missing."""

    tool: Tool
    dossier: Any
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.weight is Weight.MISSING)


@dataclass(frozen=True, slots=True)
class SlotCard:
    """One of the method's tools as a list shows it."""

    title: str
    purpose: str
    url: str
    condition: SlotCondition
    label: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SlotGroup:
    """``is_current`` marks the tools of the phase that the project is in."""

    is_current: bool
    cards: tuple[SlotCard, ...]


def contents_of(tool: Tool, access: ProjectAccess, context: ProjectContext) -> ToolContents:
    """The tool's own constant number of queries."""
    dossier = tool.load([access.project.pk])[access.project.pk]
    return _contents(tool, dossier, access, context)


def _contents(
    tool: Tool, dossier: Any, access: ProjectAccess, context: ProjectContext
) -> ToolContents:
    # The findings are asked of the whole dossier: that something restricted is missing is open.
    return ToolContents(tool, part_for(dossier, access), tool.findings(dossier, context))


def slot_of_tool(catalogue: Catalogue, tool: Tool) -> SlotEntry | None:
    """The first of the method's slots that the tool serves."""
    return next(iter(registry.slots_of(catalogue, tool)), None)


def slot_states(project: Project) -> dict[str, SlotState]:
    """What the project says about each slot, by the slot's key, also of slots that its method no
    longer has. One query."""
    return {state.slot_key: state for state in SlotState.objects.filter(project=project)}


def slot_groups(access: ProjectAccess, context: ProjectContext) -> tuple[SlotGroup, ...]:
    """Every tool of the method, those of the current phase first, then tools that the method does
    not know. One query and those of the tools."""
    project = access.project
    states = slot_states(project)
    tools = registry.tools_of(context.catalogue)
    loaded = registry.load_tools(tools, [project.pk])
    contents = [_contents(tool, loaded[tool.key][project.pk], access, context) for tool in tools]
    current = _current_slots(context)
    now: list[SlotCard] = []
    later: list[SlotCard] = []
    for slot in context.catalogue.slots:
        serving = next((each for each in contents if each.tool.serves_slot(slot)), None)
        card = _card(project, slot, states.get(slot.key), serving)
        (now if slot.key in current else later).append(card)
    later += [
        _tool_card(project, each, str(each.tool.title), str(each.tool.purpose))
        for each in contents
        if not registry.slots_of(context.catalogue, each.tool)
    ]
    groups = (SlotGroup(True, tuple(now)), SlotGroup(False, tuple(later)))
    return tuple(group for group in groups if group.cards)


def deleted_rows(register: Register, project: Project) -> QuerySet[RegisterRow]:
    """Rows that can still be brought back, newest first, with whom to ask. One query."""
    model = register.model
    people = [
        field.name
        for field in model._meta.fields
        if field.many_to_one and field.name not in {"project", "created_by", "updated_by"}
    ]
    return (
        model._default_manager.filter(
            project=project, deleted_at__gte=timezone.now() - RESTORE_WINDOW
        )
        .select_related(*people)
        .order_by("-deleted_at", "-pk")[:MOST_DELETED]
    )


def searched(rows: Sequence[Any], columns: Collection[Column], words: str) -> list[Any]:
    """The rows whose shown values hold every word, whatever their case."""
    wanted = words.casefold().split()
    if not wanted:
        return list(rows)
    found = []
    for row in rows:
        values = (cell_value(column, getattr(row, column.name)) for column in columns)
        text = " ".join(str(value) for value in values if value is not None).casefold()
        if all(word in text for word in wanted):
            found.append(row)
    return found


def _current_slots(context: ProjectContext) -> frozenset[str]:
    if context.current_phase is None:
        return frozenset()
    phase = context.catalogue.phase(context.current_phase)
    return frozenset(
        slot.key for slots in (phase.slots, *(step.slots for step in phase.steps)) for slot in slots
    )


def _card(
    project: Project, slot: SlotEntry, state: SlotState | None, contents: ToolContents | None
) -> SlotCard:
    purpose = plain_text(slot.texts.get("purpose"))
    if contents is not None:
        card = _tool_card(project, contents, slot.title, purpose)
    else:
        condition = SlotCondition.NOTED if state and state.note else SlotCondition.NO_PAGE
        url = reverse("tools:slot", args=[project.pk, slot.key])
        card = SlotCard(slot.title, purpose, url, condition, str(condition.label))
    if state is not None and state.is_not_relevant:
        condition = SlotCondition.NOT_RELEVANT
        return SlotCard(
            card.title,
            card.purpose,
            card.url,
            condition,
            str(condition.label),
            state.not_relevant_reason,
        )
    return card


def _tool_card(project: Project, contents: ToolContents, title: str, purpose: str) -> SlotCard:
    missing = len(contents.missing)
    if missing:
        # Also where nothing is written: the menu counts it, so its card has to say it.
        condition = SlotCondition.INCOMPLETE
    else:
        is_empty = contents.tool.is_empty(contents.dossier)
        condition = SlotCondition.EMPTY if is_empty else SlotCondition.COMPLETE
    return SlotCard(
        title=title,
        purpose=purpose,
        url=tool_url(project.pk, contents.tool.slug),
        condition=condition,
        label=(
            missing_label(missing)
            if condition is SlotCondition.INCOMPLETE
            else str(condition.label)
        ),
    )


def missing_label(number: int) -> str:
    return ngettext("%(number)s thing missing", "%(number)s things missing", number) % {
        "number": number
    }
