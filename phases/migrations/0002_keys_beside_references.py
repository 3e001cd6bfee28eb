"""The key of the content beside the reference to its row. References may be empty from here on, so
that the way back is open."""

import django.db.models.deletion
from django.db import migrations, models


def key_field(**options: object) -> models.SlugField:
    return models.SlugField(max_length=60, default="", **options)


def reference(to: str, **options: object) -> models.ForeignKey:
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("methodology", "0001_initial"),
        ("phases", "0001_initial"),
    ]

    operations = [
        # It asks for the reference, which is filled only after this step on the way back.
        migrations.RemoveConstraint("gatedecision", "gate_back_names_a_phase"),
        migrations.AddField("projectphase", "phase_key", key_field(), preserve_default=False),
        migrations.AddField(
            "projectstep", "step_key", key_field(editable=False), preserve_default=False
        ),
        migrations.AddField(
            "criterionanswer", "criterion_key", key_field(editable=False), preserve_default=False
        ),
        migrations.AddField("projectgatemode", "gate_key", key_field(), preserve_default=False),
        migrations.AddField(
            "gatedecision", "target_phase_key", key_field(blank=True), preserve_default=False
        ),
        migrations.AlterField("projectphase", "phase", reference("methodology.phase")),
        migrations.AlterField("projectstep", "step", reference("methodology.step", editable=False)),
        migrations.AlterField(
            "criterionanswer", "criterion", reference("methodology.criterion", editable=False)
        ),
        migrations.AlterField("projectgatemode", "gate", reference("methodology.gate")),
    ]
