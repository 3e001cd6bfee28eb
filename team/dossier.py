"""Who has which of the method's roles, as frozen dataclasses."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from methodology.catalogue import Texts
from team.enums import Capacity
from tools.contract import PersonRef
from tools.privacy import restricted


@dataclass(frozen=True, slots=True)
class TeamRow:
    """``role_titles`` holds the method's own title in its languages, so that a frozen record can
    be read in any of them."""

    pk: int
    role_key: str
    role_titles: Mapping[str, str]
    person: PersonRef
    unit: str
    capacity: Capacity
    from_on: datetime.date | None
    to_on: datetime.date | None
    contact: str = restricted(default="")

    @property
    def role(self) -> str:
        return _title(self.role_titles)

    def holds_on(self, day: datetime.date) -> bool:
        """Whether this is the holder of the role on ``day``, not a deputy nor somebody who left."""
        return (
            self.capacity is Capacity.HOLDER
            and (self.from_on is None or self.from_on <= day)
            and (self.to_on is None or self.to_on >= day)
        )


@dataclass(frozen=True, slots=True)
class AccessHolder:
    """Somebody who takes part in the project with the access role that goes with one of the
    method's roles. Kept with the project's memberships; only shown here."""

    role_key: str
    role_titles: Mapping[str, str]
    person: PersonRef

    @property
    def role(self) -> str:
        return _title(self.role_titles)


@dataclass(frozen=True, slots=True)
class TeamDossier:
    """``members`` is the number of people with an access role in the project."""

    rows: tuple[TeamRow, ...] = ()
    access_holders: tuple[AccessHolder, ...] = ()
    members: int = 0


def _title(titles: Mapping[str, str]) -> str:
    return Texts({"title": titles}).get("title")
