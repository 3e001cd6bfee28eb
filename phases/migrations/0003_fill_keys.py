"""Every row learns the key of the content it refers to; backwards, the row of the content in the
version that the project stands on."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, QuerySet, Subquery


class KeyWithoutContentError(Exception):
    """On the way back: a row names content that the project's version does not have."""


def fill_keys(apps: Any, schema_editor: Any) -> None:
    """One statement per table."""
    alias = schema_editor.connection.alias
    for model_name, key, reference, content_name in (
        ("ProjectPhase", "phase_key", "phase_id", "Phase"),
        ("ProjectStep", "step_key", "step_id", "Step"),
        ("CriterionAnswer", "criterion_key", "criterion_id", "Criterion"),
        ("ProjectGateMode", "gate_key", "gate_id", "Gate"),
        ("GateDecision", "target_phase_key", "target_phase_id", "Phase"),
    ):
        rows = apps.get_model("phases", model_name).objects.using(alias)
        content = apps.get_model("methodology", content_name).objects.using(alias)
        rows.filter(**{f"{reference}__isnull": False}).update(
            **{key: Subquery(content.filter(pk=OuterRef(reference)).values("key")[:1])}
        )


def fill_references(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias

    def all_of(app_label: str, model_name: str) -> QuerySet:
        return apps.get_model(app_label, model_name).objects.using(alias)

    def point(rows: QuerySet, reference: str, content: QuerySet) -> None:
        rows.update(**{reference: Subquery(content.values("pk")[:1])})
        if rows.filter(**{f"{reference}__isnull": True}).exists():
            raise KeyWithoutContentError(rows.model._meta.label)

    point(
        all_of("phases", "ProjectPhase"),
        "phase_id",
        all_of("methodology", "Phase").filter(
            key=OuterRef("phase_key"), version__projects=OuterRef("project_id")
        ),
    )
    point(
        all_of("phases", "ProjectStep"),
        "step_id",
        all_of("methodology", "Step").filter(
            key=OuterRef("step_key"), phase__version__projects=OuterRef("project_id")
        ),
    )
    point(
        all_of("phases", "CriterionAnswer"),
        "criterion_id",
        all_of("methodology", "Criterion").filter(
            key=OuterRef("criterion_key"),
            # Keys of criteria are unique within their gate only.
            gate__phase_id=Subquery(
                all_of("phases", "ProjectPhase")
                .filter(pk=OuterRef(OuterRef("project_phase_id")))
                .values("phase_id")[:1]
            ),
        ),
    )
    point(
        all_of("phases", "ProjectGateMode"),
        "gate_id",
        all_of("methodology", "Gate").filter(
            key=OuterRef("gate_key"), phase__version__projects=OuterRef("project_id")
        ),
    )
    point(
        all_of("phases", "GateDecision").exclude(target_phase_key=""),
        "target_phase_id",
        all_of("methodology", "Phase").filter(
            key=OuterRef("target_phase_key"),
            version__projects__phases__submissions=OuterRef("submission_id"),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("phases", "0002_keys_beside_references")]

    operations = [migrations.RunPython(fill_keys, fill_references)]
