"""The trend of one indicator as a small drawing: where each point lies. Pure.

Coordinates are text with a decimal point, so that no language's number format reaches the SVG.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from benefits.rules import Point

WIDTH, HEIGHT, MARGIN = 320, 88, 10
FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Trend:
    """``target_y`` is the height of the target's line, empty without a target."""

    width: int
    height: int
    line: str
    dots: tuple[Dot, ...]
    target_y: str

    @property
    def last(self) -> Dot:
        return self.dots[-1]


def draw_trend(points: Sequence[Point], target: Decimal | None) -> Trend | None:
    """``points`` oldest first. ``None`` for fewer than two: one figure is no trend."""
    if len(points) < FEWEST_POINTS:
        return None
    values = [point.value for point in points] + ([target] if target is not None else [])
    lowest, highest = min(values), max(values)
    first, last = points[0].on.toordinal(), points[-1].on.toordinal()
    dots = tuple(
        Dot(
            _text(_scaled(Decimal(point.on.toordinal()), first, last, MARGIN, WIDTH - MARGIN)),
            _text(_scaled(point.value, lowest, highest, HEIGHT - MARGIN, MARGIN)),
        )
        for point in points
    )
    return Trend(
        width=WIDTH,
        height=HEIGHT,
        line=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        dots=dots,
        target_y=(
            ""
            if target is None
            else _text(_scaled(target, lowest, highest, HEIGHT - MARGIN, MARGIN))
        ),
    )


def _scaled(
    value: Decimal, lowest: Decimal | int, highest: Decimal | int, start: int, end: int
) -> Decimal:
    """``value`` from the range lowest..highest moved to start..end; the middle if there is none."""
    if highest == lowest:
        return Decimal(start + end) / 2
    return start + (value - lowest) / (Decimal(highest) - lowest) * (end - start)


def _text(number: Decimal) -> str:
    return f"{number:.1f}"
