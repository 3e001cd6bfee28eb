from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from projects.method import catalogue_of_project
from team.enums import Capacity
from tools.models import RegisterRow


class TeamRole(RegisterRow):
    """Who has one of the method's roles, with or without an account. It grants no access."""

    role_key = models.SlugField(_("role"), max_length=60)
    person = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    name = models.CharField(
        _("person or group without an account"),
        max_length=150,
        blank=True,
        help_text=_("Such as a user panel or a union representative."),
    )
    unit = models.CharField(
        _("from where"),
        max_length=150,
        blank=True,
        help_text=_("Unit, organisation or whom they represent."),
    )
    capacity = models.CharField(
        _("holder or deputy"), max_length=10, choices=Capacity, default=Capacity.HOLDER
    )
    contact = models.CharField(
        _("how to reach them"),
        max_length=200,
        blank=True,
        help_text=_("Phone or e-mail. Only those who write in the project see it."),
    )
    from_on = models.DateField(_("from"), null=True, blank=True)
    to_on = models.DateField(_("to"), null=True, blank=True)

    class Meta(RegisterRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, name__gt="") | Q(person__isnull=False, name=""),
                name="team_role_person_or_name",
                violation_error_code="name",
                violation_error_message=_("Choose a person or write a name: one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(to_on__gte=F("from_on")),
                name="team_role_ends_after_start",
                violation_error_code="to_on",
                violation_error_message=_("The last day must not be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)

    def clean(self) -> None:
        super().clean()
        if not self.role_key:
            return
        try:
            catalogue_of_project(self.project).role(self.role_key)
        except KeyError:
            raise ValidationError(
                {"role_key": _("Choose one of the roles of the project's method.")}
            ) from None
