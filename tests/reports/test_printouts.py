"""Worksheets as slides and on one page: ordering, making, fetching."""

import io
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader

from accounts.models import Language
from audit.models import AuditEvent
from common.outcomes import Refusal
from projects.method import catalogue_of_project
from projects.models import Project
from reports import assembly, printing, tasks
from reports.enums import ReportKind
from reports.models import ReportJob
from reports.services import order_printout, order_report, retry_report
from tools import registry
from tools.contract import PrintedProject
from worksheets.models import SheetPicture
from worksheets.pictures import open_picture
from worksheets.services import save_answers, save_picture, save_sheet_row
from worksheets.tool import WorksheetTool

ASK = "At ledergruppen frigjør to nattevakter én kveld i uken."
SECRET = "Skal ikke stå noe sted"
SLUG = "ark-project-presentation"
KEY = "worksheet.project-presentation"


def presentation_of(project: Project) -> WorksheetTool:
    tool = registry.tool_in(catalogue_of_project(project), SLUG)
    assert isinstance(tool, WorksheetTool)
    return tool


@pytest.fixture
def presentation(project, municipality) -> WorksheetTool:
    """Filled in with an ask, a quote without consent and a picture that may be shown."""
    tool, leader = presentation_of(project), municipality.leader
    save_answers(
        project=project,
        worksheet=tool.entry,
        changes={"ask": ASK, "picture_consent": "nobody_recognisable"},
        expected=0,
        actor=leader,
    )
    save_sheet_row(
        project=project,
        worksheet=tool.entry,
        field_key="quotes",
        row_id="a1b2c3d4e5f6",
        changes={"quote": SECRET, "who": "Pårørende", "consent": False},
        actor=leader,
        is_new=True,
    )
    buffer = io.BytesIO()
    Image.new("RGB", (90, 60), "teal").save(buffer, "PNG")
    save_picture(
        project=project,
        worksheet=tool.entry,
        field_key="main_picture",
        picture=open_picture(SimpleUploadedFile("bilde.png", buffer.getvalue())),
        alt="Vaktrommet om natten",
        actor=leader,
    )
    return tool


@pytest.fixture
def order_print(project, presentation, municipality):
    def order(
        kind: ReportKind = ReportKind.SLIDES, language: Language = Language.BOKMAL, actor=None
    ) -> ReportJob:
        return order_printout(
            project=project,
            tool=presentation,
            title="Prosjektpresentasjon",
            kind=kind,
            language=language,
            actor=actor or municipality.leader,
        )

    return order


@pytest.fixture
def leader(client_for, municipality) -> Client:
    return client_for(municipality.leader)


def page(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


# --- ordering ----------------------------------------------------------------------------------


def test_an_order_names_the_worksheet_and_is_told_in_the_log(project, municipality, order_print):
    job = order_print()
    assert (job.kind, job.tool_key, job.tool_title, job.what) == (
        "slides",
        KEY,
        "Prosjektpresentasjon",
        "Prosjektpresentasjon · Slides (PDF)",
    )
    assert [each.project for each in job.reported.all()] == [project]
    event = AuditEvent.objects.get(action="report.ordered")
    assert event.details == {"kind": "slides", "language": "nb", "tool": KEY}


def test_pressing_twice_gives_the_same_order_and_another_form_another(order_print):
    first = order_print()
    assert order_print() == first
    assert order_print(kind=ReportKind.PAGE) != first


def test_a_form_that_the_worksheet_is_not_printed_in_is_refused(
    project, presentation, municipality
):
    presentation.entry = replace(presentation.entry, prints=("page",))
    with pytest.raises(Refusal, match="cannot be printed so"):
        order_printout(
            project=project,
            tool=presentation,
            title="X",
            kind=ReportKind.SLIDES,
            language=Language.BOKMAL,
            actor=municipality.leader,
        )


def test_people_without_the_right_are_refused(municipality, order_print):
    with pytest.raises(Refusal):
        order_print(actor=municipality.employee)


def test_printouts_are_not_ordered_as_reports(project, municipality):
    with pytest.raises(ValueError, match="one tool"):
        order_report(
            projects=[project],
            kind=ReportKind.SLIDES,
            language=Language.BOKMAL,
            actor=municipality.leader,
        )


@pytest.mark.parametrize(
    ("kind", "key", "title"),
    [("slides", "", ""), ("page", KEY, ""), ("project_pdf", KEY, "X"), ("project_xlsx", "", "X")],
)
def test_the_database_knows_which_reports_name_a_worksheet(municipality, kind, key, title):
    with (
        pytest.raises(IntegrityError, match="report_job_names_what_it_prints"),
        transaction.atomic(),
    ):
        ReportJob.objects.create(
            kind=kind,
            language="nb",
            requested_by=municipality.leader,
            tool_key=key,
            tool_title=title,
        )


# --- making ------------------------------------------------------------------------------------


def test_what_is_drawn_is_read_first_and_drawn_without_the_database(
    project, presentation, django_assert_num_queries
):
    (read_project,) = assembly.read_projects([project])
    read = printing.read_tool(project, KEY, "slides")
    with django_assert_num_queries(0):
        about = printing.printed_project(read_project, language="en", as_of=timezone.now())
        html = next(read.tool.printouts("slides", read.dossier, about, read.pictures))
    assert ASK in html
    assert SECRET not in html
    assert about == PrintedProject(
        name="Digitalt tilsyn om natten",
        organisation="Fjordvik kommune",
        unit="Hjemmetjenesten",
        leaders=("Petter Prosjektleder",),
        method=catalogue_of_project(project).title,
        phase="Phase 1: Anchoring",
        phase_number=1,
        phase_count=6,
        day=timezone.localdate(),
        language="en",
    )


@pytest.mark.pdf
@pytest.mark.parametrize(("kind", "pages", "width"), [("slides", 4, 960), ("page", 1, 595)])
def test_a_printout_is_made_and_fetched_like_other_reports(kind, pages, width, leader, order_print):
    job = order_print(kind=ReportKind(kind))
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure) == ("done", "")
    assert job.file_name.startswith("Prosjektpresentasjon - Digitalt tilsyn om natten - ")
    response = leader.get(reverse("reports:download", args=[job.pk]))
    reader = PdfReader(io.BytesIO(b"".join(response.streaming_content)))
    assert response["Content-Type"] == "application/pdf"
    assert (len(reader.pages), round(reader.pages[0].mediabox.width)) == (pages, width)
    text = " ".join(" ".join(each.extract_text() for each in reader.pages).split())
    assert ASK in text
    assert SECRET not in text
    assert "Fase 1: " in text


