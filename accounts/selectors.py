import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Deputy, Organisation, OrganisationRoleHolder, Unit, User
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


@dataclass(frozen=True, slots=True)
class DeputyPeriods:
    """A person's deputies: who acts now, who will, and who did (the latest first)."""

    present: tuple[Deputy, ...]
    coming: tuple[Deputy, ...]
    former: tuple[Deputy, ...]


def acting_periods(day: datetime.date) -> QuerySet[Deputy]:
    """Periods that hold on ``day``, of two people who can both sign in and still work together."""
    return Deputy.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__date__gt=day),
        starts_on__lte=day,
        ends_on__gte=day,
        user__is_active=True,
        deputy__is_active=True,
        user__organisation=F("deputy__organisation"),
    )


def deputies_of(user: User, day: datetime.date) -> QuerySet[User]:
    """Who acts for ``user`` on ``day``, by name. A deputy whose access is closed does not act, and
    nobody acts for somebody's deputy. One query."""
    return User.objects.filter(pk__in=acting_periods(day).filter(user=user).values("deputy_id"))


def deputises_for(user: User, day: datetime.date) -> QuerySet[User]:
    """For whom ``user`` acts on ``day``, by name. One query."""
    return User.objects.filter(pk__in=acting_periods(day).filter(deputy=user).values("user_id"))


def acting_for(users: Collection[int], day: datetime.date) -> dict[int, tuple[User, ...]]:
    """As :func:`deputies_of`, by the number of each person who has any. One query."""
    return _by_number(acting_periods(day).filter(user__in=users), "user_id", "deputy")


def represented_by(users: Collection[int], day: datetime.date) -> dict[int, tuple[User, ...]]:
    """As :func:`deputises_for`, by the number of each deputy who acts for anybody. One query."""
    return _by_number(acting_periods(day).filter(deputy__in=users), "deputy_id", "user")


def _by_number(periods: QuerySet[Deputy], key: str, value: str) -> dict[int, tuple[User, ...]]:
    found: dict[int, dict[int, User]] = {}
    for period in periods.select_related(value).order_by(f"{value}__name", "pk"):
        person = getattr(period, value)
        found.setdefault(getattr(period, key), {})[person.pk] = person
    return {number: tuple(people.values()) for number, people in found.items()}


def deputy_periods(user: User) -> DeputyPeriods:
    """Every period in which somebody acts for ``user``, also a deputy who cannot. One query."""
    return _sorted_periods(Deputy.objects.filter(user=user))


def periods_as_deputy(user: User) -> DeputyPeriods:
    """Every period in which ``user`` acts for somebody. One query."""
    return _sorted_periods(Deputy.objects.filter(deputy=user))


def _sorted_periods(periods: QuerySet[Deputy]) -> DeputyPeriods:
    today = timezone.localdate()
    present, coming, former = [], [], []
    for period in periods.select_related("user", "deputy", "made_by", "ended_by").order_by(
        "starts_on", "pk"
    ):
        if period.ended_at is not None or period.ends_on < today:
            former.append(period)
        elif period.starts_on > today:
            coming.append(period)
        else:
            present.append(period)
    return DeputyPeriods(tuple(present), tuple(coming), tuple(reversed(former)))
