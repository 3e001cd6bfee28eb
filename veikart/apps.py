from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from common import triggers


def drop_triggers(*, using: str, **kwargs: Any) -> None:
    triggers.drop_all(connections[using])


def install_triggers(*, using: str, **kwargs: Any) -> None:
    triggers.install_all(connections[using])


class VeikartConfig(AppConfig):
    """Composition: what belongs to no single app."""

    name = "veikart"

    def ready(self) -> None:
        from veikart import checks  # noqa: F401 -- registers the system checks

        # Both signals come once per app, all of them before (after) the whole run of migrations;
        # one app's is enough.
        once = apps.get_app_config("phases")
        pre_migrate.connect(drop_triggers, sender=once, dispatch_uid="veikart.drop_triggers")
        post_migrate.connect(install_triggers, sender=once, dispatch_uid="veikart.install_triggers")
