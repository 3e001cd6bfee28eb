"""The leader's side of a gate."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.policy import ProjectPermission, ProjectRole
from common.outcomes import Allowed, Denied, Outcome, Refusal, add_refusal
from common.uploads import attachment
from methodology.catalogue import CriterionEntry
from methodology.enums import GateMode, GateOutcome
from phases import services
from phases.due import review_context
from phases.forms.gate import ClosePhaseForm, CriterionForm, SubmitForm, outcome_options
from phases.frame import frame_of
from phases.gates import ReadinessItem
from phases.models import CriterionAnswer, GateDecision, GateSubmission, ProjectPhase
from phases.naming import phase_name
from phases.permissions import may_answer, may_change_gate_now, may_close, may_resume
from phases.readiness import CriterionState, PhaseReadiness, readiness_of
from phases.reading import Reading, read_preview
from phases.record import content_of, submission_content
from phases.selectors import Walk, WalkPhase
from phases.views.disposed import tells_disposal
from phases.views.opening import open_gate, open_phase, open_submission
from phases.wording import mode_sentence
from projects.access import ProjectAccess, open_project
from projects.models import Project
from projects.selectors import holder
from tools.plain import People


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what is missing, as ``components/findings.html`` draws it."""

    text: str
    severity: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    state: CriterionState
    is_met: bool


@dataclass(frozen=True, slots=True)
class ShownSubmission:
    submission: GateSubmission
    decision: GateDecision | None
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class ShownRound:
    row: ProjectPhase
    submissions: tuple[ShownSubmission, ...]


def _round(row: ProjectPhase) -> ShownRound:
    """From what the walk has read: no query."""
    return ShownRound(
        row,
        tuple(
            ShownSubmission(
                submission,
                next(iter(submission.decisions.all()), None),
                hasattr(submission, "withdrawal"),
            )
            for submission in row.sent
        ),
    )


@require_safe
def gate(request: HttpRequest, project_id: int, phase_key: str) -> HttpResponse:
    access, walk, phase = open_gate(request, project_id, phase_key)
    ready = readiness_of(walk, phase, frame_of(request, access.project).tools)
    met = {item.criterion for item in ready.readiness.fine}
    context = {
        "project": access.project,
        "access": access,
        "walk": walk,
        "phase": phase,
        "criteria": [ShownCriterion(state, state.entry.key in met) for state in ready.criteria],
        "musts": missing_lines(ready.readiness.blockers, "must"),
        "shoulds": missing_lines(ready.readiness.warnings, "should"),
        "fine": missing_lines(ready.readiness.fine, "fine"),
        "mode_sentence": mode_sentence(phase.mode),
        "may_answer": may_answer_now(access, phase),
        "may_submit": may_submit(access, walk, phase),
        "may_close": may_close(access, phase),
        "may_set_gate_mode": may_change_gate_now(access, phase),
        "may_resume": may_resume(access),
        "decider": decider_name(walk, phase),
        "rounds": [_round(row) for row in (phase.row, *reversed(phase.earlier_rounds))],
        **review_context(phase),
    }
    return render(request, "phases/gate.html", context)


def missing_lines(items: Iterable[ReadinessItem], severity: str) -> list[Line]:
    """What the tools found stands for itself, with a link to the field; else the item."""
    return [
        Line(each.text, severity, each.url) for item in items for each in (item.details or (item,))
    ]


def may_answer_now(access: ProjectAccess, phase: WalkPhase) -> Outcome:
    """As the service answers, from what is already here."""
    if phase.open_submission is not None:
        return Denied(_("The answers stay as they were submitted until there is a decision."))
    return may_answer(access, phase.row)


def may_submit(access: ProjectAccess, walk: Walk, phase: WalkPhase) -> Outcome:
    """What stops the person from submitting the phase now, readiness aside."""
    if not access.can_submit_gate:
        return access.can_submit_gate
    try:
        services.plan_to_submit(walk, phase, access.user)
    except Refusal as refusal:
        needs_manager = phase.is_current and holder(walk.project, ProjectRole.LINE_MANAGER) is None
        url = reverse("projects:team", args=[walk.project.pk]) if needs_manager else ""
        return Denied(refusal.reason, url)
    return Allowed()


def decider_name(walk: Walk, phase: WalkPhase, actor: User | None = None) -> str:
    """Who decides: those named at submission, until then those that the organisation's route
    gives. Empty for nobody."""
    if phase.open_submission is not None:
        names = [row.user.name for row in services.seats_of(phase.open_submission) if row.counts]
    else:
        names = [seat.user.name for seat in services.plan_for(walk.project, actor).seats]
    return get_text_list(names, _("and"))


