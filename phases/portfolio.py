"""Lists of projects: finding them, and one line for each."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import User
from accounts.policy import ProjectRole
from accounts.selectors import TreeUnit, units_below
from methodology.catalogue import catalogue_of
from methodology.models import MethodVersion
from phases.enums import PhaseStatus
from phases.models import GateSubmission, ProjectPhase
from phases.naming import phase_name
from phases.rules import NextThing, next_thing
from phases.selectors import Walk, walks_of
from phases.situations import situations_of
from projects.enums import ProjectStatus
from projects.models import Membership, Project

# In the filter beside the stored ones: a phase of the project is put before its decider.
SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list. ``phase`` is empty when no phase is in progress."""

    project: Project
    phase: str
    is_submitted: bool
    next: NextThing
    leaders: tuple[User, ...]

    @property
    def status(self) -> ProjectStatus:
        return ProjectStatus(self.project.status)


def own_projects(user: User) -> QuerySet[Project]:
    """Those in which the person has a role of their own now, by name."""
    return (
        Project.objects.visible_to(user)
        .filter(
            pk__in=Membership.objects.filter(user=user, ended_at__isnull=True).values("project_id")
        )
        .select_related("organisation", "unit")
        .with_method()
    )


def find_projects(
    user: User,
    *,
    words: str = "",
    status: str = "",
    phase: str = "",
    unit_tree: Collection[TreeUnit] = (),
    unit: int | None = None,
) -> QuerySet[Project]:
    """Visible projects whose name, problem or case number holds all the words, with the status
    (or ``SUBMITTED``), in the phase of that key, in the unit or below it. By name."""
    found = Project.objects.visible_to(user).select_related("organisation", "unit").with_method()
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(problem__icontains=word) | Q(case_number__icontains=word)
        )
    if status == SUBMITTED:
        found = found.filter(
            pk__in=GateSubmission.objects.filter(
                decisions__isnull=True, withdrawal__isnull=True
            ).values("project_phase__project_id")
        )
    elif status:
        found = found.filter(status=status)
    if phase:
        found = found.filter(
            pk__in=ProjectPhase.objects.filter(status=PhaseStatus.ACTIVE, phase_key=phase).values(
                "project_id"
            )
        )
    if unit is not None:
        chosen = next((entry.unit for entry in unit_tree if entry.unit.pk == unit), None)
        below = units_below(list(unit_tree), chosen) if chosen is not None else frozenset()
        found = found.filter(unit_id__in=below)
    return found


def phase_choices(user: User) -> list[tuple[str, str]]:
    """Key and name of every phase of the methods that visible projects follow, with the method's
    name where there are several. One query."""
    versions = MethodVersion.objects.filter(
        pk__in=Project.objects.visible_to(user).values("method_version_id")
    ).select_related("method")
    catalogues = [catalogue_of(version) for version in versions.order_by("method__key", "-number")]
    has_several = len({catalogue.method_key for catalogue in catalogues}) > 1
    choices: dict[str, str] = {}
    for catalogue in catalogues:
        for phase in catalogue.phases:
            label = f"{phase.number} {phase.title}"
            label = f"{catalogue.title}: {label}" if has_several else label
            choices.setdefault(phase.key, label)
    return list(choices.items())


def project_lines(projects: Collection[Project]) -> list[ProjectLine]:
    """In the order given. Nine queries for any number of projects."""
    return lines_of_walks(projects, walks_of(projects))


def lines_of_walks(projects: Collection[Project], walks: dict[int, Walk]) -> list[ProjectLine]:
    """As :func:`project_lines`, from walks that are already here: three queries."""
    today = timezone.localdate()
    situations = situations_of(walks.values())
    leaders: dict[int, tuple[User, ...]] = {}
    for membership in Membership.objects.filter(
        project__in=projects, role=ProjectRole.LEADER, ended_at__isnull=True
    ).select_related("user"):
        leaders[membership.project_id] = (
            *leaders.get(membership.project_id, ()),
            membership.user,
        )
    return [
        ProjectLine(
            project=project,
            phase=_phase(walks[project.pk]),
            is_submitted=situations[project.pk].submission is not None,
            next=next_thing(situations[project.pk], today),
            leaders=leaders.get(project.pk, ()),
        )
        for project in projects
    ]


def _phase(walk: Walk) -> str:
    if walk.current is None:
        return ""
    return capfirst(str(phase_name(walk, walk.current)))
