"""Every chain of the installation, proved: for the command and for the job of every night."""

import logging
from collections.abc import Iterator

from django.core.mail import mail_admins
from django.db.models import Q

from audit.models import AuditEvent
from phases.chain import BrokenLink, verify_chain
from projects.models import Project

logger = logging.getLogger(__name__)


def prove(number: int | None = None) -> Iterator[tuple[Project, BrokenLink | None]]:
    """Each project that has records, or should have some by the log, with its first broken link.

    ``number`` narrows it to one project.
    """
    logged = AuditEvent.objects.filter(action__startswith="gate.", project_number__isnull=False)
    projects = Project.objects.filter(
        Q(gate_records__isnull=False) | Q(pk__in=logged.values("project_number"))
    )
    if number is not None:
        projects = projects.filter(pk=number)
    for project in projects.distinct().order_by("pk"):
        link = verify_chain(project)
        has_records = link is not None or project.gate_records.exists()
        if has_records:
            yield project, link


def report_broken() -> int:
    """Prove every chain; log each broken one and mail them all to those who run the installation
    (``ADMINS``). How many are broken.

    The mail names numbers, never what stands in a record. A mail server that is down changes
    nothing: the log has it, and the next night tells again.
    """
    broken = [link for _project, link in prove() if link is not None]
    for link in broken:
        logger.critical(
            "The chain of gate records of project %s is broken at record %s: %s",
            link.project_id,
            link.sequence,
            link.reason,
        )
    if broken:
        lines = [
            f"Project {each.project_id}, record {each.sequence}: {each.reason}" for each in broken
        ]
        try:
            mail_admins("Records of decisions have been changed", "\n".join(lines))
        except OSError:
            logger.exception("The mail about broken chains could not be sent")
    return len(broken)
