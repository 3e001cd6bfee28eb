"""How far an indicator has come. Pure, with ``Decimal`` throughout."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from benefits.enums import Direction, Standing

# "Keep the level" is kept within five per cent of it.
KEEP_TOLERANCE = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Point:
    on: datetime.date
    value: Decimal


def progress(
    baseline: Decimal | None, target: Decimal | None, value: Decimal | None
) -> Decimal | None:
    """How much of the way from ``baseline`` to ``target`` is done, as a fraction.

    0 when nothing has happened, 1 at the target, above 1 beyond it and negative when things became
    worse; the direction does not matter. ``None`` when something is missing, and when target
    equals baseline: then there is no way to go. Zero is a value.

    Not value divided by target: that would say 87.5 % for 70 -> 80 while nothing has happened.
    """
    if baseline is None or target is None or value is None or target == baseline:
        return None
    return (value - baseline) / (target - baseline)


def standing(
    direction: Direction,
    baseline: Decimal | None,
    target: Decimal | None,
    value: Decimal | None,
) -> Standing:
    """Progress in one word."""
    if value is None:
        return Standing.NOT_MEASURED
    if direction is Direction.KEEP:
        level = baseline if target is None else target
        if level is None:
            return Standing.UNKNOWN
        kept = abs(value - level) <= abs(level) * KEEP_TOLERANCE
        return Standing.KEPT if kept else Standing.OFF_LEVEL
    done = progress(baseline, target, value)
    if done is None:
        return Standing.UNKNOWN
    if done < 0:
        return Standing.WORSE
    if done == 0:
        return Standing.UNCHANGED
    return Standing.REACHED if done >= 1 else Standing.ON_THE_WAY


def is_on_target(standing: Standing) -> bool:
    return standing in {Standing.REACHED, Standing.KEPT}


def latest(points: Iterable[Point]) -> Point | None:
    """The point of the newest date; of several on one day, the last given."""
    newest: Point | None = None
    for point in points:
        if newest is None or point.on >= newest.on:
            newest = point
    return newest


def sum_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; ``None`` when nothing is, which is not zero."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def is_overdue(
    target_on: datetime.date | None, latest_on: datetime.date | None, today: datetime.date
) -> bool:
    """Whether the target date has passed and nothing was measured on or after it."""
    if target_on is None or target_on >= today:
        return False
    return latest_on is None or latest_on < target_on
