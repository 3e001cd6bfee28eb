"""What is left to do when a project ends."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policy import ProjectPermission
from common.outcomes import Refusal, add_refusal
from phases.forms.walk import StepForm
from phases.frame import frame_of, tool_cards
from phases.overview import closing_of
from phases.selectors import ClosingStep, Walk
from phases.services import update_step
from phases.views.opening import step_form, step_row
from projects.access import ProjectAccess, open_project
from projects.method import catalogue_of_project


@require_http_methods(["GET", "HEAD", "POST"])
def closing_step(request: HttpRequest, project_id: int, step_key: str) -> HttpResponse:
    """One closing step: worked on like any other, also when the project is over."""
    access = open_project(request.user, project_id)
    if request.method == "POST":
        access.require(ProjectPermission.EDIT_CONTENT)
    form = _form(request, access, step_key) if access.can_edit_content else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            update_step(step=form.instance, actor=request.user, changed=form.changed_fields)
        except (Refusal, ValidationError) as error:
            # Somebody was faster by a moment: the form is opened again on what they saved.
            form = _form(request, access, step_key)
            form.is_valid()
            add_refusal(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("phases:project", project_id)
    frame = frame_of(request, access.project)
    step = _step(frame.walk, step_key)
    context = {
        "project": access.project,
        "access": access,
        "walk": frame.walk,
        "step": step,
        "closing": closing_of(frame.walk),
        "form": form,
        "slots": tool_cards(frame, step.entry.slots),
    }
    return render(request, "phases/closing_step.html", context)


def _step(walk: Walk, key: str) -> ClosingStep:
    for step in walk.closing:
        if step.entry.key == key:
            return step
    raise Http404


def _form(request: HttpRequest, access: ProjectAccess, step_key: str) -> StepForm:
    closing_step_of = catalogue_of_project(access.project).closing_step
    return step_form(request, step_row(access.project, closing_step_of, step_key))
