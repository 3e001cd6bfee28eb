"""A correction is a new record that points at the old."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.policy import ProjectRole
from audit.models import AuditEvent
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.chain import verify_chain
from phases.models import GateCorrection, GateRecord
from phases.record import content_of
from phases.services.correcting import correct_record, corrections_of
from projects.services import add_member, end_membership

WRONG = "Budsjettet er 400 000 kroner, ikke 40 000."


@pytest.fixture
def decision(project, municipality, submit, decide):
    return decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)


def test_a_correction_is_the_last_record_and_points_at_the_one_it_is_about(
    project, municipality, decision
):
    before = GateRecord.objects.filter(project=project).values_list("pk", "content", "sha256")
    before = [(pk, bytes(content), sha256) for pk, content, sha256 in before]
    correction = correct_record(record=decision.record, text=WRONG, actor=municipality.manager)
    content = content_of(correction.record)
    assert {key: content[key] for key in ("kind", "sequence", "previous", "about", "text")} == {
        "kind": "correction",
        "sequence": 3,
        "previous": decision.record.sha256,
        "about": {"kind": "decision", "sequence": 2, "sha256": decision.record.sha256},
        "text": WRONG,
    }
    after = GateRecord.objects.filter(pk__in=[pk for pk, *_ in before])
    assert [
        (pk, bytes(content), sha256)
        for pk, content, sha256 in after.values_list("pk", "content", "sha256")
    ] == before
    assert corrections_of(decision.record) == [correction]
    assert verify_chain(project) is None
    event = AuditEvent.objects.get(action="gate.corrected")
    assert (event.actor, event.details["sha256"]) == (
        municipality.manager,
        correction.record.sha256,
    )


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        ("leader", "Those who lead the project do not correct its records"),
        ("member", "Whoever decides on it"),
        ("reader", "Whoever decides on it"),
        ("director", "Whoever decides on it"),
        ("employee", "Whoever decides on it"),
        ("superuser", "Whoever decides on it"),
        ("neighbour's administrator", "Whoever decides on it"),
        ("inactive", "Your access is closed"),
        ("administrator who leads", "Those who lead the project"),
        ("administrator who led", "Those who lead the project"),
    ],
)
def test_all_others_are_refused_with_a_reason(
    project, municipality, neighbour, decision, who, reason
):
    if who == "superuser":
        actor = municipality.employee
        actor.is_superuser = True
        actor.save()
    elif who == "neighbour's administrator":
        actor = neighbour.admin
    elif who == "inactive":
        actor = municipality.manager
        actor.is_active = False
        actor.save()
    elif who.startswith("administrator"):
        actor = municipality.admin
        membership = add_member(
            project=project, user=actor, role=ProjectRole.LEADER, actor=municipality.leader
        )
        if who.endswith("led"):
            end_membership(membership=membership, actor=municipality.leader)
    else:
        actor = getattr(municipality, who)
    with pytest.raises(Refusal, match=reason):
        correct_record(record=decision.record, text=WRONG, actor=actor)
    assert GateRecord.objects.filter(project=project).count() == 2


def test_the_administrator_corrects_too_and_a_submission_can_be_corrected(
    project, municipality, decision
):
    submitted = decision.submission.record
    first = correct_record(record=submitted, text=WRONG, actor=municipality.admin)
    second = correct_record(
        record=submitted, text="Og datoen er 1. mai.", actor=municipality.manager
    )
    assert corrections_of(submitted) == [first, second]
    assert verify_chain(project) is None


def test_a_correction_says_something_and_is_not_corrected_itself(project, municipality, decision):
    with pytest.raises(ValidationError, match="cannot be blank"):
        correct_record(record=decision.record, text="  ", actor=municipality.manager)
    correction = correct_record(record=decision.record, text=WRONG, actor=municipality.manager)
    with pytest.raises(Refusal, match="Only what was submitted and what was decided"):
        correct_record(record=correction.record, text=WRONG, actor=municipality.manager)


def test_the_database_refuses_a_correction_that_points_elsewhere(
    project, municipality, decision, foreign_project, neighbour, submit
):
    correction = correct_record(record=decision.record, text=WRONG, actor=municipality.manager)
    foreign = submit(foreign_project, neighbour.leader).record
    for record, about in (
        (decision.record, decision.submission.record),
        (foreign, decision.record),
    ):
        with pytest.raises(IntegrityError, match="earlier record"), transaction.atomic():
            GateCorrection.objects.create(
                record=record,
                about=about,
                text=WRONG,
                corrected_by=municipality.manager,
                corrected_at=timezone.now(),
            )
    assert corrections_of(decision.record) == [correction]


def url(project, sequence=2):
    return reverse("phases:correct", args=[project.pk, sequence])


def test_the_page_puts_it_on_the_record_and_the_decision_shows_it(
    project, municipality, decision, client_for
):
    client = client_for(municipality.manager)
    page = reverse("phases:decision", args=[project.pk, decision.pk])
    assert url(project) in client.get(page).content.decode()
    assert "Correct the record" in client.get(url(project)).content.decode()
    answer = client.post(url(project), {"text": WRONG})
    assert (answer.status_code, answer.url) == (302, f"{page}#corrections")
    shown = client.get(page).content.decode()
    assert WRONG in shown
    assert "1 correction" in shown
    listed = client.get(reverse("phases:decisions", args=[project.pk])).content.decode()
    assert WRONG in listed
    history = client.get(reverse("phases:history", args=[project.pk])).content.decode()
    assert "corrected what is on record" in history


def test_whoever_may_not_correct_sees_corrections_and_no_way_to_write_one(
    project, municipality, decision, client_for
):
    correct_record(record=decision.submission.record, text=WRONG, actor=municipality.admin)
    page = reverse("phases:review", args=[project.pk, decision.submission_id])
    shown = client_for(municipality.reader).get(page).content.decode()
    assert WRONG in shown
    assert url(project, 1) not in shown
    refused = client_for(municipality.leader).post(url(project), {"text": WRONG})
    assert refused.status_code == 403
    assert "Those who lead the project" in refused.content.decode()


def test_an_empty_correction_is_told_and_an_unknown_record_is_not_there(
    project, municipality, decision, client_for
):
    client = client_for(municipality.manager)
    answer = client.post(url(project), {"text": ""})
    assert (answer.status_code, "text" in answer.context["form"].errors) == (200, True)
    assert client.get(url(project, 9)).status_code == 404


def test_a_correction_that_is_sent_twice_is_one_record(project, municipality, decision):
    twice = [
        correct_record(record=decision.record, text=text, actor=municipality.manager)
        for text in (WRONG, f"{WRONG} ")
    ]
    assert corrections_of(decision.record) == [twice[0]] == [twice[1]]
    assert GateRecord.objects.filter(project=project).count() == 3
