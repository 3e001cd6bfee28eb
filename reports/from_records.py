"""Decision records and archive packages: what the worker writes for an order."""

import datetime
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phases.models import GateDecision
from projects.models import Project
from reports.archive import Packing, write_package
from reports.decision_paper import read_paper
from reports.enums import ReportKind
from reports.models import ReportJob
from reports.paper_drawing import draw_paper


def write(target: IO[bytes], job: ReportJob, project: Project, as_of: datetime.datetime) -> int:
    """Write the file of ``job`` in the active language, which is the job's; how many submitted
    files could not be put in."""
    decision = _decision(job)
    if job.kind_member is ReportKind.DECISION_RECORD:
        assert decision is not None  # noqa: S101 -- the database refuses one without
        target.write(draw_paper(read_paper(decision, project), as_of=as_of))
        return 0
    packing = Packing(
        project=project,
        decision=decision,
        ordered_by=job.requested_by.name,
        language=job.language,
        as_of=as_of,
    )
    return write_package(target, packing).files_missing


def _decision(job: ReportJob) -> GateDecision | None:
    if job.decision_id is None:
        return None
    return GateDecision.objects.select_related("record", "submission__record").get(
        pk=job.decision_id
    )


def file_words(job: ReportJob) -> str | Promise:
    """How the file's name begins."""
    if job.kind_member is ReportKind.DECISION_RECORD:
        return _("Decision record")
    return _("Archive package")