@require_http_methods(["GET", "HEAD", "POST"])
def criterion(
    request: HttpRequest, project_id: int, phase_key: str, criterion_key: str
) -> HttpResponse:
    access, walk, phase = open_gate(request, project_id, phase_key)
    entry = _criterion(phase, criterion_key)
    allowed = may_answer_now(access, phase)
    if request.method == "POST":
        access.require(ProjectPermission.EDIT_CONTENT)
    ready = readiness_of(walk, phase, frame_of(request, access.project).tools)
    state = next(each for each in ready.criteria if each.entry.key == criterion_key)
    answer = state.answer or CriterionAnswer(project_phase=phase.row, criterion_key=entry.key)
    back = f"{reverse('phases:gate', args=[project_id, phase_key])}#criterion-{entry.key}"
    form = CriterionForm(
        request.POST or None,
        request.FILES or None,
        instance=answer,
        is_settled=state.input.settled_by_tools,
        file_url=reverse("phases:evidence", args=[project_id, answer.pk]) if answer.pk else "",
        cancel_url=back,
    )
    if request.method == "POST" and form.is_valid() and _save_answer(request, form):
        return redirect(back)
    context = {
        "project": access.project,
        "access": access,
        "phase": phase,
        "shown": ShownCriterion(
            state, any(item.criterion == entry.key for item in ready.readiness.fine)
        ),
        "form": form,
        "may_answer": allowed,
        "is_readable": not allowed and request.method != "POST",
    }
    return render(request, "phases/criterion.html", context)


def _save_answer(request: HttpRequest, form: CriterionForm) -> bool:
    """Whether it was saved; else the refusal stands in ``form``."""
    file = form.cleaned_data["evidence_file"]
    try:
        services.answer_criterion(
            answer=form.instance,
            actor=request.user,
            file=file if isinstance(file, UploadedFile) else None,
        )
    except (Refusal, ValidationError) as error:
        add_refusal(form, error)
        return False
    messages.success(request, _("The answer is saved."))
    return True


def _criterion(phase: WalkPhase, key: str) -> CriterionEntry:
    for entry in phase.gate.criteria if phase.gate else ():
        if entry.key == key:
            return entry
    raise Http404


@require_safe
@tells_disposal
def evidence(request: HttpRequest, project_id: int, answer_id: int) -> FileResponse:
    """A file that somebody attached to an answer, always as a download.

    With ``?submission=``, the file as it was submitted, whatever the answer holds now.
    """
    if "submission" in request.GET:
        return _submitted_evidence(request, project_id, answer_id, request.GET["submission"])
    access = open_project(request.user, project_id)
    answer = CriterionAnswer.objects.filter(
        pk=answer_id, project_phase__project=access.project
    ).first()
    if answer is None or not answer.evidence_file:
        raise Http404
    if not default_storage.exists(answer.evidence_file.name):
        raise Http404
    return attachment(answer.evidence_file, answer.evidence_file_name)


def _submitted_evidence(
    request: HttpRequest, project_id: int, answer_id: int, submission_id: str
) -> FileResponse:
    if not submission_id.isascii() or not submission_id.isdigit() or len(submission_id) > 18:
        raise Http404
    _access, submission = open_submission(request, project_id, int(submission_id))
    for each in content_of(submission.record)["criteria"]:
        if each["answer_number"] == answer_id and each["evidence_file"]:
            if not default_storage.exists(each["evidence_file"]):
                raise Http404
            return FileResponse(
                default_storage.open(each["evidence_file"], "rb"),
                as_attachment=True,
                filename=each["evidence_file_name"],
                content_type="application/octet-stream",
            )
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, project_id: int, phase_key: str) -> HttpResponse:
    access, walk, phase = open_gate(request, project_id, phase_key)
    access.require(ProjectPermission.SUBMIT_GATE)
    assert phase.gate is not None  # noqa: S101 -- open_gate
    gate_url = reverse("phases:gate", args=[project_id, phase_key])
    ready = readiness_of(walk, phase, frame_of(request, access.project).tools)
    form = SubmitForm(request.POST or None, outcomes=phase.gate.outcomes, cancel_url=gate_url)
    is_preview = request.POST.get("action") == "preview"
    missing = missing_lines(ready.readiness.blockers, "must")
    if request.method == "POST" and not is_preview and form.is_valid():
        refused = _submit(request, access, phase, form)
        if refused is None:
            _say_submitted(request, access.project)
            return redirect(gate_url)
        missing = refused or missing
    preview = _preview(walk, phase, form, access)
    context = {
        "project": access.project,
        "access": access,
        "phase": phase,
        "form": form,
        "options": outcome_options(
            preview,
            form["outcome"].value(),
            go_refused=_("Something that must be in place is missing."),
        ),
        "missing": missing,
        "may_submit": may_submit(access, walk, phase),
        "decider": decider_name(walk, phase, access.user),
        "reading": preview,
        "submission": None,
        "is_preview": is_preview,
    }
    return render(request, "phases/submit.html", context)


