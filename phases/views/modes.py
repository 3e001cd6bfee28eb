"""How binding gates are: in one project, and at the least in all of an organisation."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views import administered_organisation
from methodology.catalogue import GateEntry, PhaseEntry, catalogue_of
from methodology.enums import GateMode
from methodology.models import MethodVersion
from methodology.selectors import published_versions
from phases import services
from phases.forms.gate import GateModeForm, LeastModeForm
from phases.models import OrganisationGateMode
from phases.permissions import may_change_gate_now, may_set_gate_mode
from phases.services.modes import least_mode
from phases.views.acting import acted, require
from phases.views.opening import open_gate
from phases.wording import mode_sentence


@require_http_methods(["GET", "HEAD", "POST"])
def gate_mode(request: HttpRequest, project_id: int, phase_key: str) -> HttpResponse:
    access, _walk, phase = open_gate(request, project_id, phase_key)
    require(may_set_gate_mode(access))
    assert phase.gate is not None  # noqa: S101 -- open_gate
    gate_url = reverse("phases:gate", args=[project_id, phase_key])
    form = GateModeForm(request.POST or None, initial={"mode": phase.mode}, cancel_url=gate_url)

    def change() -> str:
        services.set_project_gate_mode(
            project=access.project,
            phase_key=phase_key,
            mode=GateMode(form.cleaned_data["mode"]),
            reason=form.cleaned_data["reason"],
            actor=access.user,
        )
        return _("The gate is changed, and the reason is on the record.")

    done = acted(request, form, change, gate_url)
    if done is not None:
        return done
    context = {
        "project": access.project,
        "access": access,
        "phase": phase,
        "form": form,
        "may_change_now": may_change_gate_now(access, phase),
        "method_mode": phase.gate.mode,
        "least": least_mode(access.project, phase.gate.key),
        "meanings": [(mode, mode_sentence(mode)) for mode in GateMode],
    }
    return render(request, "phases/gate_mode.html", context)


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate of a method, with what the organisation has said about it last, if anything."""

    version: MethodVersion
    phase: PhaseEntry
    gate: GateEntry
    rule: OrganisationGateMode | None

    @property
    def least(self) -> GateMode | None:
        return GateMode(self.rule.mode) if self.rule else None


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_gates(request: HttpRequest) -> HttpResponse:
    """The list; with ``?method=&gate=`` the form for one gate."""
    organisation = administered_organisation(request)
    rules = {
        (rule.method_id, rule.gate_key): rule
        for rule in OrganisationGateMode.objects.filter(organisation=organisation)
        .select_related("set_by")
        .order_by("set_at", "pk")
    }
    methods = [
        {"title": catalogue_of(version).title, "rows": _rows(version, rules)}
        for version in published_versions(request.user)
    ]
    if "gate" in request.GET:
        return _one_gate(request, _chosen(request, methods))
    context = {"organisation": organisation, "methods": methods}
    return render(request, "phases/organisation_gates.html", context)


def _rows(
    version: MethodVersion, rules: dict[tuple[int, str], OrganisationGateMode]
) -> list[GateRow]:
    return [
        GateRow(version, phase, phase.gate, rules.get((version.method_id, phase.gate.key)))
        for phase in catalogue_of(version).phases
        if phase.gate is not None
    ]


def _chosen(request: HttpRequest, methods: list[dict[str, object]]) -> GateRow:
    for method in methods:
        for row in method["rows"]:  # type: ignore[attr-defined]
            if row.version.method.key == request.GET.get("method") and (
                row.gate.key == request.GET["gate"]
            ):
                return row
    raise Http404


def _one_gate(request: HttpRequest, row: GateRow) -> HttpResponse:
    organisation = administered_organisation(request)
    back = reverse("phases:organisation_gates")
    form = LeastModeForm(
        request.POST or None,
        initial={"mode": row.least or GateMode.OFF},
        cancel_url=back,
    )

    def change() -> str:
        services.set_organisation_gate_mode(
            organisation=organisation,
            method=row.version.method,
            gate_key=row.gate.key,
            mode=GateMode(form.cleaned_data["mode"]),
            reason=form.cleaned_data["reason"],
            actor=request.user,
        )
        return _("Saved. It holds for all projects from now on.")

    return acted(request, form, change, back) or render(
        request, "phases/organisation_gates_one.html", {"row": row, "form": form}
    )
