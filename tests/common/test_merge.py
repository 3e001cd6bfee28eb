"""Two people, one row: the merge, and the forms that carry it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms

from benefits.forms import IndicatorForm
from benefits.models import Indicator
from common.merge import Conflict, Merge, merge_changes
from common.versioned_forms import OPENED, VERSION, VersionedFormMixin
from projects.models import Project
from tests.benefits.factory import make_benefit, make_indicator
from tests.tools.samples import sent_by_browser


@pytest.mark.parametrize(
    ("opened", "mine", "theirs", "expected"),
    [
        ("a", "a", "a", Merge((), ())),
        ("a", "b", "a", Merge((), ())),
        ("a", "a", "b", Merge(("x",), ())),
        ("a", "b", "b", Merge((), ())),
        ("a", "b", "c", Merge((), (Conflict("x", "b", "c"),))),
    ],
)
def test_each_field_is_merged_on_its_own(
    opened: str, mine: str, theirs: str, expected: Merge
) -> None:
    merged = merge_changes(
        opened={"x": opened},
        mine={"x": mine},
        theirs={"x": theirs},
        differs=lambda _field, first, second: first != second,
    )

    assert merged == expected


class StockForm(VersionedFormMixin):
    """Django's own fields, which compare types and not texts."""

    class Meta:
        model = Indicator
        fields = [
            "benefit",
            "name",
            "direction",
            "baseline_value",
            "baseline_on",
            "target_value",
            "responsible",
        ]


def stock_form(row: Indicator, data: dict[str, str] | None = None) -> StockForm:
    return StockForm(data, instance=Indicator.objects.get(pk=row.pk))


@pytest.fixture
def row(project: Project, municipality: Any) -> Indicator:
    return make_indicator(project, municipality.leader)


def change(row: Indicator, **values: Any) -> None:
    """Somebody else's save."""
    Indicator.objects.filter(pk=row.pk).update(row_version=row.row_version + 1, **values)


def test_numbers_dates_choices_and_people_merge_in_stock_fields(
    row: Indicator, project: Project, municipality: Any
) -> None:
    data = sent_by_browser(stock_form(row))
    other = make_benefit(project, municipality.leader, 2)
    theirs: dict[str, Any] = {
        "baseline_value": Decimal("2.5"),
        "baseline_on": datetime.date(2026, 1, 21),
        "responsible": None,
        "benefit": other,
        "target_value": None,
    }
    change(row, **theirs)

    form = stock_form(row, {**data, "name": "Mitt navn"})

    assert form.is_valid(), form.errors
    assert {name: form.cleaned_data[name] for name in (*theirs, "name")} == {
        **theirs,
        "name": "Mitt navn",
    }
    assert form.changed_fields == ["name"]


@pytest.mark.parametrize(
    ("mine", "theirs", "shown"),
    [
        ({"baseline_value": "3"}, {"baseline_value": Decimal("2.5")}, ("2.5000", "3")),
        (
            {"baseline_on": "2026-02-02"},
            {"baseline_on": datetime.date(2026, 1, 21)},
            ("21/01/2026", "02/02/2026"),
        ),
        ({"direction": "up"}, {"direction": "keep"}, ("Keep the level", "Up")),
        ({"responsible": ""}, {"responsible_id": "member"}, ("Mats Medlem", "---------")),
        ({"target_value": ""}, {"target_value": Decimal("0.5")}, ("0.5000", "–")),
    ],
)
def test_conflicts_show_both_values_as_people_read_them(
    row: Indicator,
    municipality: Any,
    mine: dict[str, str],
    theirs: dict[str, Any],
    shown: tuple[str, str],
) -> None:
    data = sent_by_browser(stock_form(row))
    if "responsible_id" in theirs:
        theirs = {"responsible_id": municipality.member.pk}
    change(row, **theirs)
    (field,) = mine

    form = stock_form(row, {**data, **mine})

    assert form.errors == {
        field: [
            f"Somebody else has changed this to “{shown[0]}” while you wrote “{shown[1]}”. "
            "Put together what should stand, and save again."
        ]
    }


def test_the_same_number_written_otherwise_is_no_change(
    row: Indicator, project: Project, municipality: Any
) -> None:
    def form(data: dict[str, str] | None = None) -> IndicatorForm:
        return IndicatorForm(
            data,
            instance=Indicator.objects.get(pk=row.pk),
            project=project,
            actor=municipality.leader,
        )

    data = sent_by_browser(form())
    change(row, baseline_value=Decimal(7), target_value=Decimal(5))

    merged = form({**data, "baseline_value": "2,00", "target_value": "0,20"})

    assert merged.is_valid(), merged.errors
    assert (merged.cleaned_data["baseline_value"], merged.cleaned_data["target_value"]) == (7, 5)
    assert merged.changed_fields == []


def test_line_breaks_of_the_browser_are_no_change(project: Project, municipality: Any) -> None:
    class BenefitStockForm(VersionedFormMixin):
        class Meta:
            model = type(make_benefit(project, municipality.leader))
            fields = ["title", "description"]

    benefit = make_benefit(project, municipality.leader, 2, description="Linje 1\nLinje 2")
    data = sent_by_browser(BenefitStockForm(instance=benefit))
    type(benefit).objects.filter(pk=benefit.pk).update(row_version=9, description="Deres")
    benefit.refresh_from_db()

    form = BenefitStockForm({**data, "description": "Linje 1\r\nLinje 2"}, instance=benefit)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["description"] == "Deres"


def test_what_the_other_wrote_is_shown_when_the_form_comes_back(row: Indicator) -> None:
    data = sent_by_browser(stock_form(row))
    change(row, name="Deres navn")

    form = stock_form(row, {**data, "baseline_value": "mange"})

    assert list(form.errors) == ["baseline_value"]
    assert (form["name"].value(), form["baseline_value"].value()) == ("Deres navn", "mange")
    assert form[VERSION].value() == str(row.row_version + 1)


@pytest.mark.parametrize("opened", ["", "ikke json", "[1]", "[" * 100_000])
def test_without_the_opened_values_every_difference_is_a_conflict(
    row: Indicator, opened: str
) -> None:
    data = sent_by_browser(stock_form(row))
    change(row, name="Deres navn")

    form = stock_form(row, {**data, OPENED: opened})

    assert list(form.errors) == ["name"]


def test_checkboxes_merge_both_ways(project: Project, municipality: Any) -> None:
    from tools.forms import SlotForm
    from tools.models import SlotState
    from tools.services import save_slot_state

    state = save_slot_state(
        state=SlotState(
            project=project,
            slot_key="analysis",
            is_not_relevant=True,
            not_relevant_reason="Gjort",
        ),
        actor=municipality.leader,
    )
    data = sent_by_browser(SlotForm(instance=state))
    SlotState.objects.filter(pk=state.pk).update(
        row_version=9, is_not_relevant=False, not_relevant_reason=""
    )
    state.refresh_from_db()

    form = SlotForm({**data, "note": "Mitt notat"}, instance=state)

    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "note": "Mitt notat",
        "is_not_relevant": False,
        "not_relevant_reason": "",
    }
    assert form["is_not_relevant"].value() is False
    assert isinstance(form.fields["is_not_relevant"], forms.BooleanField)
