"""Writes about people, organisations and units."""

import datetime
from collections.abc import Collection
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.formats import date_format
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.mails import mail_language, tell_about_deputy
from accounts.models import Deputy, Organisation, OrganisationRoleHolder, Unit, User
from accounts.policy import OrganisationRole
from accounts.selectors import is_administrator
from audit.services import record_event
from common.outcomes import Refusal
from common.wording import Country, OrganisationKind

_GROUP_FIELDS = {
    OrganisationRole.ADMINISTRATOR: "administrators_group",
    OrganisationRole.READS_EVERYTHING: "readers_group",
}


@transaction.atomic
def create_organisation(
    *,
    name: str,
    document_language: str,
    country: str = Country.NORWAY,
    kind: str = OrganisationKind.MUNICIPALITY,
    actor: User | None = None,
) -> Organisation:
    """A new organisation with its two groups. Raises ``ValidationError`` for a taken name and for
    an unknown language, country or kind."""
    organisation = Organisation(
        name=name, document_language=document_language, country=country, kind=kind
    )
    organisation.full_clean(exclude=["administrators_group", "readers_group"])
    # Not named after the organisation: a long name would not fit, a changed one would lie.
    mark = uuid4().hex
    organisation.administrators_group = Group.objects.create(name=f"administrators {mark}")
    organisation.readers_group = Group.objects.create(name=f"readers {mark}")
    organisation.save()
    record_event(
        actor=actor,
        action="organisation.created",
        target=organisation,
        organisation_number=organisation.pk,
    )
    return organisation


@transaction.atomic
def update_organisation(
    *,
    organisation: Organisation,
    name: str,
    document_language: str,
    country: str,
    kind: str,
    actor: User,
) -> Organisation:
    """Change what the organisation says about itself. Raises ``ValidationError`` for a taken name
    and for an unknown language, country or kind.

    Projects keep the document language that they have; a new one holds for coming projects.
    """
    wanted = {
        "name": name,
        "document_language": document_language,
        "country": country,
        "kind": kind,
    }
    changed = sorted(field for field in wanted if getattr(organisation, field) != wanted[field])
    for field, value in wanted.items():
        setattr(organisation, field, value)
    organisation.full_clean()
    if changed:
        organisation.save(update_fields=changed)
        record_event(
            actor=actor,
            action="organisation.updated",
            target=organisation,
            organisation_number=organisation.pk,
            changed=changed,
        )
    return organisation


@transaction.atomic
def create_person(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Collection[OrganisationRole] = (),
    actor: User | None,
    password: str | None = None,
) -> User:
    """A person in the organisation, with roles. Without ``password`` nobody can sign in as them
    until they have chosen one through :func:`send_invitation`."""
    user = User.objects.create_user(email, password, name=name, organisation=organisation)
    record_event(
        actor=actor,
        action="person.created",
        target=user,
        organisation_number=organisation.pk,
    )
    set_organisation_roles(user=user, roles=roles, actor=actor)
    return user


@transaction.atomic
def invite_person(
    *,
    organisation: Organisation,
    email: str,
    name: str,
    roles: Collection[OrganisationRole] = (),
    actor: User,
    base_url: str,
) -> User:
    """As :func:`create_person`, and a mail with the link where they choose a password."""
    user = create_person(
        organisation=organisation, email=email, name=name, roles=roles, actor=actor
    )
    send_invitation(user=user, inviter=actor, base_url=base_url)
    return user


def password_link(*, user: User, base_url: str) -> str:
    """The address where the person chooses a password, once and within
    ``PASSWORD_RESET_TIMEOUT`` seconds. ``base_url`` is scheme and host."""
    return base_url.rstrip("/") + reverse(
        "accounts:password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )


def link_lifetime_days() -> int:
    """How many whole days :func:`password_link` can be used."""
    return settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


@transaction.atomic
def send_invitation(*, user: User, inviter: User, base_url: str) -> None:
    """Mail the link on commit, in the person's language. ``base_url`` is scheme and host.

    Refuses somebody whose access is closed. A link from an earlier invitation stays valid.
    """
    if not user.is_active:
        raise Refusal(
            _("The access of %(name)s is closed. Open it before you send an invitation.")
            % {"name": user.name}
        )
    with translation.override(mail_language(user)):
        subject = _("You are invited to Veikart")
        body = render_to_string(
            "accounts/mail/invitation.txt",
            {
                "person": user,
                "inviter": inviter,
                "link": password_link(user=user, base_url=base_url),
                "days": link_lifetime_days(),
            },
        )
    record_event(
        actor=inviter,
        action="person.invited",
        target=user,
        organisation_number=user.organisation_id,
    )
    transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]), robust=True)


