import datetime
from collections.abc import Iterable

from django.utils import timezone

from phases.enums import PhaseStatus
from phases.models import ProjectPhase
from phases.selectors import Walk
from projects.method import catalogue_of_project
from projects.models import Project
from tools.contract import ProjectContext


def project_context(project: Project) -> ProjectContext:
    """What tools may know about the project around them. One query."""
    return _context(project, ProjectPhase.objects.filter(project=project).order_by("iteration"))


def context_of_walk(walk: Walk) -> ProjectContext:
    """As :func:`project_context`, from a walk that is already here. No query."""
    return _context(walk.project, walk.rounds)


def _context(project: Project, rounds: Iterable[ProjectPhase]) -> ProjectContext:
    """``rounds`` come with the earlier ones of a phase first."""
    catalogue = catalogue_of_project(project)
    known = {phase.key for phase in catalogue.phases}
    current: str | None = None
    started: dict[str, datetime.date] = {}
    for row in rounds:
        if row.phase_key not in known:
            continue
        if row.status == PhaseStatus.ACTIVE:
            current = row.phase_key
        if row.started_on is not None:
            started[row.phase_key] = row.started_on
    return ProjectContext(
        project_id=project.pk,
        today=timezone.localdate(),
        catalogue=catalogue,
        current_phase=current,
        phase_started_on=started,
    )
