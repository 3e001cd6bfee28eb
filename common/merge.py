"""Two people, one row: what each changed since they opened it, and what that makes together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed, to different values."""

    field: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """``keep_theirs`` names the fields that only the other side changed."""

    keep_theirs: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def merge_changes(
    *,
    opened: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    differs: Callable[[str, Any, Any], bool],
) -> Merge:
    """Three-way merge, field by field.

    ``opened`` holds the values that the form was opened with, ``mine`` what was sent and
    ``theirs`` what is stored now. ``differs(field, a, b)`` says whether two values of a field are
    different. Fields missing from ``opened`` count as opened with the stored value.
    """
    keep_theirs: list[str] = []
    conflicts: list[Conflict] = []
    for field, my_value in mine.items():
        their_value = theirs[field]
        opened_value = opened.get(field, their_value)
        if not differs(field, opened_value, their_value):
            continue
        if not differs(field, opened_value, my_value):
            keep_theirs.append(field)
        elif differs(field, their_value, my_value):
            conflicts.append(Conflict(field, my_value, their_value))
    return Merge(tuple(keep_theirs), tuple(conflicts))
