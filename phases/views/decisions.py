"""What was decided: the history, one record, and how its conditions went."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from methodology.enums import GateOutcome
from phases.frame import frame_of
from phases.gate_history import conditions_of, gate_events
from phases.minutes import read_minutes
from phases.models import Condition, GateDecision
from phases.permissions import may_close_condition, may_resume
from phases.reading import read_record
from phases.record import content_of, people_of
from phases.selectors import WalkPhase
from phases.views.disposed import tells_disposal
from projects.access import ProjectAccess, open_project


@require_safe
def decisions(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    walk = frame_of(request, access.project).walk
    conditions = [
        {"condition": each, "may_close": may_close_condition(access, each)}
        for each in conditions_of(walk)
    ]
    context = {
        "project": access.project,
        "access": access,
        "waiting": [phase for phase in walk.phases if phase.open_submission is not None],
        "current": _with_gate(walk.current),
        "conditions": conditions,
        "events": gate_events(walk),
        "today": timezone.localdate(),
        "may_resume": may_resume(access),
    }
    return render(request, "phases/decisions.html", context)


def _with_gate(phase: WalkPhase | None) -> WalkPhase | None:
    return phase if phase is not None and phase.gate is not None else None


@require_safe
@tells_disposal
def decision(request: HttpRequest, project_id: int, decision_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    found = (
        GateDecision.objects.select_related(
            "record",
            "decided_by",
            "submission__record",
            "submission__submitted_by",
            "submission__project_phase",
        )
        .filter(pk=decision_id, submission__project_phase__project=access.project)
        .first()
    )
    if found is None:
        raise Http404
    content = content_of(found.record)
    reading = read_record(found.submission.record, access.project)
    context = {
        "project": access.project,
        "access": access,
        "decision": found,
        "outcome": GateOutcome(content["outcome"]),
        "content": content,
        "minutes": read_minutes(content, people_of(found.record), reading.back_to),
        "target": reading.target(content["target_phase"]),
        "reopened": reading.step_titles(content["target_phase"], content["reopen_steps"]),
        "conditions": _conditions(found, access),
        "today": timezone.localdate(),
        "submission": found.submission,
        "reading": reading,
        "is_preview": False,
    }
    return render(request, "phases/decision.html", context)


def _conditions(found: GateDecision, access: ProjectAccess) -> list[dict[str, object]]:
    rows = Condition.objects.filter(decision=found).select_related("owner", "closed_by", "decision")
    return [{"condition": row, "may_close": may_close_condition(access, row)} for row in rows]
