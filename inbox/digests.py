"""One mail, daily or weekly, with everything that need not come at once."""

import datetime
import logging
from dataclasses import dataclass
from functools import partial

from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Digest, User
from accounts.services import mail_language
from inbox.mails import Mail, address, written
from inbox.models import Notice, NoticeKind
from inbox.notices import MailServerDown, claim, send_once
from phases.awaiting import short_submissions
from phases.models import GateAnswer, GateDecision
from phases.portfolio import own_projects
from phases.selectors import walks_of
from phases.waiting import Bucket, Waiting, WaitingKind, led_by, roles_in, waiting_for

logger = logging.getLogger(__name__)

FIRST_HOUR = 7
_MONDAY, _FRIDAY = 0, 4
# Notices of digests are kept this long; what was said at once is remembered for good.
KEPT = datetime.timedelta(days=100)
MOST_NAMED = 5
FIRST_LOOKS_BACK = datetime.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A sentence with numbers only, and where to read on."""

    text: str
    link: str


def frequencies_on(moment: datetime.datetime) -> frozenset[str]:
    """Whose digest is due at ``moment`` (local): every working day from seven, and on Mondays the
    weekly one."""
    if moment.hour < FIRST_HOUR or moment.weekday() > _FRIDAY:
        return frozenset()
    if moment.weekday() == _MONDAY:
        return frozenset({Digest.DAILY.value, Digest.WEEKLY.value})
    return frozenset({Digest.DAILY.value})


def send_digests(now: datetime.datetime | None = None) -> int:
    """Send the digests of the day to everybody who has not had it; how many were sent.

    Somebody for whom there is nothing to say gets nothing. A day on which no round comes through is
    made up for by the next digest, which tells what has happened since the one before.
    """
    moment = timezone.localtime(now or timezone.now())
    key = moment.date().isoformat()
    Notice.objects.filter(kind=NoticeKind.DIGEST, claimed_at__lt=moment - KEPT).delete()
    sent = 0
    for user in _readers(moment, key):
        notice = claim(user, NoticeKind.DIGEST, key)
        if notice is None:
            continue
        since = _last_told(user, notice, moment)
        try:
            sent += send_once(notice, partial(digest_mail, user, since))
        except MailServerDown as error:
            logger.warning("digests wait for the next round, the server is away: %s", error)
            break
    return sent


def _readers(moment: datetime.datetime, key: str) -> QuerySet[User]:
    """Those who can sign in, whose digest comes today, and who have not been dealt with."""
    dealt_with = Notice.objects.filter(
        user=OuterRef("pk"), kind=NoticeKind.DIGEST, key=key
    ).exclude(sent_at__isnull=True, is_empty=False)
    return (
        User.objects.filter(is_active=True, digest__in=frequencies_on(moment))
        .exclude(Exists(dealt_with))
        .select_related("organisation")
        .order_by("pk")
    )


def _last_told(user: User, notice: Notice, moment: datetime.datetime) -> datetime.datetime:
    """From when on things are news: since the person's last digest, sent or empty."""
    last = (
        Notice.objects.filter(user=user, kind=NoticeKind.DIGEST)
        .exclude(pk=notice.pk)
        .exclude(sent_at__isnull=True, is_empty=False)
        .order_by("-claimed_at")
        .first()
    )
    return last.claimed_at if last is not None else moment - FIRST_LOOKS_BACK


def digest_mail(user: User, since: datetime.datetime) -> EmailMessage | None:
    """The digest in the person's language; ``None`` when there is nothing to say."""
    with translation.override(mail_language(user)):
        lines = digest_lines(user, since)
    if not lines:
        return None
    return written(
        Mail(
            person=user,
            kind=NoticeKind.DIGEST,
            key="",
            subject=gettext_lazy("Your summary from Veikart"),
            template="digest",
            path=reverse("inbox:index"),
            details={"lines": lines, "is_weekly": user.digest == Digest.WEEKLY},
        )
    )


def digest_lines(user: User, since: datetime.datetime) -> tuple[DigestLine, ...]:
    """What waits and what has happened since, in the active language, with numbers only: no names
    of projects or people. Constant queries for any number of projects."""
    projects = list(own_projects(user))
    walks = walks_of(projects)
    led = led_by(roles_in(user, walks))
    return (
        *_waiting_lines(waiting_for(user, walks)),
        *_short_lines(led),
        *_decided_lines(user, led, since),
        *_answered_lines(user, since),
    )


