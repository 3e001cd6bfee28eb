"""An organisation's adjustments to a method as a whole: the overview, preview, publishing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from authoring.overlay_tree import homeless_rows, overlay_tree
from authoring.views.opening import changed_since, is_as_seen
from authoring.views.overlay_opening import OpenOverlay, open_overlay
from common.outcomes import Refusal
from methodology.catalogue import Catalogue, build_catalogue, catalogue_of
from methodology.compare import compare
from methodology.models import MethodVersion, OverlayVersion
from methodology.overlays import EMPTY, apply_overlay
from methodology.parts import Kind
from methodology.selectors_overlays import overlays_of
from methodology.services import overlaying
from phases.move_words import words_of
from projects.enums import ProjectStatus
from projects.models import Project


@require_safe
def overlay(request: HttpRequest, key: str) -> HttpResponse:
    opened = open_overlay(request, key)
    shown = opened.draft or opened.published
    content = shown.content if shown else EMPTY
    context = {
        **_frame(opened),
        "tree": overlay_tree(opened.content, content),
        "homeless": homeless_rows(opened.content, content, _versions(opened)),
        "editions": overlays_of(opened.organisation.pk, opened.version.method_id),
    }
    return render(request, "authoring/overlay.html", context)


def _frame(opened: OpenOverlay) -> dict[str, object]:
    return {
        "opened": opened,
        "organisation": opened.organisation,
        "key": opened.key,
        "catalogue": catalogue_of(opened.version),
        "draft": opened.draft,
        "published": opened.published,
    }


def _versions(opened: OpenOverlay) -> tuple[Catalogue, ...]:
    """The method's versions, the newest first: to call by name what the newest has no more."""
    versions = (
        MethodVersion.objects.filter(method_id=opened.version.method_id)
        .exclude(status="draft")
        .select_related("method")
        .order_by("-number")
    )
    return tuple(catalogue_of(version) for version in versions)


@require_POST
def begin(request: HttpRequest, key: str) -> HttpResponse:
    opened = open_overlay(request, key)
    try:
        draft = overlaying.draft_from_newest(
            organisation=opened.organisation, method=opened.version.method, actor=request.user
        )
    except Refusal as refusal:
        messages.info(request, str(refusal.reason))
    else:
        messages.success(
            request,
            _("Version %(number)s is begun. Nobody's project changes before it is published.")
            % {"number": draft.number},
        )
    return redirect("authoring:overlay", key)


@require_POST
def tidy(request: HttpRequest, key: str) -> HttpResponse:
    """Take out of the draft what has no effect any more."""
    opened = open_overlay(request, key)
    if opened.draft is not None:
        try:
            overlaying.forget_homeless(
                draft=opened.draft, content=opened.content, actor=request.user
            )
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("What had no place any more is taken out of the draft."))
    return redirect("authoring:overlay", key)


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, key: str) -> HttpResponse:
    opened = open_overlay(request, key)
    if opened.draft is None:
        return _no_draft(request, key)
    if request.method == "POST":
        try:
            if not is_as_seen(request, opened.draft):
                raise changed_since()
            overlaying.discard_overlay(draft=opened.draft, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(request, _("The draft is discarded. What is published stays."))
        return redirect("authoring:overlay", key)
    tree = overlay_tree(opened.content, opened.draft.content)
    return render(request, "authoring/overlay_discard.html", {**_frame(opened), "tree": tree})


def _no_draft(request: HttpRequest, key: str) -> HttpResponse:
    messages.info(request, _("There is no draft. Begin one first."))
    return redirect("authoring:overlay", key)


@require_safe
def preview(request: HttpRequest, key: str, phase_key: str = "") -> HttpResponse:
    """One phase as those who work in a project will meet it; the first unless told."""
    opened = open_overlay(request, key)
    shown = opened.draft or opened.published
    adjusted = build_catalogue(opened.version, opened.content, shown)
    try:
        phase = adjusted.phase(phase_key) if phase_key else adjusted.phases[0]
    except KeyError as error:
        raise Http404 from error
    context = {**_frame(opened), "adjusted": adjusted, "phase": phase}
    return render(request, "authoring/overlay_preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """What will be different for projects that take it, and the button."""
    opened = open_overlay(request, key)
    draft = opened.draft
    if draft is None:
        return _no_draft(request, key)
    problems: tuple[object, ...] = ()
    if request.method == "POST":
        try:
            _publish(request, opened, draft)
        except overlaying.OverlayRefused as refusal:
            problems = refusal.problems
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            return redirect("authoring:overlay", key)
    context = {
        **_frame(opened),
        "problems": problems,
        "changes": _changes(opened, draft),
        "homeless": homeless_rows(opened.content, draft.content, _versions(opened)),
        "projects": Project.objects.filter(
            organisation=opened.organisation,
            method_version__method_id=opened.version.method_id,
            status__in=[ProjectStatus.ACTIVE, ProjectStatus.PAUSED],
        ).count(),
    }
    return render(request, "authoring/overlay_publish.html", context)


def _publish(request: HttpRequest, opened: OpenOverlay, draft: OverlayVersion) -> None:
    if request.POST.get("opened") != str(draft.stamp):
        raise changed_since()
    published = overlaying.publish_overlay(
        draft=draft, version=opened.version, content=opened.content, actor=request.user
    )
    messages.success(
        request,
        _(
            "Version %(number)s is published. New projects take it; those that are under way can "
            "be moved to it, one by one."
        )
        % {"number": published.number},
    )


def _changes(opened: OpenOverlay, draft: OverlayVersion) -> list[dict[str, object]]:
    """What is different from what is published, part by part, in words."""
    before = opened.published.content if opened.published else EMPTY
    old, new = (
        apply_overlay(opened.content, each, opened.organisation.name)
        for each in (before, draft.content)
    )
    catalogues = [
        build_catalogue(opened.version, opened.content, each) for each in (opened.published, draft)
    ]
    language = catalogues[1].texts.shown_in("title")
    return [
        {
            "change": change,
            "is_step": change.part is Kind.STEP,
            "words": [
                each
                for each in words_of(change, catalogues[0], catalogues[1], language)
                if each.field != "phase"
            ],
        }
        for change in compare(old, new)
    ]