def test_a_picture_whose_file_is_gone_is_left_out(project, presentation):
    picture = SheetPicture.objects.get()
    dossier = presentation.load([project.pk])[project.pk]
    assert list(presentation.print_pictures(dossier)) == [picture.pk]
    picture.file.storage.delete(picture.file.name)
    assert presentation.print_pictures(dossier) == {}


def test_a_worksheet_that_the_method_no_longer_prints_fails_in_words(
    monkeypatch, municipality, order_print
):
    job = order_print()
    monkeypatch.setattr(WorksheetTool, "prints", ())
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, str(job.failure_sentence)) == (
        "failed",
        "The project's method no longer has this worksheet, or it can no longer be printed so.",
    )
    retry_report(job=job, actor=municipality.leader)
    job.refresh_from_db()
    assert (job.status, job.tool_key) == ("queued", KEY)


# --- pages -------------------------------------------------------------------------------------


def test_the_worksheets_page_leads_to_both_forms(leader, project, presentation):
    html = page(leader.get(reverse("tools:tool", args=[project.pk, SLUG])))
    address = reverse("reports:printout", args=[project.pk, SLUG])
    assert f'href="{address}?kind=slides"' in html
    assert f'href="{address}?kind=page"' in html


def test_other_tools_offer_no_printing(leader, project):
    html = page(leader.get(reverse("tools:tool", args=[project.pk, "gevinster"])))
    assert "Print as slides" not in html
    address = reverse("reports:printout", args=[project.pk, "gevinster"])
    assert leader.get(address).status_code == 404


def test_the_reports_of_a_project_list_what_can_be_printed(leader, project, order_print):
    order_print()
    html = page(leader.get(reverse("reports:project", args=[project.pk])))
    assert "Print a worksheet" in html
    assert reverse("reports:printout", args=[project.pk, SLUG]) in html
    assert "Prosjektpresentasjon · Slides (PDF)" in html


def test_the_order_page_says_what_is_not_printed(leader, project, presentation):
    html = page(leader.get(reverse("reports:printout", args=[project.pk, SLUG]), {"kind": "page"}))
    assert "1 row without consent is not printed." in html
    assert SECRET not in html
    assert [each for each in re.findall(r"<input[^>]*>", html) if " checked" in each] == [
        each for each in re.findall(r"<input[^>]*>", html) if 'value="page"' in each
    ]


def test_an_empty_worksheet_says_so_before_it_is_printed(leader, project):
    html = page(leader.get(reverse("reports:printout", args=[project.pk, SLUG])))
    assert "Only what is read from the project will be printed." in html


def test_ordering_leads_to_the_page_that_follows_it(leader, project, presentation):
    address = reverse("reports:printout", args=[project.pk, SLUG])
    response = leader.post(address, {"kind": "page", "language": "sv"})
    job = ReportJob.objects.get()
    assert response.url == reverse("reports:job", args=[job.pk])
    assert (job.kind, job.language, job.tool_title) == ("page", "sv", "Projektpresentation")
    html = page(leader.get(response.url))
    assert "Projektpresentation · One A4 page (PDF)" in html


@pytest.mark.parametrize("wrong", [{"kind": "project_pdf"}, {"kind": ""}, {"language": "de"}])
def test_a_wrong_order_is_refused_at_its_field(leader, project, presentation, wrong):
    address = reverse("reports:printout", args=[project.pk, SLUG])
    response = leader.post(address, {"kind": "slides", "language": "nb", **wrong})
    assert list(response.context["form"].errors) == list(wrong)
    assert ReportJob.objects.count() == 0


def test_the_order_form_for_reports_offers_no_printouts(leader, project):
    html = page(leader.get(reverse("reports:order")))
    assert "Workbook (Excel)" in html
    assert "Slides (PDF)" not in html
    response = leader.post(
        reverse("reports:order"),
        {"kind": "slides", "projects": [project.pk], "language": "nb"},
    )
    assert list(response.context["form"].errors) == ["kind"]
