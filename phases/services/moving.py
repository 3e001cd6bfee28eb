"""Moving a project to another version of its method, on purpose and never by itself.

What is written hangs on keys, so nothing is re-written by a move: what the new version has is shown
in its place, and the rest is kept (``phases.kept``).
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import ProjectPermission
from audit.services import record_event
from common.outcomes import Allowed, Denied, Outcome, StaleRow
from methodology.catalogue import catalogue_of
from methodology.compare import compare
from methodology.models import MethodVersion, OverlayVersion, VersionDocument
from methodology.overlays import apply_overlay
from phases.enums import AnswerStatus, PhaseStatus, StepStatus
from phases.models import CriterionAnswer
from phases.moves import MovePlan, Written, WrittenStep, planned_groups
from phases.permissions import refuse_unless
from phases.selectors import Walk, walk_of
from phases.services.walking import ensure_walk
from projects.access import ProjectAccess, access_of
from projects.enums import ProjectStatus
from projects.method import may_stand_on
from projects.models import Project
from tools.models import SlotState


def may_move_project(access: ProjectAccess) -> Outcome:
    """Those who change the project's facts, and the organisation's administrators. No query."""
    if access.is_administrator or access.can(ProjectPermission.EDIT_PROJECT):
        return Allowed()
    return Denied(
        _("The project leader or the organisation's administrator moves the project to a version.")
    )


def may_be_moved(
    walk: Walk, version: MethodVersion, overlay: OverlayVersion | None = None
) -> Outcome:
    """Whether the project can stand on ``version`` with ``overlay``, an earlier one too.

    Refused: drafts, what belongs to another organisation or method, where it stands already, when
    the project is over, and when the phase in progress is not there. No query when the version was
    read before.
    """
    project = walk.project
    if version.method_id != project.method_version.method_id:
        return Denied(_("This is another method. A project keeps its method all the way."))
    outcome = may_stand_on(version, project.organisation_id, overlay)
    if isinstance(outcome, Denied):
        return outcome
    if (version.pk, overlay and overlay.pk) == (
        project.method_version_id,
        project.overlay_version_id,
    ):
        return Denied(_("The project stands there already."))
    if project.status in (ProjectStatus.STOPPED, ProjectStatus.CLOSED) or walk.current is None:
        return Denied(_("The project is over, so it stays with the version that it followed."))
    target = catalogue_of(version, overlay)
    if walk.current.entry.key not in {phase.key for phase in target.phases}:
        return Denied(
            _(
                "The project is in “%(phase)s”, which that version does not have. Finish it first, "
                "and move the project then."
            )
            % {"phase": walk.current.entry.title}
        )
    return Allowed()


def plan_move(
    *,
    project: Project,
    version: MethodVersion,
    overlay: OverlayVersion | None = None,
    filled: Collection[tuple[str, str]] = (),
) -> MovePlan:
    """What a move would change, in the active language. Writes nothing.

    ``filled`` are the worksheet fields that the project has filled in, as worksheet and field key.
    Nine queries; a plan that is refused has no groups.
    """
    walk = walk_of(project)
    outcome = may_be_moved(walk, version, overlay)
    if version.method_id != project.method_version.method_id or version.is_draft:
        return MovePlan(outcome, walk.catalogue, walk.catalogue)
    target = catalogue_of(version, overlay)
    if isinstance(outcome, Denied):
        return MovePlan(outcome, walk.catalogue, target)
    written = _written(walk, filled)
    changes = compare(
        _content(project.method_version, project.overlay_version), _content(version, overlay)
    )
    return MovePlan(
        outcome=outcome,
        stands_on=walk.catalogue,
        target=target,
        has_open_submission=written.has_open_submission,
        groups=planned_groups(changes, walk.catalogue, target, written),
    )


def _content(version: MethodVersion, overlay: OverlayVersion | None) -> dict[str, Any]:
    content: dict[str, Any] = VersionDocument.objects.values_list("content", flat=True).get(
        pk=version.pk
    )
    if overlay is None:
        return content
    return apply_overlay(content, overlay.content, overlay.organisation.name)


def _written(walk: Walk, filled: Collection[tuple[str, str]]) -> Written:
    newest = {phase.row.pk: phase.entry.key for phase in walk.phases}
    newest |= {row.pk: row.phase_key for row in walk.former_rounds}
    rows = [*(step.row for phase in walk.phases for step in phase.steps), *walk.former_steps]
    current = walk.current
    return Written(
        current_phase=current.entry.key if current else "",
        has_open_submission=any(phase.open_submission for phase in walk.phases),
        phases={
            **{row.phase_key: PhaseStatus(row.status) for row in walk.former_rounds},
            **{phase.entry.key: PhaseStatus(phase.row.status) for phase in walk.phases},
        },
        steps={row.step_key: WrittenStep(StepStatus(row.status), bool(row.notes)) for row in rows},
        answers={
            (newest[answer.project_phase_id], answer.criterion_key): AnswerStatus(answer.status)
            for answer in CriterionAnswer.objects.filter(
                project_phase_id__in=[pk for pk in newest if pk is not None]
            )
        },
        slots=frozenset(
            SlotState.objects.filter(project=walk.project)
            .exclude(note="", not_relevant_reason="")
            .values_list("slot_key", flat=True)
        ),
        fields=frozenset(filled),
    )


@transaction.atomic
def move_project(
    *,
    project: Project,
    version: MethodVersion,
    overlay: OverlayVersion | None,
    actor: User,
    expected_version: int,
) -> Project:
    """Let the project stand on ``version`` with ``overlay`` from now on, all of it or nothing.

    ``expected_version`` is the project's ``row_version`` when the plan was shown: raises
    ``StaleRow`` when the project was changed since. Refused as :func:`may_be_moved` says, and for
    all but those of :func:`may_move_project`. What is submitted stays as it was submitted.
    """
    refuse_unless(may_move_project(access_of(actor, project)))
    stored = (
        Project.objects.select_for_update(of=("self",))
        .select_related("organisation", "unit")
        .with_method()
        .get(pk=project.pk)
    )
    if stored.row_version != expected_version:
        raise StaleRow(
            _(
                "Somebody has changed or moved the project since you opened this page. Look at "
                "what would change now."
            )
        )
    refuse_unless(may_be_moved(walk_of(stored), version, overlay))
    _record_move(stored, version, overlay, actor)
    stored.claim()
    stored.method_version = version
    stored.overlay_version = overlay
    stored.save(update_fields=["method_version", "overlay_version"])
    ensure_walk(stored)
    return stored


def _record_move(
    project: Project, version: MethodVersion, overlay: OverlayVersion | None, actor: User
) -> None:
    """From where it still stands."""
    stood_on = project.overlay_version
    record_event(
        actor=actor,
        action="project.moved",
        target=project,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        method=version.method.key,
        version=version.number,
        overlay=overlay.number if overlay else None,
        from_version=project.method_version.number,
        from_overlay=stood_on.number if stood_on else None,
    )
