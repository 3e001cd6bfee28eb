"""The log of a project, page by page: what happened on which day, and where it can be seen."""

import datetime
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.selectors import events_of_project
from phases.changes import place_of, row_names
from projects.history import HistoryLine, lines_of
from projects.models import Project

LINES_PER_PAGE = 50


class HistoryKind(models.TextChoices):
    """What the log can be narrowed to."""

    GATES = "gates", _("Decisions")
    STEPS = "steps", _("The work on the way")
    TOOLS = "tools", _("Tools")
    PEOPLE = "people", _("People")
    PROJECT = "project", pgettext_lazy("history", "The project")
    REPORTS = "reports", _("Reports")


# The first words of the actions that each kind holds.
_AREAS: dict[HistoryKind, tuple[str, ...]] = {
    HistoryKind.GATES: ("gate", "gate_mode", "criterion", "condition"),
    HistoryKind.STEPS: ("phase", "step"),
    HistoryKind.TOOLS: ("row", "slot", "sheet"),
    HistoryKind.PEOPLE: ("membership", "appointment"),
    HistoryKind.PROJECT: ("project",),
    HistoryKind.REPORTS: ("report",),
}


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """``url`` is where it can be seen, empty when that page is gone."""

    line: HistoryLine
    url: str


@dataclass(frozen=True, slots=True)
class HistoryDay:
    on: datetime.date
    lines: tuple[PlacedLine, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """``page`` is for the pagination; ``days`` are its lines, newest day first."""

    page: Page
    days: tuple[HistoryDay, ...]


def history_page(project: Project, kind: HistoryKind | None, number: str | None) -> HistoryPage:
    """Three queries: how many, the lines of the page, and the names of those they are about."""
    events = events_of_project(project.pk)
    if kind is not None:
        wanted = Q()
        for area in _AREAS[kind]:
            wanted |= Q(action__startswith=f"{area}.")
        events = events.filter(wanted)
    page = Paginator(events, LINES_PER_PAGE).get_page(number)
    days: dict[datetime.date, list[PlacedLine]] = {}
    for line in lines_of(page.object_list, [project], row_names()):
        placed = PlacedLine(line, place_of(line.event, project))
        days.setdefault(timezone.localdate(line.at), []).append(placed)
    return HistoryPage(page, tuple(HistoryDay(on, tuple(lines)) for on, lines in days.items()))
