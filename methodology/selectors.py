from methodology.enums import VersionStatus
from methodology.models import MethodVersion


def published_versions() -> list[MethodVersion]:
    """The version of each method that new projects start on, by method key. One query."""
    newest: dict[str, MethodVersion] = {}
    for version in (
        MethodVersion.objects.filter(status=VersionStatus.PUBLISHED)
        .select_related("method")
        .order_by("method__key", "number")
    ):
        newest[version.method.key] = version
    return list(newest.values())


def version_for_page(key: str, number: int | None = None) -> MethodVersion:
    """The published version of a method, or the one with ``number``, which may be retired.

    Raises ``MethodVersion.DoesNotExist``; drafts are never given. One query.
    """
    versions = MethodVersion.objects.filter(method__key=key).select_related("method")
    if number is not None:
        return versions.exclude(status=VersionStatus.DRAFT).get(number=number)
    newest = versions.filter(status=VersionStatus.PUBLISHED).order_by("-number").first()
    if newest is None:
        raise MethodVersion.DoesNotExist
    return newest
