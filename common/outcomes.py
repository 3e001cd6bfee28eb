"""Answers that carry their reason.

A question about permission is answered with :class:`Allowed` or :class:`Denied`; a write that
cannot be done raises a :class:`Refusal`. Both hold a sentence for a person, so that pages can show
it where the button would be and forms can show it above what was typed.
"""

from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """No, because of ``reason``; ``url`` is where it can be mended, when there is such a place."""

    reason: str | Promise
    url: str = ""

    def __bool__(self) -> Literal[False]:
        return False


Outcome = Allowed | Denied


class Refusal(Exception):  # noqa: N818 -- a domain word: the write was refused
    """A write that the domain refuses. ``str(refusal)`` is a sentence for the person who asked."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


class StaleRow(Refusal):
    """Somebody else saved the row between the moment it was read and this write."""


def add_refusal(form: BaseForm, error: Refusal | ValidationError) -> None:
    """Show a refusal or a failed ``full_clean`` in ``form``, beside the field where that is known.

    Messages about fields that the form does not show land in the summary on top.
    """
    if isinstance(error, Refusal):
        form.add_error(None, str(error.reason))
        return
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.error_dict.items():
        form.add_error(field if field in form.fields else None, messages)
