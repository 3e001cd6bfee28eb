"""The pages where deputies are named and periods are ended, and the choice of summary."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Deputy
from accounts.services import create_person, name_deputy

PAGE = "/profil/stedfortredere/"
ONE_DAY = datetime.timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def carl(organisation, administrator):
    return create_person(
        organisation=organisation, email="carl@fjordvik.test", name="Carl Dahl", actor=None
    )


@pytest.fixture
def as_colleague(client, colleague):
    colleague.language = "en"
    colleague.save()
    client.force_login(colleague)
    return client


def name(user, deputy, first, last):
    return name_deputy(user=user, deputy=deputy, starts_on=first, ends_on=last, actor=user)


def test_a_person_names_a_deputy_from_their_settings(as_colleague, colleague, carl, today):
    assert PAGE in as_colleague.get(reverse("accounts:profile")).content.decode()
    response = as_colleague.post(
        PAGE, {"deputy": carl.pk, "starts_on": today.isoformat(), "ends_on": today.isoformat()}
    )
    assert (response.status_code, response.url) == (302, PAGE)
    assert list(Deputy.objects.values_list("user", "deputy", "made_by")) == [
        (colleague.pk, carl.pk, colleague.pk)
    ]
    page = as_colleague.get(reverse("accounts:profile")).content.decode()
    assert "<strong>Carl Dahl</strong>" in page


def test_an_administrator_names_one_for_somebody_else(
    as_administrator, colleague, administrator, carl, today
):
    page = reverse("accounts:person_deputies", args=[colleague.pk])
    edit = as_administrator.get(reverse("accounts:person_edit", args=[colleague.pk]))
    assert page in edit.content.decode()
    response = as_administrator.post(
        page, {"deputy": carl.pk, "starts_on": today.isoformat(), "ends_on": "2099-01-01"}
    )
    assert response.url == page
    assert Deputy.objects.get().made_by == administrator


def test_what_is_refused_stays_in_the_form(as_colleague, carl, today):
    response = as_colleague.post(
        PAGE, {"deputy": carl.pk, "starts_on": "2026-01-05", "ends_on": "2026-01-09"}
    )
    form = response.context["form"]
    assert form.non_field_errors() == ["The first day has passed. Choose today or a day to come."]
    assert form["deputy"].value() == str(carl.pk)
    response = as_colleague.post(
        PAGE, {"deputy": carl.pk, "starts_on": "2099-01-05", "ends_on": "2099-01-04"}
    )
    assert response.context["form"].non_field_errors() == [
        "The last day must not be before the first."
    ]
    assert Deputy.objects.count() == 0


def test_oneself_closed_people_and_strangers_are_not_offered(
    as_colleague, colleague, carl, administrator, neighbour
):
    carl.is_active = False
    carl.save()
    form = as_colleague.get(PAGE).context["form"]
    assert [number for number, _label in form.fields["deputy"].choices] == ["", administrator.pk]
    response = as_colleague.post(
        PAGE, {"deputy": neighbour.pk, "starts_on": "2099-01-05", "ends_on": "2099-01-06"}
    )
    assert list(response.context["form"].errors) == ["deputy"]


def test_the_page_shows_what_is_now_to_come_and_over(as_colleague, colleague, carl, today):
    name(colleague, carl, today, today)
    name(colleague, carl, today + 5 * ONE_DAY, today + 9 * ONE_DAY)
    Deputy.objects.create(
        user=colleague,
        deputy=carl,
        made_by=colleague,
        starts_on=datetime.date(2026, 1, 5),
        ends_on=datetime.date(2026, 1, 9),
    )
    name(carl, colleague, today, today)
    page = as_colleague.get(PAGE).content.decode()
    for words in ("Now and to come", "1 earlier period", "You act for"):
        assert words in page


def test_the_page_costs_the_same_whatever_there_is(as_colleague, colleague, carl, today):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            as_colleague.get(PAGE)
        return len(captured)

    name(colleague, carl, today, today)
    name(carl, colleague, today, today)
    before = queries()
    for number in range(1, 4):
        day = today + number * ONE_DAY
        name(colleague, carl, day, day)
        name(carl, colleague, day, day)
    assert queries() == before


def test_a_period_is_ended_after_a_question(as_colleague, colleague, carl, today):
    period = name(colleague, carl, today, today)
    address = reverse("accounts:deputy_end", args=[period.pk])
    assert "Shall Carl Dahl no longer act for you?" in as_colleague.get(address).content.decode()
    response = as_colleague.post(address)
    assert response.url == PAGE
    period.refresh_from_db()
    assert period.ended_by == colleague
    again = as_colleague.post(address, follow=True)
    assert [str(message) for message in again.context["messages"]][-1:] == [
        "This period is over already."
    ]


def test_the_deputy_cannot_end_it(client, colleague, carl, today):
    period = name(colleague, carl, today, today)
    client.force_login(carl)
    address = reverse("accounts:deputy_end", args=[period.pk])
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


@pytest.mark.parametrize("choice", ["daily", "weekly", "never"])
def test_a_person_chooses_how_often_they_get_a_summary(as_colleague, colleague, choice):
    address = reverse("accounts:profile")
    assert as_colleague.get(address).context["form"]["digest"].value() == "weekly"
    as_colleague.post(
        address,
        {"name": "Bob Berg", "language": "en", "colour_scheme": "auto", "digest": choice},
    )
    colleague.refresh_from_db()
    assert colleague.digest == choice
