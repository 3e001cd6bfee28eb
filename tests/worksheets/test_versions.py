"""The definition moves on: what was written is kept, shown, and never dropped by saving."""

import copy
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
    write,
    write_row,
)
from tests.worksheets.method import INTERVIEWS, PLAN, load_sheets_method
from worksheets.copying import copy_sheets
from worksheets.dossier import Leftover
from worksheets.erasing import erase_perished
from worksheets.models import SheetRevision

ClientFor = Callable[..., Client]


def changed_worksheets() -> tuple[dict[str, Any], dict[str, Any]]:
    """Goal has become a date, place and worry are gone, and so are the notes of the talks."""
    plan, interviews = copy.deepcopy(PLAN), copy.deepcopy(INTERVIEWS)
    fields = plan["sections"][0]["fields"]
    goal = next(field for field in fields if field["key"] == "goal")
    goal["kind"] = "date"
    plan["sections"][0]["fields"] = [
        field for field in fields if field["key"] not in ("place", "worry")
    ]
    talks = interviews["sections"][0]["fields"][0]
    talks["columns"] = [column for column in talks["columns"] if column["key"] != "notes"]
    return plan, interviews


def move(project: Project, root: Path) -> Project:
    version = load_sheets_method(root, number=2, worksheets=changed_worksheets())
    Project.objects.filter(pk=project.pk).update(method_version=version)
    return Project.objects.with_method().get(pk=project.pk)


def test_answers_without_a_home_are_kept_and_shown(
    sheets_project: Project, municipality: Any, client_for: ClientFor, tmp_path: Path
) -> None:
    write(
        sheets_project,
        municipality.leader,
        {"goal": "Sove", "place": "Hjemme", "worry": "Hemmelig", "flats": "3"},
    )
    write_row(sheets_project, municipality.leader)

    moved = move(sheets_project, tmp_path)

    assert dossier_of(moved).leftovers == (
        Leftover("goal", "Sove", False),
        Leftover("place", "Hjemme", False),
        Leftover("worry", "Hemmelig", True),
    )
    assert dossier_of(moved, "interviews").leftovers == (
        Leftover("talks.notes", "Hemmelig notat", True),
    )
    reader = client_for(municipality.reader)
    pages = "".join(
        reader.get(page_url(moved, key)).content.decode() for key in ("plan", "interviews")
    )
    assert "From an earlier version of the sheet" in pages
    assert "Hjemme" in pages
    assert "Hemmelig" not in pages
    assert "Some of it is kept confidential." in pages
    assert "Hemmelig" in client_for(municipality.member).get(page_url(moved)).content.decode()


