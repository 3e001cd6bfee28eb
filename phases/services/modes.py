"""How binding a gate is: changed with a reason, on the record."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.selectors import is_administrator
from audit.services import record_event
from common.outcomes import Refusal
from methodology.enums import GateMode
from methodology.models import Method
from phases.models import OrganisationGateMode, ProjectGateMode
from phases.permissions import may_set_gate_mode, refuse_unless
from phases.selectors import walk_of
from projects.access import access_of
from projects.models import Project


@transaction.atomic
def set_project_gate_mode(
    *, project: Project, phase_key: str, mode: GateMode, reason: str, actor: User
) -> ProjectGateMode:
    """Set how binding the gate of a phase is in this project.

    For the owner and the organisation's administrator, never a leader; not while the phase is
    submitted; never looser than the organisation asks for.
    """
    refuse_unless(may_set_gate_mode(access_of(actor, project)))
    phase = walk_of(project).phase(phase_key)
    if phase.gate is None:
        raise Refusal(_("There is no gate here."))
    if phase.open_submission is not None:
        raise Refusal(_("A decision is awaited: the gate stays as it is until then."))
    least = least_mode(project, phase.gate.key)
    if least is not None and mode.strictness < least.strictness:
        raise Refusal(
            _("The organisation asks that this gate is at least: %(mode)s.") % {"mode": least.label}
        )
    change = ProjectGateMode(
        project=project, gate_key=phase.gate.key, mode=mode, reason=reason.strip(), set_by=actor
    )
    change.full_clean()
    change.save()
    record_event(
        actor=actor,
        action="gate_mode.set",
        target=change,
        organisation_number=project.organisation_id,
        project_number=project.pk,
        phase=phase_key,
        mode=mode,
    )
    return change


@transaction.atomic
def set_organisation_gate_mode(
    *,
    organisation: Organisation,
    method: Method,
    gate_key: str,
    mode: GateMode,
    reason: str,
    actor: User,
) -> OrganisationGateMode:
    """Set how binding a gate is at the least in all projects of the organisation. For its
    administrators."""
    if not is_administrator(actor, organisation.pk):
        raise Refusal(_("Only an administrator of the organisation can set this."))
    rule = OrganisationGateMode(
        organisation=organisation,
        method=method,
        gate_key=gate_key,
        mode=mode,
        reason=reason.strip(),
        set_by=actor,
    )
    rule.full_clean()
    rule.save()
    record_event(
        actor=actor,
        action="gate_mode.set_for_organisation",
        target=rule,
        organisation_number=organisation.pk,
        method=method.key,
        gate=gate_key,
        mode=mode,
    )
    return rule


def least_mode(project: Project, gate_key: str) -> GateMode | None:
    """What the organisation asks for at the least, or ``None``. One query."""
    return organisation_modes(project.organisation).get(
        (project.method_version.method_id, gate_key)
    )


def organisation_modes(organisation: Organisation) -> dict[tuple[int, str], GateMode]:
    """(method number, gate key) -> mode at the least. One query; the newest row counts."""
    return {
        (rule.method_id, rule.gate_key): GateMode(rule.mode)
        for rule in OrganisationGateMode.objects.filter(organisation=organisation)
    }
