from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common import catalogues


class Command(BaseCommand):
    help = "Collect the interface's texts into locale/, and say how many still need translating."

    def handle(self, **options: Any) -> None:
        collected = catalogues.collect(settings.BASE_DIR)
        self.stdout.write(f"{len(collected)} texts")
        for language in catalogues.LANGUAGES:
            catalog = catalogues.update(settings.BASE_DIR, language, collected)
            missing = catalogues.untranslated(catalog)
            self.stdout.write(f"{language}: {len(missing)} to translate")
