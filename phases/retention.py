"""What of a gate is emptied at the end of retention, and by what it belongs to a record.

One list for the database's triggers, which let exactly this through, and for the service that does
it (``phases.services.disposing``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from phases.models import (
    Condition,
    ConditionHandover,
    Decider,
    DeciderLeaving,
    GateAnswer,
    GateCorrection,
    GateDecision,
    GateQuestion,
    GateSubmission,
    Vote,
)

# Stands where a text was disposed of: several of these columns may not be empty.
DISPOSED_TEXT = "[...]"

_OF_SUBMISSION = "(SELECT s.record_id FROM phases_gatesubmission s WHERE s.id = OLD.submission_id)"
_OF_DECIDER = """(SELECT s.record_id FROM phases_decider d
    JOIN phases_gatesubmission s ON s.id = d.submission_id WHERE d.id = OLD.decider_id)"""
_OF_QUESTION = """(SELECT s.record_id FROM phases_gatequestion q
    JOIN phases_gatesubmission s ON s.id = q.submission_id WHERE q.id = OLD.question_id)"""
_OF_CONDITION = """(SELECT d.record_id FROM phases_condition c
    JOIN phases_gatedecision d ON d.id = c.decision_id WHERE c.id = OLD.condition_id)"""
_OF_DECISION = "(SELECT d.record_id FROM phases_gatedecision d WHERE d.id = OLD.decision_id)"


@dataclass(frozen=True, slots=True)
class Emptied:
    """``texts`` become :data:`DISPOSED_TEXT` where something stands, ``blanks`` get their value.

    ``path`` leads from the model to its record in lookups, ``record`` does in SQL on ``OLD``.
    """

    model: type[models.Model]
    path: str
    record: str
    texts: tuple[str, ...]
    blanks: Mapping[str, object] = field(default_factory=dict)


EMPTIED = (
    Emptied(GateSubmission, "record", "OLD.record_id", ("recommendation", "exempt_reason")),
    Emptied(GateDecision, "record", "OLD.record_id", ("rationale", "learnt")),
    Emptied(GateCorrection, "record", "OLD.record_id", ("text",)),
    Emptied(Decider, "submission__record", _OF_SUBMISSION, ("reason",)),
    Emptied(DeciderLeaving, "decider__submission__record", _OF_DECIDER, ("reason",)),
    Emptied(Vote, "decider__submission__record", _OF_DECIDER, ("rationale",), {"draft": {}}),
    Emptied(GateQuestion, "submission__record", _OF_SUBMISSION, ("text",)),
    Emptied(GateAnswer, "question__submission__record", _OF_QUESTION, ("text",)),
    Emptied(
        Condition,
        "decision__record",
        _OF_DECISION,
        ("text", "closing_note"),
        {
            "evidence_url": "",
            "evidence_file": "",
            "evidence_file_name": "",
            "evidence_file_sha256": "",
        },
    ),
    Emptied(ConditionHandover, "condition__decision__record", _OF_CONDITION, ("reason",)),
)
