"""What waits for people, across their projects: the one source of start page, inbox and mail."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit, User
from accounts.policy import ProjectRole
from accounts.selectors import is_administrator
from phases.awaiting import asked_of, lacking_deciders, questions_to_answer, submissions_of
from phases.context import context_of_walk
from phases.due import pausing_decision, reviews_to_hold
from phases.models import Condition, GateSubmission
from phases.naming import PhaseNames
from phases.rounds import ENDED
from phases.selectors import Walk
from phases.situations import condition_url
from projects.enums import ProjectStatus, ProposalStatus
from projects.models import AppointmentProposal, Membership, Project
from tools import registry
from tools.contract import PersonRef

# How many days ahead something counts as near.
NEAR_DAYS = 14


class WaitingKind(StrEnum):
    DECISION = "decision"
    PROPOSAL = "proposal"
    REPLACEMENT = "replacement"
    QUESTION = "question"
    PAUSE = "pause"
    REVIEW = "review"
    STEP = "step"
    CONDITION = "condition"
    TASK = "task"


class Bucket(StrEnum):
    """How near something is."""

    OVERDUE = "overdue"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of "waiting for you": what, where, and since when or until when.

    ``about`` is a plain name or text, which ``what`` holds as ``%(about)s``; ``name`` is that of
    the person whose deputy one is, as ``%(name)s``. ``who`` has to do it, by number of the account
    and by name; both are empty when it is oneself.
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
    name: str = ""
    who: str = ""
    project_id: int = 0

    @property
    def text(self) -> str:
        """In the active language."""
        return str(self.what) % {"about": self.about, "name": self.name}

    @property
    def sort_key(self) -> tuple[datetime.date, str]:
        """Oldest first: by when it began to wait or is due."""
        return self.since or self.due_on or datetime.date.max, self.text

    def bucket(self, today: datetime.date) -> Bucket:
        """What has no date waits already, but nobody is late with it."""
        if self.is_overdue:
            return Bucket.OVERDUE
        if self.due_on is None or self.due_on <= today + datetime.timedelta(days=7):
            return Bucket.WEEK
        return Bucket.LATER


def waiting_for(user: User, walks: Mapping[int, Walk]) -> list[Waiting]:
    """Decisions, and everything that :func:`waiting_near` gives, oldest first.

    ``walks`` are those of the projects in which the person has a role. Six queries at the least,
    thirteen and those of the tools at the most, for any number of projects.
    """
    found = [*waiting_decisions(user), *waiting_near(user, walks)]
    return sorted(found, key=lambda each: each.sort_key)


def waiting_near(user: User, walks: Mapping[int, Walk]) -> list[Waiting]:
    """What asks for the person's answer, and own steps, conditions and tasks that are overdue or
    near, oldest first."""
    horizon = timezone.localdate() + datetime.timedelta(days=NEAR_DAYS)
    tasks = dated_tasks(user, walks)
    near = [each for each in tasks if each.due_on is not None and each.due_on <= horizon]
    return sorted([*waiting_answers(user, walks), *near], key=lambda each: each.sort_key)


def waiting_decisions(user: User) -> list[Waiting]:
    """Seats whose turn it is, the person's own and those of people whose deputy they are today,
    oldest first. One query; two more when there are any."""
    seats = asked_of(user)
    submissions = submissions_of(seats)
    holders = dict(
        User.objects.filter(
            pk__in={seat.holder for seat in seats if seat.holder != user.pk}
        ).values_list("pk", "name")
    )
    today = timezone.localdate()
    return [
        Waiting(
            WaitingKind.DECISION,
            _("Decide on %(about)s for %(name)s") if name else _("Decide on %(about)s"),
            _phase_title(submissions[seat.submission]),
            submissions[seat.submission].project_phase.project.name,
            reverse("phases:review", args=[seat.project, seat.submission]),
            _("Read and decide"),
            since=timezone.localdate(seat.submitted_at),
            due_on=seat.due_on,
            is_overdue=seat.due_on is not None and seat.due_on < today,
            name=name,
            project_id=seat.project,
        )
        for seat in seats
        for name in [holders.get(seat.holder, "")]
    ]


def waiting_answers(user: User, walks: Mapping[int, Walk]) -> list[Waiting]:
    """What asks for an answer of the person: proposals, deciders to name, questions about what
    they lead, pauses and reviews that have come to their date. Three queries at the least, nine
    at the most."""
    roles = roles_in(user, walks)
    led, today = led_by(roles), timezone.localdate()
    return [
        *_proposals(user),
        *_replacements(user),
        *_questions(led),
        *_pauses(roles, walks, today),
        *_reviews(led, walks, today),
    ]


def dated_tasks(
    user: User, walks: Mapping[int, Walk], *, of_everybody_in: Collection[int] = ()
) -> list[Waiting]:
    """The person's steps, conditions and what tools ask of them, whatever their date; in the
    projects ``of_everybody_in`` everybody's. One query, and those of the tools that give tasks."""
    today = timezone.localdate()
    chosen = {pk: walk for pk, walk in walks.items() if walk.project.status == ProjectStatus.ACTIVE}
    return [
        *_steps(user, chosen, today, of_everybody_in),
        *_conditions(user, today, of_everybody_in),
        *_tasks(user, chosen, today, of_everybody_in),
    ]


