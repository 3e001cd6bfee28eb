"""Rows of a worksheet's tables."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from projects.models import Project
from tests.worksheets.helpers import (
    OTHER_ROW,
    ROW,
    TALK,
    dossier_of,
    opened,
    page_url,
    sheet,
    url,
    worksheet_of,
    write_row,
)
from worksheets.forms import ROW_ID_FIELD
from worksheets.models import Sheet, SheetRevision
from worksheets.services import bring_back, delete_sheet_row

ClientFor = Callable[..., Client]
POSTED = {"pseudonym": "I-07", "consent": "yes", "delete_on": "01.03.2190", "need": "Sove"}


def row_url(project: Project, name: str, row: str = ROW) -> str:
    return url(project, name, "talks", row, key="interviews")


def new_url(project: Project) -> str:
    return url(project, "row_create", "talks", key="interviews")


def rows(project: Project) -> list[dict[str, Any]]:
    return sheet(project, "interviews").answers.get("talks", [])


def test_a_new_row_is_stored_once_however_often_it_is_sent(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.member)
    data = {**opened(client, new_url(sheets_project)), **POSTED}

    answers = [client.post(new_url(sheets_project), data) for _time in range(2)]

    row_id = data[ROW_ID_FIELD]
    assert [answer["Location"] for answer in answers] == [
        f"{page_url(sheets_project, 'interviews')}#row-{row_id}"
    ] * 2
    assert rows(sheets_project) == [
        {
            "id": row_id,
            "pseudonym": "I-07",
            "consent": True,
            "delete_on": "2190-03-01",
            "need": "Sove",
        }
    ]
    assert SheetRevision.objects.count() == 1


def test_two_who_add_at_once_both_stay(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    one, other = client_for(municipality.leader), client_for(municipality.member)
    mine, theirs = opened(one, new_url(sheets_project)), opened(other, new_url(sheets_project))

    other.post(new_url(sheets_project), {**theirs, **POSTED, "pseudonym": "I-01"})
    answer = one.post(
        new_url(sheets_project), {**mine, **POSTED, "pseudonym": "I-02", "another": "1"}
    )

    assert answer["Location"] == new_url(sheets_project)
    assert [row["pseudonym"] for row in rows(sheets_project)] == ["I-01", "I-02"]


def test_a_required_column_is_refused_empty_from_its_phase_on(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)

    page = client.post(
        new_url(sheets_project), {**opened(client, new_url(sheets_project)), "need": "Sove"}
    )

    # "later" is asked for from the second phase on.
    assert page.context["form"].errors == {
        "pseudonym": ["Fill in this field."],
        "consent": ["Choose one."],
        "delete_on": ["Choose a date."],
    }
    assert not Sheet.objects.exists()


def test_rows_are_merged_row_by_row_and_field_by_field(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    write_row(sheets_project, municipality.leader, OTHER_ROW, **{**TALK, "pseudonym": "I-08"})
    one, other = client_for(municipality.leader), client_for(municipality.member)
    address = row_url(sheets_project, "row_edit")
    mine, theirs = opened(one, address), opened(other, address)

    other.post(address, {**theirs, "need": "Den andres"})
    write_row(sheets_project, municipality.member, OTHER_ROW, need="I en annen rad")
    answer = one.post(address, {**mine, "cost": "15"})

    assert answer.status_code == 302
    assert rows(sheets_project) == [
        {**TALK, "id": ROW, "need": "Den andres", "cost": "15"},
        {**TALK, "id": OTHER_ROW, "pseudonym": "I-08", "need": "I en annen rad"},
    ]
    refused = one.post(address, {**mine, "need": "Min"})
    assert list(refused.context["form"].errors) == ["need"]


def test_deleting_can_be_undone_and_puts_the_row_back_in_its_place(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    write_row(sheets_project, municipality.leader, OTHER_ROW)
    client = client_for(municipality.leader)

    after = client.post(row_url(sheets_project, "row_delete"), follow=True)

    assert row_url(sheets_project, "row_restore") in after.content.decode()
    assert [row["id"] for row in rows(sheets_project)] == [OTHER_ROW]
    edit = client.get(row_url(sheets_project, "row_edit"))
    assert edit["Location"].startswith(page_url(sheets_project, "interviews"))
    client.post(row_url(sheets_project, "row_restore"))
    assert rows(sheets_project) == [{**TALK, "id": ROW}, {**TALK, "id": OTHER_ROW}]


def test_what_is_written_in_a_row_that_somebody_deleted_brings_it_back(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    client = client_for(municipality.leader)
    data = opened(client, row_url(sheets_project, "row_edit"))
    delete_sheet_row(
        project=sheets_project,
        worksheet=worksheet_of(sheets_project, "interviews"),
        field_key="talks",
        row_id=ROW,
        actor=municipality.member,
    )

    page = client.post(
        row_url(sheets_project, "row_edit"), {**data, "need": "Lys"}, follow=True
    ).content.decode()

    assert "Somebody deleted “I-07” while you were writing." in page
    assert rows(sheets_project) == [{**TALK, "id": ROW, "need": "Lys"}]


def test_rows_move_up_and_down(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    write_row(sheets_project, municipality.leader, OTHER_ROW)
    client = client_for(municipality.member)

    client.post(row_url(sheets_project, "row_move"), {"steps": "1"})
    assert [row["id"] for row in rows(sheets_project)] == [OTHER_ROW, ROW]
    client.post(row_url(sheets_project, "row_move"), {"steps": "1"})
    client.post(row_url(sheets_project, "row_move"), {"steps": "mange"})
    assert [row["id"] for row in rows(sheets_project)] == [OTHER_ROW, ROW]


def test_a_full_table_takes_no_more_rows(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    for number in range(5):
        write_row(sheets_project, municipality.leader, f"{number:012x}")
    client = client_for(municipality.leader)

    page = client.post(
        new_url(sheets_project), {**opened(client, new_url(sheets_project)), **POSTED}
    )

    assert page.context["form"].non_field_errors() == [
        "There can be 5 rows at the most. Delete one first."
    ]
    assert len(rows(sheets_project)) == 5


@pytest.mark.parametrize("who", ["reader", "employee"])
def test_only_those_who_write_may_write(
    who: str, sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    before = sheet(sheets_project, "interviews").answers
    client = client_for(getattr(municipality, who))
    refused = 403 if who == "reader" else 404

    answers = [
        client.post(new_url(sheets_project), POSTED).status_code,
        *(
            client.post(row_url(sheets_project, name), POSTED).status_code
            for name in ("row_edit", "row_delete", "row_restore", "row_move")
        ),
    ]

    assert answers == [refused] * 5
    assert sheet(sheets_project, "interviews").answers == before


@pytest.mark.parametrize(
    "more",
    [("talks", "ffffffffffff"), ("patterns", ROW), ("nothing", ROW)],
)
def test_what_is_not_there_is_404(
    more: tuple[str, str], sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write_row(sheets_project, municipality.leader)
    client = client_for(municipality.leader)

    answers = {
        client.get(url(sheets_project, "row_edit", *more, key="interviews")).status_code,
        client.post(url(sheets_project, "row_delete", *more, key="interviews")).status_code,
        client.post(url(sheets_project, "row_move", *more, key="interviews")).status_code,
        client.get(url(sheets_project, "edit", key="unknown")).status_code,
    }

    assert answers == {404}


def test_rows_stay_when_an_earlier_version_is_brought_back(
    sheets_project: Project, municipality: Any
) -> None:
    write_row(sheets_project, municipality.leader)
    last = write_row(sheets_project, municipality.leader, OTHER_ROW)

    bring_back(
        project=sheets_project,
        worksheet=worksheet_of(sheets_project, "interviews"),
        number=1,
        expected=last.version,
        actor=municipality.member,
    )

    assert [row.pk for row in dossier_of(sheets_project, "interviews").field("talks").rows] == [ROW]
    numbers = SheetRevision.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
