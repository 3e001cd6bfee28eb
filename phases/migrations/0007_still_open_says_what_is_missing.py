"""An answer that says that a criterion is still open says what is missing."""

from django.db import migrations, models

# Where nothing was written, in the language of the project's documents.
_NOTHING_WRITTEN = {
    "nb": "Det ble ikke skrevet hva som mangler.",
    "nn": "Det vart ikkje skrive kva som manglar.",
    "sv": "Det skrevs inte vad som saknas.",
    "en": "It was not written what is missing.",
}


def fill_comments(apps, schema_editor):
    answers = apps.get_model("phases", "CriterionAnswer").objects.filter(
        status="not_met", comment=""
    )
    for language, words in _NOTHING_WRITTEN.items():
        answers.filter(project_phase__project__document_language=language).update(comment=words)
    answers.update(comment=_NOTHING_WRITTEN["en"])


class Migration(migrations.Migration):
    dependencies = [("phases", "0006_gate_in_full")]

    operations = [
        migrations.AlterField(
            model_name="criterionanswer",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "Not answered"),
                    ("met", "Met"),
                    ("not_met", "Still open"),
                    ("not_relevant", "Not relevant"),
                ],
                default="open",
                max_length=15,
                verbose_name="answer",
            ),
        ),
        migrations.RunPython(fill_comments, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="criterionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "not_met"), _negated=True),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="criterion_still_open_has_comment",
                violation_error_message="Say what is missing, or what is being done about it.",
            ),
        ),
    ]
