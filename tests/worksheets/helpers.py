"""What tests of worksheets do again and again."""

from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from methodology.worksheets import WorksheetEntry
from projects.method import catalogue_of_project
from projects.models import Project
from tests.tools.samples import sent_by_browser
from tools import registry
from tools.context import context_of
from worksheets.models import Sheet
from worksheets.services import save_answers, save_sheet_row
from worksheets.tool import WorksheetTool

ROW = "a1b2c3d4e5f6"
OTHER_ROW = "0011223344ff"
# The date lies after every day on which tests run for real.
TALK = {
    "pseudonym": "I-07",
    "consent": True,
    "delete_on": "2190-03-01",
    "notes": "Hemmelig notat",
    "need": "Sove",
    "cost": "1200.50",
}


def worksheet_of(project: Project, key: str = "plan") -> WorksheetEntry:
    return catalogue_of_project(project).worksheet(key)


def tool_of(project: Project, key: str = "plan") -> WorksheetTool:
    tool = registry.tool_in(catalogue_of_project(project), f"ark-{key}")
    assert isinstance(tool, WorksheetTool)
    return tool


def dossier_of(project: Project, key: str = "plan") -> Any:
    return tool_of(project, key).load([project.pk])[project.pk]


def sheet(project: Project, key: str = "plan") -> Sheet:
    return Sheet.objects.get(project=project, worksheet_key=key)


def write(project: Project, actor: User, changes: Mapping[str, Any], key: str = "plan") -> Sheet:
    """Save answers on top of whatever stands there."""
    stored = Sheet.objects.filter(project=project, worksheet_key=key).first()
    return save_answers(
        project=project,
        worksheet=worksheet_of(project, key),
        changes=changes,
        expected=stored.version if stored else 0,
        actor=actor,
    )


def write_row(
    project: Project, actor: User, row_id: str = ROW, is_new: bool = True, **changes: Any
) -> Sheet:
    """A talk; without ``changes`` a whole one."""
    return save_sheet_row(
        project=project,
        worksheet=worksheet_of(project, "interviews"),
        field_key="talks",
        row_id=row_id,
        changes=changes or TALK,
        is_new=is_new,
        actor=actor,
    )


def url(project: Project, name: str, *more: Any, key: str = "plan") -> str:
    return reverse(f"worksheets:{name}", args=[project.pk, key, *more])


def page_url(project: Project, key: str = "plan") -> str:
    return reverse("tools:tool", args=[project.pk, f"ark-{key}"])


def opened(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back of the form at ``address``; several values stay a list."""
    form = client.get(address).context["form"]
    data: dict[str, Any] = sent_by_browser(form)
    for bound in form:
        if isinstance(bound.value(), list):
            data[bound.html_name] = bound.value()
    return data


def findings_of(project: Project, key: str) -> list[tuple[str, str]]:
    tool = tool_of(project, key)
    found = tool.findings(dossier_of(project, key), context_of(project))
    return [(finding.code, finding.text) for finding in found]
