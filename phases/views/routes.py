"""Where an organisation settles who decides in which projects."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Organisation, User
from accounts.views import administered_organisation
from common.outcomes import Refusal, add_refusal
from phases.forms.routes import RouteForm
from phases.models import GateRoute
from phases.route_overview import names_in, overview_of, preview, running_projects
from phases.route_words import how_decided, which_projects
from phases.services.route_settings import delete_route, move_route, save_route
from phases.services.routes import rule_of

PROJECTS_PER_PAGE = 25


@require_safe
def routes(request: HttpRequest) -> HttpResponse:
    organisation = administered_organisation(request)
    page = Paginator(running_projects(organisation), PROJECTS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "organisation": organisation,
        "overview": overview_of(organisation),
        "page_obj": page,
        "lines": preview(list(page.object_list)),
    }
    return render(request, "phases/routes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def route_create(request: HttpRequest) -> HttpResponse:
    organisation = administered_organisation(request)
    return _route_form(request, GateRoute(organisation=organisation))


@require_http_methods(["GET", "HEAD", "POST"])
def route_edit(request: HttpRequest, route_id: int) -> HttpResponse:
    organisation = administered_organisation(request)
    return _route_form(request, _load(organisation, route_id))


def _load(organisation: Organisation, route_id: int) -> GateRoute:
    """404 for a route of another organisation."""
    return get_object_or_404(
        GateRoute.objects.select_related("organisation").prefetch_related("seats"),
        pk=route_id,
        organisation=organisation,
    )


def _route_form(request: HttpRequest, route: GateRoute) -> HttpResponse:
    title = route.name
    form = _bound(request, route)
    if request.method == "POST" and form.is_valid():
        try:
            save_route(route=form.instance, seats=form.seats, actor=request.user)
        except ValidationError as error:
            add_refusal(form, error)
        except Refusal as refusal:
            # Somebody was faster by a moment: the form is opened again on what they saved.
            form = _bound(request, _load(route.organisation, route.pk))
            form.is_valid()
            add_refusal(form, refusal)
        else:
            messages.success(
                request,
                _("“%(name)s” is saved. It holds for what is submitted from now on.")
                % {"name": form.instance.name},
            )
            return redirect("phases:routes")
    context = {"form": form, "title": title}
    return render(request, "phases/route_form.html", context)


def _bound(request: HttpRequest, route: GateRoute) -> RouteForm:
    is_new = route.pk is None
    seats = () if is_new else rule_of(route).seats
    # Whoever is named stays in sight until somebody else is chosen, also with a closed access.
    people = User.objects.filter(
        Q(is_active=True) | Q(pk__in=[seat.user_id for seat in seats if seat.user_id]),
        organisation=route.organisation,
    )
    return RouteForm(
        request.POST if request.method == "POST" else None,
        instance=route,
        people=list(people),
        seats=seats,
        initial={"quorum": None} if is_new else {},
        cancel_url=reverse("phases:routes"),
    )


@require_POST
def route_move(request: HttpRequest, route_id: int) -> HttpResponse:
    route = _load(administered_organisation(request), route_id)
    move_route(route=route, is_up=request.POST.get("direction") == "up", actor=request.user)
    messages.success(request, _("“%(name)s” is moved.") % {"name": route.name})
    return redirect("phases:routes")


@require_http_methods(["GET", "HEAD", "POST"])
def route_delete(request: HttpRequest, route_id: int) -> HttpResponse:
    """Asks first."""
    route = _load(administered_organisation(request), route_id)
    if request.method == "POST":
        delete_route(route=route, actor=request.user)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": route.name})
        return redirect("phases:routes")
    rule = rule_of(route)
    context = {
        "route": route,
        "which": which_projects(rule, is_first=True),
        "how": how_decided(rule, names_in([rule])),
    }
    return render(request, "phases/route_delete.html", context)
