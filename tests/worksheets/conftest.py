"""A project that runs a method with worksheets."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.policy import ProjectRole
from methodology.catalogue import forget_catalogues
from methodology.models import MethodVersion
from phases.services import start_project
from projects.models import Project
from projects.services import add_member
from tests.worksheets.method import load_sheets_method


@pytest.fixture
def sheets_version(db: None, tmp_path: Path) -> MethodVersion:
    forget_catalogues()
    return load_sheets_method(tmp_path)


@pytest.fixture
def start_sheets_project(municipality: Any) -> Callable[..., Project]:
    def start(version: MethodVersion, name: str = "Digitalt tilsyn") -> Project:
        project = start_project(
            unit=municipality.home_care,
            name=name,
            problem="Nattbesøk vekker dem som sover.",
            goal="Tryggere netter.",
            method_version=version,
            document_language="nb",
            starts_on=datetime.date(2026, 1, 12),
            leader=municipality.leader,
            actor=municipality.leader,
        ).project
        for user, role in (
            (municipality.member, ProjectRole.MEMBER),
            (municipality.reader, ProjectRole.READER),
        ):
            add_member(project=project, user=user, role=role, actor=municipality.leader)
        return Project.objects.with_method().get(pk=project.pk)

    return start


@pytest.fixture
def sheets_project(
    start_sheets_project: Callable[..., Project], sheets_version: MethodVersion
) -> Project:
    return start_sheets_project(sheets_version)
