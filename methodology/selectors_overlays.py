"""Reads about what organisations have adjusted in methods, and which methods they can use."""

from django.db.models import Q, QuerySet

from methodology.enums import VersionStatus
from methodology.models import Method, MethodVersion, OverlayVersion


def published_overlay(organisation_id: int, method_id: int) -> OverlayVersion | None:
    """What the organisation has published last about the method. One query."""
    return (
        OverlayVersion.objects.filter(
            organisation_id=organisation_id,
            method_id=method_id,
            status=VersionStatus.PUBLISHED,
        )
        .select_related("organisation", "method")
        .order_by("-number")
        .first()
    )


def draft_overlay(organisation_id: int, method_id: int) -> OverlayVersion | None:
    """What the organisation is writing about the method. One query."""
    return (
        OverlayVersion.objects.filter(
            organisation_id=organisation_id, method_id=method_id, status=VersionStatus.DRAFT
        )
        .select_related("organisation", "method", "created_by")
        .first()
    )


def overlays_of(organisation_id: int, method_id: int) -> QuerySet[OverlayVersion]:
    """Every version that was published, the newest first."""
    return (
        OverlayVersion.objects.filter(organisation_id=organisation_id, method_id=method_id)
        .exclude(status=VersionStatus.DRAFT)
        .select_related("organisation", "method", "published_by")
        .order_by("-number")
    )


def usable_methods(organisation_id: int | None) -> QuerySet[Method]:
    """The installation's methods and the organisation's own, never another organisation's."""
    return Method.objects.filter(
        Q(organisation__isnull=True) | Q(organisation_id=organisation_id)
    ).order_by("key")


def choosable_versions(organisation_id: int | None) -> list[MethodVersion]:
    """What new projects of the organisation can start on: the published version of each method of
    the installation, and of its own, by key. One query."""
    newest: dict[str, MethodVersion] = {}
    for version in (
        MethodVersion.objects.filter(
            status=VersionStatus.PUBLISHED, method__in=usable_methods(organisation_id)
        )
        .select_related("method__organisation")
        .order_by("method__key", "number")
    ):
        newest[version.method.key] = version
    return list(newest.values())


def newest_published(method_id: int) -> MethodVersion | None:
    """The version of the method that new projects start on. One query."""
    return (
        MethodVersion.objects.filter(method_id=method_id, status=VersionStatus.PUBLISHED)
        .select_related("method")
        .order_by("-number")
        .first()
    )
