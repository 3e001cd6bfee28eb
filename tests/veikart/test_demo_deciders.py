"""Who decides in the demo: three routes, and a deputy whose period covers today."""

import pytest
from django.utils import timezone

from accounts.models import Deputy
from accounts.selectors import deputies_of
from phases.models import GateSubmission
from phases.route_overview import overview_of, preview, running_projects
from tests.veikart.test_demo import (  # noqa: F401 -- demo and what it needs are fixtures
    NEW,
    SWEDISH,
    demo,
    first_run,
    person,
)

pytestmark = pytest.mark.usefixtures("demo")

LARGE, MIDDLE, SMALL = (
    "Store prosjekter og saker mange følger",
    "Fra én million eller usikre prosjekter",
    "Linjelederen alene",
)


def test_three_routes_share_the_running_projects_and_the_line_manager_keeps_the_small():
    organisation = person("admin").organisation
    overview = overview_of(organisation)
    assert [(line.route.name, line.is_hidden) for line in overview.lines] == [
        (LARGE, False),
        (MIDDLE, False),
        (SMALL, False),
    ]
    assert overview.rest is None
    plans = {
        line.project.name: (line.plan.route_name, len(line.plan.seats), line.plan.problems)
        for line in preview(list(running_projects(organisation)))
    }
    assert plans == {
        **dict.fromkeys(plans, (SMALL, 1, ())),
        SWEDISH: (LARGE, 3, ()),
        NEW: (MIDDLE, 2, ()),
    }


def test_the_line_manager_has_a_deputy_today():
    today = timezone.localdate()
    assert [each.name for each in deputies_of(person("linjeleder"), today)] == ["Oddvar Lienhaug"]
    [period] = Deputy.objects.all()
    assert period.made_at.date() <= period.starts_on <= today < period.ends_on


def test_what_was_submitted_has_the_line_manager_alone():
    for submission in GateSubmission.objects.filter(
        project_phase__project__organisation=person("admin").organisation
    ).prefetch_related("deciders"):
        assert [seat.role for seat in submission.deciders.all()] == ["line_manager"]
        assert (submission.rule, submission.quorum) == ("one", 1)
