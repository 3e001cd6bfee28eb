from typing import Any

from django.apps import AppConfig

from common import triggers


class PhasesConfig(AppConfig):
    name = "phases"

    def ready(self) -> None:
        from phases.context import project_context
        from phases.permissions import reads_as_decider
        from phases.triggers import gate_triggers
        from projects.access import let_read
        from tools.context import register_provider
        from tools.signals import values_perished

        triggers.register(gate_triggers())
        register_provider(project_context)
        let_read(reads_as_decider)
        values_perished.connect(_forget_perished, dispatch_uid="phases")


def _forget_perished(project_id: int, **_signal: Any) -> None:
    from phases.services.erasing import forget_perished

    forget_perished(project_id)