def roles_in(user: User, walks: Mapping[int, Walk]) -> dict[int, frozenset[str]]:
    """The person's roles now, by project. One query."""
    found: dict[int, frozenset[str]] = {}
    for project, role in Membership.objects.filter(
        user=user, project__in=list(walks), ended_at__isnull=True
    ).values_list("project_id", "role"):
        found[project] = found.get(project, frozenset()) | {role}
    return found


def led_by(roles: Mapping[int, frozenset[str]]) -> list[int]:
    return [project for project, held in roles.items() if ProjectRole.LEADER in held]


def _phase_title(submission: GateSubmission) -> str:
    row = submission.project_phase
    return PhaseNames(row.project).of_phase(row.phase_key).title


def _replacements(user: User) -> list[Waiting]:
    return [
        Waiting(
            WaitingKind.REPLACEMENT,
            _("Name somebody who decides on %(about)s"),
            _phase_title(submission),
            submission.project_phase.project.name,
            reverse("phases:review", args=[submission.project_phase.project_id, submission.pk]),
            _("Open"),
            since=timezone.localdate(submission.submitted_at),
            project_id=submission.project_phase.project_id,
        )
        for submission in lacking_deciders(user)
    ]


def _questions(led: Collection[int]) -> list[Waiting]:
    return [
        Waiting(
            WaitingKind.QUESTION,
            _("Answer a question about %(about)s"),
            _phase_title(question.submission),
            question.submission.project_phase.project.name,
            reverse(
                "phases:review",
                args=[question.submission.project_phase.project_id, question.submission_id],
            ),
            _("Answer"),
            since=timezone.localdate(question.asked_at),
            project_id=question.submission.project_phase.project_id,
        )
        for question in (questions_to_answer(led) if led else ())
    ]


_WATCHES_PAUSES = frozenset({ProjectRole.LEADER, ProjectRole.OWNER, ProjectRole.LINE_MANAGER})


def _pauses(
    roles: Mapping[int, frozenset[str]], walks: Mapping[int, Walk], today: datetime.date
) -> list[Waiting]:
    """Pauses whose date has come. From the walks that are already here: no query."""
    return [
        Waiting(
            WaitingKind.PAUSE,
            _("Look at the pause again"),
            "",
            walk.project.name,
            reverse("phases:project", args=[pk]),
            _("Open"),
            due_on=review_on,
            is_overdue=review_on < today,
            project_id=pk,
        )
        for pk, walk in walks.items()
        for decision in [pausing_decision(walk)]
        if decision is not None and roles.get(pk, frozenset()) & _WATCHES_PAUSES
        for review_on in [decision.review_on]
        if review_on is not None and review_on <= today
    ]


