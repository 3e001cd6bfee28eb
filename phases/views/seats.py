"""Around the decision: who decides, conflicts of interest, replacements, questions and answers."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.forms import PageForm
from common.outcomes import Denied, Outcome, Refusal
from methodology.enums import GateOutcome
from phases import services
from phases.enums import DecisionRule
from phases.forms.seats import AnswerForm, ConflictForm, QuestionForm, ReplacementForm
from phases.models import GateQuestion, GateSubmission
from phases.selectors import is_open
from phases.verdicts import Stand, Tally
from phases.views.acting import acted, require
from phases.views.opening import open_submission
from projects.access import ProjectAccess


@dataclass(frozen=True, slots=True)
class ShownSeat:
    """A seat as the page shows it. ``outcome`` is what they voted, and is empty until the reader
    may know. ``may_replace``: the reader names somebody in this place."""

    row: services.SeatRow
    outcome: GateOutcome | None
    rationale: str
    is_filled: bool
    may_replace: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a submission stands among its deciders. ``deputises_for`` is whom the reader would
    vote for."""

    rule: DecisionRule
    tally: Tally
    seats: tuple[ShownSeat, ...]
    days_left: int | None
    may_declare: bool
    deputises_for: str

    @property
    def is_one(self) -> bool:
        """One person decides, and nothing has happened to that."""
        return len(self.seats) == 1

    @property
    def is_short(self) -> bool:
        return self.tally.stand is Stand.SHORT

    @property
    def waits_for_chair(self) -> bool:
        return self.tally.stand is Stand.WAITS_FOR_CHAIR


def standing_of(submission: GateSubmission, access: ProjectAccess) -> Standing:
    """Nine queries at most, whatever has happened."""
    rows = services.seats_of(submission)
    open_now = is_open(submission)
    tally = services.tally_of(submission, rows)
    own = next((row for row in rows if row.user == access.user), None)
    knows = not open_now or _knows_votes(own, tally)
    filled = {row.decider.replaces_id for row in rows}
    may_replace = open_now and bool(services.may_name_replacement(submission, access.user))
    return Standing(
        rule=DecisionRule(submission.rule),
        tally=tally,
        seats=tuple(
            ShownSeat(
                row,
                GateOutcome(row.vote.outcome) if row.vote and knows else None,
                row.vote.rationale if row.vote and knows else "",
                row.decider.pk in filled,
                may_replace and row.vote is None and row.decider.pk not in filled,
            )
            for row in rows
        ),
        days_left=(submission.due_on - timezone.localdate()).days if submission.due_on else None,
        may_declare=open_now and own is not None and own.counts and own.vote is None,
        deputises_for=_deputises_for(submission, access, rows) if open_now else "",
    )


def _knows_votes(own: services.SeatRow | None, tally: Tally) -> bool:
    """Those who have voted, and the chair when it is theirs to decide: nobody is led by others."""
    if own is None or not own.counts:
        return False
    return own.vote is not None or (own.decider.is_chair and tally.stand is Stand.WAITS_FOR_CHAIR)


def _deputises_for(
    submission: GateSubmission, access: ProjectAccess, rows: tuple[services.SeatRow, ...]
) -> str:
    try:
        seat = services.voting_seat(submission, access.user, rows)
    except Refusal:
        return ""
    return seat.row.user.name if seat.deputy else ""


@dataclass(frozen=True, slots=True)
class ShownQuestions:
    questions: list[GateQuestion]
    may_ask: Outcome
    may_answer: Outcome

    @property
    def is_shown(self) -> bool:
        return bool(self.questions) or bool(self.may_ask)


