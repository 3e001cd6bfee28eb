from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.xlsx import write_workbook
from tools.contract import sheet_of
from tools.selectors import deleted_rows, searched
from tools.views.place import RegisterPlace, register_place

ROWS_ON_A_PAGE = 50
LONGEST_QUERY = 200
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def register(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str
) -> HttpResponse:
    """The rows of a register, searched with ``?q=``; ``?deleted=1`` shows what can be restored."""
    place = register_place(request, project_id, tool_slug, register_slug)
    if request.GET.get("deleted") and place.may_write:
        return _deleted(request, place)
    query = request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()
    rows = place.register.rows(place.dossier())
    found = searched(rows, place.columns, query)
    return render(
        request,
        "tools/register.html",
        {
            **place.page(),
            "may_write": place.may_write,
            "query": query,
            "total": len(rows),
            "found": len(found),
            "columns": [column for column in place.columns if column.in_list],
            "page_obj": Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
            "is_reordered": bool(
                place.may_write and place.register.is_reordered and not query and len(rows) > 1
            ),
        },
    )


def _deleted(request: HttpRequest, place: RegisterPlace) -> HttpResponse:
    rows = deleted_rows(place.register, place.access.project)
    return render(request, "tools/deleted.html", {**place.page(), "rows": rows})


@require_safe
def export(
    request: HttpRequest, project_id: int, tool_slug: str, register_slug: str
) -> HttpResponse:
    """The whole register as a workbook, with the columns that this person may see."""
    place = register_place(request, project_id, tool_slug, register_slug)
    title = f"{place.access.project.name}: {place.register.title}"
    content = write_workbook(
        [sheet_of(place.register, place.dossier(), place.columns)], title=title
    )
    name = slugify(title) or _("register")
    response = HttpResponse(content, content_type=WORKBOOK)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx")
    return response
