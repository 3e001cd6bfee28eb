import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STATUS = [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")]


def person():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("methodology", "0001_initial")]

    operations = [
        migrations.AddField(
            "method",
            "organisation",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="methods",
                to="accounts.organisation",
                verbose_name="organisation",
            ),
        ),
        migrations.AddField(
            "methodversion",
            "row_version",
            models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            "methodversion",
            "created_at",
            models.DateTimeField(auto_now_add=True, default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField("methodversion", "created_by", person()),
        migrations.AddField("methodversion", "published_by", person()),
        migrations.AddField(
            "methodversion",
            "based_on",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="methodology.methodversion",
            ),
        ),
        migrations.AlterField(
            "methodversion", "content_hash", models.CharField(blank=True, max_length=64)
        ),
        migrations.AddConstraint(
            "methodversion",
            models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("method",),
                name="method_one_draft",
                violation_error_message="There is already a draft of this method.",
            ),
        ),
        migrations.CreateModel(
            name="VersionDocument",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="methodology.methodversion",
                    ),
                ),
                ("content", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="OverlayVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("status", models.CharField(choices=STATUS, default="draft", max_length=10)),
                ("content_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("content", models.JSONField()),
                ("created_by", person()),
                ("published_by", person()),
                (
                    "method",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overlays",
                        to="methodology.method",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overlays",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["organisation", "method__key", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "method", "number"), name="overlay_number_unique"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "draft")),
                        fields=("organisation", "method"),
                        name="overlay_one_draft",
                        violation_error_message="There is already a draft of these adjustments.",
                    ),
                ],
            },
        ),
    ]
