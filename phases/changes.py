"""The latest changes of projects, each with the place it happened."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from audit.models import AuditEvent
from projects.history import HistoryLine, lines_of, without_repeats
from projects.models import Project
from tools import registry
from tools.contract import StrOrPromise


@dataclass(frozen=True, slots=True)
class Change:
    """``url`` is where the change can be seen."""

    line: HistoryLine
    project: Project
    url: str


def latest_changes(
    projects: Collection[Project], *, limit: int, not_by: int | None = None
) -> list[Change]:
    """Newest first, what repeats itself shown once. Two queries for any number of projects.

    ``not_by`` leaves out what one person (user number) did.
    """
    by_pk = {project.pk: project for project in projects}
    if not by_pk:
        return []
    events = AuditEvent.objects.filter(project_number__in=by_pk).select_related("actor")
    if not_by is not None:
        events = events.filter(~Q(actor_id=not_by) | Q(actor_id=None))
    # Some more than asked for, since repeats fall away.
    kept = without_repeats(events[: limit * 4])[:limit]
    return [
        Change(line, by_pk[number], place_of(line.event, number))
        for line in lines_of(kept, projects, row_names())
        if (number := line.event.project_number) is not None
    ]


def row_names() -> dict[str, StrOrPromise]:
    """What the tools call a row of each of their registers, by the label of its model."""
    return {
        register.model._meta.label_lower: register.singular
        for tool in registry.all_tools()
        for register in tool.registers
    }


def place_of(event: AuditEvent, project_id: int) -> str:
    """The address of the page where the change can be seen, else the project's history."""
    details = event.details
    area, _dot, _rest = event.action.partition(".")
    if area == "step":
        return reverse("phases:step", args=[project_id, details["step"]])
    if area == "slot":
        return reverse("tools:slot", args=[project_id, details["slot"]])
    if area == "sheet":
        return reverse("tools:tool", args=[project_id, details["tool"]])
    if area == "row":
        tool = registry.tool_by_key(event.target_type.partition(".")[0])
        if tool is not None:
            return reverse("tools:tool", args=[project_id, tool.slug])
    if area in {"membership", "appointment"}:
        return reverse("projects:team", args=[project_id])
    if area in {"gate", "condition", "gate_mode"}:
        return reverse("phases:decisions", args=[project_id])
    if area == "phase":
        return reverse("phases:phase", args=[project_id, details["phase"]])
    if area == "project":
        return reverse("phases:project", args=[project_id])
    return reverse("phases:history", args=[project_id])
