"""Disposal of gate records at the end of retention, by two named people."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import User
from common.outcomes import Refusal
from phases.services.disposing import DisposalPlan, dispose, plan_disposal
from projects.models import Project


class Command(BaseCommand):
    help = (
        "Dispose of what was submitted and decided in a project when its retention has ended. "
        "Prints what would be gone and changes nothing, unless --really is given. Contents, texts, "
        "names and files go for good; a tombstone with their digests keeps the chain verifiable. "
        "Backups are not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        day = datetime.date.fromisoformat
        parser.add_argument("--project", type=int, required=True, help="the project's number")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--before", type=day, help="every case that was over before this day (2040-01-31)"
        )
        what.add_argument(
            "--record", type=int, help="the case that this record of the project belongs to"
        )
        parser.add_argument(
            "--retention-ended",
            type=day,
            required=True,
            help="the day on which retention ended (2040-01-31); not ahead of today",
        )
        parser.add_argument("--reason", required=True, help="the rule that retention ended by")
        parser.add_argument("--by", required=True, help="e-mail address of one administrator")
        parser.add_argument(
            "--with", dest="witness", required=True, help="e-mail address of another one"
        )
        parser.add_argument("--really", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                self._handle(options)
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal

    def _handle(self, options: dict[str, Any]) -> None:
        project = (
            Project.objects.select_related("organisation").filter(pk=options["project"]).first()
        )
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        by, witness = _person(options["by"]), _person(options["witness"])
        plan = plan_disposal(
            project=project,
            retention_ended=options["retention_ended"],
            before=options["before"],
            sequence=options["record"],
            by=by,
            witness=witness,
        )
        self._print(plan)
        if not options["really"]:
            self.stdout.write("Nothing has been changed. Give --really to do it.")
            return
        tombstone = dispose(
            plan,
            reason=options["reason"],
            retention_ended=options["retention_ended"],
            by=by,
            witness=witness,
        )
        self.stdout.write(
            f"Disposed of. The tombstone is record {tombstone.sequence}, "
            f"SHA-256 {tombstone.sha256}."
        )

    def _print(self, plan: DisposalPlan) -> None:
        self.stdout.write(f"Project {plan.project.pk} ({plan.project.name})")
        for record in plan.records:
            self.stdout.write(
                f"  record {record.sequence}: {record.kind}, {record.created_at:%Y-%m-%d}, "
                f"{len(record.content)} bytes, SHA-256 {record.sha256}"
            )
        self.stdout.write(f"  texts: {plan.texts}, names: {plan.people}, files: {len(plan.files)}")
        for name in plan.files:
            self.stdout.write(f"    {name}")


def _person(address: str) -> User:
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        raise CommandError(f"Nobody has the address {address}.")
    return user
