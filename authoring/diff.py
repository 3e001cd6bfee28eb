"""Word by word: what was taken out of a text and what was put in. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

# Comparing takes time by the square: more than a long page each, and only the whole is marked.
MOST_PAIRS = 4_000_000
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``is_changed`` when the other side does not have it there."""

    text: str
    is_changed: bool


def word_marks(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces. Put together again, the pieces give the texts themselves."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > MOST_PAIRS:
        return (Piece(old, True),), (Piece(new, True),)
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return (
        tuple(_pieces((before[a:b], what != "equal") for what, a, b, _c, _d in steps)),
        tuple(_pieces((after[c:d], what != "equal") for what, _a, _b, c, d in steps)),
    )


def _pieces(parts: Iterator[tuple[list[str], bool]]) -> Iterator[Piece]:
    for words, is_changed in parts:
        if words:
            yield Piece("".join(words), is_changed)
