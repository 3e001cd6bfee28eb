from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.outcomes import Refusal
from methodology.files import VersionContent, write_document
from methodology.models import VersionDocument


class Command(BaseCommand):
    help = (
        "Writes one version of a method, also a draft, as one YAML file. Loading the file "
        "elsewhere and exporting again gives the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="the key of the method, such as ks-veikart")
        parser.add_argument("version", type=int, help="the number of the version")

    def handle(self, *args: Any, key: str, version: int, **options: Any) -> None:
        found = VersionDocument.objects.filter(
            version__method__key=key, version__number=version
        ).first()
        if found is None:
            raise CommandError(f"There is no version {version} of a method {key}.")
        try:
            document = write_document(VersionContent(key, version, found.content))
        except Refusal as refusal:
            raise CommandError(
                f"Version {version} of {key} is a draft that is not complete yet.\n{refusal}"
            ) from refusal
        # Past the console's encoding: the file is UTF-8 wherever it is made.
        console = getattr(self.stdout, "buffer", None)
        if console is None:
            self.stdout.write(document.decode(), ending="")
        else:
            self.stdout.flush()
            console.write(document)
            console.flush()
