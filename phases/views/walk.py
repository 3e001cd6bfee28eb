"""One project: its overview, its phases and its steps."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import ProjectPermission
from accounts.selectors import may_start_project
from common.outcomes import Refusal, add_refusal
from phases.changes import latest_changes
from phases.due import review_context
from phases.enums import StepStatus
from phases.forms.walk import StepForm
from phases.frame import ProjectFrame, decision_of_round, frame_of, gate_words, tool_cards
from phases.insight import insight_of
from phases.models import ProjectStep
from phases.overview import missing_items, overview_of, rounds_of
from phases.permissions import may_close
from phases.readiness import readiness_of
from phases.rounds import ENDED, grew_out_of, led_to
from phases.selectors import Walk, WalkPhase, WalkStep
from phases.services import may_move_project, update_step
from phases.views.opening import step_form, step_row
from projects.access import ProjectAccess, open_project
from projects.method import catalogue_of_project, newest_edition
from tools.links import new_round_url

CHANGES_SHOWN = 6


@require_safe
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    frame = frame_of(request, access.project)
    context = {
        "project": access.project,
        "access": access,
        "walk": frame.walk,
        "overview": overview_of(frame),
        "today": timezone.localdate(),
        "newer": newest_edition(access.project) if may_move_project(access) else None,
        "changes": latest_changes([access.project], limit=CHANGES_SHOWN),
        "grew_out_of": grew_out_of(access.project, request.user),
        "led_to": led_to(access.project, request.user),
        **_new_round(access, is_offered=access.project.status in ENDED),
    }
    return render(request, "phases/project.html", context)


@require_safe
def phase(request: HttpRequest, project_id: int, phase_key: str) -> HttpResponse:
    access = open_project(request.user, project_id)
    frame = frame_of(request, access.project)
    walk_phase = _phase(frame.walk, phase_key)
    ready = readiness_of(frame.walk, walk_phase, frame.tools) if walk_phase.gate else None
    label, tone = gate_words(walk_phase)
    context = {
        "project": access.project,
        "access": access,
        "walk": frame.walk,
        "phase": walk_phase,
        "may_close": may_close(access, walk_phase),
        "slots": tool_cards(frame, walk_phase.entry.slots),
        "insight": insight_of(frame, walk_phase.entry),
        "ready": ready,
        "missing": missing_items(ready) if ready else (),
        "decision": decision_of_round(walk_phase),
        "gate_label": label,
        "gate_tone": tone,
        "rounds": rounds_of(walk_phase),
        **review_context(walk_phase),
    }
    return render(request, "phases/phase.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, project_id: int, step_key: str) -> HttpResponse:
    access = open_project(request.user, project_id)
    if request.method == "POST":
        access.require(ProjectPermission.EDIT_CONTENT)
    row = _step_row(access, step_key)
    form = None
    if access.can_edit_content:
        form = step_form(request, row)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            _save(request, form)
        except (Refusal, ValidationError) as error:
            # Somebody was faster by a moment: the form is opened again on what they saved.
            form = step_form(request, _step_row(access, step_key))
            form.is_valid()
            add_refusal(form, error)
        else:
            return redirect("phases:step", project_id, step_key)
    frame = frame_of(request, access.project)
    return render(request, "phases/step.html", _step_context(access, frame, step_key, row, form))


def _save(request: HttpRequest, form: StepForm) -> None:
    step = form.instance
    catalogue = catalogue_of_project(step.project)
    name = f"{capfirst(catalogue.word('step'))} {catalogue.step(step.step_key).label}"
    if not form.changed_fields:
        messages.info(request, _("%(step)s: nothing was changed.") % {"step": name})
        return
    was_done = form.initial["status"] == StepStatus.DONE
    update_step(step=step, actor=request.user, changed=form.changed_fields)
    if step.status == StepStatus.DONE and not was_done:
        messages.success(request, _("%(step)s: done.") % {"step": name})
    else:
        messages.success(request, _("%(step)s: saved.") % {"step": name})


def _step_row(access: ProjectAccess, step_key: str) -> ProjectStep:
    return step_row(access.project, catalogue_of_project(access.project).step, step_key)


def _step_context(
    access: ProjectAccess,
    frame: ProjectFrame,
    step_key: str,
    row: ProjectStep,
    form: StepForm | None,
) -> dict[str, object]:
    walk = frame.walk
    steps = [step for phase in walk.phases for step in phase.steps]
    shown = walk.step(step_key)
    place = steps.index(shown)
    return {
        "project": access.project,
        "access": access,
        "walk": walk,
        "phase": walk.phase(shown.entry.phase_key),
        "step": shown,
        "form": form,
        "updated_by": row.updated_by,
        "slots": tool_cards(frame, shown.entry.slots),
        "previous": _neighbour(steps, place - 1),
        "following": _neighbour(steps, place + 1),
        **_new_round(access, is_offered=shown.entry.starts_new_round, step=step_key),
    }


def _new_round(access: ProjectAccess, *, is_offered: bool, **place: str) -> dict[str, object]:
    """What the way to a new project needs, where one may begin."""
    if not is_offered:
        return {"may_start": None, "new_round_url": ""}
    return {
        "may_start": may_start_project(access.user),
        "new_round_url": new_round_url(access.project.pk, **place),
    }


def _neighbour(steps: list[WalkStep], place: int) -> WalkStep | None:
    return steps[place] if 0 <= place < len(steps) else None


def _phase(walk: Walk, key: str) -> WalkPhase:
    try:
        return walk.phase(key)
    except KeyError as error:
        raise Http404 from error
