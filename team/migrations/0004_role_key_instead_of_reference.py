from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("team", "0003_fill_role_keys")]

    operations = [migrations.RemoveField("teamrole", "role")]
