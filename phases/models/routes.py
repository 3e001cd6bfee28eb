"""Who decides in an organisation's projects: routes chosen by size, uncertainty and interest."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from common.rows import VersionedRow
from phases.enums import DecisionRule, SeatSource
from projects.enums import Uncertainty


class GateRoute(VersionedRow):
    """Who decides, and how, when a project reaches one of the thresholds.

    Routes are asked in their order; the first that a project reaches is taken. A route without any
    threshold holds for every project. Submissions keep what they were sent with.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="gate_routes", editable=False
    )
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    least_budget = models.DecimalField(
        _("budget from"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    least_uncertainty = models.CharField(
        _("uncertainty from"), max_length=10, choices=Uncertainty, blank=True
    )
    for_public_interest = models.BooleanField(_("when the public interest is high"), default=False)
    rule = models.CharField(
        _("how it is decided"), max_length=10, choices=DecisionRule, default=DecisionRule.ONE
    )
    quorum = models.PositiveSmallIntegerField(
        _("how many must have voted"), default=1, validators=[MinValueValidator(1)]
    )
    days = models.PositiveSmallIntegerField(
        _("days to decide in"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["organisation", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="gate_route_name_unique",
                violation_error_message=_("There is already a route with this name."),
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="gate_route_quorum"),
        ]

    def __str__(self) -> str:
        return self.name


class GateRouteSeat(models.Model):
    """Somebody who decides on a route: by role, or by name."""

    route = models.ForeignKey(GateRoute, on_delete=models.CASCADE, related_name="seats")
    source = models.CharField(_("who"), max_length=20, choices=SeatSource)
    user = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    is_chair = models.BooleanField(_("leads the decision"), default=False)

    class Meta:
        ordering = ["route", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source="named", user__isnull=False)
                | (~Q(source="named") & Q(user__isnull=True)),
                name="gate_route_seat_names_a_person",
                violation_error_message=_("Choose who it is."),
            ),
            models.UniqueConstraint(
                fields=["route"],
                condition=Q(is_chair=True),
                name="gate_route_one_chair",
                violation_error_message=_("Only one person can lead the decision."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route_id}: {self.source}"
