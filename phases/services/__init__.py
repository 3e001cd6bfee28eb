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
    refuse_decider,
)
from phases.services.modes import set_organisation_gate_mode, set_project_gate_mode
from phases.services.moving import may_be_moved, may_move_project, move_project, plan_move
from phases.services.rounds import start_new_round
from phases.services.submitting import (
    GateNotReady,
    answer_criterion,
    decider_for,
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
    "StartedProject",
    "answer_criterion",
    "answer_proposal",
    "appoint",
    "close_condition",
    "close_phase",
    "decide_gate",
    "decider_for",
    "draft_problems",
    "ensure_walk",
    "may_appoint",
    "may_be_moved",
    "may_move_project",
    "move_project",
    "plan_move",
    "propose_appointment",
    "refuse_decider",
    "resume_project",
    "set_organisation_gate_mode",
    "set_project_gate_mode",
    "start_new_round",
    "start_project",
    "start_project_once",
    "submit_gate",
    "update_step",
    "withdraw_submission",
]
