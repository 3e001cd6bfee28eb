"""Norwegian national identity numbers, found in text so that they can be refused."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Eleven digits that stand alone, also written as date and personal number.
_CANDIDATE = re.compile(r"(?<![0-9])([0-9]{6})[ \u00a0\u202f\u2009-]?([0-9]{5})(?![0-9])")
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def holds_identity_number(text: str) -> bool:
    """Whether the text holds eleven digits whose two control digits are right: an identity number,
    or a number that cannot be told from one."""
    return any(_is_identity_number("".join(found.groups())) for found in _CANDIDATE.finditer(text))


def refuse_identity_numbers(text: str) -> None:
    """Raises ``ValidationError`` with a sentence that does not repeat the number."""
    if holds_identity_number(text):
        raise ValidationError(
            _(
                "The text holds eleven digits that are a valid national identity number. Take "
                "them out: identity numbers must not be written here."
            ),
            code="identity_number",
        )


def _is_identity_number(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    return all(
        sum(weight * number for weight, number in zip(weights, numbers, strict=False)) % 11 == 0
        for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS)
    )
