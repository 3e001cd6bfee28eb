from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.outcomes import Refusal
from methodology.files import VersionContent, read_file, read_methods, read_version
from methodology.services import LoadResult, load_method_file, load_method_version, load_methods


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
            help="the folder with a folder per method, and in it one per version; or one file "
            "that export_method wrote",
        )
        parser.add_argument(
            "--check", action="store_true", help="only read and check the files; write nothing"
        )
        parser.add_argument(
            "--only", metavar="METHOD/VERSION", help="only this version, such as ks-veikart/2"
        )

    def handle(self, *args: Any, path: Path, check: bool, only: str | None, **options: Any) -> None:
        if only and path.is_file():
            raise CommandError("--only chooses from a folder, and --path is a file.")
        if check:
            self._check(path, only)
        else:
            self._load(path, only)

    def _check(self, path: Path, only: str | None) -> None:
        try:
            versions = _read(path, only)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        for version in versions:
            self.stdout.write(f"{version.method_key} {version.number}: {version.content_hash}")

    def _load(self, path: Path, only: str | None) -> None:
        try:
            results = _loaded(path, only)
        except Refusal as refusal:
            raise CommandError(f"Nothing was loaded.\n{refusal}") from refusal
        if not results:
            raise CommandError(f"Nothing was loaded: there is no method in {path}.")
        for result in results:
            self.stdout.write(
                f"{result.method_key} {result.number}: {result.outcome}, {result.status}"
            )


def _read(path: Path, only: str | None) -> tuple[VersionContent, ...]:
    if path.is_file():
        return (read_file(path),)
    return (read_version(path / only),) if only else read_methods(path)


def _loaded(path: Path, only: str | None) -> tuple[LoadResult, ...]:
    if path.is_file():
        return (load_method_file(path),)
    return (load_method_version(path / only),) if only else load_methods(path)
