"""The form of a route: for which projects, who, and how."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import PageModelForm, WholeNumberField
from common.layout import Columns, Details
from common.versioned_forms import VersionedFormMixin
from phases.enums import DecisionRule, SeatSource
from phases.models import GateRoute
from phases.routes import SeatRule
from projects.wording import people_choices

# Seats that are found in each project, in the order of the form.
ROLE_SOURCES = (
    SeatSource.LINE_MANAGER,
    SeatSource.OWNER,
    SeatSource.BENEFIT_RESPONSIBLE,
    SeatSource.MANAGER_ABOVE,
    SeatSource.TOP_MANAGER,
)
# Always some more than are used, so that there is room without JavaScript.
_LEAST_NAMED = 2
_MOST_NAMED = 12


class RouteForm(VersionedFormMixin, PageModelForm):
    """``people`` are those who can be chosen by name, ``seats`` what the route holds now."""

    submit_label = _("Save the route")

    roles = forms.MultipleChoiceField(
        label=_("Who decides"),
        choices=[(source.value, source.label) for source in ROLE_SOURCES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Found in each project. Whoever leads it or submits it never decides on it."),
    )
    chair = forms.ChoiceField(
        label=_("Leads the decision"),
        required=False,
        help_text=_("Where all must agree, or where one decides after the others have voted."),
    )

    class Meta:
        model = GateRoute
        fields = [
            "name",
            "least_budget",
            "least_uncertainty",
            "for_public_interest",
            "rule",
            "quorum",
            "days",
        ]
        widgets = {"rule": forms.RadioSelect}
        help_texts = {
            "name": _("For example “Large projects”. It stands on the record."),
            "least_budget": _("The least amount that takes a project here."),
            "least_uncertainty": _("The least uncertainty that takes a project here."),
            "quorum": _(
                "For the last two ways of deciding, the one who leads included. Left empty: "
                "everybody."
            ),
            "days": _(
                "Working days from Monday to Friday; public holidays are not counted out. Left "
                "empty: no limit."
            ),
        }

    def __init__(
        self, *args: Any, people: Sequence[User], seats: Sequence[SeatRule], **kwargs: Any
    ) -> None:
        named = [seat for seat in seats if seat.source is SeatSource.NAMED]
        self._named = [f"named_{number}" for number in range(1, _places(len(named)) + 1)]
        self._people = people_choices(people)
        kwargs["initial"] = {**_initial(named, seats, self._named), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = DecisionRule.choices
        self.fields["least_budget"].unit = _("kr")
        self.fields["days"].unit = _("working days")
        quorum = self.fields["quorum"]
        assert isinstance(quorum, WholeNumberField)  # noqa: S101 -- page_formfield
        quorum.required = False
        # Nearly everything can be left open, and the texts say what that means.
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            Fieldset(
                _("Which projects"),
                "name",
                Columns("least_budget", "least_uncertainty"),
                "for_public_interest",
            ),
            Fieldset(
                _("Who"),
                "roles",
                Details(_("People by name"), *self._named, css_id="named", is_open=bool(named)),
            ),
            Fieldset(_("How"), "rule", "chair", Columns("quorum", "days")),
        )

    def _begin_merging(self) -> None:
        """The people by name are fields like the others, and are there before anything is merged
        or kept as what the form was opened with."""
        for number, name in enumerate(self._named, start=1):
            self.fields[name] = forms.TypedChoiceField(
                label=_("Person %(number)s") % {"number": number},
                choices=[("", _("Nobody")), *self._people],
                coerce=int,
                empty_value=None,
                required=False,
            )
        self.fields["chair"].choices = [
            ("", _("Nobody")),
            *self.fields["roles"].choices,
            *((name, self.fields[name].label) for name in self._named),
        ]
        super()._begin_merging()

    @property
    def seats(self) -> list[SeatRule]:
        """What was chosen, in the order of the form; for a valid form."""
        cleaned = self.cleaned_data
        chair = cleaned.get("chair") or ""
        found = [
            SeatRule(source, is_chair=chair == source)
            for source in ROLE_SOURCES
            if source in cleaned.get("roles", ())
        ]
        for name in self._named:
            if cleaned.get(name) is not None:
                found.append(SeatRule(SeatSource.NAMED, cleaned[name], chair == name))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("chair") and not any(seat.is_chair for seat in self.seats):
            self.add_error("chair", _("Whoever leads the decision must be among those who decide."))
        if "quorum" in cleaned and cleaned["quorum"] is None:
            cleaned["quorum"] = max(len(self.seats), 1)
        return cleaned


def _places(used: int) -> int:
    return min(max(used + 1, _LEAST_NAMED), _MOST_NAMED)


def _initial(
    named: Sequence[SeatRule], seats: Sequence[SeatRule], places: Sequence[str]
) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "roles": [seat.source.value for seat in seats if seat.source is not SeatSource.NAMED],
        "chair": "",
    }
    for seat in seats:
        if seat.is_chair and seat.source is not SeatSource.NAMED:
            initial["chair"] = seat.source.value
    for place, seat in zip(places, named, strict=False):
        initial[place] = seat.user_id
        if seat.is_chair:
            initial["chair"] = place
    return initial
