"""Comparing versions, and publishing a draft."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from authoring.comparing import concerning, counts, show, urls_of
from authoring.labels import field_label, kind_label, language_name, title_of
from authoring.selectors import content_of_version, methods_for, running_projects
from authoring.tree import part_url
from authoring.views.opening import (
    OpenDraft,
    changed_since,
    draft_page,
    is_as_seen,
    open_draft,
    open_method,
    require_author,
)
from common.outcomes import Refusal
from methodology import services
from methodology.authorship import may_author
from methodology.compare import COMPARED, compare
from methodology.enums import VersionStatus
from methodology.models import STAMPS, MethodVersion
from methodology.part_checks import PartProblem, problems_of
from methodology.parts import NoSuchPart, all_parts, node_at
from methodology.shapes import LANGUAGES

CHANGES_PER_PAGE = 25
EVERY_LANGUAGE = "alle"


@require_safe
def compare_versions(request: HttpRequest, key: str) -> HttpResponse:
    """Any two versions of a method; a draft only for those who write on it."""
    method = open_method(request, key)
    row = methods_for(request.user, key)[0]
    versions = list(row.versions if may_author(request.user, method) else row.fixed)
    if not versions:
        raise Http404
    new = _chosen(versions, request.GET.get("til"), versions[0])
    default = new.based_on if new.based_on in versions else _before(versions, new)
    old = _chosen(versions, request.GET.get("fra"), default)
    contents = {each.pk: content_of_version(each) for each in {old, new}}
    every = compare(contents[old.pk], contents[new.pk])
    part = request.GET.get("del", "")
    part = part if part in COMPARED else ""
    language = request.GET.get("spraak") or translation.get_language() or ""
    language = language if language in LANGUAGES else ""
    changes = concerning(every, part, language)
    page = Paginator(changes, CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    urls = urls_of(contents[new.pk], key) if new.is_draft else {}
    context = {
        "row": row,
        "versions": versions,
        "old": old,
        "new": new,
        "part": part,
        "language": language or EVERY_LANGUAGE,
        "languages": [(code, language_name(code)) for code in LANGUAGES],
        "counts": counts(every),
        "page_obj": page,
        "changes": show(page.object_list, language=language, urls=urls),
        "total": len(changes),
        "every": len(every),
    }
    return render(request, "authoring/compare.html", context)


def _chosen(
    versions: list[MethodVersion], asked: str | None, default: MethodVersion
) -> MethodVersion:
    """The version with the number that is asked for. 404 for one that is not there."""
    if not asked:
        return default
    found = next((each for each in versions if str(each.number) == asked), None)
    if found is None:
        raise Http404
    return found


def _before(versions: list[MethodVersion], new: MethodVersion) -> MethodVersion:
    """The newest version that is older than ``new``, else ``new`` itself."""
    return next((each for each in versions if each.number < new.number), new)


@require_http_methods(["GET", "HEAD", "POST"])
@draft_page
def publish(request: HttpRequest, key: str) -> HttpResponse:
    if request.method == "POST" and _is_published_already(request, key):
        return redirect("authoring:method", key)
    opened = open_draft(request, key)
    if request.method == "POST":
        try:
            if not is_as_seen(request, opened.draft):
                raise changed_since()
            version = services.publish_draft(draft=opened.draft, actor=request.user)
        except services.NotReady as refusal:
            return _publish_page(request, opened, refusal.problems)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("authoring:publish", key)
        messages.success(
            request,
            _("Version %(number)s is published. New projects begin with it.")
            % {"number": version.number},
        )
        return redirect("authoring:method", key)
    return _publish_page(request, opened, problems_of(opened.content, key))


def _is_published_already(request: HttpRequest, key: str) -> bool:
    """Whether the draft that the person saw is published: by a second click, or by a colleague. A
    message says so."""
    stamp = request.POST.get("opened", "")
    if not (stamp.isdecimal() and len(stamp) <= 18):
        return False
    method = open_method(request, key)
    require_author(request, method)
    version = (
        method.versions.filter(pk=int(stamp) // STAMPS).exclude(status=VersionStatus.DRAFT).first()
    )
    if version is None:
        return False
    messages.info(request, _("Version %(number)s is published.") % {"number": version.number})
    return True


def _publish_page(
    request: HttpRequest, opened: OpenDraft, problems: tuple[PartProblem, ...]
) -> HttpResponse:
    before = opened.draft.based_on
    changes = compare(content_of_version(before), opened.content) if before else ()
    is_same_method = before is not None and before.method_id == opened.method.pk
    projects = running_projects(opened.method)
    context = {
        "draft": opened.draft,
        "key": opened.key,
        "method_title": title_of(opened.content["title"]),
        "problems": _by_part(opened, problems),
        "problem_count": len(problems),
        "before": before,
        "is_same_method": is_same_method,
        "counts": counts(changes),
        "total": len(changes),
        "projects": sorted(projects.items()),
        "project_count": sum(projects.values()),
    }
    return render(request, "authoring/publish.html", context)


def _by_part(opened: OpenDraft, problems: tuple[PartProblem, ...]) -> list[dict[str, Any]]:
    """The problems of each part together, with the part's title and where it is mended."""
    grouped: dict[tuple[str, ...], list[PartProblem]] = {}
    order = {node.address: place for place, node in enumerate(all_parts(opened.content))}
    for problem in sorted(problems, key=lambda each: order.get(each.address, -1)):
        grouped.setdefault(problem.address, []).append(problem)
    parts = []
    for address, found in grouped.items():
        try:
            node = node_at(opened.content, address)
        except NoSuchPart:
            node = node_at(opened.content, ())
        parts.append(
            {
                "title": title_of(node.title),
                "kind": kind_label(node.kind, opened.content),
                "url": part_url(opened.key, node.address),
                "sentences": [_sentence(problem, node.kind) for problem in found],
            }
        )
    return parts


def _sentence(problem: PartProblem, kind: Any) -> str:
    label = field_label(problem.field, kind) if problem.field else ""
    languages = ", ".join(language_name(each).lower() for each in problem.languages)
    if problem.is_missing:
        return _("%(field)s is missing in %(languages)s") % {
            "field": label,
            "languages": languages,
        }
    where = f"{label} ({languages})" if languages and label else label
    return f"{where}: {problem.reason}" if where else problem.reason
