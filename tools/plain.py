"""Dossiers as JSON and back: the form in which they are frozen.

What somebody measured or wrote as a number (every field that is declared as ``Decimal``) becomes a
decimal text, also when it happens to be whole; integers stay only where they count or number
something of the house: rows, versions, rounds. Dates become ISO text, moments ISO text in UTC,
choices their value. People become ``{"person": key}``, and their names are handed out beside, so
that a name can be erased while the record stands.
"""

import datetime
import secrets
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from tools.contract import PersonRef


class People:
    """What stands beside one record and can be erased without touching it: keys for its people,
    handed out in the order in which they are met, and the salt of what it withholds."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int | None, str], str] = {}
        self._refs: dict[str, PersonRef] = {}
        self._salt = ""

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

    @property
    def salt(self) -> str:
        """The same for the whole record: 64 hexadecimal digits from the system's randomness."""
        if not self._salt:
            self._salt = secrets.token_hex(32)
        return self._salt

    @property
    def stored_salt(self) -> str:
        """``""`` when nobody asked for the salt: then the record withholds nothing."""
        return self._salt


def to_plain(value: Any, people: People) -> Any:
    """``value`` as JSON types. Raises ``TypeError`` for floats and anything else unknown, and
    ``ValueError`` for numbers that are none and moments without a time zone."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int | str):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime.datetime):
        return _moment_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, PersonRef):
        return {"person": people.key_of(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item, people) for item in value]
    if isinstance(value, Mapping):
        # In one order on every database, so that people get the same keys.
        return {str(key): to_plain(value[key], people) for key in sorted(value, key=str)}
    if is_dataclass(value) and not isinstance(value, type):
        return _fields_as_plain(value, people)
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def _fields_as_plain(value: Any, people: People) -> dict[str, Any]:
    dossier_class: Any = type(value)
    figures = _figure_fields(dossier_class)
    plain = {}
    for each in fields(value):
        inner = getattr(value, each.name)
        if each.name in figures and type(inner) is int:
            inner = Decimal(inner)
        plain[each.name] = to_plain(inner, people)
    return plain


def decimal_text(value: Decimal | int) -> str:
    """A number as text: digits, a point if need be, no exponent, no minus before zero.

    Raises ``ValueError`` for what is no finite number.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value} is no number that can be frozen")
    return format(abs(number) if number.is_zero() else number, "f")


def _moment_text(moment: datetime.datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be frozen")
    return moment.astimezone(datetime.UTC).isoformat()


@cache
def _hints(dossier_class: Any) -> Mapping[str, Any]:
    return get_type_hints(dossier_class)


@cache
def _figure_fields(dossier_class: Any) -> frozenset[str]:
    """The fields that are declared as ``Decimal``, alone or among others."""
    return frozenset(
        name
        for name, hint in _hints(dossier_class).items()
        if hint is Decimal or Decimal in get_args(hint)
    )


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
        hints = _hints(wanted)
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
