"""The methods that there are, their versions, and copies of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.events import lines_of
from authoring.forms.others import OwnCopyForm
from authoring.selectors import MethodRow, events_of_method, methods_for, running_projects
from authoring.views.opening import (
    administered,
    open_method,
    open_version,
    require_author,
    require_editor,
)
from common.outcomes import Refusal, add_refusal
from methodology import services
from methodology.authorship import may_author
from methodology.keys import key_of_title


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    require_editor(request)
    rows = methods_for(request.user)
    organisation = administered(request)
    context = {
        "own": [row for row in rows if row.method.organisation_id is not None],
        "shared": [row for row in rows if row.method.organisation_id is None],
        "organisation": organisation,
        "writes_shared": request.user.is_superuser,
    }
    return render(request, "authoring/index.html", context)


@require_safe
def method(request: HttpRequest, key: str) -> HttpResponse:
    require_editor(request)
    found = open_method(request, key)
    row = _row(request, key)
    projects = running_projects(found)
    context = {
        "row": row,
        "versions": [(version, projects.get(version.number, 0)) for version in row.versions],
        "may_author": may_author(request.user, found),
        "organisation": administered(request),
        "newest": row.fixed[0] if row.fixed else None,
        "earlier": row.fixed[1] if len(row.fixed) > 1 else None,
    }
    return render(request, "authoring/method.html", context)


def _row(request: HttpRequest, key: str) -> MethodRow:
    rows = methods_for(request.user, key)
    if not rows:
        raise Http404
    return rows[0]


@require_POST
def copy(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A version as a new draft; when there is one already, that one with a sentence."""
    version = open_version(request, key, number)
    require_author(request, version.method)
    try:
        draft = services.copy_to_draft(version=version, actor=request.user)
    except services.AlreadyDrafted as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(
            request,
            _("Version %(number)s is a draft now. Nobody else sees it before it is published.")
            % {"number": draft.number},
        )
    return redirect("authoring:draft", key)


@require_http_methods(["GET", "HEAD", "POST"])
def copy_own(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A copy of a version under a key of the organisation's own."""
    version = open_version(request, key, number)
    require_editor(request)
    organisation = administered(request)
    if organisation is None:
        raise PermissionDenied(
            _("A copy belongs to an organisation, and only its administrator makes one.")
        )
    form = OwnCopyForm(
        request.POST or None,
        initial={"key": f"{key_of_title(organisation.name)}-{key}"[:60].strip("-")},
        cancel_url=reverse("authoring:method", args=[key]),
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.copy_to_organisation(
                version=version,
                key=form.cleaned_data["key"],
                organisation=organisation,
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("The copy is made, as a draft. Begin by giving it a title of its own.")
            )
            return redirect("authoring:draft", draft.method.key)
    row = _row(request, key)
    context = {"form": form, "row": row, "version": version, "organisation": organisation}
    return render(request, "authoring/copy_own.html", context)


@require_safe
def history(request: HttpRequest, key: str) -> HttpResponse:
    found = open_method(request, key)
    require_author(request, found)
    row = _row(request, key)
    context = {"row": row, "lines": lines_of(events_of_method(found), row)}
    return render(request, "authoring/history.html", context)
