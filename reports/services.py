"""Writes that people ask for: order, cancel, try again, delete."""

from collections.abc import Mapping, Sequence

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Language, User
from accounts.policy import ProjectPermission
from audit.services import record_event
from common.outcomes import Refusal
from phases.models import GateDecision
from projects.access import who_may
from projects.models import Project
from reports.enums import JobStatus, ReportKind
from reports.models import ATTEMPTS, ReportedProject, ReportJob
from reports.selectors import missing_projects
from reports.tasks import enqueue
from tools.contract import Tool

MOST_PROJECTS = 50
LONGEST_TITLE = 200


@transaction.atomic
def order_report(
    *, projects: Sequence[Project], kind: ReportKind, language: Language, actor: User
) -> ReportJob:
    """Order a report about ``projects``, in their order; the worker makes it after the commit.

    The same order that still waits is given back instead of a second one. Refused:
    without projects, with more than ``MOST_PROJECTS``, and without the right on each of them.
    Printouts are ordered with :func:`order_printout`, and what is made from the records of
    decisions with :func:`order_from_records`.
    """
    if kind.is_printout or kind.is_from_records:
        raise ValueError("a printout is of one tool, a decision record of one decision")
    if not projects:
        raise Refusal(_("Choose at least one project."))
    if len(projects) > MOST_PROJECTS:
        raise Refusal(
            ngettext(
                "A report can hold %(most)s project at the most.",
                "A report can hold %(most)s projects at the most.",
                MOST_PROJECTS,
            )
            % {"most": MOST_PROJECTS}
        )
    return _order(projects, ReportJob(kind=kind, language=language, requested_by=actor))


@transaction.atomic
def order_printout(
    *, project: Project, tool: Tool, title: str, kind: ReportKind, language: Language, actor: User
) -> ReportJob:
    """Order one tool of ``project`` as slides or on a page; otherwise as :func:`order_report`.

    ``title`` is what the project's method calls the tool, in ``language``. Refused: without the
    right on the project, and a kind that the tool cannot be printed as.
    """
    if kind not in tool.prints:
        raise Refusal(_("This worksheet cannot be printed so."))
    job = ReportJob(
        kind=kind,
        language=language,
        requested_by=actor,
        tool_key=tool.key,
        tool_title=title[:LONGEST_TITLE],
    )
    return _order([project], job)


@transaction.atomic
def order_from_records(
    *,
    project: Project,
    kind: ReportKind,
    language: Language,
    actor: User,
    decision: GateDecision | None = None,
    title: str = "",
) -> ReportJob:
    """Order the record of a decision or an archive package; otherwise as :func:`order_report`.

    ``title`` is what the decision's gate was called. Without a decision the package holds all the
    records of ``project``. Refused: without the right on the project, and when nothing has been
    decided there.
    """
    if not kind.is_from_records or (decision is None and kind is not ReportKind.ARCHIVE):
        raise ValueError("only an archive package can do without a decision")
    decided = GateDecision.objects.filter(submission__project_phase__project=project)
    if not (decided.filter(pk=decision.pk) if decision else decided).exists():
        raise Refusal(_("Nothing has been decided here yet, so there is nothing to archive."))
    job = ReportJob(
        kind=kind,
        language=language,
        requested_by=actor,
        decision=decision,
        decision_title=title[:LONGEST_TITLE],
    )
    return _order([project], job)


def _order(projects: Sequence[Project], job: ReportJob) -> ReportJob:
    actor = job.requested_by
    _refuse_without_right({project.pk: project.name for project in projects}, actor)
    same = _same_waiting(projects, job)
    if same is not None:
        return same
    job.full_clean()
    job.save()
    ReportedProject.objects.bulk_create(
        ReportedProject(job=job, project=project, position=place, name=project.name)
        for place, project in enumerate(projects)
    )
    _record(job, actor, "report.ordered")
    _enqueue_on_commit(job)
    return job


