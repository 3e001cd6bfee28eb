"""System checks over the whole composition."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from common import triggers


@register(Tags.database)
def check_triggers(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every trigger that guards records and published content is in the database.

    A warning and no error, which would stop the very ``migrate`` that makes them.
    """
    return [
        Warning(
            f"The trigger {trigger.name} on {trigger.table} is missing in the database '{alias}'.",
            hint="Run manage.py migrate: it makes the triggers again.",
            id="veikart.W001",
        )
        for alias in databases or ()
        for trigger in triggers.missing(connections[alias])
    ]
