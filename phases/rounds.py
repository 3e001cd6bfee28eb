"""A new round: what a new project may grow out of, and what it can be given from there."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.policy import APPOINTED_ROLES, GUEST_ROLES, ProjectRole
from methodology.enums import GateOutcome
from phases.models import GateDecision
from projects.access import ProjectAccess, open_project
from projects.enums import OriginKind, ProjectStatus
from projects.method import catalogue_of_project
from projects.models import Membership, Project, ProjectOrigin
from projects.selectors import active_memberships
from tools import registry
from tools.contract import Carryable
from tools.links import tool_url
from tools.privacy import part_for

ENDED = (ProjectStatus.STOPPED, ProjectStatus.CLOSED)
MOST_WORDS = 300
MOST_NAME = 150


@dataclass(frozen=True, slots=True)
class NewRound:
    """Where a new project comes from. ``place``, ``row`` and ``words`` are as in
    :class:`projects.models.ProjectOrigin`; ``name`` is proposed for the new project."""

    source: Project
    kind: OriginKind
    place: str
    row: str
    words: str
    name: str

    @property
    def url(self) -> str:
        """Where it begins."""
        return _place_url(self.source, self.kind, self.place, self.row)


@dataclass(frozen=True, slots=True)
class Relative:
    """A project that grew out of another, or the one it grew out of. ``url`` is empty for those
    who may not read it; ``name`` is then empty too."""

    name: str
    words: str
    url: str


def round_from(user: User, asked: Mapping[str, str]) -> NewRound | None:
    """What the address of the new project's page says it grows out of; ``None`` when it says
    nothing. 404 for a project that the person may not read, and for what is not there."""
    number = asked.get("from", "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise Http404
    access = open_project(user, int(number))
    if asked.get("tool"):
        return _from_row(access, asked["tool"], asked.get("row", ""))
    if asked.get("step"):
        return _from_step(access.project, asked["step"])
    return _from_ended(access.project)


def _from_row(access: ProjectAccess, slug: str, row: str) -> NewRound:
    project = access.project
    tool = registry.tool_in(catalogue_of_project(project), slug)
    if tool is None:
        raise Http404
    dossier = part_for(registry.load_tools([tool], [project.pk])[tool.key][project.pk], access)
    seed = next((each for each in tool.seeds(dossier) if each.row == row), None)
    if seed is None:
        raise Http404
    words = " ".join(seed.words.split())[:MOST_WORDS]
    return NewRound(project, OriginKind.ROW, slug, row, words, words[:MOST_NAME])


def _from_step(project: Project, key: str) -> NewRound:
    catalogue = catalogue_of_project(project)
    step = next((step for step in catalogue.steps if step.key == key), None)
    if step is None or not step.starts_new_round:
        raise Http404
    return NewRound(project, OriginKind.STEP, key, "", step.title[:MOST_WORDS], "")


def _from_ended(project: Project) -> NewRound:
    if project.status not in ENDED:
        raise Http404
    name = _("%(name)s, new round") % {"name": project.name}
    return NewRound(project, OriginKind.ENDED, "", "", project.name, name[:MOST_NAME])


def carryable_people(source: Project, organisation: Organisation) -> list[Membership]:
    """Who can be taken along into a project of ``organisation``: not the leaders, who are chosen,
    nor owner and line manager, who are appointed anew. One query."""
    return list(
        active_memberships(source)
        .exclude(role__in=APPOINTED_ROLES | {ProjectRole.LEADER})
        .filter(Q(user__organisation=organisation) | Q(role__in=GUEST_ROLES), user__is_active=True)
        .order_by("user__name", "pk")
    )


def learnt_from(source: Project) -> str:
    """What was written down when the project was stopped; empty for all others. One query."""
    if source.status != ProjectStatus.STOPPED:
        return ""
    decision = (
        GateDecision.objects.filter(
            submission__project_phase__project=source, outcome=GateOutcome.STOP
        )
        .order_by("-decided_at", "-pk")
        .first()
    )
    return decision.learnt if decision else ""


def carryable_content(source: Project) -> tuple[Carryable, ...]:
    return registry.carryable(source)


def grew_out_of(project: Project, user: User) -> Relative | None:
    """What the project grew out of, by its words alone for those who may not read that. Two
    queries at the most."""
    origin = ProjectOrigin.objects.filter(project=project).first()
    if origin is None:
        return None
    source = Project.objects.visible_to(user).with_method().filter(pk=origin.source_id).first()
    if source is None:
        return Relative("", origin.words, "")
    url = _place_url(source, OriginKind(origin.kind), origin.place, origin.row)
    return Relative(source.name, origin.words, url)


def led_to(project: Project, user: User) -> list[Relative]:
    """The projects that grew out of this one, as far as the person may read them. One query."""
    origins = (
        ProjectOrigin.objects.filter(source=project, project__in=Project.objects.visible_to(user))
        .select_related("project")
        .order_by("project__created_at", "pk")
    )
    return [
        Relative(
            origin.project.name, origin.words, reverse("phases:project", args=[origin.project_id])
        )
        for origin in origins
    ]


def _place_url(source: Project, kind: OriginKind, place: str, row: str) -> str:
    """Where it began, as far as that is still there. No query."""
    catalogue = catalogue_of_project(source)
    if kind is OriginKind.ROW and registry.tool_in(catalogue, place):
        return f"{tool_url(source.pk, place)}#row-{row.partition('/')[2]}"
    if kind is OriginKind.STEP and any(step.key == place for step in catalogue.steps):
        return reverse("phases:step", args=[source.pk, place])
    return reverse("phases:project", args=[source.pk])
