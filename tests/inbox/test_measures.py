"""Rows of worksheets with a date and a person are tasks, until they are over with."""

import datetime

import pytest
from django.utils import timezone

from tests.worksheets.helpers import tool_of, worksheet_of
from worksheets.measures import has_measures
from worksheets.services import save_sheet_row

SHEET = "risk-analysis"
ROWS = ("a1b2c3d4e5f6", "0011223344ff", "ffeeddccbbaa")
DUE = timezone.localdate() + datetime.timedelta(days=3)


@pytest.fixture
def measure(project, municipality):
    """Writes a row of the risk analysis."""

    def measure(row, **values):
        worksheet = worksheet_of(project, SHEET)
        save_sheet_row(
            project=project,
            worksheet=worksheet,
            field_key="risks",
            row_id=row,
            changes=values,
            is_new=True,
            actor=municipality.leader,
        )

    return measure


def test_open_measures_wait_for_whoever_is_responsible(project, municipality, measure, client_for):
    mine = {"due": DUE.isoformat(), "responsible": municipality.member.pk}
    measure(ROWS[0], event="Strømmen går", measure="Kjøp batteri", status="planned", **mine)
    measure(ROWS[1], event="Nettet er nede", status="done", **mine)
    measure(ROWS[2], event="Noen faller", responsible=municipality.member.pk)

    (line,) = client_for(municipality.member).get("/innboks/oppgaver/").context["lines"]
    assert (line.text, line.due_on, line.project) == ("Kjøp batteri", DUE, project.name)
    assert line.url.endswith(f"#row-{ROWS[0]}")
    everybody = client_for(municipality.leader).get("/innboks/oppgaver/", {"whose": "everybody"})
    assert [(each.text, each.who) for each in everybody.context["lines"]] == [
        ("Kjøp batteri", "Mats Medlem")
    ]


def test_a_worksheet_that_cannot_say_that_something_is_done_is_not_read(project):
    assert has_measures(worksheet_of(project, SHEET))
    assert tool_of(project, SHEET).has_tasks
    assert not has_measures(worksheet_of(project, "final-report"))
    assert not has_measures(worksheet_of(project, "stakeholder-map"))
