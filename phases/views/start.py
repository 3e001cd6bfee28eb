"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.selectors import may_start_project
from phases.changes import latest_changes
from phases.portfolio import lines_of_walks, own_projects
from phases.selectors import walks_of
from phases.waiting import waiting_for

CHANGES_SHOWN = 8
WAITING_SHOWN = 8


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    projects = list(own_projects(request.user))
    walks = walks_of(projects)
    waiting = waiting_for(request.user, walks)
    context = {
        "waiting": waiting[:WAITING_SHOWN],
        "more_waiting": max(len(waiting) - WAITING_SHOWN, 0),
        "lines": lines_of_walks(projects, walks),
        "changes": latest_changes(projects, limit=CHANGES_SHOWN, not_by=request.user.pk),
        "may_create": may_start_project(request.user),
    }
    return render(request, "phases/start.html", context)