@transaction.atomic
def set_organisation_roles(
    *, user: User, roles: Collection[OrganisationRole], actor: User | None
) -> None:
    """Give the person exactly these roles. Refuses to take away the last administrator."""
    organisation = user.organisation
    if organisation is None:
        raise Refusal(_("A person without an organisation cannot have a role in it."))
    held = {
        OrganisationRole(role)
        for role in OrganisationRoleHolder.objects.filter(
            user=user, organisation=organisation
        ).values_list("role", flat=True)
    }
    wanted = set(roles)
    if OrganisationRole.ADMINISTRATOR in held - wanted:
        _keep_an_administrator(organisation, without=user)
    OrganisationRoleHolder.objects.filter(user=user, role__in=held - wanted).delete()
    for role in wanted - held:
        OrganisationRoleHolder.objects.create(organisation=organisation, user=user, role=role)
    for role, field in _GROUP_FIELDS.items():
        group: Group = getattr(organisation, field)
        if role in wanted:
            user.groups.add(group)
        else:
            user.groups.remove(group)
    if wanted != held:
        record_event(
            actor=actor,
            action="person.roles_set",
            target=user,
            organisation_number=organisation.pk,
            roles=sorted(wanted),
        )
    if hasattr(user, "_organisation_roles"):
        del user._organisation_roles


@transaction.atomic
def update_person(*, user: User, name: str, email: str, actor: User) -> User:
    """Raises ``ValidationError`` when the address is taken."""
    user.name = name
    user.email = User.objects.normalize_email(email).lower()
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "email"])
    record_event(
        actor=actor,
        action="person.updated",
        target=user,
        organisation_number=user.organisation_id,
    )
    return user


@transaction.atomic
def change_person(
    *, user: User, name: str, email: str, roles: Collection[OrganisationRole], actor: User
) -> User:
    """:func:`update_person` and :func:`set_organisation_roles`: both or neither."""
    update_person(user=user, name=name, email=email, actor=actor)
    set_organisation_roles(user=user, roles=roles, actor=actor)
    return user


@transaction.atomic
def set_person_active(*, user: User, is_active: bool, actor: User) -> User:
    """Close or reopen a person's access. Nothing they have written disappears.

    Refuses to close one's own access and that of the last administrator.
    """
    if not is_active:
        if user.pk == actor.pk:
            raise Refusal(_("You cannot close your own access. Ask another administrator."))
        if user.organisation is not None:
            _keep_an_administrator(user.organisation, without=user)
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    record_event(
        actor=actor,
        action="person.opened" if is_active else "person.closed",
        target=user,
        organisation_number=user.organisation_id,
    )
    return user


def _keep_an_administrator(organisation: Organisation, *, without: User) -> None:
    # Two administrators who take each other away at the same moment wait for each other here.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    others = OrganisationRoleHolder.objects.filter(
        organisation=organisation,
        role=OrganisationRole.ADMINISTRATOR,
        user__is_active=True,
    ).exclude(user=without)
    is_one = OrganisationRoleHolder.objects.filter(
        organisation=organisation, role=OrganisationRole.ADMINISTRATOR, user=without
    )
    if is_one.exists() and not others.exists():
        raise Refusal(
            _("%(name)s is the only administrator. Make somebody else administrator first.")
            % {"name": without.name}
        )


@transaction.atomic
def update_profile(
    *, user: User, name: str, language: str, colour_scheme: str, digest: str
) -> User:
    """What a person decides about themselves. Raises ``ValidationError`` for unknown choices."""
    user.name = name
    user.language = language
    user.colour_scheme = colour_scheme
    user.digest = digest
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "language", "colour_scheme", "digest"])
    record_event(
        actor=user,
        action="person.profile_updated",
        target=user,
        organisation_number=user.organisation_id,
    )
    return user


@transaction.atomic
def choose_language(*, user: User, language: str) -> User:
    """The language of the pages for this person. Raises ``ValidationError`` for an unknown one."""
    user.language = language
    user.clean_fields(exclude=["password"])
    user.save(update_fields=["language"])
    record_event(
        actor=user,
        action="person.language_chosen",
        target=user,
        organisation_number=user.organisation_id,
        language=language,
    )
    return user


