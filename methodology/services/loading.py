"""Loading method versions from their files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.outcomes import Refusal
from methodology.catalogue import forget_catalogues
from methodology.enums import VersionStatus
from methodology.files import VersionContent, read_file, read_methods, read_version
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.services.publishing import publish_newest
from methodology.services.recording import record_version

if TYPE_CHECKING:
    from accounts.models import User


class ChangedVersion(Refusal):
    """Files with other content than the version that was loaded from them before."""


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What became of one version: ``created``, or ``unchanged`` since it was there already."""

    method_key: str
    number: int
    outcome: Literal["created", "unchanged"]
    status: VersionStatus
    content_hash: str


def load_methods(root: Path, *, actor: "User | None" = None) -> tuple[LoadResult, ...]:
    """Load every version below ``root`` and publish the newest of each method.

    All or nothing: raises ``MethodFilesRefused`` with the errors of every file, or
    :class:`ChangedVersion`, before anything is written.
    """
    return _load(read_methods(root), actor)


def load_method_version(folder: Path, *, actor: "User | None" = None) -> LoadResult:
    """As :func:`load_methods`, for the one version in ``<method key>/<number>/``."""
    return _load([read_version(folder)], actor)[0]


def load_method_file(path: Path, *, actor: "User | None" = None) -> LoadResult:
    """As :func:`load_methods`, for the one version in a file that ``export_method`` wrote."""
    return _load([read_file(path)], actor)[0]


def _load(versions: Iterable[VersionContent], actor: "User | None") -> tuple[LoadResult, ...]:
    versions = list(versions)
    keys = sorted({version.method_key for version in versions})
    with transaction.atomic():
        for key in keys:
            Method.objects.get_or_create(key=key)
        # Two processes that start together load one after the other.
        list(Method.objects.select_for_update().filter(key__in=keys).order_by("key"))
        _refuse_foreign(keys)
        hashes = _stored_hashes(keys)
        _refuse_changes(versions, hashes)
        for version in versions:
            if (version.method_key, version.number) not in hashes:
                _create(version, actor)
        for key in keys:
            publish_newest(key, actor)
        stored = {
            (row.method.key, row.number): row
            for row in MethodVersion.objects.filter(method__key__in=keys).select_related("method")
        }
    forget_catalogues()
    return tuple(
        LoadResult(
            method_key=version.method_key,
            number=version.number,
            outcome="unchanged" if (version.method_key, version.number) in hashes else "created",
            status=VersionStatus(stored[version.method_key, version.number].status),
            content_hash=version.content_hash,
        )
        for version in versions
    )


def _stored_hashes(method_keys: Iterable[str]) -> dict[tuple[str, int], str]:
    """Content hash by method key and number, ``""`` for drafts. One query."""
    rows = MethodVersion.objects.filter(method__key__in=method_keys).values_list(
        "method__key", "number", "content_hash"
    )
    return {(key, number): content_hash for key, number, content_hash in rows}


def _refuse_changes(
    versions: Iterable[VersionContent], hashes: Mapping[tuple[str, int], str]
) -> None:
    drafted = _(
        "Version %(number)s of %(method)s is being drafted in the editor. Publish or discard the "
        "draft, or give the files another number."
    )
    changed = _(
        "Version %(number)s of %(method)s is loaded already and never changes, but its files "
        "are different now. Put them back as they were, and write the changes as a new "
        "version in a folder of its own."
    )
    reasons = [
        (changed if stored else drafted) % {"number": version.number, "method": version.method_key}
        for version in versions
        if (stored := hashes.get((version.method_key, version.number), version.content_hash))
        != version.content_hash
    ]
    if reasons:
        raise ChangedVersion("\n".join(reasons))


def _refuse_foreign(method_keys: Iterable[str]) -> None:
    for method in Method.objects.filter(key__in=method_keys, organisation__isnull=False):
        raise ChangedVersion(
            _("The key %(method)s belongs to a method of %(organisation)s. Choose another.")
            % {"method": method.key, "organisation": method.organisation}
        )


def _create(version: VersionContent, actor: "User | None") -> None:
    # In one go as something that never changes; which version is the newest is decided later.
    (row,) = MethodVersion.objects.bulk_create(
        [
            MethodVersion(
                method=Method.objects.get(key=version.method_key),
                number=version.number,
                status=VersionStatus.RETIRED,
                content_hash=version.content_hash,
                created_by=actor,
                published_at=timezone.now(),
                published_by=actor,
            )
        ]
    )
    VersionDocument.objects.bulk_create([VersionDocument(version=row, content=version.content)])
    record_version(row, "loaded", actor, content_hash=row.content_hash)
