"""System checks over the whole composition."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from common import triggers


@register(Tags.database)
def check_triggers(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every trigger that guards the record is in the database."""
    return [
        Error(
            f"The trigger {trigger.name} on {trigger.table} is missing in the database '{alias}'.",
            hint="Run manage.py migrate: it makes the triggers again.",
            id="veikart.E001",
        )
        for alias in databases or ()
        for trigger in triggers.missing(connections[alias])
    ]
