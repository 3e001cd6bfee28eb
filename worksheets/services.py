"""Writes to worksheets. Every save that changes something is a revision."""

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record_event
from common.identity_numbers import refuse_identity_numbers
from common.outcomes import Refusal, StaleRow
from methodology.worksheets import FieldEntry, WorksheetEntry
from projects.models import Project
from tools.links import content_slug
from worksheets.models import Sheet, SheetPicture, SheetRevision
from worksheets.pictures import NewPicture
from worksheets.values import (
    KEPT,
    ROW_ID,
    fits,
    is_empty,
    row_with_id,
    rows_of,
    texts_in,
    value_of,
    with_guards,
)

Change = Callable[[dict[str, Any]], None]


@transaction.atomic
def save_answers(
    *,
    project: Project,
    worksheet: WorksheetEntry,
    changes: Mapping[str, Any],
    expected: int,
    actor: User,
) -> Sheet:
    """Write the fields in ``changes``; ``None`` empties one. Without a change there is no revision.

    ``expected`` is the sheet's version that the changes were merged with: raises ``StaleRow`` when
    there is a newer one. Raises ``ValidationError`` for a value that does not fit its field and for
    identity numbers. Rows and values that are read cannot be written here.
    """
    _refuse_unfit([(worksheet.field(key), value) for key, value in changes.items()])

    def change(answers: dict[str, Any]) -> None:
        for key, value in changes.items():
            _put(answers, answers, worksheet.field(key), value, path=key)

    return write_revision(
        project=project,
        worksheet=worksheet,
        change=change,
        actor=actor,
        action="sheet.saved",
        expected=expected,
    )


@transaction.atomic
def save_sheet_row(
    *,
    project: Project,
    worksheet: WorksheetEntry,
    field_key: str,
    row_id: str,
    changes: Mapping[str, Any],
    actor: User,
    is_new: bool = False,
    expected: int | None = None,
) -> Sheet:
    """Write columns of a row. One that ``is_new`` goes to the end, unless its id is there already:
    the same form sent twice makes one row. Another that is not there was deleted while somebody
    wrote in it: it comes back where it was.

    Refused when the table is full. Raises as :func:`save_answers`.
    """
    field = worksheet.field(field_key)
    _refuse_unfit([(field.column(key), value) for key, value in changes.items()])

    def change(answers: dict[str, Any]) -> None:
        rows = _writable_rows(field, answers)
        row = row_with_id(rows, row_id)
        if row is None:
            if len(rows) >= field.most:
                raise Refusal(
                    _("There can be %(most)s rows at the most. Delete one first.")
                    % {"most": field.most}
                )
            place, known = len(rows), _new_row(row_id)
            if not is_new:
                place, known = last_known_row(project, worksheet, field, row_id)
            row = copy.deepcopy(dict(known))
            rows.insert(min(place, len(rows)), row)
        for key, value in changes.items():
            _put(answers, row, field.column(key), value, path=f"{field_key}.{key}")  # type: ignore[arg-type]
        answers[field_key] = rows

    return write_revision(
        project=project,
        worksheet=worksheet,
        change=change,
        actor=actor,
        action="sheet.row_saved",
        expected=expected,
    )


@transaction.atomic
def delete_sheet_row(
    *, project: Project, worksheet: WorksheetEntry, field_key: str, row_id: str, actor: User
) -> Sheet:
    """Take the row away; :func:`restore_sheet_row` brings it back from the revision before."""
    field = worksheet.field(field_key)

    def change(answers: dict[str, Any]) -> None:
        rows = [row for row in _writable_rows(field, answers) if row.get(ROW_ID) != row_id]
        _set_rows(answers, field_key, rows)

    return write_revision(
        project=project,
        worksheet=worksheet,
        change=change,
        actor=actor,
        action="sheet.row_deleted",
    )


