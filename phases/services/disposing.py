"""Disposal at the end of retention: contents go, and a tombstone keeps the chain verifiable."""

import datetime
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import is_administrator
from audit.services import record_event
from common.outcomes import Refusal
from phases.canonical import SCHEMA_VERSION
from phases.enums import RecordKind
from phases.models import (
    Condition,
    CriterionAnswer,
    GateRecord,
    GateRecordDisposal,
    GateRecordPerson,
    GateRecordSalt,
    GateSubmission,
)
from phases.record import add_record
from phases.retention import DISPOSED_TEXT, EMPTIED
from phases.signals import announce
from projects.enums import ProjectStatus
from projects.models import Project
from tools.contract import PersonRef
from tools.plain import People

logger = logging.getLogger(__name__)

_OVER = (ProjectStatus.CLOSED, ProjectStatus.STOPPED)
# Where attachments at gates are stored (``common.uploads.evidence_path``).
_ATTACHMENTS = "evidence/"


@dataclass(frozen=True, slots=True)
class DisposalPlan:
    """What a disposal would take away: the records with what is shown of them, how many names of
    people and how many texts, and the files that nothing else names."""

    project: Project
    records: tuple[GateRecord, ...]
    people: int
    texts: int
    files: tuple[str, ...]


def plan_disposal(
    *,
    project: Project,
    by: User,
    witness: User,
    retention_ended: datetime.date,
    before: datetime.date | None = None,
    sequence: int | None = None,
) -> DisposalPlan:
    """What would be gone. What was submitted, what was decided on it and their corrections belong
    together and go together: either the case of record ``sequence``, or every case whose records
    were all made before the day ``before``.

    Refused: unless ``by`` and ``witness`` are two people, both administrators of the organisation
    with access; while the project is not over; while a submission waits; for a day of retention's
    end that lies ahead or before the records were made; and when there is nothing to dispose of.
    Writes nothing.
    """
    _refuse_people(project, by, witness)
    if project.status not in _OVER:
        raise Refusal(_("Only records of a project that is closed or stopped are disposed of."))
    if retention_ended > timezone.localdate():
        raise Refusal(_("The end of retention lies ahead."))
    if GateSubmission.objects.filter(
        project_phase__project=project, decisions__isnull=True, withdrawal__isnull=True
    ).exists():
        raise Refusal(_("A submission still waits for a decision."))
    cases = [case for case in _cases(project) if _is_wanted(case, before, sequence)]
    records = tuple(sorted((each for case in cases for each in case), key=_place))
    if not records:
        raise Refusal(_("There is nothing to dispose of."))
    if any(_made_on(each) > retention_ended for each in records):
        raise Refusal(_("A record was made after the day on which its retention would have ended."))
    return DisposalPlan(
        project=project,
        records=records,
        people=GateRecordPerson.objects.filter(record__in=records).exclude(name="").count(),
        texts=_count_texts(records),
        files=_files_of(project, records),
    )


def _place(record: GateRecord) -> int:
    return record.sequence


def _made_on(record: GateRecord) -> datetime.date:
    return timezone.localtime(record.created_at).date()


def _cases(project: Project) -> list[list[GateRecord]]:
    """Submissions, each with its decision and the corrections of both; what still has content."""
    records = (
        GateRecord.objects.filter(project=project, disposal__isnull=True)
        .exclude(kind=RecordKind.DISPOSAL)
        .select_related("decision__submission", "correction__about__decision__submission")
        .order_by("sequence")
    )
    cases: dict[int, list[GateRecord]] = {}
    for record in records:
        cases.setdefault(_submitted_as(record), []).append(record)
    return list(cases.values())


def _submitted_as(record: GateRecord) -> int:
    """The number of the submission's record that ``record`` belongs to."""
    if record.kind == RecordKind.CORRECTION:
        return _submitted_as(record.correction.about)
    if record.kind == RecordKind.DECISION:
        return record.decision.submission.record_id
    return record.pk


def _is_wanted(
    case: Sequence[GateRecord], before: datetime.date | None, sequence: int | None
) -> bool:
    if sequence is not None:
        return any(record.sequence == sequence for record in case)
    return before is not None and all(_made_on(record) < before for record in case)


def _count_texts(records: Sequence[GateRecord]) -> int:
    return sum(
        part.model._base_manager.filter(**{f"{part.path}__in": records})
        .exclude(**{text: ""})
        .count()
        for part in EMPTIED
        for text in part.texts
    )


