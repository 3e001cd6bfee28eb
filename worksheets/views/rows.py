"""Rows of a worksheet's tables, each on a page of its own."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.messages import success_with_action
from common.outcomes import Refusal
from methodology.enums import FieldKind
from methodology.worksheets import FieldEntry
from tools.views.rows import MoveForm
from worksheets.building import Surroundings, build_rows, describe
from worksheets.dossier import SheetField
from worksheets.forms import ROW_ID_FIELD, AnswersForm, row_form
from worksheets.models import Sheet
from worksheets.services import (
    delete_sheet_row,
    last_known_row,
    move_sheet_row,
    restore_sheet_row,
    save_sheet_row,
)
from worksheets.values import ROW_ID, is_row_id, new_row_id, row_with_id, rows_of, with_promises
from worksheets.views.place import SheetPlace, field_of, saved_form, sheet_place
from worksheets.wording import row_label


@require_http_methods(["GET", "HEAD", "POST"])
def row_create(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str
) -> HttpResponse:
    """A new row. Its id is in the form: sent twice it is one row."""
    place = sheet_place(request, project_id, worksheet_key)
    field = field_of(place, field_key, FieldKind.ROWS)
    if request.method != "POST" and not place.may_write:
        return redirect(f"{place.page_url}#field-{field.key}")
    place.require_write()
    title = _("New %(what)s") % {"what": field.texts.get("singular")}
    if request.method != "POST":
        form = _form(place, field, None, new_row_id(), is_new=True)
        return _page(request, place, field, form, title)
    row_id = request.POST.get(ROW_ID_FIELD, "")
    row_id = row_id if is_row_id(row_id) else new_row_id()
    form, sheet = saved_form(
        lambda: _form(place, field, request.POST, row_id, is_new=True),
        lambda form: _save(request, place, field, row_id, form, is_new=True),
    )
    if sheet is None:
        return _page(request, place, field, form, title)
    return _saved(request, place, field, sheet, row_id)


@require_http_methods(["GET", "HEAD", "POST"])
def row_edit(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str, row_id: str
) -> HttpResponse:
    """One row. One that was deleted while somebody wrote in it comes back with what they wrote."""
    place = sheet_place(request, project_id, worksheet_key)
    field = field_of(place, field_key, FieldKind.ROWS)
    if request.method != "POST" and not place.may_write:
        return redirect(f"{place.page_url}#row-{row_id}")
    place.require_write()
    row = row_with_id(rows_of(field, place.stored().answers), row_id)
    known = row if row is not None else _known(place, field, row_id)
    title = _label(field, known)
    if request.method != "POST":
        if row is None:
            messages.info(request, _("“%(row)s” is deleted.") % {"row": title})
            return redirect(f"{place.page_url}#field-{field.key}")
        form = _form(place, field, None, row_id, is_new=False)
        return _page(request, place, field, form, title, row_id)
    form, sheet = saved_form(
        lambda: _form(place, field, request.POST, row_id, is_new=False),
        lambda form: _save(request, place, field, row_id, form, is_new=False),
    )
    if sheet is None:
        return _page(request, place, field, form, title, row_id)
    if row is None and row_with_id(rows_of(field, sheet.answers), row_id) is not None:
        messages.warning(
            request,
            _("Somebody deleted “%(row)s” while you were writing. It is back, with what you wrote.")
            % {"row": title},
        )
    return _saved(request, place, field, sheet, row_id)


@require_POST
def row_delete(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str, row_id: str
) -> HttpResponse:
    """Deleted at once; the message offers to undo it."""
    place, field = _writable(request, project_id, worksheet_key, field_key)
    row = row_with_id(rows_of(field, place.stored().answers), row_id)
    if row is None:
        _known(place, field, row_id)
    else:
        delete_sheet_row(
            project=place.project,
            worksheet=place.worksheet,
            field_key=field.key,
            row_id=row_id,
            actor=request.user,
        )
        success_with_action(
            request,
            _("“%(row)s” is deleted.") % {"row": _label(field, row)},
            _("Undo"),
            place.url("row_restore", field.key, row_id),
        )
    return redirect(f"{place.page_url}#field-{field.key}")


@require_POST
def row_restore(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str, row_id: str
) -> HttpResponse:
    place, field = _writable(request, project_id, worksheet_key, field_key)
    row = _known(place, field, row_id)
    restore_sheet_row(
        project=place.project,
        worksheet=place.worksheet,
        field_key=field.key,
        row_id=row_id,
        actor=request.user,
    )
    messages.success(request, _("“%(row)s” is back.") % {"row": _label(field, row)})
    return redirect(f"{place.page_url}#row-{row_id}")


@require_POST
def row_move(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str, row_id: str
) -> HttpResponse:
    """``steps`` is how far: negative is up."""
    place, field = _writable(request, project_id, worksheet_key, field_key)
    _known(place, field, row_id)
    steps = MoveForm(request.POST)
    if steps.is_valid():
        move_sheet_row(
            project=place.project,
            worksheet=place.worksheet,
            field_key=field.key,
            row_id=row_id,
            steps=steps.cleaned_data["steps"],
            actor=request.user,
        )
    return redirect(f"{place.page_url}#row-{row_id}")


def _writable(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str
) -> tuple[SheetPlace, FieldEntry]:
    place = sheet_place(request, project_id, worksheet_key)
    field = field_of(place, field_key, FieldKind.ROWS)
    place.require_write()
    return place, field


def _known(place: SheetPlace, field: FieldEntry, row_id: str) -> Mapping[str, Any]:
    """The row as it was last, also when it is deleted; 404 for one that never was."""
    try:
        return last_known_row(place.project, place.worksheet, field, row_id)[1]
    except Refusal:
        raise Http404 from None


def _label(field: FieldEntry, row: Mapping[str, Any]) -> str:
    columns = tuple(describe(column) for column in field.columns)
    keys = [column.key for column in field.columns]
    (shown,) = build_rows(field, [row], Surroundings())
    place = keys.index(field.row_label) if field.row_label in keys else 0
    if not shown.answers[place].text:
        return field.texts.get("singular")
    return row_label(SheetField(describe(field), columns=columns, label_column=place), shown)


def _form(
    place: SheetPlace, field: FieldEntry, data: object, row_id: str, *, is_new: bool
) -> AnswersForm:
    sheet = place.stored()
    row = row_with_id(rows_of(field, sheet.answers), row_id)
    if row is None:
        row = {ROW_ID: row_id} if is_new else _known(place, field, row_id)
    return row_form(
        data,
        field=with_promises(place.worksheet, sheet.guarded).field(field.key),
        row=row,
        row_id=row_id,
        version=sheet.version,
        choosable=place.choosable(),
        context=place.context,
        cancel_url=f"{place.page_url}#field-{field.key}",
    )


def _save(
    request: HttpRequest,
    place: SheetPlace,
    field: FieldEntry,
    row_id: str,
    form: AnswersForm,
    *,
    is_new: bool,
) -> Sheet:
    values = [form.cleaned_data.get(entry.key) for entry in form.entries]
    if is_new and all(value in (None, "", []) for value in values):
        raise Refusal(_("Fill in at least one field."))
    return save_sheet_row(
        project=place.project,
        worksheet=place.worksheet,
        field_key=field.key,
        row_id=row_id,
        changes=form.changes,
        is_new=is_new,
        expected=form.version,
        actor=request.user,
    )


def _saved(
    request: HttpRequest, place: SheetPlace, field: FieldEntry, sheet: Sheet, row_id: str
) -> HttpResponse:
    row = row_with_id(rows_of(field, sheet.answers), row_id)
    messages.success(request, _("“%(row)s” is saved.") % {"row": _label(field, row or {})})
    if request.POST.get("another"):
        return redirect(place.url("row_create", field.key))
    return redirect(f"{place.page_url}#row-{row_id}")


def _page(
    request: HttpRequest,
    place: SheetPlace,
    field: FieldEntry,
    form: AnswersForm,
    title: str,
    row_id: str = "",
) -> HttpResponse:
    return render(
        request,
        "worksheets/row_form.html",
        {
            **place.page(),
            "field": field,
            "form": form,
            "title": title,
            "lead": "",
            "delete_url": place.url("row_delete", field.key, row_id) if row_id else "",
        },
    )
