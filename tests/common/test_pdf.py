"""Drawing PDF: what may be fetched, what the file says about itself, and doing without it."""

import io
import sys

import pikepdf
import pytest

from common.pdf import STATIC_BASE, PdfUnavailable, render_pdf, static_file

HTML = """<!doctype html><html lang="nb"><head><title>Rapport</title>
<meta name="author" content="Fjordvik kommune"></head>
<body><h1>Rapport</h1><p>Kjære leser</p>{}</body></html>"""


@pytest.mark.pdf
def test_a_pdf_is_tagged_and_knows_its_language_title_and_author():
    with pikepdf.open(io.BytesIO(render_pdf(HTML.format(""), language="nb"))) as pdf:
        assert str(pdf.Root.Lang) == "nb"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.StructTreeRoot.Type) == "/StructTreeRoot"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Rapport"
            assert metadata["dc:creator"] == ["Fjordvik kommune"]
            assert metadata["pdfuaid:part"] == "1"


@pytest.mark.pdf
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/",
        "https://example.org/x.png",
        "ftp://example.org/x.png",
        "../../../etc/passwd",
        "/etc/passwd",
    ],
)
def test_what_a_text_points_at_is_not_fetched(address, caplog):
    """A picture that is refused leaves a line in the log, and the document is drawn without."""
    body = f'<img src="{address}" alt="x"><iframe src="{address}"></iframe>'
    with caplog.at_level("ERROR", logger="weasyprint"):
        content = render_pdf(HTML.format(body), language="nb")
    assert content.startswith(b"%PDF-")
    assert "a report may not fetch" in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "https://static.invalid.example.org/reports/report.css",
        f"{STATIC_BASE}../settings.py",
        f"{STATIC_BASE}%2e%2e/%2e%2e/etc/passwd.css",
        f"{STATIC_BASE}/etc/hosts.css",
        f"{STATIC_BASE}reports/nothing.css",
        f"{STATIC_BASE}npm/@digdir/designsystemet-css/package.json",
    ],
)
def test_only_listed_static_files_are_served(address):
    with pytest.raises(ValueError, match=r"may not fetch|no static file"):
        static_file(address)


def test_style_sheet_and_typeface_are_found():
    assert static_file(f"{STATIC_BASE}reports/report.css").name == "report.css"
    name = "npm/@fontsource/inter/files/inter-latin-400-normal.woff2"
    assert static_file(f"{STATIC_BASE}{name}?v=1").name == "inter-latin-400-normal.woff2"


def test_collected_files_are_found_where_the_sources_are_gone(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "collected.css").write_text("p {}")
    assert static_file(f"{STATIC_BASE}only/collected.css") == tmp_path / "only" / "collected.css"


def test_without_the_libraries_it_says_what_to_install(monkeypatch):
    # None in sys.modules is how Python itself marks a module that cannot be imported.
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfUnavailable) as refused:
        render_pdf(HTML.format(""), language="nb")
    assert str(refused.value) == (
        "PDF cannot be made on this server, because libraries are missing. Whoever looks after it "
        "installs them with: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
        "libharfbuzz-subset0"
    )
