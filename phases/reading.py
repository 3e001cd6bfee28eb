"""A gate record as people read it: on the review page, in the preview and under the decision.

Everything comes out of the frozen content; nothing here asks for live rows.
"""

import datetime
import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from accounts.policy import ProjectRole
from methodology.catalogue import Catalogue
from methodology.enums import GateMode, GateOutcome, Severity
from phases.canonical import canonical_bytes
from phases.dossier import DecisionDossier, PhaseDossier, ProjectDossier, StepDossier
from phases.enums import AnswerStatus
from phases.models import GateRecord
from phases.record import (
    RecordedTool,
    catalogue_of_record,
    content_of,
    people_of,
    recorded_project,
    recorded_tools,
)
from phases.wording import PhaseName, Whereabouts, name_or_erased
from projects.models import Project
from tools.contract import ColumnKind, Fact, PersonRef, ProjectContext, RiskLine

WORDS_PER_MINUTE = 200
FIRST_SCREEN_FACTS = 3
FIRST_SCREEN_RISKS = 3
# Headings, figures and what to choose from on the first screen.
FIRST_SCREEN_WORDS = 120


@dataclass(frozen=True, slots=True)
class ReadCriterion:
    """A criterion as it stood. ``file_answer`` is the number of the answer with a file, if any.

    ``adjusted_by`` names the organisation when it asks for this itself, or asks for less than the
    method because of ``lowered_reason``.
    """

    key: str
    title: str
    severity: Severity
    is_met: bool
    settled_by_tools: bool
    shortcomings: tuple[str, ...]
    answer: AnswerStatus
    comment: str
    evidence_url: str
    file_name: str
    file_answer: int | None
    lowered_reason: str = ""
    adjusted_by: str = ""
    is_carried: bool = False
    file_sha256: str = ""


@dataclass(frozen=True, slots=True)
class ReadFinding:
    """Something that was missing, as a sentence. ``is_must``: it stops a plain "go". ``criterion``
    is the key of the criterion, ``""`` for a condition past its date or an open step."""

    text: str
    criterion: str
    is_must: bool

    @property
    def anchor(self) -> str:
        """The section of the page that it is about."""
        if self.criterion:
            return f"basis-criterion-{self.criterion}"
        return "basis-earlier" if self.is_must else "basis-steps"


@dataclass(frozen=True, slots=True)
class ReadRisk:
    """A risk with the tool that it is written in."""

    line: RiskLine
    tool: str


@dataclass(frozen=True, slots=True)
class ReadStep:
    title: str
    step: StepDossier


@dataclass(frozen=True, slots=True)
class ReadPhase:
    name: PhaseName
    steps: tuple[ReadStep, ...]


@dataclass(frozen=True, slots=True)
class ReadDecision:
    """An earlier decision of the project."""

    phase: str
    decision: DecisionDossier


