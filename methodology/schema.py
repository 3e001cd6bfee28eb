"""The format of method files as JSON Schema, for people's editors and other programs.

Made from the same shapes that check the files. What one part says about another, such as the tool
that a step names or the languages that a text needs, JSON Schema cannot say; loading checks it.
"""

from typing import Any

from methodology.format import FORMAT, Format, Known
from methodology.shapes import LANGUAGES, MappingOf, Number, Schema, Shape

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def method_schema() -> Schema:
    """A version as one document. ``$defs`` also describes the files that a version is written in:
    ``method_file``, ``phase_file`` and ``worksheet_file``."""
    format = Format(Known(complete=LANGUAGES))
    definitions: dict[str, Shape] = {
        # Those that others are made of come first.
        "texts": format.title,
        "lists_of_texts": format.guidance_list,
        "links": format.links,
        "criterion": format.criterion(),
        "gate": format.gate(None),
        "role": format.role(),
        "tool": format.slot(),
        "column": format.column(),
        "field": format.worksheet_field(),
        "worksheet": format.worksheet(),
        "step": format.step(),
        "phase": format.phase(Number(), None),
    }
    shared = _Shared()
    for name, shape in definitions.items():
        shared.add(name, shape.schema())
    whole = format.whole()
    method_file = MappingOf(
        {name: each for name, each in whole.fields.items() if name not in ("phases", "worksheets")}
    )
    return {
        "$schema": DIALECT,
        "title": "A version of a method",
        "description": (
            f"Format {FORMAT} of Veikart's methods, as export_method writes it. "
            "docs/methodology.md says what the parts mean. This file is made by "
            "manage.py method_schema."
        ),
        **shared.referring(whole.schema()),
        "$defs": {
            **shared.definitions,
            "method_file": shared.referring(method_file.schema()),
            "phase_file": _file_of("phase"),
            "worksheet_file": _file_of("worksheet"),
        },
    }


def _file_of(part: str) -> Schema:
    return {
        "type": "object",
        "properties": {part: {"$ref": f"#/$defs/{part}"}},
        "required": [part],
        "additionalProperties": False,
    }


class _Shared:
    """Schemas that are written once and referred to wherever they stand."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._written_out: list[tuple[Schema, str]] = []

    def add(self, name: str, schema: Schema) -> None:
        self.definitions[name] = self._inside(schema)
        self._written_out.append((schema, name))

    def referring(self, schema: Any) -> Any:
        """``schema`` with references in the place of what is shared."""
        for known, name in self._written_out:
            if schema == known:
                return {"$ref": f"#/$defs/{name}"}
        return self._inside(schema)

    def _inside(self, schema: Any) -> Any:
        if isinstance(schema, dict):
            return {key: self.referring(value) for key, value in schema.items()}
        if isinstance(schema, list):
            return [self.referring(value) for value in schema]
        return schema
