"""Disposal at the end of retention: two people, a tombstone, and a chain that still verifies."""

import datetime
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.policy import OrganisationRole, ProjectRole
from accounts.services import create_person
from audit.models import AuditEvent
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.chain import BrokenLink, verify_chain
from phases.models import (
    Condition,
    CriterionAnswer,
    Decider,
    DeciderLeaving,
    GateAnswer,
    GateCorrection,
    GateDecision,
    GateQuestion,
    GateRecord,
    GateRecordPerson,
    GateRecordSalt,
    GateSubmission,
    ProjectPhase,
    Vote,
)
from phases.record import RecordDisposed, content_of
from phases.retention import DISPOSED_TEXT
from phases.services import answer_criterion, close_condition
from phases.services.correcting import correct_record
from phases.services.disposing import dispose, plan_disposal
from tests.phases.permanence import (
    close,
    decided_with_everything,
    second_administrator,
    unguarded,
)

TODAY = timezone.localdate()
ENDED = TODAY.isoformat()


@pytest.fixture
def archivist(municipality):
    return second_administrator(municipality)


@pytest.fixture
def decision(project, municipality, submit, decide):
    """Records: 1 withdrawn, 2 submitted, 3 decided, 4 corrected; the project is over."""
    decision = decided_with_everything(project, municipality, submit, decide)
    close_condition(
        condition=decision.conditions.get(), note="DPIA er godkjent.", actor=municipality.leader
    )
    close(project, municipality)
    return decision


def run(project, *arguments, by="admin@fjordvik.test", witness="arkiv@fjordvik.test", **changes):
    out = StringIO()
    options = {
        "--project": str(project.pk),
        "--retention-ended": ENDED,
        "--reason": "Kassasjonsvedtak 2040/12.",
        "--by": by,
        "--with": witness,
        **changes,
    }
    flat = [each for pair in options.items() for each in pair]
    call_command("dispose_records", *flat, *arguments, stdout=out)
    return out.getvalue()


def sequences(project, **conditions):
    rows = GateRecord.objects.filter(project=project, **conditions).order_by("sequence")
    return list(rows.values_list("sequence", flat=True))


def test_without_really_nothing_is_changed_and_what_would_be_gone_is_printed(
    project, decision, archivist
):
    said = run(project, "--record", "3")
    assert [line.split(",")[0] for line in said.splitlines() if "  record" in line] == [
        "  record 2: submission",
        "  record 3: decision",
        "  record 4: correction",
    ]
    assert said.endswith("Nothing has been changed. Give --really to do it.\n")
    assert sequences(project) == [1, 2, 3, 4]
    assert sequences(project, content=b"") == []


def test_the_tombstone_names_what_is_gone_by_whom_and_why_and_the_chain_verifies(
    project, municipality, decision, archivist
):
    before = {record.sequence: record.sha256 for record in GateRecord.objects.all()}
    said = run(project, "--record", "2", "--really")
    tombstone = GateRecord.objects.get(kind="disposal")
    assert said.endswith(f"Disposed of. The tombstone is record 5, SHA-256 {tombstone.sha256}.\n")
    content = content_of(tombstone)
    people = dict(tombstone.people.values_list("key", "name"))
    assert [(each["sequence"], each["sha256"]) for each in content["disposed"]] == [
        (number, before[number]) for number in (2, 3, 4)
    ]
    assert [(each["kind"], each["outcome"]) for each in content["disposed"]] == [
        ("submission", "go_with_conditions"),
        ("decision", "go_with_conditions"),
        ("correction", ""),
    ]
    assert (
        people[content["disposed_by"]["person"]],
        people[content["with"]["person"]],
        content["reason"],
        content["retention_ended"],
    ) == ("Astrid Admin", "Arne Arkivar", "Kassasjonsvedtak 2040/12.", ENDED)
    assert sequences(project, content=b"") == [2, 3, 4]
    assert {
        record.sequence: record.sha256 for record in GateRecord.objects.exclude(kind="disposal")
    } == before
    assert verify_chain(project) is None
    event = AuditEvent.objects.get(action="gate.disposed")
    assert (event.actor, event.details["witness"]) == (municipality.admin, archivist.pk)