@dataclass(frozen=True, slots=True)
class Reading:
    """A submission. ``language`` is that of its sentences. ``recommended`` and what follows it
    are missing in a preview that has no recommendation yet. ``fine`` is how many of the criteria
    are met. ``knows_size`` is false for records from before budget and uncertainty were asked.
    ``review_months`` says which of a gate's recurring reviews it is, 0 for none."""

    language: str
    where: Whereabouts
    iteration: int
    method_title: str
    gate_title: str
    mode: GateMode
    outcomes: tuple[GateOutcome, ...]
    back_to: tuple[PhaseName, ...]
    project: ProjectDossier
    criteria: tuple[ReadCriterion, ...]
    blockers: tuple[str, ...]
    open_shoulds: tuple[str, ...]
    open_steps: tuple[str, ...]
    tools: tuple[RecordedTool, ...]
    phases: tuple[ReadPhase, ...]
    earlier_decisions: tuple[ReadDecision, ...]
    context: ProjectContext
    minutes: int
    recommended: GateOutcome | None = None
    recommendation: str = ""
    submitted_by: PersonRef | None = None
    deciders: tuple[PersonRef, ...] = ()
    findings: tuple[ReadFinding, ...] = ()
    fine: int = 0
    names: tuple[PhaseName, ...] = ()
    slot_titles: Mapping[str, str] = field(default_factory=dict)
    knows_size: bool = True
    exempt_paragraph: str = ""
    exempt_reason: str = ""
    review_months: int = 0

    @property
    def steps(self) -> tuple[ReadStep, ...]:
        """The steps of the phase that is decided on."""
        return self.steps_of(self.where.phase.key)

    def steps_of(self, phase_key: str) -> tuple[ReadStep, ...]:
        return next((each.steps for each in self.phases if each.name.key == phase_key), ())

    def target(self, phase_key: str) -> PhaseName | None:
        """The phase of that key, if the gate offers to go back to it."""
        return next((name for name in self.back_to if name.key == phase_key), None)

    def step_titles(self, phase_key: str, keys: Collection[str]) -> tuple[str, ...]:
        """What the named steps of the phase are called, in its order."""
        return tuple(
            f"{each.step.label} {each.title}"
            for each in self.steps_of(phase_key)
            if each.step.key in keys
        )

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The figures for the first screen: what its tool puts forward, money before hours; else
        money, then what has a unit, then counts."""
        facts = [fact for tool in self.tools for fact in tool.facts]
        first = [fact for fact in facts if fact.is_headline] or facts
        return tuple(sorted(first, key=_fact_order)[:FIRST_SCREEN_FACTS])

    @property
    def risks(self) -> tuple[ReadRisk, ...]:
        """All risks, the gravest first; those that nobody has assessed come last."""
        found = [ReadRisk(risk, tool.key) for tool in self.tools for risk in tool.risks]
        return tuple(sorted(found, key=lambda each: -each.line.rank))

    @property
    def top_risks(self) -> tuple[ReadRisk, ...]:
        return self.risks[:FIRST_SCREEN_RISKS]

    @property
    def roles(self) -> tuple[tuple[ProjectRole, str], ...]:
        """Who has which role, by name; of an erased person the place is left."""
        found = ((role, self.project.people(role)) for role in ProjectRole)
        return tuple(
            (role, ", ".join(name_or_erased(each.name) for each in people))
            for role, people in found
            if people
        )

    @property
    def first_minutes(self) -> int:
        """How long the first screen takes, rounded up."""
        texts = [self.recommendation, *(each.text for each in self.findings)]
        texts += [each.line.words for each in self.top_risks]
        return _minutes(FIRST_SCREEN_WORDS + sum(len(text.split()) for text in texts))

    @property
    def recommended_by(self) -> str:
        """Empty when the name has been erased."""
        return self.submitted_by.name if self.submitted_by else ""


def _fact_order(fact: Fact) -> tuple[bool, bool]:
    return (fact.kind is not ColumnKind.MONEY, not fact.unit)


def _minutes(words: int) -> int:
    return max(1, math.ceil(words / WORDS_PER_MINUTE))


def read_record(record: GateRecord, project: Project) -> Reading:
    """The submission that ``record`` of ``project`` holds, with the method as it was then. One
    query; two when the project has been moved to another version since."""
    content = content_of(record)
    return read_content(content, people_of(record), catalogue_of_record(content, project))


def as_offered(reading: Reading, present: Catalogue) -> Reading:
    """What of a submission can still be decided when the project stands on ``present``: a phase
    that is gone from it cannot be gone back to."""
    there = {phase.key for phase in present.phases}
    back_to = tuple(name for name in reading.back_to if name.key in there)
    outcomes = tuple(
        outcome for outcome in reading.outcomes if back_to or outcome is not GateOutcome.BACK
    )
    return replace(reading, back_to=back_to, outcomes=outcomes)


def read_preview(
    content: Mapping[str, Any], people: Mapping[str, PersonRef], catalogue: Catalogue
) -> Reading:
    """What would be frozen now, through the same bytes as a record, without storing anything.

    ``content`` has all that a submission's record has; the outcome may be ``None``.
    """
    return read_content(json.loads(canonical_bytes(content)), people, catalogue)


def read_content(
    content: Mapping[str, Any], people: Mapping[str, PersonRef], catalogue: Catalogue
) -> Reading:
    project = recorded_project(content, people)
    titles = content["titles"]
    word = content["method"]["words"]["phase"]
    names = [
        PhaseName(phase.key, phase.number, titles["phases"][phase.key], word)
        for phase in project.phases
    ]
    return Reading(
        language=content["language"],
        iteration=content["phase"]["iteration"],
        method_title=content["method"]["title"],
        project=project,
        tools=recorded_tools(content, people),
        phases=tuple(
            _phase(name, phase, titles["steps"])
            for name, phase in zip(names, project.phases, strict=True)
        ),
        earlier_decisions=tuple(
            ReadDecision(titles["phases"][decision.phase], decision)
            for decision in reversed(project.decisions)
        ),
        context=_context(content, project, catalogue),
        minutes=reading_minutes(content),
        names=tuple(names),
        slot_titles=titles["slots"],
        knows_size=content["project"].get("budget", "") != "",
        **_gate(content, names),
        **_readiness(content),
        **_asked(content, people),
    )


def _gate(content: Mapping[str, Any], names: list[PhaseName]) -> dict[str, Any]:
    """Which gate it is, and what can be decided there. ``names`` are those of all phases."""
    place = next(index for index, name in enumerate(names) if name.key == content["phase"]["key"])
    gate = content["gate"]
    return {
        "where": Whereabouts(names[place], names[place + 1] if place + 1 < len(names) else None),
        "gate_title": gate["title"],
        "review_months": (gate.get("review") or {}).get("months", 0),
        "mode": GateMode(gate["mode"]),
        "outcomes": tuple(GateOutcome(value) for value in gate["outcomes"]),
        "back_to": tuple(
            name for each in gate["back_to"] for name in names if name.key == each["key"]
        ),
    }


def _readiness(content: Mapping[str, Any]) -> dict[str, Any]:
    """The criteria, and what was missing."""
    readiness = content["readiness"]
    met = {item["criterion"] for item in readiness["fine"]}
    warnings = readiness["warnings"]
    return {
        "criteria": tuple(_criterion(each, met) for each in content["criteria"]),
        "blockers": tuple(item["text"] for item in readiness["blockers"]),
        "open_shoulds": tuple(item["text"] for item in warnings if item["criterion"]),
        "open_steps": tuple(item["text"] for item in warnings if not item["criterion"]),
        "findings": tuple(
            ReadFinding(item["text"], item["criterion"], is_must)
            for items, is_must in ((readiness["blockers"], True), (warnings, False))
            for item in items
        ),
        "fine": len(readiness["fine"]),
    }


def _asked(content: Mapping[str, Any], people: Mapping[str, PersonRef]) -> dict[str, Any]:
    """What was recommended, by whom, and who was asked to decide."""
    recommended = content["recommended_outcome"]
    return {
        "recommended": GateOutcome(recommended) if recommended else None,
        "recommendation": content["recommendation"],
        "exempt_paragraph": content.get("exempt", {}).get("paragraph", ""),
        "exempt_reason": content.get("exempt", {}).get("reason", ""),
        "submitted_by": people.get(content["submitted_by"]["person"]),
        "deciders": tuple(
            people[each["person"]] for each in content["deciders"] if each["person"] in people
        ),
    }


def _criterion(each: Mapping[str, Any], met: set[str]) -> ReadCriterion:
    return ReadCriterion(
        key=each["key"],
        title=each["title"],
        severity=Severity(each["severity"]),
        is_met=each["key"] in met,
        settled_by_tools=each["settled_by_tools"],
        shortcomings=tuple(each["shortcomings"]),
        answer=AnswerStatus(each["answer"]),
        comment=each["comment"],
        evidence_url=each["evidence_url"],
        file_name=each["evidence_file_name"],
        file_answer=each["answer_number"] if each["evidence_file"] else None,
        lowered_reason=each.get("lowered_reason", ""),
        adjusted_by=each.get("adjusted_by", ""),
        is_carried=each.get("is_carried_over", False),
        file_sha256=each.get("evidence_file_sha256", ""),
    )


def _phase(name: PhaseName, phase: PhaseDossier, titles: Mapping[str, str]) -> ReadPhase:
    return ReadPhase(name, tuple(ReadStep(titles[step.key], step) for step in phase.steps))


def _context(
    content: Mapping[str, Any], project: ProjectDossier, catalogue: Catalogue
) -> ProjectContext:
    """What the tools' report templates may know, as it was on the day of the submission."""
    started: dict[str, datetime.date] = {}
    for phase in project.phases:
        for each in phase.rounds:
            if each.started_on is not None:
                started[phase.key] = each.started_on
    submitted_at = datetime.datetime.fromisoformat(content["submitted_at"])
    return ProjectContext(
        project_id=project.pk,
        today=timezone.localtime(submitted_at).date(),
        catalogue=catalogue,
        current_phase=content["phase"]["key"],
        phase_started_on=started,
    )


def reading_minutes(content: Mapping[str, Any]) -> int:
    """How long the whole takes to read, rounded up, at 200 words a minute.

    Single words are keys, dates and digests, so only texts with a space count; the lists of titles
    are for looking up.
    """
    words = sum(
        len(text.split())
        for key, part in content.items()
        if key not in ("titles", "method")
        for text in _texts(part)
        if " " in text
    )
    return _minutes(words)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for each in part.values():
            yield from _texts(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)
