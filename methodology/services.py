"""Writing method versions. Content comes from files; afterwards only the status changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import record_event
from common.outcomes import Refusal
from methodology.catalogue import forget_catalogues
from methodology.enums import VersionStatus
from methodology.files import VersionContent, read_methods, read_version
from methodology.models import (
    Criterion,
    Gate,
    Method,
    MethodVersion,
    Phase,
    PhaseSlot,
    Role,
    Slot,
    Step,
    StepSlot,
)

if TYPE_CHECKING:
    from accounts.models import User

VERSION_TEXTS = ("title", "summary")
ROLE_TEXTS = ("title", "description")
SLOT_TEXTS = ("title", "purpose", "what", "how", "good", "mistakes")
PHASE_TEXTS = ("title", "purpose", "tips", "for_leaders")
STEP_TEXTS = (
    "title",
    "why",
    "what",
    "how",
    "who",
    "duration",
    "result",
    "tips",
    "good",
    "mistakes",
    "for_leaders",
    "questions",
)
GATE_TEXTS = ("title", "purpose")
CRITERION_TEXTS = ("title", "guidance", "example")


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


def _load(versions: Iterable[VersionContent], actor: "User | None") -> tuple[LoadResult, ...]:
    versions = list(versions)
    keys = sorted({version.method_key for version in versions})
    with transaction.atomic():
        for key in keys:
            Method.objects.get_or_create(key=key)
        # Two processes that start together load one after the other.
        list(Method.objects.select_for_update().filter(key__in=keys).order_by("key"))
        hashes = _stored_hashes(keys)
        _refuse_changes(versions, hashes)
        for version in versions:
            if (version.method_key, version.number) not in hashes:
                _create(version, actor)
        for key in keys:
            _publish_newest(key, actor)
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
    """Content hash by method key and number. One query."""
    rows = MethodVersion.objects.filter(method__key__in=method_keys).values_list(
        "method__key", "number", "content_hash"
    )
    return {(key, number): content_hash for key, number, content_hash in rows}


def _refuse_changes(
    versions: Iterable[VersionContent], hashes: Mapping[tuple[str, int], str]
) -> None:
    changed = [
        _(
            "Version %(number)s of %(method)s is loaded already and never changes, but its files "
            "are different now. Put them back as they were, and write the changes as a new "
            "version in a folder of its own."
        )
        % {"number": version.number, "method": version.method_key}
        for version in versions
        if hashes.get((version.method_key, version.number), version.content_hash)
        != version.content_hash
    ]
    if changed:
        raise ChangedVersion("\n".join(changed))


def _publish_newest(method_key: str, actor: "User | None") -> None:
    """Projects that stand on an earlier version go on with it; new ones start on the newest."""
    newest, *earlier = (
        MethodVersion.objects.filter(method__key=method_key)
        .exclude(status=VersionStatus.DRAFT)
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
    _record(version, str(status), actor)


def _record(version: MethodVersion, what: str, actor: "User | None") -> None:
    record_event(
        actor=actor,
        action=f"method_version.{what}",
        target=version,
        method=version.method.key,
        number=version.number,
        content_hash=version.content_hash,
    )


def _create(version: VersionContent, actor: "User | None") -> None:
    content = version.content
    row = MethodVersion.objects.create(
        method=Method.objects.get(key=version.method_key),
        number=version.number,
        status=VersionStatus.DRAFT,
        content_hash=version.content_hash,
        default_language=content["default_language"],
        languages=content["languages"],
        texts=_texts(content, VERSION_TEXTS),
        words=content["words"],
        sources=content["sources"],
    )
    Role.objects.bulk_create(_role(row, place, role) for place, role in _numbered(content["roles"]))
    slots = Slot.objects.bulk_create(
        _slot(row, place, slot) for place, slot in _numbered(content["tools"])
    )
    slot_by_key = {slot.key: slot for slot in slots}
    for phase in content["phases"]:
        _create_phase(row, phase, slot_by_key)
    # Complete, so from here on it never changes; which version is the newest is decided later.
    MethodVersion.objects.filter(pk=row.pk).update(
        status=VersionStatus.RETIRED, published_at=timezone.now()
    )
    _record(row, "loaded", actor)


def _create_phase(
    version: MethodVersion, content: Mapping[str, Any], slots: Mapping[str, Slot]
) -> None:
    phase = Phase.objects.create(
        version=version,
        key=content["key"],
        number=content["number"],
        texts=_texts(content, PHASE_TEXTS),
        examples=content["examples"],
    )
    PhaseSlot.objects.bulk_create(
        PhaseSlot(phase=phase, slot=slots[key], position=place)
        for place, key in _numbered(content["tools"])
    )
    steps = Step.objects.bulk_create(_step(phase, step) for step in content["steps"])
    StepSlot.objects.bulk_create(
        StepSlot(step=step, slot=slots[key], position=place)
        for step, step_content in zip(steps, content["steps"], strict=True)
        for place, key in _numbered(step_content["tools"])
    )
    if content["gate"] is not None:
        _create_gate(phase, content["gate"])


def _create_gate(phase: Phase, content: Mapping[str, Any]) -> None:
    gate = Gate.objects.create(
        phase=phase,
        key=content["key"],
        mode=content["mode"],
        outcomes=content["outcomes"],
        back_to=content["back_to"],
        texts=_texts(content, GATE_TEXTS),
    )
    Criterion.objects.bulk_create(
        Criterion(
            gate=gate,
            key=criterion["key"],
            position=place,
            severity=criterion["severity"],
            finding_codes=criterion["findings"],
            texts=_texts(criterion, CRITERION_TEXTS),
        )
        for place, criterion in _numbered(content["criteria"])
    )


def _role(version: MethodVersion, place: int, content: Mapping[str, Any]) -> Role:
    return Role(
        version=version,
        key=content["key"],
        position=place,
        project_role=content["project_role"],
        is_expected=content["expected"],
        texts=_texts(content, ROLE_TEXTS),
    )


def _slot(version: MethodVersion, place: int, content: Mapping[str, Any]) -> Slot:
    return Slot(
        version=version,
        key=content["key"],
        position=place,
        tool=content["tool"],
        variant=content["variant"],
        is_addition=content["addition"],
        texts=_texts(content, SLOT_TEXTS),
    )


def _step(phase: Phase, content: Mapping[str, Any]) -> Step:
    return Step(
        phase=phase,
        key=content["key"],
        number=content["number"],
        is_optional=content["optional"],
        is_decision=content["decision"],
        texts=_texts(content, STEP_TEXTS),
    )


def _texts(content: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {field: content[field] for field in fields if content[field]}


def _numbered(entries: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(entries, start=1)
