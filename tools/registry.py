"""The tools of this installation."""

from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from methodology.catalogue import SlotEntry
from tools.contract import Tool


@lru_cache(maxsize=1)
def all_tools() -> tuple[Tool, ...]:
    """Every registered tool, in the order of the settings."""
    return tuple(import_string(path)() for path in settings.VEIKART_TOOLS)


def tool_by_key(key: str) -> Tool | None:
    return next((tool for tool in all_tools() if tool.key == key), None)


def tool_by_slug(slug: str) -> Tool | None:
    return next((tool for tool in all_tools() if tool.slug == slug), None)


def resolve(slot: SlotEntry) -> Tool | None:
    """The tool that serves ``slot``, or ``None``: then the slot has guidance and a note field."""
    return tool_by_key(slot.tool)


def settles(finding_code: str) -> bool:
    """Whether a tool that gives this finding code is here."""
    return tool_by_key(finding_code.split(".", 1)[0]) is not None
