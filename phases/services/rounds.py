"""Starting a project out of another."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.policy import ProjectRole
from audit.services import record_event
from phases.rounds import NewRound, carryable_people
from phases.services.walking import StartedProject, start_project_once
from projects.invitations import bring_in
from projects.models import Project, ProjectOrigin
from tools import registry


@transaction.atomic
def start_new_round(
    *,
    from_round: NewRound,
    content: Collection[str],
    people: Collection[tuple[int, ProjectRole]],
    actor: User,
    base_url: str,
    **facts: Any,
) -> StartedProject:
    """As ``start_project_once``, out of an earlier project that the actor may read.

    ``content`` holds keys of what is copied (``phases.rounds.carryable_content``) and ``people``
    who comes along in which role; of these only those who have that role in the earlier project,
    and they get a mail (``base_url`` is scheme and host of its link). Owner and line manager are
    appointed as in any new project. All or nothing.
    """
    started = start_project_once(actor=actor, **facts)
    project = started.project
    if ProjectOrigin.objects.filter(project=project).exists():
        # The form was sent twice.
        return started
    origin = ProjectOrigin(
        project=project,
        source=from_round.source,
        kind=from_round.kind,
        place=from_round.place,
        row=from_round.row,
        words=from_round.words,
    )
    origin.full_clean()
    origin.save()
    _take_along(from_round.source, project, people, actor, base_url)
    carried = registry.carry(source=from_round.source, target=project, keys=content, actor=actor)
    record_event(
        actor=actor,
        action="project.grew",
        target=project,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        source=from_round.source.pk,
        carried=list(carried),
    )
    record_event(
        actor=actor,
        action="project.led_on",
        target=from_round.source,
        organisation_number=from_round.source.organisation_id,
        project_number=from_round.source.pk,
        new_project=project.pk,
    )
    return replace(started, carried=tuple(carried)) if content else started


def _take_along(
    source: Project,
    project: Project,
    people: Collection[tuple[int, ProjectRole]],
    actor: User,
    base_url: str,
) -> None:
    here = set(project.memberships.filter(ended_at__isnull=True).values_list("user_id", "role"))
    for membership in carryable_people(source, project.organisation):
        role = ProjectRole(membership.role)
        if (membership.user_id, role) in people and (membership.user_id, role) not in here:
            bring_in(
                project=project, user=membership.user, role=role, actor=actor, base_url=base_url
            )
