"""One part of a draft: read, written, added, moved, removed and put back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from authoring.forms.others import AddPartForm
from authoring.forms.part import PartForm, part_form
from authoring.forms.preview import sheet_preview
from authoring.labels import add_label, kind_label, title_of
from authoring.reading import inner_lists, read_texts
from authoring.tree import part_url, tree_of, way_to
from authoring.views.opening import (
    OpenDraft,
    address_of,
    changed_since,
    draft_page,
    is_as_seen,
    list_address_of,
    open_draft,
)
from common.messages import success_with_action
from common.outcomes import Refusal, add_refusal
from methodology import services
from methodology.part_fields import texts_of
from methodology.parts import (
    KEYLESS,
    METHOD_ADDRESS,
    Address,
    Kind,
    kind_in,
    kind_of,
    node_at,
    owner_of,
)

_REMOVED = "authoring_removed"


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """The draft as a whole: what is written about the method itself, and all its parts."""
    return _part(request, open_draft(request, key), METHOD_ADDRESS)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def part(request: HttpRequest, key: str, address: str) -> HttpResponse:
    opened = open_draft(request, key)
    return _part(request, opened, address_of(opened, address))


def _part(request: HttpRequest, opened: OpenDraft, address: Address) -> HttpResponse:
    here = part_url(opened.key, address, "?mangler=1" if "mangler" in request.GET else "")
    form = part_form(
        request.POST or None,
        content=opened.content,
        address=address,
        number=opened.draft.stamp,
        # With htmx the page stays where it is; without it the whole page comes back.
        attrs={
            "action": here,
            "hx-post": here,
            "hx-target": "#content",
            "hx-select": "#content",
            "hx-swap": "outerHTML show:none",
        },
    )
    if request.method == "POST" and form.is_valid() and _save(request, opened, address, form):
        return redirect(here)
    return render(request, "authoring/part.html", _context(request, opened, address, form))


def _save(request: HttpRequest, opened: OpenDraft, address: Address, form: PartForm) -> bool:
    try:
        changed = services.edit_part(
            draft=opened.draft,
            address=address,
            values=form.changes,
            opened=form.opened,
            actor=request.user,
        )
    except services.ChangedMeanwhile as refusal:
        for conflict in refusal.conflicts:
            form.add_error(
                conflict.field,
                _("Somebody else has just changed this to “%(theirs)s”. Save again to keep yours.")
                % {"theirs": conflict.theirs},
            )
    except (Refusal, ValidationError) as error:
        add_refusal(form, error)
    else:
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
        return True
    return False


def _context(
    request: HttpRequest, opened: OpenDraft, address: Address, form: PartForm
) -> dict[str, Any]:
    content = opened.content
    node = node_at(content, address)
    is_lacking = "mangler" in request.GET
    return {
        "opened": opened,
        "draft": opened.draft,
        "key": opened.key,
        "method_title": title_of(content["title"]),
        "node": node,
        "address": "/".join(address),
        "title": title_of(node.title),
        "kind": kind_label(node.kind, content),
        "form": form,
        "tree": tree_of(content, opened.key, address, lacking=is_lacking),
        "here": part_url(opened.key, address),
        "is_lacking": is_lacking,
        "way": way_to(content, address, opened.key),
        "lists": inner_lists(content, address, opened.key) if address else _top_lists(opened),
        "read": read_texts(node.kind, node.values),
        "has_markdown": any(not text.is_title for text in texts_of(node.kind, node.values)),
        "can_move": address and node.kind is not Kind.GATE and node.count > 1,
        "sheet": sheet_preview(content, address),
        "place": node.kind in (Kind.PHASE, Kind.STEP),
    }


def _top_lists(opened: OpenDraft) -> list[Any]:
    return inner_lists(opened.content, METHOD_ADDRESS, opened.key)


# --- adding, moving, removing -------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def part_add(request: HttpRequest, key: str, address: str) -> HttpResponse:
    opened = open_draft(request, key)
    list_address = list_address_of(opened, address)
    kind = kind_in(list_address)
    owner = list_address[:-1]
    form = AddPartForm(
        request.POST or None,
        content=opened.content,
        kind=kind,
        cancel_url=part_url(key, owner),
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_part(
                draft=opened.draft,
                list_address=list_address,
                title=form.title,
                key=form.cleaned_data.get("key", ""),
                values=_first_values(form.cleaned_data),
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("It is added. Now write what it says."))
            return redirect(part_url(key, added))
    context = {
        "draft": opened.draft,
        "key": key,
        "method_title": title_of(opened.content["title"]),
        "title": add_label(list_address[-1]),
        "form": form,
        "way": [*way_to(opened.content, owner, key), *_owner(opened, owner)],
    }
    return render(request, "authoring/part_add.html", context)


def _first_values(cleaned: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"kind": cleaned["kind"]} if cleaned.get("kind") else None


def _owner(opened: OpenDraft, owner: Address) -> list[tuple[str, str]]:
    if not owner:
        return []
    return [(title_of(node_at(opened.content, owner).title), part_url(opened.key, owner))]


@require_POST
@draft_page
def part_move(request: HttpRequest, key: str, address: str) -> HttpResponse:
    opened = open_draft(request, key)
    found = address_of(opened, address)
    if _is_another(request, opened, found):
        return redirect(part_url(key, owner_of(found)))
    by = {"up": -1, "down": 1}.get(request.POST.get("way", ""), 0)
    try:
        found = services.move_part(draft=opened.draft, address=found, by=by, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Moved."))
    return redirect(part_url(key, found))


@require_POST
@draft_page
def part_remove(request: HttpRequest, key: str, address: str) -> HttpResponse:
    """Remove a part; what is used elsewhere stays, and the page says where it is used."""
    opened = open_draft(request, key)
    found = address_of(opened, address)
    if _is_another(request, opened, found):
        return redirect(part_url(key, owner_of(found)))
    title = title_of(node_at(opened.content, found).title)
    try:
        removed = services.remove_part(draft=opened.draft, address=found, actor=request.user)
    except services.StillUsed as refusal:
        return _still_used(request, opened, found, refusal)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(part_url(key, found))
    request.session[_REMOVED] = {
        "draft": opened.draft.pk,
        "list": list(removed.list_address),
        "place": removed.place,
        "part": removed.part,
    }
    success_with_action(
        request,
        _("“%(title)s” is removed.") % {"title": title},
        _("Undo"),
        reverse("authoring:part_restore", args=[key]),
    )
    return redirect(part_url(key, owner_of(found)))


def _is_another(request: HttpRequest, opened: OpenDraft, address: Address) -> bool:
    """Whether a part that is named by its place may be another one by now; a message says so. Then
    a second click removes nothing that the first did not mean."""
    if kind_of(address) not in KEYLESS or is_as_seen(request, opened.draft):
        return False
    messages.error(request, str(changed_since()))
    return True


def _still_used(
    request: HttpRequest, opened: OpenDraft, address: Address, refusal: services.StillUsed
) -> HttpResponse:
    content = opened.content
    context = {
        "draft": opened.draft,
        "key": opened.key,
        "method_title": title_of(content["title"]),
        "title": title_of(node_at(content, address).title),
        "reason": str(refusal),
        "uses": [
            (
                kind_label(use.kind, content),
                title_of(use.title),
                part_url(opened.key, use.address),
            )
            for use in refusal.uses
        ],
        "back": part_url(opened.key, address),
    }
    return render(request, "authoring/still_used.html", context, status=409)


@require_POST
@draft_page
def part_restore(request: HttpRequest, key: str) -> HttpResponse:
    """Put back what the person removed last, while the session remembers it."""
    opened = open_draft(request, key)
    kept = request.session.get(_REMOVED)
    if kept is None or kept["draft"] != opened.draft.pk:
        messages.info(request, _("There is nothing to put back."))
        return redirect("authoring:draft", key)
    removed = services.Removed(tuple(kept["list"]), kept["place"], kept["part"])
    try:
        address = services.restore_part(draft=opened.draft, removed=removed, actor=request.user)
    except (Refusal, ValidationError) as error:
        sentence = error.messages[0] if isinstance(error, ValidationError) else str(error)
        messages.error(request, sentence)
        return redirect("authoring:draft", key)
    del request.session[_REMOVED]
    messages.success(request, _("It is back where it stood."))
    return redirect(part_url(key, address))


@require_http_methods(["GET", "HEAD"])
@draft_page
def sheet(request: HttpRequest, key: str, sheet_key: str) -> HttpResponse:
    """A worksheet's form as projects would meet it, on its own."""
    opened = open_draft(request, key)
    address = address_of(opened, f"worksheets/{sheet_key}")
    if kind_of(address) is not Kind.WORKSHEET:
        raise Http404
    context = {
        "draft": opened.draft,
        "key": key,
        "method_title": title_of(opened.content["title"]),
        "title": title_of(node_at(opened.content, address).title),
        "sheet": sheet_preview(opened.content, address),
        "back": part_url(key, address),
    }
    return render(request, "authoring/sheet.html", context)
