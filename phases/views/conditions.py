"""A condition: how it was met, what shows it, and who sees to it."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.uploads import attachment
from phases import services
from phases.forms.gate import CloseConditionForm, ReassignConditionForm
from phases.models import Condition
from phases.permissions import may_close_condition, may_reassign_condition
from phases.views.acting import acted
from projects.access import ProjectAccess, open_project
from projects.selectors import people_in


def _open(
    request: HttpRequest, project_id: int, condition_id: int
) -> tuple[ProjectAccess, Condition]:
    """Strangers get 404, and so does a condition of another project."""
    access = open_project(request.user, project_id)
    condition = (
        Condition.objects.select_related(
            "owner",
            "closed_by",
            "decision__submission__project_phase__project",
            "decision__decided_by",
        )
        .filter(pk=condition_id, decision__submission__project_phase__project=access.project)
        .first()
    )
    if condition is None:
        raise Http404
    return access, condition


def _context(access: ProjectAccess, condition: Condition) -> dict[str, object]:
    return {
        "project": access.project,
        "access": access,
        "condition": condition,
        "handovers": condition.handovers.select_related("from_owner", "to_owner", "handed_over_by"),
        "may_close": may_close_condition(access, condition),
        "may_reassign": may_reassign_condition(access, condition),
        "today": timezone.localdate(),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def condition_close(request: HttpRequest, project_id: int, condition_id: int) -> HttpResponse:
    access, condition = _open(request, project_id, condition_id)
    back = f"{reverse('phases:decisions', args=[project_id])}#condition-{condition.pk}"
    form = CloseConditionForm(request.POST or None, request.FILES or None, cancel_url=back)

    def close() -> str:
        services.close_condition(
            condition=condition,
            note=form.cleaned_data["note"],
            evidence_url=form.cleaned_data["evidence_url"],
            file=form.cleaned_data["evidence_file"],
            actor=access.user,
        )
        return _("The condition is closed.")

    return acted(request, form, close, back) or render(
        request, "phases/condition.html", {**_context(access, condition), "form": form}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def condition_reassign(request: HttpRequest, project_id: int, condition_id: int) -> HttpResponse:
    access, condition = _open(request, project_id, condition_id)
    back = reverse("phases:condition_close", args=[project_id, condition_id])
    form = ReassignConditionForm(
        request.POST or None,
        people=people_in(access.project).exclude(pk=condition.owner_id),
        cancel_url=back,
    )

    def hand_over() -> str:
        owner = form.cleaned_data["owner"]
        services.reassign_condition(
            condition=condition,
            owner=owner,
            reason=form.cleaned_data["reason"],
            actor=access.user,
        )
        return _("%(name)s sees to the condition from now on.") % {"name": owner.name}

    return acted(request, form, hand_over, back) or render(
        request, "phases/condition_reassign.html", {**_context(access, condition), "form": form}
    )


@require_safe
def condition_evidence(request: HttpRequest, project_id: int, condition_id: int) -> FileResponse:
    """The file that shows how the condition was met, always as a download."""
    _access, condition = _open(request, project_id, condition_id)
    if not condition.evidence_file or not default_storage.exists(condition.evidence_file.name):
        raise Http404
    return attachment(condition.evidence_file, condition.evidence_file_name)