def _submit(
    request: HttpRequest, access: ProjectAccess, phase: WalkPhase, form: SubmitForm
) -> list[Line] | None:
    """``None`` when it is submitted; else what is missing, with the refusal in ``form``."""
    try:
        services.submit_gate(
            project=access.project,
            phase_key=phase.entry.key,
            recommended_outcome=GateOutcome(form.cleaned_data["outcome"]),
            recommendation=form.cleaned_data["recommendation"],
            actor=request.user,
            exempt_paragraph=form.cleaned_data["exempt_paragraph"],
            exempt_reason=form.cleaned_data["exempt_reason"],
        )
    except services.GateNotReady as error:
        form.add_error("outcome", str(error.reason))
        return missing_lines(error.blockers, "must")
    except Refusal as refusal:
        add_refusal(form, refusal)
        return []
    return None


def _say_submitted(request: HttpRequest, project: Project) -> None:
    plan = services.plan_for(project, request.user)
    names = get_text_list([seat.user.name for seat in plan.seats], _("and"))
    messages.success(
        request,
        ngettext("Submitted. %(name)s decides.", "Submitted. %(name)s decide.", len(plan.seats))
        % {"name": names},
    )


def _preview(walk: Walk, phase: WalkPhase, form: SubmitForm, access: ProjectAccess) -> Reading:
    """What the decider will see, made like the record, and stored nowhere.

    Of what was typed, only what the form accepts: a record holds no control characters.
    """
    form.is_valid()
    said = form.cleaned_data if form.is_bound else {}
    language = walk.project.document_language
    with translation.override(language):
        # The tools' findings are sentences, so they are gathered in the record's language.
        ready: PhaseReadiness = readiness_of(walk, phase)
        people = People()
        content = {
            **submission_content(
                walk=walk, phase=phase, ready=ready, people=people, language=language
            ),
            **services.asked_content(
                GateSubmission(
                    recommended_outcome=said.get("outcome", ""),
                    recommendation=said.get("recommendation", ""),
                    exempt_paragraph=said.get("exempt_paragraph", ""),
                    exempt_reason=said.get("exempt_reason", ""),
                    submitted_by=access.user,
                    submitted_at=timezone.now(),
                ),
                services.plan_for(walk.project, access.user),
                people,
            ),
        }
    return read_preview(content, people.refs, walk.catalogue)


@require_POST
def withdraw(request: HttpRequest, project_id: int, submission_id: int) -> HttpResponse:
    access, submission = open_submission(request, project_id, submission_id)
    access.require(ProjectPermission.SUBMIT_GATE)
    try:
        services.withdraw_submission(submission=submission, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The submission is withdrawn. The work goes on."))
    return redirect("phases:gate", project_id, submission.project_phase.phase_key)


@require_http_methods(["GET", "HEAD", "POST"])
def close_phase(request: HttpRequest, project_id: int, phase_key: str) -> HttpResponse:
    access, walk, phase = open_phase(request, project_id, phase_key)
    access.require(ProjectPermission.SUBMIT_GATE)
    page = "phases:phase" if phase.gate is None else "phases:gate"
    cancel_url = reverse(page, args=[project_id, phase_key])
    form = ClosePhaseForm(
        request.POST or None,
        cancel_url=cancel_url,
        phase_word=walk.catalogue.word("phase", "definite"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            after = services.close_phase(
                project=access.project,
                phase_key=phase_key,
                sentence=form.cleaned_data["sentence"],
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            _say_closed(request, after, phase)
            return redirect("phases:project", project_id)
    following = next((each for each in walk.phases if each.entry.number > phase.entry.number), None)
    ready = readiness_of(walk, phase, frame_of(request, access.project).tools)
    context = {
        "project": access.project,
        "access": access,
        "walk": walk,
        "phase": phase,
        "following": following,
        "form": form,
        "may_close": may_close(access, phase),
        "missing": [
            *missing_lines(ready.readiness.blockers, "must"),
            *missing_lines(ready.readiness.warnings, "should"),
        ],
        "is_advisory": phase.mode is GateMode.ADVISORY,
    }
    return render(request, "phases/close_phase.html", context)


def _say_closed(request: HttpRequest, after: Walk, phase: WalkPhase) -> None:
    closed = capfirst(str(phase_name(after, phase)))
    if after.current is None:
        messages.success(
            request, _("%(phase)s: closed, and the project with it.") % {"phase": closed}
        )
        return
    messages.success(
        request,
        _("%(phase)s: closed without a decision. Next: %(next)s.")
        % {"phase": closed, "next": phase_name(after, after.current)}
        if phase.gate is not None
        else _("%(phase)s: closed. Next: %(next)s.")
        % {"phase": closed, "next": phase_name(after, after.current)},
    )


@require_POST
def resume(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    allowed = may_resume(access)
    if isinstance(allowed, Denied):
        raise PermissionDenied(str(allowed.reason))
    try:
        services.resume_project(project=access.project, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("The project goes on."))
    return redirect("phases:project", project_id)
