"""Records of earlier schemas, as the present code reads them. Pure: the bytes stay as they are.

Each upgrader takes the content of one schema to the next and leaves what it is given untouched. A
new schema gets a new upgrader here and a record made by the code before it in the tests.
"""

from collections.abc import Callable, Mapping
from typing import Any

from phases.canonical import SCHEMA_VERSION

Content = dict[str, Any]


class UnknownSchemaError(ValueError):
    """The record was made by a later version of the code than this one."""


def upgrade(content: Mapping[str, Any]) -> Content:
    """The content in the present schema.

    Raises :class:`UnknownSchemaError` for a schema that this version does not know.
    """
    upgraded = dict(content)
    if not 1 <= upgraded["schema"] <= SCHEMA_VERSION:
        raise UnknownSchemaError(f"record schema {upgraded['schema']} is not known here")
    while upgraded["schema"] < SCHEMA_VERSION:
        number = upgraded["schema"]
        upgraded = {**_UPGRADERS[number](upgraded), "schema": number + 1}
    return upgraded


def _from_1(content: Content) -> Content:
    return (
        _submission_from_1(content)
        if content["kind"] == "submission"
        else (_decision_from_1(content))
    )


def _submission_from_1(content: Content) -> Content:
    """One person decided, without a date; nothing was said about what is left out, and only the
    answers of the gate itself named their files."""
    return {
        "due_on": None,
        "exempt": {"paragraph": "", "reason": ""},
        **content,
        "method": {"overlay": None, **content["method"]},
        "rule": {"key": "one", "label": "", "quorum": 1, "route": ""},
        "deciders": [
            {"role": "line_manager", "role_label": "", "is_chair": False, **each}
            for each in content["deciders"]
        ],
        "withheld": {},
        "attachments": [
            {
                "file": each["evidence_file"],
                "name": each["evidence_file_name"],
                "sha256": each["evidence_file_sha256"],
                "size": None,
                "place": {
                    "kind": "criterion",
                    "phase": content["phase"]["key"],
                    "iteration": content["phase"]["iteration"],
                    "criterion": each["key"],
                },
            }
            for each in content["criteria"]
            if each["evidence_file"]
        ],
        "criteria": [
            {"lowered_reason": "", "adjusted_by": "", **each} for each in content["criteria"]
        ],
        "tools": {
            key: {"risks": [], "withheld": {}, **part} for key, part in content["tools"].items()
        },
    }


def _decision_from_1(content: Content) -> Content:
    """Whoever decided was the only one with a seat, and nothing was asked on the record."""
    return {
        "decided_for": None,
        "present": "",
        "accepted": [],
        "questions": [],
        **content,
        "rule": {"key": "one", "label": "", "quorum": 1},
        "seats": [
            {
                **content["decided_by"],
                "role": "line_manager",
                "role_label": "",
                "is_chair": False,
                "replaces": None,
                "named_by": None,
                "named_at": None,
                "reason": "",
                "left": None,
                "vote": {
                    "outcome": content["outcome"],
                    "outcome_label": content["outcome_label"],
                    "target_phase": content["target_phase"],
                    "rationale": content["rationale"],
                    "deputy": None,
                    "at": content["decided_at"],
                },
            }
        ],
    }


# Schema -> what takes its content to the next one.
_UPGRADERS: dict[int, Callable[[Content], Content]] = {1: _from_1}
