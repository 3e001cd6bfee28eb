from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit, Change, Indicator, Measurement
from common.layout import Columns, Details
from tools.forms import RowForm

_SHORT = forms.Textarea(attrs={"rows": 3})


class ChangeForm(RowForm):
    class Meta:
        model = Change
        fields = ["process", "description"]
        widgets = {"description": _SHORT}


class BenefitForm(RowForm):
    class Meta:
        model = Benefit
        fields = [
            "title",
            "category",
            "change",
            "description",
            "beneficiary",
            "owner",
            "owner_name",
            "amount_per_year",
            "hours_per_year",
            "preconditions",
        ]
        widgets = {"description": _SHORT, "preconditions": _SHORT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_per_year"].unit = _("kr")
        self.fields["hours_per_year"].unit = _("hours")
        self.helper.layout = Layout(
            "title",
            Columns("category", "change"),
            "description",
            "beneficiary",
            Fieldset(_("Who answers for it"), Columns("owner", "owner_name")),
            Fieldset(_("How much, at full effect"), Columns("amount_per_year", "hours_per_year")),
            "preconditions",
        )


class IndicatorForm(RowForm):
    class Meta:
        model = Indicator
        fields = [
            "benefit",
            "name",
            "unit",
            "direction",
            "baseline_value",
            "baseline_on",
            "baseline_source",
            "target_value",
            "target_on",
            "data_source",
            "responsible",
            "responsible_name",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "benefit",
            "name",
            Columns("unit", "direction"),
            Fieldset(
                _("Before the change"),
                Columns("baseline_value", "baseline_on"),
                "baseline_source",
            ),
            Fieldset(_("Target"), Columns("target_value", "target_on")),
            Details(
                _("Who measures, and how"),
                "data_source",
                Columns("responsible", "responsible_name"),
                is_open=True,
            ),
        )


class MeasurementForm(RowForm):
    """Date and value of a recorded measurement stand: only the comment can be changed."""

    class Meta:
        model = Measurement
        fields = ["indicator", "measured_on", "value", "comment"]
        widgets = {"comment": _SHORT}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["indicator"].queryset = (
            self.fields["indicator"]
            .queryset.filter(benefit__deleted_at__isnull=True)
            .select_related("benefit")
        )
        self.fields["indicator"].label_from_instance = _indicator_label
        if self.instance.pk is None:
            self.initial.setdefault("measured_on", timezone.localdate())
            return
        for name in ("indicator", "measured_on", "value"):
            self.fields[name].disabled = True
        self.fields["value"].help_text = _(
            "A measurement is never overwritten. Delete a wrong one and record it again."
        )


def _indicator_label(indicator: Indicator) -> str:
    return f"{indicator.benefit.code}: {indicator.name} ({indicator.unit})"
