"""Where in a project a request is: loaded through the permission, 404 for what is not there."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from common.markdown import plain_text
from common.outcomes import Outcome
from methodology.catalogue import SlotEntry
from projects.access import ProjectAccess, open_project
from tools import registry
from tools.context import context_of
from tools.contract import Column, ProjectContext, Register, Tool
from tools.privacy import may_see_restricted, part_for
from tools.selectors import slot_of_tool


@dataclass(frozen=True, slots=True)
class ToolPlace:
    """A tool in a project. ``slot`` is its place in the project's method, if it has one."""

    access: ProjectAccess
    tool: Tool
    context: ProjectContext
    slot: SlotEntry | None

    @property
    def title(self) -> str:
        """In the method's words where it has any."""
        return self.slot.title if self.slot else str(self.tool.title)

    @property
    def purpose(self) -> str:
        own = plain_text(self.slot.texts.get("purpose")) if self.slot else ""
        return own or str(self.tool.purpose)

    def page(self) -> dict[str, Any]:
        """What every page of the tool needs in its template."""
        return {
            "project": self.access.project,
            "access": self.access,
            "tool": self.tool,
            "tool_title": self.title,
        }


@dataclass(frozen=True, slots=True)
class RegisterPlace:
    """A register of a tool in a project."""

    within: ToolPlace
    register: Register

    @property
    def access(self) -> ProjectAccess:
        return self.within.access

    @property
    def may_write(self) -> Outcome:
        return self.access.can(self.register.permission)

    def require_write(self) -> None:
        self.access.require(self.register.permission)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Those that this person may see."""
        if may_see_restricted(self.access):
            return self.register.columns
        return self.register.open_columns

    def dossier(self) -> Any:
        """The part of the tool's dossier that this person may see."""
        pk = self.access.project.pk
        return part_for(self.within.tool.load([pk])[pk], self.access)

    def url(self, name: str = "register", row: int | None = None) -> str:
        """The address of one of the register's pages."""
        parts: list[Any] = [self.access.project.pk, self.within.tool.slug, self.register.slug]
        return reverse(f"tools:{name}", args=parts if row is None else [*parts, row])

    def page(self) -> dict[str, Any]:
        return {**self.within.page(), "register": self.register, "register_url": self.url()}


def tool_place(request: HttpRequest, project_id: int, tool_slug: str) -> ToolPlace:
    access = open_project(request.user, project_id)
    context = context_of(access.project)
    tool = registry.tool_in(context.catalogue, tool_slug)
    if tool is None:
        raise Http404
    return ToolPlace(access, tool, context, slot_of_tool(context.catalogue, tool))


def register_place(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str
) -> RegisterPlace:
    within = tool_place(request, project_id, tool_slug)
    try:
        return RegisterPlace(within, within.tool.register(register_slug))
    except KeyError:
        raise Http404 from None


def return_url(request: HttpRequest, otherwise: str) -> str:
    """Where the person came from, when the address says so and it is one of ours."""
    wanted = request.GET.get("next", "")
    # A path, because Django would take a bare word for the name of a route.
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return otherwise
