"""Conditions after the decision: how they were met, and who sees to them."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record_event
from common.outcomes import Refusal
from common.uploads import sha256_of
from phases.models import Condition, ConditionHandover
from phases.permissions import may_close_condition, may_reassign_condition, refuse_unless
from phases.signals import announce
from projects.access import access_of
from projects.selectors import people_in


@transaction.atomic
def close_condition(
    *,
    condition: Condition,
    note: str,
    actor: User,
    evidence_url: str = "",
    file: UploadedFile | None = None,
) -> Condition:
    """Say how a condition was met, with what shows it: a link, a file, or both.

    For its owner, the leaders and whoever decided; once. Raises ``ValidationError`` without a note
    and for a file that cannot be stored.
    """
    project = condition.decision.submission.project_phase.project
    _lock(condition)
    refuse_unless(may_close_condition(access_of(actor, project), condition))
    condition.closed_at = timezone.now()
    condition.closed_by = actor
    condition.closing_note = note.strip()
    condition.evidence_url = evidence_url.strip()
    if file is not None:
        condition.evidence_file_name = (file.name or "")[-200:]
        condition.evidence_file_sha256 = sha256_of(file)
        condition.evidence_file = file
    condition.full_clean()
    condition.save(
        update_fields=[
            "closed_at",
            "closed_by",
            "closing_note",
            "evidence_url",
            "evidence_file",
            "evidence_file_name",
            "evidence_file_sha256",
        ]
    )
    record_event(
        actor=actor,
        action="condition.closed",
        target=condition,
        organisation_number=project.organisation_id,
        project_number=project.pk,
    )
    announce(project.pk)
    return condition


@transaction.atomic
def reassign_condition(*, condition: Condition, owner: User, reason: str, actor: User) -> Condition:
    """Let somebody else see to an open condition, with a reason that is kept.

    For the leaders and whoever decided. Refused for a condition that is met, without a reason, for
    whoever has it already, and for somebody who does not take part in the project or whose access
    is closed. The decision's record keeps the one it named.
    """
    project = condition.decision.submission.project_phase.project
    _lock(condition)
    refuse_unless(may_reassign_condition(access_of(actor, project), condition))
    if not reason.strip():
        raise Refusal(_("Say why somebody else sees to it."))
    if owner.pk == condition.owner_id:
        raise Refusal(_("%(name)s already sees to this condition.") % {"name": owner.name})
    if owner not in people_in(project):
        raise Refusal(_("Whoever sees to a condition must take part in the project."))
    handover = ConditionHandover(
        condition=condition,
        from_owner_id=condition.owner_id,
        to_owner=owner,
        reason=reason.strip(),
        handed_over_by=actor,
        handed_over_at=timezone.now(),
    )
    handover.full_clean()
    handover.save()
    condition.owner = owner
    condition.full_clean()
    condition.save(update_fields=["owner"])
    record_event(
        actor=actor,
        action="condition.reassigned",
        target=condition,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        user=owner.pk,
    )
    announce(project.pk)
    return condition


def _lock(condition: Condition) -> None:
    """Two at once: the second sees what the first did."""
    stored = Condition.objects.select_for_update().get(pk=condition.pk)
    condition.closed_at = stored.closed_at
    condition.owner_id = stored.owner_id
