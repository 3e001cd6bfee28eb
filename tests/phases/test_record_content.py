"""What a submission's record holds beside the dossiers: files, figures, and the same bytes
whichever database the project lay in."""

import datetime
import hashlib
import json
import re
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from common.outcomes import Refusal
from methodology.catalogue import forget_catalogues
from methodology.enums import GateOutcome
from phases.canonical import canonical_bytes, digest
from phases.enums import AnswerStatus
from phases.gates import ConditionDraft
from phases.models import Condition, CriterionAnswer, GateRecord
from phases.record import content_of, people_of, recorded_project, stored_content
from phases.services import answer_criterion
from projects.enums import Uncertainty
from projects.models import Project
from tests.benefits.factory import make_measurement
from tests.team.factory import make_team_role
from tests.walk_fixtures import round_of
from tests.worksheets.helpers import write, write_row
from tests.worksheets.method import load_sheets_method, start_sheets_project
from worksheets.models import SheetPicture

PDF = b"%PDF-1.4 vedtak"


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def attach(project, actor, criterion, name="vedtak.pdf"):
    answer = CriterionAnswer(
        project_phase=round_of(project, "anchoring"),
        criterion_key=criterion,
        status=AnswerStatus.MET,
    )
    file = SimpleUploadedFile(name, PDF, content_type="application/pdf")
    return answer_criterion(answer=answer, actor=actor, file=file)


def criteria_of(project):
    from projects.method import catalogue_of_project

    return [each.key for each in catalogue_of_project(project).phase("anchoring").gate.criteria]


def test_files_of_answers_are_named_by_digest(project, municipality, submit):
    key = criteria_of(project)[0]
    answer = attach(project, municipality.leader, key)
    assert stored_content(submit(project, municipality.leader).record)["attachments"] == [
        {
            "file": answer.evidence_file.name,
            "name": "vedtak.pdf",
            "sha256": hashlib.sha256(PDF).hexdigest(),
            "size": len(PDF),
            "place": {
                "kind": "criterion",
                "phase": "anchoring",
                "iteration": 1,
                "criterion": key,
            },
        }
    ]


def test_a_file_that_is_gone_from_storage_has_no_size(project, municipality, submit):
    answer = attach(project, municipality.leader, criteria_of(project)[0])
    default_storage.delete(answer.evidence_file.name)
    (file,) = stored_content(submit(project, municipality.leader).record)["attachments"]
    assert (file["name"], file["size"]) == ("vedtak.pdf", None)


def test_evidence_of_a_condition_is_named_too(project, municipality, submit, decide):
    submission = submit(project, municipality.leader)
    condition = ConditionDraft("Spør ombudet", municipality.leader.pk, datetime.date(2190, 1, 1))
    decision = decide(
        submission,
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(condition,),
    )
    name = default_storage.save("evidence/svar.pdf", ContentFile(PDF))
    row = Condition.objects.get(decision=decision)
    Condition.objects.filter(pk=row.pk).update(
        evidence_file=name, evidence_file_name="svar.pdf", evidence_file_sha256="a" * 64
    )
    content = stored_content(submit(project, municipality.leader).record)
    assert content["attachments"] == [
        {
            "file": name,
            "name": "svar.pdf",
            "sha256": "a" * 64,
            "size": len(PDF),
            "place": {
                "kind": "condition",
                "phase": "anchoring",
                "iteration": 1,
                "condition": row.pk,
            },
        }
    ]


def test_pictures_of_worksheets_are_named_where_everybody_may_see_them(
    municipality, tmp_path, submit
):
    forget_catalogues()
    project = start_sheets_project(municipality, load_sheets_method(tmp_path))
    name = default_storage.save("pictures/4f.png", ContentFile(b"picture"))
    picture = SheetPicture.objects.create(
        project=project,
        worksheet_key="plan",
        field_key="image",
        file=name,
        sha256="b" * 64,
        width=3,
        height=2,
        uploaded_by=municipality.leader,
    )
    image = {"picture": picture.pk, "alt": "Et rom"}
    write(project, municipality.leader, {"image": image})
    content = stored_content(submit(project, municipality.leader, GateOutcome.STOP).record)
    assert content["attachments"] == [
        {
            "file": name,
            "name": "image.png",
            "sha256": "b" * 64,
            "size": 7,
            "place": {"kind": "tool", "tool": "worksheet.plan", "field": "image"},
        }
    ]


