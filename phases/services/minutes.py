"""How a decision came about, as its record keeps it: seats, votes, questions and answers."""

from typing import Any

from accounts.models import User
from methodology.enums import GateOutcome
from phases.models import GateQuestion, GateSubmission
from phases.services.questions import questions_of
from phases.services.seats import SeatRow, seats_of
from tools.contract import PersonRef
from tools.plain import People


def deciding_content(submission: GateSubmission, people: People) -> dict[str, Any]:
    """The rule, everybody who had a seat and what became of it, every vote with its reasons, and
    what was asked. Sentences in the active language. Three queries."""
    return {
        "rule": {
            "key": submission.rule,
            "label": submission.get_rule_display(),
            "quorum": submission.quorum,
        },
        "seats": [_seat(row, people) for row in seats_of(submission)],
        "questions": [_question(each, people) for each in questions_of(submission)],
    }


def person(user: User, people: People) -> dict[str, str]:
    """A person as a record names one."""
    return {"person": people.key_of(PersonRef(user.pk, user.name))}


def _seat(row: SeatRow, people: People) -> dict[str, Any]:
    decider, vote, leaving = row.decider, row.vote, row.leaving
    return {
        **person(row.user, people),
        "role": decider.role,
        "role_label": decider.get_role_display(),
        "is_chair": decider.is_chair,
        "replaces": person(decider.replaces.user, people) if decider.replaces else None,
        "named_by": person(decider.named_by, people) if decider.named_by else None,
        "named_at": decider.named_at.isoformat() if decider.named_at else None,
        "reason": decider.reason,
        "left": {
            "kind": leaving.kind,
            "label": leaving.get_kind_display(),
            "reason": leaving.reason,
            "by": person(leaving.said_by, people),
            "at": leaving.said_at.isoformat(),
        }
        if leaving
        else None,
        "vote": {
            "outcome": vote.outcome,
            "outcome_label": str(GateOutcome(vote.outcome).label),
            "target_phase": vote.draft.get("target_phase", ""),
            "rationale": vote.rationale,
            "learnt": vote.draft.get("learnt", ""),
            "deputy": person(vote.deputy, people) if vote.deputy else None,
            "at": vote.voted_at.isoformat(),
        }
        if vote
        else None,
    }


def _question(question: GateQuestion, people: People) -> dict[str, Any]:
    return {
        "text": question.text,
        "by": person(question.asked_by, people),
        "at": question.asked_at.isoformat(),
        "answers": [
            {
                "text": answer.text,
                "by": person(answer.answered_by, people),
                "at": answer.answered_at.isoformat(),
            }
            for answer in question.answers.all()
        ],
    }
