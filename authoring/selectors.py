"""What the editor's pages show of methods and their versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import User
from audit.models import AuditEvent
from methodology.enums import VersionStatus
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.texts import Texts
from projects.enums import ProjectStatus
from projects.models import Project

RUNNING = (ProjectStatus.ACTIVE, ProjectStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method with its versions, newest first. ``title`` is that of the newest."""

    method: Method
    title: str
    versions: tuple[MethodVersion, ...]

    @property
    def draft(self) -> MethodVersion | None:
        return next((version for version in self.versions if version.is_draft), None)

    @property
    def published(self) -> MethodVersion | None:
        return next(
            (each for each in self.versions if each.status == VersionStatus.PUBLISHED), None
        )

    @property
    def fixed(self) -> tuple[MethodVersion, ...]:
        """Those that never change."""
        return tuple(version for version in self.versions if not version.is_draft)


def methods_for(user: User, key: str = "") -> list[MethodRow]:
    """The methods that exist for the person, the organisation's own first; with ``key`` that one
    alone. Two queries."""
    versions = (
        MethodVersion.objects.filter(
            Q(method__organisation=None) | Q(method__organisation=user.organisation_id)
        )
        .select_related("method__organisation", "created_by", "published_by", "based_on")
        .order_by("method__key", "-number")
    )
    if key:
        versions = versions.filter(method__key=key)
    by_method: dict[int, list[MethodVersion]] = {}
    for version in versions:
        by_method.setdefault(version.method_id, []).append(version)
    titles = _titles(
        next((each for each in found if not each.is_draft), found[0]).pk
        for found in by_method.values()
    )
    rows = [
        MethodRow(found[0].method, _title(found, titles), tuple(found))
        for found in by_method.values()
    ]
    return sorted(rows, key=lambda row: (row.method.organisation_id is None, row.title))


def _titles(version_ids: Iterable[int]) -> Mapping[int, str]:
    rows = VersionDocument.objects.filter(pk__in=list(version_ids)).values_list(
        "pk", "content__title"
    )
    return {pk: Texts({"title": title}).get("title") for pk, title in rows}


def _title(versions: list[MethodVersion], titles: Mapping[int, str]) -> str:
    return next((titles[each.pk] for each in versions if each.pk in titles), versions[0].method.key)


def content_of_version(version: MethodVersion) -> dict[str, object]:
    """The version's content as it is stored. One query."""
    content: dict[str, object] = VersionDocument.objects.values_list("content", flat=True).get(
        pk=version.pk
    )
    return content


def running_projects(method: Method) -> dict[int, int]:
    """Version number -> how many projects are under way on it. One query."""
    rows = (
        Project.objects.filter(method_version__method=method, status__in=RUNNING)
        .order_by("method_version__number")
        .values_list("method_version__number")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def events_of_method(method: Method) -> "list[AuditEvent]":
    """Who did what to the method's versions, newest first. One query."""
    return list(
        AuditEvent.objects.filter(
            action__startswith="method_version.", details__method=method.key
        ).select_related("actor")[:200]
    )
