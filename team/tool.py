from collections.abc import Collection, Iterator

from django.utils.translation import gettext_lazy as _

from team.dossier import TeamDossier, TeamRow
from team.enums import Capacity
from team.forms import TeamRoleForm
from team.models import TeamRole
from team.rules import is_alone, vacant_roles
from team.selectors import load_dossiers
from tools.contract import Column, ColumnKind, Fact, Finding, ProjectContext, Register, Tool
from tools.links import new_row_url

SLUG = "team"
PEOPLE = "roller"

_PEOPLE = Register(
    key="people",
    slug=PEOPLE,
    title=_("People and roles"),
    singular=_("person in a role"),
    purpose=_(
        "Who has which of the method's roles, also those who never sign in here. It gives nobody "
        "access to the project."
    ),
    example=_(
        "User representative: the relatives' panel at Solbakken, reached through the manager."
    ),
    model=TeamRole,
    form=TeamRoleForm,
    row_class=TeamRow,
    columns=(
        Column("person", _("Who"), ColumnKind.PERSON),
        Column("role", _("Role")),
        Column("capacity", _("Holder or deputy"), ColumnKind.CHOICE, Capacity),
        Column("unit", _("From where")),
        Column("contact", _("How to reach them"), in_list=False),
        Column("from_on", _("From"), ColumnKind.DATE, in_list=False),
        Column("to_on", _("To"), ColumnKind.DATE, in_list=False),
    ),
    rows=lambda dossier: dossier.rows,
)


class TeamTool(Tool):
    key = "team"
    slug = SLUG
    title = _("Team")
    purpose = _("Shows who takes part, who answers for what, and which roles are still empty.")
    registers = (_PEOPLE,)
    summary_template = "team/summary.html"
    stylesheet = "team/team.css"
    report_template = "team/report.html"
    dossier_class = TeamDossier

    def load(self, project_ids: Collection[int]) -> dict[int, TeamDossier]:
        return load_dossiers(project_ids)

    def findings(self, dossier: TeamDossier, context: ProjectContext) -> tuple[Finding, ...]:
        return tuple(_findings(dossier, context))

    def facts(self, dossier: TeamDossier) -> tuple[Fact, ...]:
        people = {
            (row.person.pk, row.person.pk is None and row.person.name) for row in dossier.rows
        }
        people |= {(holder.person.pk, False) for holder in dossier.access_holders}
        return (Fact("people", _("People in the team"), len(people)),)

    def is_empty(self, dossier: TeamDossier) -> bool:
        return is_alone(dossier)


def _findings(dossier: TeamDossier, context: ProjectContext) -> Iterator[Finding]:
    if is_alone(dossier):
        yield Finding(
            code="team.none",
            message=_("The project leader is alone. Write down who else takes part."),
            url=new_row_url(context.project_id, SLUG, PEOPLE, "role_key"),
        )
    for role in vacant_roles(dossier, context):
        yield Finding(
            code="team.role_vacant",
            message=_("Nobody has the role %(role)s."),
            url=new_row_url(context.project_id, SLUG, PEOPLE, "person", role_key=role.key),
            params={"role": role.title},
        )
