"""Revisions: who saved what, two of them compared, and an earlier one brought back."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from projects.models import Project
from tests.worksheets.helpers import (
    OTHER_ROW,
    ROW,
    TALK,
    page_url,
    sheet,
    url,
    worksheet_of,
    write,
    write_row,
)
from worksheets.comparison import FieldDifference, RowChange, RowDifference, ValueDifference
from worksheets.services import delete_sheet_row

ClientFor = Callable[..., Client]


def test_two_revisions_are_compared_field_by_field(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove", "budget": "1000"})
    write(sheets_project, municipality.member, {"goal": "Sove godt", "is_safe": False})
    write(sheets_project, municipality.member, {"budget": None})
    client = client_for(municipality.reader)

    page = client.get(url(sheets_project, "compare"), {"first": "3", "second": "1"})

    assert page.context["differences"] == (
        FieldDifference(
            "Goal of the pilot", ValueDifference("Goal of the pilot", "Sove", "Sove godt"), ()
        ),
        FieldDifference("Budget", ValueDifference("Budget", "1,000\xa0kr", ""), ()),
        FieldDifference("Is it safe", ValueDifference("Is it safe", "", "No"), ()),
    )
    listed = client.get(url(sheets_project, "history")).context["entries"]
    assert [
        (entry.revision.number, entry.revision.saved_by, [each.title for each in entry.differences])
        for entry in listed
    ] == [
        (3, municipality.member, ["Budget"]),
        (2, municipality.member, ["Goal of the pilot", "Is it safe"]),
        (1, municipality.leader, ["Goal of the pilot", "Budget"]),
    ]


def test_rows_are_compared_by_their_id(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    write_row(sheets_project, municipality.leader, need="Ro")
    write_row(sheets_project, municipality.leader, OTHER_ROW, **{**TALK, "pseudonym": "I-08"})
    delete_sheet_row(
        project=sheets_project,
        worksheet=worksheet_of(sheets_project, "interviews"),
        field_key="talks",
        row_id=ROW,
        actor=municipality.leader,
    )
    client = client_for(municipality.leader)

    def rows(first: int, second: int) -> list[tuple[RowChange, str, int]]:
        page = client.get(
            url(sheets_project, "compare", key="interviews"),
            {"first": str(first), "second": str(second)},
        )
        (field,) = page.context["differences"]
        return [(row.change, row.label, len(row.values)) for row in field.rows]

    assert rows(1, 2) == [(RowChange.CHANGED, "I-07", 1)]
    assert rows(2, 3) == [(RowChange.ADDED, "I-08", 6)]
    assert rows(3, 4) == [(RowChange.DELETED, "I-07", 6)]
    page = client.get(
        url(sheets_project, "compare", key="interviews"), {"first": "1", "second": "2"}
    )
    assert page.context["differences"][0].rows == (
        RowDifference(RowChange.CHANGED, "I-07", (ValueDifference("Need", "Sove", "Ro"),)),
    )


def test_an_earlier_version_is_brought_back_as_a_new_one(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Først"})
    write(sheets_project, municipality.leader, {"goal": "Så", "place": "Hjemme"})
    client = client_for(municipality.member)
    version = sheet(sheets_project).version

    answer = client.post(url(sheets_project, "bring_back", 1), {"expected": str(version)})

    assert answer["Location"] == page_url(sheets_project)
    stored = sheet(sheets_project)
    assert (stored.number, stored.answers, stored.updated_by) == (
        3,
        {"goal": "Først"},
        municipality.member,
    )
    stale = client.post(
        url(sheets_project, "bring_back", 2), {"expected": str(version)}, follow=True
    )
    assert "Somebody else saved this" in stale.content.decode()
    assert sheet(sheets_project).number == 3
    assert client.post(url(sheets_project, "bring_back", 9), {"expected": "x"}).status_code == 404
    endless = client.post(url(sheets_project, "bring_back", 1), {"expected": "9" * 5000})
    assert endless.status_code == 302


def test_readers_see_the_history_but_bring_nothing_back(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Først"})
    write(sheets_project, municipality.leader, {"goal": "Så"})
    client = client_for(municipality.reader)

    page = client.get(url(sheets_project, "compare"), {"first": "1", "second": "2"})

    assert url(sheets_project, "bring_back", 1) not in page.content.decode()
    answer = client.post(url(sheets_project, "bring_back", 1), {"expected": "2"})
    assert answer.status_code == 403
    assert client.get(url(sheets_project, "compare"), {"first": "1"}).status_code == 302
    unknown = client.get(url(sheets_project, "compare"), {"first": "1", "second": "7"})
    assert unknown.status_code == 404
    assert client.get(url(sheets_project, "history", key="interviews")).status_code == 200
