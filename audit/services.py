from typing import TYPE_CHECKING, Any

from django.db import models

from audit.models import AuditEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


def record_event(
    *,
    actor: "AbstractBaseUser | None",
    action: str,
    target: models.Model,
    organisation_number: int | None = None,
    project_number: int | None = None,
    **details: Any,
) -> AuditEvent:
    """Add one line to the audit log, in the caller's transaction.

    ``actor`` is ``None`` for what the system does by itself (a command, a scheduled task).
    ``action`` is a code like ``project.created``; ``details`` must be JSON and hold no free text.
    """
    return AuditEvent.objects.create(
        actor_id=actor.pk if actor else None,
        action=action,
        organisation_number=organisation_number,
        project_number=project_number,
        target_type=target._meta.label_lower,
        target_number=target.pk,
        details=details,
    )
