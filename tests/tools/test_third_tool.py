"""A new tool needs its own folder and one line of settings, and keeps the whole contract."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.models import Project
from tests.tools.contract import ToolContract, people
from tests.tools.samples import Case, cases_of
from tests.tools.third_tool import SAMPLES, Cost, CostsTool
from tools import registry

__all__ = ["people"]


@pytest.fixture(scope="module")
def _table(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A real tool has a migration."""
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Cost)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Cost)


@pytest.fixture(autouse=True)
def _one_line_of_settings(_table: None, db: None, settings: Any) -> Iterator[None]:
    settings.VEIKART_TOOLS = [*settings.VEIKART_TOOLS, "tests.tools.third_tool.CostsTool"]
    registry.all_tools.cache_clear()
    yield
    registry.all_tools.cache_clear()


@pytest.fixture(params=cases_of(CostsTool(), SAMPLES), ids=str)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


class TestThirdTool(ToolContract):
    pass


def test_a_tool_that_the_method_does_not_know_is_listed_with_the_others(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    page = client_for(municipality.leader).get(reverse("tools:index", args=[project.pk]))

    cards = [card for group in page.context["groups"] for card in group.cards]
    assert [(card.title, card.url, card.label) for card in cards if card.title == "Costs"] == [
        ("Costs", reverse("tools:tool", args=[project.pk, "kostnader"]), "1 thing missing")
    ]
