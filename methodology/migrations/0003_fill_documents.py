"""Each version's content, until now spread over tables, becomes its one document.

The content is exactly what the version was loaded from: its SHA-256 must come out the same.
"""

import hashlib
import json
from typing import Any

from django.db import migrations


class OtherContentError(Exception):
    """The tables do not hold what the version was published with."""


def fill_documents(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    documents = apps.get_model("methodology", "VersionDocument").objects.using(alias)
    versions = apps.get_model("methodology", "MethodVersion").objects.using(alias)
    for version in versions.select_related("method").order_by("pk"):
        content = content_of(version)
        if version.status != "draft" and _hash(content) != version.content_hash:
            raise OtherContentError(f"{version.method.key} {version.number}")
        documents.create(version=version, content=content)


def content_of(version: Any) -> dict[str, Any]:
    """The content of one version out of the tables."""
    return {
        "format": 1,
        "key": version.method.key,
        "version": version.number,
        "default_language": version.default_language,
        "languages": version.languages,
        **version.texts,
        "words": version.words,
        "sources": version.sources,
        "roles": [
            {
                "key": role.key,
                **role.texts,
                "project_role": role.project_role,
                "expected": role.is_expected,
            }
            for role in version.roles.order_by("position")
        ],
        "tools": [
            {
                "key": slot.key,
                "tool": slot.tool,
                "variant": slot.variant,
                "addition": slot.is_addition,
                **slot.texts,
            }
            for slot in version.slots.order_by("position")
        ],
        "phases": [_phase(phase) for phase in version.phases.order_by("number")],
    }


def _phase(phase: Any) -> dict[str, Any]:
    gate = getattr(phase, "gate", None)
    return {
        "key": phase.key,
        "number": phase.number,
        "for_leaders": {},
        **phase.texts,
        "tools": [each.slot.key for each in phase.phaseslot_set.order_by("position")],
        "examples": phase.examples,
        "steps": [
            {
                "key": step.key,
                "number": step.number,
                "tools": [each.slot.key for each in step.stepslot_set.order_by("position")],
                "optional": step.is_optional,
                "decision": step.is_decision,
                **step.texts,
            }
            for step in phase.steps.order_by("number")
        ],
        "gate": gate and _gate(gate),
    }


def _gate(gate: Any) -> dict[str, Any]:
    return {
        "key": gate.key,
        **gate.texts,
        "mode": gate.mode,
        "outcomes": gate.outcomes,
        "back_to": gate.back_to,
        "criteria": [
            {
                "key": criterion.key,
                "severity": criterion.severity,
                **criterion.texts,
                "findings": criterion.finding_codes,
            }
            for criterion in gate.criteria.order_by("position")
        ],
    }


def _hash(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("methodology", "0002_documents_and_overlays")]

    operations = [migrations.RunPython(fill_documents, migrations.RunPython.noop)]
