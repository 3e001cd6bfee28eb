import datetime

from django.utils import timezone

from methodology.catalogue import catalogue_of
from phases.enums import PhaseStatus
from phases.models import ProjectPhase
from projects.models import Project
from tools.contract import ProjectContext


def project_context(project: Project) -> ProjectContext:
    """What tools may know about the project around them. One query."""
    catalogue = catalogue_of(project.method_version)
    keys = {phase.pk: phase.key for phase in catalogue.phases}
    current: str | None = None
    started: dict[str, datetime.date] = {}
    for row in ProjectPhase.objects.filter(project=project).order_by("iteration"):
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
