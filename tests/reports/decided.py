"""A decided project for papers and packages, with something of everything."""

import datetime
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from methodology.enums import GateOutcome
from phases.gates import AcceptedWarning, ConditionDraft, DecisionDraft
from phases.models import CriterionAnswer, GateDecision, ProjectPhase
from phases.record import content_of
from phases.services import answer, answer_criterion, ask, decide_gate, submit_gate
from projects.models import Project
from reports.decision_paper import DecisionPaper, read_paper
from reports.paper_drawing import paper_html

EVIDENCE = b"%PDF-1.7 vedtak"
AS_OF = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)
RATIONALE = "Behovet er dokumentert. Vi går videre, men personvernet må på plass."


def submit_with_everything(project: Project, place: Any) -> Any:
    """Exempt, with evidence in a file, and a question that is answered."""
    answer_criterion(
        answer=CriterionAnswer(
            project_phase=ProjectPhase.objects.get(project=project, phase_key="anchoring"),
            criterion_key="problem-stated",
            status="met",
            comment="Se vedlegget.",
        ),
        actor=place.leader,
        file=SimpleUploadedFile("Vedtak i ledergruppen.pdf", EVIDENCE),
    )
    submission = submit_gate(
        project=project,
        phase_key="anchoring",
        recommended_outcome=GateOutcome.GO_WITH_CONDITIONS,
        recommendation="Vi anbefaler å gå videre til innsiktsfasen.",
        actor=place.leader,
        exempt_paragraph="offentleglova § 23",
        exempt_reason="Forhandlinger med leverandør pågår.",
    )
    question = ask(submission=submission, text="Hvem eier tallene?", actor=place.manager)
    answer(question=question, text="Økonomiavdelingen.", actor=place.leader)
    return submission


def draft_with_everything(submission: Any, place: Any, **changes: Any) -> DecisionDraft:
    """With conditions and an accepted warning."""
    warning = content_of(submission.record)["readiness"]["warnings"][0]["text"]
    draft = {
        "outcome": GateOutcome.GO_WITH_CONDITIONS,
        "rationale": RATIONALE,
        "conditions": (
            ConditionDraft("Avklar personvernet.", place.member.pk, datetime.date(2099, 3, 1)),
        ),
        "accepted": (AcceptedWarning(warning, "Tas i neste fase."),),
        "present": "Ledergruppen og tillitsvalgte",
    }
    return DecisionDraft(**{**draft, **changes})


def decide_with_everything(project: Project, place: Any, **changes: Any) -> GateDecision:
    submission = submit_with_everything(project, place)
    draft = draft_with_everything(submission, place, **changes)
    decision = decide_gate(submission=submission, draft=draft, actor=place.manager)
    assert decision is not None
    return decision


def fresh(decision: GateDecision) -> tuple[GateDecision, Project]:
    """As the worker reads them."""
    read = GateDecision.objects.select_related("record", "submission__record").get(pk=decision.pk)
    project = (
        Project.objects.select_related("organisation", "unit")
        .with_method()
        .get(pk=decision.submission.project_phase.project_id)
    )
    return read, project


def paper_of(decision: GateDecision, language: str = "en") -> DecisionPaper:
    with translation.override(language):
        return read_paper(*fresh(decision))


def html_of(decision: GateDecision, language: str = "en") -> str:
    with translation.override(language):
        return paper_html(read_paper(*fresh(decision)), as_of=AS_OF)


def words(html: str) -> str:
    """What a reader sees."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<body", 1)[1]).split())