def test_size_uncertainty_and_interest_are_frozen(project, municipality, submit):
    Project.objects.filter(pk=project.pk).update(
        budget=Decimal("1250000"), uncertainty="high", has_public_interest=True
    )
    project = Project.objects.with_method().get(pk=project.pk)
    record = submit(project, municipality.leader).record
    content = content_of(record)
    dossier = recorded_project(content, people_of(record))
    assert content["project"]["budget"] == "1250000.00"
    assert (dossier.budget, dossier.uncertainty, dossier.has_public_interest) == (
        Decimal("1250000"),
        Uncertainty.HIGH,
        True,
    )


def test_figures_are_decimal_text(project, municipality, submit):
    make_measurement(project, municipality.leader)
    content = stored_content(submit(project, municipality.leader).record)
    facts = [fact["value"] for part in content["tools"].values() for fact in part["facts"]]
    assert [value for value in facts if not isinstance(value, str | None)] == []


def test_a_text_that_no_record_can_hold_is_refused_with_its_place(project, municipality, submit):
    project.goal = "Tryggere\x0bnetter"
    with pytest.raises(Refusal, match=r"U\+000B, at project\.goal"):
        submit(project, municipality.leader)
    assert GateRecord.objects.count() == 0


# --- the same bytes on every database ----------------------------------------------------------

# What is different each time: numbers that the database gives, moments, secrets.
_NUMBERS = re.compile(r'"(pk|[a-z]+_pk|project_number|answer_number)":\d+')
_MOMENTS = re.compile(r'"\d{4}-\d\d-\d\dT[^"]*"')
_DIGESTS = re.compile(r'"(digest|method_hash)":"[0-9a-f]{64}"')
# Of the dossiers alone, as sentences follow the catalogues of translations. It changes when a
# dossier gets another field: then the digest that this test finds takes its place, provided that
# both databases find the same.
GOLDEN = "cdd5bb9383ac44e6558f5b1e45cd233c27adbce9ebc65f2e35f95314d07b45f6"


def test_a_submission_has_the_same_bytes_on_every_database(municipality, tmp_path, submit):
    """Decimals, dates, keys in the order that a database likes, letters in two spellings."""
    forget_catalogues()
    leader = municipality.leader
    project = start_sheets_project(municipality, load_sheets_method(tmp_path))
    Project.objects.filter(pk=project.pk).update(
        budget=Decimal("1250000.5"), problem="Nattbesøk fra\u030a Bødø – «vekker» 👵🏽\r\nalle."
    )
    project = Project.objects.with_method().get(pk=project.pk)
    make_measurement(project, leader, value=Decimal("-0.0"), comment="ærlig talt")
    make_team_role(project, leader, role="owner")
    write(
        project,
        leader,
        {
            "goal": "Sove bedre",
            "worry": "Sagt i fortrolighet",
            "flats": "12",
            "share": "0.50",
            "budget": "1200.50",
            "starts": "2026-03-01",
            "responsible": municipality.member.pk,
            "is_safe": False,
            "novelty": "much",
            "sources": ["little", "much"],
            "belief": 4,
        },
    )
    write_row(project, leader)
    record = submit(project, leader, GateOutcome.STOP).record
    content = json.loads(bytes(record.content))
    assert canonical_bytes(content) == bytes(record.content)
    dossiers = {
        "project": content["project"],
        "tools": {
            key: [part["dossier"], part["withheld"]] for key, part in content["tools"].items()
        },
    }
    text = canonical_bytes(dossiers).decode()
    for pattern in (_NUMBERS, _MOMENTS, _DIGESTS):
        text = pattern.sub('"-"', text)
    assert digest(text.encode()) == GOLDEN
