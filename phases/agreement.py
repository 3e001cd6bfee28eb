"""Whether the rows that lists and pages show say what the record says.

Rows are there for searching and sorting; the record is what counts. Compared is what the record
has: one from before seats and questions were part of it says nothing about them.
"""

import datetime
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from phases.enums import RecordKind
from phases.models import (
    Condition,
    Decider,
    GateCorrection,
    GateDecision,
    GateQuestion,
    GateRecord,
    GateSubmission,
)
from phases.retention import DISPOSED_TEXT, EMPTIED

Content = Mapping[str, Any]
# What it is, what the row shows, what the record holds.
Pair = tuple[str, Any, Any]


def disagreement(record: GateRecord, content: Content | None, outcome: str | None) -> str:
    """Why the rows are not what ``record`` holds; ``""`` when they are.

    ``content`` is ``None`` when it was disposed of; then ``outcome`` is what the tombstone keeps of
    it, and no text may have come back.
    """
    row = getattr(record, record.kind, None) if record.kind != RecordKind.DISPOSAL else record
    if row is None:
        return f"its {record.kind} is gone"
    pairs = _pairs(record, content) if content is not None else _emptied(record, outcome)
    for name, shown, recorded in pairs:
        if _plain(shown) != _plain(recorded):
            return f"what is shown is not what was recorded ({name})"
    return ""


