"""Who acts for whom, and when."""

import datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Deputy
from accounts.selectors import (
    acting_for,
    deputies_of,
    deputises_for,
    deputy_periods,
    represented_by,
)
from accounts.services import create_person, end_deputy, name_deputy, set_person_active
from audit.models import AuditEvent
from common.outcomes import Refusal

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
def name(colleague, carl, today):
    """Carl acts for Bob, from some days from now to some days from now."""

    def name(first=0, last=7, **changes):
        values = {"user": colleague, "deputy": carl, "actor": colleague, **changes}
        return name_deputy(
            starts_on=today + first * ONE_DAY, ends_on=today + last * ONE_DAY, **values
        )

    return name


# --- naming ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["colleague", "administrator"])
def test_a_person_and_an_administrator_name_a_deputy_and_it_is_logged(
    request, name, colleague, carl, who
):
    actor = request.getfixturevalue(who)
    period = name(actor=actor)
    event = AuditEvent.objects.get(action="deputy.named")
    assert (event.actor, event.details) == (
        actor,
        {
            "user": colleague.pk,
            "deputy": carl.pk,
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat(),
        },
    )
    assert (period.user, period.deputy, period.made_by) == (colleague, carl, actor)


def test_nobody_else_names_a_deputy(name, carl, neighbour):
    for actor in (carl, neighbour):
        with pytest.raises(Refusal, match="by the person themselves and by administrators"):
            name(actor=actor)
    assert Deputy.objects.count() == 0


def test_a_superuser_without_the_role_does_not_either(name, carl):
    carl.is_superuser = True
    carl.save()
    with pytest.raises(Refusal, match="by administrators"):
        name(actor=carl)


def test_a_deputy_is_somebody_else_of_the_organisation_who_can_sign_in(
    name, colleague, carl, neighbour
):
    with pytest.raises(Refusal, match="somebody else than the person"):
        name(deputy=colleague)
    with pytest.raises(Refusal, match="Nora Nes belongs to another organisation"):
        name(deputy=neighbour)
    carl.is_active = False
    carl.save()
    with pytest.raises(Refusal, match="The access of Carl Dahl is closed"):
        name()


def test_a_period_begins_today_at_the_earliest_and_ends_after_it_begins(name):
    with pytest.raises(Refusal, match="The first day has passed"):
        name(-1)
    with pytest.raises(ValidationError, match="must not be before the first"):
        name(3, 2)
    assert name(0, 0).pk


@pytest.mark.parametrize(("first", "last"), [(0, 3), (7, 9), (4, 5), (0, 20), (3, 3)])
def test_a_period_that_meets_another_of_the_same_two_is_refused(name, first, last):
    name(3, 7)
    with pytest.raises(Refusal, match="Carl Dahl is deputy from"):
        name(first, last)
    assert Deputy.objects.count() == 1


def test_a_period_beside_another_and_one_for_another_person_are_taken(
    name, administrator, colleague
):
    name(3, 7)
    name(0, 2)
    name(8, 9)
    name(3, 7, deputy=administrator)
    name(3, 7, user=administrator, actor=administrator)
    assert Deputy.objects.count() == 5


def test_an_ended_period_stands_in_nobodys_way(name, colleague):
    end_deputy(deputy=name(), actor=colleague)
    assert name().pk


# --- who acts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "acts"), [(-1, False), (0, False), (1, True), (4, True), (7, True), (8, False)]
)
def test_a_deputy_acts_from_the_first_day_to_the_last(name, colleague, carl, today, days, acts):
    name(1, 7)
    day = today + days * ONE_DAY
    assert list(deputies_of(colleague, day)) == ([carl] if acts else [])
    assert list(deputises_for(carl, day)) == ([colleague] if acts else [])
    assert acting_for([colleague.pk], day) == ({colleague.pk: (carl,)} if acts else {})
    assert represented_by([carl.pk], day) == ({carl.pk: (colleague,)} if acts else {})


def test_a_deputy_does_not_act_once_the_period_is_ended(name, colleague, today):
    end_deputy(deputy=name(), actor=colleague)
    assert list(deputies_of(colleague, today)) == []
    assert acting_for([colleague.pk], today) == {}