def test_texts_names_and_salts_are_gone_and_what_was_done_by_whom_stays(
    project, municipality, decision, archivist
):
    run(project, "--record", "3", "--really")
    texts = {
        (model.__name__, column): list(model.objects.values_list(column, flat=True))
        for model, column in (
            (GateDecision, "rationale"),
            (GateCorrection, "text"),
            (DeciderLeaving, "reason"),
            (Vote, "rationale"),
            (GateQuestion, "text"),
            (GateAnswer, "text"),
            (Condition, "text"),
            (Condition, "closing_note"),
        )
    }
    assert texts == {key: [DISPOSED_TEXT] for key in texts}
    assert list(Decider.objects.order_by("pk").values_list("reason", flat=True)) == [
        "",
        "",
        DISPOSED_TEXT,
    ]
    assert [row.draft for row in Vote.objects.all()] == [{}]
    # The other submission keeps all it had.
    assert list(GateSubmission.objects.order_by("pk").values_list("recommendation", flat=True)) == [
        "Vi anbefaler å gå videre.",
        DISPOSED_TEXT,
    ]
    named = GateRecordPerson.objects.exclude(name="").values_list("record__sequence", flat=True)
    assert set(named) == {1, 5}
    assert not GateRecordSalt.objects.filter(record__sequence__in=[2, 3, 4]).exists()
    decision.refresh_from_db()
    assert (decision.outcome, decision.decided_by) == (
        GateOutcome.GO_WITH_CONDITIONS,
        municipality.director,
    )
    with pytest.raises(RecordDisposed):
        content_of(GateRecord.objects.get(sequence=3))


def test_everything_before_a_day_goes_and_what_is_gone_already_is_left_alone(
    project, decision, archivist
):
    tomorrow = (TODAY + datetime.timedelta(days=1)).isoformat()
    with pytest.raises(CommandError, match="nothing to dispose of"):
        run(project, "--before", ENDED, "--really")
    run(project, "--record", "1", "--really")
    run(project, "--before", tomorrow, "--really")
    assert sequences(project, content=b"") == [1, 2, 3, 4]
    assert sequences(project, kind="disposal") == [5, 6]
    assert verify_chain(project) is None
    with pytest.raises(CommandError, match="nothing to dispose of"):
        run(project, "--before", tomorrow, "--really")


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ({"witness": "admin@fjordvik.test"}, "Disposal takes two people"),
        ({"witness": "leder@fjordvik.test"}, "Mona Mellomleder is not an administrator of"),
        ({"by": "leder@fjordvik.test"}, "Mona Mellomleder is not an administrator of"),
        ({"witness": "admin@nabovik.test"}, "Astrid Admin is not an administrator of Fjordvik"),
        ({"witness": "borte@fjordvik.test"}, "Borte Vekk is not an administrator of"),
        ({"witness": "ingen@fjordvik.test"}, "Nobody has the address"),
    ],
)
def test_it_takes_two_administrators_with_access(
    project, municipality, neighbour, decision, archivist, people, reason
):
    gone = create_person(
        organisation=municipality.organisation,
        email="borte@fjordvik.test",
        name="Borte Vekk",
        roles=[OrganisationRole.ADMINISTRATOR],
        actor=None,
        password="veikart-demo",
    )
    gone.is_active = False
    gone.save()
    with pytest.raises(CommandError, match=reason):
        run(project, "--record", "3", "--really", **people)
    assert sequences(project) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"--retention-ended": "2999-01-01"}, "lies ahead"),
        ({"--retention-ended": "2020-01-01"}, "made after the day"),
        ({"--reason": " "}, "Say why"),
        ({"--project": "999"}, "There is no project 999"),
    ],
)
def test_it_is_refused_before_the_end_of_retention_and_without_a_reason(
    project, decision, archivist, changes, reason
):
    with pytest.raises(CommandError, match=reason):
        run(project, "--record", "3", "--really", **changes)
    assert sequences(project) == [1, 2, 3, 4]


def test_a_project_that_goes_on_keeps_its_records(project, municipality, submit, decide, archivist):
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    with pytest.raises(CommandError, match="closed or stopped"):
        run(project, "--record", "2", "--really")


def test_a_plan_that_somebody_else_has_carried_out_is_refused(
    project, municipality, decision, archivist
):
    people = {"by": municipality.admin, "witness": archivist}
    plan = plan_disposal(project=project, retention_ended=TODAY, sequence=3, **people)
    dispose(plan, reason="Over.", retention_ended=TODAY, **people)
    with pytest.raises(Refusal, match="Somebody else has disposed of this already"):
        dispose(plan, reason="Over.", retention_ended=TODAY, **people)


def test_a_disposed_record_is_not_corrected(project, municipality, decision, archivist):
    run(project, "--record", "3", "--really")
    with pytest.raises(Refusal, match="disposed of"):
        correct_record(record=decision.record, text="Nei.", actor=municipality.admin)


def answer(project, municipality, name):
    """Answer the same criterion with another file."""
    row = ProjectPhase.objects.get(project=project, phase_key="anchoring")
    found = CriterionAnswer.objects.filter(
        project_phase=row, criterion_key="problem-stated"
    ).first() or CriterionAnswer(project_phase=row, criterion_key="problem-stated")
    found.status = "met"
    found.comment = "Se vedlegget."
    stored = answer_criterion(
        answer=found, actor=municipality.leader, file=SimpleUploadedFile(name, b"%PDF-1.7")
    )
    return stored.evidence_file.name