def test_saving_never_drops_what_has_no_home(
    sheets_project: Project, municipality: Any, client_for: ClientFor, tmp_path: Path
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove", "place": "Hjemme"})
    write_row(sheets_project, municipality.leader)
    moved = move(sheets_project, tmp_path)
    client = client_for(municipality.leader)

    def save(**changes: str) -> dict[str, Any]:
        client.post(url(moved, "edit"), {**opened(client, url(moved, "edit")), **changes})
        return sheet(moved).answers

    assert save(flats="4") == {"goal": "Sove", "place": "Hjemme", "flats": "4"}
    assert save(goal="2027-03-12") == {
        "goal": "2027-03-12",
        "place": "Hjemme",
        "flats": "4",
        "~kept": [{"key": "goal", "value": "Sove"}],
    }
    save(goal="")
    assert [each.key for each in dossier_of(moved).leftovers] == ["goal", "place"]
    row = url(moved, "row_edit", "talks", ROW, key="interviews")
    client.post(row, {**opened(client, row), "need": "Ro"})
    assert sheet(moved, "interviews").answers["talks"] == [{**TALK, "id": ROW, "need": "Ro"}]


def test_a_promise_outlives_its_field(
    sheets_project: Project, municipality: Any, tmp_path: Path
) -> None:
    write_row(sheets_project, municipality.leader, **{**TALK, "delete_on": "2026-03-01"})
    moved = move(sheets_project, tmp_path)

    assert erase_perished(datetime.date(2026, 3, 1)) == 1

    assert "notes" not in sheet(moved, "interviews").answers["talks"][0]
    assert "notes" not in SheetRevision.objects.get().answers["talks"][0]


def test_a_worksheet_that_the_method_no_longer_has_can_still_be_read(
    sheets_project: Project, municipality: Any, client_for: ClientFor, tmp_path: Path
) -> None:
    write_row(sheets_project, municipality.leader)
    write(sheets_project, municipality.leader, {"goal": "Sove", "worry": "Hemmelig"})
    version = load_sheets_method(tmp_path, number=2, worksheets=(INTERVIEWS,), slots=[])
    Project.objects.filter(pk=sheets_project.pk).update(method_version=version)
    client = client_for(municipality.reader)

    listed = client.get(page_url(sheets_project).replace("ark-plan/", ""))
    page = client.get(page_url(sheets_project), follow=True)

    earlier = url(sheets_project, "earlier")
    assert page.redirect_chain == [(earlier, 302)]
    assert earlier in listed.content.decode()
    assert url(sheets_project, "earlier", key="interviews") in listed.content.decode()
    assert "Sove" in page.content.decode()
    assert "Hemmelig" not in page.content.decode()
    assert client.get(url(sheets_project, "edit")).status_code == 404
    unknown = client.get(page_url(sheets_project, "unknown"), follow=True)
    assert unknown.status_code == 404


def test_a_new_round_takes_open_answers_along(
    sheets_project: Project,
    start_sheets_project: Callable[..., Project],
    municipality: Any,
) -> None:
    write(
        sheets_project,
        municipality.leader,
        {
            "goal": "Sove",
            "worry": "Hemmelig",
            "responsible": municipality.reader.pk,
            "serves": ["benefits/gevinster/1"],
            "belief": 4,
        },
    )
    write_row(
        sheets_project,
        municipality.leader,
        **{**TALK, "met_by": municipality.director.pk},
    )
    target = start_sheets_project(sheets_project.method_version, "Ny runde")

    copied = copy_sheets(
        source=sheets_project,
        target=target,
        worksheet_keys=["plan", "interviews", "unknown"],
        actor=municipality.leader,
    )

    assert copied == ("interviews", "plan")
    assert sheet(target).answers == {
        "goal": "Sove",
        "responsible": municipality.reader.pk,
        "belief": 4,
    }
    assert (sheet(target).number, SheetRevision.objects.filter(sheet__project=target).count()) == (
        1,
        2,
    )
    (row,) = sheet(target, "interviews").answers["talks"]
    assert "notes" not in row
    assert row["need"] == "Sove"
    again = copy_sheets(
        source=sheets_project, target=target, worksheet_keys=["plan"], actor=municipality.leader
    )
    assert again == ()


def _with_other_promises(**column: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Worry is open now, and the notes of the talks are as ``column`` says."""
    plan, interviews = copy.deepcopy(PLAN), copy.deepcopy(INTERVIEWS)
    worry = next(each for each in plan["sections"][0]["fields"] if each["key"] == "worry")
    del worry["sensitivity"]
    columns = interviews["sections"][0]["fields"][0]["columns"]
    columns.append({**columns[2], "key": "erase_on"})
    notes = next(each for each in columns if each["key"] == "notes")
    del notes["sensitivity"], notes["delete_on"]
    notes.update(column)
    return plan, interviews


def _stand_on(project: Project, root: Path, worksheets: tuple[dict[str, Any], ...]) -> Project:
    version = load_sheets_method(root, number=2, worksheets=worksheets)
    Project.objects.filter(pk=project.pk).update(method_version=version)
    return Project.objects.with_method().get(pk=project.pk)


def test_what_was_written_for_few_stays_with_them_when_a_version_opens_the_field(
    sheets_project: Project,
    start_sheets_project: Callable[..., Project],
    municipality: Any,
    client_for: ClientFor,
    tmp_path: Path,
) -> None:
    write(sheets_project, municipality.leader, {"worry": "Hemmelig", "goal": "Sove"})
    write_row(sheets_project, municipality.leader)
    moved = _stand_on(sheets_project, tmp_path, _with_other_promises())
    write(moved, municipality.leader, {"goal": "Ro"})

    reader, leader = client_for(municipality.reader), client_for(municipality.leader)
    addresses = [
        page_url(moved),
        page_url(moved, "interviews"),
        url(moved, "history"),
        url(moved, "compare") + "?first=0&second=2",
    ]
    assert "Hemmelig" not in "".join(reader.get(each).content.decode() for each in addresses)
    assert "Hemmelig" in leader.get(page_url(moved)).content.decode()
    form = leader.get(url(moved, "edit")).context["form"]
    assert "Only those who write in the project see this." in form.fields["worry"].help_text
    target = start_sheets_project(moved.method_version, "Ny runde")
    copy_sheets(
        source=moved,
        target=target,
        worksheet_keys=["plan", "interviews"],
        actor=municipality.leader,
    )
    assert sheet(target).answers == {"goal": "Ro"}
    assert "notes" not in sheet(target, "interviews").answers["talks"][0]


def test_a_promised_day_holds_when_a_version_no_longer_asks_for_one(
    sheets_project: Project, municipality: Any, tmp_path: Path
) -> None:
    write_row(sheets_project, municipality.leader, **{**TALK, "delete_on": "2026-03-01"})
    moved = _stand_on(sheets_project, tmp_path, _with_other_promises(sensitivity="restricted"))
    write_row(moved, municipality.leader, need="Ro")

    assert erase_perished(datetime.date(2026, 3, 1)) == 1
    assert "notes" not in sheet(moved, "interviews").answers["talks"][0]


def test_a_promised_day_holds_when_a_version_asks_for_it_elsewhere(
    sheets_project: Project, municipality: Any, tmp_path: Path
) -> None:
    write_row(sheets_project, municipality.leader, **{**TALK, "delete_on": "2026-03-01"})
    write_row(sheets_project, municipality.leader, OTHER_ROW, **{**TALK, "delete_on": "2026-03-01"})
    changed = _with_other_promises(sensitivity="perishable", delete_on="erase_on")
    moved = _stand_on(sheets_project, tmp_path, changed)
    write_row(moved, municipality.leader, OTHER_ROW, is_new=False, erase_on="2026-05-01")

    # Of the second talk what the earlier revision had, for that kept its own date.
    assert erase_perished(datetime.date(2026, 3, 1)) == 2
    assert ["notes" in row for row in sheet(moved, "interviews").answers["talks"]] == [False, True]
    assert erase_perished(datetime.date(2026, 5, 1)) == 1


def test_a_form_that_was_open_while_the_project_moved_gives_back_what_lost_its_place(
    sheets_project: Project, municipality: Any, client_for: ClientFor, tmp_path: Path
) -> None:
    write(sheets_project, municipality.leader, {"place": "Hjemme"})
    client = client_for(municipality.leader)
    sent = opened(client, url(sheets_project, "edit"))
    moved = move(sheets_project, tmp_path)

    answer = client.post(url(moved, "edit"), {**sent, "place": "Hos naboen", "flats": "3"})

    assert "The place where you wrote “Hos naboen” is not here any more." in answer.content.decode()
    assert sheet(moved).answers == {"place": "Hjemme"}
    again = {key: value for key, value in sent.items() if key != "place"}
    form = answer.context["form"]
    again |= {name: form[name].value() for name in ("opened_version", "opened_values")}
    assert client.post(url(moved, "edit"), {**again, "flats": "3"}).status_code == 302
    assert sheet(moved).answers == {"place": "Hjemme", "flats": "3"}
