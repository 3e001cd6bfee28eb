"""Every worksheet of every shipped method: its page, its form, its tables, filled in and empty."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from methodology.catalogue import catalogue_of, forget_catalogues
from methodology.enums import FieldKind
from methodology.models import MethodVersion
from methodology.services import load_method_version
from methodology.worksheets import FieldEntry
from tests.worksheets.helpers import page_url, url
from tests.worksheets.method import start_sheets_project
from tools import registry
from worksheets.services import save_answers, save_sheet_row
from worksheets.tool import WorksheetTool
from worksheets.values import new_row_id

FOLDERS = sorted(path.parent for path in Path(settings.METHOD_FILES).glob("*/*/method.yaml"))
WITH_WORKSHEETS = [folder for folder in FOLDERS if any(folder.glob("worksheet-*.yaml"))]
_VALUES = {
    FieldKind.SHORT_TEXT: "Kort",
    FieldKind.LONG_TEXT: "Langt",
    FieldKind.NUMBER: "12",
    FieldKind.MONEY: "1200",
    FieldKind.DATE: "2190-01-01",
    FieldKind.YES_NO: True,
}


def value_for(field: FieldEntry) -> Any:
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        key = field.choices[0].key
        return key if field.kind is FieldKind.CHOICE else [key]
    if field.kind is FieldKind.SCALE:
        return field.scale[0]
    return _VALUES.get(field.kind)


@pytest.mark.parametrize(
    "folder", WITH_WORKSHEETS, ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_every_worksheet_can_be_opened_and_filled_in(
    folder: Path, municipality: Any, client_for: Callable[..., Client]
) -> None:
    forget_catalogues()
    load_method_version(folder)
    version = MethodVersion.objects.select_related("method").get(
        method__key=folder.parent.name, number=int(folder.name)
    )
    project = start_sheets_project(municipality, version)
    client = client_for(municipality.leader)
    tools = [
        tool for tool in registry.tools_of(catalogue_of(version)) if isinstance(tool, WorksheetTool)
    ]
    assert tools

    for tool in tools:
        key = tool.entry.key
        assert client.get(page_url(project, key)).status_code == 200, key
        form = client.get(url(project, "edit", key=key))
        assert form.status_code == 200, key
        assert escape(tool.entry.sections[0].title) in form.content.decode()
        _fill_in(project, tool, municipality.leader, client)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("tools:index", args=[project.pk]))
    assert page.status_code == 200
    # As many worksheets as there are: they are read together.
    assert len(captured) < 50


def _fill_in(project: Any, tool: WorksheetTool, actor: Any, client: Client) -> None:
    changes = {
        field.key: value_for(field)
        for field in tool.entry.fields
        if field.is_written and value_for(field) is not None
    }
    save_answers(project=project, worksheet=tool.entry, changes=changes, expected=0, actor=actor)
    for field in tool.entry.fields:
        if field.kind is FieldKind.ROWS:
            address = url(project, "row_create", field.key, key=tool.entry.key)
            assert client.get(address).status_code == 200
            save_sheet_row(
                project=project,
                worksheet=tool.entry,
                field_key=field.key,
                row_id=new_row_id(),
                changes={column.key: value_for(column) for column in field.columns},
                is_new=True,
                actor=actor,
            )
    assert client.get(page_url(project, tool.entry.key)).status_code == 200
    assert client.get(url(project, "history", key=tool.entry.key)).status_code == 200
