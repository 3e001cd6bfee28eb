"""Who acts for whom, and when: for the person themselves, and for administrators."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import selectors, services
from accounts.forms import DeputyForm
from accounts.models import Deputy, User
from accounts.views import administered_organisation
from common.outcomes import Refusal, add_refusal


@require_http_methods(["GET", "HEAD", "POST"])
def own_deputies(request: HttpRequest) -> HttpResponse:
    return _deputies(request, request.user, reverse("accounts:deputies"))


@require_http_methods(["GET", "HEAD", "POST"])
def person_deputies(request: HttpRequest, person_id: int) -> HttpResponse:
    organisation = administered_organisation(request)
    person = get_object_or_404(
        selectors.people_of(organisation).select_related("organisation"), pk=person_id
    )
    return _deputies(request, person, reverse("accounts:person_deputies", args=[person.pk]))


def _deputies(request: HttpRequest, person: User, page: str) -> HttpResponse:
    """The periods of ``person`` with the form for a new one; ``page`` is where this is."""
    people = _possible_deputies(person)
    form = DeputyForm(
        request.POST if request.method == "POST" else None,
        people=list(people),
        initial={"starts_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        deputy = people.get(pk=form.cleaned_data["deputy"])
        try:
            services.name_deputy(
                user=person,
                deputy=deputy,
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                actor=request.user,
            )
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                _("%(name)s is named as deputy, and is told by e-mail.") % {"name": deputy.name},
            )
            return redirect(page)
    context = {
        "form": form,
        "person": person,
        "is_self": person == request.user,
        "periods": selectors.deputy_periods(person),
        "acts_for": selectors.periods_as_deputy(person),
    }
    return render(request, "accounts/deputies.html", context)


def _possible_deputies(person: User) -> QuerySet[User]:
    if person.organisation is None:
        return User.objects.none()
    return selectors.active_people_of(person.organisation).exclude(pk=person.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def deputy_end(request: HttpRequest, deputy_id: int) -> HttpResponse:
    """Asks first. 404 for everybody but the person themselves and administrators."""
    period = (
        Deputy.objects.select_related("user__organisation", "deputy__organisation")
        .filter(pk=deputy_id)
        .first()
    )
    if period is None or not (
        period.user_id == request.user.pk
        or selectors.is_administrator(request.user, period.user.organisation_id)
    ):
        raise Http404
    is_self = period.user_id == request.user.pk
    page = (
        reverse("accounts:deputies")
        if is_self
        else reverse("accounts:person_deputies", args=[period.user_id])
    )
    if request.method == "POST":
        try:
            services.end_deputy(deputy=period, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
        else:
            messages.success(
                request,
                _("%(name)s is no longer deputy, and is told by e-mail.")
                % {"name": period.deputy.name},
            )
        return redirect(page)
    context = {"period": period, "page": page, "is_self": is_self}
    return render(request, "accounts/deputy_end.html", context)