@transaction.atomic
def restore_sheet_row(
    *, project: Project, worksheet: WorksheetEntry, field_key: str, row_id: str, actor: User
) -> Sheet:
    """Put a deleted row back where it was, as it was last. Refused when no revision knows it."""
    field = worksheet.field(field_key)

    def change(answers: dict[str, Any]) -> None:
        rows = _writable_rows(field, answers)
        if row_with_id(rows, row_id) is not None:
            return
        place, row = last_known_row(project, worksheet, field, row_id)
        rows.insert(min(place, len(rows)), copy.deepcopy(dict(row)))
        answers[field_key] = rows

    return write_revision(
        project=project,
        worksheet=worksheet,
        change=change,
        actor=actor,
        action="sheet.row_restored",
    )


@transaction.atomic
def move_sheet_row(
    *,
    project: Project,
    worksheet: WorksheetEntry,
    field_key: str,
    row_id: str,
    steps: int,
    actor: User,
) -> Sheet:
    """Move the row up (negative) or down; at the ends it stays, and a row that is gone too."""
    field = worksheet.field(field_key)

    def change(answers: dict[str, Any]) -> None:
        rows = _writable_rows(field, answers)
        row = row_with_id(rows, row_id)
        if row is None:
            return
        place = rows.index(row)  # type: ignore[arg-type]
        target = max(0, min(len(rows) - 1, place + steps))
        rows.insert(target, rows.pop(place))
        answers[field_key] = rows

    return write_revision(
        project=project,
        worksheet=worksheet,
        change=change,
        actor=actor,
        action="sheet.row_moved",
    )


@transaction.atomic
def bring_back(
    *, project: Project, worksheet: WorksheetEntry, number: int, expected: int, actor: User
) -> Sheet:
    """Make the answers of an earlier revision the newest ones. What stands there now stays in the
    history. Raises ``StaleRow`` when somebody saved meanwhile, and ``Sheet.DoesNotExist`` or
    ``SheetRevision.DoesNotExist``."""
    revision = SheetRevision.objects.get(
        sheet__project=project, sheet__worksheet_key=worksheet.key, number=number
    )

    def change(answers: dict[str, Any]) -> None:
        answers.clear()
        answers.update(copy.deepcopy(revision.answers))

    return write_revision(
        project=project,
        worksheet=worksheet,
        change=change,
        actor=actor,
        action="sheet.brought_back",
        expected=expected,
    )


def write_revision(
    *,
    project: Project,
    worksheet: WorksheetEntry,
    change: Change,
    actor: User,
    action: str,
    expected: int | None = None,
) -> Sheet:
    """Change the answers and keep them as a revision, inside the caller's transaction.

    Raises ``StaleRow`` when ``expected`` is given and is not the sheet's version. Nothing is
    written when ``change`` changes nothing.
    """
    sheet = _locked_sheet(project, worksheet.key, actor)
    if expected is not None and sheet.version != expected:
        raise StaleRow(
            _("Somebody else saved this while you were writing. Look at both and save again.")
        )
    answers = copy.deepcopy(sheet.answers)
    change(answers)
    if answers == sheet.answers:
        return sheet
    sheet.answers = answers
    sheet.guarded = with_guards(sheet.guarded, worksheet)
    sheet.number += 1
    sheet.updated_by = actor
    if sheet.pk is None:
        sheet.save()
    else:
        sheet.claim()
        sheet.save(update_fields=["answers", "guarded", "number", "updated_at", "updated_by"])
    SheetRevision.objects.create(sheet=sheet, number=sheet.number, answers=answers, saved_by=actor)
    record_sheet_event(sheet, actor, action)
    return sheet


def record_sheet_event(sheet: Sheet, actor: User | None, action: str, **details: Any) -> None:
    """A line in the audit log: which worksheet and revision, never what stands in it."""
    record_event(
        actor=actor,
        action=action,
        target=sheet,
        organisation_number=sheet.project.organisation_id,
        project_number=sheet.project_id,
        worksheet=sheet.worksheet_key,
        tool=content_slug(sheet.worksheet_key),
        revision=sheet.number,
        **details,
    )


