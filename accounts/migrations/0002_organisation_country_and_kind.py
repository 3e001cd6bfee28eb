from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="country",
            field=models.CharField(
                choices=[
                    ("no", "Norway"),
                    ("se", "Sweden"),
                    ("dk", "Denmark"),
                    ("fi", "Finland"),
                ],
                default="no",
                help_text="Decides which national guidance the method's pages lead to.",
                max_length=2,
                verbose_name="country",
            ),
        ),
        migrations.AddField(
            model_name="organisation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("municipality", "Municipality"),
                    ("region", "Region"),
                    ("care_provider", "Care provider"),
                ],
                default="municipality",
                help_text="Decides what the method's guidance calls the organisation.",
                max_length=20,
                verbose_name="kind of organisation",
            ),
        ),
    ]
