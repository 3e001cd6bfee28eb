"""The bytes of a record: the same content gives the same bytes on every database and machine."""

import hashlib
import json
import unicodedata
from typing import Any

SCHEMA_VERSION = 1

# Line breaks and tabs are text; other control characters have no place in a record.
_ALLOWED_CONTROLS = {"\n", "\t", "\r"}


def canonical_bytes(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces, strings in NFC.

    Raises ``TypeError`` for floats (figures are decimal strings) and ``ValueError`` for control
    characters.
    """
    return json.dumps(
        _clean(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")


def digest(content: bytes) -> str:
    """SHA-256 over exactly these bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        text = unicodedata.normalize("NFC", value)
        for character in text:
            if unicodedata.category(character) == "Cc" and character not in _ALLOWED_CONTROLS:
                raise ValueError(f"control character U+{ord(character):04X} in a record")
        return text
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot stand in a record")
