"""Lifelike rows of the benefits tool."""

import datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from benefits.enums import Category, Direction
from benefits.models import Benefit, Change, Indicator, Measurement
from projects.models import Project
from tests.tools.samples import Sample
from tools.services import save_row


def make_change(project: Project, actor: User, number: int = 1, **values: Any) -> Change:
    row = Change(
        project=project,
        **{
            "process": f"Nattbesøk {number}",
            "description": "Nattpatruljen ser gjennom sensoren først og kjører bare ved behov.",
            **values,
        },
    )
    return save_row(row=row, actor=actor)


def make_benefit(project: Project, actor: User, number: int = 1, **values: Any) -> Benefit:
    """With owner and change unless told otherwise."""
    if "change" not in values:
        values["change"] = make_change(project, actor, number)
    if "owner" not in values and "owner_name" not in values:
        values["owner"] = actor
    row = Benefit(
        project=project,
        **{
            "title": f"Færre unødige nattbesøk {number}",
            "category": Category.TIME_SAVED,
            "beneficiary": "Beboere og nattpatruljen",
            "amount_per_year": Decimal("120000.00"),
            "hours_per_year": Decimal("430.50"),
            **values,
        },
    )
    return save_row(row=row, actor=actor)


def make_indicator(project: Project, actor: User, number: int = 1, **values: Any) -> Indicator:
    if "benefit" not in values:
        values["benefit"] = make_benefit(project, actor, number)
    row = Indicator(
        project=project,
        **{
            "name": f"Besøk per natt {number}",
            "unit": "besøk",
            "direction": Direction.DOWN,
            "baseline_value": Decimal("2.0"),
            "baseline_on": datetime.date(2026, 1, 20),
            "baseline_source": "Telling i to uker",
            "target_value": Decimal("0.2"),
            "target_on": datetime.date(2026, 9, 1),
            "responsible": actor,
            **values,
        },
    )
    return save_row(row=row, actor=actor)


def make_measurement(project: Project, actor: User, number: int = 1, **values: Any) -> Measurement:
    if "indicator" not in values:
        values["indicator"] = make_indicator(project, actor, number)
    row = Measurement(
        project=project,
        **{
            "measured_on": datetime.date(2026, 3, number),
            "value": Decimal("1.1"),
            "comment": "To nye beboere i mars.",
            **values,
        },
    )
    return save_row(row=row, actor=actor)


SAMPLES = (
    Sample(
        register="changes",
        make=make_change,
        posted=lambda project, actor: {"process": "Tilsyn", "description": "Skjer digitalt."},
        text_field="process",
        other_field="description",
    ),
    Sample(
        register="benefits",
        make=make_benefit,
        posted=lambda project, actor: {
            "title": "Roligere netter",
            "category": "quality",
            "owner": str(actor.pk),
            "amount_per_year": "1 234 500,50",
        },
        text_field="title",
        other_field="beneficiary",
    ),
    Sample(
        register="indicators",
        make=make_indicator,
        posted=lambda project, actor: {
            "benefit": str(make_benefit(project, actor).pk),
            "name": "Oppvåkninger",
            "unit": "per natt",
            "direction": "down",
            "baseline_value": "3,5",
            "baseline_on": "2026-02-01",
        },
        text_field="name",
        other_field="unit",
    ),
    Sample(
        register="measurements",
        make=make_measurement,
        posted=lambda project, actor: {
            "indicator": str(make_indicator(project, actor).pk),
            "measured_on": "2026-04-01",
            "value": "0",
        },
        text_field="comment",
    ),
)