def _waiting_lines(waiting: list[Waiting]) -> list[DigestLine]:
    today = timezone.localdate()
    inbox, tasks = address(reverse("inbox:index")), address(reverse("inbox:tasks"))
    number = {kind: sum(each.kind is kind for each in waiting) for kind in WaitingKind}
    dated = (WaitingKind.STEP, WaitingKind.CONDITION, WaitingKind.TASK)
    buckets = [each.bucket(today) for each in waiting if each.kind in dated]
    overdue, week = buckets.count(Bucket.OVERDUE), buckets.count(Bucket.WEEK)
    lines = [
        (number[WaitingKind.DECISION], _decisions, inbox),
        (number[WaitingKind.REPLACEMENT], _replacements, inbox),
        (number[WaitingKind.QUESTION], _questions, inbox),
        (number[WaitingKind.PROPOSAL], _proposals, inbox),
        (number[WaitingKind.PAUSE], _pauses, inbox),
        (number[WaitingKind.REVIEW], _reviews, inbox),
        (overdue, _overdue, tasks),
        (week, _near, tasks),
    ]
    return [DigestLine(words(count), link) for count, words, link in lines if count]


def _decisions(number: int) -> str:
    return ngettext(
        "%(number)s decision waits for you.", "%(number)s decisions wait for you.", number
    ) % {"number": number}


def _replacements(number: int) -> str:
    return ngettext(
        "%(number)s decision lacks somebody to decide, and you can name them.",
        "%(number)s decisions lack somebody to decide, and you can name them.",
        number,
    ) % {"number": number}


def _questions(number: int) -> str:
    return ngettext(
        "%(number)s question before a decision waits for your answer.",
        "%(number)s questions before decisions wait for your answer.",
        number,
    ) % {"number": number}


def _proposals(number: int) -> str:
    return ngettext(
        "%(number)s proposal waits for your answer.",
        "%(number)s proposals wait for your answer.",
        number,
    ) % {"number": number}


def _pauses(number: int) -> str:
    return ngettext(
        "%(number)s pause is to be looked at again.",
        "%(number)s pauses are to be looked at again.",
        number,
    ) % {"number": number}


def _reviews(number: int) -> str:
    return ngettext(
        "%(number)s review is to be prepared.", "%(number)s reviews are to be prepared.", number
    ) % {"number": number}


def _overdue(number: int) -> str:
    return ngettext(
        "%(number)s of your tasks is overdue.", "%(number)s of your tasks are overdue.", number
    ) % {"number": number}


def _near(number: int) -> str:
    return ngettext(
        "%(number)s of your tasks is due within a week.",
        "%(number)s of your tasks are due within a week.",
        number,
    ) % {"number": number}


def _short_lines(led: list[int]) -> list[DigestLine]:
    """What the leader has submitted and nobody can decide now."""
    number = len(short_submissions(projects=led)) if led else 0
    if not number:
        return []
    text = ngettext(
        "%(number)s of your submissions lacks somebody to decide. The manager above is asked.",
        "%(number)s of your submissions lack somebody to decide. The manager above is asked.",
        number,
    ) % {"number": number}
    return [DigestLine(text, address(reverse("start")))]


def _decided_lines(user: User, led: list[int], since: datetime.datetime) -> list[DigestLine]:
    """One line for each decision in what the person leads, the newest first; not too many."""
    decisions = (
        GateDecision.objects.filter(
            submission__project_phase__project__in=led, decided_at__gt=since
        )
        .exclude(decided_by=user)
        .select_related("submission__project_phase")
        .order_by("-decided_at", "-pk")
    )
    return [
        DigestLine(
            _("What you submitted is decided."),
            address(
                reverse(
                    "phases:decision",
                    args=[decision.submission.project_phase.project_id, decision.pk],
                )
            ),
        )
        for decision in decisions[:MOST_NAMED]
    ]


def _answered_lines(user: User, since: datetime.datetime) -> list[DigestLine]:
    """Answers to the person's questions about what is not decided yet."""
    pages = {
        (answer.question.submission.project_phase.project_id, answer.question.submission_id)
        for answer in GateAnswer.objects.filter(
            question__asked_by=user,
            answered_at__gt=since,
            question__submission__decisions__isnull=True,
            question__submission__withdrawal__isnull=True,
        )
        .exclude(answered_by=user)
        .select_related("question__submission__project_phase")
    }
    return [
        DigestLine(
            _("A question of yours is answered."),
            address(reverse("phases:review", args=[project, submission])),
        )
        for project, submission in sorted(pages)[:MOST_NAMED]
    ]
