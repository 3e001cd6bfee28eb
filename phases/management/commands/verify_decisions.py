"""Check that nothing that was submitted or decided has been changed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phases.chain import verify_chain
from phases.models import GateRecord
from projects.models import Project


class Command(BaseCommand):
    help = "Recompute the chain of gate records of every project; exit 1 when a link is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        projects = Project.objects.filter(gate_records__isnull=False).distinct().order_by("pk")
        broken = 0
        for project in projects.iterator():
            link = verify_chain(project)
            if link is not None:
                broken += 1
                self.stdout.write(
                    f"Project {project.pk} ({project.name}), record {link.sequence}: {link.reason}"
                )
        if broken:
            raise CommandError(f"Broken chains: {broken}.", returncode=1)
        records = GateRecord.objects.count()
        self.stdout.write(f"{records} records in {projects.count()} projects are intact.")
