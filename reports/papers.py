"""The pages where a decision record and an archive package are ordered."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Language
from accounts.policy import ProjectPermission
from common.forms import PageForm
from common.outcomes import Refusal, add_refusal
from phases.models import GateDecision
from projects.access import ProjectAccess, open_project
from reports import services
from reports.archive import decisions_of, language_of
from reports.decision_paper import frozen_content
from reports.enums import ReportKind
from reports.forms import ArchiveForm, DecisionForm
from reports.models import ReportJob


@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, project_id: int, decision_id: int) -> HttpResponse:
    """One decision, as a record or as a package."""
    access = open_project(request.user, project_id)
    access.require(ProjectPermission.ORDER_REPORT)
    found = (
        GateDecision.objects.select_related("record", "submission__record")
        .filter(pk=decision_id, submission__project_phase__project=access.project)
        .first()
    )
    if found is None:
        raise Http404
    title = gate_title(found)
    form = DecisionForm(
        request.POST or None,
        initial={"kind": _kind(request.GET.get("kind", ""))},
        cancel_url=reverse("phases:decision", args=[project_id, decision_id]),
    )
    if request.method == "POST" and form.is_valid():
        job = _order(form, access, form.cleaned_data["kind"], found, title)
        if job is not None:
            return redirect("reports:job", job_id=job.pk)
    context = {
        "project": access.project,
        "access": access,
        "decision": found,
        "gate_title": title,
        "language": Language(language_of(found, access.project)).label,
        "form": form,
    }
    return render(request, "reports/order_decision.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: HttpRequest, project_id: int) -> HttpResponse:
    """All records of the project."""
    access = open_project(request.user, project_id)
    access.require(ProjectPermission.ORDER_REPORT)
    form = ArchiveForm(
        request.POST if request.method == "POST" else None,
        cancel_url=reverse("phases:decisions", args=[project_id]),
    )
    if request.method == "POST" and form.is_valid():
        job = _order(form, access, ReportKind.ARCHIVE, None, "")
        if job is not None:
            return redirect("reports:job", job_id=job.pk)
    context = {
        "project": access.project,
        "access": access,
        "number": len(decisions_of(access.project)),
        "language": Language(access.project.document_language).label,
        "form": form,
    }
    return render(request, "reports/order_archive.html", context)


def gate_title(decision: GateDecision) -> str:
    """What the gate was called when it was decided; the phase when only the decision is left, and
    nothing when both records were disposed of."""
    submitted = frozen_content(decision.submission.record)
    if submitted:
        return str(submitted["gate"]["title"])
    return str(frozen_content(decision.record).get("phase", {}).get("title", ""))


def _kind(wanted: str) -> str:
    return wanted if wanted == ReportKind.ARCHIVE else ReportKind.DECISION_RECORD


def _order(
    form: PageForm,
    access: ProjectAccess,
    kind: ReportKind,
    decision: GateDecision | None,
    title: str,
) -> ReportJob | None:
    """``None`` when it was refused, with the reason in the form."""
    project = access.project
    language = language_of(decision, project) if decision else project.document_language
    try:
        return services.order_from_records(
            project=project,
            kind=kind,
            language=Language(language),
            actor=access.user,
            decision=decision,
            title=title,
        )
    except (Refusal, ValidationError) as error:
        add_refusal(form, error)
        return None
