from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.outcomes import Refusal
from methodology.services import load_methods


class Command(BaseCommand):
    help = (
        "Loads the methods from their files and publishes the newest version of each. Safe to "
        "run again; when a file is wrong nothing is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--path",
            type=Path,
            default=settings.METHOD_FILES,
            help="the folder with a folder per method, and in it one per version",
        )

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        try:
            results = load_methods(path)
        except Refusal as refusal:
            raise CommandError(f"Nothing was loaded.\n{refusal}") from refusal
        if not results:
            raise CommandError(f"Nothing was loaded: there is no method in {path}.")
        for result in results:
            self.stdout.write(
                f"{result.method_key} {result.number}: {result.outcome}, {result.status}"
            )
