"""The PDF itself, in a few tests: setting pages is slow."""

import io

import pikepdf
import pytest
from pypdf import PdfReader

from accounts.models import Language
from reports import tasks
from reports.enums import ReportKind
from tests.reports.conftest import CONDITION, RATIONALE, SECRET_PHONE

pytestmark = pytest.mark.pdf


@pytest.fixture
def content(full_project, order) -> bytes:
    job = order(full_project, kind=ReportKind.PROJECT_PDF, language=Language.BOKMAL)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure) == ("done", "")
    assert job.file_name.endswith(".pdf")
    with job.file.open() as file:
        return file.read()


def test_the_project_report_holds_the_decision_and_is_tagged(content):
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) > 3
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for expected in (RATIONALE, CONDITION, "2026/1482", "Fase 3: Tjenesteutvikling"):
        assert expected in text
    assert SECRET_PHONE not in text
    # The running header, on every page of the project, and the number of pages.
    assert all("2026/1482" in page.extract_text() for page in reader.pages[2:])
    assert f"{len(reader.pages)}" in reader.pages[-1].extract_text()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "nb"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        found = structure_types(pdf.Root.StructTreeRoot)
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI"} <= found
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"].startswith("Digitalt tilsyn om natten")
            assert metadata["dc:creator"] == ["Fjordvik kommune"]
        fonts = {
            str(font.BaseFont)
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
        assert any("Inter" in name for name in fonts)
    titles = [entry.title for entry in outline(reader)]
    assert titles[0] == "Digitalt tilsyn om natten"
    assert "Gevinstrealisering" in titles


def structure_types(root) -> set[str]:
    found, waiting = set(), [root]
    while waiting:
        node = waiting.pop()
        if "/S" in node:
            found.add(str(node.S))
        children = node.get("/K", [])
        children = children if isinstance(children, pikepdf.Array) else [children]
        waiting += [child for child in children if isinstance(child, pikepdf.Dictionary)]
    return found


def outline(reader: PdfReader) -> list:
    flat, waiting = [], list(reader.outline)
    while waiting:
        entry = waiting.pop(0)
        if isinstance(entry, list):
            waiting = entry + waiting
        else:
            flat.append(entry)
    return flat
