"""Pages of what was disposed of at the end of retention, or tampered with: they say so, and what is
left."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from methodology.enums import GateOutcome
from phases.chain import UNREADABLE, BrokenLink, verify_chain
from phases.enums import RecordKind
from phases.models import GateRecord
from phases.naming import PhaseNames
from phases.record import RecordDisposed, content_of, people_of
from projects.access import ProjectAccess, open_project

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def tells_disposal(view: View) -> View:
    """``view`` draws something from records of the project ``project_id``; where the content of
    one is gone, the answer is a page that says when, why and by whom (410).

    Where drawing it fails and the project's chain is broken, the answer is a page that says so
    (500); a failure over a sound chain is a fault of ours, and stays one.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, project_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            try:
                return view(request, project_id, *args, **kwargs)
            except RecordDisposed as disposed:
                return disposed_page(request, project_id, disposed.record)
        except UNREADABLE:
            access = open_project(request.user, project_id)
            link = verify_chain(access.project)
            if link is None:
                raise
            return damaged_page(request, access, link)

    return wrapped


def damaged_page(request: HttpRequest, access: ProjectAccess, link: BrokenLink) -> HttpResponse:
    """In an ``except``: what failed goes to the log, for those who run the installation."""
    logger.exception("Record %s of project %s: %s", link.sequence, link.project_id, link.reason)
    context = {"project": access.project, "access": access, "link": link}
    return render(request, "phases/damaged.html", context, status=500)


def disposed_page(request: HttpRequest, project_id: int, disposed: GateRecord) -> HttpResponse:
    """Strangers get 404, as everywhere."""
    access = open_project(request.user, project_id)
    record = GateRecord.objects.select_related(
        "disposal__tombstone",
        "submission__project_phase",
        "decision__submission__project_phase",
        "decision__decided_by",
    ).get(pk=disposed.pk, project=access.project)
    submission = getattr(record, "submission", None)
    decision = (
        getattr(record, "decision", None)
        if record.kind == RecordKind.DECISION
        else submission.decisions.select_related("decided_by").first()
        if submission
        else None
    )
    case = decision.submission if decision else submission
    tombstone = record.disposal.tombstone
    said = content_of(tombstone)
    people = people_of(tombstone)
    context = {
        "project": access.project,
        "access": access,
        "record": record,
        "decision": decision,
        "outcome": GateOutcome(decision.outcome) if decision else None,
        "phase": PhaseNames(access.project).of_phase(case.project_phase.phase_key)
        if case
        else None,
        "tombstone": tombstone,
        "reason": said["reason"],
        "language": said["language"],
        "disposed_by": people[said["disposed_by"]["person"]],
        "witness": people[said["with"]["person"]],
    }
    return render(request, "phases/disposed.html", context, status=410)