def cancel_report(*, job: ReportJob, actor: User) -> None:
    """Stop a report that waits or is being made. Refused when it is neither, and to others."""
    _refuse_others(job, actor)
    now = timezone.now()
    with transaction.atomic():
        cancelled = ReportJob.objects.filter(
            pk=job.pk, status__in=(JobStatus.QUEUED, JobStatus.RUNNING)
        ).update(status=JobStatus.CANCELLED, finished_at=now)
        if not cancelled:
            raise Refusal(_("The report is no longer being made."))
        _record(job, actor, "report.cancelled")


def retry_report(*, job: ReportJob, actor: User) -> None:
    """Make a report again that failed, was cancelled or has expired, with today's data.

    Refused to others, without the right on all its projects, and when it is ready or under way.
    """
    _refuse_others(job, actor)
    _refuse_without_right({each.project_id: each.name for each in job.reported.all()}, actor)
    with transaction.atomic():
        queued = ReportJob.objects.filter(
            pk=job.pk,
            status__in=(JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.EXPIRED),
        ).update(
            status=JobStatus.QUEUED,
            failure="",
            step="",
            steps_done=0,
            attempts_allowed=F("attempt") + ATTEMPTS,
            queued_at=timezone.now(),
            started_at=None,
            heartbeat_at=None,
            finished_at=None,
            data_as_of=None,
            file_name="",
            files_missing=0,
            expires_at=None,
        )
        if not queued:
            raise Refusal(_("The report is ready or being made already."))
        _record(job, actor, "report.retried")
        _enqueue_on_commit(job)


def delete_report(*, job: ReportJob, actor: User) -> None:
    """Remove a report with its file. Refused to others than the one who ordered it.

    A worker that is making it notices at its next step.
    """
    _refuse_others(job, actor)
    with transaction.atomic():
        # Read anew: a worker may have finished the file since the page was drawn.
        file_name = ReportJob.objects.values_list("file", flat=True).filter(pk=job.pk).first()
        _record(job, actor, "report.deleted")
        job.delete()
        if file_name:
            transaction.on_commit(lambda: default_storage.delete(file_name))


def _enqueue_on_commit(job: ReportJob) -> None:
    job_id = job.pk
    transaction.on_commit(lambda: enqueue(job_id))


def _refuse_others(job: ReportJob, actor: User) -> None:
    if job.requested_by_id != actor.pk:
        raise Refusal(
            _("Only %(name)s, who ordered the report, can do that.")
            % {"name": job.requested_by.name}
        )


def _refuse_without_right(names_by_project: Mapping[int, str], actor: User) -> None:
    missing = missing_projects(actor, names_by_project.keys())
    if missing:
        names = [name for project_id, name in names_by_project.items() if project_id in missing]
        raise Refusal(
            _("You may not order reports about %(projects)s. %(who)s")
            % {
                "projects": get_text_list(names, _("and")),
                "who": who_may(ProjectPermission.ORDER_REPORT),
            }
        )


def _same_waiting(projects: Sequence[Project], wanted: ReportJob) -> ReportJob | None:
    """Somebody impatient presses twice. Two queries."""
    numbers = [project.pk for project in projects]
    for job in ReportJob.objects.filter(
        requested_by=wanted.requested_by,
        kind=wanted.kind,
        tool_key=wanted.tool_key,
        decision=wanted.decision_id,
        language=wanted.language,
        status=JobStatus.QUEUED,
    ).prefetch_related("reported"):
        if [each.project_id for each in job.reported.all()] == numbers:
            return job
    return None


def _record(job: ReportJob, actor: User, action: str) -> None:
    for each in job.reported.select_related("project"):
        record_event(
            actor=actor,
            action=action,
            target=job,
            organisation_number=each.project.organisation_id,
            project_number=each.project_id,
            kind=job.kind,
            language=job.language,
            **({"tool": job.tool_key} if job.tool_key else {}),
            **({"decision": job.decision_id} if job.decision_id else {}),
        )
