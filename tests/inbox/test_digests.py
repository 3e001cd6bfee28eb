"""The one mail with everything that need not come at once."""

import datetime

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.utils import timezone, translation

from accounts.services import set_person_active
from inbox.digests import frequencies_on, send_digests
from inbox.models import Notice
from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.models import Condition
from phases.services import answer, ask, declare_conflict

MONDAY = datetime.date(2026, 11, 23)


def moment(day, hour=7, minute=0):
    return timezone.make_aware(
        datetime.datetime.combine(day, datetime.time(hour, minute)), timezone.get_default_timezone()
    )


def days(number):
    return datetime.timedelta(days=number)


def next_weekday(weekday):
    """The next such day after today, at eight: 0 is Monday."""
    today = timezone.localdate()
    return moment(today + days((weekday - today.weekday() - 1) % 7 + 1), 8)


@pytest.fixture
def digest(municipality):
    """Lets a person have a digest so often."""

    def digest(user, frequency):
        user.digest = frequency
        user.save(update_fields=["digest"])

    for person in municipality.organisation.people.all():
        digest(person, "never")
    return digest


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (MONDAY, 6, set()),
        (MONDAY, 7, {"daily", "weekly"}),
        (MONDAY, 15, {"daily", "weekly"}),
        (MONDAY + days(1), 7, {"daily"}),
        (MONDAY + days(4), 7, {"daily"}),
        (MONDAY + days(5), 7, set()),
        (MONDAY + days(6), 12, set()),
    ],
)
def test_daily_on_working_days_and_weekly_on_mondays_from_seven(day, hour, expected):
    assert frequencies_on(moment(day, hour)) == expected


def test_beat_asks_for_it_on_working_days_by_the_local_clock():
    entry = django_settings.CELERY_BEAT_SCHEDULE["send-digests"]
    assert entry["task"] == "inbox.tasks.send_digests"
    assert django_settings.CELERY_TIMEZONE == django_settings.TIME_ZONE
    assert (entry["schedule"].hour, entry["schedule"].day_of_week) == (
        set(range(7, 18)),
        {1, 2, 3, 4, 5},
    )


def test_it_counts_what_waits_and_names_nothing(project, municipality, submit, decide, digest):
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(
            ConditionDraft("Spør ombudet", municipality.leader.pk, timezone.localdate() + days(1)),
            ConditionDraft("Mål igjen", municipality.leader.pk, timezone.localdate() + days(60)),
        ),
    )
    digest(municipality.leader, "daily")
    assert send_digests(next_weekday(1)) == 1

    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        [municipality.leader.email],
        "Your summary from Veikart",
    )
    base = django_settings.BASE_URL
    assert [line for line in message.body.splitlines() if line.startswith(("- ", "  "))] == [
        "- 1 of your tasks is due within a week.",
        f"  {base}/innboks/oppgaver/",
        "- What you submitted is decided.",
        f"  {base}/prosjekter/{project.pk}/beslutninger/{decision.pk}/",
    ]
    assert "every working day" in message.body
    assert f"{base}/profil/" in message.body
    for secret in (project.name, "ombudet"):
        assert secret not in message.body


def test_it_comes_once_a_day_however_often_it_is_asked_for(project, municipality, submit, digest):
    submit(project, municipality.leader)
    digest(municipality.manager, "daily")
    tuesday = next_weekday(1)

    assert [send_digests(tuesday), send_digests(tuesday)] == [1, 0]
    assert send_digests(tuesday + days(1)) == 1
    assert [each.to for each in mail.outbox] == [[municipality.manager.email]] * 2


def test_weekly_waits_for_monday(project, municipality, submit, digest):
    submit(project, municipality.leader)
    digest(municipality.manager, "weekly")
    assert send_digests(next_weekday(1)) == 0
    assert send_digests(next_weekday(5)) == 0
    assert send_digests(next_weekday(0)) == 1
    assert "every Monday" in mail.outbox[0].body


