"""What somebody who can switch the triggers off may try, and what then is found."""

import json
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.urls import reverse

from phases.canonical import canonical_bytes, digest
from phases.chain import BrokenLink, verify_chain
from phases.models import (
    Condition,
    Decider,
    DeciderLeaving,
    GateAnswer,
    GateCorrection,
    GateDecision,
    GateQuestion,
    GateRecord,
    GateRecordDisposal,
    GateRecordPerson,
    GateSubmission,
    Vote,
)
from phases.proving import report_broken
from phases.services.erasing import erase_person
from phases.tasks import verify_decisions
from tests.phases.permanence import decided_with_everything, unguarded


@pytest.fixture
def decision(project, municipality, submit, decide):
    """Records: 1 withdrawn, 2 submitted, 3 decided, 4 corrected."""
    return decided_with_everything(project, municipality, submit, decide)


def record_of(project, sequence):
    return GateRecord.objects.filter(project=project, sequence=sequence)


def shown(what):
    return f"what is shown is not what was recorded ({what})"


def change_content(project):
    data = bytes(record_of(project, 2).get().content).replace(b"Vi anbefaler", b"Vi fraraader")
    record_of(project, 2).update(content=data)


def change_content_and_digest(project):
    data = bytes(record_of(project, 2).get().content).replace(b"Vi anbefaler", b"Vi fraraader")
    record_of(project, 2).update(content=data, sha256=digest(data))
    GateSubmission.objects.filter(record__sequence=2).update(
        recommendation="Vi fraraader å gå videre."
    )


def write_the_last_one_anew(project):
    """Everything that a record is checked against in itself, done right."""
    last = record_of(project, 4).get()
    content = {**json.loads(bytes(last.content)), "text": "Alt er som det skal."}
    data = canonical_bytes(content)
    record_of(project, 4).update(content=data, sha256=digest(data))
    GateCorrection.objects.update(text="Alt er som det skal.")


def swap(project):
    first, second = record_of(project, 2).get(), record_of(project, 3).get()
    for record, other in ((first, second), (second, first)):
        GateRecord.objects.filter(pk=record.pk).update(
            content=other.content, sha256=other.sha256, previous_sha256=other.previous_sha256
        )


def renumber(project):
    GateRecord.objects.filter(project=project).order_by("-sequence").update(
        sequence=F("sequence") + 10
    )


def empty(project):
    record_of(project, 1).update(content=b"")


def say_it_is_something_else(project):
    record_of(project, 4).update(kind="decision")


def delete_with_all(project, sequence):
    """The record with everything that hangs on it, so that no key is left dangling."""
    record = record_of(project, sequence).get()
    for model, path in (
        (GateCorrection, "record"),
        (GateCorrection, "about"),
        (Condition, "decision__record"),
        (GateDecision, "record"),
        (GateRecordPerson, "record"),
    ):
        model._base_manager.filter(**{path: record})._raw_delete(using="default")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM phases_gaterecordsalt WHERE record_id = %s", [record.pk])
        cursor.execute("DELETE FROM phases_gaterecord WHERE id = %s", [record.pk])


def delete_the_middle(project):
    delete_with_all(project, 3)


def delete_the_tail(project):
    delete_with_all(project, 4)


def rows(model, **changes):
    return lambda project: model._base_manager.update(**changes)


def another_decider(project):
    submission = GateSubmission.objects.get(record__sequence=2)
    Decider.objects.create(submission=submission, user=submission.submitted_by, role="owner")


def no_vote(project):
    Vote._base_manager.all()._raw_delete(using="default")


def no_condition(project):
    Condition._base_manager.all()._raw_delete(using="default")


def another_person_in_the_row(project):
    GateDecision.objects.update(decided_by=GateSubmission.objects.first().submitted_by)


def somebody_else_decided(project):
    """Also in the table of people, which the bytes do not cover: the log still knows."""
    decision = GateDecision.objects.get()
    leader = decision.submission.submitted_by
    key = json.loads(bytes(decision.record.content))["decided_by"]["person"]
    Decider.objects.filter(user=decision.decided_by).update(user=leader)
    GateDecision.objects.update(decided_by=leader)
    GateRecordPerson.objects.filter(record=decision.record, key=key).update(
        user=leader, name=leader.name
    )


