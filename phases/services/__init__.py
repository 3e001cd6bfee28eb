from phases.services.appointments import (
    answer_proposal,
    appoint,
    may_appoint,
    propose_appointment,
)
from phases.services.conditions import close_condition
from phases.services.deciding import (
    AlreadyDecided,
    DraftRefused,
    decide_gate,
    draft_problems,
)
from phases.services.modes import set_organisation_gate_mode, set_project_gate_mode
from phases.services.moving import may_be_moved, may_move_project, move_project, plan_move
from phases.services.questions import (
    answer,
    ask,
    may_answer_questions,
    may_ask,
    questions_of,
)
from phases.services.rounds import start_new_round
from phases.services.routes import SeatPlan, plan_for
from phases.services.seats import (
    SeatRow,
    VotingSeat,
    declare_conflict,
    manager_above,
    may_name_replacement,
    name_replacement,
    possible_replacements,
    seats_of,
    sits_or_deputises,
    tally_of,
    voting_seat,
)
from phases.services.submitting import (
    GateNotReady,
    answer_criterion,
    asked_content,
    plan_to_submit,
    submit_gate,
    withdraw_submission,
)
from phases.services.walking import (
    StartedProject,
    close_phase,
    ensure_walk,
    resume_project,
    start_project,
    start_project_once,
    update_step,
)

__all__ = [
    "AlreadyDecided",
    "DraftRefused",
    "GateNotReady",
    "SeatPlan",
    "SeatRow",
    "StartedProject",
    "VotingSeat",
    "answer",
    "answer_criterion",
    "answer_proposal",
    "appoint",
    "ask",
    "asked_content",
    "close_condition",
    "close_phase",
    "decide_gate",
    "declare_conflict",
    "draft_problems",
    "ensure_walk",
    "manager_above",
    "may_answer_questions",
    "may_appoint",
    "may_ask",
    "may_be_moved",
    "may_move_project",
    "may_name_replacement",
    "move_project",
    "name_replacement",
    "plan_for",
    "plan_move",
    "plan_to_submit",
    "possible_replacements",
    "propose_appointment",
    "questions_of",
    "resume_project",
    "seats_of",
    "set_organisation_gate_mode",
    "set_project_gate_mode",
    "sits_or_deputises",
    "start_new_round",
    "start_project",
    "start_project_once",
    "submit_gate",
    "tally_of",
    "update_step",
    "voting_seat",
    "withdraw_submission",
]
