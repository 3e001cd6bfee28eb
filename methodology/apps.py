from django.apps import AppConfig

from common import triggers


class MethodologyConfig(AppConfig):
    name = "methodology"

    def ready(self) -> None:
        from methodology.triggers import methodology_triggers

        triggers.register(methodology_triggers())
