"""Numbers as people in the Nordic countries write them, read without guessing."""

import re
from decimal import Decimal

_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
_MINUS = dict.fromkeys(map(ord, "\u2212\u2013"), "-")
_PLAIN = re.compile(r"(?P<whole>[0-9]*)(?:[.,](?P<part>[0-9]+))?")
_GROUPED = re.compile(
    r"(?P<whole>[0-9]{1,3}(?P<separator>[ .,])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?:(?P<decimal>[.,])(?P<part>[0-9]+))?"
)
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


class NotANumber(ValueError):  # noqa: N818 -- what the text is
    """The text is no number."""


class TwoReadings(ValueError):  # noqa: N818 -- what the text has
    """The text is a thousand in one country and a decimal in another, such as ``1,234``."""


def parse_number(text: str) -> Decimal:
    """Read ``1 234,50``, ``1,234.50``, ``1.234,50`` and ``1234.5``, with any kind of space.

    Raises :class:`TwoReadings` for one separator followed by exactly three digits: a benefit
    that is silently a thousand times too large is worse than a question. Raises
    :class:`NotANumber` for everything else that is not a number, including ``NaN`` and ``1e5``.
    """
    cleaned = text.translate(_SPACES).translate(_MINUS).strip().removesuffix(",-").strip()
    digits = cleaned.removeprefix("-").strip()
    if _EITHER.fullmatch(digits):
        raise TwoReadings(text)
    whole, part = _split_grouped(digits) or _split_plain(digits) or ("", "")
    if not (whole or part):
        raise NotANumber(text)
    # Put together as text: arithmetic would round numbers of more than 28 digits.
    part = part.rstrip("0")
    number = Decimal(f"{whole or '0'}.{part}" if part else whole or "0")
    return number.copy_negate() if cleaned.startswith("-") and number else number


def _split_grouped(digits: str) -> tuple[str, str] | None:
    """``1 234,5`` as whole and part, when the thousands are grouped and the separators differ."""
    match = _GROUPED.fullmatch(digits)
    if match is None or digits.startswith("0") or match["decimal"] == match["separator"]:
        return None
    return match["whole"].replace(match["separator"], ""), match["part"] or ""


def _split_plain(digits: str) -> tuple[str, str] | None:
    match = _PLAIN.fullmatch(digits)
    return match and (match["whole"], match["part"] or "")
