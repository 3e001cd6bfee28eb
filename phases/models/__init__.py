from phases.models.conditions import Condition, ConditionHandover
from phases.models.gate import (
    GateCorrection,
    GateDecision,
    GateRecord,
    GateRecordDisposal,
    GateRecordPerson,
    GateRecordSalt,
    GateSubmission,
    GateWithdrawal,
)
from phases.models.routes import GateRoute, GateRouteSeat
from phases.models.seats import Decider, DeciderLeaving, GateAnswer, GateQuestion, Vote
from phases.models.walk import (
    CriterionAnswer,
    OrganisationGateMode,
    ProjectGateMode,
    ProjectPhase,
    ProjectStep,
)

__all__ = [
    "Condition",
    "ConditionHandover",
    "CriterionAnswer",
    "Decider",
    "DeciderLeaving",
    "GateAnswer",
    "GateCorrection",
    "GateDecision",
    "GateQuestion",
    "GateRecord",
    "GateRecordDisposal",
    "GateRecordPerson",
    "GateRecordSalt",
    "GateRoute",
    "GateRouteSeat",
    "GateSubmission",
    "GateWithdrawal",
    "OrganisationGateMode",
    "ProjectGateMode",
    "ProjectPhase",
    "ProjectStep",
    "Vote",
]
