"""Timing against a floor: how much longer than what cannot be left out."""

import gc
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, of the best round each. ``floor`` is what the work cannot do without."""

    name: str
    seconds: float
    floor_name: str
    floor: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor


def best_of(rounds: int, work: Callable[[], object]) -> float:
    """The shortest of ``rounds`` runs in seconds, after one that is not counted."""
    work()
    taken = []
    for _round in range(rounds):
        gc.collect()
        gc.disable()
        before = time.perf_counter()
        work()
        taken.append(time.perf_counter() - before)
        gc.enable()
    return min(taken)


def table(measured: Iterable[Measured]) -> str:
    """Columns of text, one line per measurement."""
    head = ("what", "ms", "floor", "ms", "ratio")
    lines = [head] + [
        (
            each.name,
            f"{each.seconds * 1000:.1f}",
            each.floor_name,
            f"{each.floor * 1000:.1f}",
            f"{each.ratio:.1f}",
        )
        for each in measured
    ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    right = {1, 3, 4}
    return "\n".join(
        "  ".join(
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
