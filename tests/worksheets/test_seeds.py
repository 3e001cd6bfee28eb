"""Rows of a worksheet out of which a project may grow."""

import copy

import pytest

from methodology.catalogue import forget_catalogues
from tests.worksheets.helpers import dossier_of, tool_of
from tests.worksheets.ideas import EMPTY_IDEA, IDEA, IDEAS, IDEAS_SLOT, write_idea
from tests.worksheets.method import INTERVIEWS, PLAN, SLOTS, load_sheets_method
from tools.contract import Seed


@pytest.fixture
def seeds_with(municipality, start_sheets_project, db, tmp_path):
    """The seeds of two rows, one of them without an idea, when the definition is changed so."""

    def seeds_with(**column):
        ideas = copy.deepcopy(IDEAS)
        ideas["sections"][0]["fields"][0]["columns"][0] |= column
        forget_catalogues()
        version = load_sheets_method(
            tmp_path, worksheets=(PLAN, INTERVIEWS, ideas), slots=[*SLOTS, IDEAS_SLOT]
        )
        project = start_sheets_project(version)
        write_idea(project, municipality.leader, IDEA, idea=" Sensor i sengen ", whose="Anne")
        write_idea(project, municipality.leader, EMPTY_IDEA, whose="Ingen")
        return tool_of(project, "ideas").seeds(dossier_of(project, "ideas"))

    return seeds_with


def test_a_row_that_says_something_can_begin_a_project(seeds_with):
    assert seeds_with() == (Seed(f"list/{IDEA}", "Sensor i sengen"),)


def test_what_is_confidential_begins_nothing(seeds_with):
    assert seeds_with(sensitivity="restricted") == ()


def test_a_worksheet_without_such_rows_has_none(sheets_project):
    assert (
        tool_of(sheets_project, "interviews").seeds(dossier_of(sheets_project, "interviews")) == ()
    )
