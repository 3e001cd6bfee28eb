"""Time in the demo data, counted in days before today."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

_SATURDAY = 5
_OFFICE_OPENS = datetime.time(8, 40)
_BETWEEN_EVENTS = datetime.timedelta(minutes=7)


@contextmanager
def at(moment: datetime.datetime) -> Iterator[None]:
    """Let ``django.utils.timezone.now`` answer ``moment`` for the duration, in the whole process.

    Records, decisions and ``auto_now`` fields then carry the moment at which the story says they
    were made. Only the demo data does this: nothing else may write anything but the true time.
    """
    true_clock = timezone.now
    timezone.now = lambda: moment.astimezone(datetime.UTC)
    try:
        yield
    finally:
        timezone.now = true_clock


def workday(today: datetime.date, days_ago: int) -> datetime.date:
    """The day so many days before ``today``, or the Friday before it when that is a weekend.

    Negative numbers are days to come. Never puts two days in another order.
    """
    day = today - datetime.timedelta(days=days_ago)
    return day - datetime.timedelta(days=max(0, day.weekday() - _SATURDAY + 1))


def moment_on(day: datetime.date, place: int) -> datetime.datetime:
    """When the event number ``place`` (from 0) of a working day happens.

    Days begin at different times, as people's days do; the same day always at the same time.
    """
    opens = datetime.datetime.combine(day, _OFFICE_OPENS, timezone.get_default_timezone())
    begins = datetime.timedelta(minutes=day.toordinal() * 37 % 240)
    return opens + begins + place * _BETWEEN_EVENTS
