"""A draft as a project leader would see it, and throwing it away."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from authoring.labels import title_of
from authoring.tree import part_url
from authoring.views.opening import (
    OpenDraft,
    changed_since,
    draft_page,
    is_as_seen,
    open_draft,
)
from common.outcomes import Refusal
from methodology import services
from methodology.catalogue import Catalogue, build_catalogue


def _catalogue(opened: OpenDraft) -> Catalogue:
    return build_catalogue(opened.draft, opened.content)


@require_safe
@draft_page
def preview(request: HttpRequest, key: str) -> HttpResponse:
    opened = open_draft(request, key)
    context = {
        "draft": opened.draft,
        "key": key,
        "catalogue": _catalogue(opened),
        "edit_url": part_url(key, ()),
    }
    return render(request, "authoring/preview_method.html", context)


@require_safe
@draft_page
def preview_phase(request: HttpRequest, key: str, phase_key: str) -> HttpResponse:
    opened = open_draft(request, key)
    catalogue = _catalogue(opened)
    try:
        phase = catalogue.phase(phase_key)
    except KeyError as error:
        raise Http404 from error
    back_to = phase.gate.back_to if phase.gate else ()
    context = {
        "draft": opened.draft,
        "key": key,
        "catalogue": catalogue,
        "phase": phase,
        "back_to": [each for each in catalogue.phases if each.key in back_to],
        "edit_url": part_url(key, ("phases", phase.key)),
    }
    return render(request, "authoring/preview_phase.html", context)


@require_safe
@draft_page
def preview_step(request: HttpRequest, key: str, phase_key: str, step_key: str) -> HttpResponse:
    opened = open_draft(request, key)
    catalogue = _catalogue(opened)
    try:
        step = catalogue.step(step_key)
    except KeyError as error:
        raise Http404 from error
    if step.phase_key != phase_key:
        raise Http404
    context = {
        "draft": opened.draft,
        "key": key,
        "catalogue": catalogue,
        "phase": catalogue.phase(phase_key),
        "step": step,
        "edit_url": part_url(key, ("phases", phase_key, "steps", step.key)),
    }
    return render(request, "authoring/preview_step.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Asked first: what has been written on the draft cannot be brought back."""
    opened = open_draft(request, key)
    if request.method == "POST":
        has_others = opened.method.versions.exclude(pk=opened.draft.pk).exists()
        try:
            if not is_as_seen(request, opened.draft):
                raise changed_since()
            services.discard_draft(draft=opened.draft, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("authoring:discard", key)
        messages.success(request, _("The draft is thrown away."))
        return redirect("authoring:method", key) if has_others else redirect("authoring:index")
    context = {
        "draft": opened.draft,
        "key": key,
        "method_title": title_of(opened.content["title"]),
    }
    return render(request, "authoring/discard.html", context)
