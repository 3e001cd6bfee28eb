"""Earlier revisions of a worksheet: who saved when, what changed, and bringing one back."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.outcomes import Refusal
from tools.privacy import part_for
from worksheets.building import build_dossier
from worksheets.comparison import FieldDifference, differences
from worksheets.dossier import WorksheetDossier
from worksheets.models import Sheet, SheetRevision
from worksheets.selectors import answers_of, revisions_of, surroundings_of
from worksheets.services import bring_back
from worksheets.views.place import SheetPlace, sheet_place

ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A revision with what it changed."""

    revision: SheetRevision
    differences: tuple[FieldDifference, ...]


@require_safe
def history(request: HttpRequest, project_id: int, worksheet_key: str) -> HttpResponse:
    """The revisions, newest first, each with the fields that it changed."""
    place = sheet_place(request, project_id, worksheet_key)
    revisions = revisions_of(place.project, place.worksheet.key)
    page = Paginator(revisions, ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    numbers = {each.number for each in shown}
    dossiers = _dossiers(place, numbers | {number - 1 for number in numbers})
    entries = [
        HistoryEntry(each, differences(dossiers[each.number - 1], dossiers[each.number]))
        for each in shown
    ]
    return render(
        request,
        "worksheets/history.html",
        {**place.page(), "entries": entries, "page_obj": page, "revisions": revisions},
    )


class CompareForm(forms.Form):
    """Which two revisions; ``first`` 0 is the empty sheet."""

    first = forms.IntegerField(min_value=0)
    second = forms.IntegerField(min_value=1)


@require_safe
def compare(request: HttpRequest, project_id: int, worksheet_key: str) -> HttpResponse:
    """Two revisions field by field, the earlier one first whatever was chosen."""
    place = sheet_place(request, project_id, worksheet_key)
    chosen = CompareForm(request.GET)
    if not chosen.is_valid():
        return redirect(place.url("history"))
    numbers = sorted(chosen.cleaned_data.values())
    revisions = {each.number: each for each in revisions_of(place.project, place.worksheet.key)}
    if not {number for number in numbers if number} <= revisions.keys():
        raise Http404
    dossiers = _dossiers(place, numbers)
    first, second = (dossiers[number] for number in numbers)
    return render(
        request,
        "worksheets/compare.html",
        {
            **place.page(),
            "first": revisions.get(numbers[0]),
            "second": revisions[numbers[1]],
            "differences": differences(first, second),
            "newest": max(revisions),
            "version": place.stored().version,
        },
    )


@require_POST
def revision_bring_back(
    request: HttpRequest, project_id: int, worksheet_key: str, number: int
) -> HttpResponse:
    """An earlier revision becomes the newest. ``expected`` is the version that the person saw."""
    place = sheet_place(request, project_id, worksheet_key)
    place.require_write()
    seen = request.POST.get("expected", "")
    try:
        bring_back(
            project=place.project,
            worksheet=place.worksheet,
            number=number,
            expected=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
            actor=request.user,
        )
    except SheetRevision.DoesNotExist:
        raise Http404 from None
    except (Refusal, ValidationError) as error:
        words = error.messages if isinstance(error, ValidationError) else [str(error.reason)]
        messages.error(request, " ".join(words))
        return redirect(place.url("history"))
    messages.success(request, _("Version %(number)s is back.") % {"number": number})
    return redirect(place.page_url)


def _dossiers(place: SheetPlace, numbers: Collection[int]) -> dict[int, WorksheetDossier]:
    """Each revision as this person may see it; number 0 is the empty sheet."""
    worksheet = place.worksheet
    answers: dict[int, Any] = {number: {} for number in numbers}
    answers |= answers_of(place.project, worksheet.key, numbers)
    around = surroundings_of(place.project, worksheet, answers.values())
    guarded = place.stored().guarded
    return {
        number: part_for(
            build_dossier(
                worksheet.key,
                worksheet,
                Sheet(project=place.project, answers=each, guarded=guarded),
                around,
            ),
            place.access,
        )
        for number, each in answers.items()
    }
