"""Which route a project takes, as tables."""

import datetime
from decimal import Decimal

import pytest

from phases.enums import DecisionRule, SeatSource
from phases.routes import (
    BUILT_IN,
    ProjectSize,
    RouteRule,
    SeatRule,
    choose,
    route_problems,
    working_days_after,
)
from projects.enums import Uncertainty

LOW, MEDIUM, HIGH = Uncertainty.LOW, Uncertainty.MEDIUM, Uncertainty.HIGH


def route(name, **thresholds):
    return RouteRule(name, DecisionRule.ONE, (SeatRule(SeatSource.OWNER),), **thresholds)


BIG = route("big", least_budget=Decimal(5_000_000), for_public_interest=True)
UNSURE = route("unsure", least_budget=Decimal(1_000_000), least_uncertainty=HIGH)
REST = route("rest")


@pytest.mark.parametrize(
    ("routes", "size", "expected"),
    [
        ((), ProjectSize(), BUILT_IN),
        ((), ProjectSize(Decimal(9_000_000), HIGH, True), BUILT_IN),
        ((BIG, UNSURE), ProjectSize(), BUILT_IN),
        ((BIG, UNSURE, REST), ProjectSize(), REST),
        ((BIG, UNSURE, REST), ProjectSize(Decimal("999999.99")), REST),
        ((BIG, UNSURE, REST), ProjectSize(Decimal(1_000_000)), UNSURE),
        ((BIG, UNSURE, REST), ProjectSize(Decimal("4999999.99")), UNSURE),
        ((BIG, UNSURE, REST), ProjectSize(Decimal(5_000_000)), BIG),
        ((BIG, UNSURE, REST), ProjectSize(uncertainty=MEDIUM), REST),
        ((BIG, UNSURE, REST), ProjectSize(uncertainty=HIGH), UNSURE),
        ((BIG, UNSURE, REST), ProjectSize(has_public_interest=True), BIG),
        ((BIG, UNSURE, REST), ProjectSize(Decimal(0), LOW), REST),
        ((UNSURE, BIG), ProjectSize(Decimal(9_000_000), HIGH, True), UNSURE),
        ((REST, BIG, UNSURE), ProjectSize(Decimal(9_000_000)), REST),
        ((route("any", least_uncertainty=LOW),), ProjectSize(), BUILT_IN),
        ((route("free", least_budget=Decimal(0)),), ProjectSize(Decimal(0)), None),
    ],
)
def test_the_first_route_that_a_project_reaches_is_taken(routes, size, expected):
    assert choose(routes, size) == (routes[0] if expected is None else expected)


@pytest.mark.parametrize(
    ("least", "reached"),
    [(LOW, (LOW, MEDIUM, HIGH)), (MEDIUM, (MEDIUM, HIGH)), (HIGH, (HIGH,))],
)
def test_uncertainty_reaches_what_is_below_it(least, reached):
    asked = route("asked", least_uncertainty=least)
    assert tuple(each for each in Uncertainty if asked.is_reached_by(ProjectSize(None, each))) == (
        reached
    )


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (DecisionRule.ONE, 1),
        (DecisionRule.ANY, 1),
        (DecisionRule.ALL, 3),
        (DecisionRule.CHAIR, 3),
    ],
)
def test_a_quorum_counts_where_several_vote(rule, needed):
    assert RouteRule("x", rule, (), quorum=3).needed == needed


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-29", 10, "2026-12-11"),
    ],
)
def test_days_to_decide_in_are_working_days(day, days, expected):
    given = datetime.date.fromisoformat(day)
    assert working_days_after(given, days).isoformat() == expected


@pytest.mark.parametrize(("days", "is_refused"), [(None, False), (500, False), (501, True)])
def test_there_is_an_end_to_the_days_to_decide_in(days, is_refused):
    asked = RouteRule("x", DecisionRule.ONE, (SeatRule(SeatSource.LINE_MANAGER),), days=days)
    said = ("500 working days are the most that there can be to decide in.",)
    assert route_problems(asked) == (said if is_refused else ())
