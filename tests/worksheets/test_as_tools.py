"""Worksheets as tools of a method: registry, findings, gates, records, reports, insight."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from methodology.catalogue import catalogue_of
from methodology.enums import GateOutcome
from methodology.models import MethodVersion
from phases.models import ProjectPhase
from projects.method import catalogue_of_project
from projects.models import Project
from tests.benefits.factory import make_benefit
from tests.worksheets.helpers import (
    ROW,
    TALK,
    dossier_of,
    findings_of,
    page_url,
    tool_of,
    url,
    write,
    write_row,
)
from tools import registry
from tools.context import context_of
from tools.contract import Fact, Offer
from tools.plain import People, from_plain, to_plain
from tools.privacy import open_part
from worksheets.dossier import WorksheetDossier

ClientFor = Callable[..., Client]


def queries_of(action: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def test_a_method_has_the_apps_and_its_own_worksheets(
    sheets_version: MethodVersion, ks_version: MethodVersion
) -> None:
    catalogue = catalogue_of(sheets_version)

    tools = registry.tools_of(catalogue)

    assert [(tool.key, tool.slug, str(tool.title), tool.serves) for tool in tools[-2:]] == [
        ("worksheet.plan", "ark-plan", "Tool plan", "trial"),
        ("worksheet.interviews", "ark-interviews", "Tool interviews", "interviews"),
    ]
    assert tools[:-2] == registry.all_tools()
    assert registry.resolve(catalogue, catalogue.slot("plan")).key == "worksheet.plan"
    assert registry.resolve(catalogue, catalogue.slot("benefits")).key == "benefits"
    assert registry.tool_in(catalogue, "ark-nothing") is None
    assert registry.tools_of(catalogue_of(ks_version))[: len(registry.all_tools())] == (
        registry.all_tools()
    )


@pytest.mark.parametrize(
    ("code", "settled"),
    [
        ("trial.none", True),
        ("trial.incomplete", True),
        ("trial.late", False),
        ("plan.none", False),
        ("benefits.no_owner", True),
        ("risks.none", False),
    ],
)
def test_a_code_is_settled_by_the_tool_that_gives_it(
    code: str, settled: bool, sheets_version: MethodVersion
) -> None:
    assert registry.settles(catalogue_of(sheets_version), code) is settled


def test_an_empty_sheet_and_empty_required_fields_are_findings(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    assert findings_of(sheets_project, "plan") == [
        ("trial.none", "Nothing is written in “Tool plan”."),
        ("trial.incomplete", "“Goal of the pilot” is not filled in."),
    ]
    write(sheets_project, municipality.leader, {"place": "Solbakken"})
    assert findings_of(sheets_project, "plan") == [
        ("trial.incomplete", "“Goal of the pilot” is not filled in.")
    ]
    write(sheets_project, municipality.leader, {"goal": "Sove"})
    assert findings_of(sheets_project, "plan") == []
    ProjectPhase.objects.filter(project=sheets_project, phase_key="first").update(
        status="completed"
    )
    ProjectPhase.objects.filter(project=sheets_project, phase_key="second").update(status="active")
    assert findings_of(sheets_project, "plan") == [
        ("trial.incomplete", "“Evaluation” is not filled in.")
    ]


def test_findings_lead_to_the_field_that_mends_them(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    context = context_of(sheets_project)
    found = [
        finding
        for key in ("plan", "interviews")
        for finding in tool_of(sheets_project, key).findings(
            dossier_of(sheets_project, key), context
        )
    ]
    write_row(sheets_project, municipality.leader, pseudonym="", need="Sove")
    found += tool_of(sheets_project, "interviews").findings(
        dossier_of(sheets_project, "interviews"), context
    )

    for finding in found:
        page, _hash, anchor = finding.url.partition("#")
        answer = client.get(page)
        assert answer.status_code == 200
        assert not anchor or f'id="{anchor}"' in answer.content.decode(), finding.url
    assert {finding.code for finding in found} == {
        "trial.none",
        "trial.incomplete",
        "interviews.none",
        "interviews.incomplete",
    }


def test_facts_and_offers(sheets_project: Project, municipality: Any) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove", "is_safe": False})
    write_row(sheets_project, municipality.leader)

    assert tool_of(sheets_project).facts(dossier_of(sheets_project)) == (
        Fact("filled", "Filled in", 2, unit="of 15"),
    )
    interviews = dossier_of(sheets_project, "interviews")
    assert tool_of(sheets_project, "interviews").offers(interviews, sheets_project.pk) == (
        Offer("talks", ROW, "I-07", f"{page_url(sheets_project, 'interviews')}#row-{ROW}"),
    )


def test_all_worksheets_are_read_in_a_constant_number_of_queries(
    sheets_project: Project,
    start_sheets_project: Callable[..., Project],
    sheets_version: MethodVersion,
    municipality: Any,
) -> None:
    projects = [
        sheets_project,
        *(start_sheets_project(sheets_version, name) for name in ("To", "Tre")),
    ]
    tools = registry.tools_of(catalogue_of_project(sheets_project))
    ids = [project.pk for project in projects]
    for project in projects:
        write(project, municipality.leader, {"goal": project.name})
        write_row(project, municipality.leader, met_by=municipality.member.pk, pseudonym="I")
    one = queries_of(lambda: registry.load_tools(tools, ids[:1]))

    loaded = registry.load_tools(tools, ids)

    assert queries_of(lambda: registry.load_tools(tools, ids)) == one
    assert [
        loaded["worksheet.plan"][project.pk].field("goal").answer.text for project in projects
    ] == [project.name for project in projects]
    assert [loaded["worksheet.plan"][pk].field("project_name").answer.text for pk in ids] == [
        project.name for project in projects
    ]
    assert registry.load_tools(tools, [])["worksheet.plan"] == {}


def test_projects_of_different_methods_get_their_own_worksheets(
    sheets_project: Project, project: Project, municipality: Any
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove"})
    tools = registry.tools_of(catalogue_of_project(sheets_project))

    loaded = registry.load_tools(tools, [sheets_project.pk, project.pk])["worksheet.plan"]

    assert loaded[sheets_project.pk].field("goal").answer.text == "Sove"
    assert loaded[project.pk] == WorksheetDossier(key="plan")


def test_the_dossier_survives_json(sheets_project: Project, municipality: Any) -> None:
    make_benefit(sheets_project, municipality.leader, 1)
    write(
        sheets_project,
        municipality.leader,
        {
            "goal": "Sove",
            "flats": "12",
            "share": "1.5",
            "budget": "2.25",
            "starts": "2027-01-01",
            "responsible": municipality.member.pk,
            "is_safe": False,
            "novelty": "much",
            "sources": ["much", "little"],
            "belief": 3,
            "image": {"picture": 7, "alt": "Et bilde"},
            "serves": ["benefits/gevinster/9"],
        },
    )
    write_row(sheets_project, municipality.leader, **{**TALK, "met_by": municipality.member.pk})

    for key in ("plan", "interviews"):
        dossier, people = dossier_of(sheets_project, key), People()
        text = json.dumps(to_plain(dossier, people))
        assert from_plain(WorksheetDossier, json.loads(text), people.refs) == dossier
        assert municipality.member.name not in text


def test_the_report_is_drawn_without_the_database(
    sheets_project: Project, municipality: Any
) -> None:
    write(
        sheets_project,
        municipality.leader,
        {
            "goal": "<b>Sove</b>",
            "responsible": municipality.leader.pk,
            "image": {"picture": 7, "alt": "Et rom"},
        },
    )
    write_row(sheets_project, municipality.leader)
    context = context_of(sheets_project)
    drawn = []

    def draw() -> None:
        for dossier in (*dossiers, WorksheetDossier()):
            tool = tool_of(sheets_project)
            drawn.append(
                render_to_string(tool.report_template, {"dossier": dossier, "context": context})
            )

    dossiers = [open_part(dossier_of(sheets_project, key)) for key in ("plan", "interviews")]
    assert queries_of(draw) == 0
    html = "".join(drawn)
    for words in (
        "&lt;b&gt;Sove&lt;/b&gt;",
        "Picture: Et rom",
        "I-07",
        "Kept confidential",
        municipality.leader.name,
    ):
        assert words in html, words
    assert "<h1" not in html
    assert "<h2" not in html
    assert "<img" not in html


def test_workbooks_hold_typed_cells_and_formulas_stay_text(
    sheets_project: Project, municipality: Any
) -> None:
    import datetime
    import io
    from decimal import Decimal

    from openpyxl import load_workbook

    from common.xlsx import write_workbook

    write(
        sheets_project,
        municipality.leader,
        {
            "goal": "=cmd()",
            "flats": "12",
            "budget": "1200.5",
            "starts": "2027-01-02",
            "is_safe": False,
        },
    )
    write_row(sheets_project, municipality.leader)

    plan = tool_of(sheets_project).sheets(dossier_of(sheets_project), context_of(sheets_project))
    talks = tool_of(sheets_project, "interviews").sheets(
        open_part(dossier_of(sheets_project, "interviews")), context_of(sheets_project)
    )

    assert [sheet.title for sheet in (*plan, *talks)] == [
        "Plan",
        "Interviews",
        "Talks - Interviews",
    ]
    answers = {row[1]: row[2:] for row in plan[0].rows}
    assert answers["Flats"] == (12, "flats")
    assert answers["Budget"] == (Decimal("1200.5"), "kr")
    assert answers["Starts"] == (datetime.date(2027, 1, 2), None)
    assert answers["Is it safe"] == (False, None)
    assert talks[1].rows == (
        (
            "I-07",
            True,
            datetime.date(2190, 3, 1),
            "Kept confidential",
            "Sove",
            Decimal("1200.5"),
            None,
            None,
        ),
    )
    book = load_workbook(io.BytesIO(write_workbook([*plan, *talks], title="x")))
    cells = [cell for row in book["Plan"] for cell in row if cell.value == "=cmd()"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_tools_page_and_the_phase_page_show_them(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.reader)

    def insight() -> list[tuple[str, bool, str]]:
        page = client.get(reverse("phases:phase", args=[sheets_project.pk, "first"]))
        return [(kind.title, kind.is_there, kind.url) for kind in page.context["insight"]]

    place = f"{page_url(sheets_project, 'interviews')}#field-talks"
    assert insight() == [("Talks with people", False, place)]
    write_row(sheets_project, municipality.leader)
    assert insight() == [("Talks with people", True, place)]
    page = client.get(reverse("tools:index", args=[sheets_project.pk]))
    cards = {card.title: card.label for group in page.context["groups"] for card in group.cards}
    assert (cards["Tool plan"], cards["Tool interviews"]) == (
        "Nothing here yet",
        "Nothing is missing",
    )
    history = client.get(reverse("phases:history", args=[sheets_project.pk])).content.decode()
    assert "wrote a row in “Interviews”." in history
    step = client.get(reverse("tools:slot", args=[sheets_project.pk, "plan"]))
    assert step["Location"] == page_url(sheets_project)


def test_a_gate_record_is_read_without_the_definition(
    sheets_project: Project,
    municipality: Any,
    client_for: ClientFor,
    submit: Callable[..., Any],
    tmp_path: Path,
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove trygt", "worry": "Hemmelig"})
    write_row(sheets_project, municipality.leader)
    submission = submit(sheets_project, municipality.leader, GateOutcome.STOP)
    content = json.loads(bytes(submission.record.content))

    page = (
        client_for(municipality.manager)
        .get(reverse("phases:review", args=[sheets_project.pk, submission.pk]))
        .content.decode()
    )

    assert set(content["tools"]) == {"team", "benefits", "worksheet.plan", "worksheet.interviews"}
    assert "Sove trygt" in page
    assert "Hemmelig" not in page
    assert "Hemmelig" not in json.dumps(content)
    assert '"is_kept_back": true' in json.dumps(content)
    criteria = {each["key"]: each for each in content["criteria"]}
    # The sheets are filled in as far as the phase asks; the benefits are not.
    assert criteria["seen"]["settled_by_tools"] is True
    assert len(criteria["seen"]["shortcomings"]) == 1


def test_history_and_edit_pages_of_all_are_reachable(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    write(sheets_project, municipality.leader, {"goal": "Sove"})

    assert [
        client.get(address).status_code
        for address in (
            page_url(sheets_project),
            url(sheets_project, "edit"),
            url(sheets_project, "history"),
            url(sheets_project, "picture_edit", "image"),
            url(sheets_project, "row_create", "talks", key="interviews"),
        )
    ] == [200] * 5