TAMPERING = [
    (change_content, 2, "the content does not match its SHA-256"),
    (change_content_and_digest, 2, "the log does not know it"),
    (write_the_last_one_anew, 4, "the log does not know it"),
    (swap, 2, "it belongs in another place"),
    (renumber, 11, "a record is missing before this one"),
    (empty, 1, "its content is gone, and no later tombstone says why"),
    (say_it_is_something_else, 4, "it is not of the kind that it says"),
    (delete_the_middle, 4, "a record is missing before this one"),
    (delete_the_tail, 4, "a record is missing at the end of the chain"),
    (rows(GateRecord, previous_sha256="0" * 64), 1, "it does not follow the record before it"),
    (rows(GateSubmission, recommended_outcome="go"), 1, shown("recommendation")),
    (rows(GateSubmission, recommendation="Alt er klart."), 1, shown("recommendation")),
    (rows(GateSubmission, quorum=3), 1, shown("rule")),
    (rows(GateSubmission, exempt_paragraph="§ 13", exempt_reason="x"), 1, shown("exemption")),
    (rows(GateDecision, outcome="go"), 3, shown("decision")),
    (rows(GateDecision, rationale="Grunnlaget er svakt."), 3, shown("rationale")),
    (rows(GateDecision, learnt="Ingenting."), 3, shown("what was learnt")),
    (rows(GateDecision, decided_at="2026-01-01T00:00:00Z"), 3, shown("time")),
    (another_person_in_the_row, 3, shown("person")),
    (somebody_else_decided, 3, "the log says that somebody else did it"),
    (rows(Condition, text="Ingenting."), 3, shown("conditions")),
    (rows(Condition, due_on="2030-01-01"), 3, shown("conditions")),
    (no_condition, 3, shown("conditions")),
    (another_decider, 2, shown("number of deciders")),
    (rows(Decider, is_chair=True), 1, shown("decider")),
    (rows(DeciderLeaving, reason="Hadde ikke tid."), 3, shown("who left")),
    (rows(Vote, outcome="stop"), 3, shown("vote")),
    (rows(Vote, rationale="Nei."), 3, shown("vote")),
    (no_vote, 3, shown("vote")),
    (rows(GateQuestion, text="Hva?"), 3, shown("questions")),
    (rows(GateAnswer, text="Ingenting."), 3, shown("questions")),
    (rows(GateCorrection, text="Alt stemmer."), 4, shown("correction")),
]


@pytest.mark.parametrize(
    ("tamper", "sequence", "reason"),
    TAMPERING,
    ids=[f"{number}-{each[0].__name__}" for number, each in enumerate(TAMPERING)],
)
def test_tampering_is_found_and_the_first_broken_link_named(
    project, decision, tamper, sequence, reason
):
    with unguarded():
        tamper(project)
        found = verify_chain(project)
    assert found == BrokenLink(project.pk, sequence, reason)


def test_who_a_person_in_a_record_is_shows_and_an_erased_one_is_nobody(
    project, municipality, decision
):
    erase_person(user=municipality.director, actor=municipality.admin)
    assert verify_chain(project) is None
    with unguarded():
        GateRecordPerson.objects.filter(user=municipality.leader, record__sequence=2).update(
            user=municipality.employee
        )
        found = verify_chain(project)
    assert found == BrokenLink(project.pk, 2, shown("person"))


def test_a_tombstone_that_was_made_up_counts_for_nothing(project, decision):
    with unguarded():
        record = record_of(project, 1).get()
        data = json.dumps(
            {
                "disposed": [
                    {"sequence": 1, "sha256": record.sha256, "kind": "submission", "outcome": "go"}
                ]
            }
        ).encode()
        tombstone = GateRecord.objects.create(
            project=project, sequence=5, kind="disposal", content=data, sha256="0" * 64
        )
        GateRecordDisposal.objects.create(record=record, tombstone=tombstone)
        record_of(project, 1).update(content=b"")
        assert verify_chain(project) == BrokenLink(
            project.pk, 1, "its content is gone, and no later tombstone says why"
        )


