"""One tool of one project, in the form that the tool itself gives it: slides, or one A4 page."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from accounts.policy import ProjectRole
from common.pdf import render_first_that_fits, render_pdf
from methodology.catalogue import PhaseEntry
from projects.method import catalogue_of_project
from projects.models import Project
from reports.assembly import ReadProject, phase_label
from reports.enums import ReportKind
from tools import registry
from tools.contract import PrintedProject, PrintForm, Tool
from tools.privacy import open_part

MOST_PAGES = 1


class NotPrinted(Exception):  # noqa: N818 -- a domain word
    """The project's method has no such tool (any more), or it is not printed in this form."""


@dataclass(frozen=True, slots=True)
class ReadTool:
    """A tool with everything that its printout is drawn from: ``dossier`` is the open part, and
    ``pictures`` are ``data:`` addresses by number."""

    tool: Tool
    dossier: Any
    pictures: Mapping[int, str]


def read_tool(project: Project, tool_key: str, form: str) -> ReadTool:
    """Reads the tool in the project. Raises :class:`NotPrinted`."""
    tool = next(
        (
            each
            for each in registry.tools_of(catalogue_of_project(project))
            if each.key == tool_key and form in each.prints
        ),
        None,
    )
    if tool is None:
        raise NotPrinted
    # A printout is passed on: restricted values are removed for everybody.
    dossier = open_part(registry.load_tools([tool], [project.pk])[tool.key][project.pk])
    return ReadTool(tool, dossier, tool.print_pictures(dossier))


def printed_project(
    read: ReadProject, *, language: str, as_of: datetime.datetime
) -> PrintedProject:
    """What the head of a printout says, in the active language. No database."""
    dossier, catalogue = read.dossier, read.context.catalogue
    phase: PhaseEntry | None = next(
        (each for each in catalogue.phases if each.key == dossier.current_phase), None
    )
    return PrintedProject(
        name=dossier.name,
        organisation=dossier.organisation,
        unit=dossier.unit,
        leaders=tuple(person.name for person in dossier.people(ProjectRole.LEADER)),
        method=catalogue.title,
        phase=phase_label(catalogue, phase) if phase else "",
        phase_number=phase.number if phase else 0,
        phase_count=len(catalogue.phases),
        day=timezone.localtime(as_of).date(),
        language=language,
    )


def draw(kind: ReportKind, read: ReadTool, project: PrintedProject) -> bytes:
    """The file, in the active language. No database."""
    drafts = read.tool.printouts(kind.value, read.dossier, project, read.pictures)
    if kind == PrintForm.PAGE:
        return render_first_that_fits(drafts, language=project.language, most_pages=MOST_PAGES)
    return render_pdf(next(drafts), language=project.language)
