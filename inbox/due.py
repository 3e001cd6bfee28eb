"""Which mails are due, worked out from the gates as they stand. Nothing here is remembered but what
was sent (``inbox.models.Notice``): an order that got lost is found again at the next round.
"""

import datetime
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from inbox.mails import Mail
from inbox.models import Notice, NoticeKind
from phases.awaiting import AskedPerson, asked_of_everybody, people_asked
from phases.models import GateDecision, Vote

REMIND_DAYS = 3
# Nobody is reminded at night.
FIRST_HOUR = 7
# What a deputy did longer ago than this is no news, such as on the day mails are first sent.
NEWS_LASTS = datetime.timedelta(days=30)


def due_mails(now: datetime.datetime | None = None) -> list[Mail]:
    """Mails that are due and not sent yet, oldest first: to those who must decide, reminders to
    them, and to those in whose name a deputy acted. Eight queries at the most, for any number of
    submissions."""
    now = now or timezone.now()
    seats = asked_of_everybody()
    people = people_asked(seats, timezone.localdate(now))
    senders = dict(
        User.objects.filter(pk__in={seat.submitted_by for seat in seats}).values_list("pk", "name")
    )
    asked = [_ask(each, senders[each.seat.submitted_by]) for each in people]
    told = _notices(asked)
    reminders = [
        reminder
        for each, mail in zip(people, asked, strict=True)
        for reminder in _reminders(each, told.get(_name(mail)), now)
    ]
    acted = _acted(now)
    known = told | _notices([*reminders, *acted])
    return [mail for mail in (*asked, *acted, *reminders) if _is_due(known.get(_name(mail)), now)]


def _name(mail: Mail) -> tuple[int, str, str]:
    return mail.person.pk, mail.kind.value, mail.key


def _notices(mails: Iterable[Mail]) -> dict[tuple[int, str, str], Notice]:
    """What is known about the mails. One query."""
    mails = list(mails)
    if not mails:
        return {}
    found = Notice.objects.filter(
        user__in={mail.person.pk for mail in mails},
        kind__in={mail.kind for mail in mails},
        key__in={mail.key for mail in mails},
    )
    return {(each.user_id, each.kind, each.key): each for each in found}


def _is_due(notice: Notice | None, now: datetime.datetime) -> bool:
    return notice is None or (not notice.is_settled and notice.next_try_at <= now)


def _ask(asked: AskedPerson, sender: str) -> Mail:
    """Something waits for the person's decision. The chair is asked anew for the last word."""
    seat = asked.seat
    return Mail(
        person=asked.person,
        kind=NoticeKind.DECIDE,
        key=f"seat-{seat.seat}" + ("-last" if seat.is_last_word else ""),
        subject=(
            _("Something waits for your decision in place of %(name)s")
            if asked.deputises
            else _("Something waits for your decision")
        ),
        template="decide",
        path=_review(asked),
        name=asked.holder.name,
        details={
            "sender": sender,
            "deputises": asked.deputises,
            "is_last_word": seat.is_last_word,
            "due_on": seat.due_on,
        },
    )


def _review(asked: AskedPerson) -> str:
    return reverse("phases:review", args=[asked.seat.project, asked.seat.submission])


def _reminders(asked: AskedPerson, told: Notice | None, now: datetime.datetime) -> Sequence[Mail]:
    """A reminder ``REMIND_DAYS`` before the due date, and one for each week that is over. Never on
    the day on which the person was first told."""
    due_on = asked.seat.due_on
    moment = timezone.localtime(now)
    today = moment.date()
    if due_on is None or told is None or told.sent_at is None or moment.hour < FIRST_HOUR:
        return ()
    days = (due_on - today).days
    if days > REMIND_DAYS or timezone.localdate(told.sent_at) >= today:
        return ()
    mark = "before" if days >= 0 else f"over-{(-days - 1) // 7}"
    return [
        Mail(
            person=asked.person,
            kind=NoticeKind.REMIND,
            key=f"seat-{asked.seat.seat}-{mark}",
            subject=(
                _("Reminder: something waits for your decision")
                if days >= 0
                else _("Overdue: something waits for your decision")
            ),
            template="reminder",
            path=_review(asked),
            name=asked.holder.name,
            details={
                "deputises": asked.deputises,
                "is_over": days < 0,
                "due_on": due_on,
            },
        )
    ]


def _acted(now: datetime.datetime) -> list[Mail]:
    """To everybody in whose place a deputy voted or decided. Two queries."""
    since = now - NEWS_LASTS
    votes = Vote.objects.filter(
        deputy__isnull=False, voted_at__gte=since, decider__user__is_active=True
    ).select_related("deputy", "decider__user__organisation", "decider__submission__project_phase")
    mails = [
        _acted_mail(vote.decider.user, vote.deputy, f"vote-{vote.pk}", _page(vote))
        for vote in votes
        if vote.deputy is not None
    ]
    voted = {(vote.decider.submission_id, vote.decider.user_id) for vote in votes}
    decisions = GateDecision.objects.filter(
        decided_for__isnull=False, decided_at__gte=since, decided_for__is_active=True
    ).select_related("decided_by", "decided_for__organisation", "submission__project_phase")
    # The chair who had voted themselves, and whose deputy spoke the last word.
    return mails + [
        _acted_mail(
            decision.decided_for,
            decision.decided_by,
            f"decision-{decision.pk}",
            reverse(
                "phases:decision",
                args=[decision.submission.project_phase.project_id, decision.pk],
            ),
        )
        for decision in decisions
        if decision.decided_for is not None
        and (decision.submission_id, decision.decided_for_id) not in voted
    ]


def _page(vote: Vote) -> str:
    submission = vote.decider.submission
    return reverse("phases:review", args=[submission.project_phase.project_id, submission.pk])


def _acted_mail(person: User, deputy: User, key: str, path: str) -> Mail:
    return Mail(
        person=person,
        kind=NoticeKind.ACTED,
        key=key,
        subject=_("%(name)s has decided in your place"),
        template="acted",
        path=path,
        name=deputy.name,
    )
