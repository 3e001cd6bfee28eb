"""What a record says about the values that it leaves out: how many there are, how many on each
level, and a digest that says nothing without the record's salt.

The salt stands beside the record (``GateRecordSalt``), never in its bytes: 64 hexadecimal digits,
one half for what is restricted and one for what is perishable, so that each can be forgotten by
itself. Forgetting changes no byte of the record.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

from phases.canonical import canonical_bytes
from tools.contract import PersonRef
from tools.plain import People, to_plain
from tools.privacy import Privacy, WithheldValue, withheld_values

_HALF = 32


def withheld_content(dossier: Any, people: People) -> dict[str, Any]:
    """For each path of the dossier that holds withheld values, what a record says about them.

    ``people`` stands beside the record and has its salt. Of one path the strictest counts: one
    perishable value makes all of them perishable.
    """
    by_path: dict[str, list[WithheldValue]] = {}
    for each in withheld_values(dossier):
        by_path.setdefault(each.path, []).append(each)
    return {path: _summary(path, found, people.salt) for path, found in by_path.items()}


def _summary(path: str, values: Sequence[WithheldValue], salt: str) -> dict[str, Any]:
    privacy = (
        Privacy.PERISHABLE
        if any(each.privacy == Privacy.PERISHABLE for each in values)
        else Privacy.RESTRICTED
    )
    levels: dict[str, int] = {}
    for level in (level for each in values for level in each.levels):
        levels[level] = levels.get(level, 0) + 1
    return {
        "privacy": privacy.value,
        "values": len(values),
        "filled": sum(each.value is not None for each in values),
        "levels": levels,
        "digest": withheld_digest(
            [each.value for each in values], path=path, key=_half(salt, privacy)
        ),
    }


def withheld_digest(values: Sequence[Any], *, path: str, key: str) -> str:
    """HMAC-SHA-256 over the path and the values, in their order, as canonical bytes. A person
    counts as their number, ``None`` and an empty text as the same nothing."""
    plain = [None if value in ("", ()) else to_plain(value, _ByNumber()) for value in values]
    return hmac.new(key.encode("ascii"), canonical_bytes([path, plain]), hashlib.sha256).hexdigest()


def proves(part: Mapping[str, Any], *, path: str, values: Sequence[Any], salt: str) -> bool:
    """Whether these are the values that ``part`` (a record's ``withheld``) was made of. ``False``
    also when the path is not there, or when its half of the salt is forgotten."""
    if path not in part:
        return False
    key = _half(salt, Privacy(part[path]["privacy"]))
    if not key:
        return False
    return hmac.compare_digest(
        withheld_digest(values, path=path, key=key), str(part[path]["digest"])
    )


def without_perishable(salt: str) -> str:
    """The salt that is left when what is perishable is gone for good."""
    return salt[:_HALF]


def _half(salt: str, privacy: Privacy) -> str:
    return salt[_HALF:] if privacy == Privacy.PERISHABLE else salt[:_HALF]


class _ByNumber(People):
    """People in a digest: nobody gets a key in the record for it."""

    def key_of(self, person: PersonRef) -> str:
        return str(person.pk) if person.pk is not None else person.name
