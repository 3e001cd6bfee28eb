"""Answers that are promised away: erased in the sheet and in every revision once their date has
come."""

import copy
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from projects.method import catalogue_of_project
from projects.models import Project
from tools.signals import values_perished
from worksheets.models import Sheet, SheetPicture, SheetRevision
from worksheets.selectors import worksheet_in
from worksheets.services import record_sheet_event
from worksheets.values import KEPT, ROW_ID, promised_day, with_guards

# (field, column or "", id of the row or "")
Place = tuple[str, str, str]


@dataclass(slots=True)
class _Erased:
    """What one sheet lost: places count once, however many revisions held them."""

    places: set[Place] = field(default_factory=set)
    pictures: set[int] = field(default_factory=set)


def erase_perished(today: datetime.date) -> int:
    """Erase every perishable answer whose date is ``today`` or before. Gives the number of answers;
    each sheet's is told in the audit log, never what stood there.

    The date of an answer is the one that stands beside it; in a revision also the last one known,
    so that a date that was moved forward counts for the past too.
    """
    return sum(_erase_in(pk, today) for pk in list(Sheet.objects.values_list("pk", flat=True)))


@transaction.atomic
def _erase_in(sheet_pk: int, today: datetime.date) -> int:
    project_pk = Sheet.objects.values_list("project_id", flat=True).get(pk=sheet_pk)
    Project.objects.select_for_update().filter(pk=project_pk).first()
    sheet = Sheet.objects.get(pk=sheet_pk)
    sheet.project = Project.objects.with_method().get(pk=project_pk)
    guards = _dated_guards(sheet)
    if not guards:
        return 0
    revisions = list(sheet.revisions.order_by("number"))
    due = _due(guards, [*(each.answers for each in revisions), sheet.answers], today)
    erased = _Erased()
    for revision in revisions:
        answers = _without(revision.answers, guards, due, today, erased)
        if answers != revision.answers:
            SheetRevision.objects.filter(pk=revision.pk).update(answers=answers)
    answers = _without(sheet.answers, guards, due, today, erased)
    if answers != sheet.answers:
        sheet.claim()
        sheet.answers = answers
        # Not a save of anybody's: who wrote last, and when, stays.
        Sheet.objects.filter(pk=sheet.pk).update(answers=answers)
    _delete_pictures(sheet, erased.pictures)
    if erased.places:
        record_sheet_event(sheet, None, "sheet.perished", count=len(erased.places))
        values_perished.send(sender=None, project_id=project_pk)
    return len(erased.places)


def _dated_guards(sheet: Sheet) -> dict[str, str]:
    """Path -> keys of its dates, by the definition of today and by every earlier promise."""
    guards = dict(sheet.guarded)
    worksheet = worksheet_in(catalogue_of_project(sheet.project), sheet.worksheet_key)
    if worksheet is not None:
        guards = with_guards(guards, worksheet)
    return {path: date for path, date in guards.items() if date}


def _due(
    guards: Mapping[str, str], past: Sequence[Mapping[str, Any]], today: datetime.date
) -> set[Place]:
    """Places whose last known date has come. ``past`` is in order, the newest last."""
    last: dict[Place, datetime.date] = {}
    for answers in past:
        for place, day in _dates(guards, answers):
            last[place] = day
    return {place for place, day in last.items() if day <= today}


def _dates(
    guards: Mapping[str, str], answers: Mapping[str, Any]
) -> Iterator[tuple[Place, datetime.date]]:
    for path, date in guards.items():
        key, _dot, column = path.partition(".")
        for holder, row_id in _holders(answers, key, column):
            day = promised_day(holder, date)
            if day is not None:
                yield (key, column, row_id), day


def _holders(
    answers: Mapping[str, Any], key: str, column: str
) -> Iterator[tuple[Mapping[str, Any], str]]:
    """What holds the value and its date: the answers themselves, or each row of the table."""
    if not column:
        yield answers, ""
        return
    rows = answers.get(key)
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield row, str(row.get(ROW_ID, ""))


def _without(
    answers: Mapping[str, Any],
    guards: Mapping[str, str],
    due: Iterable[Place],
    today: datetime.date,
    erased: _Erased,
) -> dict[str, Any]:
    due = set(due)
    kept: dict[str, Any] = copy.deepcopy(dict(answers))
    for path, date in guards.items():
        key, _dot, column = path.partition(".")
        for holder, row_id in _holders(kept, key, column):
            place = (key, column, row_id)
            own = promised_day(holder, date)
            if (own is not None and own <= today) or place in due:
                _take(holder, column or key, place, erased)  # type: ignore[arg-type]
    _take_kept(kept, guards, due, erased)
    return kept


def _take(holder: dict[str, Any], key: str, place: Place, erased: _Erased) -> None:
    if key not in holder:
        return
    value = holder.pop(key)
    erased.places.add(place)
    _note_picture(value, erased)


def _take_kept(
    answers: dict[str, Any], guards: Mapping[str, str], due: set[Place], erased: _Erased
) -> None:
    """What gave way to something newer is erased on the same day."""
    if KEPT not in answers:
        return
    left = []
    for each in answers[KEPT]:
        key, _dot, column = each["key"].partition(".")
        place = (key, column, each.get("row", ""))
        if each["key"] in guards and place in due:
            erased.places.add(place)
            _note_picture(each["value"], erased)
        else:
            left.append(each)
    if left:
        answers[KEPT] = left
    else:
        del answers[KEPT]


def _note_picture(value: Any, erased: _Erased) -> None:
    if isinstance(value, Mapping) and type(value.get("picture")) is int:
        erased.pictures.add(value["picture"])


def _delete_pictures(sheet: Sheet, numbers: set[int]) -> None:
    for picture in SheetPicture.objects.filter(project=sheet.project, pk__in=numbers):
        name, storage = picture.file.name, picture.file.storage
        picture.delete()
        transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))
