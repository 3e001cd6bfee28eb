from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation, OrganisationRoleHolder, Unit, User
from accounts.policy import OrganisationRole
from common.outcomes import Allowed, Denied, Outcome


@dataclass(frozen=True, slots=True)
class TreeUnit:
    """A unit with its depth (0 for the top) and its full path, top first."""

    unit: Unit
    depth: int
    path: str


@dataclass(frozen=True, slots=True)
class UnitBranch:
    """A unit with the branches that are part of it."""

    unit: Unit
    branches: tuple["UnitBranch", ...]


def organisation_roles(user: User) -> frozenset[OrganisationRole]:
    """The person's roles in the organisation where they belong. One query, kept on the object."""
    if not user.is_active or user.organisation_id is None:
        return frozenset()
    cached: frozenset[OrganisationRole] | None = getattr(user, "_organisation_roles", None)
    if cached is None:
        held = OrganisationRoleHolder.objects.filter(
            user=user, organisation_id=user.organisation_id
        ).values_list("role", flat=True)
        cached = frozenset(OrganisationRole(role) for role in held)
        user._organisation_roles = cached  # type: ignore[attr-defined]
    return cached


def is_administrator(user: User, organisation_id: int | None) -> bool:
    return (
        organisation_id is not None
        and user.organisation_id == organisation_id
        and OrganisationRole.ADMINISTRATOR in organisation_roles(user)
    )


def is_installation_administrator(user: User) -> bool:
    """Whether the person looks after what all organisations share. It opens no project."""
    return user.is_active and user.is_superuser


def may_create_projects(user: User) -> bool:
    return bool(
        organisation_roles(user)
        & {OrganisationRole.ADMINISTRATOR, OrganisationRole.PROJECT_CREATOR}
    )


def may_start_project(user: User) -> Outcome:
    """Two queries at the most."""
    if user.organisation is None:
        return Denied(_("You do not belong to an organisation, so you cannot create projects."))
    if may_create_projects(user):
        return Allowed()
    names = ", ".join(person.name for person in administrators_of(user.organisation))
    return Denied(
        _("Projects are created by those who have been given that task. Ask %(names)s.")
        % {"names": names or _("the administrator")}
    )


def people_of(organisation: Organisation) -> QuerySet[User]:
    """Everybody who belongs to the organisation, by name, also those who can no longer sign in."""
    return User.objects.filter(organisation=organisation)


def active_people_of(organisation: Organisation) -> QuerySet[User]:
    return people_of(organisation).filter(is_active=True)


def possible_managers(unit: Unit) -> QuerySet[User]:
    """People of the unit's organisation who can sign in, and its manager now even if closed."""
    return User.objects.filter(
        Q(is_active=True) | Q(pk=unit.manager_id), organisation_id=unit.organisation_id
    )


def administrators_of(organisation: Organisation) -> QuerySet[User]:
    """Those who can be asked for help: administrators who can sign in, by name."""
    return active_people_of(organisation).filter(
        organisation_roles__organisation=organisation,
        organisation_roles__role=OrganisationRole.ADMINISTRATOR,
    )


def find_people(organisation: Organisation, words: str = "") -> QuerySet[User]:
    """People whose name or address holds all the words. One query more for everybody's roles."""
    people = people_of(organisation).prefetch_related("organisation_roles")
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people


def unit_tree(organisation: Organisation) -> list[TreeUnit]:
    """The whole tree, parents before children, siblings by name. One query."""
    children: dict[int | None, list[Unit]] = {}
    for unit in Unit.objects.filter(organisation=organisation).select_related("manager"):
        children.setdefault(unit.parent_id, []).append(unit)
    tree: list[TreeUnit] = []

    def grow(parent_id: int | None, depth: int, path: str) -> None:
        for unit in children.get(parent_id, []):
            own_path = f"{path} / {unit.name}" if path else unit.name
            tree.append(TreeUnit(unit, depth, own_path))
            grow(unit.pk, depth + 1, own_path)

    grow(None, 0, "")
    return tree


def unit_branches(organisation: Organisation) -> tuple[UnitBranch, ...]:
    """The same tree as :func:`unit_tree`, as branches within branches. One query."""

    def branches(tree: list[TreeUnit], depth: int) -> tuple[UnitBranch, ...]:
        grown = []
        while tree and tree[0].depth == depth:
            unit = tree.pop(0).unit
            grown.append(UnitBranch(unit, branches(tree, depth + 1)))
        return tuple(grown)

    return branches(unit_tree(organisation), 0)


def units_below(tree: list[TreeUnit], unit: Unit) -> frozenset[int]:
    """The numbers of ``unit`` and of everything below it in a tree from :func:`unit_tree`."""
    below: set[int] = set()
    for entry in tree:
        if entry.unit.pk == unit.pk or entry.unit.parent_id in below:
            below.add(entry.unit.pk)
    return frozenset(below)


def managers_above(unit: Unit) -> list[User]:
    """The unit's manager, then the managers of the units it is part of. One query."""
    by_pk = {
        other.pk: other
        for other in Unit.objects.filter(organisation_id=unit.organisation_id).select_related(
            "manager"
        )
    }
    managers: list[User] = []
    current = by_pk.get(unit.pk)
    while current is not None:
        if current.manager is not None and current.manager.is_active:
            managers.append(current.manager)
        current = by_pk.pop(current.parent_id, None) if current.parent_id else None
    return managers


def nearest_manager(unit: Unit, *, besides: Collection[int] = ()) -> User | None:
    """The first manager from the unit upwards who is not among ``besides`` (user numbers)."""
    return next((user for user in managers_above(unit) if user.pk not in besides), None)
