from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import resume, selectors, services
from accounts.forms import (
    InvitationForm,
    OrganisationForm,
    PersonForm,
    ProfileForm,
    UnitForm,
)
from accounts.models import Language, Organisation, Unit, User
from common.outcomes import Refusal, add_refusal

PEOPLE_PER_PAGE = 50
COOKIE_SECONDS = 365 * 24 * 60 * 60


def administered_organisation(request: HttpRequest) -> Organisation:
    """The organisation that the signed-in person administers.

    Raises ``PermissionDenied`` with a sentence that says who can be asked instead.
    """
    organisation = request.user.organisation
    if organisation is None:
        raise PermissionDenied(_("You do not belong to an organisation."))
    if not selectors.is_administrator(request.user, organisation.pk):
        names = ", ".join(person.name for person in selectors.administrators_of(organisation))
        raise PermissionDenied(
            _(
                "People and units are looked after by the administrators of your organisation. "
                "Ask %(names)s."
            )
            % {"names": names}
        )
    return organisation


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    # A copy of its own: a refused name must not reach the page frame.
    user = User.objects.select_related("organisation").get(pk=request.user.pk)
    form = ProfileForm(
        request.POST or None,
        organisation=user.organisation,
        initial={
            "name": user.name,
            "language": user.language,
            "colour_scheme": user.colour_scheme,
            "digest": user.digest,
        },
        cancel_url=reverse("start"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_profile(user=user, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("Your settings are saved."))
            response = redirect("accounts:profile")
            _remember_language(response, user.language)
            return response
    context = {
        "form": form,
        "person": user,
        "roles": [role.label for role in sorted(selectors.organisation_roles(user))],
        "deputies": selectors.deputies_of(user, timezone.localdate()),
    }
    return render(request, "accounts/profile.html", context)


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language for the person and for this browser; an unknown one changes nothing."""
    language = request.POST.get("language", "")
    response = redirect(_next_page(request))
    if language in Language.values:
        _remember_language(response, language)
        if request.user.is_authenticated and request.user.language != language:
            services.choose_language(user=request.user, language=language)
    return response


def _next_page(request: HttpRequest) -> str:
    """The address that the form asked for when it is ours, otherwise the page it stood on."""
    target = request.POST.get("next", "")
    # A path, because Django would take a bare word for the name of a route.
    if target.startswith("/") and resume.is_ours(request, target):
        return target
    return resume.page_of(request)


def _remember_language(response: HttpResponse, language: str) -> None:
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@require_safe
def show_kept_form(request: HttpRequest) -> HttpResponse:
    """What the person had sent when their session was over, to send again or throw away."""
    kept = resume.kept_form(request, request.GET.get("path", ""))
    if kept is None:
        raise Http404
    return render(request, "accounts/resume.html", {"kept": kept})


@require_POST
def discard_kept_form(request: HttpRequest) -> HttpResponse:
    path = request.POST.get("path", "")
    kept = resume.kept_form(request, path)
    if kept is None:
        raise Http404
    resume.forget(request, path)
    messages.info(request, _("What you had written was thrown away."))
    return redirect(kept.page)


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_edit(request: HttpRequest) -> HttpResponse:
    # A copy of its own: a refused name must not reach the page frame.
    organisation = Organisation.objects.get(pk=administered_organisation(request).pk)
    form = OrganisationForm(
        request.POST or None,
        initial={
            "name": organisation.name,
            "document_language": organisation.document_language,
            "country": organisation.country,
            "kind": organisation.kind,
        },
        cancel_url=reverse("accounts:people"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update_organisation(
                organisation=organisation, actor=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": organisation.name})
            return redirect("accounts:organisation_edit")
    context = {"organisation": request.user.organisation, "form": form}
    return render(request, "accounts/organisation_edit.html", context)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    organisation = administered_organisation(request)
    # PostgreSQL cannot be asked for a text with NUL in it.
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = Paginator(selectors.find_people(organisation, words), PEOPLE_PER_PAGE)
    context = {
        "organisation": organisation,
        "page_obj": found.get_page(request.GET.get("page")),
        "words": words,
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_invite(request: HttpRequest) -> HttpResponse:
    organisation = administered_organisation(request)
    form = InvitationForm(request.POST or None, cancel_url=reverse("accounts:people"))
    if request.method == "POST" and form.is_valid():
        try:
            person = services.invite_person(
                organisation=organisation,
                actor=request.user,
                base_url=request.build_absolute_uri("/"),
                **form.cleaned_data,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(
                request, _("An invitation is on its way to %(email)s.") % {"email": person.email}
            )
            return redirect("accounts:people")
    return render(request, "accounts/person_invite.html", {"form": form})


def _load_person(organisation: Organisation, person_id: int) -> User:
    return get_object_or_404(
        selectors.people_of(organisation).select_related("organisation"), pk=person_id
    )


@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request: HttpRequest, person_id: int) -> HttpResponse:
    organisation = administered_organisation(request)
    person = _load_person(organisation, person_id)
    form = PersonForm(
        request.POST or None,
        initial={
            "name": person.name,
            "email": person.email,
            "roles": [held.role for held in person.organisation_roles.all()],
        },
        cancel_url=reverse("accounts:people"),
    )
    title = person.name
    if request.method == "POST" and form.is_valid():
        try:
            services.change_person(user=person, actor=request.user, **form.cleaned_data)
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": person.name})
            gave_it_up = person == request.user and not selectors.is_administrator(
                person, organisation.pk
            )
            return redirect("start" if gave_it_up else "accounts:people")
    context = {
        "form": form,
        "title": title,
        "person": person,
        "is_self": person == request.user,
        "deputies": selectors.deputies_of(person, timezone.localdate()),
    }
    return render(request, "accounts/person_edit.html", context)


@require_POST
def person_close(request: HttpRequest, person_id: int) -> HttpResponse:
    return _set_person_active(request, person_id, is_active=False)


@require_POST
def person_reopen(request: HttpRequest, person_id: int) -> HttpResponse:
    return _set_person_active(request, person_id, is_active=True)


def _set_person_active(request: HttpRequest, person_id: int, *, is_active: bool) -> HttpResponse:
    person = _load_person(administered_organisation(request), person_id)
    try:
        services.set_person_active(user=person, is_active=is_active, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = (
            _("%(name)s can sign in again.")
            if is_active
            else _("The access of %(name)s is closed. What they have written stays.")
        )
        messages.success(request, text % {"name": person.name})
    return redirect("accounts:person_edit", person_id=person.pk)


@require_POST
def person_send_invitation(request: HttpRequest, person_id: int) -> HttpResponse:
    person = _load_person(administered_organisation(request), person_id)
    try:
        services.send_invitation(
            user=person, inviter=request.user, base_url=request.build_absolute_uri("/")
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("A new link is on its way to %(email)s.") % {"email": person.email}
        )
    return redirect("accounts:person_edit", person_id=person.pk)


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    organisation = administered_organisation(request)
    context = {"organisation": organisation, "branches": selectors.unit_branches(organisation)}
    return render(request, "accounts/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_create(request: HttpRequest) -> HttpResponse:
    organisation = administered_organisation(request)
    parent = request.GET.get("parent", "")
    return _unit_form(request, Unit(organisation=organisation), {"parent": parent})


@require_http_methods(["GET", "HEAD", "POST"])
def unit_edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    organisation = administered_organisation(request)
    unit = get_object_or_404(Unit.objects.filter(organisation=organisation), pk=unit_id)
    initial = {"name": unit.name, "parent": unit.parent_id, "manager": unit.manager_id}
    return _unit_form(request, unit, initial)


def _unit_form(request: HttpRequest, unit: Unit, initial: dict[str, object]) -> HttpResponse:
    """The page of a new or a known unit; choices outside of its organisation are not offered."""
    title = unit.name
    tree = selectors.unit_tree(unit.organisation)
    form = UnitForm(
        request.POST or None,
        tree=tree,
        people=list(selectors.possible_managers(unit)),
        unit=unit,
        initial=initial,
        cancel_url=reverse("accounts:units"),
    )
    if request.method == "POST" and form.is_valid():
        unit.name = form.cleaned_data["name"]
        unit.parent_id = form.cleaned_data["parent"]
        unit.manager_id = form.cleaned_data["manager"]
        try:
            services.save_unit(unit=unit, actor=request.user)
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": unit.name})
            return redirect("accounts:units")
    return render(request, "accounts/unit_form.html", {"form": form, "title": title})
