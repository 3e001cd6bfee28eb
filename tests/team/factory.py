"""Lifelike rows of the team tool."""

from typing import Any

from accounts.models import User
from projects.models import Project
from team.models import TeamRole
from tests.tools.samples import Sample
from tools.services import save_row


def make_team_role(project: Project, actor: User, number: int = 1, **values: Any) -> TeamRole:
    """Somebody without an account, unless told otherwise."""
    role = values.pop("role", "user-representative")
    row = TeamRole(
        project=project,
        role_key=role,
        **{
            "name": "" if values.get("person") else f"Brukerpanelet på Solbakken {number}",
            "unit": "Pårørendeforeningen",
            "contact": f"panelet{number}@solbakken.test",
            **values,
        },
    )
    return save_row(row=row, actor=actor)


SAMPLES = (
    Sample(
        register="people",
        make=make_team_role,
        posted=lambda project, actor: {
            "role_key": "union-representative",
            "capacity": "deputy",
            "name": "Tone Tillitsvalgt",
            "contact": "tone@fjordvik.test",
        },
        text_field="name",
        other_field="unit",
    ),
)
