"""Corrections: what was wrong in a record, said in a record of its own."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import ProjectRole
from accounts.selectors import is_administrator
from audit.services import record_event
from common.outcomes import Allowed, Denied, Outcome
from phases.canonical import SCHEMA_VERSION
from phases.enums import RecordKind
from phases.models import Decider, GateCorrection, GateRecord, GateSubmission
from phases.permissions import refuse_unless
from phases.record import add_record, content_of
from phases.signals import announce
from projects.models import Membership, Project
from tools.contract import PersonRef
from tools.plain import People

_CORRECTED = (RecordKind.SUBMISSION, RecordKind.DECISION)


def may_correct(record: GateRecord, user: User) -> Outcome:
    """Whoever decides or decided on it, and the organisation's administrators; never whoever
    submitted it or has led the project since. Four queries at most.

    ``record`` comes with its project.
    """
    if record.kind not in _CORRECTED:
        return Denied(_("Only what was submitted and what was decided is corrected."))
    if not record.content:
        return Denied(_("The content was disposed of, so there is nothing to correct."))
    if not user.is_active:
        return Denied(_("Your access is closed."))
    submission = _submission_of(record)
    led = Membership.objects.filter(
        project_id=record.project_id, user=user, role=ProjectRole.LEADER
    )
    if user.pk == submission.submitted_by_id or any(
        each.ended_at is None or each.ended_at >= submission.submitted_at for each in led
    ):
        return Denied(
            _(
                "Those who lead the project do not correct its records. Tell the one who decides, "
                "or the organisation's administrator, what is wrong."
            )
        )
    if is_administrator(user, record.project.organisation_id) or _decides(record, submission, user):
        return Allowed()
    return Denied(
        _("Whoever decides on it, or the organisation's administrator, corrects a record.")
    )


def _submission_of(record: GateRecord) -> GateSubmission:
    if record.kind == RecordKind.DECISION:
        return record.decision.submission
    return record.submission


def _decides(record: GateRecord, submission: GateSubmission, user: User) -> bool:
    """Of a decision, those whose it is: who decided, and for whom. Of a submission, those who have
    a seat that counts."""
    if record.kind == RecordKind.DECISION:
        return user.pk in {record.decision.decided_by_id, record.decision.decided_for_id}
    return Decider.objects.filter(submission=submission, user=user, leaving__isnull=True).exists()


@transaction.atomic
def correct_record(*, record: GateRecord, text: str, actor: User) -> GateCorrection:
    """Put what is corrected at the end of the project's chain, pointing at ``record`` by its place
    and its SHA-256. The record itself stands as it was.

    The same words by the same person once more are the correction that stands there: a form that
    is sent twice leaves no second record.

    Refused for all but those of :func:`may_correct`, and for a disposed record. Raises
    ``ValidationError`` without a text.
    """
    project = (
        Project.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=record.project_id)
    )
    about = GateRecord.objects.select_related("project").get(pk=record.pk)
    refuse_unless(may_correct(about, actor))
    same = GateCorrection.objects.filter(about=about, text=text.strip(), corrected_by=actor).first()
    if same is not None:
        return same
    correction = GateCorrection(
        about=about, text=text.strip(), corrected_by=actor, corrected_at=timezone.now()
    )
    correction.full_clean(exclude=["record"])
    people = People()
    with translation.override(project.document_language):
        content = _content(project, about, correction.text, actor, correction.corrected_at, people)
    correction.record = add_record(
        project=project, kind=RecordKind.CORRECTION, content=content, people=people
    )
    correction.save()
    record_event(
        actor=actor,
        action="gate.corrected",
        target=correction,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        phase=content["phase"]["key"],
        about=about.sequence,
        sha256=correction.record.sha256,
    )
    announce(project.pk)
    return correction


def _content(
    project: Project,
    about: GateRecord,
    text: str,
    actor: User,
    now: datetime.datetime,
    people: People,
) -> dict[str, Any]:
    return {
        "schema": SCHEMA_VERSION,
        "language": project.document_language,
        "phase": content_of(about)["phase"],
        "about": {"kind": about.kind, "sequence": about.sequence, "sha256": about.sha256},
        "text": text,
        "corrected_by": {"person": people.key_of(PersonRef(actor.pk, actor.name))},
        "corrected_at": now.isoformat(),
    }


def corrections_of(record: GateRecord) -> list[GateCorrection]:
    """Oldest first. One query."""
    return list(
        GateCorrection.objects.filter(about=record)
        .select_related("corrected_by", "record", "record__disposal")
        .defer("record__content")
    )
