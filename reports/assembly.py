"""From projects to a frozen document: reading first, then composing without the database.

Every sentence is in the active language, which is the job's. Restricted fields are removed for
everybody: a report is passed on.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.policy import ProjectRole
from common.templatetags.ui import amount, kroner
from common.wording import Wording, override
from methodology.catalogue import Catalogue, PhaseEntry
from phases.context import project_context
from phases.dossier import (
    AnswerDossier,
    DecisionDossier,
    PhaseDossier,
    ProjectDossier,
    RoundDossier,
    load_project_dossiers,
)
from phases.enums import AnswerStatus, PhaseStatus
from projects.method import catalogue_of_project
from projects.models import Project
from reports.document import (
    ConditionPart,
    CriterionPart,
    DecisionPart,
    FactPart,
    FindingPart,
    MethodWords,
    NotePart,
    PeoplePart,
    PhasePart,
    ProjectPart,
    ReportDocument,
    StepPart,
    ToolPart,
)
from tools import registry
from tools.contract import ColumnKind, Fact, Finding, ProjectContext, Tool
from tools.privacy import open_part


@dataclass(frozen=True, slots=True)
class ReadProject:
    dossier: ProjectDossier
    context: ProjectContext
    wording: Wording


# --- reading ---------------------------------------------------------------------------------


def read_projects(projects: Collection[Project]) -> tuple[ReadProject, ...]:
    """The projects' dossiers and contexts, in their order. Eleven queries, and one per project;
    the projects come with organisation, unit and method version."""
    dossiers = load_project_dossiers(projects)
    return tuple(
        ReadProject(dossiers[project.pk], project_context(project), project.organisation.wording)
        for project in projects
    )


def read_tools(projects: Collection[Project]) -> dict[str, Mapping[int, Any]]:
    """Tool key -> project number -> dossier: the tools' own constant number of queries."""
    ids = [project.pk for project in projects]
    tools = {
        tool.key: tool
        for project in projects
        for tool in registry.tools_of(catalogue_of_project(project))
    }
    return registry.load_tools(tools.values(), ids)


# --- composing: pure -------------------------------------------------------------------------


def compose(
    read: Collection[ReadProject],
    tools: Mapping[str, Mapping[int, Any]],
    *,
    language: str,
    ordered_by: str,
    as_of: datetime.datetime,
) -> ReportDocument:
    """The document, in the active language, each project in its organisation's wording. No
    database."""
    return ReportDocument(
        language=language,
        ordered_by=ordered_by,
        as_of=as_of,
        projects=tuple(_worded_part(each, tools) for each in read),
    )


def _worded_part(read: ReadProject, tools: Mapping[str, Mapping[int, Any]]) -> ProjectPart:
    with override(read.wording):
        return _project_part(read, tools)


def _project_part(read: ReadProject, tools: Mapping[str, Mapping[int, Any]]) -> ProjectPart:
    # The findings are asked of the whole dossier: that something restricted is missing is open.
    dossier = open_part(read.dossier)
    catalogue = read.context.catalogue
    phases = tuple(_phase_part(phase, dossier, catalogue) for phase in dossier.phases)
    own_tools = registry.tools_of(catalogue)
    found: dict[str, tuple[Finding, ...]] = {
        tool.key: tool.findings(tools[tool.key][dossier.pk], read.context) for tool in own_tools
    }
    return ProjectPart(
        dossier=dossier,
        method=catalogue.title,
        words=MethodWords(
            catalogue.word("phase"), catalogue.word("step"), catalogue.word("step", "plural")
        ),
        current_phase=next((phase for phase in phases if phase.is_current), None),
        people=tuple(
            PeoplePart(role, people) for role in ProjectRole if (people := dossier.people(role))
        ),
        phases=phases,
        decisions=tuple(
            _decision_part(decision, catalogue, read.context.today)
            for decision in dossier.decisions
        ),
        criteria=_criteria(dossier, catalogue, found),
        tools=tuple(
            part
            for tool in own_tools
            if (part := _tool_part(tool, read, tools[tool.key][dossier.pk], found[tool.key]))
        ),
        notes=_notes(dossier, catalogue),
    )


def _notes(dossier: ProjectDossier, catalogue: Catalogue) -> tuple[NotePart, ...]:
    """What was written about tools without a page, and about such that the method has no more."""
    entries = {slot.key: slot for slot in catalogue.slots}
    parts = []
    for said in dossier.slots:
        entry = entries.get(said.slot)
        has_page = entry is not None and registry.resolve(catalogue, entry) is not None
        if said.note or (said.not_relevant_reason and not has_page):
            title = entry.title if entry is not None else said.slot
            parts.append(NotePart(title, said.note, said.not_relevant_reason))
    return tuple(parts)


def _label_of_key(catalogue: Catalogue, key: str) -> str:
    """The label of the phase, or the key of one that the method no longer has."""
    entry = next((phase for phase in catalogue.phases if phase.key == key), None)
    return phase_label(catalogue, entry) if entry is not None else key


def phase_label(catalogue: Catalogue, entry: PhaseEntry) -> str:
    """``Phase 4: Piloting``, with the method's own word for a phase."""
    return _("%(phase)s %(number)s: %(title)s") % {
        "phase": capfirst(catalogue.word("phase")),
        "number": entry.number,
        "title": entry.title,
    }


