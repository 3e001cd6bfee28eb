"""What the audit log says of versions of a method."""

from typing import TYPE_CHECKING, Any

from audit.services import record_event
from methodology.models import MethodVersion

if TYPE_CHECKING:
    from accounts.models import User


def record_version(version: MethodVersion, what: str, actor: "User | None", **details: Any) -> None:
    """A line that says what was done to the version, draft or not, and never what stands in it."""
    record_event(
        actor=actor,
        action=f"method_version.{what}",
        target=version,
        organisation_number=version.method.organisation_id,
        method=version.method.key,
        number=version.number,
        **details,
    )
