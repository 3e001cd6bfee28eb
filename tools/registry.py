"""The tools of this installation, and of a method."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from methodology.catalogue import Catalogue, SlotEntry
from projects.models import Project
from tools.contract import Carryable, PageLink, Tool, ToolFamily


@lru_cache(maxsize=1)
def all_tools() -> tuple[Tool, ...]:
    """Every registered app, in the order of the settings."""
    return tuple(import_string(path)() for path in settings.VEIKART_TOOLS)


@lru_cache(maxsize=1)
def all_families() -> tuple[ToolFamily, ...]:
    """Every registered family of tools from content."""
    return tuple(import_string(path)() for path in settings.VEIKART_TOOL_FAMILIES)


def tool_by_key(key: str) -> Tool | None:
    """The app with this key."""
    return next((tool for tool in all_tools() if tool.key == key), None)


def tools_of(catalogue: Catalogue) -> tuple[Tool, ...]:
    """The apps, then the method's own tools in the order of its slots. An app takes the place of
    what serves the same tool."""
    apps = all_tools()
    taken = {tool.key for tool in apps}
    return (
        *apps,
        *(
            tool
            for family in all_families()
            for tool in family.tools(catalogue)
            if tool.serves not in taken
        ),
    )


def tool_in(catalogue: Catalogue, slug: str) -> Tool | None:
    """The tool with this address in projects of the method."""
    return next((tool for tool in tools_of(catalogue) if tool.slug == slug), None)


def resolve(catalogue: Catalogue, slot: SlotEntry) -> Tool | None:
    """The tool that serves ``slot``, or ``None``: then the slot has guidance and a note field."""
    return next((tool for tool in tools_of(catalogue) if tool.serves_slot(slot)), None)


def slots_of(catalogue: Catalogue, tool: Tool) -> tuple[SlotEntry, ...]:
    """The method's slots that the tool serves."""
    return tuple(slot for slot in catalogue.slots if tool.serves_slot(slot))


def settles(catalogue: Catalogue, finding_code: str) -> bool:
    """Whether a tool that gives this finding code is here."""
    return any(tool.gives(finding_code) for tool in tools_of(catalogue))


def load_tools(
    tools: Collection[Tool], project_ids: Collection[int]
) -> dict[str, Mapping[int, Any]]:
    """Tool key -> project -> dossier. Families are read together: the number of queries does not
    grow with the number of their tools. Of two tools with one key each project gets its own."""
    loaded: dict[str, Mapping[int, Any]] = {}
    for tool in tools:
        if family_of(tool.key) is None:
            loaded[tool.key] = tool.load(project_ids)
    for family in all_families():
        members = [tool for tool in tools if family_of(tool.key) is family]
        if members:
            loaded |= family.load(members, project_ids, loaded)
    return loaded


def recorded_tool(key: str) -> Tool | None:
    """What reads a frozen record under ``key`` again, ``None`` when nothing here can."""
    family = family_of(key)
    return family.recorded(key) if family else tool_by_key(key)


def earlier_pages(tool: Tool | None, project: Project) -> tuple[PageLink, ...]:
    """Where what stood in the tool's place before can be read; see
    :meth:`ToolFamily.earlier_pages`."""
    return tuple(link for family in all_families() for link in family.earlier_pages(tool, project))


def earlier_page(project_id: int, slug: str) -> str:
    """Where a page may be read that had this address before an app took its place, or ``""``."""
    pages = (family.earlier_page(project_id, slug) for family in all_families())
    return next((page for page in pages if page), "")


def family_of(key: str) -> ToolFamily | None:
    prefix = key.partition(".")[0] if "." in key else ""
    return next((family for family in all_families() if family.prefix == prefix), None)


def carryable(source: Project) -> tuple[Carryable, ...]:
    """What of the project a new one can be given a copy of; see :meth:`ToolFamily.carryable`."""
    return tuple(each for family in all_families() for each in family.carryable(source))


def carry(
    *, source: Project, target: Project, keys: Collection[str], actor: User
) -> tuple[str, ...]:
    """Copy what ``keys`` name from one project to the other; gives the keys that were copied."""
    return tuple(
        key
        for family in all_families()
        for key in family.carry(
            source=source,
            target=target,
            keys=[key for key in keys if family_of(key) is family],
            actor=actor,
        )
    )
