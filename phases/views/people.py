"""Who decides in a project, and what has happened in it."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.policy import APPOINTED_ROLES, ProjectPermission, ProjectRole
from common.outcomes import Allowed, Outcome, Refusal, add_refusal
from phases import services
from phases.forms.people import AppointForm
from phases.history import HistoryKind, history_page
from phases.services.appointments import may_change_deciders_now
from phases.views.acting import require
from projects.access import ProjectAccess, access_of, open_project
from projects.enums import ProposalStatus
from projects.models import AppointmentProposal, Project
from projects.selectors import holder, waiting_proposals
from projects.wording import ROLE_SENTENCES


@dataclass(frozen=True, slots=True)
class Appointing:
    """One person in front of a project's owner and line manager. ``may_set`` says whether they
    set them; the unit's manager does, also without a role in the project."""

    access: ProjectAccess
    may_set: Outcome

    @property
    def project(self) -> Project:
        return self.access.project

    @property
    def sees_project(self) -> bool:
        return bool(self.access.can(ProjectPermission.VIEW))

    @property
    def may_take_part(self) -> Outcome:
        """Setting, or proposing as a leader."""
        return Allowed() if self.access.is_leader else self.may_set

    def context(self, role: ProjectRole) -> dict[str, object]:
        return {
            "project": self.project,
            "access": self.access,
            "layout": "project.html" if self.sees_project else "base.html",
            "sees_project": self.sees_project,
            "role": role,
            "sentence": ROLE_SENTENCES[role],
            "current": holder(self.project, role),
            "now": may_change_deciders_now(self.project),
        }


def _open_appointing(request: HttpRequest, project_id: int) -> Appointing:
    """404 for those who neither see the project nor set its owner and line manager."""
    project = (
        Project.objects.select_related("organisation", "unit")
        .with_method()
        .filter(pk=project_id)
        .first()
    )
    if project is None:
        raise Http404
    appointing = Appointing(
        access_of(request.user, project), services.may_appoint(request.user, project)
    )
    if not appointing.sees_project and not appointing.may_set:
        raise Http404
    return appointing


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest, project_id: int, role: str) -> HttpResponse:
    if role not in APPOINTED_ROLES:
        raise Http404
    appointing = _open_appointing(request, project_id)
    wanted = ProjectRole(role)
    if request.method == "POST":
        require(appointing.may_take_part)
    context = appointing.context(wanted)
    form = AppointForm(
        request.POST if request.method == "POST" else None,
        project=appointing.project,
        role=wanted,
        sets=bool(appointing.may_set),
        cancel_url=_way_back(appointing),
    )
    if request.method == "POST" and context["now"] and form.is_valid():
        try:
            said = _appoint(appointing, wanted, form.cleaned_data["user"])
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect(_way_back(appointing))
    context |= {
        "form": form,
        "may_set": appointing.may_set,
        "may_take_part": appointing.may_take_part,
        "waiting": waiting_proposals(appointing.project).filter(role=wanted).first(),
    }
    return render(request, "phases/appoint.html", context)


def _way_back(appointing: Appointing) -> str:
    if appointing.sees_project:
        return reverse("projects:team", args=[appointing.project.pk])
    return reverse("start")


def _appoint(appointing: Appointing, role: ProjectRole, user: User) -> str:
    """Set or propose, and say which."""
    project, actor = appointing.project, appointing.access.user
    if appointing.may_set:
        services.appoint(project=project, role=role, user=user, actor=actor)
        return _now_is(user, role)
    services.propose_appointment(project=project, role=role, user=user, actor=actor)
    return _("%(name)s is proposed. The role is given when the proposal is confirmed.") % {
        "name": user.name
    }


def _now_is(user: User, role: ProjectRole) -> str:
    return _("%(name)s is now %(role)s.") % {"name": user.name, "role": role.label.lower()}


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, project_id: int, proposal_id: int) -> HttpResponse:
    appointing = _open_appointing(request, project_id)
    found = (
        AppointmentProposal.objects.select_related("user", "proposed_by", "answered_by")
        .filter(pk=proposal_id, project=appointing.project)
        .first()
    )
    if found is None:
        raise Http404
    found.project = appointing.project
    if request.method == "POST":
        require(appointing.may_set)
        _answer(request, found)
        return redirect("phases:proposal", project_id, proposal_id)
    context = appointing.context(ProjectRole(found.role)) | {
        "proposal": found,
        "status": ProposalStatus(found.status),
        "is_waiting": found.status == ProposalStatus.WAITING,
        "may_set": appointing.may_set,
    }
    return render(request, "phases/proposal.html", context)


def _answer(request: HttpRequest, found: AppointmentProposal) -> None:
    answer = request.POST.get("answer")
    if answer not in {"confirm", "decline"}:
        messages.error(request, _("Choose whether you confirm or decline."))
        return
    try:
        services.answer_proposal(
            proposal=found, is_confirmed=answer == "confirm", actor=request.user
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.reason))
        return
    if answer == "confirm":
        messages.success(request, _now_is(found.user, ProjectRole(found.role)))
    else:
        messages.success(request, _("The proposal is declined. Nothing else has changed."))


@require_safe
def history(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    wanted = request.GET.get("kind", "")
    kind = HistoryKind(wanted) if wanted in HistoryKind.values else None
    found = history_page(access.project, kind, request.GET.get("page"))
    context = {
        "project": access.project,
        "access": access,
        "kinds": HistoryKind,
        "kind": kind,
        "days": found.days,
        "page_obj": found.page,
    }
    return render(request, "phases/history.html", context)
