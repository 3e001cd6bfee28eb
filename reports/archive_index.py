"""The index of an archive package: what is in it, and how it hangs together. Pure."""

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from phases.models import GateRecordPerson
from reports.decision_paper import DecisionPaper, DisposalPart, Exemption, RecordPart
from reports.paper_drawing import paper_title

FORMAT = "veikart-archive-package"
FORMAT_VERSION = 1

PEOPLE = "chain/people.json"
INDEX_STYLE = "index.css"
INDEX_HTML = "index.html"
INDEX_JSON = "index.json"
SUMS = "sha256sums.txt"

_NOTHING = {"title": "", "case_number": "", "organisation": "", "unit": ""}


class FileState(StrEnum):
    """Whether a file that was submitted is in the package. In the order of how bad it is."""

    INCLUDED = "included"
    MISSING = "missing"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file in the package; ``size`` in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class PackedSource:
    """A file that records name. ``file`` is where it lies, empty when it is not included."""

    file: str
    sha256: str
    size: int
    state: FileState
    names: tuple[str, ...]
    belongs_to: tuple[str, ...]
    records: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PackedPaper:
    """What the index says about a decision, and about its project as it was then."""

    entry: dict[str, Any]
    project: dict[str, str]
    submitted_at: datetime.datetime | None
    decided_at: datetime.datetime | None


def compose(
    *,
    project_number: int,
    is_whole: bool,
    language: str,
    made_at: datetime.datetime,
    made_by: str,
    records: Sequence[dict[str, Any]],
    papers: Sequence[PackedPaper],
    sources: Sequence[PackedSource],
    broken: tuple[int, str] | None,
) -> dict[str, Any]:
    """The index as JSON types, without the list of files. ``is_whole``: all records of the project
    are in it. ``broken`` is the first record whose place in the chain was wrong when it was made,
    with the reason."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "about": "project" if is_whole else "decision",
        "language": language,
        "made_at": made_at.isoformat(),
        "made_by": made_by,
        # As the newest submission has it that is still there.
        "project": {
            "number": project_number,
            **next((each.project for each in reversed(papers) if each.project["title"]), _NOTHING),
        },
        "decisions": [each.entry for each in papers],
        "records": list(records),
        "attachments": [_source(each) for each in sources],
        "chain": {
            "is_whole": is_whole,
            "broken_at": broken[0] if broken else None,
            "broken_because": broken[1] if broken else "",
        },
    }


def packed_paper(file: str, paper: DecisionPaper) -> PackedPaper:
    project = paper.reading.project if paper.reading else None
    return PackedPaper(
        entry=_decision(file, paper),
        project={
            "title": project.name,
            "case_number": project.case_number,
            "organisation": project.organisation,
            "unit": project.unit,
        }
        if project
        else _NOTHING,
        submitted_at=paper.submitted_at,
        decided_at=paper.decided.at if paper.decided else None,
    )


def _decision(file: str, paper: DecisionPaper) -> dict[str, Any]:
    submission, decision = paper.records
    decided, reading = paper.decided, paper.reading
    return {
        "file": file,
        "title": paper_title(paper),
        "language": paper.language,
        "record": decision.sequence,
        "submission_record": submission.sequence,
        "gate": paper.gate_title,
        "phase": paper.phase,
        "round": paper.iteration,
        "case_number": reading.project.case_number if reading else "",
        "organisation": reading.project.organisation if reading else "",
        "submitted_at": _iso(paper.submitted_at),
        "submitted_by": paper.submitted_by,
        "decided_at": _iso(decided.at) if decided else None,
        "decided_by": decided.minutes.decided_by if decided else "",
        "decided_for": decided.minutes.decided_for if decided else "",
        "outcome": decided.outcome.value if decided else "",
        "outcome_label": str(decided.outcome.label) if decided else "",
        "method": {
            "key": reading.project.method_key,
            "title": reading.method_title,
            "version": reading.project.method_version,
            "sha256": reading.project.method_hash,
            "adjustments_version": reading.project.overlay_number,
            "adjustments_sha256": reading.project.overlay_hash,
        }
        if reading
        else None,
        "exempt": _exempt(paper.exemption),
        "corrections": [each.sequence for each in paper.corrections],
    }


def _exempt(exemption: Exemption | None) -> dict[str, str] | None:
    if exemption is None:
        return None
    return {"paragraph": exemption.paragraph, "reason": exemption.reason}


def record_entry(part: RecordPart, file: str, disposal: DisposalPart | None) -> dict[str, Any]:
    """What the index says about a record. ``file`` is empty when it was disposed of."""
    return {
        "sequence": part.sequence,
        "kind": part.kind.value,
        "kind_label": str(part.kind.label),
        "file": file or None,
        "sha256": part.sha256,
        "previous_sha256": part.previous_sha256,
        "size": len(part.content),
        "made_at": part.moment.isoformat(),
        "disposed": {
            "tombstone": disposal.tombstone_sequence,
            "at": _iso(disposal.at),
            "by": list(disposal.by),
            "reason": disposal.reason,
        }
        if disposal
        else None,
    }


def _source(source: PackedSource) -> dict[str, Any]:
    return {
        "file": source.file or None,
        "state": source.state.value,
        "sha256": source.sha256,
        "size": source.size,
        "names": list(source.names),
        "belongs_to": list(source.belongs_to),
        "records": list(source.records),
    }


def _iso(moment: datetime.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def people_json(people: Iterable[GateRecordPerson], as_of: datetime.datetime) -> bytes:
    """Who the keys in the records are: role as it was, name as known at ``as_of``. A name that was
    erased is empty. No numbers of accounts: they mean nothing outside the installation."""
    by_record: dict[int, dict[str, Any]] = {}
    for person in people:
        by_record.setdefault(person.record.sequence, {})[person.key] = {
            "name": person.name,
            "roles": [role for role in person.roles.split(",") if role],
            "is_erased": not person.name,
        }
    content = {
        "as_of": as_of.isoformat(),
        "records": {f"{sequence}": found for sequence, found in sorted(by_record.items())},
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"
