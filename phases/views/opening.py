"""The way into pages about a phase, a step, a gate and what was submitted."""

from collections.abc import Callable

from django.http import Http404, HttpRequest

from methodology.catalogue import ClosingEntry, StepEntry
from phases.forms.walk import StepForm
from phases.frame import frame_of
from phases.models import GateSubmission, ProjectStep
from phases.selectors import Walk, WalkPhase
from projects.access import ProjectAccess, open_project
from projects.models import Project


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


def step_row(
    project: Project, entry_of: Callable[[str], StepEntry | ClosingEntry], step_key: str
) -> ProjectStep:
    """A step to work on, as a row of its own and not the frame's: a refused form must not reach
    header and menu.

    Not stored yet for a step that the method got later; 404 for one that ``entry_of`` does not
    have. One query.
    """
    try:
        entry_of(step_key)
    except KeyError as error:
        raise Http404 from error
    row = (
        ProjectStep.objects.filter(project=project, step_key=step_key)
        .select_related("responsible", "updated_by")
        .first()
    )
    if row is None:
        row = ProjectStep(step_key=step_key)
    row.project = project
    return row


def step_form(request: HttpRequest, row: ProjectStep) -> StepForm:
    return StepForm(request.POST if request.method == "POST" else None, instance=row)


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
