"""Filling in a worksheet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from methodology.enums import FieldKind
from worksheets.forms import AnswersForm, sheet_form
from worksheets.models import Sheet
from worksheets.services import save_answers
from worksheets.values import with_promises
from worksheets.views.place import SheetPlace, saved_form, saved_words, sheet_place


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, project_id: int, worksheet_key: str) -> HttpResponse:
    """One form for everything but tables and pictures. ``then`` in what is sent names a table or a
    picture that the person goes on to, with everything saved."""
    place = sheet_place(request, project_id, worksheet_key)
    if request.method != "POST":
        if not place.may_write:
            # Findings link here; who only reads sees the sheet.
            return redirect(place.page_url)
        return _page(request, place, _form(place, None))
    place.require_write()
    before = place.stored().number
    form, sheet = saved_form(
        lambda: _form(place, request.POST), lambda form: _save(request, place, form)
    )
    if sheet is None:
        return _page(request, place, form)
    messages.success(request, saved_words(sheet, before, str(place.tool.title)))
    return redirect(_next_url(request, place))


def _form(place: SheetPlace, data: object) -> AnswersForm:
    sheet = place.stored()
    return sheet_form(
        data,
        worksheet=with_promises(place.worksheet, sheet.guarded),
        answers=sheet.answers,
        version=sheet.version,
        dossier=place.dossier(),
        choosable=place.choosable(),
        context=place.context,
        cancel_url=place.page_url,
    )


def _save(request: HttpRequest, place: SheetPlace, form: AnswersForm) -> Sheet:
    return save_answers(
        project=place.project,
        worksheet=place.worksheet,
        changes=form.changes,
        expected=form.version,
        actor=request.user,
    )


def _next_url(request: HttpRequest, place: SheetPlace) -> str:
    wanted = request.POST.get("then", "")
    for field in place.worksheet.fields:
        if field.key == wanted and field.kind is FieldKind.ROWS:
            return place.url("row_create", field.key)
        if field.key == wanted and field.kind is FieldKind.PICTURE:
            return place.url("picture_edit", field.key)
    return place.page_url


def _page(request: HttpRequest, place: SheetPlace, form: AnswersForm) -> HttpResponse:
    return render(request, "worksheets/edit.html", {**place.page(), "form": form})
