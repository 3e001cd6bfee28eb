from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from worksheets.erasing import erase_perished


class Command(BaseCommand):
    help = "Erase answers in worksheets whose deletion date has come. The worker does it every day."

    def handle(self, *args: Any, **options: Any) -> None:
        number = erase_perished(timezone.localdate())
        self.stdout.write(f"Erased answers: {number}.")
