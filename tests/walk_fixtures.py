"""Walking a project to a gate, in few words."""

from collections.abc import Callable

import pytest

from accounts.models import User
from methodology.enums import GateOutcome
from phases.enums import AnswerStatus, PhaseStatus
from phases.gates import DecisionDraft
from phases.models import CriterionAnswer, GateDecision, GateSubmission, ProjectPhase
from phases.services import answer_criterion, close_phase, decide_gate, submit_gate
from projects.method import catalogue_of_project
from projects.models import Project


@pytest.fixture
def walk_to() -> Callable[[Project, str, User], None]:
    """Close phases without a decision, as far as the method lets, until ``phase_key`` is next."""

    def walk_to(project: Project, phase_key: str, leader: User) -> None:
        for phase in catalogue_of_project(project).phases:
            if phase.key == phase_key:
                return
            close_phase(project=project, phase_key=phase.key, sentence="Ferdig her.", actor=leader)

    return walk_to


def round_of(project: Project, phase_key: str) -> ProjectPhase:
    return ProjectPhase.objects.filter(project=project, phase_key=phase_key).latest("iteration")


@pytest.fixture
def answer_all() -> Callable[[Project, str, User], None]:
    """Answer every criterion of the phase with "met"; tools settle theirs by themselves."""

    def answer_all(project: Project, phase_key: str, actor: User) -> None:
        row = round_of(project, phase_key)
        gate = catalogue_of_project(project).phase(phase_key).gate
        assert gate is not None
        for criterion in gate.criteria:
            answer = CriterionAnswer.objects.filter(
                project_phase=row, criterion_key=criterion.key
            ).first() or CriterionAnswer(project_phase=row, criterion_key=criterion.key)
            answer.status = AnswerStatus.MET
            answer.comment = "Dokumentert i prosjektmappen."
            answer_criterion(answer=answer, actor=actor)

    return answer_all


@pytest.fixture
def submit() -> Callable[..., GateSubmission]:
    def submit(
        project: Project,
        actor: User,
        outcome: GateOutcome = GateOutcome.GO_WITH_CONDITIONS,
        phase_key: str = "",
    ) -> GateSubmission:
        current = ProjectPhase.objects.get(project=project, status=PhaseStatus.ACTIVE)
        return submit_gate(
            project=project,
            phase_key=phase_key or current.phase_key,
            recommended_outcome=outcome,
            recommendation="Vi anbefaler å gå videre.",
            actor=actor,
        )

    return submit


@pytest.fixture
def decide() -> Callable[..., GateDecision]:
    def decide(
        submission: GateSubmission, actor: User, outcome: GateOutcome, **changes: object
    ) -> GateDecision:
        draft = DecisionDraft(outcome, **{"rationale": "Grunnlaget er godt.", **changes})
        return decide_gate(submission=submission, draft=draft, actor=actor)

    return decide
