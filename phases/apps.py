from django.apps import AppConfig

from common import triggers


class PhasesConfig(AppConfig):
    name = "phases"

    def ready(self) -> None:
        from phases.context import project_context
        from phases.triggers import gate_triggers
        from tools.context import register_provider

        triggers.register(gate_triggers())
        register_provider(project_context)
