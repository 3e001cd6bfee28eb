"""A decision as a paper: read from the frozen records alone, never from live rows.

What has come after stands beside it: corrections, and what was disposed of. A record of an older
schema has less to tell, and what it lacks is left out.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.policy import ProjectRole
from common.enums import ToneChoices
from methodology.enums import GateOutcome
from phases.enums import RecordKind
from phases.models import GateCorrection, GateDecision, GateRecord
from phases.reading import Reading, read_record
from phases.record import content_of, people_of
from phases.wording import PhaseName
from projects.models import Project
from reports.frozen_files import FrozenFile, files_of
from tools.contract import PersonRef

People = Mapping[str, PersonRef]


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why the public may not read it: the section of the law, and the reason."""

    paragraph: str
    reason: str


@dataclass(frozen=True, slots=True)
class VotePart:
    """``dissents``: it counted, and is not what was decided."""

    outcome: GateOutcome
    target: str
    rationale: str
    deputy: str
    at: datetime.datetime | None
    dissents: bool


@dataclass(frozen=True, slots=True)
class LeavingPart:
    label: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class SeatPart:
    """Somebody who was asked to decide, and what became of it."""

    name: str
    role: str
    is_chair: bool
    replaces: str
    named_by: str
    reason: str
    left: LeavingPart | None
    vote: VotePart | None


@dataclass(frozen=True, slots=True)
class SaidPart:
    """Something that somebody said on a day: an answer, or a correction (``sequence`` is then the
    number of its record)."""

    text: str
    by: str
    at: datetime.datetime | None
    sequence: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    asked: SaidPart
    answers: tuple[SaidPart, ...]


@dataclass(frozen=True, slots=True)
class ConditionPart:
    text: str
    owner: str
    due_on: datetime.date


@dataclass(frozen=True, slots=True)
class AcceptedPart:
    """A warning that the decider accepted, and why."""

    text: str
    reason: str


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
    """What the decision's own record says."""

    outcome: GateOutcome
    by: str
    decided_for: str
    at: datetime.datetime
    present: str
    rationale: str
    target: str
    reopened: tuple[str, ...]
    review_on: datetime.date | None
    learnt: str
    rule: str
    quorum: int
    seats: tuple[SeatPart, ...]
    conditions: tuple[ConditionPart, ...]
    accepted: tuple[AcceptedPart, ...]
    questions: tuple[QuestionPart, ...]

    @property
    def dissent(self) -> tuple[SeatPart, ...]:
        return tuple(seat for seat in self.seats if seat.vote is not None and seat.vote.dissents)


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
    corrections: tuple[SaidPart, ...]
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
        submitted_at=_moment(submitted.get("submitted_at")),
        submitted_by=_name(submitted.get("submitted_by"), _people(records[0], submitted)),
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


def _people(record: GateRecord, content: Mapping[str, Any]) -> People:
    return people_of(record) if content else {}


def _decided(minutes: Mapping[str, Any], people: People, reading: Reading | None) -> Decided:
    review_on = minutes.get("review_on")
    rule = minutes.get("rule") or {}
    return Decided(
        outcome=GateOutcome(minutes["outcome"]),
        by=_name(minutes["decided_by"], people),
        decided_for=_name(minutes.get("decided_for"), people),
        at=datetime.datetime.fromisoformat(minutes["decided_at"]),
        present=minutes.get("present", ""),
        rationale=minutes["rationale"],
        target=_target(minutes.get("target_phase", ""), reading),
        reopened=_reopened(minutes, reading),
        review_on=datetime.date.fromisoformat(review_on) if review_on else None,
        learnt=minutes.get("learnt", ""),
        rule=rule.get("label", ""),
        quorum=rule.get("quorum", 1),
        seats=tuple(_seat(each, minutes, people, reading) for each in minutes.get("seats", ())),
        conditions=tuple(
            ConditionPart(
                each["text"],
                _name(each["owner"], people),
                datetime.date.fromisoformat(each["due_on"]),
            )
            for each in minutes.get("conditions", ())
        ),
        accepted=tuple(
            AcceptedPart(each["text"], each["reason"]) for each in minutes.get("accepted", ())
        ),
        questions=tuple(_question(each, people) for each in minutes.get("questions", ())),
    )


def _target(key: str, reading: Reading | None) -> str:
    """The phase to go back to, by its name as it was frozen."""
    if not key:
        return ""
    names: tuple[PhaseName, ...] = reading.back_to if reading else ()
    return next((str(name) for name in names if name.key == key), key)


def _reopened(minutes: Mapping[str, Any], reading: Reading | None) -> tuple[str, ...]:
    if reading is None:
        return ()
    wanted = minutes.get("reopen_steps", ())
    return tuple(
        f"{each.step.label} {each.title}"
        for phase in reading.phases
        for each in phase.steps
        if each.step.key in wanted
    )


def _seat(
    seat: Mapping[str, Any], minutes: Mapping[str, Any], people: People, reading: Reading | None
) -> SeatPart:
    left, vote = seat.get("left"), seat.get("vote")
    return SeatPart(
        name=_name(seat, people),
        role=seat.get("role_label", ""),
        is_chair=seat.get("is_chair", False),
        replaces=_name(seat.get("replaces"), people),
        named_by=_name(seat.get("named_by"), people),
        reason=seat.get("reason", ""),
        left=LeavingPart(left["label"], left["reason"], _name(left.get("by"), people))
        if left
        else None,
        vote=VotePart(
            outcome=GateOutcome(vote["outcome"]),
            target=_target(vote.get("target_phase", ""), reading),
            rationale=vote.get("rationale", ""),
            deputy=_name(vote.get("deputy"), people),
            at=_moment(vote.get("at")),
            dissents=not left and _wanted(vote) != _wanted(minutes),
        )
        if vote
        else None,
    )


def _wanted(said: Mapping[str, Any]) -> tuple[str, str]:
    return (said["outcome"], said.get("target_phase", ""))


def _question(question: Mapping[str, Any], people: People) -> QuestionPart:
    return QuestionPart(
        _said(question, people),
        tuple(_said(each, people) for each in question.get("answers", ())),
    )


def _said(said: Mapping[str, Any], people: People) -> SaidPart:
    return SaidPart(said["text"], _name(said.get("by"), people), _moment(said.get("at")))


def _name(ref: Any, people: People) -> str:
    """Who that is, as known now. Nobody is ``""``; somebody whose name was erased is said so."""
    if not ref:
        return ""
    person = people.get(ref["person"])
    return person.name if person and person.name else _("erased person")


def roles_words(roles: str) -> str:
    """The roles of a ``GateRecordPerson``, in words."""
    known = {role.value: str(role.label) for role in ProjectRole}
    return ", ".join(known.get(each, each) for each in roles.split(",") if each)


def _moment(text: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if text else None


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


# --- what came after -----------------------------------------------------------------------------


def _corrections(records: tuple[GateRecord, ...]) -> list[GateCorrection]:
    return list(
        GateCorrection.objects.filter(about__in=records)
        .select_related("record", "corrected_by")
        .order_by("record__sequence")
    )


def _correction(correction: GateCorrection) -> SaidPart:
    record = correction.record
    content = frozen_content(record)
    by = content.get("corrected_by")
    return SaidPart(
        text=content.get("text", correction.text),
        by=_name(by, people_of(record)) if by else "",
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
        at=_moment(content.get("disposed_at")) or tombstone.created_at,
        by=tuple(_name(content[key], people) for key in ("disposed_by", "with") if key in content),
        reason=content.get("reason", ""),
    )
