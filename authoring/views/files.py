"""A version as a file: fetched, and brought in as a draft."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.selectors import is_installation_administrator
from authoring.forms.others import INSTALLATION, ORGANISATION, UploadForm
from authoring.selectors import content_of_version
from authoring.views.opening import administered, open_version, require_editor
from common.outcomes import Refusal, add_refusal
from methodology import services
from methodology.files import MethodFileError, MethodFilesRefused, VersionContent, write_document


@require_safe
def download(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The version as YAML. A draft that lacks something cannot be a file yet: the page where it
    would be published says what."""
    version = open_version(request, key, number)
    try:
        data = write_document(VersionContent(key, number, content_of_version(version)))
    except MethodFilesRefused:
        messages.error(
            request,
            _("The draft cannot be a file before this is mended, so that it can be read back."),
        )
        return redirect("authoring:publish", key)
    return HttpResponse(
        data,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{key}-{number}.yaml"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    require_editor(request)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        owners=_owners(request),
        cancel_url=reverse("authoring:index"),
    )
    errors: tuple[MethodFileError, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            return _import(request, form)
        except services.AlreadyDrafted as refusal:
            form.add_error("file", str(refusal))
        except MethodFilesRefused as refusal:
            errors = refusal.errors
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
    context = {"form": form, "errors": errors}
    return render(request, "authoring/upload.html", context)


def _owners(request: HttpRequest) -> list[tuple[str, str]]:
    organisation = administered(request)
    owners = [(ORGANISATION, organisation.name)] if organisation else []
    if is_installation_administrator(request.user):
        owners.append((INSTALLATION, _("the whole installation")))
    return owners


def _import(request: HttpRequest, form: UploadForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    owner = form.cleaned_data.get("owner") or form.owner
    imported = services.import_document(
        data=file.read(),
        name=file.name or "file.yaml",
        actor=request.user,
        organisation=administered(request) if owner == ORGANISATION else None,
    )
    draft = imported.draft
    messages.success(
        request,
        _("The file is here as a draft: version %(number)s of %(method)s.")
        % {"number": draft.number, "method": draft.method.key},
    )
    return redirect("authoring:draft", draft.method.key)
