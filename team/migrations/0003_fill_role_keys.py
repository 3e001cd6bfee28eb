"""Every row learns the key of its role; backwards, the role in the project's version."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_keys(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    roles = apps.get_model("methodology", "Role").objects.using(alias)
    apps.get_model("team", "TeamRole").objects.using(alias).update(
        role_key=Subquery(roles.filter(pk=OuterRef("role_id")).values("key")[:1])
    )


def fill_references(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    roles = apps.get_model("methodology", "Role").objects.using(alias)
    apps.get_model("team", "TeamRole").objects.using(alias).update(
        role_id=Subquery(
            roles.filter(key=OuterRef("role_key"), version__projects=OuterRef("project_id")).values(
                "pk"
            )[:1]
        )
    )


class Migration(migrations.Migration):
    dependencies = [("team", "0002_role_key_beside_reference"), ("projects", "0001_initial")]

    operations = [migrations.RunPython(fill_keys, fill_references)]
