"""A project that runs a method with worksheets."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from methodology.catalogue import forget_catalogues
from methodology.models import MethodVersion
from projects.models import Project
from tests.worksheets.method import load_sheets_method
from tests.worksheets.method import start_sheets_project as start


@pytest.fixture
def sheets_version(db: None, tmp_path: Path) -> MethodVersion:
    forget_catalogues()
    return load_sheets_method(tmp_path)


@pytest.fixture
def start_sheets_project(municipality: Any) -> Callable[..., Project]:
    return partial(start, municipality)


@pytest.fixture
def sheets_project(
    start_sheets_project: Callable[..., Project], sheets_version: MethodVersion
) -> Project:
    return start_sheets_project(sheets_version)
