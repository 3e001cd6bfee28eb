"""What has changed: since a decision until today, and since the gate before a submission.

Today is read the way a record is, through the same content and the same bytes, so that both sides
hold the same parts and neither holds what is never frozen. What lies between two gates comes out
of their records alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from phases.differences import Area, areas_of, differences
from phases.models import GateDecision, GateSubmission
from phases.readiness import ToolState, readiness_of
from phases.reading import Reading, read_preview, read_record
from phases.record import submission_content
from phases.selectors import Walk, WalkPhase
from phases.told import Difference
from projects.models import Project
from tools.plain import People

TOP = 3
FIRST = 10


@dataclass(frozen=True, slots=True)
class Since:
    """``reading`` is the earlier of the two sides, ``decision`` the one that was taken on it, if
    any. ``found`` is sorted, the most important first."""

    submission: GateSubmission
    decision: GateDecision | None
    reading: Reading
    found: tuple[Difference, ...]

    @property
    def count(self) -> int:
        return len(self.found)

    @property
    def top(self) -> tuple[Difference, ...]:
        return self.found[:TOP]

    @property
    def first(self) -> tuple[Difference, ...]:
        return self.found[:FIRST]

    @property
    def areas(self) -> tuple[Area, ...]:
        return areas_of(self.found)

    def within(self, area: str) -> tuple[Difference, ...]:
        """Those of one area; all for an unknown or empty one."""
        chosen = tuple(each for each in self.found if each.area == area)
        return chosen or self.found


def decisions_with_records(project: Project) -> QuerySet[GateDecision]:
    """The project's decisions, newest first, with the records they stand on."""
    return (
        GateDecision.objects.filter(submission__project_phase__project=project)
        .select_related("record", "decided_by", "submission__record", "submission__project_phase")
        .order_by("-decided_at", "-pk")
    )


def since_decision(
    walk: Walk, decision: GateDecision, tools: Collection[ToolState] | None = None
) -> Since | None:
    """What is another thing today than when ``decision`` was taken, field by field.

    ``None`` when it cannot be compared: the record was disposed of, or the method has no gate any
    more. Fourteen queries, and those of the tools unless their states are given; one or two more
    when the project has been moved to another version since.
    """
    submission = decision.submission
    if not submission.record.content:
        return None
    reading = read_record(submission.record, walk.project)
    today = _today(walk, reading, tuple(tools) if tools is not None else None)
    if today is None:
        return None
    found = differences(reading, today, own_decision=decision.record.sha256)
    return Since(submission, decision, reading, found)


def _today(walk: Walk, reading: Reading, tools: tuple[ToolState, ...] | None) -> Reading | None:
    """What a submission of the same gate would hold now, in the record's language; of any gate
    when the method no longer has that one."""
    phase = _phase_to_ask(walk, reading.where.phase.key)
    if phase is None:
        return None
    with translation.override(reading.language):
        people = People()
        content = submission_content(
            walk=walk,
            phase=phase,
            ready=readiness_of(walk, phase, tools),
            people=people,
            language=reading.language,
        )
    nobody: dict[str, Any] = {
        "recommended_outcome": None,
        "recommendation": "",
        "submitted_by": {"person": ""},
        "submitted_at": timezone.now().isoformat(),
        "deciders": [],
    }
    return read_preview({**content, **nobody}, people.refs, walk.catalogue)


def _phase_to_ask(walk: Walk, key: str) -> WalkPhase | None:
    with_gate = [phase for phase in walk.phases if phase.gate is not None]
    same = [phase for phase in with_gate if phase.entry.key == key]
    return next(iter((*same, *with_gate)), None)


def since_previous(submission: GateSubmission, reading: Reading) -> Since | None:
    """What ``reading``, which is ``submission``'s, says differently from the submission before it
    that was decided, or that was for the same gate. ``None`` for the first of a project. Three
    queries; one or two more when the project has been moved to another version since.
    """
    project = submission.project_phase.project
    before = (
        GateSubmission.objects.filter(
            Q(decisions__isnull=False)
            | Q(project_phase__phase_key=submission.project_phase.phase_key),
            project_phase__project=project,
            record__sequence__lt=submission.record.sequence,
        )
        .select_related("record", "project_phase", "withdrawal")
        .order_by("-record__sequence")
        .first()
    )
    if before is None or not before.record.content or not submission.record.content:
        return None
    decision = (
        GateDecision.objects.filter(submission=before)
        .select_related("record", "decided_by")
        .first()
    )
    earlier = read_record(before.record, project)
    own = decision.record.sha256 if decision else ""
    return Since(before, decision, earlier, differences(earlier, reading, own_decision=own))
