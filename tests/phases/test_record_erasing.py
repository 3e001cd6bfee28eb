"""A person can be taken out of the records, and the records stand."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit.models import AuditEvent
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.chain import verify_chain
from phases.models import GateRecord, GateRecordPerson
from phases.record import people_of
from phases.services.erasing import erase_person

ERASED = "erased person"


@pytest.fixture
def decided(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    return decide(submission, municipality.manager, GateOutcome.REWORK)


def bytes_of(project):
    return [
        (bytes(record.content), record.sha256)
        for record in GateRecord.objects.filter(project=project).order_by("sequence")
    ]


def test_an_erased_person_is_gone_from_every_record_and_the_chain_verifies(
    project, municipality, decided
):
    before = bytes_of(project)
    assert erase_person(user=municipality.manager, actor=municipality.admin) == 2
    assert bytes_of(project) == before
    assert verify_chain(project) is None
    assert not GateRecordPerson.objects.filter(user=municipality.manager).exists()
    assert not GateRecordPerson.objects.filter(name=municipality.manager.name).exists()


def test_roles_stand_and_other_people_are_left_alone(project, municipality, decided):
    people = GateRecordPerson.objects.filter(record=decided.submission.record).order_by("pk")
    before = {row.key: (row.name, row.roles) for row in people}
    erase_person(user=municipality.manager, actor=municipality.admin)
    assert {row.key: (row.name, row.roles) for row in people.all()} == {
        key: ("" if name == municipality.manager.name else name, roles)
        for key, (name, roles) in before.items()
    }


def test_pages_say_that_a_person_was_erased(project, municipality, decided, client_for):
    erase_person(user=municipality.leader, actor=municipality.admin)
    erase_person(user=municipality.manager, actor=municipality.admin)
    assert ERASED in {person.name for person in people_of(decided.record).values()}
    reader = client_for(municipality.reader)
    review = reader.get(reverse("phases:review", args=[project.pk, decided.submission.pk]))
    decision = reader.get(reverse("phases:decision", args=[project.pk, decided.pk]))
    for page in (review, decision):
        assert page.status_code == 200
        assert ERASED in page.content.decode()
    assert decision.context["minutes"].decided_by == ERASED


def test_words_that_name_somebody_stand_as_they_were_written(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    said = f"{municipality.leader.name} har rett."
    decision = decide(submission, municipality.manager, GateOutcome.REWORK, rationale=said)
    erase_person(user=municipality.leader, actor=municipality.admin)
    assert said in bytes(decision.record.content).decode()


def test_it_is_told_in_the_audit_log_without_a_name(municipality, decided):
    erase_person(user=municipality.manager, actor=municipality.admin)
    event = AuditEvent.objects.get(action="gate.person_erased")
    assert (event.actor, event.target_number, event.details) == (
        municipality.admin,
        municipality.manager.pk,
        {"count": 2},
    )


@pytest.mark.parametrize("who", ["leader", "manager", "director", "member", "reader", "employee"])
def test_only_an_administrator_of_the_organisation_erases(municipality, decided, who):
    with pytest.raises(Refusal, match="Only an administrator"):
        erase_person(user=municipality.manager, actor=getattr(municipality, who))
    assert GateRecordPerson.objects.filter(user=municipality.manager).count() == 2


def test_neither_a_stranger_nor_somebody_whose_access_is_closed_erases(
    municipality, neighbour, decided
):
    municipality.admin.is_active = False
    municipality.admin.save()
    for actor in (neighbour.admin, municipality.admin):
        with pytest.raises(Refusal, match="Only an administrator"):
            erase_person(user=municipality.manager, actor=actor)


def test_the_command_erases(municipality, decided, capsys):
    call_command(
        "erase_person_from_records", municipality.manager.email, by=municipality.admin.email
    )
    assert capsys.readouterr().out == "Erased from gate records: 2.\n"
    call_command(
        "erase_person_from_records", municipality.manager.email, by=municipality.admin.email
    )
    assert capsys.readouterr().out == "Erased from gate records: 0.\n"


@pytest.mark.parametrize(
    ("email", "by", "reason"),
    [
        ("nobody@fjordvik.test", "admin@fjordvik.test", "Nobody has the address"),
        ("leder@fjordvik.test", "nobody@fjordvik.test", "Nobody has the address"),
        ("leder@fjordvik.test", "prosjekt@fjordvik.test", "Only an administrator"),
    ],
)
def test_the_command_says_why_it_does_nothing(decided, email, by, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("erase_person_from_records", email, by=by)
