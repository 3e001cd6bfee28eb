"""Everything that has changed since a decision, on a page of its own."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from phases.frame import frame_of
from phases.since import decisions_with_records, since_decision
from phases.views.disposed import tells_disposal
from projects.access import open_project

PER_PAGE = 50


@require_safe
@tells_disposal
def decision_changes(request: HttpRequest, project_id: int, decision_id: int) -> HttpResponse:
    """All differences, most important first; ``omrade`` narrows them to one area."""
    access = open_project(request.user, project_id)
    found = decisions_with_records(access.project).filter(pk=decision_id).first()
    if found is None:
        raise Http404
    frame = frame_of(request, access.project)
    since = since_decision(frame.walk, found, frame.tools)
    area = request.GET.get("omrade", "")
    shown = since.within(area) if since else ()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": access.project,
        "access": access,
        "decision": found,
        "since": since,
        "area": area if since and any(each.key == area for each in since.areas) else "",
        "page_obj": page,
        "areas": since.areas if since else (),
    }
    return render(request, "phases/decision_changes.html", context)
