"""The worker's side: claiming, making, failing, and jobs that were left behind."""

import datetime
import io
import sys
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from openpyxl import load_workbook

from projects.models import ProjectUserObjectPermission
from reports import assembly, drawing, running, tasks
from reports.enums import FailureCode, JobStatus, JobStep, ReportKind
from reports.models import ReportJob
from reports.services import cancel_report


def minutes_ago(minutes: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(minutes=minutes)


def make_running(job: ReportJob, *, heartbeat_at: datetime.datetime, attempt: int = 1) -> ReportJob:
    ReportJob.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING,
        attempt=attempt,
        step=JobStep.DRAW,
        steps_done=4,
        started_at=heartbeat_at,
        heartbeat_at=heartbeat_at,
    )
    job.refresh_from_db()
    return job


def test_the_task_makes_the_file_and_says_when_the_data_was_read(project, order):
    before = timezone.now()
    job = order(project)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure, job.attempt, job.steps_done, job.steps_total) == (
        "done",
        "",
        1,
        6,
        6,
    )
    day = timezone.localdate().isoformat()
    assert job.file_name == f"Project report - Digitalt tilsyn om natten - {day}.xlsx"
    assert before <= job.data_as_of <= job.finished_at
    assert job.expires_at - job.finished_at == datetime.timedelta(days=30)
    assert job.file.name.startswith("reports/")
    assert "tilsyn" not in job.file.name
    with default_storage.open(job.file.name) as file:
        content = file.read()
    assert len(content) == job.file_size
    assert load_workbook(io.BytesIO(content)).sheetnames[0] == "Project"


def test_a_second_delivery_does_nothing(project, order):
    job = order(project)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    first = (job.attempt, job.file.name, job.finished_at)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.attempt, job.file.name, job.finished_at) == first


def test_a_message_about_a_job_that_is_gone_does_nothing(db):
    tasks.run_report(987654)
    assert list(ReportJob.objects.all()) == []


def test_of_two_workers_one_gets_the_job(project, order):
    job = order(project)
    assert running.claim(job.pk) == running.Claim(job.pk, 1)
    assert running.claim(job.pk) is None


def test_each_step_is_named_while_it_runs(project, order, monkeypatch):
    job = order(project)
    seen = []
    original = running.progress

    def progress(claimed, step):
        original(claimed, step)
        job.refresh_from_db()
        seen.append((job.status, job.step, str(job.step_label), job.steps_done))

    monkeypatch.setattr(running, "progress", progress)
    tasks.run_report(job.pk)
    assert seen == [
        ("running", "projects", "Reading the projects", 1),
        ("running", "tools", "Reading the tools", 2),
        ("running", "compose", "Putting the report together", 3),
        ("running", "draw", "Writing the file", 4),
        ("running", "save", "Saving the file", 5),
    ]


def test_access_is_checked_again_when_the_job_runs(project, other_project, order, municipality):
    job = order(project, other_project, actor=municipality.reader)
    ProjectUserObjectPermission.objects.filter(
        user=municipality.reader, content_object=other_project
    ).delete()
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure, job.file.name) == ("failed", "access_lost", "")
    assert str(job.failure_sentence) == (
        "You no longer have access to all the projects in the report."
    )


def test_nobody_whose_account_is_closed_gets_a_report(project, order, municipality):
    job = order(project, actor=municipality.reader)
    municipality.reader.is_active = False
    municipality.reader.save()
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert job.failure == FailureCode.ACCESS_LOST


def test_missing_libraries_are_said_in_words_with_what_to_install(project, order, monkeypatch):
    job = order(project, kind=ReportKind.PROJECT_PDF)
    # None in sys.modules is how Python itself marks a module that cannot be imported.
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure) == ("failed", "pdf_unavailable")
    assert "apt-get install libpango-1.0-0" in job.failure_sentence


def test_a_fault_of_ours_fails_the_job_with_a_sentence(project, order, monkeypatch, caplog):
    job = order(project)

    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(assembly, "read_projects", broken)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure) == ("failed", "unexpected")
    assert f"report job {job.pk} failed" in caplog.text


def test_a_job_that_takes_too_long_says_so(project, order, monkeypatch):
    from billiard.exceptions import SoftTimeLimitExceeded

    job = order(project)

    def slow(*_args):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(drawing, "draw", slow)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert job.failure == FailureCode.TOO_LONG


