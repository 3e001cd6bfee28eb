"""Readiness of one phase: gathers what the rules in ``phases.gates`` weigh."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from methodology.catalogue import CriterionEntry
from phases.context import context_of_walk
from phases.enums import AnswerStatus
from phases.gates import (
    CriterionInput,
    OverdueCondition,
    Readiness,
    Shortcoming,
    assess,
)
from phases.models import CriterionAnswer
from phases.selectors import Walk, WalkPhase, open_conditions
from tools import registry
from tools.contract import Finding, ProjectContext, Tool


@dataclass(frozen=True, slots=True)
class ToolState:
    """A tool in one project: its dossier and what it finds missing."""

    tool: Tool
    dossier: Any
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CriterionState:
    """A criterion with its answer, as the gate page shows it."""

    entry: CriterionEntry
    answer: CriterionAnswer | None
    input: CriterionInput


@dataclass(frozen=True, slots=True)
class PhaseReadiness:
    context: ProjectContext
    tools: tuple[ToolState, ...]
    criteria: tuple[CriterionState, ...]
    readiness: Readiness


def tool_states(context: ProjectContext) -> tuple[ToolState, ...]:
    """The dossier and findings of every tool of the project's method: the tools' own constant
    number of queries."""
    tools = registry.tools_of(context.catalogue)
    loaded = registry.load_tools(tools, [context.project_id])
    states = []
    for tool in tools:
        dossier = loaded[tool.key][context.project_id]
        states.append(ToolState(tool, dossier, tool.findings(dossier, context)))
    return tuple(states)


def readiness_of(
    walk: Walk, phase: WalkPhase, tools: tuple[ToolState, ...] | None = None
) -> PhaseReadiness:
    """Two queries and those of the tools, unless their states are given. Sentences are in the
    active language."""
    context = context_of_walk(walk)
    if tools is None:
        tools = tool_states(context)
    answers = {
        answer.criterion_key: answer
        for answer in CriterionAnswer.objects.filter(project_phase_id=phase.row.pk).select_related(
            "answered_by"
        )
    }
    entries = phase.gate.criteria if phase.gate else ()
    criteria = tuple(
        _criterion_state(walk, phase, entry, answers.get(entry.key), tools) for entry in entries
    )
    today = timezone.localdate()
    overdue = tuple(
        OverdueCondition(
            condition.text,
            condition.due_on,
            reverse("phases:condition_close", args=[walk.project.pk, condition.pk]),
        )
        for condition in open_conditions(walk.project)
        if condition.due_on < today
    )
    return PhaseReadiness(
        context=context,
        tools=tools,
        criteria=criteria,
        readiness=assess(
            criteria=tuple(state.input for state in criteria),
            overdue_conditions=overdue,
            open_steps=_open_steps(walk, phase),
        ),
    )


def _criterion_state(
    walk: Walk,
    phase: WalkPhase,
    entry: CriterionEntry,
    answer: CriterionAnswer | None,
    tools: tuple[ToolState, ...],
) -> CriterionState:
    shortcomings = tuple(
        Shortcoming(finding.code, finding.message, finding.params, finding.url)
        for state in tools
        for finding in state.findings
        if finding.code in entry.finding_codes
    )
    return CriterionState(
        entry=entry,
        answer=answer,
        input=CriterionInput(
            key=entry.key,
            title=entry.title,
            severity=entry.severity,
            url=reverse("phases:criterion", args=[walk.project.pk, phase.entry.key, entry.key]),
            settled_by_tools=any(
                state.tool.gives(code) for state in tools for code in entry.finding_codes
            ),
            shortcomings=shortcomings,
            answer=AnswerStatus(answer.status) if answer else AnswerStatus.OPEN,
            is_carried_over=answer.is_carried_over if answer else False,
        ),
    )


def _open_steps(walk: Walk, phase: WalkPhase) -> tuple[Shortcoming, ...]:
    """Those that are not settled, but for the decision itself. Nothing before a review that comes
    again: what the phase does then goes on after it."""
    if phase.gate is not None and phase.gate.is_recurring:
        return ()
    return tuple(
        Shortcoming(
            "phases.open_step",
            _("“%(step)s” is neither done nor marked as not relevant."),
            {"step": f"{step.entry.label} {step.entry.title}"},
            reverse("phases:step", args=[walk.project.pk, step.entry.key]),
        )
        for step in phase.steps
        if not step.is_settled and not step.entry.is_decision
    )
