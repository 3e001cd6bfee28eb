"""Addresses of a tool's pages, for findings and tasks, and the slugs of tools from content."""

from urllib.parse import urlencode

from django.urls import reverse

# What the slugs of tools from content begin with, and those of no other tool.
CONTENT_SLUG_PREFIX = "ark-"


def content_slug(key: str) -> str:
    """The slug of the tool that is made from the content with this key."""
    return f"{CONTENT_SLUG_PREFIX}{key}"


def tool_url(project_id: int, tool: str) -> str:
    """``tool`` and ``register`` are slugs, here and below."""
    return reverse("tools:tool", args=[project_id, tool])


def new_round_url(project_id: int, **place: str) -> str:
    """The page that starts a project out of this one. ``place`` says out of what: ``tool`` (a
    slug) and ``row`` (of its seeds), or ``step`` (a key); nothing means the project as a whole."""
    return f"{reverse('phases:project_create')}?{urlencode({'from': project_id, **place})}"


def register_url(project_id: int, tool: str, register: str) -> str:
    return reverse("tools:register", args=[project_id, tool, register])


def row_url(project_id: int, tool: str, register: str, row: int, field: str = "") -> str:
    """The row's page, at ``field`` when it is named."""
    address = reverse("tools:row_edit", args=[project_id, tool, register, row])
    return f"{address}#id_{field}" if field else address


def new_row_url(
    project_id: int, tool: str, register: str, field: str = "", **values: int | str
) -> str:
    """The page that adds a row, with ``values`` filled in, at ``field`` when it is named."""
    address = reverse("tools:row_create", args=[project_id, tool, register])
    if values:
        address = f"{address}?{urlencode(values)}"
    return f"{address}#id_{field}" if field else address
