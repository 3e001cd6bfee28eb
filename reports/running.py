"""The worker's side of a job: claim, make, finish, and what becomes of jobs that were left.

Messages of a queue get lost and come twice, workers die. Every write here is therefore one
conditional UPDATE on the job's row, fenced by ``attempt``: whoever has lost the claim writes
nothing more.
"""

import datetime
import logging
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import wording
from common.pdf import PdfUnavailable
from phases.enums import RecordKind
from phases.models import GateRecord
from projects.models import Project
from reports import assembly, drawing, from_records, printing
from reports.document import ReportDocument
from reports.enums import FailureCode, JobStatus, JobStep, ReportKind
from reports.models import KEPT_FOR, ReportedProject, ReportJob, report_path
from reports.printing import NotPrinted
from reports.selectors import missing_projects

logger = logging.getLogger(__name__)

HEARTBEAT_EVERY = 15.0
DEAD_AFTER = datetime.timedelta(seconds=60)
ASKED_AGAIN_AFTER = datetime.timedelta(seconds=60)
ORPHAN_AFTER = datetime.timedelta(days=1)
LONGEST_NAME = 100

_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


class AccessLost(Exception):  # noqa: N818 -- a domain word
    """Whoever ordered the report may no longer see all its projects."""


class ClaimLost(Exception):  # noqa: N818 -- a domain word
    """The job was cancelled, deleted, or given to another worker."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a job, until somebody else claims it."""

    job_id: int
    attempt: int

    def write(self, **values: Any) -> None:
        """Change the job. Raises :class:`ClaimLost` when it is no longer ours."""
        changed = ReportJob.objects.filter(
            pk=self.job_id, status=JobStatus.RUNNING, attempt=self.attempt
        ).update(**values)
        if not changed:
            raise ClaimLost


def claim(job_id: int) -> Claim | None:
    """Take a waiting job; ``None`` when it does not wait (any more). Of two, one gets it."""
    now = timezone.now()
    claimed = ReportJob.objects.filter(pk=job_id, status=JobStatus.QUEUED).update(
        status=JobStatus.RUNNING,
        attempt=F("attempt") + 1,
        step=JobStep.ACCESS,
        steps_done=0,
        started_at=now,
        heartbeat_at=now,
    )
    if not claimed:
        return None
    attempt = ReportJob.objects.values_list("attempt", flat=True).get(pk=job_id)
    return Claim(job_id, attempt)


def progress(claimed: Claim, step: JobStep) -> None:
    """Say which step begins, as a sign of life too. Raises :class:`ClaimLost`."""
    claimed.write(step=step, steps_done=list(JobStep).index(step), heartbeat_at=timezone.now())


def make_report(job_id: int) -> None:
    """Make the report of a waiting job; does nothing for any other job. Never raises: what went
    wrong stands in the job, in words, and in the log."""
    claimed = claim(job_id)
    if claimed is None:
        logger.info("report job %s does not wait, nothing to do", job_id)
        return
    try:
        with _signs_of_life(claimed):
            _make(claimed)
    except ClaimLost:
        logger.info("report job %s was cancelled or given to another worker", job_id)
    except AccessLost:
        _fail(claimed, FailureCode.ACCESS_LOST)
    except NotPrinted:
        _fail(claimed, FailureCode.NOT_PRINTED)
    except PdfUnavailable as error:
        logger.warning("report job %s: %s", job_id, error.__cause__)
        _fail(claimed, FailureCode.PDF_UNAVAILABLE)
    except SoftTimeLimitExceeded:
        logger.warning("report job %s took too long", job_id)
        _fail(claimed, FailureCode.TOO_LONG)
    except Exception:
        logger.exception("report job %s failed", job_id)
        _fail(claimed, FailureCode.UNEXPECTED)


