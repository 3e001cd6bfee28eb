"""Dossiers as JSON and back: the form in which they are frozen.

Decimals become text, dates ISO text, choices their value. People become ``{"person": key}``, and
their names are handed out beside, so that a name can be erased while the record stands.
"""

import datetime
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from tools.contract import PersonRef


class People:
    """Keys for the people of one record, handed out in the order in which they are met."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int | None, str], str] = {}
        self._refs: dict[str, PersonRef] = {}

    def key_of(self, person: PersonRef) -> str:
        # An account is one person whatever it is called; without an account the name is all.
        identity = (person.pk, "" if person.pk is not None else person.name)
        if identity not in self._keys:
            key = f"p{len(self._keys) + 1}"
            self._keys[identity] = key
            self._refs[key] = person
        return self._keys[identity]

    @property
    def refs(self) -> Mapping[str, PersonRef]:
        """Key -> person."""
        return dict(self._refs)


def to_plain(value: Any, people: People) -> Any:
    """``value`` as JSON types. Raises ``TypeError`` for floats and anything else unknown."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, PersonRef):
        return {"person": people.key_of(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item, people) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item, people) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_plain(getattr(value, each.name), people) for each in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def from_plain(wanted: Any, plain: Any, people: Mapping[str, PersonRef]) -> Any:
    """The inverse of :func:`to_plain` for the type ``wanted``."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        if plain is None:
            return None
        inner = next(arg for arg in get_args(wanted) if arg is not type(None))
        return from_plain(inner, plain, people)
    if plain is None:
        return None
    if origin is tuple:
        return tuple(from_plain(get_args(wanted)[0], item, people) for item in plain)
    if wanted is PersonRef:
        return people.get(plain["person"], PersonRef(None, ""))
    if isinstance(wanted, type) and is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(
            **{
                each.name: from_plain(hints[each.name], plain[each.name], people)
                for each in fields(wanted)
                if each.name in plain
            }
        )
    if wanted is Decimal:
        return Decimal(plain)
    if wanted in (datetime.date, datetime.datetime):
        return wanted.fromisoformat(plain)
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(plain)
    return plain
