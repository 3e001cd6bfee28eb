from phases.models.gate import (
    Condition,
    Decider,
    GateDecision,
    GateRecord,
    GateRecordPerson,
    GateSubmission,
    GateWithdrawal,
    Vote,
)
from phases.models.walk import (
    CriterionAnswer,
    OrganisationGateMode,
    ProjectGateMode,
    ProjectPhase,
    ProjectStep,
)

__all__ = [
    "Condition",
    "CriterionAnswer",
    "Decider",
    "GateDecision",
    "GateRecord",
    "GateRecordPerson",
    "GateSubmission",
    "GateWithdrawal",
    "OrganisationGateMode",
    "ProjectGateMode",
    "ProjectPhase",
    "ProjectStep",
    "Vote",
]
