"""Writes to registers and slots, the same for every tool."""

import datetime
from collections.abc import Sequence
from typing import TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record_event
from common.outcomes import Refusal
from projects.models import Project
from tools.models import RegisterRow, SlotState

RESTORE_WINDOW = datetime.timedelta(days=30)

RowT = TypeVar("RowT", bound=RegisterRow)


@transaction.atomic
def save_row(*, row: RowT, actor: User, changed: Sequence[str] = ()) -> RowT:
    """Create or change a row. ``changed`` names fields, for the log.

    Raises ``ValidationError`` from ``full_clean`` and ``StaleRow`` when somebody was faster.
    """
    created = row.pk is None
    row.updated_by = actor
    if created:
        row.created_by = actor
        # One at a time per project, so that places and codes are handed out once.
        Project.objects.select_for_update().filter(pk=row.project_id).first()
        row.position = _next_position(row)
        row.fill_in_new()
    else:
        row.claim()
    row.full_clean()
    row.save()
    _record(row, actor, "row.created" if created else "row.updated", fields=sorted(changed))
    return row


@transaction.atomic
def delete_row(*, row: RegisterRow, actor: User) -> None:
    """Hide the row from lists, gates and reports. :func:`restore_row` brings it back."""
    if row.deleted_at is not None:
        return
    row.claim()
    row.deleted_at = timezone.now()
    row.deleted_by = actor
    row.save(update_fields=["deleted_at", "deleted_by"])
    _record(row, actor, "row.deleted")


@transaction.atomic
def restore_row(*, row: RegisterRow, actor: User) -> None:
    """Bring a deleted row back. Refused after 30 days, and when something has taken its place."""
    if row.deleted_at is None:
        return
    if row.deleted_at < timezone.now() - RESTORE_WINDOW:
        raise Refusal(_("What was deleted more than 30 days ago cannot be brought back."))
    row.claim()
    row.deleted_at = None
    row.deleted_by = None
    row.full_clean()
    row.save(update_fields=["deleted_at", "deleted_by"])
    _record(row, actor, "row.restored")


@transaction.atomic
def move_row(*, row: RegisterRow, steps: int, actor: User) -> None:
    """Move the row up (negative) or down among the project's rows of the same register."""
    rows = list(
        type(row)
        ._default_manager.filter(project_id=row.project_id, deleted_at__isnull=True)
        .order_by("position", "pk")
    )
    place = next(index for index, other in enumerate(rows) if other.pk == row.pk)
    target = max(0, min(len(rows) - 1, place + steps))
    rows.insert(target, rows.pop(place))
    for position, other in enumerate(rows, start=1):
        if other.position != position:
            type(row)._default_manager.filter(pk=other.pk).update(position=position)
    _record(row, actor, "row.moved")


@transaction.atomic
def save_slot_state(*, state: SlotState, actor: User) -> SlotState:
    """Write the note or the reason. Raises ``ValidationError`` and ``StaleRow``."""
    state.updated_by = actor
    if state.pk is not None:
        state.claim()
    if not state.is_not_relevant:
        state.not_relevant_reason = ""
    state.full_clean()
    state.save()
    record_event(
        actor=actor,
        action="slot.updated",
        target=state,
        organisation_number=state.project.organisation_id,
        project_number=state.project_id,
        slot=state.slot_key,
    )
    return state


def _next_position(row: RegisterRow) -> int:
    last = (
        type(row)
        ._default_manager.filter(project_id=row.project_id)
        .aggregate(last=Max("position"))["last"]
    )
    return (last or 0) + 1


def _record(row: RegisterRow, actor: User, action: str, **details: object) -> None:
    record_event(
        actor=actor,
        action=action,
        target=row,
        organisation_number=row.project.organisation_id,
        project_number=row.project_id,
        **details,
    )
