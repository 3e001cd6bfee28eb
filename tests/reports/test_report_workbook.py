"""The workbook, opened again as Excel would."""

import datetime
import io

from openpyxl import load_workbook

from reports import drawing, tasks
from reports.enums import ReportKind
from tests.reports.conftest import CONDITION, FORMULA, RATIONALE
from tests.reports.test_report_document import document_of


def opened(*projects):
    content = drawing.draw(ReportKind.PROJECT_XLSX, document_of(*projects))
    return load_workbook(io.BytesIO(content))


def rows_of(book, title):
    rows = list(book[title].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_there_is_a_sheet_per_register_and_some_about_the_project(full_project):
    assert opened(full_project).sheetnames == [
        "Project",
        "Steps",
        "Decisions",
        "Conditions",
        "Criteria",
        "People and roles",
        "Changes",
        "Benefits",
        "Indicators",
        "Measurements",
        "Key figures",
        "What is missing",
        "Notes",
    ]


def test_cells_are_typed(full_project):
    book = opened(full_project)
    (project,) = rows_of(book, "Project")
    assert project["Case number"] == "2026/1482"
    assert project["Start date"].date() == datetime.date(2026, 1, 12)
    assert project["Planned end date"] is None
    first = rows_of(book, "Benefits")[0]
    assert (first["Kroner per year"], first["Hours per year"]) == (1_250_000, 2400.5)
    (condition,) = rows_of(book, "Conditions")
    assert condition["Condition"] == CONDITION
    assert condition["Due date"].date() == datetime.date(2099, 3, 1)
    (decision,) = rows_of(book, "Decisions")
    assert (decision["Decision"], decision["Rationale"]) == ("Go with conditions", RATIONALE)
    assert isinstance(decision["Decided at"], datetime.datetime)
    steps = rows_of(book, "Steps")
    assert len(steps) == 29
    assert steps[0]["Due date"].date() == datetime.date(2026, 2, 1)


def test_text_that_looks_like_a_formula_stays_text(full_project):
    sheet = opened(full_project)["Benefits"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]


def test_each_sheet_has_a_frozen_header_and_filters(full_project):
    for sheet in opened(full_project):
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")


def test_with_several_projects_each_row_begins_with_the_project(full_project, other_project):
    book = opened(full_project, other_project)
    for sheet in book:
        assert sheet["A1"].value == "Project"
    assert len(rows_of(book, "Projects")) == 2
    assert [row["Project"] for row in rows_of(book, "Steps")] == (
        ["Digitalt tilsyn om natten"] * 29 + ["Medisindispensere"] * 29
    )
    assert {row["Project"] for row in rows_of(book, "Benefits")} == {"Digitalt tilsyn om natten"}


def test_the_file_that_is_fetched_is_this_workbook(full_project, order):
    job = order(full_project)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    with job.file.open() as file:
        book = load_workbook(io.BytesIO(file.read()))
    assert book.properties.title == "Digitalt tilsyn om natten · Project report"
    assert book.properties.creator == "Petter Prosjektleder"