def _make(claimed: Claim) -> None:
    job = ReportJob.objects.select_related("requested_by").get(pk=claimed.job_id)
    projects = [each.project for each in _reported(job)]
    if missing_projects(job.requested_by, [project.pk for project in projects]):
        raise AccessLost
    # What the drawing itself asks the method for speaks to the first project's organisation.
    with translation.override(job.language), wording.override(_wording_of(projects)):
        progress(claimed, JobStep.PROJECTS)
        as_of = timezone.now()
        if job.kind_member.is_from_records:
            _make_from_records(claimed, job, projects[0], as_of)
            return
        read = assembly.read_projects(projects)
        progress(claimed, JobStep.TOOLS)
        if job.kind_member.is_printout:
            content, name = _printout(claimed, job, projects[0], read[0], as_of)
        else:
            content, name = _report(claimed, job, projects, read, as_of)
        progress(claimed, JobStep.SAVE)
        _finish(claimed, job, ContentFile(content), as_of, name)


def _make_from_records(
    claimed: Claim, job: ReportJob, project: Project, as_of: datetime.datetime
) -> None:
    progress(claimed, JobStep.DRAW)
    subject = job.decision_title or project.name
    name = _file_name(job.kind_member, str(from_records.file_words(job)), subject, as_of)
    # On disk: a package can hold hundreds of megabytes of files.
    with tempfile.TemporaryFile() as target:
        files_missing = from_records.write(target, job, project, as_of)
        progress(claimed, JobStep.SAVE)
        target.seek(0)
        _finish(claimed, job, File(target), as_of, name, files_missing=files_missing)


def _report(
    claimed: Claim,
    job: ReportJob,
    projects: Sequence[Project],
    read: Sequence[assembly.ReadProject],
    as_of: datetime.datetime,
) -> tuple[bytes, str]:
    """The file and its name."""
    tools = assembly.read_tools(projects)
    progress(claimed, JobStep.COMPOSE)
    document = assembly.compose(
        read, tools, language=job.language, ordered_by=job.requested_by.name, as_of=as_of
    )
    progress(claimed, JobStep.DRAW)
    content = drawing.draw(job.kind_member, document)
    return content, _file_name(job.kind_member, _("Project report"), _subject(document), as_of)


def _printout(
    claimed: Claim,
    job: ReportJob,
    project: Project,
    read: assembly.ReadProject,
    as_of: datetime.datetime,
) -> tuple[bytes, str]:
    """As :func:`_report`, of one tool."""
    tool = printing.read_tool(project, job.tool_key, job.kind)
    progress(claimed, JobStep.COMPOSE)
    about = printing.printed_project(read, language=job.language, as_of=as_of)
    progress(claimed, JobStep.DRAW)
    content = printing.draw(job.kind_member, tool, about)
    return content, _file_name(job.kind_member, job.tool_title, about.name, as_of)


def _wording_of(projects: Sequence[Project]) -> wording.Wording:
    return projects[0].organisation.wording if projects else wording.Wording()


def _reported(job: ReportJob) -> Any:
    return job.reported.select_related(
        "project__organisation",
        "project__unit",
        "project__method_version__method",
        "project__overlay_version__organisation",
    )


def _finish(
    claimed: Claim,
    job: ReportJob,
    content: File,
    as_of: datetime.datetime,
    file_name: str,
    *,
    files_missing: int = 0,
) -> None:
    stored = default_storage.save(report_path(job, file_name), content)
    now = timezone.now()
    try:
        claimed.write(
            status=JobStatus.DONE,
            step="",
            steps_done=F("steps_total"),
            finished_at=now,
            heartbeat_at=now,
            data_as_of=as_of,
            file=stored,
            file_name=file_name,
            file_size=default_storage.size(stored),
            files_missing=files_missing,
            expires_at=now + KEPT_FOR,
        )
    except BaseException:
        default_storage.delete(stored)
        raise


def _fail(claimed: Claim, code: FailureCode) -> None:
    try:
        claimed.write(status=JobStatus.FAILED, failure=code, finished_at=timezone.now())
    except ClaimLost:
        logger.info("report job %s failed after it was given up", claimed.job_id)


def _subject(document: ReportDocument) -> str:
    if len(document.projects) == 1:
        return document.projects[0].name
    number = len(document.projects)
    return ngettext("%(number)s project", "%(number)s projects", number) % {"number": number}


