"""A new round: answers of one project as the beginning of another's."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import User
from methodology.enums import FieldKind, Sensitivity
from methodology.worksheets import FieldEntry
from projects.method import catalogue_of_project
from projects.models import Project
from projects.selectors import people_in
from worksheets.models import Sheet, SheetPicture
from worksheets.selectors import worksheet_in
from worksheets.services import record_sheet_event, write_revision
from worksheets.values import ROW_ID, is_empty, is_guarded, rows_of, value_of, with_guards


@transaction.atomic
def copy_sheets(
    *, source: Project, target: Project, worksheet_keys: Collection[str], actor: User
) -> tuple[str, ...]:
    """Copy answers into worksheets of ``target`` that are still empty. Gives the keys that were
    copied.

    Only what the target's own definition has and can hold, and what everybody may see: nothing
    restricted, nothing that is to be erased, no people who are not in the target, and no links to
    rows, which stay behind. The caller has checked that ``actor`` may read the one and write in the
    other.
    """
    catalogue, at_source = catalogue_of_project(target), catalogue_of_project(source)
    people = set(people_in(target).values_list("pk", flat=True))
    taken = set(
        Sheet.objects.filter(project=target)
        .exclude(answers={})
        .values_list("worksheet_key", flat=True)
    )
    copied = []
    for sheet in Sheet.objects.filter(project=source, worksheet_key__in=worksheet_keys):
        worksheet = worksheet_in(catalogue, sheet.worksheet_key)
        if worksheet is None or sheet.worksheet_key in taken:
            continue
        guards = with_guards(sheet.guarded, worksheet_in(at_source, sheet.worksheet_key))
        copier = _Copier(sheet, target, people, actor, guards)
        answers = copier.answers(worksheet.fields)
        if not answers:
            continue

        def change(stored: dict[str, Any], answers: dict[str, Any] = answers) -> None:
            stored.update(answers)

        made = write_revision(
            project=target, worksheet=worksheet, change=change, actor=actor, action="sheet.saved"
        )
        record_sheet_event(made, actor, "sheet.copied", source=source.pk)
        copied.append(sheet.worksheet_key)
    return tuple(sorted(copied))


class _Copier:
    def __init__(
        self,
        sheet: Sheet,
        target: Project,
        people: set[int],
        actor: User,
        guards: Mapping[str, str],
    ) -> None:
        self.sheet = sheet
        self.target = target
        self.people = people
        self.actor = actor
        # Those of the source: what was written there under a promise does not leave it.
        self.guards = guards

    def answers(self, fields: Collection[FieldEntry]) -> dict[str, Any]:
        found = {
            field.key: self._value(field, self.sheet.answers, "")
            for field in fields
            if field.is_written
        }
        return {key: value for key, value in found.items() if not is_empty(value)}

    def _value(self, field: FieldEntry, holder: Mapping[str, Any], table: str) -> Any:
        path = f"{table}.{field.key}" if table else field.key
        if field.sensitivity is not Sensitivity.OPEN:
            return None
        if field.kind is FieldKind.ROWS:
            rows = [self._row(field, row) for row in rows_of(field, holder)]
            return [row for row in rows if len(row) > 1]
        if is_guarded(path, self.guards) or field.kind is FieldKind.LINK:
            return None
        value = value_of(field, holder)
        if field.kind is FieldKind.PERSON and value not in self.people:
            return None
        if field.kind is FieldKind.PICTURE and value is not None:
            return self._picture(field, value)
        return value

    def _row(self, field: FieldEntry, row: Mapping[str, Any]) -> dict[str, Any]:
        values = {column.key: self._value(column, row, field.key) for column in field.columns}
        return {
            ROW_ID: row.get(ROW_ID, ""),
            **{key: value for key, value in values.items() if not is_empty(value)},
        }

    def _picture(self, field: FieldEntry, value: Mapping[str, Any]) -> dict[str, Any] | None:
        """A picture of the target's own: each project's files are its own to erase."""
        known = SheetPicture.objects.filter(project=self.sheet.project, pk=value["picture"]).first()
        if known is None:
            return None
        made = SheetPicture(
            project=self.target,
            worksheet_key=self.sheet.worksheet_key,
            field_key=field.key,
            sha256=known.sha256,
            width=known.width,
            height=known.height,
            uploaded_by=self.actor,
        )
        with known.file.open("rb") as file:
            made.file.save(known.file.name, ContentFile(file.read()), save=False)
        made.save()
        return {**value, "picture": made.pk}
