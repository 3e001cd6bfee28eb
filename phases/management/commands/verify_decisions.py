"""Check that nothing that was submitted or decided has been changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from phases.models import GateRecord
from phases.proving import prove
from projects.models import Project


class Command(BaseCommand):
    help = (
        "Recompute the chain of gate records of every project, and compare what pages show with "
        "what was recorded; names the first broken link of each, and exits with 1 when there is "
        "one. -v 0 prints broken links only, -v 2 every project."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", type=int, help="only the project with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        number, verbosity = options["project"], options["verbosity"]
        if number is not None and not Project.objects.filter(pk=number).exists():
            raise CommandError(f"There is no project {number}.")
        broken = projects = 0
        for project, link in prove(number):
            projects += 1
            if link is not None:
                broken += 1
                self.stdout.write(
                    f"Project {project.pk} ({project.name}), record {link.sequence}: {link.reason}"
                )
            elif verbosity > 1:
                self.stdout.write(f"Project {project.pk} ({project.name}): intact")
        if broken:
            raise CommandError(f"Broken chains: {broken}.", returncode=1)
        if verbosity > 0:
            records = GateRecord.objects.all()
            if number is not None:
                records = records.filter(project_id=number)
            self.stdout.write(f"{records.count()} records in {projects} projects are intact.")
