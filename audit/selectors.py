from django.db.models import QuerySet

from audit.models import AuditEvent


def events_of_project(project_number: int) -> QuerySet[AuditEvent]:
    """The project's log, newest first, with the actor. One query."""
    return AuditEvent.objects.filter(project_number=project_number).select_related("actor")
