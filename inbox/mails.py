"""Mails as they are written: that something waits, never what it says. No database."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from accounts.models import User
from accounts.services import mail_language
from common.templatetags.ui import day
from inbox.models import NoticeKind


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is due. ``subject`` and ``template`` are written in the language of ``person``;
    ``subject`` may hold ``%(name)s``."""

    person: User
    kind: NoticeKind
    key: str
    subject: str | Promise
    template: str
    path: str
    name: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def address(path: str) -> str:
    """The whole address of a page, for links in mails."""
    return settings.BASE_URL.rstrip("/") + path


def written(mail: Mail) -> EmailMessage:
    """The mail in its reader's language."""
    with translation.override(mail_language(mail.person)):
        # The name stands in a header, where a line break would end it.
        name = " ".join(mail.name.split())
        context = {
            "person": mail.person,
            "name": name,
            "link": address(mail.path),
            "settings_link": address(reverse("accounts:profile")),
            **{key: _in_words(value) for key, value in mail.details.items()},
        }
        return EmailMessage(
            subject=str(mail.subject) % {"name": name},
            body=render_to_string(f"inbox/mail/{mail.template}.txt", context).strip() + "\n",
            to=[mail.person.email],
            # Answering machines leave such mails alone.
            headers={"Auto-Submitted": "auto-generated"},
        )


def _in_words(value: Any) -> Any:
    return day(value) if isinstance(value, datetime.date) else value
