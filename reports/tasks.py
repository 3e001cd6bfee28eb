"""What the worker does. Each task calls one function and holds no rule."""

import logging
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from kombu.exceptions import OperationalError

from reports import running

logger = logging.getLogger(__name__)

IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 2}


@shared_task(acks_late=True, ignore_result=True)
def run_report(job_id: int) -> None:
    """Make a report. A second delivery, or one of a job that is gone, does nothing."""
    running.make_report(job_id)


# Whoever comes a minute late need not come: the next one is under way.
@shared_task(ignore_result=True, expires=55)
def put_back_abandoned() -> None:
    """Put jobs of dead workers back, and put what waits into the queue again."""
    for job_id in running.put_back_abandoned():
        enqueue(job_id)


@shared_task(ignore_result=True, expires=3000)
def delete_expired() -> None:
    running.delete_expired()


def enqueue(job_id: int) -> None:
    """Tell the workers about a job. Without a queue to tell it to, the job waits: the row is the
    truth, and :func:`put_back_abandoned` tells them again. Takes two seconds at the most."""
    app = run_report.app
    options = {**app.conf.broker_transport_options, **IMPATIENT}
    try:
        # A connection of its own: those of the pool try again for ten seconds, and somebody sits
        # before a page meanwhile.
        with app.connection_for_write(transport_options=options) as connection:
            run_report.apply_async(args=[job_id], connection=connection, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("report job %s waits, the queue cannot be reached: %s", job_id, error)


@worker_ready.connect
def take_up_what_was_left(**_kwargs: Any) -> None:
    """A worker that starts looks for what the one before it left."""
    for job_id in running.put_back_abandoned(at_start=True):
        enqueue(job_id)
