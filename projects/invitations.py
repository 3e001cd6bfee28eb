"""Writes that bring people into a project and tell them by mail."""

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policy import GUEST_ROLES, ProjectRole
from accounts.services import invite_person, mail_language
from common.outcomes import Refusal
from projects.models import Membership, Project
from projects.services import add_member


@transaction.atomic
def bring_in(
    *, project: Project, user: User, role: ProjectRole, actor: User, base_url: str
) -> Membership:
    """:func:`projects.services.add_member`, and a mail that says so. ``base_url`` is scheme and
    host. Nobody gets a mail about what they did themselves."""
    membership = add_member(project=project, user=user, role=role, actor=actor)
    if user.pk != actor.pk:
        _mail_about(membership, actor, base_url)
    return membership


@transaction.atomic
def invite_by_address(
    *, project: Project, email: str, name: str, role: ProjectRole, actor: User, base_url: str
) -> None:
    """Bring in whoever has this address; somebody unknown is invited to the organisation first.

    Says nothing about people in other organisations: the same is refused, and the same is answered,
    whether an address is unknown or belongs to one of them. Only colleagues can be given more than
    ``GUEST_ROLES`` here. An address elsewhere whose access is closed is left alone.
    """
    known = User.objects.select_related("organisation").filter(email__iexact=email).first()
    is_colleague = known is not None and known.organisation_id == project.organisation_id
    if not is_colleague and role not in GUEST_ROLES:
        raise Refusal(
            _(
                "Somebody who is invited by mail starts as project member or reader. "
                "Change the role when they have come."
            )
        )
    if known is None:
        person = invite_person(
            organisation=project.organisation,
            email=email,
            name=name,
            actor=actor,
            base_url=base_url,
        )
        add_member(project=project, user=person, role=role, actor=actor)
    elif known.is_active or is_colleague:
        bring_in(project=project, user=known, role=role, actor=actor, base_url=base_url)


def _mail_about(membership: Membership, actor: User, base_url: str) -> None:
    """On commit, in the language of the person who gets it."""
    user, project = membership.user, membership.project
    with translation.override(mail_language(user)):
        # The name stands in a header, where a line break would end it.
        subject = _("You take part in “%(project)s”") % {"project": " ".join(project.name.split())}
        body = render_to_string(
            "projects/mail/role_given.txt",
            {
                "person": user,
                "actor": actor,
                "project": project,
                "role": ProjectRole(membership.role).label,
                "link": base_url.rstrip("/") + reverse("phases:project", args=[project.pk]),
            },
        )
    transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]), robust=True)