def _file_name(kind: ReportKind, what: str, subject: str, as_of: datetime.datetime) -> str:
    """``Project report - Digital night supervision - 2027-03-12.pdf``"""
    day = timezone.localtime(as_of).date().isoformat()
    return f"{_safe(what)} - {_safe(subject)} - {day}.{kind.suffix}"


def _safe(words: str) -> str:
    return " ".join(_UNSAFE_IN_NAME.sub(" ", words).split())[:LONGEST_NAME].strip(" .")


@contextmanager
def _signs_of_life(claimed: Claim) -> Iterator[None]:
    """Renews the heartbeat while one long step runs, such as setting three hundred pages."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT_EVERY):
                claimed.write(heartbeat_at=timezone.now())
        except ClaimLost:
            pass
        except Exception:
            logger.exception("report job %s: no sign of life could be given", claimed.job_id)
        finally:
            # Connections belong to their thread.
            connection.close()

    thread = threading.Thread(target=beat, name=f"report-{claimed.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)


def put_back_abandoned(*, at_start: bool = False) -> list[int]:
    """Give up workers without a sign of life; the numbers of the jobs that a queue must hear of.

    Their jobs wait again, or fail after the attempts that are allowed. Jobs that have waited for
    a minute (at a worker's start: all that wait) are named too: their message may be lost, and a
    second one does no harm.
    """
    now = timezone.now()
    silent = list(
        ReportJob.objects.filter(
            status=JobStatus.RUNNING, heartbeat_at__lt=now - DEAD_AFTER
        ).order_by("pk")
    )
    for job in silent:
        # The same conditions once more: a worker may have come back since the row was read.
        this = ReportJob.objects.filter(
            pk=job.pk,
            status=JobStatus.RUNNING,
            attempt=job.attempt,
            heartbeat_at__lt=now - DEAD_AFTER,
        )
        if job.attempt < job.attempts_allowed:
            put_back = this.update(
                status=JobStatus.QUEUED, step="", steps_done=0, queued_at=now, heartbeat_at=None
            )
            logger.warning("report job %s was abandoned, put back: %s", job.pk, bool(put_back))
        else:
            this.update(status=JobStatus.FAILED, failure=FailureCode.ABANDONED, finished_at=now)
            logger.error("report job %s was abandoned %s times", job.pk, job.attempt)
    waiting = ReportJob.objects.filter(status=JobStatus.QUEUED).order_by("queued_at", "pk")
    put_back_now = {job.pk for job in silent}
    return [
        job.pk
        for job in waiting
        if at_start or job.pk in put_back_now or job.queued_at < now - ASKED_AGAIN_AFTER
    ]


def delete_expired() -> None:
    """Remove the files of reports past their date, of reports that may hold what was disposed of
    since they were made, and files that no report knows."""
    now = timezone.now()
    past = ReportJob.objects.filter(
        Q(expires_at__lt=now) | _held_what_was_disposed_of(), status=JobStatus.DONE
    )
    for job in past.order_by("pk"):
        # Once more the date that was read: the report may have been made again since.
        expired = ReportJob.objects.filter(
            pk=job.pk, status=JobStatus.DONE, data_as_of=job.data_as_of
        ).update(status=JobStatus.EXPIRED, file="")
        if expired:
            default_storage.delete(str(job.file))
    _delete_orphans(now)


def _held_what_was_disposed_of() -> Exists:
    """Something of one of its projects was disposed of after the project was read for it."""
    tombstones = GateRecord.objects.filter(
        project=OuterRef("project"),
        kind=RecordKind.DISPOSAL,
        created_at__gte=OuterRef("job__data_as_of"),
    )
    return Exists(ReportedProject.objects.filter(Exists(tombstones), job=OuterRef("pk")))


def _delete_orphans(now: datetime.datetime) -> None:
    """What a worker wrote just before it was killed."""
    if not default_storage.exists("reports"):
        return
    known = set(ReportJob.objects.exclude(file="").values_list("file", flat=True).order_by("file"))
    _folders, names = default_storage.listdir("reports")
    for name in names:
        path = f"reports/{name}"
        if path not in known and default_storage.get_modified_time(path) < now - ORPHAN_AFTER:
            default_storage.delete(path)
