from collections.abc import Collection, Iterable, Mapping

from methodology.catalogue import RoleEntry
from projects.method import catalogue_of_project
from projects.models import Membership, Project
from team.dossier import AccessHolder, TeamDossier, TeamRow
from team.enums import Capacity
from team.models import TeamRole
from tools.contract import PersonRef


def load_dossiers(project_ids: Collection[int]) -> dict[int, TeamDossier]:
    """Three queries for any number of projects (and one catalogue per method version)."""
    rows: dict[int, list[TeamRole]] = {}
    for row in TeamRole.objects.filter(
        project_id__in=project_ids, deleted_at__isnull=True
    ).select_related("person"):
        rows.setdefault(row.project_id, []).append(row)
    memberships: dict[int, list[Membership]] = {}
    for membership in Membership.objects.filter(
        project_id__in=project_ids, ended_at__isnull=True
    ).select_related("user"):
        memberships.setdefault(membership.project_id, []).append(membership)
    projects = Project.objects.filter(pk__in=project_ids).with_method()
    roles = {project.pk: catalogue_of_project(project).roles for project in projects}
    return {
        pk: TeamDossier(
            rows=tuple(_row(row, roles.get(pk, ())) for row in rows.get(pk, [])),
            access_holders=tuple(_access_holders(roles.get(pk, ()), memberships.get(pk, []))),
            members=len({membership.user_id for membership in memberships.get(pk, [])}),
        )
        for pk in project_ids
    }


def _row(row: TeamRole, roles: Iterable[RoleEntry]) -> TeamRow:
    role = next((each for each in roles if each.key == row.role_key), None)
    return TeamRow(
        pk=row.pk,
        role_key=row.role_key,
        # A role that the method no longer has is called by its key.
        role_titles=_titles(role) if role else {"en": row.role_key},
        person=PersonRef(row.person_id, row.person.name)
        if row.person
        else PersonRef(None, row.name),
        unit=row.unit,
        capacity=Capacity(row.capacity),
        from_on=row.from_on,
        to_on=row.to_on,
        contact=row.contact,
    )


def _access_holders(
    roles: Iterable[RoleEntry], memberships: Collection[Membership]
) -> Iterable[AccessHolder]:
    for role in roles:
        for membership in memberships:
            if role.project_role and membership.role == role.project_role:
                yield AccessHolder(
                    role_key=role.key,
                    role_titles=_titles(role),
                    person=PersonRef(membership.user_id, membership.user.name),
                )


def _titles(role: RoleEntry) -> Mapping[str, str]:
    return dict(role.texts.stored["title"])
