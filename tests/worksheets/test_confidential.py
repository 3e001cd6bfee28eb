"""What only those who write may see reaches nobody else; what is promised away is erased."""

import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from audit.models import AuditEvent
from common.xlsx import write_workbook
from projects.access import access_of
from projects.models import Project
from reports import assembly
from tests.worksheets.helpers import (
    OTHER_ROW,
    ROW,
    TALK,
    dossier_of,
    findings_of,
    opened,
    page_url,
    sheet,
    tool_of,
    url,
    worksheet_of,
    write,
    write_row,
)
from tools.context import context_of
from tools.plain import People, to_plain
from tools.privacy import open_part, part_for
from worksheets.erasing import erase_perished
from worksheets.models import SheetRevision
from worksheets.services import delete_sheet_row

ClientFor = Callable[..., Client]
SECRET, NOTES = "Vi tror leverandøren lyver", "Hemmelig notat"


@pytest.fixture
def filled(sheets_project: Project, municipality: Any) -> Project:
    write(sheets_project, municipality.leader, {"goal": "Sove", "worry": SECRET})
    write(sheets_project, municipality.leader, {"worry": f"{SECRET}!"})
    write_row(sheets_project, municipality.leader)
    return sheets_project


def test_readers_see_that_there_is_something_and_no_more(
    filled: Project, municipality: Any, client_for: ClientFor
) -> None:
    reader, leader = client_for(municipality.reader), client_for(municipality.leader)
    addresses = [
        page_url(filled),
        page_url(filled, "interviews"),
        url(filled, "history"),
        url(filled, "history", key="interviews"),
        url(filled, "compare") + "?first=1&second=2",
        url(filled, "compare") + "?first=0&second=2",
        reverse("tools:index", args=[filled.pk]),
    ]

    read = "".join(reader.get(address).content.decode() for address in addresses)
    written = "".join(leader.get(address).content.decode() for address in addresses)

    for secret in (SECRET, NOTES):
        assert secret not in read
        assert secret in written
    assert "Kept confidential" in read
    assert "Kept confidential" not in written


def test_reports_records_and_sheets_hold_nothing_of_it(filled: Project, municipality: Any) -> None:
    texts = []
    for key in ("plan", "interviews"):
        dossier, tool = dossier_of(filled, key), tool_of(filled, key)
        shared = open_part(dossier)
        sheets = tool.sheets(shared, context_of(filled))
        texts += [
            json.dumps(to_plain(shared, People()), ensure_ascii=False),
            str(sheets),
            str(tool.findings(dossier, context_of(filled))),
            str(tool.offers(shared, filled.pk)),
            str(tool.facts(shared)),
        ]
        book = load_workbook(io.BytesIO(write_workbook(sheets, title="x")))
        texts.append(str([[c.value for c in row] for page in book for row in page]))
        assert part_for(dossier, access_of(municipality.leader, filled)) == dossier
        assert part_for(dossier, access_of(municipality.reader, filled)) == shared
    read = assembly.read_projects([filled])
    texts.append(
        str(
            assembly.compose(
                read,
                assembly.read_tools([filled]),
                language="en",
                ordered_by="x",
                as_of=datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC),
            )
        )
    )

    for text in texts:
        assert SECRET not in text
        assert NOTES not in text
    assert "Kept confidential" in texts[1]


def test_what_is_due_is_erased_in_the_sheet_and_in_every_revision(
    sheets_project: Project, municipality: Any
) -> None:
    leader = municipality.leader
    write_row(sheets_project, leader, **{**TALK, "delete_on": "2026-03-01"})
    write_row(sheets_project, leader, need="Ro")
    write_row(sheets_project, leader, OTHER_ROW, **{**TALK, "delete_on": "2026-03-02"})
    before = sheet(sheets_project, "interviews")

    assert erase_perished(datetime.date(2026, 2, 28)) == 0
    assert erase_perished(datetime.date(2026, 3, 1)) == 1

    stored = sheet(sheets_project, "interviews")
    assert [("notes" in row, row["need"]) for row in stored.answers["talks"]] == [
        (False, "Ro"),
        (True, "Sove"),
    ]
    revisions = SheetRevision.objects.order_by("number")
    assert [
        [row["id"] for row in each.answers["talks"] if "notes" in row] for each in revisions
    ] == [[], [], [OTHER_ROW]]
    assert (stored.number, stored.updated_at, stored.updated_by) == (
        before.number,
        before.updated_at,
        leader,
    )
    event = AuditEvent.objects.get(action="sheet.perished")
    assert (event.actor, event.details["count"]) == (None, 1)
    assert NOTES not in json.dumps(event.details)
    assert erase_perished(datetime.date(2026, 3, 1)) == 0


def test_rows_that_were_deleted_and_dates_that_were_moved_are_erased_too(
    sheets_project: Project, municipality: Any
) -> None:
    leader = municipality.leader
    write_row(sheets_project, leader, **{**TALK, "delete_on": "2026-03-01"})
    delete_sheet_row(
        project=sheets_project,
        worksheet=worksheet_of(sheets_project, "interviews"),
        field_key="talks",
        row_id=ROW,
        actor=leader,
    )
    write_row(sheets_project, leader, OTHER_ROW, **{**TALK, "delete_on": "2026-09-01"})
    write_row(sheets_project, leader, OTHER_ROW, delete_on="2026-03-01")

    assert erase_perished(datetime.date(2026, 3, 1)) == 2

    assert "notes" not in json.dumps([each.answers for each in SheetRevision.objects.all()])


def test_a_form_that_was_open_meanwhile_does_not_bring_erased_notes_back(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader, **{**TALK, "delete_on": "2026-03-01"})
    client = client_for(municipality.leader)
    address = url(sheets_project, "row_edit", "talks", ROW, key="interviews")
    data = opened(client, address)
    erase_perished(datetime.date(2026, 3, 1))

    assert client.post(address, {**data, "need": "Ro"}).status_code == 302

    (row,) = sheet(sheets_project, "interviews").answers["talks"]
    assert (row["need"], "notes" in row) == ("Ro", False)


def test_the_command_and_the_schedule_erase(
    sheets_project: Project, municipality: Any, settings: Any, capsys: Any
) -> None:
    from celery import current_app

    write_row(sheets_project, municipality.leader, **{**TALK, "delete_on": "2001-01-01"})

    call_command("erase_perished")

    assert capsys.readouterr().out == "Erased answers: 1.\n"
    task = settings.CELERY_BEAT_SCHEDULE["erase-perished-answers"]["task"]
    assert task == "worksheets.tasks.erase_perished_answers"
    current_app.loader.import_default_modules()
    assert task in current_app.tasks


def test_findings_say_that_something_is_missing_without_saying_what_is_there(
    filled: Project, municipality: Any
) -> None:
    write_row(filled, municipality.leader, pseudonym=None)

    assert findings_of(filled, "interviews") == [
        ("interviews.incomplete", "Row 1 of “Talks” lacks “Code”.")
    ]
