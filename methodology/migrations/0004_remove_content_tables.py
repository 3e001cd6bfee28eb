from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("methodology", "0003_fill_documents"),
        # The last that pointed at rows of content.
        ("phases", "0004_keys_instead_of_references"),
        ("team", "0004_role_key_instead_of_reference"),
        ("tools", "0004_slot_key_instead_of_reference"),
    ]

    operations = [
        migrations.DeleteModel("Criterion"),
        migrations.DeleteModel("Gate"),
        migrations.DeleteModel("StepSlot"),
        migrations.DeleteModel("PhaseSlot"),
        migrations.DeleteModel("Step"),
        migrations.DeleteModel("Phase"),
        migrations.DeleteModel("Slot"),
        migrations.DeleteModel("Role"),
        migrations.RemoveField("methodversion", "default_language"),
        migrations.RemoveField("methodversion", "languages"),
        migrations.RemoveField("methodversion", "texts"),
        migrations.RemoveField("methodversion", "words"),
        migrations.RemoveField("methodversion", "sources"),
    ]
