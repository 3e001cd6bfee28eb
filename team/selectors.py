from collections.abc import Collection, Iterable, Mapping

from methodology.models import Role
from projects.models import Membership, Project
from team.dossier import AccessHolder, TeamDossier, TeamRow
from team.enums import Capacity
from team.models import TeamRole
from tools.contract import PersonRef


def load_dossiers(project_ids: Collection[int]) -> dict[int, TeamDossier]:
    """Four queries for any number of projects."""
    rows: dict[int, list[TeamRow]] = {}
    for row in TeamRole.objects.filter(
        project_id__in=project_ids, deleted_at__isnull=True
    ).select_related("role", "person"):
        rows.setdefault(row.project_id, []).append(_row(row))
    memberships: dict[int, list[Membership]] = {}
    for membership in Membership.objects.filter(
        project_id__in=project_ids, ended_at__isnull=True
    ).select_related("user"):
        memberships.setdefault(membership.project_id, []).append(membership)
    versions = dict(
        Project.objects.filter(pk__in=project_ids).values_list("pk", "method_version_id")
    )
    roles: dict[int, list[Role]] = {}
    for role in Role.objects.filter(version_id__in=set(versions.values())).exclude(project_role=""):
        roles.setdefault(role.version_id, []).append(role)
    return {
        pk: TeamDossier(
            rows=tuple(rows.get(pk, [])),
            access_holders=tuple(
                _access_holders(roles.get(versions.get(pk, 0), []), memberships.get(pk, []))
            ),
            members=len({membership.user_id for membership in memberships.get(pk, [])}),
        )
        for pk in project_ids
    }


def _row(row: TeamRole) -> TeamRow:
    return TeamRow(
        pk=row.pk,
        role_key=row.role.key,
        role_titles=_titles(row.role),
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
    roles: Iterable[Role], memberships: Collection[Membership]
) -> Iterable[AccessHolder]:
    for role in roles:
        for membership in memberships:
            if membership.role == role.project_role:
                yield AccessHolder(
                    role_key=role.key,
                    role_titles=_titles(role),
                    person=PersonRef(membership.user_id, membership.user.name),
                )


def _titles(role: Role) -> Mapping[str, str]:
    return dict(role.texts.get("title", {}))
