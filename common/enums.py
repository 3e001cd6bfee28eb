"""Choices that know how they look: a value for the machine, a tone for the eye, a label for
people."""

from typing import Self

from django.db import models


class ToneChoices(models.TextChoices):
    """Text choices written as ``NAME = value, tone, label``.

    The tone is one of ``neutral``, ``info``, ``success``, ``warning``, ``danger`` and ``accent``;
    ``{% status_tag member %}`` draws it. The label always carries the meaning on its own.
    """

    tone: str

    def __new__(cls, value: str, tone: str = "neutral") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        return member