def verify(*arguments, **options):
    out = StringIO()
    call_command("verify_decisions", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_narrows_to_a_project_and_says_as_much_as_is_asked_for(
    project, other_project, municipality, submit, decision
):
    submit(other_project, municipality.leader)
    assert verify() == "5 records in 2 projects are intact.\n"
    assert verify(verbosity=0) == ""
    assert verify("--project", str(other_project.pk), verbosity=2) == (
        f"Project {other_project.pk} (Medisindispensere): intact\n"
        "1 records in 1 projects are intact.\n"
    )
    with pytest.raises(CommandError, match="There is no project 999"):
        verify("--project", "999")
    with unguarded():
        Vote.objects.update(rationale="Nei.")
        assert verify("--project", str(other_project.pk), verbosity=0) == ""
        with pytest.raises(CommandError, match="Broken chains: 1") as error:
            verify(verbosity=0)
    assert error.value.returncode == 1


def test_a_project_that_lost_all_its_records_is_found_by_the_log(project, municipality, submit):
    submit(project, municipality.leader)
    with unguarded():
        Decider.objects.all()._raw_delete(using="default")
        GateSubmission.objects.all()._raw_delete(using="default")
        delete_with_all(project, 1)
        out = StringIO()
        with pytest.raises(CommandError, match="Broken chains: 1"):
            call_command("verify_decisions", stdout=out)
    assert "record 1: a record is missing at the end of the chain" in out.getvalue()


def test_the_nightly_job_is_silent_while_all_is_well(decision, settings, caplog):
    settings.ADMINS = [("Drift", "drift@fjordvik.test")]
    verify_decisions()
    assert (mail.outbox, caplog.records) == ([], [])


def test_the_nightly_job_tells_the_log_and_those_who_run_the_installation(
    project, decision, settings, caplog
):
    settings.ADMINS = [("Drift", "drift@fjordvik.test")]
    with unguarded():
        Vote.objects.update(rationale="Nei.")
        assert report_broken() == 1
    (sent,) = mail.outbox
    assert sent.to == ["drift@fjordvik.test"]
    assert sent.body == f"Project {project.pk}, record 3: {shown('vote')}"
    (line,) = caplog.records
    assert (line.levelname, f"project {project.pk} is broken" in line.getMessage()) == (
        "CRITICAL",
        True,
    )


def test_a_mail_server_that_is_down_does_not_stop_the_nightly_job(
    decision, settings, monkeypatch, caplog
):
    settings.ADMINS = [("Drift", "drift@fjordvik.test")]

    def down(*_arguments, **_options):
        raise ConnectionRefusedError

    monkeypatch.setattr("phases.proving.mail_admins", down)
    with unguarded():
        Vote.objects.update(rationale="Nei.")
        assert report_broken() == 1
    assert [line.levelname for line in caplog.records] == ["CRITICAL", "ERROR"]


def test_the_job_stands_in_the_schedule(settings):
    tasks = [each["task"] for each in settings.CELERY_BEAT_SCHEDULE.values()]
    assert "phases.tasks.verify_decisions" in tasks


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe{",
        b"[" * 100_000,
        b'{"project_number": THIS, "sequence": 2}',
    ],
    ids=["empty", "list", "null", "no text", "deep", "half"],
)
def test_what_cannot_be_read_is_named_and_stops_nothing(decision, data):
    project = decision.record.project
    data = data.replace(b"THIS", str(project.pk).encode())
    with unguarded():
        record_of(project, 2).update(content=data, sha256=digest(data))
    assert verify_chain(project) == BrokenLink(project.pk, 2, "its content cannot be read")


def test_a_record_with_a_part_taken_out_is_named(decision):
    project = decision.record.project
    content = json.loads(bytes(record_of(project, 3).get().content))
    for part in content:
        data = canonical_bytes({name: content[name] for name in content if name != part})
        with unguarded():
            record_of(project, 3).update(content=data, sha256=digest(data))
        link = verify_chain(project)
        assert (link and link.sequence) == 3, part


@pytest.mark.parametrize("data", [b"{}", b"\xff\xfe{", b"", b'{"schema": 99}'])
@pytest.mark.parametrize("sequence", [2, 3])
def test_pages_of_a_record_that_cannot_be_read_say_so(
    client, municipality, neighbour, decision, data, sequence
):
    project = decision.record.project
    with unguarded():
        record_of(project, sequence).update(content=data)
    page = reverse("phases:decision", args=[project.pk, decision.pk])
    client.force_login(municipality.leader)
    response = client.get(page)
    words = response.content.decode()
    assert (response.status_code, "The record has been changed and cannot be read" in words) == (
        500,
        True,
    )
    assert f"Record {sequence} of the project is the first" in words
    client.force_login(neighbour.leader)
    assert client.get(page).status_code == 404


def test_a_fault_of_ours_over_a_sound_chain_stays_one(client, municipality, decision, monkeypatch):
    monkeypatch.setattr("phases.views.decisions.read_minutes", lambda *_given: {}["missing"])
    client.force_login(municipality.leader)
    with pytest.raises(KeyError, match="missing"):
        client.get(reverse("phases:decision", args=[decision.record.project_id, decision.pk]))
