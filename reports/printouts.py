"""The page where one tool of a project is ordered as slides or on a page."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from accounts.models import Language
from accounts.policy import ProjectPermission
from common import wording
from common.outcomes import Refusal, add_refusal
from reports import services
from reports.forms import PrintForm
from tools.privacy import open_part
from tools.views.place import ToolPlace, tool_place


@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, project_id: int, tool_slug: str) -> HttpResponse:
    place = tool_place(request, project_id, tool_slug)
    if not place.tool.prints:
        raise Http404
    place.access.require(ProjectPermission.ORDER_REPORT)
    project = place.access.project
    form = PrintForm(
        request.POST or None,
        prints=place.tool.prints,
        initial={
            "kind": _kind(request.GET.get("kind", ""), place.tool.prints),
            "language": project.document_language,
        },
        cancel_url=reverse("tools:tool", args=[project.pk, place.tool.slug]),
    )
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        try:
            job = services.order_printout(
                project=project,
                tool=place.tool,
                title=_title(place, language),
                kind=form.cleaned_data["kind"],
                language=language,
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            return redirect("reports:job", job_id=job.pk)
    dossier = place.tool.load([project.pk])[project.pk]
    context = {
        **place.page(),
        "form": form,
        "is_empty": place.tool.is_empty(open_part(dossier)),
        "not_printed": place.tool.not_printed(dossier),
    }
    return render(request, "reports/order_printout.html", context)


def _kind(wanted: str, prints: tuple[str, ...]) -> str:
    return wanted if wanted in prints else prints[0]


def _title(place: ToolPlace, language: Language) -> str:
    """What the method calls the tool, in the language of the printout."""
    with (
        translation.override(language),
        wording.override(place.access.project.organisation.wording),
    ):
        return place.title
