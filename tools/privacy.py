"""Which fields of a dossier who may see, and what a record says about those it leaves out.

A field is open unless it is declared otherwise. Restricted fields (personal judgements) and
perishable ones (what is erased on a date) reach only those who may write in the project, and never
enter a frozen record: that holds counts, levels and a salted digest instead.
"""

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
from enum import Enum, StrEnum
from typing import Any

from accounts.policy import ProjectPermission
from projects.access import ProjectAccess


class Privacy(StrEnum):
    OPEN = "open"
    RESTRICTED = "restricted"
    PERISHABLE = "perishable"


def restricted(*, default: Any = MISSING, is_level: bool = False) -> Any:
    """A dataclass field whose value is blanked by :func:`open_part`.

    A record counts its values per level when they are choices (an ``Enum``) or, with ``is_level``,
    numbers on a scale.
    """
    return _declared(Privacy.RESTRICTED, default, is_level)


def perishable(*, default: Any = MISSING, is_level: bool = False) -> Any:
    """As :func:`restricted`, for what is erased on a date: also its digest stops proving anything
    then."""
    return _declared(Privacy.PERISHABLE, default, is_level)


def _declared(privacy: Privacy, default: Any, is_level: bool) -> Any:
    return field(default=default, metadata={"privacy": privacy, "is_level": is_level})


def restricted_fields(dossier_class: type) -> frozenset[str]:
    """The names of the fields that only those who write may see: restricted and perishable."""
    return frozenset(
        each.name
        for each in fields(dossier_class)
        if each.metadata.get("privacy", Privacy.OPEN) != Privacy.OPEN
    )


def part_for(value: Any, access: ProjectAccess) -> Any:
    """The dossier as one person may see it: the one way from ``load`` to a page or an export."""
    return value if may_see_restricted(access) else open_part(value)


def may_see_restricted(access: ProjectAccess) -> bool:
    return bool(access.can(ProjectPermission.EDIT_CONTENT))


def open_part(value: Any) -> Any:
    """A copy of the dossier without restricted and perishable values: texts become ``""``, lists
    ``()``, others ``None``.

    A dataclass whose privacy hangs on its values, not on its fields, gives its own with a method
    ``open_part``, and what that takes away with a method ``withheld_values``.
    """
    if hasattr(type(value), "open_part"):
        return value.open_part()
    if isinstance(value, tuple):
        return tuple(open_part(item) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    hidden = restricted_fields(type(value))
    changes = {}
    for each in fields(value):
        current = getattr(value, each.name)
        if each.name in hidden:
            changes[each.name] = _blank(current)
        else:
            changes[each.name] = open_part(current)
    return replace(value, **changes)


def _blank(value: Any) -> Any:
    if isinstance(value, tuple):
        return ()
    # A choice is a text in Python, and no empty text is a choice.
    return "" if isinstance(value, str) and not isinstance(value, Enum) else None


# --- what is left out ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WithheldValue:
    """One value that :func:`open_part` takes away.

    ``path`` says where it stands without saying in which row (``register.field`` or ``field``).
    ``value`` is ``None`` when nothing is there. ``levels`` are the keys of what was chosen, empty
    for what is no choice.
    """

    path: str
    privacy: Privacy
    value: Any
    levels: tuple[str, ...] = ()


def withheld_values(value: Any, path: str = "") -> Iterator[WithheldValue]:
    """Everything that :func:`open_part` takes out of a dossier, in the dossier's order."""
    if hasattr(type(value), "withheld_values"):
        for each in value.withheld_values():
            yield replace(each, path=_joined(path, each.path))
    elif isinstance(value, tuple):
        for item in value:
            yield from withheld_values(item, path)
    elif is_dataclass(value) and not isinstance(value, type):
        hidden = restricted_fields(type(value))
        for each in fields(value):
            inner, where = getattr(value, each.name), _joined(path, each.name)
            if each.name in hidden:
                yield _withheld(where, inner, each)
            else:
                yield from withheld_values(inner, where)


def _withheld(path: str, value: Any, declared: Field) -> WithheldValue:
    if value is None or value == "" or value == ():
        return WithheldValue(path, declared.metadata["privacy"], None)
    levels: tuple[str, ...] = ()
    if isinstance(value, Enum):
        levels = (str(value.value),)
    elif declared.metadata["is_level"]:
        levels = (str(value),)
    return WithheldValue(path, declared.metadata["privacy"], value, levels)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name
