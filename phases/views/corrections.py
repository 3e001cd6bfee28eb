"""What was wrong in a record: the page where it is corrected."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phases.enums import RecordKind
from phases.forms.corrections import CorrectionForm
from phases.models import GateRecord
from phases.naming import PhaseNames
from phases.record import content_of
from phases.services.correcting import correct_record, corrections_of, may_correct
from phases.views.acting import acted, require
from phases.views.disposed import tells_disposal
from projects.access import ProjectAccess, open_project


@require_http_methods(["GET", "HEAD", "POST"])
@tells_disposal
def correct(request: HttpRequest, project_id: int, sequence: int) -> HttpResponse:
    access = open_project(request.user, project_id)
    record = _find(access, sequence)
    require(may_correct(record, access.user))
    back = page_of(record)
    form = CorrectionForm(request.POST or None, cancel_url=back)

    def write() -> str:
        correct_record(record=record, text=form.cleaned_data["text"], actor=access.user)
        return _("The correction is on the record.")

    done = acted(request, form, write, f"{back}#corrections")
    if done is not None:
        return done
    context = {
        "project": access.project,
        "access": access,
        "record": record,
        "phase": PhaseNames(access.project).of_phase(content_of(record)["phase"]["key"]),
        "back": back,
        "corrections": corrections_of(record),
        "form": form,
    }
    return render(request, "phases/correct.html", context)


def _find(access: ProjectAccess, sequence: int) -> GateRecord:
    """What was submitted or decided. Corrections and tombstones have no page of their own."""
    record = (
        GateRecord.objects.select_related("project", "submission", "decision__submission")
        .filter(
            project=access.project,
            sequence=sequence,
            kind__in=(RecordKind.SUBMISSION, RecordKind.DECISION),
        )
        .first()
    )
    if record is None:
        raise Http404
    return record


def page_of(record: GateRecord) -> str:
    """Where a submission or a decision is read."""
    if record.kind == RecordKind.DECISION:
        return reverse("phases:decision", args=[record.project_id, record.decision.pk])
    return reverse("phases:review", args=[record.project_id, record.submission.pk])
