"""Making something older than it is, which the database itself refuses."""

import datetime

from django.db import connection

from common import triggers
from phases.models import Condition


def back_date(condition: Condition, due_on: datetime.date) -> None:
    """Give a condition another due date behind the triggers' back, as if time had passed."""
    # PostgreSQL drops no trigger of a table whose deferred checks still wait.
    connection.check_constraints()
    triggers.drop_all(connection)
    Condition.objects.filter(pk=condition.pk).update(due_on=due_on)
    connection.check_constraints()
    triggers.install_all(connection)
