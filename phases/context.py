import datetime
from collections.abc import Iterable

from django.utils import timezone

from methodology.catalogue import catalogue_of
from phases.enums import PhaseStatus
from phases.models import ProjectPhase
from phases.selectors import Walk
from projects.models import Project
from tools.contract import ProjectContext


def project_context(project: Project) -> ProjectContext:
    """What tools may know about the project around them. One query."""
    return _context(project, ProjectPhase.objects.filter(project=project).order_by("iteration"))


def context_of_walk(walk: Walk) -> ProjectContext:
    """As :func:`project_context`, from a walk that is already here. No query."""
    rounds = [row for phase in walk.phases for row in (*phase.earlier_rounds, phase.row)]
    return _context(walk.project, rounds)


def _context(project: Project, rounds: Iterable[ProjectPhase]) -> ProjectContext:
    """``rounds`` come with the earlier ones of a phase first."""
    catalogue = catalogue_of(project.method_version)
    keys = {phase.pk: phase.key for phase in catalogue.phases}
    current: str | None = None
    started: dict[str, datetime.date] = {}
    for row in rounds:
        if row.status == PhaseStatus.ACTIVE:
            current = keys[row.phase_id]
        if row.started_on is not None:
            started[keys[row.phase_id]] = row.started_on
    return ProjectContext(
        project_id=project.pk,
        today=timezone.localdate(),
        catalogue=catalogue,
        current_phase=current,
        phase_started_on=started,
    )
