"""What the parts of the contract suite share: addresses, rows, and one person per role."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.policy import ROLE_PERMISSIONS, ProjectRole
from accounts.services import create_person
from projects.models import Project
from projects.services import add_member, set_appointed_role
from tests.tools.samples import Case
from tools.models import RegisterRow

ClientFor = Callable[[User], Client]
FORMULA = "=cmd()"


def address(case: Case, project: Project, name: str, row: int | None = None) -> str:
    parts: list[Any] = [project.pk, case.tool.slug, case.register.slug]
    return reverse(f"tools:{name}", args=parts if row is None else [*parts, row])


def dossier_of(case: Case, project: Project) -> Any:
    return case.tool.load([project.pk])[project.pk]


def rows_in(case: Case, project: Project) -> set[int]:
    return {row.pk for row in case.register.rows(dossier_of(case, project))}


def make_rows(case: Case, project: Project, actor: User, count: int) -> list[RegisterRow]:
    return [case.sample.make(project, actor, number) for number in range(1, count + 1)]


def queries_of(action: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


@pytest.fixture
def people(project: Project, municipality: Any, neighbour: Any) -> dict[str, User]:
    """Somebody for each role, a colleague without a role, and a stranger."""
    found: dict[str, User] = {}
    for role in ProjectRole:
        user = create_person(
            organisation=municipality.organisation,
            email=f"{role.value}@roller.test",
            name=str(role.label),
            actor=None,
        )
        user.language = "en"
        user.save(update_fields=["language"])
        give = (
            set_appointed_role
            if role in {ProjectRole.OWNER, ProjectRole.LINE_MANAGER}
            else add_member
        )
        give(project=project, user=user, role=role, actor=municipality.admin)
        found[role.value] = user
    found["administrator"] = municipality.admin
    found["colleague"] = municipality.employee
    found["stranger"] = neighbour.leader
    return found


def may(case: Case, who: str) -> bool:
    return (
        who in ProjectRole.values and case.register.permission in ROLE_PERMISSIONS[ProjectRole(who)]
    )


def may_read(who: str) -> bool:
    return who in {*ProjectRole.values, "administrator"}


WRITES = ("edit", "add", "move", "delete", "restore")
EVERYBODY = (*ProjectRole.values, "administrator", "colleague", "stranger")
