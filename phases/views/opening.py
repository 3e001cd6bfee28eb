"""The way into pages about a phase, its gate and what was submitted."""

from django.http import Http404, HttpRequest

from phases.frame import frame_of
from phases.models import GateSubmission
from phases.selectors import Walk, WalkPhase
from projects.access import ProjectAccess, open_project


def open_phase(
    request: HttpRequest, project_id: int, phase_key: str
) -> tuple[ProjectAccess, Walk, WalkPhase]:
    """Strangers get 404, and so does a phase that the project's method does not have."""
    access = open_project(request.user, project_id)
    walk = frame_of(request, access.project).walk
    try:
        return access, walk, walk.phase(phase_key)
    except KeyError as error:
        raise Http404 from error


def open_gate(
    request: HttpRequest, project_id: int, phase_key: str
) -> tuple[ProjectAccess, Walk, WalkPhase]:
    """As :func:`open_phase`; 404 also when the phase has no gate."""
    access, walk, phase = open_phase(request, project_id, phase_key)
    if phase.gate is None:
        raise Http404
    return access, walk, phase


def open_submission(
    request: HttpRequest, project_id: int, submission_id: int
) -> tuple[ProjectAccess, GateSubmission]:
    """Strangers get 404, and so does a submission of another project. One query beside access."""
    access = open_project(request.user, project_id)
    submission = (
        GateSubmission.objects.select_related(
            "record", "submitted_by", "withdrawal__withdrawn_by", "project_phase"
        )
        .filter(pk=submission_id, project_phase__project=access.project)
        .first()
    )
    if submission is None:
        raise Http404
    return access, submission
