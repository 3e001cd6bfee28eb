"""The PDF/A itself, in a few tests: setting pages is slow."""

import io

import pikepdf
import pytest
from django.utils import translation
from pypdf import PdfReader

from common.pdf import render_archive_pdf
from reports import tasks
from reports.enums import ReportKind
from reports.paper_drawing import draw_paper
from reports.services import order_from_records
from tests.reports.decided import AS_OF, RATIONALE, decide_with_everything, paper_of
from tests.reports.test_report_pdf import outline, structure_types

pytestmark = pytest.mark.pdf


@pytest.fixture
def decided(project, municipality):
    return decide_with_everything(project, municipality)


@pytest.fixture
def content(decided, project, municipality) -> bytes:
    job = order_from_records(
        project=project,
        kind=ReportKind.DECISION_RECORD,
        language="nb",
        actor=municipality.reader,
        decision=decided,
        title="Fra forankring til innsikt",
    )
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure, job.files_missing) == ("done", "", 0)
    assert job.file_name.endswith(".pdf")
    assert "Fra forankring til innsikt" in job.file_name
    with job.file.open() as file:
        found = file.read()
    assert job.file_size == len(found)
    return found


def test_a_decision_record_is_pdf_a_with_the_records_exact_bytes_inside(content, decided):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
            assert metadata["dc:title"].startswith("Digitalt tilsyn om natten")
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.S) == "/GTS_PDFA1"
        assert intent.DestOutputProfile.read_bytes()[36:40] == b"acsp"
        assert {
            (str(each.UF), str(each.AFRelationship)): bytes(each.EF.F.read_bytes())
            for each in pdf.Root.AF
        } == {
            ("record-0001-submission.json", "/Source"): bytes(decided.submission.record.content),
            ("record-0002-decision.json", "/Source"): bytes(decided.record.content),
        }
        assert len(pdf.Root.AF) == 2
        assert fonts_not_embedded(pdf) == []
        assert {str(each.EF.F.Subtype) for each in pdf.Root.AF} == {"/application/json"}
        assert str(pdf.Root.Lang) == "nb"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/P"} <= structure_types(
            pdf.Root.StructTreeRoot
        )
        assert "/Encrypt" not in pdf.trailer
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        addresses = [
            str(each.A.URI)
            for page in pdf.pages
            for each in page.get("/Annots", [])
            if "/A" in each and "/URI" in each.A
        ]
        assert addresses == []
    reader = PdfReader(io.BytesIO(content))
    assert "offentleglova § 23" in reader.pages[0].extract_text()
    assert all("offentleglova § 23" in page.extract_text() for page in reader.pages)
    assert all("2026/1482" in page.extract_text() for page in reader.pages)
    assert RATIONALE in " ".join(reader.pages[0].extract_text().split())
    assert outline(reader)[0].title == "Fra forankring til innsikt"


def fonts_not_embedded(pdf: pikepdf.Pdf) -> list[str]:
    """Also those that say nothing of which letters their glyphs are."""
    found = []
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != "/Font":
            continue
        if thing.Subtype == "/Type0" and "/ToUnicode" not in thing:
            found.append(str(thing.BaseFont))
        if str(thing.Subtype).startswith("/CIDFont"):
            descriptor = thing.FontDescriptor
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                found.append(str(thing.BaseFont))
    return found


def test_the_same_records_at_the_same_moment_give_the_same_bytes(decided):
    drawn = []
    for _time in range(2):
        paper = paper_of(decided, "nb")
        with translation.override("nb"):
            drawn.append(draw_paper(paper, as_of=AS_OF))
    assert drawn[0] == drawn[1]


def test_a_letter_that_no_typeface_has_is_written_by_its_name():
    html = (
        "<html lang=nb><head><title>A</title></head><body><p>Godt \U0001faa5 š 😀</p></body></html>"
    )
    pdf = render_archive_pdf(html, language="nb", attached=(), identifier="a", moment=AS_OF)
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert " ".join(text.split()) == "Godt [toothbrush] š 😀"
