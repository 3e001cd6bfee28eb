"""State names content by key alone. Nothing here refers to the content's tables any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("phases", "0003_fill_keys")]

    operations = [
        migrations.RemoveConstraint("projectphase", "project_phase_once_per_round"),
        migrations.RemoveConstraint("projectstep", "project_step_once"),
        migrations.RemoveConstraint("criterionanswer", "criterion_answered_once_per_round"),
        migrations.AlterModelOptions("projectphase", {"ordering": ["pk"]}),
        migrations.AlterModelOptions("projectstep", {"ordering": ["pk"]}),
        migrations.AlterModelOptions("criterionanswer", {"ordering": ["pk"]}),
        migrations.RemoveField("projectphase", "phase"),
        migrations.RemoveField("projectstep", "step"),
        migrations.RemoveField("criterionanswer", "criterion"),
        migrations.RemoveField("projectgatemode", "gate"),
        migrations.RemoveField("gatedecision", "target_phase"),
        migrations.AddConstraint(
            "projectphase",
            models.UniqueConstraint(
                fields=("project", "phase_key", "iteration"), name="project_phase_once_per_round"
            ),
        ),
        migrations.AddConstraint(
            "projectstep",
            models.UniqueConstraint(fields=("project", "step_key"), name="project_step_once"),
        ),
        migrations.AddConstraint(
            "criterionanswer",
            models.UniqueConstraint(
                fields=("project_phase", "criterion_key"),
                name="criterion_answered_once_per_round",
            ),
        ),
        migrations.AddConstraint(
            "gatedecision",
            models.CheckConstraint(
                condition=(models.Q(outcome="back") & ~models.Q(target_phase_key=""))
                | (~models.Q(outcome="back") & models.Q(target_phase_key="")),
                name="gate_back_names_a_phase",
                violation_error_message="Choose the phase to go back to.",
            ),
        ),
    ]
