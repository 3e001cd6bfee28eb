"""Who is missing in the team. Pure."""

from collections.abc import Sequence

from methodology.catalogue import RoleEntry
from team.dossier import TeamDossier
from tools.contract import ProjectContext

# The leader alone is no team.
SMALLEST_TEAM = 2


def is_alone(dossier: TeamDossier) -> bool:
    """Nobody is written down, and at most one person takes part in the project."""
    return not dossier.rows and dossier.members < SMALLEST_TEAM


def filled_roles(dossier: TeamDossier, context: ProjectContext) -> frozenset[str]:
    """Keys of the roles that somebody holds today, as written down here or by an access role."""
    return frozenset(
        [row.role_key for row in dossier.rows if row.holds_on(context.today)]
        + [holder.role_key for holder in dossier.access_holders]
    )


def vacant_roles(dossier: TeamDossier, context: ProjectContext) -> Sequence[RoleEntry]:
    """The roles that the method expects and nobody holds."""
    filled = filled_roles(dossier, context)
    return [role for role in context.catalogue.roles if role.is_expected and role.key not in filled]
