import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Language
from audit.models import AuditEvent
from common.outcomes import Refusal
from reports import services
from reports.enums import JobStatus, JobStep, ReportKind
from reports.models import ReportJob
from reports.services import cancel_report, delete_report, order_report, retry_report


def test_an_order_is_queued_and_the_worker_hears_of_it_after_the_commit(
    project, other_project, municipality, queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        job = order_report(
            projects=[project, other_project],
            kind=ReportKind.PROJECT_PDF,
            language=Language.SWEDISH,
            actor=municipality.reader,
        )
        assert queue.told == []
    assert len(callbacks) == 1
    assert queue.told == [job.pk]
    job.refresh_from_db()
    assert (job.kind, job.language, job.requested_by, job.status, job.attempt) == (
        "project_pdf",
        "sv",
        municipality.reader,
        "queued",
        0,
    )
    assert [(each.project, each.name) for each in job.reported.all()] == [
        (project, "Digitalt tilsyn om natten"),
        (other_project, "Medisindispensere"),
    ]
    events = AuditEvent.objects.filter(action="report.ordered").order_by("pk")
    assert [(event.project_number, event.actor) for event in events] == [
        (project.pk, municipality.reader),
        (other_project.pk, municipality.reader),
    ]


def test_a_queue_that_cannot_be_reached_leaves_the_order_waiting(
    project, order, queue, django_capture_on_commit_callbacks
):
    queue.is_down = True
    with django_capture_on_commit_callbacks(execute=True):
        job = order(project)
    job.refresh_from_db()
    assert job.status == "queued"
    assert queue.told == []


def test_the_same_order_that_still_waits_is_not_made_twice(project, other_project, order):
    first = order(project, other_project)
    assert order(project, other_project) == first
    assert order(project) != first
    assert order(project, other_project, kind=ReportKind.PROJECT_PDF) != first
    assert order(project, other_project, language=Language.NYNORSK) != first
    ReportJob.objects.filter(pk=first.pk).update(
        status="running", attempt=1, started_at=timezone.now(), heartbeat_at=timezone.now()
    )
    assert order(project, other_project) != first


def test_an_order_needs_a_project(order):
    with pytest.raises(Refusal, match="Choose at least one project"):
        order()


def test_an_order_with_too_many_projects_is_refused(project, other_project, order, monkeypatch):
    monkeypatch.setattr(services, "MOST_PROJECTS", 1)
    with pytest.raises(Refusal, match="1 project at the most"):
        order(project, other_project)


@pytest.mark.parametrize("who", ["leader", "member", "reader", "manager", "director", "admin"])
def test_everybody_who_reads_the_project_orders_reports(who, project, order, municipality):
    job = order(project, actor=getattr(municipality, who))
    assert job.requested_by == getattr(municipality, who)


def test_an_order_is_refused_when_one_project_is_out_of_reach(
    project, foreign_project, order, municipality
):
    with pytest.raises(Refusal, match="Naboens prosjekt"):
        order(project, foreign_project)
    with pytest.raises(Refusal, match="Digitalt tilsyn"):
        order(project, actor=municipality.employee)
    assert list(ReportJob.objects.all()) == []


def test_an_unknown_language_is_refused(project, municipality):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="language"):
        order_report(
            projects=[project],
            kind=ReportKind.PROJECT_PDF,
            language="fi",
            actor=municipality.leader,
        )


def test_a_report_that_waits_can_be_cancelled_once_and_by_its_owner_only(
    project, order, municipality
):
    job = order(project)
    with pytest.raises(Refusal, match="Only Petter Prosjektleder"):
        cancel_report(job=job, actor=municipality.member)
    cancel_report(job=job, actor=municipality.leader)
    job.refresh_from_db()
    assert job.status == "cancelled"
    with pytest.raises(Refusal, match="no longer being made"):
        cancel_report(job=job, actor=municipality.leader)


def test_a_cancelled_report_can_be_made_again(
    project, order, municipality, queue, django_capture_on_commit_callbacks
):
    job = order(project)
    cancel_report(job=job, actor=municipality.leader)
    ReportJob.objects.filter(pk=job.pk).update(attempt=3)
    with django_capture_on_commit_callbacks(execute=True):
        retry_report(job=job, actor=municipality.leader)
    job.refresh_from_db()
    assert (job.status, job.attempt, job.attempts_allowed) == ("queued", 3, 6)
    assert queue.told == [job.pk]
    with pytest.raises(Refusal, match="ready or being made"):
        retry_report(job=job, actor=municipality.leader)


def test_a_report_is_not_made_again_for_somebody_who_has_lost_access(project, order, municipality):
    from projects.models import ProjectUserObjectPermission

    job = order(project, actor=municipality.reader)
    cancel_report(job=job, actor=municipality.reader)
    ProjectUserObjectPermission.objects.filter(user=municipality.reader).delete()
    with pytest.raises(Refusal, match="You may not order reports"):
        retry_report(job=job, actor=municipality.reader)
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_deleting_a_report_removes_its_file_after_the_commit(
    project, order, municipality, django_capture_on_commit_callbacks
):
    job = finished(order(project))
    stored = job.file.name
    with pytest.raises(Refusal):
        delete_report(job=job, actor=municipality.member)
    with django_capture_on_commit_callbacks(execute=True):
        delete_report(job=job, actor=municipality.leader)
        assert default_storage.exists(stored)
    assert not default_storage.exists(stored)
    assert not ReportJob.objects.filter(pk=job.pk).exists()


def finished(job: ReportJob) -> ReportJob:
    now = timezone.now()
    job.status = JobStatus.DONE
    job.data_as_of = job.finished_at = now
    job.expires_at = now + datetime.timedelta(days=30)
    job.file_name = "Project report.xlsx"
    job.file.save("report.xlsx", ContentFile(b"a workbook"), save=False)
    job.save()
    return job


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("report_job_has_a_file_when_done", {"status": JobStatus.DONE}),
        ("report_job_has_a_file_when_done", {"file": "reports/left.pdf"}),
        ("report_job_says_why_it_failed", {"status": JobStatus.FAILED}),
        ("report_job_says_why_it_failed", {"failure": "unexpected"}),
        ("report_job_running_was_claimed", {"status": JobStatus.RUNNING}),
        ("report_job_steps_within_total", {"steps_done": len(JobStep) + 1}),
    ],
)
def test_the_database_refuses_what_must_never_be_true(constraint, values, project, order):
    job = order(project)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReportJob.objects.filter(pk=job.pk).update(**values)


def test_a_project_stands_in_a_report_once(project, order):
    job = order(project)
    with pytest.raises(IntegrityError), transaction.atomic():
        job.reported.create(project=project, position=2, name=project.name)
