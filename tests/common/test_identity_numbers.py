"""Identity numbers are found in running text, and refused without being repeated."""

import pytest
from django.core.exceptions import ValidationError

from common.identity_numbers import holds_identity_number, refuse_identity_numbers


def _numbers() -> list[str]:
    """Every number from 018175 000 whose control digits exist, found without the code under
    test."""
    found = []
    for individual in range(100):
        digits = [int(each) for each in f"018175{individual:03}"]
        first = -sum(a * b for a, b in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), digits, strict=True)) % 11
        digits.append(first)
        second = (
            -sum(a * b for a, b in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), digits, strict=True)) % 11
        )
        if first < 10 and second < 10:
            found.append("".join(map(str, [*digits, second])))
    return found


VALID = _numbers()


@pytest.mark.parametrize("number", VALID)
def test_every_number_with_right_control_digits_is_found(number: str) -> None:
    assert holds_identity_number(number)
    assert holds_identity_number(f"Bruker ({number[:6]} {number[6:]}) sover.")
    assert holds_identity_number(f"Fnr:{number[:6]}\u00a0{number[6:]}")
    assert holds_identity_number(f"{number[:6]}-{number[6:]},")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678901",
        f"{VALID[0]}1",
        f"1{VALID[0]}",
        VALID[0][:10],
        f"{VALID[0][:6]}\n{VALID[0][6:]}",
        "Sak 2026/1482, telefon 22 33 44 55",
        f"{VALID[0][:-1]}{(int(VALID[0][-1]) + 1) % 10}",
    ],
)
def test_other_digits_are_let_through(text: str) -> None:
    assert not holds_identity_number(text)
    refuse_identity_numbers(text)


def test_the_sentence_does_not_repeat_the_number() -> None:
    with pytest.raises(ValidationError) as refused:
        refuse_identity_numbers(f"Hun het {VALID[3]}")

    (message,) = refused.value.messages
    assert VALID[3] not in message
    assert message == (
        "The text holds eleven digits that are a valid national identity number. Take them out: "
        "identity numbers must not be written here."
    )
