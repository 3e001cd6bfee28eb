from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.messages import success_with_action
from common.outcomes import Refusal
from tools.models import RegisterRow
from tools.services import delete_row, move_row, restore_row
from tools.views.place import RegisterPlace, register_place, return_url


@require_http_methods(["GET", "HEAD", "POST"])
def row_create(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str
) -> HttpResponse:
    """A new row. Values in the address are filled in, for links that know what is missing."""
    place = register_place(request, project_id, tool_slug, register_slug)
    if request.method != "POST" and not place.may_write:
        # Findings link here; who only reads sees the register, and why nothing can be added.
        return redirect(place.url())
    place.require_write()
    back = return_url(request, place.url())
    form = place.register.form(
        request.POST if request.method == "POST" else None,
        project=place.access.project,
        actor=request.user,
        initial=_prefilled(request, place),
        cancel_url=back,
    )
    if request.method == "POST" and form.is_valid():
        row = form.save_as_actor()
        if row is not None:
            messages.success(request, _("“%(row)s” is saved.") % {"row": row})
            return redirect(back)
    title = _("New %(what)s") % {"what": place.register.singular}
    return render(
        request,
        "tools/row_form.html",
        {**place.page(), "form": form, "title": title, "lead": "", "row": None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str, row_id: int
) -> HttpResponse:
    """One row: a form for those who may write, otherwise everything they may read."""
    place = register_place(request, project_id, tool_slug, register_slug)
    shown = _shown_row(place, row_id)
    row = _stored_row(place, row_id)
    if request.method == "POST":
        place.require_write()
    page = {**place.page(), "title": str(row), "lead": "", "row": row}
    if not place.may_write:
        return render(
            request,
            "tools/row.html",
            {**page, "shown": shown, "columns": place.columns, "may_write": place.may_write},
        )
    back = return_url(request, place.url())
    form = place.register.form(
        request.POST if request.method == "POST" else None,
        instance=row,
        project=place.access.project,
        actor=request.user,
        cancel_url=back,
    )
    if request.method == "POST" and form.is_valid():
        saved = form.save_as_actor()
        if saved is not None:
            messages.success(request, _("“%(row)s” is saved.") % {"row": saved})
            return redirect(back)
    return render(
        request,
        "tools/row_form.html",
        {**page, "form": form, "delete_url": place.url("row_delete", row.pk)},
    )


@require_POST
def row_delete(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str, row_id: int
) -> HttpResponse:
    """Deleted at once; the message offers to undo it."""
    place = register_place(request, project_id, tool_slug, register_slug)
    place.require_write()
    row = _stored_row(place, row_id)
    try:
        delete_row(row=row, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        success_with_action(
            request,
            _("“%(row)s” is deleted.") % {"row": row},
            _("Undo"),
            place.url("row_restore", row.pk),
        )
    return redirect(place.url())


@require_POST
def row_restore(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str, row_id: int
) -> HttpResponse:
    place = register_place(request, project_id, tool_slug, register_slug)
    place.require_write()
    row = get_object_or_404(place.register.model, pk=row_id, project=place.access.project)
    try:
        restore_row(row=row, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%(row)s” is back.") % {"row": row})
    return redirect(place.url())


@require_POST
def row_move(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str, row_id: int
) -> HttpResponse:
    """``steps`` is how far: negative is up."""
    place = register_place(request, project_id, tool_slug, register_slug)
    place.require_write()
    row = _stored_row(place, row_id)
    steps = MoveForm(request.POST)
    if steps.is_valid() and place.register.is_reordered:
        move_row(row=row, steps=steps.cleaned_data["steps"], actor=request.user)
    return redirect(f"{place.url()}#row-{row.pk}")


class MoveForm(forms.Form):
    steps = forms.IntegerField(min_value=-1000, max_value=1000)


def _stored_row(place: RegisterPlace, row_id: int) -> RegisterRow:
    return get_object_or_404(
        place.register.model.objects.select_related("created_by", "updated_by"),
        pk=row_id,
        project=place.access.project,
        deleted_at__isnull=True,
    )


def _shown_row(place: RegisterPlace, row_id: int) -> Any:
    """The row as the dossier holds it: 404 also when what it hangs on is deleted."""
    for row in place.register.rows(place.dossier()):
        if row.pk == row_id:
            return row
    raise Http404


def _prefilled(request: HttpRequest, place: RegisterPlace) -> dict[str, str]:
    names = place.register.form.base_fields
    return {name: value for name, value in request.GET.items() if name in names}
