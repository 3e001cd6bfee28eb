"""Every row learns the key of its slot; backwards, the slot in the version of its project."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


class KeyWithoutContentError(Exception):
    """On the way back: a row names a slot that the project's version does not have."""


def fill_keys(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    slots = apps.get_model("methodology", "Slot").objects.using(alias)
    apps.get_model("tools", "SlotState").objects.using(alias).update(
        slot_key=Subquery(slots.filter(pk=OuterRef("slot_id")).values("key")[:1])
    )


def fill_references(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    slots = apps.get_model("methodology", "Slot").objects.using(alias)
    states = apps.get_model("tools", "SlotState").objects.using(alias)
    states.update(
        slot_id=Subquery(
            slots.filter(key=OuterRef("slot_key"), version__projects=OuterRef("project_id")).values(
                "pk"
            )[:1]
        )
    )
    if states.filter(slot_id__isnull=True).exists():
        raise KeyWithoutContentError("tools.SlotState")


class Migration(migrations.Migration):
    dependencies = [("tools", "0002_slot_key_beside_reference")]

    operations = [migrations.RunPython(fill_keys, fill_references)]
