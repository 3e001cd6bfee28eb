"""Mails that come at once: to whom, when, how often, and what happens when nothing works."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.services import set_person_active
from inbox.due import REMIND_DAYS
from inbox.models import Notice
from inbox.notices import CLAIM_LASTS, claim
from inbox.sending import send_due_mails
from inbox.tasks import enqueue_due_mails
from methodology.enums import GateOutcome
from phases.enums import DecisionRule
from phases.models import GateDecision
from phases.services import declare_conflict, withdraw_submission
from phases.signals import gate_changed


def outbox():
    """Addresses and subjects of what was sent since the last time."""
    found = [(each.to[0], each.subject) for each in mail.outbox]
    mail.outbox.clear()
    return found


def at(day, hour=8):
    moment = datetime.datetime.combine(day, datetime.time(hour))
    return timezone.make_aware(moment)


WAITS = "Something waits for your decision"


def test_whoever_must_decide_gets_one_mail_at_once_and_no_second(project, municipality, submit):
    submit(project, municipality.leader)

    assert [send_due_mails(), send_due_mails()] == [1, 0]
    assert outbox() == [(municipality.manager.email, WAITS)]


def test_the_mail_says_that_it_waits_and_never_what_it_says(
    project, municipality, submit, settings, route
):
    settings.BASE_URL = "https://veikart.example.no/"
    route(DecisionRule.ONE, days=5)
    submission = submit(project, municipality.leader)
    send_due_mails()

    (message,) = mail.outbox
    body = message.body
    assert f"https://veikart.example.no/prosjekter/{project.pk}/innsending/{submission.pk}/" in body
    assert "Petter Prosjektleder has submitted something for you to decide." in body
    assert "Decide by " in body
    assert "You get this because you are named to decide." in body
    assert "https://veikart.example.no/profil/" in body
    title = "Forankring"
    for secret in (project.name, project.problem, submission.recommendation, title):
        assert secret not in message.subject + body
    assert message.extra_headers == {"Auto-Submitted": "auto-generated"}


@pytest.mark.parametrize("language", ["nb", "sv"])
def test_the_mail_is_in_the_reader_s_language(project, municipality, submit, language, route):
    route(DecisionRule.ONE, days=5)
    submission = submit(project, municipality.leader)
    municipality.manager.language = language
    municipality.manager.save()
    send_due_mails()

    (message,) = mail.outbox
    with translation.override(language):
        from django.utils.formats import date_format
        from django.utils.translation import gettext

        assert message.subject == gettext(WAITS)
        assert gettext("Read and decide here:") in message.body
        assert date_format(submission.due_on, "DATE_FORMAT") in message.body


def test_deputies_of_the_day_get_theirs_and_it_says_for_whom(
    project, municipality, submit, deputise
):
    submit(project, municipality.leader)
    deputise(municipality.manager, municipality.employee)
    deputise(municipality.manager, municipality.reader, 1, 3)
    deputise(municipality.manager, municipality.member, -3, -1)
    # Leads the project, and so cannot decide whoever they are the deputy of.
    deputise(municipality.manager, municipality.leader)
    send_due_mails()

    in_place = "Something waits for your decision in place of Mona Mellomleder"
    body = mail.outbox[1].body
    assert outbox() == [
        (municipality.manager.email, WAITS),
        (municipality.employee.email, in_place),
    ]
    assert "You are the deputy of Mona Mellomleder now." in body
    # Whose period begins later is told on that day.
    send_due_mails(timezone.now() + datetime.timedelta(days=1))
    assert outbox() == [(municipality.reader.email, in_place)]


def test_whoever_cannot_sign_in_gets_nothing(project, municipality, submit, deputise):
    submit(project, municipality.leader)
    deputise(municipality.manager, municipality.employee)
    for person in (municipality.employee, municipality.manager):
        set_person_active(user=person, is_active=False, actor=municipality.admin)
    mail.outbox.clear()
    send_due_mails()
    assert outbox() == []


def test_the_chair_is_asked_when_the_others_have_voted(
    project, municipality, submit, decide, route
):
    route(DecisionRule.CHAIR, 2)
    submission = submit(project, municipality.leader)
    send_due_mails()
    assert outbox() == [(municipality.manager.email, WAITS)]
    decide(submission, municipality.manager, GateOutcome.REWORK)
    send_due_mails()
    assert "the last word is now yours" in mail.outbox[0].body
    assert outbox() == [(municipality.director.email, WAITS)]


def test_the_decider_is_told_that_a_deputy_acted(project, municipality, submit, decide, deputise):
    deputise(municipality.manager, municipality.employee)
    submission = submit(project, municipality.leader)
    send_due_mails()
    outbox()
    decide(submission, municipality.employee, GateOutcome.REWORK)

    assert [send_due_mails(), send_due_mails()] == [1, 0]
    assert outbox() == [(municipality.manager.email, "Anne Ansatt has decided in your place")]


def test_reminders_come_before_the_date_and_each_week_after_it(
    project, municipality, submit, route
):
    route(DecisionRule.ONE, days=20)
    submission = submit(project, municipality.leader)
    due = submission.due_on
    send_due_mails()
    outbox()

    def sent_on(day, hour=8):
        send_due_mails(at(day, hour))
        return [subject for _address, subject in outbox()]

    def days(number):
        return datetime.timedelta(days=number)

    before = "Reminder: something waits for your decision"
    over = "Overdue: something waits for your decision"
    assert sent_on(due - days(REMIND_DAYS + 1)) == []
    assert sent_on(due - days(REMIND_DAYS), hour=6) == []
    assert sent_on(due - days(REMIND_DAYS)) == [before]
    assert sent_on(due - days(1)) == []
    assert sent_on(due) == []
    assert sent_on(due + days(1)) == [over]
    assert sent_on(due + days(7)) == []
    assert sent_on(due + days(8)) == [over]


def test_nobody_is_reminded_on_the_day_they_were_told(project, municipality, submit, route):
    route(DecisionRule.ONE, days=1)
    submit(project, municipality.leader)
    send_due_mails()
    outbox()
    send_due_mails(at(timezone.localdate(), 23))
    assert outbox() == []


@pytest.mark.parametrize("ending", ["decided", "withdrawn", "left"])
def test_reminders_stop_when_nothing_waits_any_more(
    project, municipality, submit, decide, route, ending
):
    route(DecisionRule.ONE, days=5)
    submission = submit(project, municipality.leader)
    send_due_mails()
    outbox()
    if ending == "decided":
        decide(submission, municipality.manager, GateOutcome.REWORK)
    elif ending == "withdrawn":
        withdraw_submission(submission=submission, actor=municipality.leader)
    else:
        declare_conflict(submission=submission, reason="Slekt.", actor=municipality.manager)

    send_due_mails(at(submission.due_on + datetime.timedelta(days=2)))
    assert outbox() == []


def test_what_changes_at_a_gate_asks_the_worker_to_look(
    project, municipality, submit, queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        submit(project, municipality.leader)
    assert queue.told == 1
    # Nothing was sent while somebody waited for the page.
    assert outbox() == []


def test_a_decision_stands_while_the_broker_is_down_and_the_mail_goes_out_later(
    project, municipality, submit, decide, queue, deputise, django_capture_on_commit_callbacks
):
    deputise(municipality.manager, municipality.employee)
    queue.is_down = True
    with django_capture_on_commit_callbacks(execute=True):
        submission = submit(project, municipality.leader)
    with django_capture_on_commit_callbacks(execute=True):
        decide(submission, municipality.employee, GateOutcome.REWORK)

    assert GateDecision.objects.filter(submission=submission).count() == 1
    assert queue.told == 0
    assert [send_due_mails(), send_due_mails()] == [1, 0]
    assert outbox() == [(municipality.manager.email, "Anne Ansatt has decided in your place")]


def test_a_receiver_that_fails_stops_nobody(
    project, municipality, submit, django_capture_on_commit_callbacks
):
    def fails(**_kwargs):
        raise RuntimeError("anything")

    gate_changed.connect(fails)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            submission = submit(project, municipality.leader)
    finally:
        gate_changed.disconnect(fails)
    assert submission.pk is not None


def test_a_queue_that_cannot_be_reached_is_logged_and_no_more(queue, caplog):
    queue.is_down = True
    enqueue_due_mails()
    assert "mails wait for the next round, the queue cannot be reached" in caplog.text


@pytest.fixture
def failing(monkeypatch):
    """Makes every attempt to send raise what it is given, until it is given nothing."""
    from django.core.mail import EmailMessage

    original = EmailMessage.send
    state = {"error": None, "tries": 0}

    def send(self, fail_silently=False):
        state["tries"] += 1
        error = state["error"]
        if error is not None and (error[0] is None or error[0] in self.to):
            raise error[1]
        return original(self, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)
    return state


def test_without_a_mail_server_the_decision_stands_and_the_mail_goes_out_once_it_is_back(
    project, other_project, municipality, submit, decide, deputise, failing
):
    deputise(municipality.manager, municipality.employee)
    failing["error"] = (None, smtplib.SMTPServerDisconnected("gone"))
    submission = submit(project, municipality.leader)
    submit(other_project, municipality.leader)
    assert send_due_mails() == 0
    # The second mail would have taken as long and failed as well.
    assert failing["tries"] == 1

    decide(submission, municipality.employee, GateOutcome.REWORK)
    assert GateDecision.objects.filter(submission=submission).exists()
    failing["error"] = None
    assert [send_due_mails(), send_due_mails()] == [3, 0]
    assert outbox() == [
        (municipality.manager.email, WAITS),
        (
            municipality.employee.email,
            "Something waits for your decision in place of Mona Mellomleder",
        ),
        (municipality.manager.email, "Anne Ansatt has decided in your place"),
    ]


def test_an_address_that_is_refused_does_not_stop_the_others(
    project, municipality, submit, deputise, failing
):
    deputise(municipality.manager, municipality.employee)
    submit(project, municipality.leader)
    address = municipality.manager.email
    failing["error"] = (address, smtplib.SMTPRecipientsRefused({address: (550, b"unknown")}))

    assert send_due_mails() == 1
    notice = Notice.objects.get(user=municipality.manager)
    assert (notice.sent_at, notice.attempts) == (None, 1)
    assert notice.next_try_at > timezone.now()
    # Not at the next round, but later.
    assert send_due_mails() == 0
    assert failing["tries"] == 2


def test_a_worker_that_died_leaves_the_mail_to_the_next_one(project, municipality, submit):
    submit(project, municipality.leader)
    seat = project.phases.get(status="active").submissions.get().deciders.get()
    taken = claim(municipality.manager, "decide", f"seat-{seat.pk}")
    assert taken is not None
    # While it may still be at work nobody else sends.
    assert send_due_mails() == 0
    past = timezone.now() - datetime.timedelta(seconds=1)
    assert taken.next_try_at - taken.claimed_at == CLAIM_LASTS
    Notice.objects.filter(pk=taken.pk).update(next_try_at=past)
    assert [send_due_mails(), send_due_mails()] == [1, 0]
    assert Notice.objects.get(pk=taken.pk).attempts == 2


def test_looking_costs_the_same_for_ten_and_for_a_hundred_submissions(
    project, municipality, submit, copies, django_assert_num_queries
):
    from inbox.due import due_mails

    submission = submit(project, municipality.leader)
    copies(submission, 9)
    with django_assert_num_queries(8):
        assert len(due_mails()) == 10
    copies(submission, 90)
    with django_assert_num_queries(8):
        assert len(due_mails()) == 100