def test_never_is_never_and_a_closed_account_gets_nothing(project, municipality, submit, digest):
    submit(project, municipality.leader)
    assert send_digests(next_weekday(0)) == 0
    digest(municipality.manager, "daily")
    set_person_active(user=municipality.manager, is_active=False, actor=municipality.admin)
    mail.outbox.clear()
    assert send_digests(next_weekday(0)) == 0
    assert mail.outbox == []


def test_no_digest_is_empty_and_the_next_one_still_tells_what_happened(
    project, municipality, submit, decide, digest
):
    digest(municipality.leader, "daily")
    tuesday = next_weekday(1)
    assert send_digests(tuesday) == 0
    assert [each.is_empty for each in Notice.objects.all()] == [True]
    Notice.objects.update(claimed_at=timezone.now() - days(1))
    decide(submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK)
    assert send_digests(tuesday) == 0
    assert send_digests(tuesday + days(1)) == 1
    assert "What you submitted is decided." in mail.outbox[0].body
    # Told once.
    Notice.objects.filter(is_empty=False).update(claimed_at=timezone.now())
    assert send_digests(tuesday + days(2)) == 0


def test_leader_and_manager_above_are_told_that_somebody_must_be_named(
    project, municipality, submit, digest
):
    submission = submit(project, municipality.leader)
    declare_conflict(submission=submission, reason="Slekt.", actor=municipality.manager)
    for person in (municipality.leader, municipality.director, municipality.manager):
        digest(person, "daily")
    assert send_digests(next_weekday(1)) == 2
    told = {each.to[0]: each.body for each in mail.outbox}
    assert "1 of your submissions lacks somebody to decide." in told[municipality.leader.email]
    assert "1 decision lacks somebody to decide" in told[municipality.director.email]


def test_questions_reach_the_leader_and_answers_whoever_asked(
    project, municipality, submit, digest
):
    submission = submit(project, municipality.leader)
    question = ask(submission=submission, text="Hvem måler?", actor=municipality.manager)
    for person in (municipality.leader, municipality.manager):
        digest(person, "daily")
    tuesday = next_weekday(1)
    send_digests(tuesday)
    told = {each.to[0]: each.body for each in mail.outbox}
    assert "1 question before a decision waits" in told[municipality.leader.email]
    assert "1 decision waits for you." in told[municipality.manager.email]

    Notice.objects.update(claimed_at=timezone.now())
    mail.outbox.clear()
    answer(question=question, text="Avdelingen.", actor=municipality.leader)
    send_digests(tuesday + days(1))
    (message,) = mail.outbox
    assert message.to == [municipality.manager.email]
    assert "A question of yours is answered." in message.body
    assert "måler" not in message.body


@pytest.mark.parametrize("language", ["nb", "sv"])
def test_the_digest_is_in_the_reader_s_language(project, municipality, submit, digest, language):
    submit(project, municipality.leader)
    digest(municipality.manager, "daily")
    municipality.manager.language = language
    municipality.manager.save()
    send_digests(next_weekday(1))

    (message,) = mail.outbox
    with translation.override(language):
        sentence = translation.ngettext(
            "%(number)s decision waits for you.", "%(number)s decisions wait for you.", 1
        )
        assert message.subject == translation.gettext("Your summary from Veikart")
        assert sentence % {"number": 1} in message.body


def test_a_digest_costs_the_same_for_few_and_for_many_tasks(
    project, municipality, submit, decide, digest, django_assert_num_queries
):
    from inbox.digests import digest_lines

    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(
            ConditionDraft("Spør", municipality.leader.pk, timezone.localdate() + days(1)),
        ),
    )
    since = timezone.now() - days(1)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        digest_lines(municipality.leader, since)
    Condition.objects.bulk_create(
        Condition(
            decision=decision,
            text=f"Vilkår {number}",
            owner=municipality.leader,
            due_on=timezone.localdate(),
        )
        for number in range(100)
    )
    with django_assert_num_queries(len(few)):
        digest_lines(municipality.leader, since)
