"""The bytes of a record: the same content gives the same bytes on every database and machine.

The rule about numbers: a whole number in a record counts or numbers something of the house (rows,
versions, rounds, places in the chain) and stands as a JSON integer; everything that was measured,
estimated or written as a number is decimal text, which ``tools.plain`` sees to. Floats are refused,
and so are integers that a reader in another language could not hold exactly.
"""

import hashlib
import json
import unicodedata
from typing import Any

SCHEMA_VERSION = 2

# Line breaks and tabs are text; other control characters have no place in a record. The line and
# paragraph separators (U+2028, U+2029) are text too: they come with what people paste, JSON allows
# them, and refusing them would help nobody.
_ALLOWED_CONTROLS = {"\n", "\t", "\r"}
# The largest that every reader of JSON holds exactly.
LARGEST_INTEGER = 2**53 - 1


class NotCanonicalError(ValueError):
    """A text that cannot stand in a record. ``path`` says where, ``character`` which one."""

    def __init__(self, path: str, character: str) -> None:
        self.path = path
        self.character = f"U+{ord(character):04X}"
        super().__init__(f"character {self.character} in a record, at {path or 'the top'}")


def canonical_bytes(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys, no spaces, strings in NFC.

    Raises ``TypeError`` for floats (figures are decimal strings), keys that are no text and
    anything that JSON has no form for; :class:`NotCanonicalError` for control characters (C0 but
    for line breaks and tabs, DEL, C1), lone surrogates, and the two code points that are no
    characters; ``ValueError`` for integers beyond ``LARGEST_INTEGER`` and for keys that are the
    same in NFC.
    """
    return json.dumps(
        _clean(content, ""), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode("utf-8")


def digest(content: bytes) -> str:
    """SHA-256 over exactly these bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _clean(value: Any, path: str) -> Any:
    if isinstance(value, str):
        return _clean_text(value, path)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"{value} is too large for a whole number in a record, at {path}")
        return int(value)
    if isinstance(value, dict):
        return _clean_object(value, path)
    if isinstance(value, list | tuple):
        return [_clean(item, f"{path}[{place}]") for place, item in enumerate(value)]
    raise TypeError(f"{type(value).__name__} cannot stand in a record, at {path}")


def _clean_object(value: dict[Any, Any], path: str) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"{type(key).__name__} cannot be a key in a record, at {path}")
        name = _clean_text(key, path)
        if name in cleaned:
            raise ValueError(f"the key {name!r} stands twice in a record, at {path}")
        cleaned[name] = _clean(item, f"{path}.{name}" if path else name)
    return cleaned


def _clean_text(value: str, path: str) -> str:
    if value.isascii() and value.isprintable():
        return str(value)
    for character in value:
        if character in _ALLOWED_CONTROLS:
            continue
        if unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff":
            raise NotCanonicalError(path, character)
    return unicodedata.normalize("NFC", value)
