"""Keys of new parts: made from a title, or typed, and never used twice where they must not be.
Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from methodology.overlays import OWN_PREFIX
from methodology.parts import (
    Address,
    Content,
    Kind,
    PartNode,
    all_parts,
    inner_parts,
    kind_in,
    part_at,
    parts_in,
)
from methodology.shapes import MAX_KEY

_WITH_HYPHENS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WITH_UNDERSCORES = re.compile(r"[a-z][a-z0-9_]*")
# Of these a key is a word in an answer or a column, and has underscores.
_SNAKE = frozenset({Kind.FIELD, Kind.COLUMN, Kind.CHOICE})
# Found by their key alone, wherever in the version they stand.
_EVERYWHERE = frozenset({Kind.PHASE, Kind.STEP, Kind.GATE, Kind.WORKSHEET})
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ß": "ss", "đ": "d"})
# Room for a number at the end.
_LONGEST_MADE = MAX_KEY - 12


def key_of_title(title: str, *, between: str = "-") -> str:
    """A key that reads like the title: "Møte på tunet" gives ``mote-pa-tunet``."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
    ascii_only = plain.encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", between, ascii_only).strip(between)[:_LONGEST_MADE].strip(between)
    if between == "_" and not key[:1].isalpha():
        key = f"felt_{key}".rstrip("_")
    return key or "del"


def refuse_key(key: str, *, field: str, kind: Kind | None = None) -> None:
    """Raises ``ValidationError`` on ``field`` for a key that is not formed as keys are."""
    is_snake = kind in _SNAKE
    pattern = _WITH_UNDERSCORES if is_snake else _WITH_HYPHENS
    if not pattern.fullmatch(key) or len(key) > MAX_KEY:
        sentence = (
            _("A key here has small letters a to z, digits and underscores, and at most 60.")
            if is_snake
            else _("A key has small letters a to z, digits and hyphens, and at most 60.")
        )
        raise ValidationError({field: sentence})
    if key.startswith(OWN_PREFIX):
        raise ValidationError(
            {field: _("Keys that begin with “own-” are for an organisation's adjustments.")}
        )


def unused_key(content: Content, list_address: Address, *, key: str, title: str) -> str:
    """``key`` when it can be used in the list, or one made from ``title`` when it is empty.

    Raises ``ValidationError`` on ``key`` when the given one is badly formed or taken."""
    kind = kind_in(list_address)
    taken = set(_taken(content, list_address, kind))
    if key:
        refuse_key(key, field="key", kind=kind)
        if key in taken:
            raise ValidationError({"key": _("The key “%(key)s” is used already.") % {"key": key}})
        return key
    between = "_" if kind in _SNAKE else "-"
    made = key_of_title(title, between=between)
    if made.startswith(OWN_PREFIX):
        made = f"del-{made}"
    number, found = 1, made
    while found in taken:
        number += 1
        found = f"{made}{between}{number}"
    return found


def _taken(content: Content, list_address: Address, kind: Kind) -> Iterator[str]:
    if kind in _EVERYWHERE:
        nodes: Iterable[PartNode] = (node for node in all_parts(content) if node.kind is kind)
    elif kind is Kind.FIELD:
        # Unique in the whole worksheet, whatever section they stand in.
        sections = inner_parts(content, list_address[:2])
        nodes = (node for section in sections for node in inner_parts(content, section.address))
    else:
        owner = part_at(content, list_address[:-1])
        nodes = parts_in(owner, list_address)
    yield from (node.values.get("key", "") for node in nodes)