def _files_of(project: Project, records: Sequence[GateRecord]) -> tuple[str, ...]:
    """Attachments that the records name, or the conditions decided in them, and that neither a
    record that stays nor an answer or condition names."""
    named = {name for record in records for name in _named_in(bytes(record.content))}
    conditions = Condition.objects.filter(decision__record__in=records)
    named |= set(conditions.exclude(evidence_file="").values_list("evidence_file", flat=True))
    gone = {record.pk for record in records}
    kept: set[str] = set()
    for other in GateRecord.objects.filter(project=project).exclude(pk__in=gone).iterator(10):
        kept |= named.intersection(_named_in(bytes(other.content)))
    kept |= set(
        CriterionAnswer.objects.filter(evidence_file__in=named).values_list(
            "evidence_file", flat=True
        )
    )
    kept |= set(
        Condition.objects.filter(evidence_file__in=named)
        .exclude(pk__in=conditions)
        .values_list("evidence_file", flat=True)
    )
    return tuple(sorted(named - kept))


def _named_in(data: bytes) -> Iterator[str]:
    """The names of stored attachments anywhere in a record."""
    waiting = [json.loads(data)] if data else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and part.startswith(_ATTACHMENTS):
            yield part
        elif isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def dispose(
    plan: DisposalPlan, *, reason: str, retention_ended: datetime.date, by: User, witness: User
) -> GateRecord:
    """Write the tombstone, then empty what ``plan`` names; the tombstone's record.

    Gone are contents, names of people, salts, texts of submission, decision, votes, questions,
    corrections and conditions, and the files of the plan. What stays: who did what when, outcomes,
    places in the chain and digests. Refused unless ``by`` and ``witness`` are two people, both
    administrators of the organisation with access, without a reason, and when somebody was first.
    """
    project = plan.project
    _refuse_people(project, by, witness)
    if not reason.strip():
        raise Refusal(_("Say why it is disposed of."))
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        disposed = GateRecordDisposal.objects.filter(record__in=plan.records)
        if disposed.exists():
            raise Refusal(_("Somebody else has disposed of this already."))
        tombstone = _write_tombstone(plan, reason, retention_ended, by, witness)
        _empty(plan, tombstone)
        record_event(
            actor=by,
            action="gate.disposed",
            target=tombstone,
            organisation_number=project.organisation_id,
            project_number=project.pk,
            count=len(plan.records),
            witness=witness.pk,
            sha256=tombstone.sha256,
        )
        for name in plan.files:
            transaction.on_commit(lambda name=name: _delete_file(name))  # type: ignore[misc]
        announce(project.pk)
    return tombstone


def _refuse_people(project: Project, by: User, witness: User) -> None:
    if by.pk == witness.pk:
        raise Refusal(_("Disposal takes two people."))
    for user in (by, witness):
        if not user.is_active or not is_administrator(user, project.organisation_id):
            raise Refusal(
                _("%(name)s is not an administrator of %(organisation)s with access.")
                % {"name": user.name, "organisation": project.organisation.name}
            )


def _write_tombstone(
    plan: DisposalPlan, reason: str, retention_ended: datetime.date, by: User, witness: User
) -> GateRecord:
    project, people = plan.project, People()
    with translation.override(project.document_language):
        content = {
            "schema": SCHEMA_VERSION,
            "language": project.document_language,
            "disposed": [_named(record) for record in plan.records],
            "disposed_by": {"person": people.key_of(PersonRef(by.pk, by.name))},
            "with": {"person": people.key_of(PersonRef(witness.pk, witness.name))},
            "disposed_at": timezone.now().isoformat(),
            "retention_ended": retention_ended.isoformat(),
            "reason": reason.strip(),
        }
    return add_record(project=project, kind=RecordKind.DISPOSAL, content=content, people=people)


def _named(record: GateRecord) -> dict[str, Any]:
    """What a tombstone keeps of a record."""
    content = json.loads(bytes(record.content))
    return {
        "sequence": record.sequence,
        "sha256": record.sha256,
        "kind": record.kind,
        "phase": content["phase"]["key"],
        "outcome": content.get("outcome", content.get("recommended_outcome")) or "",
    }


def _empty(plan: DisposalPlan, tombstone: GateRecord) -> None:
    """In this order: the database lets contents go only of what a tombstone stands for."""
    records = plan.records
    GateRecordDisposal.objects.bulk_create(
        GateRecordDisposal(record=record, tombstone=tombstone) for record in records
    )
    for part in EMPTIED:
        rows = part.model._base_manager.filter(**{f"{part.path}__in": records})
        for text in part.texts:
            rows.exclude(**{text: ""}).update(**{text: DISPOSED_TEXT})
        if part.blanks:
            rows.update(**part.blanks)
    GateRecordPerson.objects.filter(record__in=records).update(name="", user=None)
    GateRecordSalt.objects.filter(record__in=records).delete()
    GateRecord.objects.filter(pk__in=[record.pk for record in records]).update(content=b"")


def _delete_file(name: str) -> None:
    """A file that cannot be deleted must not stop the others; the log names it."""
    try:
        default_storage.delete(name)
    except OSError:
        logger.exception("The disposed file %s could not be deleted", name)
