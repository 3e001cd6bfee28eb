"""What waits for one person, across their projects."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.policy import ProjectRole
from accounts.selectors import is_administrator
from phases.context import context_of_walk
from phases.models import Condition
from phases.naming import PhaseNames
from phases.selectors import Walk, waiting_for_decision_by
from phases.situations import condition_url
from projects.enums import ProjectStatus, ProposalStatus
from projects.models import AppointmentProposal, Membership, Project
from tools import registry

# How many days ahead something counts as near.
NEAR_DAYS = 14


class WaitingKind(StrEnum):
    DECISION = "decision"
    PROPOSAL = "proposal"
    STEP = "step"
    CONDITION = "condition"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of "waiting for you": what, where, and since when or until when.

    ``about`` is a plain name or text, which ``what`` holds as ``%(about)s``.
    """

    kind: WaitingKind
    what: str | Promise
    about: str
    project: str
    url: str
    action: str | Promise
    since: datetime.date | None = None
    due_on: datetime.date | None = None
    is_overdue: bool = False

    @property
    def text(self) -> str:
        """In the active language."""
        return str(self.what) % {"about": self.about}

    @property
    def sort_key(self) -> tuple[datetime.date, str]:
        """Oldest first: by when it began to wait or is due."""
        return self.since or self.due_on or datetime.date.max, self.text


def waiting_for(user: User, walks: Mapping[int, Walk]) -> list[Waiting]:
    """Decisions and proposals to answer, and own steps, conditions and tasks that are overdue or
    near, oldest first.

    ``walks`` are those of the projects in which the person has a role. Five queries and those of
    the tools, for any number of projects.
    """
    today = timezone.localdate()
    found = [
        *_decisions(user),
        *_proposals(user),
        *_steps(user, walks, today),
        *_conditions(user, today),
        *_tasks(user, walks, today),
    ]
    return sorted(found, key=lambda each: each.sort_key)


def _decisions(user: User) -> list[Waiting]:
    return [
        Waiting(
            WaitingKind.DECISION,
            _("Decide on %(about)s"),
            PhaseNames(project).of_phase(submission.project_phase.phase_key).title,
            project.name,
            reverse("phases:review", args=[project.pk, submission.pk]),
            _("Read and decide"),
            since=timezone.localdate(submission.submitted_at),
        )
        for submission in waiting_for_decision_by(user.pk)
        for project in [submission.project_phase.project]
    ]


def _proposals(user: User) -> list[Waiting]:
    return [
        Waiting(
            WaitingKind.PROPOSAL,
            _("Answer the proposal: %(about)s"),
            f"{proposal.user.name} · {proposal.get_role_display()}",
            proposal.project.name,
            reverse("phases:proposal", args=[proposal.project_id, proposal.pk]),
            _("Answer"),
            since=timezone.localdate(proposal.proposed_at),
        )
        for proposal in proposals_to_answer(user)
    ]


def proposals_to_answer(user: User) -> list[AppointmentProposal]:
    """Waiting proposals that :func:`phases.services.may_appoint` lets the person answer.

    Three queries at the most, for any number of proposals.
    """
    if user.organisation_id is None:
        return []
    proposals = list(
        AppointmentProposal.objects.filter(
            status=ProposalStatus.WAITING, project__organisation_id=user.organisation_id
        ).select_related("user", "project")
    )
    if not proposals:
        return []
    leaders: dict[int, set[int]] = {}
    for project_id, leader in Membership.objects.filter(
        project__in=[proposal.project_id for proposal in proposals],
        role=ProjectRole.LEADER,
        ended_at__isnull=True,
    ).values_list("project_id", "user_id"):
        leaders.setdefault(project_id, set()).add(leader)
    units = {
        unit.pk: unit
        for unit in Unit.objects.filter(organisation_id=user.organisation_id).select_related(
            "manager"
        )
    }
    return [
        proposal
        for proposal in proposals
        if _may_answer(user, proposal.project, leaders.get(proposal.project_id, set()), units)
    ]


def _may_answer(
    user: User, project: Project, leaders: Collection[int], units: Mapping[int, Unit]
) -> bool:
    if user.pk in leaders:
        return False
    if is_administrator(user, project.organisation_id):
        return True
    unit = units.get(project.unit_id)
    while unit is not None:
        manager = unit.manager
        if manager is not None and manager.is_active and manager.pk not in leaders:
            return manager.pk == user.pk
        unit = units.get(unit.parent_id) if unit.parent_id else None
    return False


def _steps(user: User, walks: Mapping[int, Walk], today: datetime.date) -> list[Waiting]:
    """From the walks that are already here. No query."""
    return [
        Waiting(
            WaitingKind.STEP,
            "%(about)s",
            f"{capfirst(walk.catalogue.word('step'))} {step.entry.label} {step.entry.title}",
            walk.project.name,
            reverse("phases:step", args=[walk.project.pk, step.entry.key]),
            _("Open"),
            due_on=step.row.due_on,
            is_overdue=step.row.due_on < today,
        )
        for walk in walks.values()
        if walk.project.status == ProjectStatus.ACTIVE
        for phase in walk.phases
        for step in phase.steps
        if step.row.responsible_id == user.pk
        and not step.is_settled
        and step.row.due_on is not None
        and _is_near(step.row.due_on, today)
    ]


def _conditions(user: User, today: datetime.date) -> list[Waiting]:
    return [
        Waiting(
            WaitingKind.CONDITION,
            _("Meet the condition: %(about)s"),
            condition.text,
            project.name,
            condition_url(project.pk, condition.pk),
            _("Say how it was met"),
            due_on=condition.due_on,
            is_overdue=condition.due_on < today,
        )
        for condition in Condition.objects.filter(
            owner=user, closed_at__isnull=True, due_on__lte=_horizon(today)
        ).select_related("decision__submission__project_phase__project")
        for project in [condition.decision.submission.project_phase.project]
    ]


def _tasks(user: User, walks: Mapping[int, Walk], today: datetime.date) -> list[Waiting]:
    """What the tools say the person has to do."""
    active = {pk: walk for pk, walk in walks.items() if walk.project.status == ProjectStatus.ACTIVE}
    if not active:
        return []
    contexts = {pk: context_of_walk(walk) for pk, walk in active.items()}
    return [
        Waiting(
            WaitingKind.TASK,
            "%(about)s",
            task.what,
            active[pk].project.name,
            task.url,
            _("Open"),
            due_on=task.due_on,
            is_overdue=task.due_on < today,
        )
        for tool in registry.all_tools()
        for pk, dossier in tool.load(list(active)).items()
        for task in tool.tasks(dossier, contexts[pk])
        if task.who is not None
        and task.who.pk == user.pk
        and task.due_on is not None
        and _is_near(task.due_on, today)
    ]


def _horizon(today: datetime.date) -> datetime.date:
    return today + datetime.timedelta(days=NEAR_DAYS)


def _is_near(due_on: datetime.date, today: datetime.date) -> bool:
    return due_on <= _horizon(today)
