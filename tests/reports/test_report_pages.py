"""The pages: ordering, following, fetching; and who sees what."""

import datetime
import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from projects.models import ProjectUserObjectPermission
from reports import tasks, views
from reports.enums import JobStatus, JobStep, ReportKind
from reports.models import ReportJob
from reports.services import cancel_report


def made(job: ReportJob) -> ReportJob:
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert job.status == "done"
    return job


def page(response) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def fetched(response) -> bytes:
    """Reading to the end closes the file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def leader(client_for, municipality) -> Client:
    return client_for(municipality.leader)


def test_the_list_teaches_while_it_is_empty(leader, project):
    html = page(leader.get(reverse("reports:index")))
    assert "No reports yet" in html
    assert reverse("reports:order") in html


def test_the_list_shows_what_was_made_and_from_which_date(leader, project, order):
    job = made(order(project))
    html = page(leader.get(reverse("reports:index")))
    assert "Digitalt tilsyn om natten" in html
    assert "Workbook (Excel)" in html
    assert "Ready" in html
    assert reverse("reports:download", args=[job.pk]) in html


QUERIES_OF_LIST = 9


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_reports_as_for_one(
    number, leader, project, order, django_assert_num_queries
):
    for _count in range(number):
        cancel_report(job=(job := order(project)), actor=job.requested_by)
    with django_assert_num_queries(QUERIES_OF_LIST):
        leader.get(reverse("reports:index"))


def test_the_order_form_offers_the_projects_that_can_be_seen(
    leader, project, other_project, foreign_project
):
    html = page(leader.get(reverse("reports:order")))
    assert "Digitalt tilsyn om natten (Hjemmetjenesten)" in html
    assert "Medisindispensere (Hjemmetjenesten)" in html
    assert "Naboens prosjekt" not in html


def test_the_order_form_takes_over_what_the_address_names(leader, project, other_project):
    project.document_language = "sv"
    project.save()
    response = leader.get(
        reverse("reports:order"), {"projects": str(project.pk), "kind": "project_xlsx"}
    )
    initial = response.context["form"].initial
    assert initial == {"kind": "project_xlsx", "projects": [project.pk], "language": "sv"}
    assert "Medisindispensere" not in page(response)
    for named in (f"{project.pk},{other_project.pk}", [project.pk, other_project.pk]):
        response = leader.get(reverse("reports:order"), {"projects": named})
        assert response.context["form"].initial["projects"] == [project.pk, other_project.pk]


def test_a_project_of_others_in_the_address_is_not_found(leader, project, foreign_project):
    for named in (f"{project.pk},{foreign_project.pk}", "987654"):
        response = leader.get(reverse("reports:order"), {"projects": named})
        assert response.status_code == 404
    assert leader.get(reverse("reports:order"), {"projects": "x,,²"}).status_code == 200


@pytest.mark.parametrize("number", [10**30, "\x00", "1e3"])
def test_a_number_that_no_project_can_have_is_refused_beside_the_field(leader, project, number):
    response = leader.post(
        reverse("reports:order"), {"kind": "project_pdf", "language": "nb", "projects": [number]}
    )
    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["projects"]


def test_many_projects_are_not_cut_in_silence(leader, project, other_project, monkeypatch):
    monkeypatch.setattr(views, "PROJECTS_OFFERED", 1)
    html = page(leader.get(reverse("reports:order")))
    assert "You can see more than 1 projects" in html
    assert reverse("phases:projects") in html


def test_ordering_leads_to_the_page_of_the_report(leader, project, queue):
    response = leader.post(
        reverse("reports:order"),
        {"kind": "project_pdf", "language": "nb", "projects": [project.pk]},
    )
    job = ReportJob.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("reports:job", args=[job.pk])
    assert "The report is in the queue" in page(leader.get(response.url))


def test_an_order_for_a_project_of_others_is_refused_in_the_form(leader, project, foreign_project):
    response = leader.post(
        reverse("reports:order"),
        {"kind": "project_pdf", "language": "nb", "projects": [project.pk, foreign_project.pk]},
    )
    html = page(response)
    assert "Choose among the projects on this page." in html
    assert "Naboens" not in html
    assert list(ReportJob.objects.all()) == []


def test_an_order_without_projects_says_what_to_do(leader, project):
    html = page(leader.post(reverse("reports:order"), {"kind": "project_pdf", "language": "nb"}))
    assert "Choose at least one." in html


def test_a_queue_that_is_down_is_no_error_and_the_page_says_it_waits(
    leader, project, queue, django_capture_on_commit_callbacks
):
    queue.is_down = True
    with django_capture_on_commit_callbacks(execute=True):
        response = leader.post(
            reverse("reports:order"),
            {"kind": "project_pdf", "language": "nb", "projects": [project.pk]},
        )
    assert response.status_code == 302
    queued_at = timezone.now() - datetime.timedelta(seconds=20)
    ReportJob.objects.update(queued_at=queued_at)
    html = page(leader.get(response.url))
    assert "Nothing is making reports just now" in html
    assert "the program that makes reports (the worker) is not running" in html
    assert f"since {timezone.localtime(queued_at):%-d}" in html


def test_waiting_behind_other_reports_is_said_as_such(leader, project, other_project, order):
    first, second = order(project), order(other_project)
    now = timezone.now()
    ReportJob.objects.filter(pk=first.pk).update(
        status=JobStatus.RUNNING, attempt=1, started_at=now, heartbeat_at=now
    )
    ReportJob.objects.filter(pk=second.pk).update(queued_at=now - datetime.timedelta(minutes=2))
    html = page(leader.get(reverse("reports:job", args=[second.pk])))
    assert "Other reports are being made first" in html


def test_progress_is_shown_in_words_and_a_bar(leader, project, order):
    job = order(project)
    now = timezone.now()
    ReportJob.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING,
        attempt=1,
        started_at=now,
        heartbeat_at=now,
        step=JobStep.TOOLS,
        steps_done=2,
    )
    html = page(leader.get(reverse("reports:job", args=[job.pk])))
    assert "Reading the tools" in html
    assert '<progress value="2" max="6"' in html
    # Without JavaScript the page fetches itself.
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in html


def test_the_fragment_is_the_same_as_in_the_page(leader, project, order):
    job = order(project)
    address = reverse("reports:job", args=[job.pk])
    whole = page(leader.get(address))
    fragment = page(leader.get(address, headers={"HX-Request": "true"}))

    def without_token(html: str) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)

    assert without_token(fragment).strip() in without_token(whole)


def test_nothing_is_sent_again_while_nothing_is_new(leader, project, order):
    job = order(project)
    address = reverse("reports:job", args=[job.pk])
    asks = re.search(r'hx-get="([^"]+)"', page(leader.get(address))).group(1)
    assert leader.get(asks, headers={"HX-Request": "true"}).status_code == 204
    made(job)
    html = page(leader.get(asks, headers={"HX-Request": "true"}))
    assert "hx-get" not in html
    assert reverse("reports:download", args=[job.pk]) in html


def test_a_failed_report_says_why_and_can_be_made_again(
    leader, project, order, queue, django_capture_on_commit_callbacks
):
    job = order(project)
    ReportJob.objects.filter(pk=job.pk).update(
        status=JobStatus.FAILED, failure="pdf_unavailable", attempt=1
    )
    html = page(leader.get(reverse("reports:job", args=[job.pk])))
    assert "apt-get install libpango-1.0-0" in html
    with django_capture_on_commit_callbacks(execute=True):
        response = leader.post(reverse("reports:retry", args=[job.pk]))
    assert response.url == reverse("reports:job", args=[job.pk])
    job.refresh_from_db()
    assert (job.status, queue.told) == ("queued", [job.pk])


def test_a_report_can_be_cancelled_and_deleted_from_its_page(leader, project, order):
    job = order(project)
    response = leader.post(reverse("reports:cancel", args=[job.pk]), follow=True)
    assert "The report is cancelled." in page(response)
    response = leader.post(reverse("reports:delete", args=[job.pk]), follow=True)
    assert "The report is deleted." in page(response)
    assert list(ReportJob.objects.all()) == []


@pytest.mark.parametrize("name", ["cancel", "retry", "delete"])
def test_changes_take_a_post_and_are_for_the_one_who_ordered(
    name, client_for, municipality, leader, project, order
):
    job = made(order(project))
    address = reverse(f"reports:{name}", args=[job.pk])
    assert leader.get(address).status_code == 405
    member = client_for(municipality.member)
    html = page(member.post(address, follow=True))
    assert "Only Petter Prosjektleder, who ordered the report, can do that." in html
    assert ReportJob.objects.get().status == "done"


def test_the_file_comes_as_an_attachment_and_is_not_kept_by_caches(leader, project, order):
    job = made(order(project))
    response = leader.get(reverse("reports:download", args=[job.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == ReportKind.PROJECT_XLSX.content_type
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert "Digitalt tilsyn om natten" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert load_workbook(io.BytesIO(fetched(response))).sheetnames[0] == "Project"


def test_what_is_not_ready_cannot_be_fetched(leader, project, order):
    address = reverse("reports:download", args=[order(project).pk])
    assert leader.get(address).status_code == 404


def test_a_file_that_is_gone_is_not_found(leader, project, order):
    job = made(order(project))
    job.file.storage.delete(job.file.name)
    assert leader.get(reverse("reports:download", args=[job.pk])).status_code == 404


ROLES = {
    "leader": 200,
    "member": 200,
    "reader": 200,
    "manager": 200,
    "director": 200,
    "admin": 200,
    "employee": 404,
}


@pytest.mark.parametrize(("who", "status"), ROLES.items())
def test_who_sees_and_fetches_a_report_about_one_project(
    who, status, client_for, municipality, project, order
):
    job = made(order(project))
    client = client_for(getattr(municipality, who))
    for name, argument in (("job", job.pk), ("download", job.pk), ("project", project.pk)):
        response = client.get(reverse(f"reports:{name}", args=[argument]))
        assert (name, response.status_code) == (name, status)
        fetched(response)


def test_strangers_and_unknown_numbers_are_not_found(client_for, neighbour, leader, project, order):
    job = made(order(project))
    stranger = client_for(neighbour.leader)
    for name in ("job", "download"):
        assert stranger.get(reverse(f"reports:{name}", args=[job.pk])).status_code == 404
        assert leader.get(reverse(f"reports:{name}", args=[987654])).status_code == 404
    for name in ("cancel", "retry", "delete"):
        assert stranger.post(reverse(f"reports:{name}", args=[job.pk])).status_code == 404
    assert stranger.get(reverse("reports:project", args=[project.pk])).status_code == 404


def test_after_losing_access_to_one_project_the_report_cannot_be_fetched(
    client_for, municipality, project, other_project, order
):
    job = made(order(project, other_project, actor=municipality.reader))
    client = client_for(municipality.reader)
    assert fetched(client.get(reverse("reports:download", args=[job.pk])))
    ProjectUserObjectPermission.objects.filter(
        user=municipality.reader, content_object=other_project
    ).delete()
    assert client.get(reverse("reports:download", args=[job.pk])).status_code == 404
    # The own order stays in the list, without the file and with the name as it was then.
    other_project.name = "Hemmelig nytt navn"
    other_project.save()
    for address in (reverse("reports:index"), reverse("reports:job", args=[job.pk])):
        html = page(client.get(address))
        assert "You no longer have access to all its projects." in html
        assert reverse("reports:download", args=[job.pk]) not in html
        assert "Hemmelig" not in html


def test_a_report_with_a_project_out_of_reach_is_hidden_from_colleagues(
    client_for, municipality, project, other_project, order
):
    both = made(order(project, other_project))
    ProjectUserObjectPermission.objects.filter(
        user=municipality.reader, content_object=other_project
    ).delete()
    client = client_for(municipality.reader)
    assert client.get(reverse("reports:job", args=[both.pk])).status_code == 404
    html = page(client.get(reverse("reports:project", args=[project.pk])))
    assert "No reports yet" in html


def test_the_project_lists_what_others_have_made_but_not_their_failures(
    client_for, municipality, project, other_project, order
):
    ready = made(order(project))
    failed = order(project)
    ReportJob.objects.filter(pk=failed.pk).update(status=JobStatus.FAILED, failure="unexpected")
    elsewhere = made(order(other_project))
    html = page(client_for(municipality.member).get(reverse("reports:project", args=[project.pk])))
    assert "Petter Prosjektleder" in html
    assert reverse("reports:download", args=[ready.pk]) in html
    assert reverse("reports:job", args=[failed.pk]) not in html
    assert reverse("reports:job", args=[elsewhere.pk]) not in html


def test_nobody_fetches_anything_without_signing_in(client, project, order):
    job = made(order(project))
    for name, arguments in (
        ("index", []),
        ("order", []),
        ("job", [job.pk]),
        ("download", [job.pk]),
        ("project", [project.pk]),
    ):
        response = client.get(reverse(f"reports:{name}", args=arguments))
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:login"))
