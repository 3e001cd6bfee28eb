"""What the project says about benefits, as frozen dataclasses."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from benefits.enums import Category, Direction, Standing
from benefits.rules import Point, progress, standing
from tools.contract import PersonRef


@dataclass(frozen=True, slots=True)
class ChangeRow:
    pk: int
    process: str
    description: str


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """``change`` is the work that changes. Amounts in NOK and hours per year, at full effect."""

    pk: int
    code: str
    title: str
    description: str
    category: Category
    change_pk: int | None
    change: str
    owner: PersonRef | None
    beneficiary: str
    preconditions: str
    amount_per_year: Decimal | None
    hours_per_year: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """``benefit`` is the benefit's code and title. ``latest_*`` come from the series."""

    pk: int
    benefit_pk: int
    benefit: str
    name: str
    unit: str
    direction: Direction
    baseline_value: Decimal | None
    baseline_on: datetime.date | None
    baseline_source: str
    target_value: Decimal | None
    target_on: datetime.date | None
    data_source: str
    responsible: PersonRef | None
    latest_value: Decimal | None
    latest_on: datetime.date | None

    @property
    def progress(self) -> Decimal | None:
        """Fraction of the way from baseline to target; see :func:`benefits.rules.progress`."""
        return progress(self.baseline_value, self.target_value, self.latest_value)

    @property
    def standing(self) -> Standing:
        return standing(self.direction, self.baseline_value, self.target_value, self.latest_value)


@dataclass(frozen=True, slots=True)
class MeasurementRow:
    pk: int
    indicator_pk: int
    indicator: str
    measured_on: datetime.date
    value: Decimal
    unit: str
    comment: str


@dataclass(frozen=True, slots=True)
class IndicatorCard:
    """An indicator with its series, for drawing."""

    row: IndicatorRow
    series: tuple[MeasurementRow, ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """Baseline and measurements by date: what the trend is drawn from."""
        points = [Point(each.measured_on, each.value) for each in self.series]
        if self.row.baseline_value is not None and self.row.baseline_on is not None:
            points.append(Point(self.row.baseline_on, self.row.baseline_value))
        return tuple(sorted(points, key=lambda point: point.on))


@dataclass(frozen=True, slots=True)
class BenefitCard:
    row: BenefitRow
    indicators: tuple[IndicatorCard, ...]


@dataclass(frozen=True, slots=True)
class BenefitsDossier:
    changes: tuple[ChangeRow, ...] = ()
    benefits: tuple[BenefitRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    measurements: tuple[MeasurementRow, ...] = ()

    @property
    def cards(self) -> tuple[BenefitCard, ...]:
        """Each benefit with its indicators, each of those with its series."""
        return tuple(
            BenefitCard(
                benefit,
                tuple(
                    IndicatorCard(indicator, self.series_of(indicator.pk))
                    for indicator in self.indicators
                    if indicator.benefit_pk == benefit.pk
                ),
            )
            for benefit in self.benefits
        )

    def series_of(self, indicator_pk: int) -> tuple[MeasurementRow, ...]:
        """The indicator's measurements, oldest first."""
        return tuple(each for each in self.measurements if each.indicator_pk == indicator_pk)
