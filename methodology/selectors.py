from accounts.models import User
from methodology.enums import VersionStatus
from methodology.models import MethodVersion
from methodology.selectors_overlays import choosable_versions, usable_methods


def published_versions(for_user: User) -> list[MethodVersion]:
    """The versions that new projects of the person's organisation start on: of the installation's
    methods and of the organisation's own, by method key. One query; never another organisation's
    methods, and never a draft."""
    return choosable_versions(for_user.organisation_id)


def version_for_page(
    key: str, for_user: User | None = None, number: int | None = None
) -> MethodVersion:
    """The published version of a method, or the one with ``number``, which may be retired. Without
    a person, of the installation's methods.

    Raises ``MethodVersion.DoesNotExist``; drafts and other organisations' methods are never given.
    One query.
    """
    organisation_id = for_user.organisation_id if for_user else None
    versions = MethodVersion.objects.filter(
        method__key=key, method__in=usable_methods(organisation_id)
    ).select_related("method__organisation")
    if number is not None:
        return versions.exclude(status=VersionStatus.DRAFT).get(number=number)
    newest = versions.filter(status=VersionStatus.PUBLISHED).order_by("-number").first()
    if newest is None:
        raise MethodVersion.DoesNotExist
    return newest
