import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from benefits.enums import Category, Direction
from tools.models import RegisterRow

LABEL_LENGTH = 60
# SQLite keeps decimals as floating point, which holds fifteen digits. With one more the largest
# figures would be taken and then could not be read again.
FIGURE_DIGITS = 15


def refuse_future(field: str, day: datetime.date | None) -> None:
    """Not a database constraint: what is past depends on the day."""
    if day is not None and day > timezone.localdate():
        raise ValidationError({field: _("The date is in the future.")})


class Change(RegisterRow):
    """What people will do in a new way. Benefits come from changes, never from the purchase
    alone."""

    process = models.CharField(
        _("work that changes"),
        max_length=150,
        help_text=_("The process or task, such as night visits."),
    )
    description = models.TextField(
        _("what is done in a new way"),
        max_length=2000,
        help_text=_("Who does what differently from today?"),
    )

    def __str__(self) -> str:
        return Truncator(f"{self.process}: {self.description}").chars(LABEL_LENGTH)


class Benefit(RegisterRow):
    """``amount_per_year`` is in NOK and ``hours_per_year`` in hours, both at full effect."""

    code = models.CharField(_("code"), max_length=10, editable=False)
    title = models.CharField(
        _("benefit"),
        max_length=150,
        help_text=_("What becomes better, such as fewer night visits that wake people."),
    )
    description = models.TextField(_("description"), max_length=5000, blank=True)
    change = models.ForeignKey(
        Change,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="benefits",
        verbose_name=_("change that gives the benefit"),
    )
    category = models.CharField(_("kind of benefit"), max_length=20, choices=Category)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        help_text=_("A leader where the benefit arises, with the authority to make it happen."),
    )
    owner_name = models.CharField(
        _("owner without an account"),
        max_length=150,
        blank=True,
        help_text=_("Name and position, when the owner is not in the list."),
    )
    beneficiary = models.CharField(
        _("who benefits"),
        max_length=200,
        blank=True,
        help_text=_("Such as residents, relatives, night staff or the hospital."),
    )
    preconditions = models.TextField(
        _("what has to be in place"),
        max_length=5000,
        blank=True,
        help_text=_("What must be true for the benefit to come?"),
    )
    amount_per_year = models.DecimalField(
        _("expected amount per year"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In kroner, at full effect. Leave empty if it is not worked out."),
    )
    hours_per_year = models.DecimalField(
        _("expected hours per year"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Working hours that are freed, at full effect."),
    )

    class Meta(RegisterRow.Meta):
        constraints = [
            # Also among deleted rows: a code is used once, so that old papers stay right.
            models.UniqueConstraint(fields=["project", "code"], name="benefit_code_used_once"),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(owner_name=""),
                name="benefit_one_owner",
                violation_error_code="owner_name",
                violation_error_message=_(
                    "Choose the owner from the list or write a name, not both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(amount_per_year__isnull=True) | Q(amount_per_year__gte=0),
                name="benefit_amount_not_negative",
                violation_error_code="amount_per_year",
                violation_error_message=_("The amount per year cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(hours_per_year__isnull=True) | Q(hours_per_year__gte=0),
                name="benefit_hours_not_negative",
                violation_error_code="hours_per_year",
                violation_error_message=_("The hours per year cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return Truncator(f"{self.code} {self.title}").chars(LABEL_LENGTH)

    def fill_in_new(self) -> None:
        """The next code: G1, G2 ... counting deleted benefits too."""
        used = Benefit.objects.filter(project_id=self.project_id).values_list("code", flat=True)
        numbers = [int(code[1:]) for code in used if code[1:].isdigit()]
        self.code = f"G{max(numbers, default=0) + 1}"


class Indicator(RegisterRow):
    """The figure that shows whether a benefit comes."""

    benefit = models.ForeignKey(
        Benefit, on_delete=models.PROTECT, related_name="indicators", verbose_name=_("benefit")
    )
    name = models.CharField(
        _("indicator"), max_length=150, help_text=_("What is counted, such as visits per night.")
    )
    unit = models.CharField(
        _("unit"), max_length=40, help_text=_("Such as visits, minutes, per cent or kroner.")
    )
    direction = models.CharField(
        _("which way is better"), max_length=10, choices=Direction, default=Direction.UP
    )
    baseline_value = models.DecimalField(
        _("value before the change"),
        max_digits=FIGURE_DIGITS,
        decimal_places=4,
        null=True,
        blank=True,
    )
    baseline_on = models.DateField(_("when it was measured"), null=True, blank=True)
    baseline_source = models.CharField(
        _("where the figure comes from"),
        max_length=200,
        blank=True,
        help_text=_("System, count or estimate, and who stands behind it."),
    )
    target_value = models.DecimalField(
        _("target"), max_digits=FIGURE_DIGITS, decimal_places=4, null=True, blank=True
    )
    target_on = models.DateField(_("target date"), null=True, blank=True)
    data_source = models.CharField(
        _("how it is measured"),
        max_length=200,
        blank=True,
        help_text=_("Which system or method, and how often."),
    )
    responsible = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("responsible for measuring"),
    )
    responsible_name = models.CharField(
        _("responsible without an account"), max_length=150, blank=True
    )

    class Meta(RegisterRow.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(direction=Direction.UP) | Q(target_value__gt=F("baseline_value")),
                name="indicator_up_means_higher_target",
                violation_error_code="target_value",
                violation_error_message=_(
                    "The figure should go up, so the target has to be higher than the value "
                    "before the change."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(direction=Direction.DOWN) | Q(target_value__lt=F("baseline_value")),
                name="indicator_down_means_lower_target",
                violation_error_code="target_value",
                violation_error_message=_(
                    "The figure should go down, so the target has to be lower than the value "
                    "before the change."
                ),
            ),
            models.CheckConstraint(
                condition=Q(target_on__gt=F("baseline_on")),
                name="indicator_target_after_baseline",
                violation_error_code="target_on",
                violation_error_message=_(
                    "The target date has to be after the date of the value before the change."
                ),
            ),
            models.CheckConstraint(
                condition=Q(responsible__isnull=True) | Q(responsible_name=""),
                name="indicator_one_responsible",
                violation_error_code="responsible_name",
                violation_error_message=_(
                    "Choose who is responsible from the list or write a name, not both."
                ),
            ),
        ]

    def __str__(self) -> str:
        return Truncator(self.name).chars(LABEL_LENGTH)

    def clean(self) -> None:
        super().clean()
        refuse_future("baseline_on", self.baseline_on)


class Measurement(RegisterRow):
    """One point in an indicator's series. Zero is a value like any other.

    What was measured is never overwritten: a wrong figure is deleted and recorded again, and the
    deleted one can still be seen.
    """

    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        related_name="measurements",
        verbose_name=_("indicator"),
    )
    measured_on = models.DateField(_("date"))
    value = models.DecimalField(_("value"), max_digits=FIGURE_DIGITS, decimal_places=4)
    comment = models.TextField(
        _("comment"),
        max_length=2000,
        blank=True,
        help_text=_("What explains the figure, such as holidays or missing data."),
    )

    class Meta:
        ordering = ["measured_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "measured_on"],
                condition=Q(deleted_at__isnull=True),
                name="measurement_once_per_day",
                violation_error_code="measured_on",
                violation_error_message=_(
                    "There is already a measurement from this day. Delete it first if it is wrong."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.measured_on:%d.%m.%Y}: {self.value.normalize():f}"

    def clean(self) -> None:
        super().clean()
        refuse_future("measured_on", self.measured_on)
        if self.pk is None:
            return
        stored = Measurement.objects.get(pk=self.pk)
        if (stored.indicator_id, stored.measured_on, stored.value) != (
            self.indicator_id,
            self.measured_on,
            self.value,
        ):
            raise ValidationError(
                _(
                    "A measurement is never overwritten. Delete it and record the right one, "
                    "so that both can be seen."
                )
            )
