import json
from typing import Any

from django.core.management.base import BaseCommand

from methodology.schema import method_schema


class Command(BaseCommand):
    help = "Writes the JSON Schema of method files; docs/method.schema.json holds it."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(method_schema(), indent=2, ensure_ascii=False))
