"""A project's method: what it stands on, what is kept, and moving it to another version."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.messages import success_with_action
from common.outcomes import Denied, Refusal
from methodology.enums import VersionStatus
from methodology.models import MethodVersion, OverlayVersion
from methodology.selectors_overlays import overlays_of
from phases.frame import frame_of
from phases.kept import kept_of
from phases.services import may_move_project, move_project, plan_move
from projects.access import ProjectAccess, open_project
from projects.method import Edition, newest_edition
from projects.models import Project
from worksheets.models import Sheet


@dataclass(frozen=True, slots=True)
class Choosable:
    """What a project of this organisation and method can stand on, the newest first."""

    versions: tuple[MethodVersion, ...]
    overlays: tuple[OverlayVersion, ...]

    def edition(self, asked: QueryDict) -> Edition | None:
        """The one that an address names (``version`` and ``overlay``, ``0`` for none of these)."""
        overlay_number = asked.get("overlay", "0")
        version = _numbered(self.versions, asked.get("version", ""))
        overlay = _numbered(self.overlays, overlay_number)
        if version is None or (overlay is None and overlay_number != "0"):
            return None
        return Edition(version, overlay)


def _numbered(rows: tuple, number: str) -> MethodVersion | OverlayVersion | None:
    return next((row for row in rows if str(row.number) == number), None)


def _choosable(project: Project) -> Choosable:
    """Two queries."""
    method_id = project.method_version.method_id
    return Choosable(
        versions=tuple(
            MethodVersion.objects.filter(method_id=method_id)
            .exclude(status=VersionStatus.DRAFT)
            .select_related("method")
            .order_by("-number")
        ),
        overlays=tuple(overlays_of(project.organisation_id, method_id)),
    )


@require_safe
def method(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    walk = frame_of(request, access.project).walk
    may_move = may_move_project(access)
    newest = newest_edition(access.project)
    context = {
        "project": access.project,
        "access": access,
        "walk": walk,
        "catalogue": walk.catalogue,
        "newest": newest,
        "newest_url": _address(access.project, newest) if newest else "",
        "may_move": may_move,
        "choosable": _choosable(access.project),
        "kept": kept_of(walk),
    }
    return render(request, "authoring/move_method.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, project_id: int) -> HttpResponse:
    """Which version, and which adjustments, stands in the address: a preview, and its button.

    Without them it is about the newest. A POST carries ``opened`` too: the project's state when the
    preview was shown.
    """
    access = open_project(request.user, project_id)
    may_move = may_move_project(access)
    if isinstance(may_move, Denied):
        raise PermissionDenied(str(may_move.reason))
    edition = _asked_edition(request, access.project)
    if edition is None:
        messages.info(request, _("The project stands on the newest version already."))
        return redirect("project_method:method", project_id)
    if request.method == "POST" and _move(request, access, edition):
        return redirect("project_method:method", project_id)
    # As it is stored now: somebody may just have been faster.
    project = (
        Project.objects.select_related("organisation", "unit").with_method().get(pk=project_id)
    )
    plan = plan_move(
        project=project,
        version=edition.version,
        overlay=edition.overlay,
        filled=_filled(project),
    )
    context = {
        "project": project,
        "access": access,
        "plan": plan,
        "edition": edition,
        "post_url": _address(project, edition),
    }
    return render(request, "authoring/move.html", context)


def _asked_edition(request: HttpRequest, project: Project) -> Edition | None:
    """404 for a version or adjustments that there are not. ``None``: nothing is asked for, and
    there is nothing newer."""
    if "version" not in request.GET:
        return newest_edition(project)
    edition = _choosable(project).edition(request.GET)
    if edition is None:
        raise Http404
    return edition


def _filled(project: Project) -> set[tuple[str, str]]:
    """Which worksheet fields have something in them. One query."""
    return {
        (key, field)
        for key, answers in Sheet.objects.filter(project=project).values_list(
            "worksheet_key", "answers"
        )
        for field in answers
    }


def _address(project: Project, edition: Edition) -> str:
    """Of the preview; ``opened`` lets a button in a message refuse when somebody was faster."""
    overlay = edition.overlay.number if edition.overlay else 0
    return (
        f"{reverse('project_method:move', args=[project.pk])}"
        f"?version={edition.version.number}&overlay={overlay}&opened={project.row_version}"
    )


def _move(request: HttpRequest, access: ProjectAccess, edition: Edition) -> bool:
    """Whether it was moved; else a message says why not."""
    project = access.project
    before = Edition(project.method_version, project.overlay_version)
    opened = request.GET.get("opened", "")
    try:
        moved = move_project(
            project=project,
            version=edition.version,
            overlay=edition.overlay,
            actor=request.user,
            expected_version=int(opened) if opened.isdecimal() and len(opened) < 10 else 0,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return False
    success_with_action(
        request,
        _("The project stands on version %(number)s now. Everything that is written is kept.")
        % {"number": edition.version.number},
        _("Move it back"),
        _address(moved, before),
    )
    return True
