"""What the benefits tool misses, adds up and reminds of."""

import datetime
from decimal import Decimal
from typing import Any

from benefits.dossier import BenefitsDossier
from benefits.enums import Direction
from benefits.tool import BenefitsTool
from projects.models import Project
from tests.benefits.factory import make_benefit, make_indicator, make_measurement
from tools.context import context_of
from tools.contract import PersonRef, Task
from tools.services import delete_row

TOOL = BenefitsTool()


def dossier(project: Project) -> BenefitsDossier:
    return TOOL.load([project.pk])[project.pk]


def findings(project: Project) -> list[tuple[str, str, str]]:
    return [
        (each.code, each.text, each.url)
        for each in TOOL.findings(dossier(project), context_of(project))
    ]


def test_an_empty_project_has_no_benefits(project: Project) -> None:
    assert findings(project) == [
        (
            "benefits.none",
            "No benefits are written down yet.",
            f"/prosjekter/{project.pk}/verktoy/gevinster/gevinster/ny/#id_title",
        )
    ]


def test_each_gap_is_named_with_the_field_that_mends_it(
    project: Project, municipality: Any
) -> None:
    bare = make_benefit(project, municipality.leader, owner=None, change=None, title="Ro")
    start = f"/prosjekter/{project.pk}/verktoy/gevinster"

    assert findings(project) == [
        (
            "benefits.no_owner",
            "G1 Ro has no owner.",
            f"{start}/gevinster/{bare.pk}/#id_owner",
        ),
        (
            "benefits.no_change",
            "G1 Ro does not say which change it comes from.",
            f"{start}/gevinster/{bare.pk}/#id_change",
        ),
        (
            "benefits.no_indicator",
            "G1 Ro has no indicator.",
            f"{start}/indikatorer/ny/?benefit={bare.pk}#id_name",
        ),
    ]


def test_an_indicator_without_figures_is_named_three_times(
    project: Project, municipality: Any
) -> None:
    row = make_indicator(
        project,
        municipality.leader,
        name="Besøk",
        baseline_value=None,
        target_value=None,
    )
    start = f"/prosjekter/{project.pk}/verktoy/gevinster"

    assert findings(project) == [
        (
            "benefits.no_baseline",
            "G1: “Besøk” has no value from before the change.",
            f"{start}/indikatorer/{row.pk}/#id_baseline_value",
        ),
        (
            "benefits.no_target",
            "G1: “Besøk” has no target.",
            f"{start}/indikatorer/{row.pk}/#id_target_value",
        ),
        (
            "benefits.not_measured",
            "G1: “Besøk” has not been measured.",
            f"{start}/malinger/ny/?indicator={row.pk}#id_value",
        ),
    ]


def test_a_baseline_without_a_date_is_a_gap_and_a_kept_level_needs_no_target(
    project: Project, municipality: Any
) -> None:
    row = make_indicator(
        project,
        municipality.leader,
        name="Fall",
        direction=Direction.KEEP,
        target_value=None,
        baseline_on=None,
    )
    make_measurement(project, municipality.leader, indicator=row)

    assert [(code, text) for code, text, _url in findings(project)] == [
        ("benefits.no_baseline", "G1: the value before the change of “Fall” has no date.")
    ]


def test_a_measured_zero_counts_as_measured(project: Project, municipality: Any) -> None:
    make_measurement(project, municipality.leader, value=Decimal(0))

    assert findings(project) == []


def test_a_deleted_change_is_a_missing_change(project: Project, municipality: Any) -> None:
    measurement = make_measurement(project, municipality.leader)
    delete_row(row=measurement.indicator.benefit.change, actor=municipality.leader)

    assert [code for code, _text, _url in findings(project)] == ["benefits.no_change"]


def test_what_hangs_on_a_deleted_benefit_is_left_out(project: Project, municipality: Any) -> None:
    measurement = make_measurement(project, municipality.leader)
    delete_row(row=measurement.indicator.benefit, actor=municipality.leader)
    left = dossier(project)

    assert (len(left.changes), left.benefits, left.indicators, left.measurements) == (1, (), (), ())


def test_facts_keep_money_and_hours_apart(project: Project, municipality: Any) -> None:
    leader = municipality.leader
    benefit = make_benefit(project, leader, 1)
    make_benefit(project, leader, 2, amount_per_year=None, hours_per_year=Decimal("69.5"))
    reached = make_indicator(project, leader, 1, benefit=benefit)
    make_indicator(project, leader, 2, benefit=benefit)
    make_measurement(project, leader, indicator=reached, value=Decimal("0.1"))

    assert [(fact.key, fact.value, str(fact.unit)) for fact in TOOL.facts(dossier(project))] == [
        ("amount_per_year", Decimal("120000.00"), ""),
        ("hours_per_year", Decimal("500.00"), "hours"),
        ("benefits", 2, ""),
        ("indicators_on_target", 1, "of 2"),
    ]


def test_unknown_amounts_are_gaps_in_the_facts(project: Project) -> None:
    assert [fact.value for fact in TOOL.facts(dossier(project))] == [None, None, 0, 0]


def test_a_passed_target_date_without_measurement_is_a_task(
    project: Project, municipality: Any
) -> None:
    leader = municipality.leader
    row = make_indicator(project, leader, name="Besøk", target_on=datetime.date(2026, 3, 31))
    make_measurement(project, leader, 30, indicator=row)
    context = context_of(project)

    def tasks() -> tuple[Task, ...]:
        return TOOL.tasks(dossier(project), context)

    assert tasks() == (
        Task(
            what="Measure “Besøk”",
            who=PersonRef(leader.pk, leader.name),
            due_on=datetime.date(2026, 3, 31),
            url=(
                f"/prosjekter/{project.pk}/verktoy/gevinster/malinger/ny/"
                f"?indicator={row.pk}#id_value"
            ),
        ),
    )
    make_measurement(project, leader, 31, indicator=row)
    assert tasks() == ()
