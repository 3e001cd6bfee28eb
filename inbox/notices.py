"""Sending once: the row first, then the mail, then the row again."""

import datetime
import logging
import smtplib
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from inbox.models import Notice, NoticeKind

logger = logging.getLogger(__name__)

# How long somebody who has claimed a mail may take to send it. Whoever dies in between leaves the
# mail to the next one after that, who sends it again if it had gone out: one too many at most.
CLAIM_LASTS = datetime.timedelta(minutes=15)
_FIRST_WAIT = datetime.timedelta(minutes=10)
_LONGEST_WAIT = datetime.timedelta(days=1)

# Every other answer of a mail server, and none at all, is an OSError that is about all mails.
_ABOUT_THIS_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
# A mail that was there each of so many times when the server went away lets the others go first.
_PATIENCE = 3


class MailServerDown(Exception):  # noqa: N818 -- says what is so
    """Nothing can be sent now; trying with the next mail would take as long and fail as well."""


def claim(user: User, kind: NoticeKind, key: str) -> Notice | None:
    """The notice, for the caller alone to send now; ``None`` when it is sent, or somebody else is
    at it. Of two at the same moment the constraint lets one through."""
    now = timezone.now()
    until = now + CLAIM_LASTS
    notice, is_new = Notice.objects.get_or_create(
        user=user,
        kind=kind,
        key=key,
        defaults={"attempts": 1, "claimed_at": now, "next_try_at": until},
    )
    if is_new:
        return notice
    taken = Notice.objects.filter(
        pk=notice.pk, sent_at__isnull=True, is_empty=False, next_try_at__lte=now
    ).update(attempts=F("attempts") + 1, claimed_at=now, next_try_at=until)
    if not taken:
        return None
    notice.refresh_from_db()
    return notice


def send_once(notice: Notice, write: Callable[[], EmailMessage | None]) -> bool:
    """Send what ``write`` gives under a claimed notice; whether it was sent. ``None`` is nothing
    to say, which is settled too.

    A mail that fails is left for later, longer after each time. :class:`MailServerDown` when the
    server cannot be reached at all; then it is left for the next round.
    """
    try:
        message = write()
        if message is None:
            _store(notice, is_empty=True)
            return False
        message.send()
    except _ABOUT_THIS_MAIL:
        _leave_for_later(notice)
        return False
    except OSError as error:
        wait = _FIRST_WAIT if notice.attempts > _PATIENCE else datetime.timedelta()
        _store(notice, next_try_at=timezone.now() + wait)
        raise MailServerDown(str(error)) from error
    except Exception:
        _leave_for_later(notice)
        return False
    _store(notice, sent_at=timezone.now())
    return True


def _leave_for_later(notice: Notice) -> None:
    """One address, or one mail, that cannot be: the others go out all the same."""
    wait = min(_FIRST_WAIT * 2 ** min(notice.attempts - 1, 10), _LONGEST_WAIT)
    _store(notice, next_try_at=timezone.now() + wait)
    logger.exception("mail %s could not be sent, next try in %s", notice.pk, wait)


def _store(notice: Notice, **values: object) -> None:
    Notice.objects.filter(pk=notice.pk).update(**values)
