"""A project's facts, and who takes part in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.policy import APPOINTED_ROLES, ProjectPermission, ProjectRole
from common.outcomes import Refusal, add_refusal
from projects import services
from projects.access import ProjectAccess, open_project
from projects.forms import InviteForm, MemberRoleForm, ProjectFactsForm
from projects.invitations import bring_in, invite_by_address
from projects.method import catalogue_of_project
from projects.models import Membership, Project
from projects.permissions import APPOINTED_ELSEWHERE, may_be_given, may_change, may_end
from projects.selectors import active_memberships
from projects.team import others_who_see, team_of


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    access.require(ProjectPermission.EDIT_PROJECT)
    form = _facts_form(request, project_id)
    if request.method == "POST" and form.is_valid():
        try:
            _save_facts(request, form)
        except (Refusal, ValidationError) as error:
            # Somebody was faster by a moment: the form is opened again on what they saved.
            form = _facts_form(request, project_id)
            form.is_valid()
            add_refusal(form, error)
        else:
            return redirect("phases:project", project_id)
    context = {
        "project": access.project,
        "access": access,
        "form": form,
        "method": catalogue_of_project(access.project),
    }
    return render(request, "projects/edit.html", context)


def _facts_form(request: HttpRequest, project_id: int) -> ProjectFactsForm:
    # A row of its own: a refused form must not reach header and menu.
    row = Project.objects.select_related("organisation", "unit").get(pk=project_id)
    return ProjectFactsForm(
        request.POST if request.method == "POST" else None,
        instance=row,
        cancel_url=reverse("phases:project", args=[project_id]),
    )


def _save_facts(request: HttpRequest, form: ProjectFactsForm) -> None:
    changed = form.changed_fields
    if not changed:
        messages.info(request, _("Nothing was changed."))
        return
    services.update_project(
        project=form.instance,
        values={name: form.cleaned_data[name] for name in changed},
        actor=request.user,
    )
    messages.success(request, _("The project's facts are saved."))


@require_safe
def team(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    project = access.project
    team = team_of(project)
    is_colleague = request.user.organisation_id == project.organisation_id
    context = {
        "project": project,
        "access": access,
        "team": team,
        "may_manage": access.can_manage_team,
        "may_propose": access.is_leader or access.is_administrator or team.manager == request.user,
        "others": others_who_see(project) if is_colleague else [],
    }
    return render(request, "projects/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, project_id: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    access.require(ProjectPermission.MANAGE_TEAM)
    team_url = reverse("projects:team", args=[project_id])
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        project=access.project,
        roles_now=_roles_now(access.project),
        initial={"role": ProjectRole.MEMBER},
        cancel_url=team_url,
    )
    if request.method == "POST" and form.is_valid():
        try:
            said = _invite(request, access, form)
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect(team_url)
    context = {"project": access.project, "access": access, "form": form}
    return render(request, "projects/invite.html", context)


def _roles_now(project: Project) -> dict[int, str]:
    """What people are in the project, in words, by their number. One query."""
    labels: dict[int, list[str]] = {}
    for membership in active_memberships(project):
        labels.setdefault(membership.user_id, []).append(membership.get_role_display().lower())
    return {user_id: get_text_list(words, _("and")) for user_id, words in labels.items()}


def _invite(request: HttpRequest, access: ProjectAccess, form: InviteForm) -> str:
    """Returns what to say. The same about every address, whoever it belongs to."""
    cleaned = form.cleaned_data
    what = {
        "project": access.project,
        "role": cleaned["role"],
        "actor": request.user,
        "base_url": request.build_absolute_uri("/"),
    }
    person = cleaned["person"]
    if person is not None:
        bring_in(user=person, **what)
        return _now_is(person.name, cleaned["role"])
    invite_by_address(email=cleaned["email"], name=cleaned["name"], **what)
    return _("An invitation is on its way to %(email)s.") % {"email": cleaned["email"]}


def _now_is(name: str, role: ProjectRole) -> str:
    return _("%(name)s is now %(role)s.") % {"name": name, "role": role.label.lower()}


def _open_membership(
    request: HttpRequest, project_id: int, membership_id: int
) -> tuple[ProjectAccess, Membership]:
    """Strangers get 404, and so does a membership of another project. Raises
    ``PermissionDenied`` for those who do not manage the team, and for appointed roles."""
    access = open_project(request.user, project_id)
    access.require(ProjectPermission.MANAGE_TEAM)
    membership = (
        Membership.objects.select_related("user__organisation")
        .filter(pk=membership_id, project=access.project)
        .first()
    )
    if membership is None:
        raise Http404
    membership.project = access.project
    if membership.role in APPOINTED_ROLES:
        raise PermissionDenied(str(APPOINTED_ELSEWHERE))
    return access, membership


@require_http_methods(["GET", "HEAD", "POST"])
def member_change(request: HttpRequest, project_id: int, membership_id: int) -> HttpResponse:
    access, membership = _open_membership(request, project_id, membership_id)
    team_url = reverse("projects:team", args=[project_id])
    form = MemberRoleForm(
        request.POST if request.method == "POST" else None,
        roles=[
            role
            for role in ProjectRole
            if may_be_given(role, user=membership.user, project=access.project)
        ],
        initial={"role": membership.role},
        cancel_url=team_url,
    )
    if request.method == "POST" and form.is_valid():
        role = form.cleaned_data["role"]
        try:
            services.change_member_role(membership=membership, role=role, actor=request.user)
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, _now_is(membership.user.name, role))
            return redirect(_after(request, project_id))
    context = {
        "project": access.project,
        "access": access,
        "form": form,
        "membership": membership,
        "may_change": may_change(membership),
    }
    return render(request, "projects/member_change.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HttpRequest, project_id: int, membership_id: int) -> HttpResponse:
    access, membership = _open_membership(request, project_id, membership_id)
    role = ProjectRole(membership.role)
    if request.method == "POST":
        try:
            services.end_membership(membership=membership, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(
                request,
                _("%(name)s is no longer %(role)s.")
                % {"name": membership.user.name, "role": role.label.lower()},
            )
        return redirect(_after(request, project_id))
    context = {
        "project": access.project,
        "access": access,
        "membership": membership,
        "role": role,
        "is_self": membership.user_id == request.user.pk,
        "may_end": may_end(membership),
        "other_roles": [
            other.get_role_display()
            for other in active_memberships(access.project)
            .filter(user_id=membership.user_id)
            .exclude(pk=membership.pk)
        ],
    }
    return render(request, "projects/member_end.html", context)


def _after(request: HttpRequest, project_id: int) -> str:
    """The team page, or the list of projects for somebody who has just left. One query."""
    if Project.objects.visible_to(request.user).filter(pk=project_id).exists():
        return reverse("projects:team", args=[project_id])
    return reverse("phases:projects")
