import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.policy import ProjectRole
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.enums import AnswerStatus, PhaseState
from phases.models import CriterionAnswer, GateRecord, GateSubmission
from phases.record import content_of, people_of, recorded_project, recorded_tools
from phases.selectors import walk_of
from phases.services import (
    GateNotReady,
    answer_criterion,
    appoint,
    submit_gate,
    withdraw_submission,
)
from projects.models import Membership
from projects.services import add_member


def test_a_submission_freezes_what_the_decider_sees(project, municipality, submit):
    submission = submit(project, municipality.leader)
    content = content_of(submission.record)
    assert {
        key: content[key]
        for key in ("schema", "kind", "language", "sequence", "previous", "recommended_outcome")
    } == {
        "schema": 2,
        "kind": "submission",
        "language": "nb",
        "sequence": 1,
        "previous": "",
        "recommended_outcome": "go_with_conditions",
    }
    assert content["phase"] == {
        "key": "anchoring",
        "number": 1,
        "title": "Forankring",
        "iteration": 1,
    }
    dossier = recorded_project(content, people_of(submission.record))
    assert (dossier.name, dossier.case_number) == (project.name, "2026/1482")
    assert [person.name for person in dossier.people(ProjectRole.LEADER)] == [
        "Petter Prosjektleder"
    ]
    assert [part.key for part in recorded_tools(content, people_of(submission.record))] == [
        "team",
        "benefits",
    ]


def test_names_stand_beside_the_record_and_not_in_it(project, municipality, submit):
    record = submit(project, municipality.leader).record
    text = bytes(record.content).decode()
    for person in (municipality.leader, municipality.manager, municipality.director):
        assert person.name not in text
    assert {person.name for person in record.people.all()} >= {
        "Petter Prosjektleder",
        "Mona Mellomleder",
        "Dagny Direktør",
    }


def test_the_record_is_frozen_in_the_document_language(project, municipality, submit):
    project.document_language = "sv"
    project.save()
    content = content_of(submit(project, municipality.leader).record)
    assert (content["language"], content["phase"]["title"]) == ("sv", "Förankring")


def test_the_phase_waits_for_a_decision_and_cannot_be_submitted_again(
    project, municipality, submit
):
    submit(project, municipality.leader)
    assert walk_of(project).phase("anchoring").state is PhaseState.SUBMITTED
    with pytest.raises(Refusal, match="Petter Prosjektleder has already submitted"):
        submit(project, municipality.leader)
    assert GateSubmission.objects.count() == 1


def test_go_is_not_recommended_while_something_is_missing(project, municipality, submit):
    with pytest.raises(GateNotReady) as refusal:
        submit(project, municipality.leader, GateOutcome.GO)
    assert all(blocker.url for blocker in refusal.value.blockers)
    assert GateRecord.objects.count() == 0


@pytest.mark.parametrize("who", ["member", "reader", "manager", "director", "admin", "employee"])
def test_only_a_leader_submits(project, municipality, submit, who):
    with pytest.raises(Refusal, match="is for: project leader"):
        submit(project, getattr(municipality, who))


def test_a_superuser_without_a_role_cannot_submit(project, municipality, submit):
    municipality.employee.is_superuser = True
    municipality.employee.save()
    with pytest.raises(Refusal, match="is for: project leader"):
        submit(project, municipality.employee)


def test_a_project_without_line_manager_cannot_be_submitted(project, municipality, submit):
    Membership.objects.filter(project=project, role=ProjectRole.LINE_MANAGER).delete()
    with pytest.raises(Refusal, match="no line manager"):
        submit(project, municipality.leader)


def test_an_empty_recommendation_and_a_foreign_outcome_are_refused(project, municipality):
    for outcome, sentence, reason in (
        (GateOutcome.GO_WITH_CONDITIONS, "  ", "in one sentence"),
        (GateOutcome.MORE_TESTING, "Mer.", "does not offer"),
    ):
        with pytest.raises(Refusal, match=reason):
            submit_gate(
                project=project,
                phase_key="anchoring",
                recommended_outcome=outcome,
                recommendation=sentence,
                actor=municipality.leader,
            )


def test_a_withdrawn_submission_lets_work_go_on_and_stays_in_the_chain(
    project, municipality, submit
):
    first = submit(project, municipality.leader)
    withdraw_submission(submission=first, actor=municipality.leader)
    assert walk_of(project).phase("anchoring").state is PhaseState.ACTIVE
    second = submit(project, municipality.leader)
    assert json.loads(bytes(second.record.content))["previous"] == first.record.sha256
    with pytest.raises(Refusal, match="already decided or withdrawn"):
        withdraw_submission(submission=first, actor=municipality.leader)


def test_owner_and_line_manager_stay_while_a_submission_is_open(project, municipality, submit):
    submit(project, municipality.leader)
    with pytest.raises(Refusal, match="stay until it is made"):
        appoint(
            project=project,
            role=ProjectRole.LINE_MANAGER,
            user=municipality.employee,
            actor=municipality.admin,
        )


def test_the_line_manager_cannot_be_made_leader(project, municipality):
    with pytest.raises(Refusal, match="cannot both lead"):
        add_member(
            project=project,
            user=municipality.manager,
            role=ProjectRole.LEADER,
            actor=municipality.leader,
        )


def new_answer(project, key="problem-stated"):
    walk = walk_of(project)
    criterion = next(each for each in walk.phase("anchoring").gate.criteria if each.key == key)
    return CriterionAnswer(
        project_phase=walk.phase("anchoring").row,
        criterion_key=criterion.key,
        status=AnswerStatus.MET,
    )


def test_an_answer_keeps_its_file_under_a_random_name_with_its_digest(project, municipality):
    answer = answer_criterion(
        answer=new_answer(project),
        actor=municipality.leader,
        file=SimpleUploadedFile("Vedtak <b>.pdf", b"%PDF-1.7 innhold"),
    )
    assert answer.evidence_file_name == "Vedtak <b>.pdf"
    assert "Vedtak" not in answer.evidence_file.name
    assert len(answer.evidence_file_sha256) == 64


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("virus.exe", b"MZ", "cannot be stored"),
        ("bilde.png", b"<script>", "something else"),
    ],
)
def test_an_upload_is_checked_by_kind_and_content(project, municipality, name, content, reason):
    with pytest.raises(ValidationError, match=reason):
        answer_criterion(
            answer=new_answer(project),
            actor=municipality.leader,
            file=SimpleUploadedFile(name, content),
        )
    assert CriterionAnswer.objects.count() == 0


def test_answers_stay_while_the_phase_is_submitted(project, municipality, submit):
    submit(project, municipality.leader)
    with pytest.raises(Refusal, match="Withdraw the submission"):
        answer_criterion(answer=new_answer(project), actor=municipality.leader)
