"""What a project says about a tool names the slot by key alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tools", "0003_fill_slot_keys")]

    operations = [
        migrations.RemoveConstraint("slotstate", "slot_state_once_per_project"),
        migrations.AlterModelOptions("slotstate", {"ordering": ["pk"]}),
        migrations.RemoveField("slotstate", "slot"),
        migrations.AddConstraint(
            "slotstate",
            models.UniqueConstraint(
                fields=("project", "slot_key"), name="slot_state_once_per_project"
            ),
        ),
    ]
