"""What was submitted or decided cannot be changed: in the database, and provably."""

import threading

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from common import triggers
from methodology.enums import GateOutcome
from phases.chain import BrokenLink, verify_chain
from phases.gates import DecisionDraft
from phases.models import (
    GateDecision,
    GateRecord,
    GateRecordPerson,
    GateSubmission,
    ProjectGateMode,
    Vote,
)
from phases.services import AlreadyDecided, decide_gate, set_project_gate_mode

EXPECTED = {
    "audit_auditevent_no_update",
    "audit_auditevent_no_delete",
    *(
        f"phases_{table}_no_{event}"
        for table in (
            "conditionhandover",
            "decider",
            "deciderleaving",
            "gateanswer",
            "gatecorrection",
            "gatedecision",
            "gatequestion",
            "gaterecord",
            "gaterecorddisposal",
            "gaterecordperson",
            "gatesubmission",
            "gatewithdrawal",
            "organisationgatemode",
            "projectgatemode",
            "vote",
        )
        for event in ("update", "delete")
    ),
    "phases_condition_as_decided",
    "phases_condition_closed_for_good",
    "phases_condition_no_delete",
    "phases_decider_not_decided",
    "phases_deciderleaving_not_decided",
    "phases_gateanswer_not_decided",
    "phases_gatecorrection_of_an_earlier_record",
    "phases_gatedecision_by_a_decider",
    "phases_gatedecision_by_a_deputy",
    "phases_gatedecision_by_somebody_active",
    "phases_gatedecision_not_by_leader",
    "phases_gatedecision_not_by_submitter",
    "phases_gatedecision_not_withdrawn",
    "phases_gatequestion_not_decided",
    "phases_gaterecorddisposal_with_a_tombstone",
    "phases_gatewithdrawal_not_decided",
    "phases_vote_by_a_deputy",
    "phases_vote_by_somebody_active",
    "phases_vote_not_after_leaving",
    "phases_vote_not_by_submitter_or_leader",
    "phases_vote_not_decided",
    "phases_vote_not_withdrawn",
    *(
        f"methodology_{table}_no_{event}"
        for table in ("methodversion", "versiondocument", "overlayversion")
        for event in ("update", "delete")
    ),
}


@pytest.fixture
def decided(project, municipality, submit, decide):
    return decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)


def test_every_trigger_is_found_in_a_fully_migrated_database(db):
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {name for (name,) in cursor.fetchall()}
    truncation = {
        name.replace("_no_delete", "_no_truncate")
        for name in EXPECTED
        if name.endswith("_no_delete") and not name.startswith("methodology_")
    }
    assert found == EXPECTED | (truncation if connection.vendor == "postgresql" else set())


def test_the_system_check_names_a_trigger_that_is_gone(db):
    gone = "phases_gatedecision_not_by_leader"
    on_table = " ON phases_gatedecision" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {gone}{on_table}")
    found = [
        message
        for message in run_checks(databases=["default"], tags=["database"])
        if message.id == "veikart.W001"
    ]
    assert [gone in message.msg for message in found] == [True]
    triggers.install_all(connection)
    assert triggers.missing(connection) == ()


@pytest.mark.django_db(transaction=True)
def test_migrating_makes_missing_triggers_again():
    triggers.drop_all(connections["default"])
    assert len(triggers.missing(connection)) == len(triggers.registered(connection.vendor))
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == ()


@pytest.mark.parametrize("model", [GateRecord, GateSubmission, GateDecision, Vote])
def test_rows_can_neither_be_changed_nor_deleted(decided, model):
    row = model.objects.first()
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(id=row.pk)
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete(using="default")
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [GateDecision, GateRecord, GateSubmission, Vote])
def test_rows_cannot_be_replaced_either(decided, model):
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite has INSERT OR REPLACE.")
    table = model._meta.db_table
    statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608 -- no input
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_gate_mode_on_the_record_stays(project, municipality):
    set_project_gate_mode(
        project=project,
        phase_key="anchoring",
        mode="mandatory",
        reason="Stort.",
        actor=municipality.director,
    )
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        ProjectGateMode.objects.update(reason="Noe annet.")


def test_the_audit_log_can_only_be_added_to(project):
    from audit.models import AuditEvent

    with pytest.raises(IntegrityError, match="only be added to"), transaction.atomic():
        AuditEvent.objects.update(action="ingenting")


def test_erasing_a_person_leaves_the_chain_intact(decided, project):
    GateRecordPerson.objects.filter(record__project=project).update(name="", user=None)
    assert verify_chain(project) is None


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("content", b'{"previous":""}', "the content does not match its SHA-256"),
        ("previous_sha256", "0" * 64, "it does not follow the record before it"),
    ],
)
def test_a_tampered_record_is_found(decided, project, column, value, reason):
    triggers.drop_all(connection)
    record = GateRecord.objects.filter(project=project).order_by("sequence").first()
    GateRecord.objects.filter(pk=record.pk).update(**{column: value})
    assert verify_chain(project) == BrokenLink(project.pk, 1, reason)
    triggers.install_all(connection)


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_the_same_moment_leave_exactly_one(project, municipality, submit):
    submission = submit(project, municipality.leader)
    barrier = threading.Barrier(2)
    results: list[str] = []

    def press() -> None:
        barrier.wait()
        try:
            decide_gate(
                submission=GateSubmission.objects.get(pk=submission.pk),
                draft=DecisionDraft(GateOutcome.REWORK, "Samtidig."),
                actor=municipality.manager,
            )
            results.append("decided")
        except AlreadyDecided as refusal:
            results.append(refusal.decision.decided_by.name)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Mona Mellomleder", "decided"]
    assert GateDecision.objects.count() == 1
    assert verify_chain(project) is None