@transaction.atomic
def choose_password(*, user: User, password: str) -> User:
    """Give the person the password they chose; every other session of theirs ends.

    The caller has validated ``password`` and knows that the person is who they say.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    record_event(
        actor=user,
        action="person.password_chosen",
        target=user,
        organisation_number=user.organisation_id,
    )
    return user


@transaction.atomic
def name_deputy(
    *,
    user: User,
    deputy: User,
    starts_on: datetime.date,
    ends_on: datetime.date,
    actor: User,
    is_told: bool = True,
) -> Deputy:
    """Let ``deputy`` act for ``user`` from a day to a day, both included. Both are told by mail on
    commit, but for ``actor``; nobody is when ``is_told`` is false.

    For the person themselves and administrators of the organisation. Refused: somebody of another
    organisation or whose access is closed, a period that began before today, and one that meets
    another of the same two people. Raises ``ValidationError`` for a period that ends before it
    begins.
    """
    _refuse_stranger_to(user, actor)
    if deputy.pk == user.pk:
        raise Refusal(_("Choose somebody else than the person themselves."))
    if user.organisation_id is None or deputy.organisation_id != user.organisation_id:
        raise Refusal(
            _("%(name)s belongs to another organisation, and cannot act for anybody here.")
            % {"name": deputy.name}
        )
    for person in (user, deputy):
        if not person.is_active:
            raise Refusal(
                _("The access of %(name)s is closed. Open it first.") % {"name": person.name}
            )
    if starts_on < timezone.localdate():
        raise Refusal(_("The first day has passed. Choose today or a day to come."))
    period = Deputy(user=user, deputy=deputy, starts_on=starts_on, ends_on=ends_on, made_by=actor)
    period.full_clean()
    # Two periods named at the same moment could otherwise both find the way free.
    User.objects.select_for_update().get(pk=user.pk)
    _refuse_overlap(period)
    period.save()
    _log_deputy(period, "deputy.named", actor)
    if is_told:
        tell_about_deputy(period, "accounts/mail/deputy_named.txt", actor)
    return period


@transaction.atomic
def end_deputy(*, deputy: Deputy, actor: User) -> Deputy:
    """End a period now, before its last day or its first. The row is kept with the moment, and
    both are told by mail, but for ``actor``. Refused as :func:`name_deputy`, and when it is over.
    """
    _refuse_stranger_to(deputy.user, actor)
    now = timezone.now()
    ended = Deputy.objects.filter(
        pk=deputy.pk, ended_at__isnull=True, ends_on__gte=timezone.localdate()
    ).update(ended_at=now, ended_by=actor)
    if not ended:
        raise Refusal(_("This period is over already."))
    deputy.ended_at, deputy.ended_by = now, actor
    _log_deputy(deputy, "deputy.ended", actor)
    tell_about_deputy(deputy, "accounts/mail/deputy_ended.txt", actor)
    return deputy


def _refuse_stranger_to(user: User, actor: User) -> None:
    if actor.pk != user.pk and not is_administrator(actor, user.organisation_id):
        raise Refusal(_("Deputies are named by the person themselves and by administrators."))


def _refuse_overlap(period: Deputy) -> None:
    other = Deputy.objects.filter(
        user=period.user,
        deputy=period.deputy,
        ended_at__isnull=True,
        starts_on__lte=period.ends_on,
        ends_on__gte=period.starts_on,
    ).first()
    if other is not None:
        raise Refusal(
            _(
                "%(name)s is deputy from %(first)s to %(last)s already. End that period first, or "
                "choose days outside of it."
            )
            % {
                "name": period.deputy.name,
                "first": date_format(other.starts_on),
                "last": date_format(other.ends_on),
            }
        )


def _log_deputy(period: Deputy, action: str, actor: User) -> None:
    record_event(
        actor=actor,
        action=action,
        target=period,
        organisation_number=period.user.organisation_id,
        user=period.user_id,
        deputy=period.deputy_id,
        starts_on=period.starts_on.isoformat(),
        ends_on=period.ends_on.isoformat(),
    )


@transaction.atomic
def save_unit(*, unit: Unit, actor: User) -> Unit:
    """Create or change a unit. Refuses a cycle and people or units of another organisation.

    Raises ``ValidationError`` when a unit beside it has the same name.
    """
    # Two moves at the same moment could otherwise close a circle together.
    Organisation.objects.select_for_update().get(pk=unit.organisation_id)
    _refuse_cycle(unit)
    if unit.parent is not None and unit.parent.organisation_id != unit.organisation_id:
        raise Refusal(_("The unit above belongs to another organisation."))
    if unit.manager is not None and unit.manager.organisation_id != unit.organisation_id:
        raise Refusal(_("The manager belongs to another organisation."))
    created = unit.pk is None
    unit.full_clean()
    unit.save()
    record_event(
        actor=actor,
        action="unit.created" if created else "unit.updated",
        target=unit,
        organisation_number=unit.organisation_id,
    )
    return unit


def _refuse_cycle(unit: Unit) -> None:
    above, seen = unit.parent, set()
    while above is not None and above.pk not in seen:
        if above.pk == unit.pk:
            raise Refusal(_("A unit cannot be part of one of its own units."))
        seen.add(above.pk)
        above = above.parent
