"""The decider's side of a gate. Drawn from the frozen record alone."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.outcomes import Allowed, Denied, Outcome, Refusal, add_refusal
from common.templatetags.designsystemet import problems as problems_of
from common.templatetags.ui import day
from methodology.enums import GateOutcome
from phases import services
from phases.forms.gate import (
    LEAST_ROWS,
    MORE_ROWS,
    MOST_ROWS,
    ConditionForm,
    DecideForm,
    OutcomeOption,
    condition_rows,
    outcome_options,
)
from phases.gates import DecisionDraft, Problem
from phases.models import GateDecision, GateSubmission
from phases.reading import Reading, as_offered, read_record
from phases.record import content_of
from phases.since import since_previous
from phases.views.disposed import tells_disposal
from phases.views.opening import open_submission
from phases.views.seats import questions_shown, standing_of
from phases.wording import consequences
from projects.access import ProjectAccess
from projects.method import catalogue_of_project
from projects.selectors import people_in


@require_safe
@tells_disposal
def review(request: HttpRequest, project_id: int, submission_id: int) -> HttpResponse:
    access, submission = open_submission(request, project_id, submission_id)
    reading = read_record(submission.record, access.project)
    context = {
        "project": access.project,
        "access": access,
        "submission": submission,
        "reading": reading,
        "decision": decision_on(submission),
        "withdrawal": getattr(submission, "withdrawal", None),
        "may_decide": may_decide(submission, access),
        "standing": standing_of(submission, access),
        "questions": questions_shown(submission, access),
        "since": since_previous(submission, reading),
        "options": _options(as_offered(reading, catalogue_of_project(access.project)), None),
        "is_preview": False,
    }
    return render(request, "phases/review.html", context)


def decision_on(submission: GateSubmission) -> GateDecision | None:
    """One query."""
    return GateDecision.objects.filter(submission=submission).select_related("decided_by").first()


def may_decide(submission: GateSubmission, access: ProjectAccess) -> Outcome:
    try:
        services.voting_seat(submission, access.user)
    except Refusal as refusal:
        return Denied(refusal.reason)
    return Allowed()


def _options(reading: Reading, chosen: str | None) -> list[OutcomeOption]:
    refused = (
        _("Cannot be chosen: something that must be in place is missing. Go with conditions can.")
        if GateOutcome.GO_WITH_CONDITIONS in reading.outcomes
        else _("Cannot be chosen: something that must be in place is missing.")
    )
    return outcome_options(reading, chosen, go_refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, project_id: int, submission_id: int) -> HttpResponse:
    """Choose, see what will happen, confirm. Each stage carries everything that was written."""
    access, submission = open_submission(request, project_id, submission_id)
    allowed = may_decide(submission, access)
    has_seat = services.sits_or_deputises(submission, access.user)
    if not has_seat and request.method == "POST":
        raise PermissionDenied(str(allowed.reason) if isinstance(allowed, Denied) else "")
    ended = _ended(request, access, submission) if has_seat else None
    if ended is not None:
        return ended
    if isinstance(allowed, Denied):
        if request.method == "POST":
            messages.info(request, str(allowed.reason))
        # The review page says whose task it is, and that somebody has voted.
        return redirect("phases:review", project_id, submission_id)
    reading = as_offered(
        read_record(submission.record, access.project), catalogue_of_project(access.project)
    )
    if request.method != "POST" or request.POST.get("action") in ("more", "change"):
        return _show_unchecked(request, access, submission, reading)
    return _check_and_go_on(request, access, submission, reading)


def _ended(
    request: HttpRequest, access: ProjectAccess, submission: GateSubmission
) -> HttpResponse | None:
    """What somebody sees who comes to a submission that is decided or withdrawn, with the sentences
    that they had written: they are stored nowhere else."""
    decision = decision_on(submission)
    if decision is None and not hasattr(submission, "withdrawal"):
        return None
    reason = (
        str(services.AlreadyDecided(decision))
        if decision
        else _("The submission was withdrawn and cannot be decided.")
    )
    context = {
        "project": access.project,
        "access": access,
        "submission": submission,
        "decision": decision,
        "reason": reason,
        "written": [
            request.POST[name].strip()
            for name in ("rationale", "learnt")
            if request.POST.get(name, "").strip()
        ],
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "phases/decide_ended.html", context, status=status)


def _show_unchecked(
    request: HttpRequest,
    access: ProjectAccess,
    submission: GateSubmission,
    reading: Reading,
) -> HttpResponse:
    """The form as it was written so far, with more rows when that was asked for."""
    written = request.POST if request.method == "POST" else request.GET
    initial = {name: written.get(name, "") for name in DecideForm.base_fields}
    initial["reopen_steps"] = written.getlist("reopen_steps")
    count = _row_count(request)
    if request.POST.get("action") == "more":
        count = min(count + MORE_ROWS, MOST_ROWS)
    form = DecideForm(initial={**initial, "condition_rows": count}, reading=reading)
    rows = condition_rows(request.POST, count, people_in(access.project), is_sent=False)
    return _form_page(request, access, submission, form, rows)


def _row_count(request: HttpRequest) -> int:
    sent = request.POST.get("condition_rows", "")
    if sent.isascii() and sent.isdigit() and len(sent) < 4:
        return max(LEAST_ROWS, min(int(sent), MOST_ROWS))
    return LEAST_ROWS


def _check_and_go_on(
    request: HttpRequest,
    access: ProjectAccess,
    submission: GateSubmission,
    reading: Reading,
) -> HttpResponse:
    form = DecideForm(request.POST, reading=reading)
    rows = condition_rows(
        request.POST,
        _row_count(request),
        people_in(access.project),
        is_sent=_takes_conditions(request.POST.get("outcome", "")),
    )
    draft = _draft(form, rows)
    if draft is None:
        return _form_page(request, access, submission, form, rows)
    problems = services.draft_problems(
        project=access.project, frozen=content_of(submission.record), draft=draft
    )
    if problems:
        _show_problems(form, problems)
        return _form_page(request, access, submission, form, rows)
    if request.POST.get("action") == "confirm":
        return _decide(request, access, submission, form, rows, draft)
    return _confirm_page(request, access, submission, form, rows, draft)


def _takes_conditions(outcome: str) -> bool:
    return outcome in GateOutcome.values and GateOutcome(outcome).takes_conditions


def _draft(form: DecideForm, rows: Sequence[ConditionForm]) -> DecisionDraft | None:
    """``None`` when something does not validate. Conditions count only where they belong."""
    if not form.is_valid():
        return None
    if not _takes_conditions(form.cleaned_data["outcome"]):
        return form.draft([])
    if not all([row.is_valid() for row in rows]):  # noqa: C419 -- every row shows its errors
        return None
    return form.draft([row.draft() for row in rows if row.has_changed()])


def _show_problems(form: DecideForm, problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem.reason))


def _decide(
    request: HttpRequest,
    access: ProjectAccess,
    submission: GateSubmission,
    form: DecideForm,
    rows: Sequence[ConditionForm],
    draft: DecisionDraft,
) -> HttpResponse:
    try:
        decision = services.decide_gate(submission=submission, draft=draft, actor=request.user)
    except services.DraftRefused as refused:
        _show_problems(form, refused.problems)
    except Refusal as refusal:
        ended = _ended(request, access, submission)
        if ended is not None:
            return ended
        add_refusal(form, refusal)
    else:
        if decision is None:
            messages.success(
                request, _("Your vote is counted. It is decided when the others have answered.")
            )
            return redirect("phases:review", access.project.pk, submission.pk)
        messages.success(
            request,
            _("Decided: %(outcome)s. The record is kept for good.")
            % {"outcome": decision.get_outcome_display()},
        )
        return redirect("phases:decision", access.project.pk, decision.pk)
    return _form_page(request, access, submission, form, rows)


def _form_page(
    request: HttpRequest,
    access: ProjectAccess,
    submission: GateSubmission,
    form: DecideForm,
    rows: Sequence[ConditionForm],
) -> HttpResponse:
    context = {
        "project": access.project,
        "access": access,
        "submission": submission,
        "reading": form.reading,
        "form": form,
        "rows": rows,
        "problems": [
            problem for each in (form, *rows) if each.is_bound for problem in problems_of(each)
        ],
        "may_add_rows": len(rows) < MOST_ROWS,
        "options": _options(form.reading, form["outcome"].value()),
        "targets": form.targets(),
        "standing": standing_of(submission, access),
    }
    return render(request, "phases/decide.html", context)


def _confirm_page(
    request: HttpRequest,
    access: ProjectAccess,
    submission: GateSubmission,
    form: DecideForm,
    rows: Sequence[ConditionForm],
    draft: DecisionDraft,
) -> HttpResponse:
    reading = form.reading
    carried = [
        (field.html_name, value)
        for each in (form, *rows)
        for field in each
        for value in request.POST.getlist(field.html_name)
    ]
    context = {
        "project": access.project,
        "access": access,
        "submission": submission,
        "reading": reading,
        "draft": draft,
        "consequences": consequences(
            draft,
            reading.where,
            target=reading.target(draft.target_phase),
            review_on=day(draft.review_on),
            steps=reading.step_titles(draft.target_phase, draft.reopen_steps),
        ),
        "conditions": [row.cleaned_data for row in rows if row.is_bound and row.has_changed()]
        if draft.conditions
        else [],
        "carried": carried,
        "standing": standing_of(submission, access),
    }
    return render(request, "phases/decide_confirm.html", context)
