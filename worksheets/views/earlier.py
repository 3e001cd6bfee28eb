"""A worksheet whose place is gone: read, and taken over by the app that serves its slot now."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import ProjectPermission
from projects.access import ProjectAccess, open_project
from projects.method import catalogue_of_project
from tools import registry
from tools.contract import Tool
from tools.links import content_slug, tool_url
from tools.privacy import part_for
from worksheets.dossier import WorksheetDossier
from worksheets.models import Sheet
from worksheets.selectors import load_dossiers, sheet_of
from worksheets.takeover import (
    Candidate,
    NotTakenOver,
    app_in_place_of,
    candidates,
    take_over_rows,
)


@dataclass(frozen=True, slots=True)
class EarlierPlace:
    """What was written in a worksheet that serves nothing any more. ``app`` has its place."""

    access: ProjectAccess
    sheet: Sheet
    dossier: WorksheetDossier
    app: Tool | None

    @property
    def title(self) -> str:
        return self.dossier.title or self.sheet.worksheet_key

    def candidates(self) -> tuple[Candidate, ...]:
        """What this person may take over."""
        if self.app is None:
            return ()
        return tuple(
            each
            for each in candidates(self.app, self.dossier, self.access.project)
            if self.access.can(each.register.permission)
        )


@require_safe
def earlier(request: HttpRequest, project_id: int, worksheet_key: str) -> HttpResponse:
    """The answers, read only. A worksheet that is in use is shown at its own page."""
    access = open_project(request.user, project_id)
    catalogue = catalogue_of_project(access.project)
    if registry.tool_in(catalogue, content_slug(worksheet_key)) is not None:
        return redirect(tool_url(project_id, content_slug(worksheet_key)))
    place = _place(access, worksheet_key)
    offered = place.candidates() if access.can_edit_content else ()
    return render(
        request,
        "worksheets/earlier.html",
        {
            **_page(place),
            "dossier": part_for(place.dossier, access),
            "offered": offered,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: HttpRequest, project_id: int, worksheet_key: str) -> HttpResponse:
    """The rows that the app offers to make of the earlier worksheet. The chosen ones are saved
    together or not at all."""
    access = open_project(request.user, project_id)
    place = _place(access, worksheet_key)
    if place.app is None:
        raise Http404
    if request.method != "POST" and not access.can_edit_content:
        return redirect("worksheets:earlier", project_id, worksheet_key)
    access.require(ProjectPermission.EDIT_CONTENT)
    found = place.candidates()
    chosen_keys = set(request.POST.getlist("row"))
    if request.method == "POST":
        chosen = [each for each in found if each.key in chosen_keys]
        try:
            number = take_over_rows(
                sheet=place.sheet, chosen=chosen, project=access.project, actor=request.user
            )
        except NotTakenOver as refused:
            found = tuple(replace(each, errors=refused.errors.get(each.key, ())) for each in found)
        else:
            messages.success(
                request,
                ngettext("%(n)s row is taken over.", "%(n)s rows are taken over.", number)
                % {"n": number},
            )
            return redirect(tool_url(project_id, place.app.slug))
    return render(
        request,
        "worksheets/take_over.html",
        {
            **_page(place),
            "candidates": found,
            "chosen": (
                chosen_keys
                if request.method == "POST"
                else {each.key for each in found if not each.is_there}
            ),
            "has_errors": any(each.errors for each in found),
        },
    )


def _place(access: ProjectAccess, key: str) -> EarlierPlace:
    """404 for a worksheet that is in use, and where nothing was ever written."""
    catalogue = catalogue_of_project(access.project)
    if registry.tool_in(catalogue, content_slug(key)) is not None:
        raise Http404
    sheet = sheet_of(access.project, key)
    if sheet is None or not sheet.answers:
        raise Http404
    pk = access.project.pk
    sheet.project = access.project
    return EarlierPlace(
        access, sheet, load_dossiers([key], [pk])[key][pk], app_in_place_of(catalogue, key)
    )


def _page(place: EarlierPlace) -> dict[str, object]:
    project = place.access.project
    return {
        "project": project,
        "access": place.access,
        "title": place.title,
        "sheet": place.sheet,
        "app": place.app,
        "app_url": tool_url(project.pk, place.app.slug) if place.app else "",
        "take_over_url": reverse(
            "worksheets:take_over", args=[project.pk, place.sheet.worksheet_key]
        ),
    }
