"""What the database itself refuses about gates. Registered when the app is ready."""

import json

from django.db import models

from common.triggers import Trigger, append_only, never_removed, refuse
from phases.models import (
    Condition,
    GateRecord,
    GateRecordPerson,
)
from phases.retention import DISPOSED_TEXT, EMPTIED, Emptied

_PERMANENT = "What was submitted or decided is permanent."

# NEW is the decision; the project is reached through submission and phase.
_DECIDED_BY_SUBMITTER = """EXISTS (
    SELECT 1 FROM phases_gatesubmission s
    WHERE s.id = NEW.submission_id AND s.submitted_by_id = NEW.decided_by_id)"""

# Also somebody who stopped being leader after the submission.
_DECIDED_BY_A_LEADER = """EXISTS (
    SELECT 1 FROM phases_gatesubmission s
    JOIN phases_projectphase p ON p.id = s.project_phase_id
    JOIN projects_membership m ON m.project_id = p.project_id
    WHERE s.id = NEW.submission_id AND m.user_id = NEW.decided_by_id AND m.role = 'leader'
    AND (m.ended_at IS NULL OR m.ended_at >= s.submitted_at))"""

# The seat is that of the person, or of the one whose deputy they are; whoever has left has none.
_NOT_A_DECIDER = """NOT EXISTS (
    SELECT 1 FROM phases_decider d
    LEFT JOIN phases_deciderleaving l ON l.decider_id = d.id
    WHERE d.submission_id = NEW.submission_id AND l.id IS NULL
    AND d.user_id = COALESCE(NEW.decided_for_id, NEW.decided_by_id))"""

_DECIDED_BY_SOMEBODY_CLOSED = """EXISTS (
    SELECT 1 FROM accounts_user u
    WHERE u.id IN (NEW.decided_by_id, NEW.decided_for_id) AND NOT u.is_active)"""

_WITHDRAWN = """EXISTS (
    SELECT 1 FROM phases_gatewithdrawal w WHERE w.submission_id = NEW.submission_id)"""

_DECIDED = """EXISTS (
    SELECT 1 FROM phases_gatedecision d WHERE d.submission_id = NEW.submission_id)"""

_SEAT_OF_A_DECIDED = """EXISTS (
    SELECT 1 FROM phases_decider d
    JOIN phases_gatedecision g ON g.submission_id = d.submission_id
    WHERE d.id = NEW.decider_id)"""

_SEAT_OF_A_WITHDRAWN = """EXISTS (
    SELECT 1 FROM phases_decider d
    JOIN phases_gatewithdrawal w ON w.submission_id = d.submission_id
    WHERE d.id = NEW.decider_id)"""

_QUESTION_ON_A_DECIDED = """EXISTS (
    SELECT 1 FROM phases_gatequestion q
    JOIN phases_gatedecision g ON g.submission_id = q.submission_id
    WHERE q.id = NEW.question_id)"""

_VOTE_BY_SUBMITTER_OR_LEADER = """EXISTS (
    SELECT 1 FROM phases_decider d
    JOIN phases_gatesubmission s ON s.id = d.submission_id
    JOIN phases_projectphase p ON p.id = s.project_phase_id
    LEFT JOIN projects_membership m ON m.project_id = p.project_id
        AND m.user_id = COALESCE(NEW.deputy_id, d.user_id) AND m.role = 'leader'
        AND (m.ended_at IS NULL OR m.ended_at >= s.submitted_at)
    WHERE d.id = NEW.decider_id
    AND (s.submitted_by_id = COALESCE(NEW.deputy_id, d.user_id) OR m.id IS NOT NULL))"""

_VOTE_BY_SOMEBODY_CLOSED = """EXISTS (
    SELECT 1 FROM phases_decider d JOIN accounts_user u ON u.id IN (d.user_id, NEW.deputy_id)
    WHERE d.id = NEW.decider_id AND NOT u.is_active)"""

_VOTE_AFTER_LEAVING = """EXISTS (
    SELECT 1 FROM phases_deciderleaving l WHERE l.decider_id = NEW.decider_id)"""

# A deputy's days are local days, which one of the engines cannot count: a day's slack on either
# side. The service counts exactly.
_DEPUTY_THEN = {
    "sqlite": """u.starts_on <= date({moment}, '+1 day') AND u.ends_on >= date({moment}, '-1 day')
    AND (u.ended_at IS NULL OR u.ended_at >= {moment})""",
    "postgresql": """u.starts_on <= ({moment} + interval '1 day')::date
    AND u.ends_on >= ({moment} - interval '1 day')::date
    AND (u.ended_at IS NULL OR u.ended_at >= {moment})""",
}


def _decided_by_no_deputy(vendor: str) -> str:
    return f"""NEW.decided_for_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM accounts_deputy u
    WHERE u.user_id = NEW.decided_for_id AND u.deputy_id = NEW.decided_by_id
    AND {_DEPUTY_THEN[vendor].format(moment="NEW.decided_at")})"""  # noqa: S608 -- no input


