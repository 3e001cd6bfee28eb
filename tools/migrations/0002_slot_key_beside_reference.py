"""The key of the slot beside the reference to its row, which may be empty from here on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("methodology", "0001_initial"),
        ("tools", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            "slotstate",
            "slot_key",
            models.SlugField(max_length=60, default="", editable=False),
            preserve_default=False,
        ),
        migrations.AlterField(
            "slotstate",
            "slot",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="methodology.slot",
            ),
        ),
    ]
