"""Writes on the conditions of a decision."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record_event
from phases.models import Condition
from phases.permissions import may_close_condition, refuse_unless
from projects.access import access_of


@transaction.atomic
def close_condition(*, condition: Condition, note: str, actor: User) -> Condition:
    """Say how a condition was met. For its owner, the leaders and the one who decided."""
    project = condition.decision.submission.project_phase.project
    refuse_unless(may_close_condition(access_of(actor, project), condition))
    condition.closed_at = timezone.now()
    condition.closed_by = actor
    condition.closing_note = note.strip()
    condition.full_clean()
    condition.save(update_fields=["closed_at", "closed_by", "closing_note"])
    record_event(
        actor=actor,
        action="condition.closed",
        target=condition,
        organisation_number=project.organisation_id,
        project_number=project.pk,
    )
    return condition
