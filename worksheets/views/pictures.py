"""A picture in a worksheet: choosing it, taking it away, and showing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.outcomes import Refusal, add_refusal
from methodology.enums import FieldKind
from projects.access import open_project
from tools.privacy import may_see_restricted
from worksheets.forms import PictureForm
from worksheets.models import SheetPicture
from worksheets.pictures import content_type_of
from worksheets.selectors import may_see_field
from worksheets.services import remove_picture, save_picture
from worksheets.values import value_of
from worksheets.views.place import field_of, sheet_place


@require_http_methods(["GET", "HEAD", "POST"])
def picture_edit(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str
) -> HttpResponse:
    place = sheet_place(request, project_id, worksheet_key)
    field = field_of(place, field_key, FieldKind.PICTURE)
    if request.method != "POST" and not place.may_write:
        return redirect(f"{place.page_url}#field-{field.key}")
    place.require_write()
    stored = value_of(field, place.stored().answers)
    form = PictureForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        has_picture=stored is not None,
        initial={"alt": stored.get("alt", "") if stored else ""},
        cancel_url=f"{place.page_url}#field-{field.key}",
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_picture(
                project=place.project,
                worksheet=place.worksheet,
                field_key=field.key,
                picture=form.cleaned_data["picture"],
                alt=form.cleaned_data["alt"],
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": field.title})
            return redirect(f"{place.page_url}#field-{field.key}")
    return render(
        request,
        "worksheets/picture_form.html",
        {
            **place.page(),
            "field": field,
            "form": form,
            "title": field.title,
            "lead": "",
            "stored": stored,
            "remove_url": place.url("picture_remove", field.key),
        },
    )


@require_POST
def picture_remove(
    request: HttpRequest, project_id: int, worksheet_key: str, field_key: str
) -> HttpResponse:
    """Taken out of the sheet. Earlier revisions still show it, and can be brought back."""
    place = sheet_place(request, project_id, worksheet_key)
    field = field_of(place, field_key, FieldKind.PICTURE)
    place.require_write()
    remove_picture(
        project=place.project, worksheet=place.worksheet, field_key=field.key, actor=request.user
    )
    messages.success(request, _("The picture is taken out."))
    return redirect(f"{place.page_url}#field-{field.key}")


@require_safe
def picture(request: HttpRequest, project_id: int, picture_id: int) -> HttpResponse:
    """The picture itself, to those who may see the field that it stands in."""
    access = open_project(request.user, project_id)
    stored = get_object_or_404(SheetPicture, pk=picture_id, project=access.project)
    if not (may_see_restricted(access) or may_see_field(access.project, stored)):
        raise Http404
    try:
        file = stored.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=content_type_of(stored.file.name))
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
