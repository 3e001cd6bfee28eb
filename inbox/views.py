from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from inbox.decisions import decision_cards
from inbox.forms import EVERYBODY, MINE, TaskFilter
from phases.awaiting import asked_of
from phases.portfolio import own_projects
from phases.selectors import walks_of
from phases.waiting import (
    Bucket,
    dated_tasks,
    led_by,
    roles_in,
    waiting_answers,
    waiting_near,
)

DECISIONS_PER_PAGE = 20
TASKS_PER_PAGE = 50
TASKS_SHOWN = 8


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Decisions that wait for the person, then the nearest of everything else."""
    seats = asked_of(request.user)
    page = Paginator(seats, DECISIONS_PER_PAGE).get_page(request.GET.get("page"))
    walks = walks_of(list(own_projects(request.user)))
    others = waiting_near(request.user, walks)
    context = {
        "page_obj": page,
        "cards": decision_cards(request.user, list(page.object_list)),
        "number": len(seats),
        "others": others[:TASKS_SHOWN],
        "more": max(len(others) - TASKS_SHOWN, 0),
    }
    return render(request, "inbox/index.html", context)


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """Everything with a date and everything that asks for an answer, in one list."""
    user, today = request.user, timezone.localdate()
    walks = walks_of(list(own_projects(user)))
    led = led_by(roles_in(user, walks))
    form = TaskFilter(request.GET, leads=bool(led))
    form.is_valid()
    whose = form.cleaned_data.get("whose") or MINE
    when = form.cleaned_data.get("when") or ""
    found = [
        *waiting_answers(user, walks),
        *dated_tasks(user, walks, of_everybody_in=led if whose == EVERYBODY else ()),
    ]
    buckets = Counter(each.bucket(today).value for each in found)
    shown = sorted(
        (each for each in found if not when or each.bucket(today) == when),
        key=lambda each: each.sort_key,
    )
    page = Paginator(shown, TASKS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": list(page.object_list),
        "form": form,
        "number": len(found),
        "overdue": buckets[Bucket.OVERDUE.value],
        "is_filtered": bool(when) or whose == EVERYBODY,
    }
    return render(request, "inbox/tasks.html", context)