def _vote_by_no_deputy(vendor: str) -> str:
    return f"""NEW.deputy_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM phases_decider d
    JOIN accounts_deputy u ON u.user_id = d.user_id AND u.deputy_id = NEW.deputy_id
    WHERE d.id = NEW.decider_id
    AND {_DEPUTY_THEN[vendor].format(moment="NEW.voted_at")})"""  # noqa: S608 -- no input


# NEW is the correction.
_CORRECTS_SOMETHING_ELSE = """NOT EXISTS (
    SELECT 1 FROM phases_gaterecord r
    JOIN phases_gaterecord a ON a.id = NEW.about_id
    LEFT JOIN phases_gaterecorddisposal x ON x.record_id = a.id
    WHERE r.id = NEW.record_id AND r.kind = 'correction' AND a.kind IN ('submission', 'decision')
    AND a.project_id = r.project_id AND a.sequence < r.sequence AND x.id IS NULL)"""

# NEW is the disposal: of a record before its tombstone in the same chain, and never of a tombstone.
_DISPOSED_WITHOUT_TOMBSTONE = """NOT EXISTS (
    SELECT 1 FROM phases_gaterecord t
    JOIN phases_gaterecord r ON r.id = NEW.record_id
    WHERE t.id = NEW.tombstone_id AND t.kind = 'disposal' AND r.kind <> 'disposal'
    AND t.project_id = r.project_id AND t.sequence > r.sequence)"""


# PostgreSQL lets others write between a question and its answer. Whatever ends a submission, or
# adds to what its decision stands on, takes turns by holding the submission.
_HOLD_SUBMISSION = """PERFORM 1 FROM phases_gatesubmission s
    WHERE s.id = NEW.submission_id FOR NO KEY UPDATE;"""
_HOLD_BY_SEAT = """PERFORM 1 FROM phases_gatesubmission s
    JOIN phases_decider d ON d.submission_id = s.id
    WHERE d.id = NEW.decider_id FOR NO KEY UPDATE OF s;"""
_HOLD_BY_QUESTION = """PERFORM 1 FROM phases_gatesubmission s
    JOIN phases_gatequestion q ON q.submission_id = s.id
    WHERE q.id = NEW.question_id FOR NO KEY UPDATE OF s;"""


def _same(column: str) -> str:
    return f"(NEW.{column} = OLD.{column} OR (NEW.{column} IS NULL AND OLD.{column} IS NULL))"


def _unchanged(model: type[models.Model], but: tuple[str, ...] = ()) -> str:
    """SQL: every column but these is what it was."""
    return " AND ".join(
        _same(str(field.column)) for field in model._meta.concrete_fields if field.column not in but
    )


def _is_disposed(record: str) -> str:
    disposals = "SELECT 1 FROM phases_gaterecorddisposal x WHERE x.record_id ="
    return f"EXISTS ({disposals} {record})"


def _only_emptied(part: Emptied) -> str:
    """SQL: nothing happens but that the texts of a disposed record give way."""
    texts = [f"NEW.{column} IN (OLD.{column}, '{DISPOSED_TEXT}')" for column in part.texts]
    blanks = [
        f"(NEW.{column} = OLD.{column} OR NEW.{column} = '{_literal(value)}')"
        for column, value in part.blanks.items()
    ]
    rest = _unchanged(part.model, (*part.texts, *part.blanks))
    return " AND ".join([_is_disposed(part.record), rest, *texts, *blanks])