def questions_shown(submission: GateSubmission, access: ProjectAccess) -> ShownQuestions:
    """Seven queries at most."""
    if not is_open(submission):
        ended = Denied(_("Nothing more can be asked: it is decided or withdrawn."))
        return ShownQuestions(services.questions_of(submission), ended, ended)
    return ShownQuestions(
        services.questions_of(submission),
        services.may_ask(submission, access.user),
        access.can_edit_content,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, project_id: int, submission_id: int) -> HttpResponse:
    access, submission = open_submission(request, project_id, submission_id)
    if not standing_of(submission, access).may_declare:
        raise PermissionDenied(_("You are not among those who can still decide this."))
    back = _review_url(submission)
    form = ConflictForm(request.POST or None, cancel_url=back)

    def declare() -> str:
        services.declare_conflict(
            submission=submission, reason=form.cleaned_data["reason"], actor=access.user
        )
        return _("It is on the record. You do not decide this.")

    lead = _(
        "Somebody who gains or loses by the decision, or is close to somebody who does, leaves it "
        "to others."
    )
    return acted(request, form, declare, back) or _page(
        request, access, submission, form, _("Conflict of interest"), lead
    )


@require_http_methods(["GET", "HEAD", "POST"])
def replacement(
    request: HttpRequest, project_id: int, submission_id: int, decider_id: int
) -> HttpResponse:
    access, submission = open_submission(request, project_id, submission_id)
    decider = submission.deciders.select_related("user").filter(pk=decider_id).first()
    if decider is None:
        raise Http404
    require(services.may_name_replacement(submission, access.user))
    back = _review_url(submission)
    form = ReplacementForm(
        request.POST or None,
        people=services.possible_replacements(submission),
        cancel_url=back,
    )

    def name_somebody() -> str:
        seat = services.name_replacement(
            submission=submission,
            decider=decider,
            user=form.cleaned_data["user"],
            reason=form.cleaned_data["reason"],
            actor=access.user,
        )
        return _("%(name)s decides now, and is told.") % {"name": seat.user.name}

    title = _("Name somebody in the place of %(name)s") % {"name": decider.user.name}
    lead = _("Whoever leads the project or submitted it cannot be named.")
    return acted(request, form, name_somebody, back) or _page(
        request, access, submission, form, title, lead
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, project_id: int, submission_id: int) -> HttpResponse:
    access, submission = open_submission(request, project_id, submission_id)
    require(services.may_ask(submission, access.user))
    form = QuestionForm(request.POST or None, cancel_url=_review_url(submission))

    def put() -> str:
        services.ask(submission=submission, text=form.cleaned_data["text"], actor=access.user)
        return _("The project is asked. You find the answer here.")

    return acted(request, form, put, _questions_url(submission)) or _page(
        request, access, submission, form, _("Ask before you decide"), ""
    )


@require_http_methods(["GET", "HEAD", "POST"])
def answer(
    request: HttpRequest, project_id: int, submission_id: int, question_id: int
) -> HttpResponse:
    access, submission = open_submission(request, project_id, submission_id)
    question = submission.questions.select_related("asked_by").filter(pk=question_id).first()
    if question is None:
        raise Http404
    require(services.may_answer_questions(submission, access.user))
    form = AnswerForm(request.POST or None, cancel_url=_review_url(submission))

    def give() -> str:
        services.answer(question=question, text=form.cleaned_data["text"], actor=access.user)
        return _("The answer is given.")

    title = _("Answer %(name)s") % {"name": question.asked_by.name}
    return acted(request, form, give, _questions_url(submission)) or _page(
        request, access, submission, form, title, question.text
    )


def _review_url(submission: GateSubmission) -> str:
    return reverse("phases:review", args=[submission.project_phase.project_id, submission.pk])


def _questions_url(submission: GateSubmission) -> str:
    return f"{_review_url(submission)}#questions"


def _page(
    request: HttpRequest,
    access: ProjectAccess,
    submission: GateSubmission,
    form: PageForm,
    title: str,
    lead: str,
) -> HttpResponse:
    context = {
        "project": access.project,
        "access": access,
        "submission": submission,
        "form": form,
        "title": title,
        "lead": lead,
    }
    return render(request, "phases/around_decision.html", context)
