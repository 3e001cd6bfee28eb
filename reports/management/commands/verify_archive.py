import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.checking import NotSound, verify_package


class Command(BaseCommand):
    help = (
        "Checks an archive package: every SHA-256, and the links between the records. Needs the "
        "file alone, no database. Exits with 1 at the first wrong thing, and names it."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("package", type=Path, help="the zip file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["package"]
        try:
            with path.open("rb") as file:
                checked = verify_package(file)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        except NotSound as error:
            raise CommandError(f"{path} is not sound. {error}") from error
        for name in checked.missing:
            self.stdout.write(f"Not in the package, as its index says: {name}")
        if checked.broken_at is not None:
            self.stdout.write(
                f"The chain was broken at record {checked.broken_at} when the package was made."
            )
        whole = "the whole chain" if checked.is_whole else "one decision"
        self.stdout.write(
            f"Sound: {checked.files} files, {checked.records} records, "
            f"{checked.decisions} decisions ({whole})."
        )
