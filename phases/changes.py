"""The latest changes of projects, each with the place it happened."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from audit.models import AuditEvent
from projects.history import HistoryLine, lines_of, without_repeats
from projects.method import catalogue_of_project
from projects.models import Project
from tools import registry
from tools.contract import StrOrPromise


@dataclass(frozen=True, slots=True)
class Change:
    """``url`` is where the change can be seen, empty when that page is gone."""

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
        Change(line, by_pk[number], place_of(line.event, by_pk[number]))
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


def place_of(event: AuditEvent, project: Project) -> str:
    """The address of the page where the change can be seen, else the project's history.

    Empty when what was changed is not in the project's method any more: after a move, or when the
    organisation has hidden it. ``project`` comes with its method version selected; no query.
    """
    area, _dot, _rest = event.action.partition(".")
    if area in {"phase", "step", "slot", "sheet"}:
        return _place_in_method(area, event.details, project)
    if area == "row":
        tool = registry.tool_by_key(event.target_type.partition(".")[0])
        if tool is not None:
            return reverse("tools:tool", args=[project.pk, tool.slug])
    if area in {"membership", "appointment"}:
        return reverse("projects:team", args=[project.pk])
    if area in {"gate", "condition", "gate_mode"}:
        return reverse("phases:decisions", args=[project.pk])
    if area == "project":
        return reverse("phases:project", args=[project.pk])
    return reverse("phases:history", args=[project.pk])


def _place_in_method(area: str, details: Mapping[str, Any], project: Project) -> str:
    catalogue = catalogue_of_project(project)
    if area == "sheet":
        slug = details["tool"]
        # What an app has taken the place of leads on from the same address.
        is_there = registry.tool_in(catalogue, slug) or registry.earlier_page(project.pk, slug)
        return reverse("tools:tool", args=[project.pk, slug]) if is_there else ""
    if area == "step" and details[area] in {each.key for each in catalogue.closing}:
        return reverse("phases:closing_step", args=[project.pk, details[area]])
    try:
        getattr(catalogue, area)(details[area])
    except KeyError:
        return ""
    name = "tools:slot" if area == "slot" else f"phases:{area}"
    return reverse(name, args=[project.pk, details[area]])