def test_a_job_that_is_cancelled_meanwhile_leaves_no_file(
    project, order, municipality, monkeypatch
):
    job = order(project)
    original = drawing.draw

    def draw(*args):
        cancel_report(job=job, actor=municipality.leader)
        return original(*args)

    monkeypatch.setattr(drawing, "draw", draw)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.file.name) == ("cancelled", "")
    assert not default_storage.exists("reports")


def test_a_worker_that_was_given_up_finishes_nothing(project, order, monkeypatch):
    """It comes back from a long sleep when another worker has the job."""
    job = order(project)
    original = running.report_path

    def report_path(*args):
        make_running(job, heartbeat_at=timezone.now(), attempt=2)
        return original(*args)

    # The last thing that happens before the file is written.
    monkeypatch.setattr(running, "report_path", report_path)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempt, job.file.name) == ("running", 2, "")
    assert default_storage.listdir("reports") == ([], [])


def test_an_abandoned_job_is_put_back_and_the_queue_hears_of_it(project, order, queue):
    job = make_running(order(project), heartbeat_at=minutes_ago(1.5))
    tasks.put_back_abandoned()
    job.refresh_from_db()
    assert (job.status, job.step, job.steps_done, job.attempt) == ("queued", "", 0, 1)
    assert queue.told == [job.pk]
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempt) == ("done", 2)


def test_a_job_with_a_fresh_sign_of_life_is_left_alone(project, order, queue):
    job = make_running(order(project), heartbeat_at=minutes_ago(0.5))
    tasks.put_back_abandoned()
    job.refresh_from_db()
    assert (job.status, queue.told) == ("running", [])


@pytest.mark.django_db(transaction=True)
def test_a_long_step_gives_signs_of_life(project, order, monkeypatch):
    monkeypatch.setattr(running, "HEARTBEAT_EVERY", 0.02)
    long_ago = minutes_ago(10)
    job = make_running(order(project), heartbeat_at=long_ago)
    with running._signs_of_life(running.Claim(job.pk, job.attempt)):
        deadline = time.monotonic() + 10
        while job.heartbeat_at == long_ago and time.monotonic() < deadline:
            time.sleep(0.02)
            job.refresh_from_db()
    assert timezone.now() - job.heartbeat_at < datetime.timedelta(minutes=1)


def test_a_job_abandoned_three_times_fails(project, order, queue):
    job = make_running(order(project), heartbeat_at=minutes_ago(2), attempt=3)
    tasks.put_back_abandoned()
    job.refresh_from_db()
    assert (job.status, job.failure, queue.told) == ("failed", "abandoned", [])


def test_a_job_whose_message_was_lost_is_told_again(project, other_project, order, queue):
    lost, fresh = order(project), order(other_project)
    ReportJob.objects.filter(pk=lost.pk).update(queued_at=minutes_ago(2))
    tasks.put_back_abandoned()
    assert queue.told == [lost.pk]
    queue.told.clear()
    tasks.take_up_what_was_left()
    assert queue.told == [lost.pk, fresh.pk]


def test_telling_again_survives_a_queue_that_is_down(project, order, queue):
    ReportJob.objects.filter(pk=order(project).pk).update(queued_at=minutes_ago(2))
    queue.is_down = True
    tasks.put_back_abandoned()
    assert queue.told == []


def test_an_expired_report_loses_its_file_and_says_so(project, other_project, order):
    old, young = order(project), order(other_project)
    tasks.run_report(old.pk)
    tasks.run_report(young.pk)
    ReportJob.objects.filter(pk=old.pk).update(expires_at=minutes_ago(1))
    old.refresh_from_db()
    stored = old.file.name
    tasks.delete_expired()
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.status, old.file.name, young.status) == ("expired", "", "done")
    assert not default_storage.exists(stored)
    assert default_storage.exists(young.file.name)


def test_files_that_no_report_knows_are_removed_after_a_day(project, order, monkeypatch):
    job = order(project)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    default_storage.save("reports/orphan.pdf", ContentFile(b"left"))
    tasks.delete_expired()
    assert default_storage.exists("reports/orphan.pdf")
    monkeypatch.setattr(running, "ORPHAN_AFTER", datetime.timedelta(0))
    tasks.delete_expired()
    assert not default_storage.exists("reports/orphan.pdf")
    assert default_storage.exists(job.file.name)


def test_the_name_of_the_file_is_safe_on_every_system(project, order):
    project.name = "A/B: <c> ../|?*"
    project.save()
    job = order(project)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    day = timezone.localdate().isoformat()
    assert job.file_name == f"Project report - A B c - {day}.xlsx"


def test_the_beat_schedule_names_tasks_that_exist(settings):
    from veikart.celery import app

    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= set(app.tasks)
    assert tasks.run_report.acks_late is True