def _reviews(
    led: Collection[int], walks: Mapping[int, Walk], today: datetime.date
) -> list[Waiting]:
    """Reviews that come again and whose time is near. No query."""
    return [
        Waiting(
            WaitingKind.REVIEW,
            _("Prepare the review of %(about)s"),
            due.phase.entry.title,
            due.walk.project.name,
            reverse("phases:gate", args=[due.walk.project.pk, due.phase.entry.key]),
            _("Open"),
            due_on=due.review.due_on,
            is_overdue=due.review.due_on < today,
            project_id=due.walk.project.pk,
        )
        for due in reviews_to_hold([walks[pk] for pk in led], today)
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
            project_id=proposal.project_id,
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


def _steps(
    user: User, walks: Mapping[int, Walk], today: datetime.date, everybody: Collection[int]
) -> list[Waiting]:
    """From the walks that are already here. No query."""
    return [
        Waiting(
            WaitingKind.STEP,
            "%(about)s",
            f"{capfirst(walk.catalogue.word('step'))} {step.entry.label} {step.entry.title}",
            walk.project.name,
            reverse("phases:step", args=[pk, step.entry.key]),
            _("Open"),
            due_on=step.row.due_on,
            is_overdue=step.row.due_on < today,
            who=_other(step.row.responsible, user),
            project_id=pk,
        )
        for pk, walk in walks.items()
        for phase in walk.phases
        for step in phase.steps
        if (step.row.responsible_id == user.pk or pk in everybody)
        and not step.is_settled
        and step.row.due_on is not None
    ]


def _other(person: User | None, user: User) -> str:
    """The name of whoever has to do it, empty when it is ``user``."""
    if person is None:
        return str(_("Nobody yet"))
    return "" if person.pk == user.pk else person.name


def _conditions(user: User, today: datetime.date, everybody: Collection[int]) -> list[Waiting]:
    """What was to be done before the next decision does not follow a project that has ended."""
    in_projects = Q(decision__submission__project_phase__project__in=everybody)
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
            who=_other(condition.owner, user),
            project_id=project.pk,
        )
        for condition in Condition.objects.filter(
            Q(owner=user) | in_projects if everybody else Q(owner=user), closed_at__isnull=True
        )
        .exclude(decision__submission__project_phase__project__status__in=ENDED)
        .select_related("owner", "decision__submission__project_phase__project")
        for project in [condition.decision.submission.project_phase.project]
    ]


def _tasks(
    user: User, walks: Mapping[int, Walk], today: datetime.date, everybody: Collection[int]
) -> list[Waiting]:
    """What the tools say that people have to do by a date."""
    tools = {
        pk: [tool for tool in registry.tools_of(walk.catalogue) if tool.has_tasks]
        for pk, walk in walks.items()
    }
    wanted = {tool.key: tool for each in tools.values() for tool in each}
    if not wanted:
        return []
    loaded = registry.load_tools(wanted.values(), list(walks))
    return [
        Waiting(
            WaitingKind.TASK,
            "%(about)s",
            task.what,
            walk.project.name,
            task.url,
            _("Open"),
            due_on=task.due_on,
            is_overdue=task.due_on < today,
            who="" if task.who and task.who.pk == user.pk else _name(task.who),
            project_id=pk,
        )
        for pk, walk in walks.items()
        for context in [context_of_walk(walk)]
        for tool in tools[pk]
        if pk in loaded[tool.key]
        for task in tool.tasks(loaded[tool.key][pk], context)
        if task.due_on is not None
        and (pk in everybody or (task.who is not None and task.who.pk == user.pk))
    ]


def _name(person: PersonRef | None) -> str:
    return person.name if person is not None else str(_("Nobody yet"))
