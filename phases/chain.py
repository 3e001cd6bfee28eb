"""The chain of a project's records, recomputed: what shows that nothing was changed."""

import json
import unicodedata
from dataclasses import dataclass

from phases.canonical import digest
from phases.enums import RecordKind
from phases.models import GateRecord
from phases.record import content_of
from projects.models import Project


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first record of a project whose bytes or place in the chain are not what they were."""

    project_id: int
    sequence: int
    reason: str


def verify_chain(project: Project) -> BrokenLink | None:
    """Recompute every hash of the project's chain, and compare what lists and pages show with what
    the records say; the first broken link, or ``None``."""
    previous = ""
    records = (
        GateRecord.objects.filter(project=project)
        .select_related("submission", "decision__submission__record")
        .order_by("sequence")
    )
    for place, record in enumerate(records, start=1):
        reason = _broken_link(record, place, previous) or _other_row(record)
        if reason:
            return BrokenLink(project.pk, record.sequence, reason)
        previous = record.sha256
    return None


def _broken_link(record: GateRecord, place: int, previous: str) -> str:
    data = bytes(record.content)
    if record.sequence != place:
        return "a record is missing before this one"
    if digest(data) != record.sha256:
        return "the content does not match its SHA-256"
    content = json.loads(data)
    if (content["project_number"], content["sequence"]) != (record.project_id, place):
        return "it belongs in another place"
    if record.previous_sha256 != previous or content["previous"] != previous:
        return "it does not follow the record before it"
    return ""


def _other_row(record: GateRecord) -> str:
    """Why the row that pages list is not what the record holds; ``""`` when it is."""
    content = content_of(record)
    shown: tuple[str, ...]
    recorded: tuple[str, ...]
    if record.kind == RecordKind.SUBMISSION:
        submission = getattr(record, "submission", None)
        if submission is None:
            return "its submission is gone"
        shown = (submission.recommended_outcome, submission.recommendation)
        recorded = (content["recommended_outcome"], content["recommendation"])
    else:
        decision = getattr(record, "decision", None)
        if decision is None:
            return "its decision is gone"
        shown = (decision.outcome, decision.rationale, decision.submission.record.sha256)
        recorded = (content["outcome"], content["rationale"], content["submission_sha256"])
    # Records spell text in NFC, whatever the keyboard sent.
    if tuple(unicodedata.normalize("NFC", text) for text in shown) != recorded:
        return "what is shown is not what was recorded"
    return ""
