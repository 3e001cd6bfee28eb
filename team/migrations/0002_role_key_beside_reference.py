from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("team", "0001_initial"), ("methodology", "0001_initial")]

    operations = [
        migrations.AddField(
            "teamrole",
            "role_key",
            models.SlugField(default="", max_length=60, verbose_name="role"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "teamrole",
            "role",
            models.ForeignKey(
                null=True, on_delete=models.PROTECT, related_name="+", to="methodology.role"
            ),
        ),
    ]
