from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.policy import ProjectPermission
from projects.method import catalogue_of_project
from projects.models import Project
from reports.enums import JobStatus
from reports.models import ReportedProject, ReportJob
from tools import registry
from tools.contract import Tool


def orderable_projects(user: User) -> QuerySet[Project]:
    """The projects that ``user`` may order reports about, by name. One query."""
    return Project.objects.visible_to(user, ProjectPermission.ORDER_REPORT)


def own_reports(user: User) -> QuerySet[ReportJob]:
    """What the person has ordered, newest first. Two queries."""
    return _with_rest(ReportJob.objects.filter(requested_by=user))


def fetchable_reports(user: User) -> QuerySet[ReportJob]:
    """The reports of which the person may see every project, whoever ordered them.

    A report is never shown in part: one project out of reach hides it all. Two queries.
    """
    out_of_reach = ReportedProject.objects.filter(job=OuterRef("pk")).exclude(
        project__in=orderable_projects(user).order_by().values("pk")
    )
    return _with_rest(ReportJob.objects.filter(~Exists(out_of_reach)))


def reports_about(user: User, project: Project) -> QuerySet[ReportJob]:
    """Reports that are ready, and the person's own, with ``project`` in them. Two queries."""
    return fetchable_reports(user).filter(
        Q(status=JobStatus.DONE) | Q(requested_by=user),
        Exists(ReportedProject.objects.filter(job=OuterRef("pk"), project=project)),
    )


def reports_shown_to(user: User) -> QuerySet[ReportJob]:
    """Those with a page for ``user``: the own ones, and all that may be fetched. Two queries."""
    return _with_rest(
        ReportJob.objects.filter(
            Q(requested_by=user) | Q(pk__in=fetchable_reports(user).order_by().values("pk"))
        )
    )


def may_fetch(user: User, job: ReportJob) -> bool:
    """Whether the person may see every project in the report now. One query."""
    return not missing_projects(user, [each.project_id for each in job.reported.all()])


def missing_projects(user: User, project_ids: Collection[int]) -> set[int]:
    """Those of ``project_ids`` that the person may not order reports about. One query."""
    allowed = orderable_projects(user).filter(pk__in=project_ids).values_list("pk", flat=True)
    return set(project_ids) - set(allowed.order_by("pk"))


def printable_tools(project: Project) -> tuple[Tool, ...]:
    """The tools of the project's method that can be printed by themselves. No query beyond those
    for the method."""
    return tuple(tool for tool in registry.tools_of(catalogue_of_project(project)) if tool.prints)


def somebody_else_is_served(job: ReportJob) -> bool:
    """Whether a worker is busy with another report: then a queue is only a queue. One query."""
    return ReportJob.objects.filter(status=JobStatus.RUNNING).exclude(pk=job.pk).exists()


def _with_rest(jobs: QuerySet[ReportJob]) -> QuerySet[ReportJob]:
    return jobs.select_related("requested_by").prefetch_related("reported")
