from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Language, User
from common.outcomes import Refusal, add_refusal
from projects.access import open_project
from projects.models import Project
from reports import selectors, services
from reports.enums import ABOUT_PROJECTS, JobStatus, ReportKind
from reports.forms import OrderForm
from reports.models import ReportJob

REPORTS_PER_PAGE = 30
# A page of tick boxes is a list to read; beyond this the project list with its filters is better.
PROJECTS_OFFERED = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    own = selectors.own_reports(request.user)
    page = Paginator(own, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "fetchable": _fetchable(request.user, page.object_list)}
    return render(request, "reports/index.html", context)


@require_safe
def project_reports(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    found = selectors.reports_about(request.user, access.project)
    page = Paginator(found, REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": access.project,
        "access": access,
        "page_obj": page,
        "fetchable": {job.pk for job in page.object_list},
        "printable": selectors.printable_tools(access.project),
    }
    return render(request, "reports/project.html", context)


def _fetchable(user: User, jobs: Any) -> set[int]:
    """Which of the jobs on a page may be fetched now. One query."""
    numbers = [job.pk for job in jobs]
    found = selectors.fetchable_reports(user).filter(pk__in=numbers).order_by("pk")
    return set(found.values_list("pk", flat=True))


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest) -> HttpResponse:
    wanted = _project_numbers(request)
    orderable = selectors.orderable_projects(request.user).select_related("unit", "organisation")
    offered, is_cut = _offered(orderable, wanted)
    form = OrderForm(
        request.POST or None,
        projects=offered,
        initial={
            "kind": _kind(request.GET.get("kind", "")),
            "projects": sorted(wanted),
            "language": _language(request, offered, wanted),
        },
        cancel_url=reverse("reports:index"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            job = services.order_report(
                projects=list(form.cleaned_data["projects"]),
                kind=form.cleaned_data["kind"],
                language=form.cleaned_data["language"],
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            return redirect("reports:job", job_id=job.pk)
    context = {
        "form": form,
        "is_cut": is_cut,
        "offered": PROJECTS_OFFERED,
        "has_projects": offered.exists(),
        "others_url": reverse("reports:order") if wanted else "",
    }
    return render(request, "reports/order.html", context)


def _project_numbers(request: HttpRequest) -> set[int]:
    """The projects that the address names, as ``projects=1,2`` or ``projects=1&projects=2``."""
    named = ",".join(request.GET.getlist("projects")).split(",")
    return {int(each) for each in named if each.isascii() and each.isdigit() and len(each) < 16}


def _offered(orderable: QuerySet[Project], wanted: set[int]) -> tuple[QuerySet[Project], bool]:
    """The named projects, else all, and whether some were left out because they are too many.

    A named project that is out of reach is as good as none: 404.
    """
    if wanted:
        named = orderable.filter(pk__in=wanted)
        if named.count() != len(wanted):
            raise Http404
        return named, False
    first = list(orderable.values_list("pk", flat=True)[: PROJECTS_OFFERED + 1])
    return orderable.filter(pk__in=first[:PROJECTS_OFFERED]), len(first) > PROJECTS_OFFERED


def _kind(wanted: str) -> str:
    return wanted if wanted in ABOUT_PROJECTS else ReportKind.PROJECT_PDF


def _language(request: HttpRequest, offered: QuerySet[Project], wanted: set[int]) -> str:
    """The document language that the named projects share, else the organisation's."""
    shared = set(offered.order_by().values_list("document_language", flat=True).distinct())
    if wanted and len(shared) == 1:
        return shared.pop()
    organisation = request.user.organisation
    return organisation.document_language if organisation else Language.BOKMAL


@never_cache
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """One report. While it is under way the page asks for its own middle part each second."""
    found = _load(request, job_id)
    others = found.has_waited_long and selectors.somebody_else_is_served(found)
    # What the reader has seen: nothing is sent again until something is new.
    state = f"{found.status}-{found.step}-{int(found.has_waited_long)}{int(others)}"
    if request.htmx and request.GET.get("seen") == state:
        return HttpResponse(status=204)
    context = {
        "job": found,
        "state": state,
        "others_are_served": others,
        "may_fetch": selectors.may_fetch(request.user, found),
        "is_own": found.requested_by_id == request.user.pk,
    }
    template = "reports/job_state.html" if request.htmx else "reports/job.html"
    return render(request, template, context)


def _load(request: HttpRequest, job_id: int) -> ReportJob:
    return get_object_or_404(selectors.reports_shown_to(request.user), pk=job_id)


@never_cache
@require_safe
def download(request: HttpRequest, job_id: int) -> FileResponse:
    """The file, for everybody who may see all the projects in it now."""
    found = get_object_or_404(
        selectors.fetchable_reports(request.user), pk=job_id, status=JobStatus.DONE
    )
    try:
        file = default_storage.open(str(found.file))
    except FileNotFoundError as error:
        raise Http404(_("The file is gone. Order the report again.")) from error
    return FileResponse(
        file,
        as_attachment=True,
        filename=found.file_name,
        content_type=found.kind_member.content_type,
    )


@require_POST
def cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    found = _load(request, job_id)
    try:
        services.cancel_report(job=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The report is cancelled."))
    return redirect("reports:job", job_id=found.pk)


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    found = _load(request, job_id)
    try:
        services.retry_report(job=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reports:job", job_id=found.pk)


@require_POST
def delete(request: HttpRequest, job_id: int) -> HttpResponse:
    found = _load(request, job_id)
    try:
        services.delete_report(job=found, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:job", job_id=found.pk)
    messages.success(request, _("The report is deleted. You can order it again at any time."))
    return redirect("reports:index")
