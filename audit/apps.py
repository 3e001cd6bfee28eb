from django.apps import AppConfig

from common import triggers


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        triggers.register(
            triggers.append_only("audit_auditevent", "The audit log can only be added to.")
        )