@pytest.mark.django_db(transaction=True)
def test_files_go_unless_another_record_or_an_answer_names_them(
    project, municipality, submit, decide, archivist
):
    only_first = answer(project, municipality, "en.pdf")
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    second = answer(project, municipality, "to.pdf")
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    decide(
        submit(project, municipality.leader, GateOutcome.STOP),
        municipality.manager,
        GateOutcome.STOP,
        learnt="Behovet var et annet.",
    )
    project.refresh_from_db()
    said = run(project, "--record", "1", "--really")
    assert [line.strip() for line in said.splitlines() if "evidence/" in line] == [only_first]
    assert (default_storage.exists(only_first), default_storage.exists(second)) == (False, True)
    # Another record names the second file, and then the answer still does.
    for number in ("3", "5"):
        assert "files: 0" in run(project, "--record", number, "--really")
    assert default_storage.exists(second)
    assert verify_chain(project) is None


PAGES = ("decisions", "history", "project")


def test_pages_of_what_was_disposed_of_say_so_and_the_others_go_on(
    project, municipality, decision, archivist, client_for
):
    client = client_for(municipality.admin)
    run(project, "--record", "3", "--really")
    for name, number in (("decision", decision.pk), ("review", decision.submission_id)):
        page = client.get(reverse(f"phases:{name}", args=[project.pk, number]))
        words = page.content.decode()
        assert page.status_code == 410
        assert "This has been disposed of" in words
        assert "Kassasjonsvedtak 2040/12." in words
        assert "Astrid Admin and Arne Arkivar" in words
    for name in PAGES:
        page = client.get(reverse(f"phases:{name}", args=[project.pk]))
        assert page.status_code == 200, name
    listed = client.get(reverse("phases:decisions", args=[project.pk])).content.decode()
    assert "Disposed of at the end of retention." in listed
    assert client.get(reverse("phases:correct", args=[project.pk, 3])).status_code == 403
    stranger = client_for(municipality.employee)
    page = stranger.get(reverse("phases:decision", args=[project.pk, decision.pk]))
    assert page.status_code == 404


def test_no_page_about_a_project_breaks_over_a_disposed_record(
    project, municipality, decision, archivist, client_for
):
    """Every page that reads a submission, a decision or the whole project."""
    from tests.access_matrix import MATRIX

    run(project, "--before", (TODAY + datetime.timedelta(days=1)).isoformat(), "--really")
    world = {
        "project_id": project.pk,
        "phase_key": "anchoring",
        "step_key": "define-problem",
        "criterion_key": "problem-stated",
        "submission_id": decision.submission_id,
        "decision_id": decision.pk,
        "condition_id": decision.conditions.get().pk,
        "role": ProjectRole.LINE_MANAGER.value,
    }
    statuses = {}
    client = client_for(municipality.director)
    for name, route in MATRIX.items():
        keys = {each.partition("=")[2].removeprefix("@") or each for each in route.arguments}
        if "project_id" not in route.arguments or not {
            each for each in route.arguments if "=" not in each
        } <= set(world):
            continue
        if any("=@" in each for each in route.arguments):
            continue
        assert keys
        statuses[name] = client.get(route.address(name, world)).status_code
    assert {name: status for name, status in statuses.items() if status >= 500} == {}
    assert statuses["phases:decision"] == statuses["phases:review"] == 410


def test_an_outcome_changed_after_disposal_is_found_by_the_tombstone(project, decision, archivist):
    run(project, "--record", "3", "--really")
    with unguarded():
        GateDecision.objects.update(outcome=GateOutcome.GO)
        assert verify_chain(project) == BrokenLink(
            project.pk, 3, "what is shown is not what was recorded (decision)"
        )
        GateDecision.objects.update(outcome=decision.outcome, rationale="Alt var i orden.")
        assert verify_chain(project) == BrokenLink(
            project.pk, 3, "what is shown is not what was recorded (rationale)"
        )


@pytest.mark.parametrize(
    ("sequence", "changes", "reason"),
    [
        (2, {"sha256": "0" * 64}, "it is not the record that its tombstone names"),
        (2, {"previous_sha256": "0" * 64}, "it does not follow the record before it"),
        (2, {"content": b"{}"}, "the content does not match its SHA-256"),
        (1, {"content": b""}, "its content is gone, and no later tombstone says why"),
    ],
)
def test_tampering_with_what_is_left_of_a_disposed_record_is_found(
    project, decision, archivist, sequence, changes, reason
):
    run(project, "--record", "3", "--really")
    with unguarded():
        GateRecord.objects.filter(project=project, sequence=sequence).update(**changes)
        assert verify_chain(project) == BrokenLink(project.pk, sequence, reason)
