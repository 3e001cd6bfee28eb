"""All projects a person may see, and starting a new one."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from accounts.policy import ProjectRole
from accounts.selectors import may_start_project, nearest_manager, unit_tree
from common.outcomes import Denied, Refusal, add_refusal
from methodology.models import MethodVersion
from methodology.selectors_overlays import choosable_versions
from phases.enums import PhaseState
from phases.forms.walk import NewRoundForm, ProjectFilterForm, ProjectForm
from phases.portfolio import find_projects, phase_choices, project_lines
from phases.rounds import (
    NewRound,
    carryable_content,
    carryable_people,
    learnt_from,
    round_from,
)
from phases.services import StartedProject, start_new_round, start_project_once
from projects.models import Project
from projects.selectors import active_memberships, leaders_ids

PROJECTS_PER_PAGE = 25


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    chosen = [value for value in request.GET.getlist("chosen") if value.isdecimal()]
    if "report" in request.GET and chosen:
        return redirect(f"{reverse('reports:order')}?projects={','.join(chosen)}")
    organisation = request.user.organisation
    tree = unit_tree(organisation) if organisation else []
    filters = ProjectFilterForm(request.GET, tree=tree, phases=phase_choices(request.user))
    page = Paginator(
        find_projects(request.user, unit_tree=tree, **filters.arguments()), PROJECTS_PER_PAGE
    ).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "is_filtered": filters.is_filtering,
        "page_obj": page,
        "lines": project_lines(list(page.object_list)),
        "may_create": may_start_project(request.user),
        "submitted": PhaseState.SUBMITTED,
        "kept": [(name, value) for name, value in request.GET.items() if name in filters.fields],
        "nothing_chosen": "report" in request.GET,
    }
    return render(request, "phases/projects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def project_create(request: HttpRequest) -> HttpResponse:
    outcome = may_start_project(request.user)
    if isinstance(outcome, Denied):
        raise PermissionDenied(str(outcome.reason))
    organisation: Organisation = request.user.organisation
    new_round = round_from(request.user, request.GET)
    form = _project_form(request, organisation, new_round)
    if request.method == "POST" and form.is_valid():
        try:
            started = _start(request, form, new_round)
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            _say_what_happened(request, started)
            _say_what_came_along(request, started, len(form.cleaned_data.get("content", ())))
            return redirect("phases:project", started.project.pk)
    context = {
        "form": form,
        "title": _("New project"),
        "lead": _("Describe the problem and who it touches. Everything can be changed later."),
        "new_round": new_round,
        "learnt": learnt_from(new_round.source) if new_round else "",
    }
    return render(request, "phases/project_form.html", context)


def _project_form(
    request: HttpRequest, organisation: Organisation, new_round: NewRound | None
) -> ProjectForm:
    initial = {
        "leader": request.user.pk,
        "document_language": organisation.document_language,
        "starts_on": timezone.localdate(),
        "method_version": _usual_method(organisation),
    }
    if new_round is None:
        return ProjectForm(
            request.POST or None,
            organisation=organisation,
            initial=initial,
            cancel_url=reverse("phases:projects"),
        )
    source = new_round.source
    same_organisation = source.organisation_id == organisation.pk
    return NewRoundForm(
        request.POST or None,
        organisation=organisation,
        content=carryable_content(source),
        people=carryable_people(source, organisation),
        initial={
            **initial,
            "name": new_round.name,
            "problem": source.problem,
            "goal": source.goal,
            "unit": source.unit_id if same_organisation else None,
        },
        cancel_url=new_round.url,
    )


def _start(request: HttpRequest, form: ProjectForm, new_round: NewRound | None) -> StartedProject:
    if new_round is None:
        return start_project_once(**form.cleaned_data, actor=request.user)
    facts = dict(form.cleaned_data)
    return start_new_round(
        from_round=new_round,
        content=facts.pop("content", ()),
        people=facts.pop("people", ()),
        actor=request.user,
        base_url=request.build_absolute_uri("/"),
        **facts,
    )


def _usual_method(organisation: Organisation) -> MethodVersion | None:
    """The method of the organisation's latest project, else the installation's usual one."""
    versions = choosable_versions(organisation.pk)
    latest = (
        Project.objects.filter(organisation=organisation)
        .order_by("-created_at", "-pk")
        .values_list("method_version__method__key", flat=True)
        .first()
    )
    by_key = {version.method.key: version for version in versions}
    usual = by_key.get(latest or "") or by_key.get(settings.USUAL_METHOD)
    return usual or next(iter(versions), None)


def _say_what_happened(request: HttpRequest, started: StartedProject) -> None:
    project = started.project
    messages.success(request, _("“%(name)s” is created.") % {"name": project.name})
    holders = {membership.role: membership.user.name for membership in active_memberships(project)}
    if ProjectRole.LINE_MANAGER in holders:
        messages.info(
            request,
            _("%(manager)s is line manager and %(owner)s is project owner.")
            % {
                "manager": holders[ProjectRole.LINE_MANAGER],
                "owner": holders.get(ProjectRole.OWNER, ""),
            },
        )
    else:
        messages.warning(
            request,
            _(
                "The project has no line manager, because no manager is set for its unit. "
                "Ask the organisation's administrator."
            ),
        )
    manager = nearest_manager(project.unit, besides=leaders_ids(project))
    for proposal in started.proposals:
        messages.info(
            request,
            _("Your proposal of %(person)s as %(role)s waits for %(manager)s.")
            % {
                "person": proposal.user.name,
                "role": ProjectRole(proposal.role).label.lower(),
                "manager": manager.name if manager else _("the administrator"),
            },
        )


def _say_what_came_along(request: HttpRequest, started: StartedProject, chosen: int) -> None:
    if started.carried is None:
        return
    copied = len(started.carried)
    if copied:
        messages.info(
            request,
            ngettext("%(n)s worksheet was copied.", "%(n)s worksheets were copied.", copied)
            % {"n": copied},
        )
    if chosen > copied:
        messages.warning(
            request,
            ngettext(
                "%(n)s worksheet was not copied: the new project's method does not have it, or "
                "nothing in it may be copied.",
                "%(n)s worksheets were not copied: the new project's method does not have them, or "
                "nothing in them may be copied.",
                chosen - copied,
            )
            % {"n": chosen - copied},
        )
