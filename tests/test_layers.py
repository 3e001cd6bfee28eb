"""What import-linter cannot see: relations between models, and what talks to tools by name."""

import re
import tomllib

import pytest
from django.apps import apps
from django.conf import settings

LAYERS = [
    {name.strip() for name in layer.split("|")}
    for layer in tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["tool"][
        "importlinter"
    ]["contracts"][0]["layers"]
]
# The actor of an audit event is the one relation that points up.
UPWARD = {("audit.AuditEvent", "actor")}


def place(app_label):
    return next((number for number, layer in enumerate(LAYERS) if app_label in layer), len(LAYERS))


def test_relations_between_models_point_down():
    upward = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if place(model._meta.app_label) < len(LAYERS)
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model is not None
        and field.related_model._meta.app_label != model._meta.app_label
        and place(field.related_model._meta.app_label) <= place(model._meta.app_label)
    }
    assert upward == UPWARD


@pytest.mark.parametrize("folder", ["phases", "reports", "tools", "projects"])
def test_nobody_imports_a_tool_by_name(folder):
    imports = re.compile(r"^\s*(from|import) (team|benefits|worksheets)\b", re.MULTILINE)
    assert [
        str(path.relative_to(settings.BASE_DIR))
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    ] == []
