"""One part of an organisation's adjustments at a time: hiding, lowering, adding, noting."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from authoring.forms.overlays import (
    AdjustForm,
    NoteForm,
    OverlayForm,
    OwnCriterionForm,
    OwnStepForm,
    languages_for,
    text_values,
)
from authoring.overlay_tree import title_of
from authoring.views.opening import Gone, draft_page
from authoring.views.overlay_opening import OpenOverlay, open_overlay
from common.outcomes import Refusal, add_refusal
from methodology.catalogue import catalogue_of
from methodology.enums import Severity
from methodology.models import OverlayVersion
from methodology.overlays import NOTE_KINDS
from methodology.services import overlaying

Content = dict[str, Any]
Save = Callable[[OverlayVersion], object]


def _no_draft(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "POST":
        raise Gone(
            _("There is no draft now. It is published, or somebody discarded it."),
            reverse("authoring:overlay", args=[key]),
            status=410,
        )
    messages.info(request, _("There is no draft. Begin one first."))
    return redirect("authoring:overlay", key)


def _back(key: str, anchor: str) -> str:
    return f"{reverse('authoring:overlay', args=[key])}#{anchor}"


def _answer(
    request: HttpRequest,
    opened: OpenOverlay,
    form: OverlayForm,
    save: Save,
    *,
    anchor: str,
    **context: object,
) -> HttpResponse:
    """Saves what was sent and leads back to the overview; else the page with the form."""
    is_sent = request.method == "POST" and opened.draft is not None and form.is_valid()
    if is_sent and _save(request, form, opened.draft, save):
        return redirect(_back(opened.key, anchor))
    return render(
        request,
        "authoring/overlay_form.html",
        {
            "opened": opened,
            "key": opened.key,
            "catalogue": catalogue_of(opened.version),
            "organisation": opened.organisation,
            "form": form,
            **context,
        },
    )


def _save(request: HttpRequest, form: OverlayForm, draft: OverlayVersion, save: Save) -> bool:
    """Whether it was saved; else the reason stands in ``form``."""
    try:
        save(draft)
    except overlaying.OverlayRefused as refusal:
        for problem in refusal.problems:
            name = problem.field.replace(".", "_")
            form.add_error(name if name in form.fields else None, problem.reason)
        return False
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    messages.success(request, _("Saved in the draft."))
    return True


def _form_arguments(request: HttpRequest, draft: OverlayVersion, back: str) -> dict[str, Any]:
    return {
        "data": request.POST if request.method == "POST" else None,
        "number": draft.stamp,
        "cancel_url": back,
    }


# --- hiding and lowering --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def step(request: HttpRequest, key: str, step_key: str) -> HttpResponse:
    """Hide a step of the method, or show it again."""
    opened = open_overlay(request, key)
    part = _found(each for phase in opened.content["phases"] for each in phase["steps"])(step_key)
    draft = opened.draft
    if draft is None:
        return _no_draft(request, key)
    stored = _stored(draft.content["hidden_steps"], step=step_key)
    anchor = f"step-{step_key}"
    form = AdjustForm(
        **_form_arguments(request, draft, _back(key, anchor)),
        initial={"is_adjusted": bool(stored), "reason": stored.get("reason", "")},
        label=_("Hide it in our projects"),
        reason_help=_("Shown in the projects, beside the name of what is hidden."),
    )

    def save(draft: OverlayVersion) -> None:
        if not form.cleaned_data["is_adjusted"]:
            overlaying.show_step(draft=draft, step_key=step_key, actor=request.user)
            return
        overlaying.hide_step(
            draft=draft,
            content=opened.content,
            step_key=step_key,
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )

    lead = _("Notes that a project has written there are kept, and shown with its method.")
    return _answer(request, opened, form, save, anchor=anchor, title=title_of(part), lead=lead)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def criterion(request: HttpRequest, key: str, gate_key: str, criterion_key: str) -> HttpResponse:
    """Lower a must of the method, or hide a should; or take that back."""
    opened = open_overlay(request, key)
    gate = _gate(opened, gate_key)
    part = _found(gate["criteria"])(criterion_key)
    draft = opened.draft
    if draft is None:
        return _no_draft(request, key)
    is_must = part["severity"] == Severity.MUST
    where = "lowered_criteria" if is_must else "hidden_criteria"
    stored = _stored(draft.content[where], gate=gate_key, criterion=criterion_key)
    anchor = f"gate-{gate_key}"
    form = AdjustForm(
        **_form_arguments(request, draft, _back(key, anchor)),
        initial={"is_adjusted": bool(stored), "reason": stored.get("reason", "")},
        label=_("Make it a should in our projects") if is_must else _("Hide it in our projects"),
        reason_help=(
            _("Shown to everybody at the decision point, also to the one who decides.")
            if is_must
            else _("Shown here, for those who look after the adjustments after you.")
        ),
    )
    what = {"gate_key": gate_key, "criterion_key": criterion_key, "actor": request.user}

    def save(draft: OverlayVersion) -> None:
        if not form.cleaned_data["is_adjusted"]:
            overlaying.restore_criterion(draft=draft, **what)
            return
        adjust = overlaying.lower_criterion if is_must else overlaying.hide_criterion
        adjust(draft=draft, content=opened.content, reason=form.cleaned_data["reason"], **what)

    lead = (
        _("The method has this as a must: without it, “go” cannot be recommended.")
        if is_must
        else _("The method has this as a should: what is missing is told, and stops nobody.")
    )
    return _answer(request, opened, form, save, anchor=anchor, title=title_of(part), lead=lead)


# --- adding ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def own_step(request: HttpRequest, key: str, step_key: str = "") -> HttpResponse:
    """Add a step, or change one that the organisation has added."""
    opened = open_overlay(request, key)
    draft = opened.draft
    if draft is None:
        return _no_draft(request, key)
    stored: Content = _found(draft.content["steps"])(step_key) if step_key else {}
    asked = request.GET.get("phase", "")
    place = f"{stored['phase']}/{stored['after']}" if stored else f"{asked}/"
    anchor = f"step-{step_key}" if step_key else f"phase-{slugify(asked)}"
    form = OwnStepForm(
        **_form_arguments(request, draft, _back(key, anchor)),
        content=opened.content,
        languages=languages_for(opened.content, opened.language),
        initial={
            "place": place,
            "tools": stored.get("tools", []),
            "optional": stored.get("optional", False),
            **text_values(stored),
        },
    )

    def save(draft: OverlayVersion) -> None:
        overlaying.save_own_step(
            draft=draft,
            content=opened.content,
            values=form.values(),
            actor=request.user,
            key=step_key,
        )

    return _answer(
        request,
        opened,
        form,
        save,
        anchor=anchor,
        title=title_of(stored) if stored else _("Add one of your own"),
        lead=_("It stands among the method's own, marked with your organisation's name."),
        remove_url=_remove_url(key, "steps", step_key),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def own_criterion(
    request: HttpRequest, key: str, gate_key: str, criterion_key: str = ""
) -> HttpResponse:
    """Add a criterion to a gate, or change one that the organisation has added."""
    opened = open_overlay(request, key)
    gate = _gate(opened, gate_key)
    draft = opened.draft
    if draft is None:
        return _no_draft(request, key)
    own = [each for each in draft.content["criteria"] if each["gate"] == gate_key]
    stored: Content = _found(own)(criterion_key) if criterion_key else {}
    anchor = f"gate-{gate_key}"
    form = OwnCriterionForm(
        **_form_arguments(request, draft, _back(key, anchor)),
        languages=languages_for(opened.content, opened.language),
        initial={"severity": stored.get("severity", "should"), **text_values(stored)},
    )

    def save(draft: OverlayVersion) -> None:
        overlaying.save_own_criterion(
            draft=draft,
            content=opened.content,
            gate_key=gate_key,
            values=form.values(),
            actor=request.user,
            key=criterion_key,
        )

    return _answer(
        request,
        opened,
        form,
        save,
        anchor=anchor,
        title=title_of(stored) if stored else _("Ask for one thing more"),
        lead=title_of(gate),
        remove_url=_remove_url(key, "criteria", criterion_key),
    )


def _remove_url(key: str, part: str, part_key: str) -> str:
    """Empty for what is only being added."""
    return reverse("authoring:overlay_remove", args=[key, part, part_key]) if part_key else ""


@require_POST
@draft_page
def remove(request: HttpRequest, key: str, part: str, part_key: str) -> HttpResponse:
    """Take one of the organisation's own steps or criteria out of the draft."""
    opened = open_overlay(request, key)
    if part not in ("steps", "criteria"):
        raise Http404
    if opened.draft is None:
        return _no_draft(request, key)
    try:
        overlaying.remove_own(draft=opened.draft, part=part, key=part_key, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("It is taken out of the draft."))
    return redirect("authoring:overlay", key)


