"""What the database itself refuses about gates. Registered when the app is ready."""

from common.triggers import Trigger, append_only, refuse

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

_DECIDED_BY_NO_DEPUTY = """NEW.decided_for_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM accounts_deputy u
    WHERE u.user_id = NEW.decided_for_id AND u.deputy_id = NEW.decided_by_id)"""

_WITHDRAWN = """EXISTS (
    SELECT 1 FROM phases_gatewithdrawal w WHERE w.submission_id = NEW.submission_id)"""

_DECIDED = """EXISTS (
    SELECT 1 FROM phases_gatedecision d WHERE d.submission_id = NEW.submission_id)"""

_VOTE_BY_SUBMITTER_OR_LEADER = """EXISTS (
    SELECT 1 FROM phases_decider d
    JOIN phases_gatesubmission s ON s.id = d.submission_id
    JOIN phases_projectphase p ON p.id = s.project_phase_id
    LEFT JOIN projects_membership m ON m.project_id = p.project_id
        AND m.user_id = COALESCE(NEW.deputy_id, d.user_id) AND m.role = 'leader'
        AND (m.ended_at IS NULL OR m.ended_at >= s.submitted_at)
    WHERE d.id = NEW.decider_id
    AND (s.submitted_by_id = COALESCE(NEW.deputy_id, d.user_id) OR m.id IS NOT NULL))"""

_VOTE_BY_NO_DEPUTY = """NEW.deputy_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM phases_decider d
    JOIN accounts_deputy u ON u.user_id = d.user_id AND u.deputy_id = NEW.deputy_id
    WHERE d.id = NEW.decider_id)"""

_VOTE_AFTER_LEAVING = """EXISTS (
    SELECT 1 FROM phases_deciderleaving l WHERE l.decider_id = NEW.decider_id)"""


def gate_triggers() -> tuple[Trigger, ...]:
    decision = "phases_gatedecision"
    return (
        *append_only("phases_gaterecord", _PERMANENT),
        *append_only("phases_gatesubmission", _PERMANENT),
        *append_only("phases_gatewithdrawal", _PERMANENT),
        *append_only(decision, _PERMANENT),
        *append_only("phases_vote", _PERMANENT),
        *append_only("phases_decider", _PERMANENT),
        *append_only("phases_deciderleaving", _PERMANENT),
        *append_only("phases_gatequestion", _PERMANENT),
        *append_only("phases_gateanswer", _PERMANENT),
        *append_only("phases_projectgatemode", _PERMANENT),
        *append_only("phases_organisationgatemode", _PERMANENT),
        refuse(
            "phases_gatedecision_not_by_submitter",
            decision,
            "BEFORE INSERT",
            "Whoever submitted cannot decide.",
            _DECIDED_BY_SUBMITTER,
        ),
        refuse(
            "phases_gatedecision_not_by_leader",
            decision,
            "BEFORE INSERT",
            "A leader of the project cannot decide its gates.",
            _DECIDED_BY_A_LEADER,
        ),
        refuse(
            "phases_gatedecision_by_a_decider",
            decision,
            "BEFORE INSERT",
            "Only a decider named at submission can decide.",
            _NOT_A_DECIDER,
        ),
        refuse(
            "phases_gatedecision_by_a_deputy",
            decision,
            "BEFORE INSERT",
            "Only a deputy can decide for somebody else.",
            _DECIDED_BY_NO_DEPUTY,
        ),
        refuse(
            "phases_gatedecision_not_withdrawn",
            decision,
            "BEFORE INSERT",
            "The submission was withdrawn.",
            _WITHDRAWN,
        ),
        refuse(
            "phases_gatewithdrawal_not_decided",
            "phases_gatewithdrawal",
            "BEFORE INSERT",
            "The submission is already decided.",
            _DECIDED,
        ),
        refuse(
            "phases_vote_not_by_submitter_or_leader",
            "phases_vote",
            "BEFORE INSERT",
            "Whoever submitted or leads the project cannot vote.",
            _VOTE_BY_SUBMITTER_OR_LEADER,
        ),
        refuse(
            "phases_vote_by_a_deputy",
            "phases_vote",
            "BEFORE INSERT",
            "Only a deputy can vote for somebody else.",
            _VOTE_BY_NO_DEPUTY,
        ),
        refuse(
            "phases_vote_not_after_leaving",
            "phases_vote",
            "BEFORE INSERT",
            "Whoever no longer counts cannot vote.",
            _VOTE_AFTER_LEAVING,
        ),
    )
