"""What a project has written that its version of the method has no place for: kept, and shown."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from methodology.catalogue import Catalogue, catalogue_of
from methodology.models import MethodVersion, OverlayVersion
from methodology.selectors_overlays import overlays_of
from phases.enums import AnswerStatus, PhaseStatus, StepStatus
from phases.models import CriterionAnswer, ProjectPhase, ProjectStep
from phases.selectors import Walk
from projects.models import Project
from tools.models import SlotState


@dataclass(frozen=True, slots=True)
class KeptStep:
    title: str
    status: StepStatus
    notes: str
    not_relevant_reason: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """``number`` is that of the answer, for its file."""

    number: int
    title: str
    phase: str
    status: AnswerStatus
    comment: str
    evidence_url: str
    file_name: str


@dataclass(frozen=True, slots=True)
class KeptRound:
    title: str
    iteration: int
    status: PhaseStatus
    started_on: datetime.date | None
    closed_on: datetime.date | None
    closing_sentence: str


@dataclass(frozen=True, slots=True)
class KeptNote:
    title: str
    note: str
    not_relevant_reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    steps: tuple[KeptStep, ...]
    rounds: tuple[KeptRound, ...]
    answers: tuple[KeptAnswer, ...]
    notes: tuple[KeptNote, ...]

    def __bool__(self) -> bool:
        return bool(self.steps or self.rounds or self.answers or self.notes)


def kept_of(walk: Walk) -> Kept:
    """What stands under keys that the project's version does not have; blank rows are left out.

    Two queries; and two more for the names, when there is something to name.
    """
    names = _Names(walk.project)
    phases = {row.pk: row for row in walk.rounds if row.pk is not None}
    return Kept(
        steps=tuple(_steps(walk.former_steps, names)),
        rounds=tuple(_rounds(walk.former_rounds, names)),
        answers=tuple(_answers(walk, phases, names)),
        notes=tuple(_notes(walk, names)),
    )


def _steps(rows: Iterable[ProjectStep], names: "_Names") -> Iterator[KeptStep]:
    for row in sorted(rows, key=lambda row: row.pk):
        if row.notes or row.status != StepStatus.NOT_STARTED:
            yield KeptStep(
                title=names.step(row.step_key),
                status=StepStatus(row.status),
                notes=row.notes,
                not_relevant_reason=row.not_relevant_reason,
            )


def _rounds(rows: Iterable[ProjectPhase], names: "_Names") -> Iterator[KeptRound]:
    for row in sorted(rows, key=lambda row: (row.pk, row.iteration)):
        if row.status != PhaseStatus.WAITING:
            yield KeptRound(
                title=names.phase(row.phase_key),
                iteration=row.iteration,
                status=PhaseStatus(row.status),
                started_on=row.started_on,
                closed_on=row.closed_on,
                closing_sentence=row.closing_sentence,
            )


def _answers(walk: Walk, rounds: dict[int, ProjectPhase], names: "_Names") -> Iterator[KeptAnswer]:
    known = {
        (phase.entry.key, criterion.key)
        for phase in walk.phases
        if phase.gate
        for criterion in phase.gate.criteria
    }
    answers = CriterionAnswer.objects.filter(project_phase__project=walk.project).order_by("pk")
    for answer in answers:
        phase_key, key = rounds[answer.project_phase_id].phase_key, answer.criterion_key
        is_blank = answer.status == AnswerStatus.OPEN and not (
            answer.comment or answer.evidence_url or answer.evidence_file
        )
        if (phase_key, key) not in known and not is_blank:
            yield KeptAnswer(
                number=answer.pk,
                title=names.criterion(phase_key, key),
                phase=names.phase(phase_key),
                status=AnswerStatus(answer.status),
                comment=answer.comment,
                evidence_url=answer.evidence_url,
                file_name=answer.evidence_file_name if answer.evidence_file else "",
            )


def _notes(walk: Walk, names: "_Names") -> Iterator[KeptNote]:
    known = {slot.key for slot in walk.catalogue.slots}
    for state in SlotState.objects.filter(project=walk.project).order_by("pk"):
        if state.slot_key not in known and (state.note or state.not_relevant_reason):
            yield KeptNote(
                title=names.slot(state.slot_key),
                note=state.note,
                not_relevant_reason=state.not_relevant_reason,
            )


class _Names:
    """Titles of what the project's version does not have, from the method's other versions (the
    newest first) and the organisation's other adjustments. A key that nobody knows is its own
    title."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def of(self, title: Callable[[Catalogue], str], key: str) -> str:
        for catalogue in self._catalogues:
            try:
                return title(catalogue)
            except KeyError:
                continue
        return key

    def step(self, key: str) -> str:
        return self.of(lambda catalogue: catalogue.step(key).title, key)

    def slot(self, key: str) -> str:
        return self.of(lambda catalogue: catalogue.slot(key).title, key)

    def phase(self, key: str) -> str:
        return self.of(lambda catalogue: catalogue.phase(key).title, key)

    def criterion(self, phase_key: str, key: str) -> str:
        def title(catalogue: Catalogue) -> str:
            gate = catalogue.phase(phase_key).gate
            if gate is None:
                raise KeyError(key)
            return gate.criterion(key).title

        return self.of(title, key)

    @cached_property
    def _catalogues(self) -> tuple[Catalogue, ...]:
        project = self._project
        method_id = project.method_version.method_id
        versions = list(
            MethodVersion.objects.filter(method_id=method_id)
            .exclude(status="draft")
            .select_related("method")
            .order_by("-number")
        )
        overlays: list[OverlayVersion] = list(overlays_of(project.organisation_id, method_id))
        return (
            catalogue_of(project.method_version, project.overlay_version),
            *(catalogue_of(version) for version in versions),
            # What an organisation adds is the same on every version.
            *(catalogue_of(project.method_version, overlay) for overlay in overlays),
        )
