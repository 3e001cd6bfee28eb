from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from projects.access import open_project
from tools import registry
from tools.context import context_of
from tools.selectors import contents_of, slot_groups, slot_states
from tools.views.place import tool_place


@require_safe
def index(request: HttpRequest, project_id: int) -> HttpResponse:
    """All tools of the project's method, with how far each has come."""
    access = open_project(request.user, project_id)
    context = context_of(access.project)
    return render(
        request,
        "tools/index.html",
        {
            "project": access.project,
            "access": access,
            "groups": slot_groups(access, context),
            "earlier": registry.earlier_pages(None, access.project),
        },
    )


@require_safe
def tool(request: HttpRequest, project_id: int, tool_slug: str) -> HttpResponse:
    """A tool's own page: what is missing, the figures, the picture, and its registers."""
    try:
        place = tool_place(request, project_id, tool_slug)
    except Http404:
        # Whether there is anything to read is said there, to those who may know.
        page = registry.earlier_page(project_id, tool_slug)
        if not page:
            raise
        return redirect(page)
    contents = contents_of(place.tool, place.access, place.context)
    registers = [
        (register, len(register.rows(contents.dossier)), place.access.can(register.permission))
        for register in place.tool.registers
    ]
    state = slot_states(place.access.project).get(place.slot.key) if place.slot else None
    return render(
        request,
        "tools/tool.html",
        {
            **place.page(),
            "purpose": place.purpose,
            "slot": place.slot,
            "slot_state": state,
            "context": place.context,
            "dossier": contents.dossier,
            "findings": contents.findings,
            "facts": place.tool.facts(contents.dossier),
            "is_empty": place.tool.is_empty(contents.dossier),
            "registers": registers,
            "earlier": registry.earlier_pages(place.tool, place.access.project),
        },
    )
