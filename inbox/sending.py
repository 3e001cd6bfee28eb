"""The round that sends what is due."""

import datetime
import logging
from functools import partial

from inbox.due import due_mails
from inbox.mails import written
from inbox.notices import MailServerDown, claim, send_once

logger = logging.getLogger(__name__)


def send_due_mails(now: datetime.datetime | None = None) -> int:
    """Send every mail that is due, each once, also when several workers do so at the same time;
    how many were sent. When the mail server cannot be reached the rest waits for the next round.
    """
    sent = 0
    for mail in due_mails(now):
        notice = claim(mail.person, mail.kind, mail.key)
        if notice is None:
            continue
        try:
            sent += send_once(notice, partial(written, mail))
        except MailServerDown as error:
            logger.warning("mails wait for the next round, the server is away: %s", error)
            break
    return sent
