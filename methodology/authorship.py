"""Who may write on a method."""

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.selectors import (
    administrators_of,
    is_administrator,
    is_installation_administrator,
)
from common.outcomes import Allowed, Denied, Outcome
from methodology.models import Method


def may_author(user: User, method: Method) -> Outcome:
    """A method of the installation is written by the installation's administrator, one of an
    organisation by that organisation's administrators. The refusal says whose task it is."""
    return may_author_for(user, method.organisation)


def may_author_for(user: User, organisation: Organisation | None) -> Outcome:
    """As :func:`may_author`, for a method that is yet to come. One query more when the answer is
    no."""
    if organisation is None:
        if is_installation_administrator(user):
            return Allowed()
        return Denied(
            _(
                "This method belongs to the whole installation, and only the installation's "
                "administrator changes it. You can make a copy for your own organisation, if you "
                "are its administrator."
            )
        )
    if is_administrator(user, organisation.pk):
        return Allowed()
    names = ", ".join(person.name for person in administrators_of(organisation))
    return Denied(
        _("The methods of %(organisation)s are looked after by its administrators: %(names)s.")
        % {"organisation": organisation.name, "names": names or _("nobody yet")}
    )


def may_see(user: User, method: Method) -> bool:
    """Whether the method exists for this person: the installation's for everybody, an
    organisation's for those who belong there."""
    return method.organisation_id in (None, user.organisation_id)