def test_a_deputy_whose_access_is_closed_does_not_act_until_it_is_opened(
    name, colleague, carl, administrator, today
):
    period = name()
    set_person_active(user=carl, is_active=False, actor=administrator)
    assert list(deputies_of(colleague, today)) == []
    assert deputy_periods(colleague).present == (period,)
    set_person_active(user=carl, is_active=True, actor=administrator)
    assert list(deputies_of(colleague, today)) == [carl]


def test_a_deputys_deputy_does_not_act(name, administrator, colleague, carl, today):
    name()
    name(user=carl, deputy=administrator, actor=carl)
    assert list(deputies_of(colleague, today)) == [carl]
    assert list(deputises_for(administrator, today)) == [carl]


def test_several_deputies_come_by_name_and_cost_one_query(
    name, administrator, colleague, carl, today, django_assert_num_queries
):
    name()
    name(deputy=administrator)
    name(user=administrator, actor=administrator)
    with django_assert_num_queries(1):
        found = acting_for([colleague.pk, administrator.pk, carl.pk], today)
    assert found == {colleague.pk: (administrator, carl), administrator.pk: (carl,)}
    with django_assert_num_queries(1):
        assert represented_by([carl.pk], today) == {carl.pk: (administrator, colleague)}
    with django_assert_num_queries(1):
        assert list(deputies_of(colleague, today)) == [administrator, carl]


# --- ending and telling ------------------------------------------------------------------------


def test_ending_keeps_the_row_with_the_moment_and_who_ended_it(name, colleague, administrator):
    period = end_deputy(deputy=name(), actor=administrator)
    period.refresh_from_db()
    assert period.ended_at is not None
    assert period.ended_by == administrator
    assert deputy_periods(colleague).former == (period,)
    with pytest.raises(Refusal, match="over already"):
        end_deputy(deputy=period, actor=administrator)


def test_a_stranger_and_the_deputy_do_not_end_it(name, carl, neighbour):
    period = name()
    for actor in (carl, neighbour):
        with pytest.raises(Refusal, match="by administrators"):
            end_deputy(deputy=period, actor=actor)


def test_periods_are_now_coming_or_former(name, colleague):
    coming = name(20, 30)
    now = name(0, 3)
    former = name(5, 9)
    Deputy.objects.filter(pk=former.pk).update(
        starts_on=datetime.date(2026, 1, 5), ends_on=datetime.date(2026, 1, 9)
    )
    periods = deputy_periods(colleague)
    assert (periods.present, periods.coming, periods.former) == ((now,), (coming,), (former,))


def test_the_deputy_is_told_in_their_language_and_the_person_when_somebody_else_did_it(
    name, administrator, carl, django_capture_on_commit_callbacks
):
    carl.language = "en"
    carl.save()
    with django_capture_on_commit_callbacks(execute=True):
        period = name(deputy=carl)
    [told] = mail.outbox
    assert (told.to, told.subject) == (
        ["carl@fjordvik.test"],
        "Carl Dahl as deputy for Bob Berg in Veikart",
    )
    assert "Bob Berg has made you deputy for Bob Berg" in told.body
    with django_capture_on_commit_callbacks(execute=True):
        end_deputy(deputy=period, actor=administrator)
    assert [each.to for each in mail.outbox[1:]] == [["carl@fjordvik.test"], ["bob@fjordvik.test"]]


def test_naming_stands_when_the_mail_server_is_down(
    name, monkeypatch, django_capture_on_commit_callbacks
):
    def fail(*args, **kwargs):
        raise OSError

    monkeypatch.setattr("accounts.mails.send_mail", fail)
    with django_capture_on_commit_callbacks(execute=True):
        name()
    assert Deputy.objects.count() == 1


def test_a_name_with_a_line_break_stops_no_mail(name, carl, django_capture_on_commit_callbacks):
    carl.name = "Carl\r\nBcc: somebody@else.test"
    carl.save()
    with django_capture_on_commit_callbacks(execute=True):
        name(deputy=carl)
    [told] = mail.outbox
    assert (told.subject, told.recipients()) == (
        "Carl Bcc: somebody@else.test som stedfortreder for Bob Berg i Veikart",
        ["carl@fjordvik.test"],
    )


def test_nobody_is_told_when_that_is_asked_for(name, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        name(is_told=False)
    assert mail.outbox == []
