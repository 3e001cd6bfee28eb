from django.apps import AppConfig

from common import triggers


class PhasesConfig(AppConfig):
    name = "phases"

    def ready(self) -> None:
        from phases.context import project_context
        from phases.permissions import reads_as_decider
        from phases.services.erasing import on_values_perished
        from phases.triggers import gate_triggers
        from projects.access import let_read
        from tools.context import register_provider
        from tools.signals import values_perished

        triggers.register(gate_triggers())
        register_provider(project_context)
        let_read(reads_as_decider)
        values_perished.connect(on_values_perished, dispatch_uid="phases")
