"""Ordering decision records and archive packages: who may, what comes of it, and the pages."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.models import CriterionAnswer, GateDecision
from phases.services.disposing import dispose, plan_disposal
from projects.enums import ProjectStatus
from projects.models import Membership, Project
from projects.services import end_membership
from reports import archive, from_records, tasks
from reports.enums import ReportKind
from reports.models import ReportJob
from reports.services import order_from_records, order_report
from tests.reports.decided import decide_with_everything
from tests.reports.test_decision_paper import second_administrator

PAPER = b"%PDF-1.7 a paper"


@pytest.fixture(autouse=True)
def _papers_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (archive, from_records):
        monkeypatch.setattr(module, "draw_paper", lambda paper, *, as_of: PAPER)


@pytest.fixture
def decided(project, municipality) -> GateDecision:
    return decide_with_everything(project, municipality)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def order(project, actor, kind=ReportKind.ARCHIVE, decision=None, title="") -> ReportJob:
    return order_from_records(
        project=project, kind=kind, language="nb", actor=actor, decision=decision, title=title
    )


@pytest.mark.parametrize("kind", [ReportKind.DECISION_RECORD, ReportKind.ARCHIVE])
def test_a_reader_orders_from_the_decisions_page_and_fetches(kind, decided, project, municipality):
    client = signed_in(municipality.reader)
    page = client.get(reverse("phases:decision", args=[project.pk, decided.pk]))
    address = reverse("reports:decision", args=[project.pk, decided.pk])
    assert f'href="{address}"' in page.content.decode()
    assert client.get(address).status_code == 200
    response = client.post(address, {"kind": kind.value})
    job = ReportJob.objects.get()
    assert response["Location"] == reverse("reports:job", args=[job.pk])
    assert (job.kind, job.decision, job.language) == (kind, decided, "nb")
    assert job.what == f"Fra forankring til innsikt · {kind.label}"
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure) == ("done", "")
    fetched = client.get(reverse("reports:download", args=[job.pk]))
    assert fetched["Content-Type"] == kind.content_type
    data = b"".join(fetched.streaming_content)
    assert data.startswith(b"%PDF" if kind is ReportKind.DECISION_RECORD else b"PK")
    page = client.get(reverse("reports:job", args=[job.pk])).content.decode()
    assert str(kind.fetch_label) in page


def test_the_whole_project_is_ordered_from_the_list_of_decisions(decided, project, municipality):
    client = signed_in(municipality.reader)
    page = client.get(reverse("phases:decisions", args=[project.pk])).content.decode()
    address = reverse("reports:archive", args=[project.pk])
    assert f'href="{address}"' in page
    assert "It holds 1 decision." in client.get(address).content.decode()
    client.post(address)
    job = ReportJob.objects.get()
    assert (job.kind, job.decision, job.decision_title) == ("archive", None, "")
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert job.file_name.endswith(".zip")
    with job.file.open() as file, zipfile.ZipFile(file) as package:
        assert "decisions/decision-0002.pdf" in package.namelist()


def test_the_page_of_the_job_says_how_many_files_are_missing(decided, project, municipality):
    default_storage.delete(
        CriterionAnswer.objects.exclude(evidence_file="").get().evidence_file.name
    )
    job = order(project, municipality.reader, decision=decided)
    tasks.run_report(job.pk)
    job.refresh_from_db()
    assert (job.status, job.files_missing) == ("done", 1)
    page = signed_in(municipality.reader).get(reverse("reports:job", args=[job.pk]))
    assert "1 file could not be put in" in page.content.decode()


def test_nothing_decided_is_nothing_to_archive(project, municipality):
    with pytest.raises(Refusal, match="Nothing has been decided here yet"):
        order(project, municipality.leader)
    client = signed_in(municipality.leader)
    address = reverse("reports:archive", args=[project.pk])
    assert "Nothing to archive yet" in client.get(address).content.decode()
    assert client.post(address).status_code == 200
    assert not ReportJob.objects.exists()


def test_strangers_are_refused_at_the_service_and_on_the_pages(
    decided, project, municipality, neighbour
):
    for stranger in (municipality.employee, neighbour.leader):
        with pytest.raises(Refusal, match="You may not order reports about"):
            order(project, stranger, decision=decided)
        client = signed_in(stranger)
        for address in (
            reverse("reports:decision", args=[project.pk, decided.pk]),
            reverse("reports:archive", args=[project.pk]),
        ):
            assert client.get(address).status_code == client.post(address).status_code == 404


def test_a_decision_of_another_project_is_not_found(decided, other_project, municipality):
    address = reverse("reports:decision", args=[other_project.pk, decided.pk])
    assert signed_in(municipality.leader).get(address).status_code == 404
    with pytest.raises(Refusal, match="Nothing has been decided"):
        order(other_project, municipality.leader, decision=decided)


def test_access_is_asked_again_when_it_is_made_and_when_it_is_fetched(
    decided, project, municipality
):
    reader = municipality.reader
    made, waiting = order(project, reader, decision=decided), order(project, reader)
    tasks.run_report(made.pk)
    end_membership(
        membership=Membership.objects.get(project=project, user=reader), actor=municipality.leader
    )
    address = reverse("reports:download", args=[made.pk])
    assert signed_in(reader).get(address).status_code == 404
    tasks.run_report(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.failure) == ("failed", "access_lost")


def test_a_report_with_what_was_disposed_of_is_removed_with_the_next_round(
    decided, project, municipality
):
    jobs = [order(project, municipality.reader, decision=each) for each in (decided, None)]
    tasks.run_report(jobs[0].pk)
    jobs[0].refresh_from_db()
    stored = jobs[0].file.name
    tasks.delete_expired()
    assert default_storage.exists(stored)
    dispose_of_all(project, municipality)
    tasks.run_report(jobs[1].pk)
    tasks.delete_expired()
    for job in jobs:
        job.refresh_from_db()
    assert [(job.status, bool(job.file)) for job in jobs] == [("expired", False), ("done", True)]
    assert not default_storage.exists(stored)


def dispose_of_all(project, municipality) -> None:
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.CLOSED)
    project.refresh_from_db()
    by, witness = municipality.admin, second_administrator(municipality)
    today = timezone.localdate()
    plan = plan_disposal(project=project, by=by, witness=witness, retention_ended=today, sequence=1)
    dispose(plan, reason="Tiden er ute.", retention_ended=today, by=by, witness=witness)


def test_a_decision_that_was_disposed_of_can_still_be_ordered_and_fetched(
    decided, project, municipality
):
    """What comes of it holds the tombstone in the place of what is gone."""
    dispose_of_all(project, municipality)
    client = signed_in(municipality.reader)
    one = reverse("reports:decision", args=[project.pk, decided.pk])
    whole = reverse("reports:archive", args=[project.pk])
    assert [client.get(address).status_code for address in (one, whole)] == [200, 200]
    ordered = [
        (one, {"kind": ReportKind.DECISION_RECORD.value}),
        (one, {"kind": ReportKind.ARCHIVE.value}),
        (whole, {}),
    ]
    for address, data in ordered:
        posted = client.post(address, data)
        job = ReportJob.objects.order_by("-pk").first()
        assert posted["Location"] == reverse("reports:job", args=[job.pk])
        tasks.run_report(job.pk)
        job.refresh_from_db()
        assert (job.status, job.failure, job.decision_title) == ("done", "", "")
        assert client.get(posted["Location"]).status_code == 200
        fetched = client.get(reverse("reports:download", args=[job.pk]))
        assert fetched.status_code == 200
        content = b"".join(fetched.streaming_content)
        if job.kind == ReportKind.ARCHIVE:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                assert [each for each in package.namelist() if each.startswith("chain/record")] == [
                    "chain/record-0003-disposal.json"
                ]


def test_what_was_made_before_the_disposal_is_made_again_after_it(decided, project, municipality):
    client = signed_in(municipality.reader)
    jobs = [order(project, municipality.reader, decision=each) for each in (decided, None)]
    for job in jobs:
        tasks.run_report(job.pk)
    dispose_of_all(project, municipality)
    tasks.delete_expired()
    for job in jobs:
        assert client.get(reverse("reports:job", args=[job.pk])).status_code == 200
        assert client.get(reverse("reports:download", args=[job.pk])).status_code == 404
        assert client.post(reverse("reports:retry", args=[job.pk])).status_code == 302
        tasks.run_report(job.pk)
        fetched = client.get(reverse("reports:download", args=[job.pk]))
        assert (fetched.status_code, b"".join(fetched.streaming_content) != b"") == (200, True)


def test_orders_for_different_decisions_are_different(
    decided, project, municipality, submit, decide
):
    second = decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    reader = municipality.reader
    jobs = [order(project, reader, decision=each) for each in (decided, second, None)]
    assert len({job.pk for job in jobs}) == 3
    assert order(project, reader, decision=decided) == jobs[0]
    details = AuditEvent.objects.filter(action="report.ordered").order_by("pk")
    assert [event.details.get("decision") for event in details] == [decided.pk, second.pk, None]


def test_the_database_wants_a_decision_where_there_is_one(decided, project, municipality):
    def make(**values):
        with transaction.atomic():
            ReportJob.objects.create(language="nb", requested_by=municipality.leader, **values)

    with pytest.raises(IntegrityError):
        make(kind="decision_record")
    with pytest.raises(IntegrityError):
        make(kind="project_pdf", decision=decided)
    with pytest.raises(ValueError, match="one decision"):
        order_report(
            projects=[project],
            kind=ReportKind.ARCHIVE,
            language="nb",
            actor=municipality.leader,
        )
    with pytest.raises(ValueError, match="without a decision"):
        order(project, municipality.leader, kind=ReportKind.DECISION_RECORD)
