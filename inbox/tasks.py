"""What the worker does on its own. Each task calls one function and holds no rule."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from inbox import digests, sending

logger = logging.getLogger(__name__)

IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 2}


# Whoever comes late need not come: the next one finds the same.
@shared_task(ignore_result=True, expires=110)
def send_due_mails() -> None:
    sending.send_due_mails()


@shared_task(ignore_result=True, expires=800)
def send_digests() -> None:
    digests.send_digests()


def enqueue_due_mails() -> None:
    """Ask the workers to look for mails that are due. Without a queue to ask, beat does it at its
    next round: nothing is lost. Takes two seconds at the most."""
    app = send_due_mails.app
    options = {**app.conf.broker_transport_options, **IMPATIENT}
    try:
        # A connection of its own: those of the pool try again for ten seconds, and somebody sits
        # before a page meanwhile.
        with app.connection_for_write(transport_options=options) as connection:
            send_due_mails.apply_async(connection=connection, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("mails wait for the next round, the queue cannot be reached: %s", error)
