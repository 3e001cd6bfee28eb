"""The chain of a project's records, recomputed: what shows that nothing was changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from audit.models import AuditEvent
from phases.agreement import disagreement
from phases.canonical import digest
from phases.enums import RecordKind
from phases.models import GateRecord
from projects.models import Project

# What the log keeps of every record, with its SHA-256.
_LOGGED = ("gate.submitted", "gate.decided", "gate.corrected", "gate.disposed")

# What reading raises when somebody has put other bytes there, with a SHA-256 that fits them.
UNREADABLE = (
    AttributeError,
    LookupError,
    ObjectDoesNotExist,
    RecursionError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first record of a project whose bytes or place in the chain are not what they were."""

    project_id: int
    sequence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Disposed:
    """What a tombstone says of a record that it stands for."""

    tombstone: int
    sha256: str
    kind: str
    outcome: str


def verify_chain(project: Project) -> BrokenLink | None:
    """Recompute every hash of the project's chain, and compare what lists and pages show with what
    the records say; the first broken link, or ``None``.

    A record whose content was disposed of is a sound link when a later tombstone in the same chain
    names its place and its SHA-256. A record that was taken from the end, or put there by somebody
    who knows how, disagrees with the audit log, which keeps the SHA-256 of each. Names of people
    are not covered, because they can be erased; who said something is.
    """
    tombstones = _tombstones(project)
    logged = _logged(project)
    previous, place = "", 0
    records = (
        GateRecord.objects.filter(project=project)
        .select_related(
            "disposal",
            "submission",
            "decision__submission__record",
            "correction__about",
        )
        .order_by("sequence")
    )
    for place, record in enumerate(records.iterator(chunk_size=20), start=1):
        reason = _reason(record, place, previous, tombstones, logged)
        if reason:
            return BrokenLink(project.pk, record.sequence, reason)
        previous = record.sha256
    if logged:
        return BrokenLink(project.pk, place + 1, "a record is missing at the end of the chain")
    return None


def _reason(
    record: GateRecord,
    place: int,
    previous: str,
    tombstones: Mapping[int, Disposed],
    logged: dict[str, AuditEvent],
) -> str:
    disposed = tombstones.get(record.sequence)
    try:
        return (
            _broken_link(record, place, previous, disposed)
            or disagreement(record, _content(record), disposed.outcome if disposed else None)
            or _logged_otherwise(record, logged)
        )
    except UNREADABLE:
        return "its content cannot be read"


def _content(record: GateRecord) -> dict[str, Any] | None:
    data = bytes(record.content)
    content: dict[str, Any] | None = json.loads(data) if data else None
    return content


def _tombstones(project: Project) -> dict[int, Disposed]:
    """By sequence, what the tombstones of the chain stand for. One that was tampered with counts
    for nothing."""
    found: dict[int, Disposed] = {}
    for record in GateRecord.objects.filter(project=project, kind=RecordKind.DISPOSAL).order_by(
        "sequence"
    ):
        data = bytes(record.content)
        if digest(data) != record.sha256:
            continue
        try:
            found |= {
                each["sequence"]: Disposed(
                    record.sequence, each["sha256"], each["kind"], each["outcome"]
                )
                for each in json.loads(data)["disposed"]
            }
        except UNREADABLE:
            continue
    return found


def _logged(project: Project) -> dict[str, AuditEvent]:
    """By SHA-256, what the log says of the project's records."""
    events = AuditEvent.objects.filter(project_number=project.pk, action__in=_LOGGED)
    return {event.details["sha256"]: event for event in events if "sha256" in event.details}


def _broken_link(record: GateRecord, place: int, previous: str, disposed: Disposed | None) -> str:
    if record.sequence != place:
        return "a record is missing before this one"
    data = bytes(record.content)
    if not data:
        return _broken_disposal(record, previous, disposed)
    if digest(data) != record.sha256:
        return "the content does not match its SHA-256"
    content: Mapping[str, Any] = json.loads(data)
    if (content["project_number"], content["sequence"]) != (record.project_id, place):
        return "it belongs in another place"
    if content["kind"] != record.kind:
        return "it is not of the kind that it says"
    if record.previous_sha256 != previous or content["previous"] != previous:
        return "it does not follow the record before it"
    if disposed is not None or hasattr(record, "disposal"):
        return "it was disposed of, and its content is still there"
    return ""


def _broken_disposal(record: GateRecord, previous: str, disposed: Disposed | None) -> str:
    if disposed is None or disposed.tombstone <= record.sequence:
        return "its content is gone, and no later tombstone says why"
    if (disposed.sha256, disposed.kind) != (record.sha256, record.kind):
        return "it is not the record that its tombstone names"
    if not hasattr(record, "disposal"):
        return "it was disposed of, and pages do not show it"
    if record.previous_sha256 != previous:
        return "it does not follow the record before it"
    return ""


def _logged_otherwise(record: GateRecord, logged: dict[str, AuditEvent]) -> str:
    """Whether the log knows nothing of the record, or names somebody else than the row does. Takes
    the record off the list of those that are still to be met."""
    event = logged.pop(record.sha256, None)
    if event is None:
        return "the log does not know it"
    said_by = {
        RecordKind.SUBMISSION: ("submission", "submitted_by_id"),
        RecordKind.DECISION: ("decision", "decided_by_id"),
        RecordKind.CORRECTION: ("correction", "corrected_by_id"),
    }.get(RecordKind(record.kind))
    if said_by is None:
        return ""
    row, column = said_by
    if getattr(getattr(record, row), column) != event.actor_id:
        return "the log says that somebody else did it"
    return ""
