"""A decision paper as PDF/A, with the records' exact bytes inside. No database here."""

import datetime
import hashlib

from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from common.pdf import Attached, render_archive_pdf
from reports.decision_paper import DecisionPaper
from reports.drawing import page_words

# What fits on two lines beside the case number at the top of a page.
HEAD_LETTERS = 60


def draw_paper(paper: DecisionPaper, *, as_of: datetime.datetime) -> bytes:
    """The PDF/A-3, in the active language, which is the paper's. The same paper at the same moment
    gives the same bytes."""
    html = paper_html(paper, as_of=as_of)
    return render_archive_pdf(
        html,
        language=paper.language,
        attached=[
            Attached(
                name=record.file_name,
                description=_("Record %(number)s of the project, SHA-256 %(digest)s")
                % {"number": record.sequence, "digest": record.sha256},
                content=record.content,
                moment=record.moment,
            )
            for record in paper.records
            if record.content
        ],
        identifier=hashlib.sha256(html.encode()).hexdigest()[:32],
        moment=as_of,
    )


def paper_html(paper: DecisionPaper, *, as_of: datetime.datetime) -> str:
    """One HTML document for :func:`common.pdf.render_archive_pdf`."""
    return render_to_string(
        "reports/decision_record.html",
        {
            "paper": paper,
            "title": paper_title(paper),
            "as_of": as_of,
            "head": {
                "project": Truncator(paper.project_name).chars(HEAD_LETTERS),
                "case": paper.reading.project.case_number if paper.reading else "",
                "exempt": exempt_line(paper),
            },
            "page_words": page_words(),
        },
    )


def exempt_line(paper: DecisionPaper) -> str:
    if paper.exemption is None:
        return ""
    return _("Exempt from public access: %(paragraph)s") % {
        "paragraph": Truncator(paper.exemption.paragraph).chars(HEAD_LETTERS)
    }


def paper_title(paper: DecisionPaper) -> str:
    parts = (paper.project_name, paper.gate_title or paper.phase, _("Decision record"))
    return " · ".join(part for part in parts if part)
