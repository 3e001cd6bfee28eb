"""Which fields of a dossier who may see.

A field is open unless it is declared otherwise. Restricted fields never enter a frozen record and
reach only those who may write in the project.
"""

from dataclasses import MISSING, field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from accounts.policy import ProjectPermission
from projects.access import ProjectAccess


class Privacy(StrEnum):
    OPEN = "open"
    RESTRICTED = "restricted"


def restricted(*, default: Any = MISSING) -> Any:
    """A dataclass field whose value is blanked by :func:`open_part`."""
    return field(default=default, metadata={"privacy": Privacy.RESTRICTED})


def restricted_fields(dossier_class: type) -> frozenset[str]:
    return frozenset(
        each.name
        for each in fields(dossier_class)
        if each.metadata.get("privacy") == Privacy.RESTRICTED
    )


def part_for(value: Any, access: ProjectAccess) -> Any:
    """The dossier as one person may see it: the one way from ``load`` to a page or an export."""
    return value if may_see_restricted(access) else open_part(value)


def may_see_restricted(access: ProjectAccess) -> bool:
    return bool(access.can(ProjectPermission.EDIT_CONTENT))


def open_part(value: Any) -> Any:
    """A copy of the dossier without restricted values: texts become ``""``, others ``None``.

    A dataclass whose privacy hangs on its values, not on its fields, gives its own with a method
    ``open_part``.
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
            changes[each.name] = "" if isinstance(current, str) else None
        else:
            changes[each.name] = open_part(current)
    return replace(value, **changes)
