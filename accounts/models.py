from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import PersonStatus
from accounts.policy import OrganisationRole
from common.wording import Country, OrganisationKind, Wording


class Language(models.TextChoices):
    """Languages of the interface and of documents, named in themselves."""

    BOKMAL = "nb", "Norsk bokmål"
    NYNORSK = "nn", "Norsk nynorsk"
    SWEDISH = "sv", "Svenska"
    ENGLISH = "en", "English"


class ColourScheme(models.TextChoices):
    AUTO = "auto", _("As on my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Digest(models.TextChoices):
    """How often somebody gets one mail with all that is not urgent."""

    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Every Monday")
    NEVER = "never", _("Never")


class Organisation(models.Model):
    """A municipality, region or care provider. Two organisations never see each other's projects.

    The two groups carry what its administrators and its readers of everything may do on each of
    its projects.
    """

    name = models.CharField(_("name"), max_length=150)
    document_language = models.CharField(
        _("document language"),
        max_length=2,
        choices=Language,
        default=Language.BOKMAL,
        help_text=_("The language of records and reports, whatever language each reader uses."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        choices=Country,
        default=Country.NORWAY,
        help_text=_("Decides which national guidance the method's pages lead to."),
    )
    kind = models.CharField(
        _("kind of organisation"),
        max_length=20,
        choices=OrganisationKind,
        default=OrganisationKind.MUNICIPALITY,
        help_text=_("Decides what the method's guidance calls the organisation."),
    )
    administrators_group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="+")
    readers_group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="organisation_name_unique",
                violation_error_message=_("There is already an organisation with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def wording(self) -> Wording:
        """How guidance speaks to this organisation; see ``common.wording``."""
        return Wording(Country(self.country), OrganisationKind(self.kind))


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in, with e-mail as the user name."""

    email = models.EmailField(
        _("e-mail address"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Somebody already has this e-mail address.")},
    )
    name = models.CharField(_("name"), max_length=150)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="people",
        verbose_name=_("organisation"),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    colour_scheme = models.CharField(
        _("light or dark"), max_length=5, choices=ColourScheme, default=ColourScheme.AUTO
    )
    digest = models.CharField(
        _("summary by e-mail"),
        max_length=6,
        choices=Digest,
        default=Digest.WEEKLY,
        help_text=_("What has happened and what waits. Decisions that wait for you come at once."),
    )
    is_active = models.BooleanField(_("can sign in"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_whatever_case",
                violation_error_message=_("Somebody already has this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> PersonStatus:
        if not self.is_active:
            return PersonStatus.CLOSED
        return PersonStatus.ACTIVE if self.has_usable_password() else PersonStatus.INVITED

    def get_full_name(self) -> str:
        return self.name


class OrganisationRoleHolder(models.Model):
    """A person's role in the organisation. Written by ``accounts.services`` only."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="role_holders"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="organisation_roles")
    role = models.CharField(max_length=20, choices=OrganisationRole)

    class Meta:
        ordering = ["role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "role"], name="organisation_role_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class Unit(models.Model):
    """A place in the organisation's tree, with the manager who answers for it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("part of"),
    )
    name = models.CharField(_("name"), max_length=150)
    manager = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managed_units",
        verbose_name=_("manager"),
        help_text=_("Proposed as line manager for the unit's projects."),
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            # Two, because SQLite always takes two empty parents for different.
            models.UniqueConstraint(
                fields=["organisation", "parent", "name"],
                name="unit_name_unique_beside_siblings",
                violation_error_message=_("There is already a unit with this name here."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=models.Q(parent=None),
                name="unit_name_unique_at_the_top",
                violation_error_message=_("There is already a unit with this name here."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="unit_not_its_own_parent",
                violation_error_message=_("A unit cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Deputy(models.Model):
    """Somebody who acts for somebody else from a day to a day, both included.

    Written by ``accounts.services`` only. One that is ended early is kept with the day it ended.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="deputies", verbose_name=_("person")
    )
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="deputises", verbose_name=_("deputy")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="deputy_ends_after_start",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("deputy")),
                name="deputy_is_somebody_else",
                violation_error_message=_("Choose somebody else than the person themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.deputy_id}"
