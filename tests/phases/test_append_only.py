"""Every permanent table, against every way to change or delete a row."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from phases.chain import verify_chain
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
    GateWithdrawal,
    OrganisationGateMode,
    ProjectGateMode,
    Vote,
)
from phases.services import close_condition
from phases.services.disposing import dispose, plan_disposal
from tests.phases.permanence import close, decided_with_everything, second_administrator

# The column that somebody would like to change, and what to.
TABLES = {
    Decider: ("role", "named"),
    DeciderLeaving: ("reason", "Noe annet."),
    GateAnswer: ("text", "Noe annet."),
    GateCorrection: ("text", "Noe annet."),
    GateDecision: ("outcome", "stop"),
    GateQuestion: ("text", "Noe annet."),
    GateRecord: ("content", b"{}"),
    GateRecordDisposal: ("tombstone_id", 1),
    GateRecordPerson: ("name", "En annen"),
    GateSubmission: ("recommendation", "Noe annet."),
    GateWithdrawal: ("withdrawn_by_id", 1),
    OrganisationGateMode: ("reason", "Noe annet."),
    ProjectGateMode: ("reason", "Noe annet."),
    Vote: ("rationale", "Noe annet."),
}


def save(row, column, value):
    setattr(row, column, value)
    row.save(force_update=True)


def update(row, column, value):
    type(row)._base_manager.filter(pk=row.pk).update(**{column: value})


def bulk_update(row, column, value):
    setattr(row, column, value)
    type(row)._base_manager.bulk_update([row], [column.removesuffix("_id")])


def raw_update(row, column, value):
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row.pk])  # noqa: S608 -- no input


def touch(row, column, value):
    """A change of nothing is no change, and is refused all the same."""
    raw_update(row, "id", row.pk)


def delete(row, column, value):
    row.delete()


def queryset_delete(row, column, value):
    type(row)._base_manager.filter(pk=row.pk).delete()


def raw_delete(row, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])  # noqa: S608 -- no input


def delete_all(row, column, value):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table}")  # noqa: S608 -- no input


def replace(row, column, value):
    if connection.vendor == "sqlite":
        table = row._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608 -- no input
    else:
        # Nothing is truncated while deferred checks wait, whatever the triggers say.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {row._meta.db_table} CASCADE")


WAYS = (
    save,
    update,
    bulk_update,
    raw_update,
    touch,
    delete,
    queryset_delete,
    raw_delete,
    delete_all,
    replace,
)


@pytest.fixture
def everything(project, municipality, submit, decide):
    """A row in every permanent table: of two cases, the withdrawn one is disposed of."""
    decision = decided_with_everything(project, municipality, submit, decide)
    close(project, municipality)
    people = {"by": municipality.admin, "witness": second_administrator(municipality)}
    today = timezone.localdate()
    plan = plan_disposal(project=project, retention_ended=today, sequence=1, **people)
    dispose(plan, reason="Bevaringstiden er over.", retention_ended=today, **people)
    return decision


def row_of(model):
    """A row that still has all it had."""
    if model is GateRecord:
        return model.objects.get(sequence=3)
    if model is GateRecordPerson:
        return model.objects.exclude(name="").first()
    return model._base_manager.order_by("pk").last()


@pytest.mark.parametrize("way", WAYS)
def test_no_permanent_row_is_changed_or_deleted_in_any_way(everything, project, way):
    let_through = []
    for model, (column, value) in TABLES.items():
        row = row_of(model)
        assert row is not None, model
        # An erased name may stay erased, so changing nothing is let through there.
        if model is GateRecordPerson and way is touch:
            continue
        before = model._base_manager.filter(pk=row.pk).values().get()
        try:
            with transaction.atomic():
                way(row, column, value)
        except (IntegrityError, ProtectedError):
            pass
        else:
            let_through.append(model.__name__)
        assert model._base_manager.filter(pk=before["id"]).values().get() == before
    assert let_through == []
    assert verify_chain(project) is None


@pytest.mark.parametrize("column", ["text", "due_on", "decision_id"])
def test_a_condition_stays_as_it_was_decided(everything, column):
    condition = everything.conditions.get()
    value = {"text": "Noe annet", "due_on": "2030-01-01", "decision_id": None}[column]
    for way in (update, raw_update):
        with pytest.raises(IntegrityError, match="stays as it was decided"), transaction.atomic():
            way(condition, column, value)
    for way in (delete, queryset_delete, raw_delete, delete_all):
        with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
            way(condition, column, value)


def test_who_sees_to_a_condition_changes_only_until_it_is_closed(everything, municipality):
    condition = everything.conditions.get()
    Condition.objects.filter(pk=condition.pk).update(owner=municipality.member)
    condition.refresh_from_db()
    close_condition(condition=condition, note="DPIA er godkjent.", actor=municipality.member)
    for changes in (
        {"owner": municipality.leader},
        {"closing_note": "Noe annet."},
        {"closed_at": None, "closing_note": ""},
        {"evidence_url": "https://example.no/"},
    ):
        with pytest.raises(IntegrityError, match="closed stays"), transaction.atomic():
            Condition.objects.filter(pk=condition.pk).update(**changes)


def test_of_a_person_in_a_record_only_the_name_goes_and_nobody_takes_their_place(
    everything, municipality
):
    person = GateRecordPerson.objects.exclude(name="").first()
    rows = GateRecordPerson.objects.filter(pk=person.pk)
    other = municipality.employee if person.user_id != municipality.employee.pk else None
    for changes in (
        {"name": "En annen"},
        {"user": other},
        {"key": "p99"},
        {"roles": "leader,owner"},
        {"record": GateRecord.objects.exclude(pk=person.record_id).first()},
    ):
        with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
            rows.update(**changes)
    rows.update(name="", user=None)
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        rows.update(name=person.name, user_id=person.user_id)


def test_a_content_goes_only_with_a_later_tombstone_of_the_same_project(
    everything, project, foreign_project, neighbour, submit
):
    record = GateRecord.objects.get(project=project, sequence=3)
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        GateRecord.objects.filter(pk=record.pk).update(content=b"")
    tombstone = GateRecord.objects.get(project=project, kind="disposal")
    foreign = submit(foreign_project, neighbour.leader).record
    for disposed, by in ((record, record), (foreign, tombstone), (tombstone, tombstone)):
        with pytest.raises(IntegrityError, match="later tombstone"), transaction.atomic():
            GateRecordDisposal.objects.create(record=disposed, tombstone=by)
    emptied = GateRecord.objects.get(project=project, sequence=1)
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        GateRecord.objects.filter(pk=emptied.pk).update(content=b"{}")
    with pytest.raises(IntegrityError, match="permanent"), transaction.atomic():
        GateRecord.objects.filter(pk=emptied.pk).update(sha256="0" * 64)