def _locked_sheet(project: Project, key: str, actor: User) -> Sheet:
    """The project's sheet, nobody else writing to it; a new one is not stored yet."""
    # One at a time per project, so that a sheet is made once and rows are added one after another.
    Project.objects.select_for_update().filter(pk=project.pk).first()
    sheet = Sheet.objects.filter(project=project, worksheet_key=key).first()
    if sheet is None:
        sheet = Sheet(worksheet_key=key, updated_by=actor)
    sheet.project = project
    return sheet


def _writable_rows(field: FieldEntry, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows_of(field, answers)]


def _new_row(row_id: str) -> Mapping[str, Any]:
    return {ROW_ID: row_id}


def _set_rows(answers: dict[str, Any], key: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        answers[key] = rows
    else:
        answers.pop(key, None)


def _put(
    answers: dict[str, Any], place: dict[str, Any], field: FieldEntry, value: Any, *, path: str
) -> None:
    """Write or empty one value. One of another kind that stands there gives way to a new one, and
    is kept; it is not emptied by a form that could not show it."""
    stands = place.get(field.key)
    is_unfit = stands is not None and not fits(field, stands)
    if is_empty(value):
        if not is_unfit:
            place.pop(field.key, None)
        return
    if is_unfit:
        kept = {"key": path, "value": stands}
        if ROW_ID in place:
            kept["row"] = place[ROW_ID]
        answers[KEPT] = [*answers.get(KEPT, []), kept]
    place[field.key] = value


def _refuse_unfit(values: Sequence[tuple[FieldEntry, Any]]) -> None:
    for field, value in values:
        if is_empty(value):
            continue
        if not fits(field, value):
            raise ValidationError(_("“%(field)s” cannot hold this."), params={"field": field.title})
        for text in texts_in(value):
            refuse_identity_numbers(text)


def last_known_row(
    project: Project, worksheet: WorksheetEntry, field: FieldEntry, row_id: str
) -> tuple[int, Mapping[str, Any]]:
    """Place and content of a deleted row in the newest revision that has it. Refused when none
    has."""
    revisions = SheetRevision.objects.filter(
        sheet__project=project, sheet__worksheet_key=worksheet.key
    ).order_by("-number")
    for revision in revisions.iterator(chunk_size=20):
        rows = rows_of(field, revision.answers)
        row = row_with_id(rows, row_id)
        if row is not None:
            return rows.index(row), row
    raise Refusal(_("The row cannot be found in any earlier version."))


# --- pictures -------------------------------------------------------------------------------------


@transaction.atomic
def save_picture(
    *,
    project: Project,
    worksheet: WorksheetEntry,
    field_key: str,
    picture: NewPicture | None,
    alt: str,
    actor: User,
) -> Sheet:
    """Put a picture in the field with the words that stand in for it; without a new one only the
    words change. Refused without any picture, and without words."""
    field = worksheet.field(field_key)
    if not alt.strip():
        raise Refusal(_("Say in words what the picture shows."))
    refuse_identity_numbers(alt)
    stored = None
    if picture is not None:
        stored = SheetPicture(
            project=project,
            worksheet_key=worksheet.key,
            field_key=field_key,
            sha256=picture.sha256,
            width=picture.width,
            height=picture.height,
            uploaded_by=actor,
        )
        stored.file.save(f"picture.{picture.ending}", picture.as_file(), save=False)
        stored.save()

    def change(answers: dict[str, Any]) -> None:
        stands = value_of(field, answers)
        if stored is None and stands is None:
            raise Refusal(_("Choose a file."))
        number = stored.pk if stored is not None else stands["picture"]
        _put(answers, answers, field, {"picture": number, "alt": alt}, path=field_key)

    return write_revision(
        project=project, worksheet=worksheet, change=change, actor=actor, action="sheet.saved"
    )


@transaction.atomic
def remove_picture(
    *, project: Project, worksheet: WorksheetEntry, field_key: str, actor: User
) -> Sheet:
    """Take the picture out of the sheet. Earlier revisions still have it."""
    field = worksheet.field(field_key)

    def change(answers: dict[str, Any]) -> None:
        _put(answers, answers, field, None, path=field_key)

    return write_revision(
        project=project, worksheet=worksheet, change=change, actor=actor, action="sheet.saved"
    )
