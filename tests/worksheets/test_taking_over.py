"""An app takes the place of a worksheet in a running project, and nothing is lost."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from methodology.enums import GateOutcome
from phases.readiness import readiness_of
from phases.selectors import walk_of
from projects.method import catalogue_of_project
from projects.models import Project
from tests.tools.third_tool import Cost, CostsDossier, CostsTool
from tests.worksheets.helpers import (
    OTHER_ROW,
    TALK,
    page_url,
    sheet,
    url,
    write,
    write_row,
)
from tools import registry
from tools.contract import OfferedRow
from worksheets.dossier import WorksheetDossier

ClientFor = Callable[..., Client]


class InterviewsApp(CostsTool):
    """Serves the tool that the worksheet about interviews served."""

    key = "interviews"
    slug = "intervjuer"
    title = "Interviews, the app"

    def load(self, project_ids: Any) -> dict[int, CostsDossier]:
        return super().load(project_ids)

    def findings(self, dossier: CostsDossier, context: Any) -> tuple:
        return ()

    def rows_from_worksheet(self, sheet: WorksheetDossier) -> tuple[OfferedRow, ...]:
        talks = sheet.field("talks")
        rows = []
        for row in talks.rows if talks else ():
            by_key = dict(zip((column.key for column in talks.columns), row.answers, strict=True))
            label = by_key["pseudonym"].text
            amount = by_key["cost"].number
            rows.append(
                OfferedRow(
                    "kostnader",
                    {"what": label, "amount": "" if amount is None else str(amount)},
                    label,
                )
            )
        return tuple(rows)


@pytest.fixture(scope="module")
def _table(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Cost)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Cost)


@pytest.fixture(autouse=True)
def _only_the_apps_of_the_settings(_table: None, db: None) -> Iterator[None]:
    registry.all_tools.cache_clear()
    yield
    registry.all_tools.cache_clear()


@pytest.fixture
def app_arrives(settings: Any) -> Callable[[], None]:
    def arrive() -> None:
        settings.VEIKART_TOOLS = [
            *settings.VEIKART_TOOLS,
            "tests.worksheets.test_taking_over.InterviewsApp",
        ]
        registry.all_tools.cache_clear()

    return arrive


@pytest.fixture
def filled(sheets_project: Project, municipality: Any) -> Project:
    write_row(sheets_project, municipality.leader)
    write_row(
        sheets_project,
        municipality.leader,
        OTHER_ROW,
        **{**TALK, "pseudonym": "I-08", "notes": "Mer", "cost": None},
    )
    return sheets_project


def test_an_app_takes_the_place_and_the_worksheet_stays_readable(
    filled: Project,
    municipality: Any,
    client_for: ClientFor,
    app_arrives: Callable[[], None],
) -> None:
    before = sheet(filled, "interviews").answers
    app_arrives()
    client = client_for(municipality.reader)
    catalogue = catalogue_of_project(filled)

    assert registry.resolve(catalogue, catalogue.slot("interviews")).key == "interviews"
    assert registry.tool_in(catalogue, "ark-interviews") is None
    assert registry.tool_in(catalogue, "ark-plan") is not None
    page = client.get(page_url(filled, "interviews"), follow=True)
    earlier = url(filled, "earlier", key="interviews")
    assert page.redirect_chain == [(earlier, 302)]
    text = page.content.decode()
    assert "I-07" in text
    assert "Hemmelig notat" not in text
    assert "“Interviews, the app” has taken the place of this worksheet." in text
    app = client.get(reverse("tools:tool", args=[filled.pk, "intervjuer"])).content.decode()
    assert earlier in app
    assert client.get(url(filled, "edit", key="interviews")).status_code == 404
    assert sheet(filled, "interviews").answers == before


def test_it_counts_in_no_readiness_any_more(
    filled: Project, municipality: Any, app_arrives: Callable[[], None]
) -> None:
    def state() -> tuple[set[str], bool]:
        walk = walk_of(filled)
        ready = readiness_of(walk, walk.phase("first"))
        return {each.tool.key for each in ready.tools}, ready.criteria[0].input.settled_by_tools

    assert state() == ({"team", "benefits", "worksheet.plan", "worksheet.interviews"}, True)
    app_arrives()
    assert state() == ({"team", "benefits", "interviews", "worksheet.plan"}, True)


def test_an_earlier_record_still_renders(
    filled: Project,
    municipality: Any,
    client_for: ClientFor,
    submit: Callable[..., Any],
    app_arrives: Callable[[], None],
) -> None:
    submission = submit(filled, municipality.leader, GateOutcome.STOP)
    address = reverse("phases:review", args=[filled.pk, submission.pk])
    client = client_for(municipality.manager)
    before = client.get(address).content.decode()
    app_arrives()

    after = client.get(address).content.decode()

    for page in (before, after):
        assert "I-07" in page
        assert "Tool interviews" in page
    assert "This tool is no longer part of the installation." not in after
    assert "worksheet.interviews" in json.loads(bytes(submission.record.content))["tools"]


def test_chosen_rows_are_taken_over_together_or_not_at_all(
    filled: Project,
    municipality: Any,
    client_for: ClientFor,
    app_arrives: Callable[[], None],
) -> None:
    app_arrives()
    client = client_for(municipality.member)
    address = url(filled, "take_over", key="interviews")

    page = client.get(address)
    offered = [(each.offered.label, each.is_there) for each in page.context["candidates"]]
    keys = {each.offered.label: each.key for each in page.context["candidates"]}
    refused = client.post(address, {"row": list(keys.values())})

    assert offered == [("I-07", False), ("I-08", False)]
    assert page.context["chosen"] == set(keys.values())
    assert not Cost.objects.exists()
    assert [each.errors for each in refused.context["candidates"]] == [
        (),
        ("Amount: Fill in this field.",),
    ]
    done = client.post(address, {"row": [keys["I-07"], "unknown"]})
    assert done["Location"] == reverse("tools:tool", args=[filled.pk, "intervjuer"])
    assert [(row.what, row.amount, row.created_by) for row in Cost.objects.all()] == [
        ("I-07", Decimal("1200.5"), municipality.member)
    ]
    again = client.get(address)
    assert [(each.offered.label, each.is_there) for each in again.context["candidates"]] == [
        ("I-07", True),
        ("I-08", False),
    ]
    assert again.context["chosen"] == {keys["I-08"]}


def test_only_those_who_write_take_over(
    filled: Project,
    municipality: Any,
    client_for: ClientFor,
    app_arrives: Callable[[], None],
) -> None:
    address = url(filled, "take_over", key="interviews")
    assert client_for(municipality.leader).get(address).status_code == 404
    app_arrives()
    reader = client_for(municipality.reader)

    assert reader.get(address)["Location"] == url(filled, "earlier", key="interviews")
    assert reader.post(address, {"row": ["x"]}).status_code == 403
    assert client_for(municipality.employee).get(address).status_code == 404
    assert address not in reader.get(url(filled, "earlier", key="interviews")).content.decode()
    shown = client_for(municipality.leader).get(url(filled, "earlier", key="interviews"))
    assert address in shown.content.decode()


def test_a_worksheet_in_use_is_shown_at_its_own_page(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove"})

    answer = client_for(municipality.leader).get(url(sheets_project, "earlier"))

    assert answer["Location"] == page_url(sheets_project)
