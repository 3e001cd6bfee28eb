"""A decision as a paper: read from the frozen records alone, never from live rows.

What has come after stands beside it: corrections, and what was disposed of. A record of an older
schema has less to tell, and what it lacks is left out.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from common.enums import ToneChoices
from methodology.enums import GateOutcome
from phases.enums import RecordKind
from phases.minutes import Minutes, PeopleByKey, moment_of, named, phase_named, read_minutes
from phases.models import GateCorrection, GateDecision, GateRecord
from phases.reading import Reading, read_record
from phases.record import content_of, people_of
from projects.models import Project
from reports.frozen_files import FrozenFile, files_of


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why the public may not read it: the section of the law, and the reason."""

    paragraph: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionPart:
    """What was said later about a record; ``sequence`` and ``sha256`` are those of the
    correction's own record."""

    text: str
    by: str
    at: datetime.datetime
    sequence: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ConditionPart:
    text: str
    owner: str
    due_on: datetime.date


@dataclass(frozen=True, slots=True)
class RecordPart:
    """A record of the chain. ``content`` is its exact bytes, empty when it was disposed of."""

    sequence: int
    kind: ToneChoices
    sha256: str
    previous_sha256: str
    content: bytes
    moment: datetime.datetime

    @property
    def file_name(self) -> str:
        return f"record-{self.sequence:04d}-{self.kind.value}.json"


@dataclass(frozen=True, slots=True)
class DisposalPart:
    """That a record was disposed of at the end of retention, as its tombstone says it."""

    sequence: int
    sha256: str
    tombstone_sequence: int
    tombstone_sha256: str
    at: datetime.datetime | None
    by: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What the decision's own record says; ``minutes`` is how it was made."""

    outcome: GateOutcome
    at: datetime.datetime
    rationale: str
    target: str
    reopened: tuple[str, ...]
    review_on: datetime.date | None
    learnt: str
    conditions: tuple[ConditionPart, ...]
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """``reading`` is missing when what was submitted has been disposed of, ``decided`` when the
    decision has. ``records`` are the submission's and the decision's."""

    language: str
    project_name: str
    gate_title: str
    phase: str
    iteration: int
    exemption: Exemption | None
    reading: Reading | None
    submitted_at: datetime.datetime | None
    submitted_by: str
    due_on: datetime.date | None
    decided: Decided | None
    records: tuple[RecordPart, ...]
    files: tuple[FrozenFile, ...]
    corrections: tuple[CorrectionPart, ...]
    disposals: tuple[DisposalPart, ...]


def read_paper(decision: GateDecision, project: Project) -> DecisionPaper:
    """The paper, in the active language, which is that of the records. Ten queries at the most;
    ``decision`` comes with its record and its submission's."""
    records = (decision.submission.record, decision.record)
    submitted, minutes = (frozen_content(record) for record in records)
    reading = read_record(records[0], project) if submitted else None
    return DecisionPaper(
        **_about(submitted, minutes, reading),
        exemption=exemption_of(submitted),
        reading=reading,
        submitted_at=moment_of(submitted.get("submitted_at")),
        submitted_by=named(submitted.get("submitted_by"), _people(records[0], submitted)),
        due_on=_date(submitted.get("due_on")),
        decided=_decided(minutes, _people(records[1], minutes), reading) if minutes else None,
        records=tuple(record_part(record) for record in records),
        files=files_of(submitted) + files_of(minutes),
        corrections=tuple(_correction(each) for each in _corrections(records)),
        disposals=disposals_of([record.pk for record in records]),
    )


def frozen_content(record: GateRecord) -> dict[str, Any]:
    """The record as JSON types; empty when it was disposed of."""
    return content_of(record) if bytes(record.content) else {}


def record_part(record: GateRecord) -> RecordPart:
    return RecordPart(
        sequence=record.sequence,
        kind=RecordKind(record.kind),
        sha256=record.sha256,
        previous_sha256=record.previous_sha256,
        content=bytes(record.content),
        moment=record.created_at,
    )


def exemption_of(content: Mapping[str, Any]) -> Exemption | None:
    said = content.get("exempt")
    if not said or not said.get("paragraph"):
        return None
    return Exemption(said["paragraph"], said.get("reason", ""))


def _about(
    submitted: Mapping[str, Any], minutes: Mapping[str, Any], reading: Reading | None
) -> dict[str, Any]:
    """What it is about; a record that is gone says nothing any more."""
    phase = (submitted or minutes).get("phase", {})
    return {
        "language": (submitted or minutes).get("language") or get_language() or "",
        "project_name": reading.project.name if reading else "",
        "gate_title": reading.gate_title if reading else "",
        "phase": str(reading.where.phase) if reading else phase.get("title", ""),
        "iteration": phase.get("iteration", 1),
    }


def _people(record: GateRecord, content: Mapping[str, Any]) -> PeopleByKey:
    return people_of(record) if content else {}


def _decided(content: Mapping[str, Any], people: PeopleByKey, reading: Reading | None) -> Decided:
    back_to = reading.back_to if reading else ()
    target = content.get("target_phase", "")
    return Decided(
        outcome=GateOutcome(content["outcome"]),
        at=datetime.datetime.fromisoformat(content["decided_at"]),
        rationale=content["rationale"],
        target=phase_named(target, back_to),
        reopened=reading.step_titles(target, content.get("reopen_steps", ())) if reading else (),
        review_on=_date(content.get("review_on")),
        learnt=content.get("learnt", ""),
        conditions=tuple(
            ConditionPart(
                each["text"],
                named(each["owner"], people),
                datetime.date.fromisoformat(each["due_on"]),
            )
            for each in content.get("conditions", ())
        ),
        minutes=read_minutes(content, people, back_to),
    )


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


# --- what came after -----------------------------------------------------------------------------


def _corrections(records: tuple[GateRecord, ...]) -> list[GateCorrection]:
    return list(
        GateCorrection.objects.filter(about__in=records)
        .select_related("record", "corrected_by")
        .order_by("record__sequence")
    )


def _correction(correction: GateCorrection) -> CorrectionPart:
    record = correction.record
    content = frozen_content(record)
    by = content.get("corrected_by")
    return CorrectionPart(
        text=content.get("text", correction.text),
        by=named(by, people_of(record)) if by else "",
        at=correction.corrected_at,
        sequence=record.sequence,
        sha256=record.sha256,
    )


def disposals_of(numbers: Sequence[int]) -> tuple[DisposalPart, ...]:
    """What the tombstones say about those of the records that were disposed of. One query, and one
    per record that was."""
    found = (
        GateRecord.objects.filter(pk__in=numbers, disposal__isnull=False)
        .select_related("disposal__tombstone")
        .order_by("sequence")
    )
    return tuple(_disposal(record) for record in found)


def _disposal(record: GateRecord) -> DisposalPart:
    tombstone = record.disposal.tombstone
    content = content_of(tombstone)
    people = people_of(tombstone)
    return DisposalPart(
        sequence=record.sequence,
        sha256=record.sha256,
        tombstone_sequence=tombstone.sequence,
        tombstone_sha256=tombstone.sha256,
        at=moment_of(content.get("disposed_at")) or tombstone.created_at,
        by=tuple(named(content[key], people) for key in ("disposed_by", "with") if key in content),
        reason=content.get("reason", ""),
    )
