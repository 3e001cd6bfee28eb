from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.policy import ProjectPermission
from methodology.catalogue import SlotEntry
from projects.access import ProjectAccess, open_project
from projects.method import catalogue_of_project
from tools import registry
from tools.forms import RelevanceForm, SlotForm
from tools.links import tool_url
from tools.models import SlotState
from tools.views.place import return_url


@require_http_methods(["GET", "HEAD", "POST"])
def slot(request: HttpRequest, project_id: int, slot_key: str) -> HttpResponse:
    """A tool without a page of its own: guidance beside notes. One with a page is shown there."""
    access, entry = _slot_place(request, project_id, slot_key)
    if request.method == "POST":
        access.require(ProjectPermission.EDIT_CONTENT)
    tool = registry.resolve(catalogue_of_project(access.project), entry)
    if tool is not None:
        return redirect(tool_url(project_id, tool.slug))
    return _form_page(request, access, entry, SlotForm, request.path)


@require_http_methods(["GET", "HEAD", "POST"])
def relevance(request: HttpRequest, project_id: int, slot_key: str) -> HttpResponse:
    """Whether one of the method's tools is relevant here, and why not."""
    access, entry = _slot_place(request, project_id, slot_key)
    tool = registry.resolve(catalogue_of_project(access.project), entry)
    if tool is None:
        return redirect("tools:slot", project_id, slot_key)
    access.require(ProjectPermission.EDIT_CONTENT)
    return _form_page(request, access, entry, RelevanceForm, tool_url(project_id, tool.slug))


def _slot_place(
    request: HttpRequest, project_id: int, slot_key: str
) -> tuple[ProjectAccess, SlotEntry]:
    access = open_project(request.user, project_id)
    try:
        return access, catalogue_of_project(access.project).slot(slot_key)
    except KeyError:
        raise Http404 from None


def _form_page(
    request: HttpRequest,
    access: ProjectAccess,
    entry: SlotEntry,
    form_class: type[SlotForm],
    otherwise: str,
) -> HttpResponse:
    if request.method == "POST":
        access.require(ProjectPermission.EDIT_CONTENT)
    back = return_url(request, otherwise)
    state = SlotState.objects.filter(project=access.project, slot_key=entry.key).first()
    form = form_class(
        request.POST if request.method == "POST" else None,
        instance=state or SlotState(project=access.project, slot_key=entry.key),
        cancel_url="" if back == request.path else back,
    )
    if request.method == "POST" and form.is_valid() and form.save_as(request.user) is not None:
        messages.success(request, _("“%(title)s” is saved.") % {"title": entry.title})
        return redirect(back)
    return render(
        request,
        "tools/slot.html",
        {
            "project": access.project,
            "access": access,
            "slot": entry,
            "slot_state": state,
            "may_write": access.can_edit_content,
            "form": form,
        },
    )
