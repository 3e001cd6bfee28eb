"""From the frozen document to the bytes of a file. No database here."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common.pdf import render_pdf
from common.xlsx import write_workbook
from reports.document import ReportDocument
from reports.enums import ReportKind
from reports.workbook import sheets_of

# Stand in for the numbers, so that translations may put them where they like.
_PAGE, _PAGES = "\x01", "\x02"


def draw(kind: ReportKind, document: ReportDocument) -> bytes:
    """The file, in the active language, which is the document's."""
    if kind is ReportKind.PROJECT_PDF:
        return render_pdf(report_html(document), language=document.language)
    return write_workbook(
        sheets_of(document),
        title=document_title(document),
        creator=document.ordered_by,
        language=document.language,
    )


def report_html(document: ReportDocument) -> str:
    """The project report as one HTML document for :func:`common.pdf.render_pdf`."""
    return render_to_string(
        "reports/project_report.html",
        {
            "document": document,
            "title": document_title(document),
            "single": document.projects[0] if len(document.projects) == 1 else None,
            "page_words": page_words(),
        },
    )


def page_words() -> dict[str, str]:
    """What stands before, between and after the two numbers of ``Page 3 of 12``."""
    before, _dot, rest = (
        _("Page %(page)s of %(pages)s") % {"page": _PAGE, "pages": _PAGES}
    ).partition(_PAGE)
    between, _dot, after = rest.partition(_PAGES)
    return {"before": before, "between": between, "after": after}


def document_title(document: ReportDocument) -> str:
    if len(document.projects) == 1:
        return f"{document.projects[0].name} · {_('Project report')}"
    return _("Project report")
