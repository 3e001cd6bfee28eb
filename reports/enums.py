from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.enums import ToneChoices

StrOrPromise = str | Promise


class ReportKind(models.TextChoices):
    PROJECT_PDF = "project_pdf", _("Project report (PDF)")
    PROJECT_XLSX = "project_xlsx", _("Workbook (Excel)")
    # One tool of one project, in a form of its own (tools.contract.PrintForm).
    SLIDES = "slides", _("Slides (PDF)")
    PAGE = "page", _("One A4 page (PDF)")
    # From the frozen records of decisions.
    DECISION_RECORD = "decision_record", _("Decision record (PDF/A)")
    ARCHIVE = "archive", _("Archive package (zip)")

    @property
    def is_printout(self) -> bool:
        return self in PRINTOUTS

    @property
    def is_from_records(self) -> bool:
        return self in FROM_RECORDS

    @property
    def suffix(self) -> str:
        return {ReportKind.PROJECT_XLSX: "xlsx", ReportKind.ARCHIVE: "zip"}.get(self, "pdf")

    @property
    def content_type(self) -> str:
        return {
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "zip": "application/zip",
        }.get(self.suffix, "application/pdf")

    @property
    def fetch_label(self) -> StrOrPromise:
        return {"xlsx": _("Fetch Excel"), "zip": _("Fetch zip")}.get(self.suffix, _("Fetch PDF"))


# Their values are those of the forms that tools name.
PRINTOUTS = (ReportKind.SLIDES, ReportKind.PAGE)
ABOUT_PROJECTS = (ReportKind.PROJECT_PDF, ReportKind.PROJECT_XLSX)
FROM_RECORDS = (ReportKind.DECISION_RECORD, ReportKind.ARCHIVE)


class JobStatus(ToneChoices):
    QUEUED = "queued", "neutral", pgettext_lazy("report", "Waiting")
    RUNNING = "running", "info", pgettext_lazy("report", "Being made")
    DONE = "done", "success", pgettext_lazy("report", "Ready")
    FAILED = "failed", "danger", pgettext_lazy("report", "Could not be made")
    CANCELLED = "cancelled", "neutral", pgettext_lazy("report", "Cancelled")
    EXPIRED = "expired", "neutral", pgettext_lazy("report", "Deleted after 30 days")


class JobStep(models.TextChoices):
    """What the worker does, in this order."""

    ACCESS = "access", _("Checking access")
    PROJECTS = "projects", _("Reading the projects")
    TOOLS = "tools", _("Reading the tools")
    COMPOSE = "compose", _("Putting the report together")
    DRAW = "draw", _("Writing the file")
    SAVE = "save", _("Saving the file")


class FailureCode(models.TextChoices):
    """Why a report could not be made, as a sentence for the person who ordered it."""

    ACCESS_LOST = (
        "access_lost",
        _("You no longer have access to all the projects in the report."),
    )
    PDF_UNAVAILABLE = (
        "pdf_unavailable",
        _("PDF cannot be made on this server, because libraries are missing."),
    )
    TOO_LONG = (
        "too_long",
        _("The report took too long to make. Choose fewer projects, or Excel."),
    )
    ABANDONED = (
        "abandoned",
        _("The program that makes reports stopped several times while it made this one."),
    )
    NOT_PRINTED = (
        "not_printed",
        _("The project's method no longer has this worksheet, or it can no longer be printed so."),
    )
    UNEXPECTED = (
        "unexpected",
        _("Something went wrong on our side. Try again; if it happens again, tell us."),
    )
