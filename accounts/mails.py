"""Mail to people, in their own language."""

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Deputy, User


def mail_language(user: User) -> str:
    """The language in which to write to somebody: their own choice, else their organisation's."""
    if user.language:
        return user.language
    return user.organisation.document_language if user.organisation else settings.LANGUAGE_CODE


def tell_about_deputy(period: Deputy, template: str, actor: User) -> None:
    """One mail on commit to each of the two, but for ``actor``, in their own language."""
    for person in (period.deputy, period.user):
        if person.pk == actor.pk or not person.is_active:
            continue
        with translation.override(mail_language(person)):
            subject = _("%(deputy)s as deputy for %(name)s in Veikart") % {
                "deputy": _in_header(period.deputy.name),
                "name": _in_header(period.user.name),
            }
            context = {"person": person, "period": period, "actor": actor}
            body = render_to_string(template, context)
        _send_on_commit(subject, body, person.email)


def _in_header(name: str) -> str:
    """A line break would end the header, and the mail would not go out."""
    return " ".join(name.split())


def _send_on_commit(subject: str, body: str, address: str) -> None:
    """A mail server that is down stops nobody."""
    # Not a partial: Django names what failed in its log, and a partial has no name.
    transaction.on_commit(lambda: send_mail(subject, body, None, [address]), robust=True)