def _phase_part(phase: PhaseDossier, dossier: ProjectDossier, catalogue: Catalogue) -> PhasePart:
    entry = catalogue.phase(phase.key)
    return PhasePart(
        key=phase.key,
        number=phase.number,
        title=entry.title,
        label=phase_label(catalogue, entry),
        mode=phase.mode,
        is_current=phase.key == dossier.current_phase,
        rounds=phase.rounds,
        steps=tuple(
            StepPart(
                label=step.label,
                title=catalogue.step(step.key).title,
                status=step.status,
                responsible=step.responsible,
                due_on=step.due_on,
                notes=step.notes,
                not_relevant_reason=step.not_relevant_reason,
            )
            for step in phase.steps
        ),
    )


def _decision_part(
    decision: DecisionDossier, catalogue: Catalogue, today: datetime.date
) -> DecisionPart:
    gate = next((each.gate for each in catalogue.phases if each.key == decision.phase), None)
    return DecisionPart(
        gate=gate.title if gate else "",
        phase=_label_of_key(catalogue, decision.phase),
        iteration=decision.iteration,
        outcome=decision.outcome,
        rationale=decision.rationale,
        recommendation=decision.recommendation,
        decided_by=decision.decided_by,
        decided_at=decision.decided_at,
        target_phase=(
            _label_of_key(catalogue, decision.target_phase) if decision.target_phase else ""
        ),
        review_on=decision.review_on,
        learnt=decision.learnt,
        sha256=decision.sha256,
        conditions=tuple(
            ConditionPart(
                text=condition.text,
                owner=condition.owner,
                due_on=condition.due_on,
                is_closed=condition.is_closed,
                is_overdue=not condition.is_closed and condition.due_on < today,
                closing_note=condition.closing_note,
            )
            for condition in decision.conditions
        ),
    )


def _criteria(
    dossier: ProjectDossier,
    catalogue: Catalogue,
    found: Mapping[str, tuple[Finding, ...]],
) -> tuple[CriterionPart, ...]:
    """Each criterion of each round that has begun."""
    parts = []
    for phase in dossier.phases:
        entry = catalogue.phase(phase.key)
        for each in phase.rounds:
            if each.status is PhaseStatus.WAITING:
                continue
            answers = {answer.criterion: answer for answer in each.answers}
            parts += [
                _criterion_part(
                    catalogue,
                    criterion,
                    answers.get(criterion.key),
                    found if each.status is PhaseStatus.ACTIVE else {},
                    phase=phase_label(catalogue, entry),
                    phase_key=phase.key,
                    each=each,
                    is_newest=each is phase.rounds[-1],
                )
                for criterion in (entry.gate.criteria if entry.gate else ())
            ]
    return tuple(parts)


def _criterion_part(
    catalogue: Catalogue,
    criterion: Any,
    answer: AnswerDossier | None,
    found: Mapping[str, tuple[Finding, ...]],
    *,
    phase: str,
    phase_key: str,
    each: RoundDossier,
    is_newest: bool,
) -> CriterionPart:
    settled_by_tools = any(registry.settles(catalogue, code) for code in criterion.finding_codes)
    shortcomings = tuple(
        finding.text
        for findings in found.values()
        for finding in findings
        if finding.code in criterion.finding_codes
    )
    status: AnswerStatus | None = answer.status if answer else AnswerStatus.OPEN
    if settled_by_tools:
        status = AnswerStatus.NOT_MET if shortcomings else AnswerStatus.MET
        if each.status is not PhaseStatus.ACTIVE:
            status = None
    return CriterionPart(
        key=criterion.key,
        title=criterion.title,
        phase=phase,
        phase_key=phase_key,
        iteration=each.iteration,
        severity=criterion.severity,
        status=status,
        is_to_be_confirmed=bool(answer and answer.is_carried_over and not settled_by_tools),
        comment=answer.comment if answer else "",
        evidence=(answer.evidence_url or answer.evidence_file_name) if answer else "",
        shortcomings=shortcomings,
        is_newest_round=is_newest,
    )


def _tool_part(
    tool: Tool, read: ReadProject, whole: Any, findings: tuple[Finding, ...]
) -> ToolPart | None:
    """``None`` for a tool that nobody has used, when the method does not ask for it or it is one
    that is not spoken of before it is used."""
    slots = registry.slots_of(read.context.catalogue, tool)
    is_empty = tool.is_empty(whole)
    reasons = {slot.slot: slot.not_relevant_reason for slot in read.dossier.slots}
    reason = next((reasons[slot.key] for slot in slots if reasons.get(slot.key)), "")
    if is_empty and not (reason or (slots and tool.is_told_when_empty)):
        return None
    dossier = open_part(whole)
    return ToolPart(
        key=tool.key,
        title=slots[0].title if len(slots) == 1 else str(tool.title),
        template=tool.report_template,
        dossier=dossier,
        context=read.context,
        is_empty=is_empty,
        not_relevant_reason=reason,
        findings=tuple(FindingPart(each.weight, each.text) for each in findings),
        facts=tuple(_fact_part(fact) for fact in tool.facts(dossier)),
        sheets=tuple(tool.sheets(dossier, read.context)),
    )


def _fact_part(fact: Fact) -> FactPart:
    unit = str(fact.unit)
    return FactPart(str(fact.label), fact.value, unit, fact_text(fact, unit))


def fact_text(fact: Fact, unit: str) -> str:
    """The figure with its unit; a gap is ``""``, zero is ``0``."""
    if fact.value is None:
        return ""
    if fact.kind == ColumnKind.MONEY:
        return kroner(fact.value)
    if fact.kind == ColumnKind.PERCENT:
        return f"{amount(Decimal(fact.value) * 100)} %"
    return f"{amount(fact.value)} {unit}".strip()
