"""Records that earlier versions of the code made, put into a database as they were.

``records/<name>-<sequence>-<kind>.json`` are the exact bytes; ``records/<name>.json`` says what
stood beside them. A new schema gets records of the schema before it here; these stay.
"""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db.models.signals import pre_save
from django.utils.dateparse import parse_datetime

from accounts.models import User
from accounts.policy import ProjectRole
from audit.services import record_event
from methodology.models import MethodVersion
from phases.canonical import digest
from phases.enums import RecordKind
from phases.models import (
    Decider,
    GateDecision,
    GateRecord,
    GateRecordPerson,
    GateSubmission,
    ProjectPhase,
    Vote,
)
from phases.services import start_project
from projects.models import Project

FOLDER = Path(__file__).parent / "records"
# Name -> number of the project that its bytes name.
SCHEMA_1 = {"ks-veikart": 88001, "with-sheets": 88101}


def content_of_file(name: str, sequence: int, kind: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{name}-{sequence}-{kind}.json").read_bytes())
    return content


def restore(name: str, municipality: Any, version: MethodVersion) -> GateDecision:
    """The project with its two records, what was submitted and what was decided."""
    project = _project(SCHEMA_1[name], municipality, version)
    entries = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    submitted, decided = (_record(project, name, entry) for entry in entries)
    content = json.loads(bytes(submitted.content))
    phase = ProjectPhase.objects.get(project=project, phase_key=content["phase"]["key"])
    submission = GateSubmission.objects.create(
        project_phase=phase,
        record=submitted,
        recommended_outcome=content["recommended_outcome"],
        recommendation=content["recommendation"],
        submitted_by=_user(submitted, content["submitted_by"]),
        submitted_at=parse_datetime(content["submitted_at"]),
    )
    manager = _user(submitted, content["deciders"][0])
    _log(submitted, submission.submitted_by)
    _log(decided, manager)
    decider = Decider.objects.create(
        submission=submission, user=manager, role=ProjectRole.LINE_MANAGER
    )
    said = json.loads(bytes(decided.content))
    moment = parse_datetime(said["decided_at"])
    Vote.objects.create(
        decider=decider, outcome=said["outcome"], rationale=said["rationale"], voted_at=moment
    )
    decision = GateDecision.objects.create(
        submission=submission,
        record=decided,
        outcome=said["outcome"],
        rationale=said["rationale"],
        learnt=said["learnt"],
        decided_by=manager,
        decided_at=moment,
    )
    for each in said["conditions"]:
        decision.conditions.create(
            text=each["text"], owner=_user(decided, each["owner"]), due_on=each["due_on"]
        )
    return decision


def _project(number: int, municipality: Any, version: MethodVersion) -> Project:
    """With the number that the bytes name: a chain belongs to one project."""

    def give_number(instance: Project, **_signal: Any) -> None:
        instance.pk = number

    pre_save.connect(give_number, sender=Project)
    try:
        return start_project(
            unit=municipality.home_care,
            name="Digitalt tilsyn om natten",
            problem="Nattbesøk vekker dem som sover.",
            goal="Tryggere netter.",
            method_version=version,
            document_language="nb",
            starts_on=datetime.date(2026, 1, 12),
            leader=municipality.leader,
            actor=municipality.leader,
        ).project
    finally:
        pre_save.disconnect(give_number, sender=Project)


def _record(project: Project, name: str, entry: dict[str, Any]) -> GateRecord:
    data = (FOLDER / entry["file"]).read_bytes()
    assert digest(data) == entry["sha256"]
    record = GateRecord.objects.create(
        project=project,
        sequence=entry["sequence"],
        kind=entry["kind"],
        content=data,
        sha256=entry["sha256"],
        previous_sha256=entry["previous_sha256"],
    )
    for each in entry["people"]:
        GateRecordPerson.objects.create(
            record=record,
            key=each["key"],
            user=User.objects.filter(email=each["email"]).first() if each["email"] else None,
            name=each["name"],
            roles=each["roles"],
        )
    return record


def _log(record: GateRecord, actor: User) -> None:
    """What the log keeps of every record."""
    record_event(
        actor=actor,
        action="gate.submitted" if record.kind == RecordKind.SUBMISSION else "gate.decided",
        target=record,
        organisation_number=record.project.organisation_id,
        project_number=record.project_id,
        sha256=record.sha256,
    )


def _user(record: GateRecord, part: dict[str, str]) -> User:
    return record.people.get(key=part["person"]).user