def _literal(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _kept_for_good() -> tuple[Trigger, ...]:
    """Rows that are only added to; disposal at the end of retention is let through."""
    content = f"{_is_disposed('OLD.id')} AND length(NEW.content) = 0 AND " + _unchanged(
        GateRecord, ("content",)
    )
    # Erasing somebody: the name may go and the link to the person, nothing may take their place.
    erased = (
        _unchanged(GateRecordPerson, ("name", "user_id"))
        + " AND NEW.name IN (OLD.name, '')"
        + f" AND ({_same('user_id')} OR NEW.user_id IS NULL)"
    )
    tables = [
        append_only("phases_gaterecord", _PERMANENT, but_when=content),
        append_only("phases_gaterecordperson", _PERMANENT, but_when=erased),
        append_only("phases_gaterecorddisposal", _PERMANENT),
        append_only("phases_gatewithdrawal", _PERMANENT),
        append_only("phases_projectgatemode", _PERMANENT),
        append_only("phases_organisationgatemode", _PERMANENT),
    ]
    tables += [
        append_only(part.model._meta.db_table, _PERMANENT, but_when=_only_emptied(part))
        for part in EMPTIED
        if part.model is not Condition
    ]
    return tuple(trigger for each in tables for trigger in each)


def _condition_triggers() -> tuple[Trigger, ...]:
    """What was decided about a condition stays: only who sees to it changes, and only until it is
    closed. Then all of it stays."""
    table = Condition._meta.db_table
    disposal = next(_only_emptied(part) for part in EMPTIED if part.model is Condition)
    decided = " AND ".join(_same(each) for each in ("id", "decision_id", "text", "due_on"))
    return (
        refuse(
            f"{table}_as_decided",
            table,
            "BEFORE UPDATE",
            "A condition stays as it was decided.",
            f"({decided} OR {disposal}) IS NOT TRUE",
        ),
        refuse(
            f"{table}_closed_for_good",
            table,
            "BEFORE UPDATE",
            "A condition that is closed stays as it is.",
            f"(OLD.closed_at IS NULL OR {disposal}) IS NOT TRUE",
        ),
        *never_removed(table, _PERMANENT),
    )


def _never(table: str, name: str, message: str, condition: str, *, postgresql: str = "") -> Trigger:
    """No row of ``table`` about a submission or a seat is added while ``condition`` holds."""
    return refuse(
        f"{table}_{name}",
        table,
        "BEFORE INSERT",
        message,
        condition,
        postgresql_condition=postgresql,
        postgresql_first=_HOLD_BY_SEAT if table == "phases_vote" else _HOLD_SUBMISSION,
    )


def _decision_triggers() -> tuple[Trigger, ...]:
    table = "phases_gatedecision"
    return (
        _never(
            table, "not_by_submitter", "Whoever submitted cannot decide.", _DECIDED_BY_SUBMITTER
        ),
        _never(
            table,
            "not_by_leader",
            "A leader of the project cannot decide its gates.",
            _DECIDED_BY_A_LEADER,
        ),
        _never(
            table,
            "by_a_decider",
            "Only a decider named at submission can decide.",
            _NOT_A_DECIDER,
        ),
        _never(
            table,
            "by_a_deputy",
            "Only a deputy can decide for somebody else.",
            _decided_by_no_deputy("sqlite"),
            postgresql=_decided_by_no_deputy("postgresql"),
        ),
        _never(
            table,
            "by_somebody_active",
            "Whose access is closed cannot decide.",
            _DECIDED_BY_SOMEBODY_CLOSED,
        ),
        _never(table, "not_withdrawn", "The submission was withdrawn.", _WITHDRAWN),
    )


def _vote_triggers() -> tuple[Trigger, ...]:
    table = "phases_vote"
    return (
        _never(
            table,
            "not_by_submitter_or_leader",
            "Whoever submitted or leads the project cannot vote.",
            _VOTE_BY_SUBMITTER_OR_LEADER,
        ),
        _never(
            table,
            "by_a_deputy",
            "Only a deputy can vote for somebody else.",
            _vote_by_no_deputy("sqlite"),
            postgresql=_vote_by_no_deputy("postgresql"),
        ),
        _never(
            table,
            "by_somebody_active",
            "Whose access is closed cannot vote.",
            _VOTE_BY_SOMEBODY_CLOSED,
        ),
        _never(
            table,
            "not_after_leaving",
            "Whoever no longer counts cannot vote.",
            _VOTE_AFTER_LEAVING,
        ),
        _never(table, "not_decided", "The submission is already decided.", _SEAT_OF_A_DECIDED),
        _never(table, "not_withdrawn", "The submission was withdrawn.", _SEAT_OF_A_WITHDRAWN),
    )


def _ended_triggers() -> tuple[Trigger, ...]:
    """After the decision nothing is added to what it stands on."""
    return tuple(
        refuse(
            f"{table}_not_decided",
            table,
            "BEFORE INSERT",
            "The submission is already decided.",
            condition,
            postgresql_first=hold,
        )
        for table, condition, hold in (
            ("phases_gatewithdrawal", _DECIDED, _HOLD_SUBMISSION),
            ("phases_decider", _DECIDED, _HOLD_SUBMISSION),
            ("phases_deciderleaving", _SEAT_OF_A_DECIDED, _HOLD_BY_SEAT),
            ("phases_gatequestion", _DECIDED, _HOLD_SUBMISSION),
            ("phases_gateanswer", _QUESTION_ON_A_DECIDED, _HOLD_BY_QUESTION),
        )
    )


def gate_triggers() -> tuple[Trigger, ...]:
    return (
        *_kept_for_good(),
        *_condition_triggers(),
        *_decision_triggers(),
        *_vote_triggers(),
        *_ended_triggers(),
        refuse(
            "phases_gatecorrection_of_an_earlier_record",
            "phases_gatecorrection",
            "BEFORE INSERT",
            "A correction is about an earlier record of the same project.",
            _CORRECTS_SOMETHING_ELSE,
        ),
        refuse(
            "phases_gaterecorddisposal_with_a_tombstone",
            "phases_gaterecorddisposal",
            "BEFORE INSERT",
            "A record is disposed of by a later tombstone of the same project.",
            _DISPOSED_WITHOUT_TOMBSTONE,
        ),
    )