# --- noting ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def note(request: HttpRequest, key: str, kind: str, part_key: str) -> HttpResponse:
    """What the organisation says about a phase, step, tool or gate of the method."""
    opened = open_overlay(request, key)
    if kind not in NOTE_KINDS:
        raise Http404
    part = _found(_parts(opened, kind))(part_key)
    draft = opened.draft
    if draft is None:
        return _no_draft(request, key)
    stored = _stored(draft.content["notes"], kind=kind, key=part_key)
    anchor = f"{kind}-{part_key}"
    form = NoteForm(
        **_form_arguments(request, draft, _back(key, anchor)),
        languages=languages_for(opened.content, opened.language),
        initial=text_values(stored),
    )

    def save(draft: OverlayVersion) -> None:
        overlaying.save_note(
            draft=draft,
            content=opened.content,
            kind=kind,
            key=part_key,
            text=form.texts_by_language().get("text", {}),
            actor=request.user,
        )

    return _answer(
        request,
        opened,
        form,
        save,
        anchor=anchor,
        title=_("Note on “%(title)s”") % {"title": title_of(part)},
        lead=_("Bold, italic, lists and links can be used, as in the method's own guidance."),
    )


def _parts(opened: OpenOverlay, kind: str) -> list[Content]:
    phases = opened.content["phases"]
    return {
        "phase": list(phases),
        "step": [step for phase in phases for step in phase["steps"]],
        "tool": opened.content["tools"],
        "gate": [phase["gate"] for phase in phases if phase["gate"]],
    }[kind]


def _stored(entries: list[Content], **identity: str) -> Content:
    """What the draft says about a part; nothing when it says nothing."""
    for each in entries:
        if all(each[name] == value for name, value in identity.items()):
            return each
    return {}


def _gate(opened: OpenOverlay, gate_key: str) -> Content:
    return _found(_parts(opened, "gate"))(gate_key)


def _found(parts: Any) -> Callable[[str], Content]:
    """Looks a part up by its key; 404 when there is none."""

    def find(key: str) -> Content:
        for part in parts:
            if part["key"] == key:
                found: Content = part
                return found
        raise Http404

    return find
