"""Who may do what: the one policy file.

Project roles and organisation roles stand beside each other here, at the lowest layer that asks.
``projects.services`` alone turns the project part into stored permissions, and
``projects.access.ProjectAccess`` alone reads them back. RACI and the team tool are documents and
never grant access.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProjectRole(models.TextChoices):
    LEADER = "leader", _("Project leader")
    MEMBER = "member", _("Project member")
    OWNER = "owner", _("Project owner")
    LINE_MANAGER = "line_manager", _("Line manager")
    BENEFIT_RESPONSIBLE = "benefit_responsible", _("Benefit responsible")
    BENEFIT_OWNER = "benefit_owner", _("Benefit owner")
    READER = "reader", pgettext_lazy("role", "Reader")


class OrganisationRole(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    PROJECT_CREATOR = "project_creator", _("May create projects")
    READS_EVERYTHING = "reads_everything", _("Reads everything")


class ProjectPermission(models.TextChoices):
    """Codenames of the permissions that can be stored on a project; nothing else is ever granted.

    Deciding a gate is not among them on purpose: it hangs on the deciders that were named at
    submission, because a stored permission would also let a superuser pass.
    """

    VIEW = "view_project", _("read the project")
    EDIT_CONTENT = "edit_content", _("write in the project and its tools")
    RECORD_MEASUREMENTS = "record_measurements", _("record measurements")
    EDIT_PROJECT = "edit_project", _("change the project's facts")
    MANAGE_TEAM = "manage_team", _("invite people and change their roles")
    SUBMIT_GATE = "submit_gate", _("submit for decision")
    SET_GATE_MODE = "set_gate_mode", _("change how binding a gate is")
    ORDER_REPORT = "order_report", _("order reports")


_READS = frozenset({ProjectPermission.VIEW, ProjectPermission.ORDER_REPORT})
_WRITES = _READS | {ProjectPermission.EDIT_CONTENT, ProjectPermission.RECORD_MEASUREMENTS}

ROLE_PERMISSIONS: dict[ProjectRole, frozenset[ProjectPermission]] = {
    ProjectRole.LEADER: _WRITES
    | {
        ProjectPermission.EDIT_PROJECT,
        ProjectPermission.MANAGE_TEAM,
        ProjectPermission.SUBMIT_GATE,
    },
    ProjectRole.MEMBER: _WRITES,
    ProjectRole.OWNER: _READS | {ProjectPermission.SET_GATE_MODE},
    ProjectRole.LINE_MANAGER: _READS,
    ProjectRole.BENEFIT_RESPONSIBLE: _WRITES,
    ProjectRole.BENEFIT_OWNER: _READS | {ProjectPermission.RECORD_MEASUREMENTS},
    ProjectRole.READER: _READS,
}

# What an organisation role gives on every project of that organisation.
ORGANISATION_PROJECT_PERMISSIONS: dict[OrganisationRole, frozenset[ProjectPermission]] = {
    OrganisationRole.ADMINISTRATOR: _READS
    | {ProjectPermission.MANAGE_TEAM, ProjectPermission.SET_GATE_MODE},
    OrganisationRole.PROJECT_CREATOR: frozenset(),
    OrganisationRole.READS_EVERYTHING: _READS,
}

# Roles whose holder is set by the unit's manager or an administrator, never by the leader.
APPOINTED_ROLES = frozenset({ProjectRole.OWNER, ProjectRole.LINE_MANAGER})

# What somebody from another organisation can be: take part and read, never lead or answer for it.
GUEST_ROLES = frozenset({ProjectRole.MEMBER, ProjectRole.READER})
