"""What rows of the benefits tool hold and refuse."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit, Indicator, Measurement
from projects.models import Project
from tests.benefits.factory import make_benefit, make_change, make_indicator, make_measurement
from tools.services import delete_row, restore_row, save_row


def test_codes_are_handed_out_once(
    project: Project, other_project: Project, municipality: Any
) -> None:
    leader = municipality.leader
    first, second = make_benefit(project, leader, 1), make_benefit(project, leader, 2)
    delete_row(row=second, actor=leader)

    third = make_benefit(project, leader, 3)
    elsewhere = make_benefit(other_project, leader, 1)

    assert [row.code for row in (first, second, third, elsewhere)] == ["G1", "G2", "G3", "G1"]


def test_a_change_of_another_project_is_refused(
    project: Project, other_project: Project, municipality: Any
) -> None:
    theirs = make_change(other_project, municipality.leader)

    with pytest.raises(ValidationError) as refused:
        make_benefit(project, municipality.leader, change=theirs)

    assert refused.value.message_dict == {
        "change": ["This belongs to another project. Choose one from this project."]
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            {"direction": "up", "baseline_value": Decimal(70), "target_value": Decimal(60)},
            {
                "target_value": [
                    "The figure should go up, so the target has to be higher than the value "
                    "before the change."
                ]
            },
        ),
        (
            {"direction": "down", "baseline_value": Decimal(70), "target_value": Decimal(70)},
            {
                "target_value": [
                    "The figure should go down, so the target has to be lower than the value "
                    "before the change."
                ]
            },
        ),
        (
            {"baseline_on": datetime.date(2026, 9, 1)},
            {
                "target_on": [
                    "The target date has to be after the date of the value before the change."
                ]
            },
        ),
        (
            {"responsible_name": "Kari"},
            {
                "responsible_name": [
                    "Choose who is responsible from the list or write a name, not both."
                ]
            },
        ),
    ],
)
def test_an_indicator_that_contradicts_itself_is_refused(
    project: Project, municipality: Any, values: dict[str, Any], expected: dict[str, list[str]]
) -> None:
    with pytest.raises(ValidationError) as refused:
        make_indicator(project, municipality.leader, **values)

    assert refused.value.message_dict == expected


def test_negative_amounts_and_two_owners_are_refused(project: Project, municipality: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        make_benefit(
            project,
            municipality.leader,
            amount_per_year=Decimal(-1),
            hours_per_year=Decimal(-1),
            owner=municipality.leader,
            owner_name="Kari",
        )

    assert refused.value.message_dict == {
        "amount_per_year": ["The amount per year cannot be negative."],
        "hours_per_year": ["The hours per year cannot be negative."],
        "owner_name": ["Choose the owner from the list or write a name, not both."],
    }


def test_the_database_backs_the_rules(project: Project, municipality: Any) -> None:
    indicator = make_indicator(project, municipality.leader)
    for model, pk, values in (
        (Benefit, indicator.benefit_id, {"amount_per_year": -1}),
        (Indicator, indicator.pk, {"target_value": 3}),
        (Indicator, indicator.pk, {"target_on": datetime.date(2026, 1, 1)}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=pk).update(**values)


def test_a_measurement_from_the_future_is_refused(project: Project, municipality: Any) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(ValidationError) as refused:
        make_measurement(project, municipality.leader, measured_on=tomorrow)

    assert refused.value.message_dict == {"measured_on": ["The date is in the future."]}


def test_a_measurement_is_never_overwritten(project: Project, municipality: Any) -> None:
    row = make_measurement(project, municipality.leader)
    row.value = Decimal(7)

    with pytest.raises(ValidationError) as refused:
        save_row(row=row, actor=municipality.leader)

    assert refused.value.messages == [
        "A measurement is never overwritten. Delete it and record the right one, so that both can "
        "be seen."
    ]
    assert Measurement.objects.get(pk=row.pk).value == Decimal("1.1")


def test_the_form_of_a_measurement_lets_only_the_comment_be_changed(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    row = make_measurement(project, municipality.leader)
    url = reverse("tools:row_edit", args=[project.pk, "gevinster", "malinger", row.pk])
    client = client_for(municipality.leader)
    form = client.get(url).context["form"]

    client.post(
        url,
        {
            "value": "99",
            "comment": "Ny kommentar",
            "opened_version": form["opened_version"].value(),
            "opened_values": form["opened_values"].value(),
        },
    )

    stored = Measurement.objects.get(pk=row.pk)
    assert (stored.value, stored.comment) == (Decimal("1.1"), "Ny kommentar")


def test_a_day_has_one_measurement_and_a_deleted_one_gives_way(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    wrong = make_measurement(project, municipality.leader)
    again = {"indicator": wrong.indicator, "measured_on": wrong.measured_on}
    with pytest.raises(ValidationError) as refused:
        make_measurement(project, municipality.leader, 2, **again)
    assert refused.value.message_dict == {
        "measured_on": [
            "There is already a measurement from this day. Delete it first if it is wrong."
        ]
    }

    delete_row(row=wrong, actor=municipality.leader)
    make_measurement(project, municipality.leader, 2, **again)

    with pytest.raises(ValidationError):
        restore_row(row=wrong, actor=municipality.leader)
    url = reverse("tools:row_restore", args=[project.pk, "gevinster", "malinger", wrong.pk])
    page = client_for(municipality.leader).post(url, follow=True)
    assert "There is already a measurement from this day." in page.content.decode()


def test_a_choice_without_anything_to_choose_says_what_comes_first(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    url = reverse("tools:row_create", args=[project.pk, "gevinster", "malinger"])
    client = client_for(municipality.leader)
    sentence = "There is nothing to choose here yet."
    before = sentence in client.get(url).content.decode()
    make_indicator(project, municipality.leader)

    assert (before, sentence in client.get(url).content.decode()) == (True, False)


def test_numbers_are_read_as_people_write_them(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    url = reverse("tools:row_create", args=[project.pk, "gevinster", "gevinster"])
    client_for(municipality.leader).post(
        url, {"title": "Ro", "category": "quality", "amount_per_year": "1 234 500,50"}
    )

    assert Benefit.objects.get(project=project).amount_per_year == Decimal("1234500.50")


def test_a_benefit_owner_records_measurements_but_writes_nothing_else(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    from accounts.policy import ProjectRole
    from projects.services import add_member

    indicator = make_indicator(project, municipality.leader)
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.BENEFIT_OWNER,
        actor=municipality.leader,
    )
    client = client_for(municipality.employee)
    start = [project.pk, "gevinster"]

    statuses = [
        client.post(
            reverse("tools:row_create", args=[*start, "malinger"]),
            {"indicator": str(indicator.pk), "measured_on": "2026-03-02", "value": "0"},
        ).status_code,
        client.post(
            reverse("tools:row_create", args=[*start, "endringer"]),
            {"process": "Tilsyn", "description": "Digitalt"},
        ).status_code,
    ]

    assert statuses == [302, 403]
    assert Measurement.objects.get(indicator=indicator).value == 0


def test_the_tool_page_shows_progress_in_words_with_the_trend(
    project: Project, municipality: Any, client_for: Callable[..., Client]
) -> None:
    indicator = make_indicator(project, municipality.leader, name="Besøk per natt")
    make_measurement(project, municipality.leader, 1, indicator=indicator, value=Decimal("1.1"))
    make_measurement(project, municipality.leader, 9, indicator=indicator, value=Decimal("0"))

    page = client_for(municipality.reader).get(
        reverse("tools:tool", args=[project.pk, "gevinster"])
    )

    html = page.content.decode()
    assert "Target reached: 111 % of the way" in html
    assert (
        "<title>Besøk per natt: from 2 besøk (20 January 2026) to 0 besøk (9 March 2026). "
        "Target: 0.2 besøk.</title>"
    ) in html


def test_the_largest_figure_that_is_taken_can_be_read_again(
    project: Project, municipality: Any
) -> None:
    largest = Decimal("99999999999.9999")
    indicator = make_indicator(
        project,
        municipality.leader,
        direction="up",
        baseline_value=-largest,
        target_value=largest,
    )
    make_measurement(project, municipality.leader, indicator=indicator, value=largest)

    assert (
        Indicator.objects.values_list("baseline_value", "target_value").get(),
        Measurement.objects.values_list("value", flat=True).get(),
    ) == ((-largest, largest), largest)


def test_a_figure_with_more_digits_than_every_database_holds_is_refused(
    project: Project, municipality: Any
) -> None:
    with pytest.raises(ValidationError) as refused:
        make_indicator(project, municipality.leader, baseline_value=Decimal("999999999999.9999"))

    assert list(refused.value.message_dict) == ["baseline_value"]
