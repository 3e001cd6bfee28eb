from collections.abc import Collection, Iterable
from typing import TypeVar

from accounts.models import User
from benefits.dossier import (
    BenefitRow,
    BenefitsDossier,
    ChangeRow,
    IndicatorRow,
    MeasurementRow,
)
from benefits.enums import Category, Direction
from benefits.models import Benefit, Change, Indicator, Measurement
from benefits.rules import Point, latest
from tools.contract import PersonRef

RowT = TypeVar("RowT")


def load_dossiers(project_ids: Collection[int]) -> dict[int, BenefitsDossier]:
    """Four queries for any number of projects. What hangs on a deleted row is left out with it."""
    changes = Change.objects.filter(project_id__in=project_ids, deleted_at__isnull=True)
    benefits = Benefit.objects.filter(
        project_id__in=project_ids, deleted_at__isnull=True
    ).select_related("change", "owner")
    indicators = Indicator.objects.filter(
        project_id__in=project_ids, deleted_at__isnull=True, benefit__deleted_at__isnull=True
    ).select_related("benefit", "responsible")
    measurements = Measurement.objects.filter(
        project_id__in=project_ids,
        deleted_at__isnull=True,
        indicator__deleted_at__isnull=True,
        indicator__benefit__deleted_at__isnull=True,
    ).select_related("indicator__benefit")
    series: dict[int, list[Point]] = {}
    measurement_rows = []
    for measurement in measurements:
        series.setdefault(measurement.indicator_id, []).append(
            Point(measurement.measured_on, measurement.value)
        )
        measurement_rows.append((measurement.project_id, _measurement(measurement)))
    change_rows = _grouped((row.project_id, _change(row)) for row in changes)
    benefit_rows = _grouped((row.project_id, _benefit(row)) for row in benefits)
    indicator_rows = _grouped(
        (row.project_id, _indicator(row, series.get(row.pk, []))) for row in indicators
    )
    measured = _grouped(measurement_rows)
    return {
        pk: BenefitsDossier(
            changes=change_rows.get(pk, ()),
            benefits=benefit_rows.get(pk, ()),
            indicators=indicator_rows.get(pk, ()),
            measurements=measured.get(pk, ()),
        )
        for pk in project_ids
    }


def _grouped(rows: Iterable[tuple[int, RowT]]) -> dict[int, tuple[RowT, ...]]:
    groups: dict[int, list[RowT]] = {}
    for project_id, row in rows:
        groups.setdefault(project_id, []).append(row)
    return {project_id: tuple(group) for project_id, group in groups.items()}


def _person(user: User | None, name: str) -> PersonRef | None:
    if user is not None:
        return PersonRef(user.pk, user.name)
    return PersonRef(None, name) if name else None


def _change(row: Change) -> ChangeRow:
    return ChangeRow(pk=row.pk, process=row.process, description=row.description)


def _benefit(row: Benefit) -> BenefitRow:
    change = row.change if row.change is not None and row.change.deleted_at is None else None
    return BenefitRow(
        pk=row.pk,
        code=row.code,
        title=row.title,
        description=row.description,
        category=Category(row.category),
        change_pk=change.pk if change else None,
        change=change.process if change else "",
        owner=_person(row.owner, row.owner_name),
        beneficiary=row.beneficiary,
        preconditions=row.preconditions,
        amount_per_year=row.amount_per_year,
        hours_per_year=row.hours_per_year,
    )


def _indicator(row: Indicator, series: list[Point]) -> IndicatorRow:
    newest = latest(series)
    return IndicatorRow(
        pk=row.pk,
        benefit_pk=row.benefit_id,
        benefit=f"{row.benefit.code} {row.benefit.title}",
        name=row.name,
        unit=row.unit,
        direction=Direction(row.direction),
        baseline_value=row.baseline_value,
        baseline_on=row.baseline_on,
        baseline_source=row.baseline_source,
        target_value=row.target_value,
        target_on=row.target_on,
        data_source=row.data_source,
        responsible=_person(row.responsible, row.responsible_name),
        latest_value=newest.value if newest else None,
        latest_on=newest.on if newest else None,
    )


def _measurement(row: Measurement) -> MeasurementRow:
    return MeasurementRow(
        pk=row.pk,
        indicator_pk=row.indicator_id,
        indicator=f"{row.indicator.benefit.code}: {row.indicator.name}",
        measured_on=row.measured_on,
        value=row.value,
        unit=row.indicator.unit,
        comment=row.comment,
    )
