"""Messages that carry one action, such as an undo."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.functional import Promise

_MARK = "action:"


@dataclass(frozen=True, slots=True)
class MessageAction:
    label: str
    url: str


def success_with_action(
    request: HttpRequest, text: str | Promise, label: str | Promise, url: str
) -> None:
    """Say that something went well, with a button beside it that POSTs to ``url``."""
    carried = _MARK + json.dumps({"label": str(label), "url": url})
    messages.success(request, str(text), extra_tags=carried)


def action_of(message: Message) -> MessageAction | None:
    """The action that :func:`success_with_action` gave the message, or ``None``."""
    tags = message.extra_tags or ""
    if not tags.startswith(_MARK):
        return None
    return MessageAction(**json.loads(tags.removeprefix(_MARK)))