def _plain(value: Any) -> Any:
    """As a record spells it: text in NFC, whatever the keyboard sent; dates as text."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _pairs(record: GateRecord, content: Content) -> Iterator[Pair]:
    people = dict(record.people.values_list("key", "user_id"))
    match record.kind:
        case RecordKind.SUBMISSION:
            yield from _submission(record.submission, content, people)
        case RecordKind.DECISION:
            yield from _decision(record.decision, content, people)
            yield from _conditions(record.decision, content)
            if "seats" in content:
                yield from _seats(record.decision.submission, content["seats"], people)
            if "questions" in content:
                yield from _questions(record.decision.submission, content["questions"])
        case RecordKind.CORRECTION:
            yield from _correction(record.correction, content, people)
        case RecordKind.DISPOSAL:
            yield (
                "disposed records",
                sorted(record.disposals.values_list("record__sequence", flat=True)),
                sorted(each["sequence"] for each in content["disposed"]),
            )


def _who(
    name: str, user_id: int | None, part: Content | None, people: Mapping[str, int | None]
) -> Iterator[Pair]:
    """A person who has been erased from the record is nobody any more, and matches."""
    key = part["person"] if part else None
    recorded = people.get(key) if key else None
    if key is None or recorded is not None:
        yield name, user_id, recorded


def _submission(
    row: GateSubmission, content: Content, people: Mapping[str, int | None]
) -> Iterator[Pair]:
    yield "recommendation", row.recommended_outcome, content["recommended_outcome"]
    yield "recommendation", row.recommendation, content["recommendation"]
    yield "time", row.submitted_at, content["submitted_at"]
    yield from _who("person", row.submitted_by_id, content["submitted_by"], people)
    if "rule" in content:
        rule = content["rule"]
        yield "rule", (row.rule, row.quorum), (rule["key"], rule["quorum"])
        yield "due date", row.due_on, content["due_on"]
        exempt = content["exempt"]
        yield (
            "exemption",
            (row.exempt_paragraph, row.exempt_reason),
            (exempt["paragraph"], exempt["reason"]),
        )
    # Whoever was named later stands in the decision's record.
    named = list(Decider.objects.filter(submission=row, replaces=None).order_by("pk"))
    yield "number of deciders", len(named), len(content["deciders"])
    for decider, part in zip(named, content["deciders"], strict=True):
        yield from _who("decider", decider.user_id, part, people)
        if "is_chair" in part:
            yield "decider", (decider.role, decider.is_chair), (part["role"], part["is_chair"])


def _decision(
    row: GateDecision, content: Content, people: Mapping[str, int | None]
) -> Iterator[Pair]:
    yield "decision", row.outcome, content["outcome"]
    yield "rationale", row.rationale, content["rationale"]
    yield "submission", row.submission.record.sha256, content["submission_sha256"]
    yield "phase to go back to", row.target_phase_key, content["target_phase"]
    yield "review date", row.review_on, content["review_on"]
    yield "what was learnt", row.learnt, content["learnt"]
    yield "time", row.decided_at, content["decided_at"]
    yield from _who("person", row.decided_by_id, content["decided_by"], people)
    if "decided_for" in content:
        yield from _who("decided for", row.decided_for_id, content["decided_for"], people)


def _conditions(row: GateDecision, content: Content) -> Iterator[Pair]:
    """Who sees to it can change while it is open; what and until when cannot."""
    shown = Condition.objects.filter(decision=row).order_by("pk").values_list("text", "due_on")
    yield (
        "conditions",
        list(shown),
        [(each["text"], each["due_on"]) for each in content["conditions"]],
    )


def _seats(
    submission: GateSubmission, recorded: Sequence[Content], people: Mapping[str, int | None]
) -> Iterator[Pair]:
    seats = list(
        Decider.objects.filter(submission=submission)
        .select_related("leaving", "vote")
        .order_by("pk")
    )
    yield "number of deciders", len(seats), len(recorded)
    for seat, part in zip(seats, recorded, strict=True):
        yield from _who("decider", seat.user_id, part, people)
        yield (
            "decider",
            (seat.role, seat.is_chair, seat.reason),
            (part["role"], part["is_chair"], part["reason"]),
        )
        left, leaving = part["left"], getattr(seat, "leaving", None)
        yield (
            "who left",
            (leaving.kind, leaving.reason, leaving.said_at) if leaving else None,
            (left["kind"], left["reason"], left["at"]) if left else None,
        )
        voted, vote = part["vote"], getattr(seat, "vote", None)
        yield (
            "vote",
            (vote.outcome, vote.rationale, vote.voted_at) if vote else None,
            (voted["outcome"], voted["rationale"], voted["at"]) if voted else None,
        )
        if vote and voted:
            yield "vote", vote.draft.get("target_phase", ""), voted["target_phase"]
            yield from _who("deputy", vote.deputy_id, voted["deputy"], people)


def _questions(submission: GateSubmission, recorded: Sequence[Content]) -> Iterator[Pair]:
    asked = GateQuestion.objects.filter(submission=submission).prefetch_related("answers")
    yield (
        "questions",
        [
            (each.text, each.asked_at, [(a.text, a.answered_at) for a in each.answers.all()])
            for each in asked
        ],
        [
            (each["text"], each["at"], [(a["text"], a["at"]) for a in each["answers"]])
            for each in recorded
        ],
    )


def _correction(
    row: GateCorrection, content: Content, people: Mapping[str, int | None]
) -> Iterator[Pair]:
    about = content["about"]
    yield "correction", row.text, content["text"]
    yield (
        "what is corrected",
        (row.about.sequence, row.about.sha256),
        (about["sequence"], about["sha256"]),
    )
    yield "time", row.corrected_at, content["corrected_at"]
    yield from _who("person", row.corrected_by_id, content["corrected_by"], people)


def _emptied(record: GateRecord, outcome: str | None) -> Iterator[Pair]:
    """Of a disposed record: the outcome that its tombstone keeps, and texts that stay away."""
    if record.kind == RecordKind.SUBMISSION:
        yield "recommendation", record.submission.recommended_outcome, outcome
    if record.kind == RecordKind.DECISION:
        yield "decision", record.decision.outcome, outcome
    for part in EMPTIED:
        for row in part.model._base_manager.filter(**{part.path: record}).values(*part.texts):
            for column, text in row.items():
                yield column, text or DISPOSED_TEXT, DISPOSED_TEXT
    yield "names", record.people.exclude(name="").exists(), False
