"""One screen first: what the decider sees before anything else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.reading import ReadFinding, read_record
from phases.services import withdraw_submission
from projects.method import catalogue_of_project
from tests.benefits.factory import make_benefit, make_indicator
from tools.entries import RiskTone, level_words, rank_of, tone_of
from worksheets.services import save_sheet_row


def add_risk(project, actor, number, probability, severity, **more):
    worksheet = catalogue_of_project(project).worksheet("risk-analysis")
    values = {"event": f"Hendelse {number}", "probability": probability, "severity": severity}
    save_sheet_row(
        project=project,
        worksheet=worksheet,
        field_key="risks",
        row_id=f"{number:012d}",
        changes={**values, **more},
        is_new=True,
        actor=actor,
    )


def page_of(client, submission):
    project_id = submission.project_phase.project_id
    return client.get(reverse("phases:review", args=[project_id, submission.pk]))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (25, (100, RiskTone.HIGH, "High, 25 of 25")),
        (15, (60, RiskTone.HIGH, "High, 15 of 25")),
        (12, (48, RiskTone.MEDIUM, "Medium, 12 of 25")),
        (8, (32, RiskTone.MEDIUM, "Medium, 8 of 25")),
        (6, (24, RiskTone.LOW, "Low, 6 of 25")),
        (1, (4, RiskTone.LOW, "Low, 1 of 25")),
    ],
)
def test_a_risk_is_as_grave_as_likelihood_times_consequence(value, expected):
    rank = rank_of(value, 25)
    assert (rank, tone_of(rank), level_words(value, 25)) == expected


def test_the_gravest_risks_are_frozen_and_come_first(project, municipality, submit, client_for):
    leader = municipality.leader
    for number, (probability, severity) in enumerate(((1, 2), (4, 5), (3, 3), (5, 5))):
        add_risk(project, leader, number, probability, severity)
    add_risk(project, leader, 9, None, None, cause="HEMMELIG ÅRSAK")
    submission = submit(project, leader)
    reading = read_record(submission.record, project)
    assert [(each.line.words, each.line.tone, each.line.rank) for each in reading.risks] == [
        ("Hendelse 3", "danger", 100),
        ("Hendelse 1", "danger", 80),
        ("Hendelse 2", "warning", 36),
        ("Hendelse 0", "neutral", 8),
        ("Hendelse 9", "neutral", 0),
    ]
    assert len(reading.top_risks) == 3
    assert b"HEMMELIG" not in bytes(submission.record.content)
    content = page_of(client_for(municipality.manager), submission).content.decode()
    first = content[: content.index('class="review-contents"')]
    assert [f"Hendelse {number}" in first for number in (3, 1, 2, 0, 9)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert 'href="#basis-tool-worksheet.risk-analysis"' in first
    assert 'id="basis-tool-worksheet.risk-analysis"' in content


def test_what_is_missing_leads_to_its_section(project, municipality, submit, client_for):
    submission = submit(project, municipality.leader)
    reading = read_record(submission.record, project)
    content = page_of(client_for(municipality.manager), submission).content.decode()
    assert reading.findings
    for finding in reading.findings:
        assert f'href="#{finding.anchor}"' in content
        assert f'id="{finding.anchor}"' in content


def test_a_condition_past_its_date_leads_to_the_decisions_before():
    assert [
        ReadFinding("Late", "", True).anchor,
        ReadFinding("Open step", "", False).anchor,
        ReadFinding("Not answered", "asked", True).anchor,
    ] == ["basis-earlier", "basis-steps", "basis-criterion-asked"]


def test_every_entry_of_the_contents_is_there(project, municipality, submit, decide, client_for):
    make_benefit(project, municipality.leader)
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Opplær alle", municipality.member.pk, timezone.localdate()),),
    )
    submission = submit(project, municipality.leader)
    content = page_of(client_for(municipality.manager), submission).content.decode()
    contents = content[content.index('class="review-contents"') : content.index("</ul></nav>")]
    anchors = [part.split('"')[0] for part in contents.split('href="#')[1:]]
    assert len(anchors) >= 6
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in content] == []


def test_the_first_time_says_so_and_the_next_tells_the_difference(
    project, municipality, submit, client_for
):
    client = client_for(municipality.manager)
    first = submit(project, municipality.leader)
    assert (
        "This is the first time that the project is submitted."
        in page_of(client, first).content.decode()
    )
    withdraw_submission(submission=first, actor=municipality.leader)
    project.goal = "Alle sover om natten."
    project.save(update_fields=["goal"])
    again = submit(project, municipality.leader)
    content = page_of(client, again).content.decode()
    assert "1 change since the gate before" in content
    assert "Alle sover om natten." in content[: content.index('class="review-contents"')]


def test_the_page_costs_the_same_however_much_was_submitted(
    project, other_project, municipality, submit, client_for
):
    small = submit(project, municipality.leader)
    for number in range(4):
        add_risk(other_project, municipality.leader, number, 3, number + 1)
        make_indicator(other_project, municipality.leader, number + 1)
    large = submit(other_project, municipality.leader)
    client = client_for(municipality.manager)
    page_of(client, small)
    counts = []
    for submission in (small, large):
        with CaptureQueriesContext(connection) as queries:
            assert page_of(client, submission).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1], counts
