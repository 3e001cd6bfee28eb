from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from veikart.demo.content import DemoFileError
from veikart.demo.loading import load_demo


class Command(BaseCommand):
    help = (
        "Load the demo data: two municipalities with people, units and projects. Safe to run "
        "again: what was loaded once is left as it is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo data is not loaded into production: everybody knows its password."
            )
        try:
            loaded = load_demo(settings.BASE_DIR / "fixtures" / "demo")
        except DemoFileError as error:
            raise CommandError(f"No demo data was loaded: {error}") from error
        if not loaded:
            self.stdout.write("The demo data is already here. Nothing was changed.")
            return
        self.stdout.write(
            f"Loaded demo data: {loaded.organisations} organisations, {loaded.projects} projects."
        )
