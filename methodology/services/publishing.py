"""What becomes of versions when another is published: of these the status alone changes."""

from typing import TYPE_CHECKING

from methodology.enums import VersionStatus
from methodology.models import MethodVersion
from methodology.services.recording import record_version

if TYPE_CHECKING:
    from accounts.models import User


def publish_newest(method_key: str, actor: "User | None") -> None:
    """Projects that stand on an earlier version go on with it; new ones start on the newest."""
    newest, *earlier = (
        MethodVersion.objects.filter(method__key=method_key)
        .exclude(status=VersionStatus.DRAFT)
        .select_related("method")
        .order_by("-number")
    )
    if newest.status != VersionStatus.PUBLISHED:
        _set_status(newest, VersionStatus.PUBLISHED, actor)
    for version in earlier:
        if version.status != VersionStatus.RETIRED:
            _set_status(version, VersionStatus.RETIRED, actor)


def _set_status(version: MethodVersion, status: VersionStatus, actor: "User | None") -> None:
    # Past the guard in save(): of a version that projects stand on, the status alone may change.
    MethodVersion.objects.filter(pk=version.pk).update(status=status)
    record_version(version, str(status), actor, content_hash=version.content_hash)
