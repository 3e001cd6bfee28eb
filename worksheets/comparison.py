"""Two revisions of a worksheet, field by field, rows by their id. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.enums import ToneChoices
from methodology.enums import FieldKind
from worksheets.dossier import (
    NOTHING,
    Answer,
    FieldDescription,
    SheetField,
    SheetRow,
    WorksheetDossier,
)
from worksheets.wording import row_label, words_of


class RowChange(ToneChoices):
    ADDED = "added", "success", _("Added")
    CHANGED = "changed", "info", _("Changed")
    DELETED = "deleted", "warning", _("Deleted")
    MOVED = "moved", "neutral", _("Moved")


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """Empty words stand for nothing."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowDifference:
    change: RowChange
    label: str
    values: tuple[ValueDifference, ...]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """``value`` of a field, or ``rows`` of a table."""

    title: str
    value: ValueDifference | None
    rows: tuple[RowDifference, ...]


def differences(before: WorksheetDossier, after: WorksheetDossier) -> tuple[FieldDifference, ...]:
    """What is not the same, in the order of the worksheet; answers without a home come last.

    Both are of one definition, and both are the part that the reader may see.
    """
    return (*_in_fields(before, after), *_in_leftovers(before, after))


def _in_fields(before: WorksheetDossier, after: WorksheetDossier) -> Iterator[FieldDifference]:
    earlier = {field.about.key: field for field in before.fields}
    for field in after.fields:
        other = earlier[field.about.key]
        if field.about.kind is FieldKind.READ:
            continue
        if field.answer != other.answer:
            yield FieldDifference(
                field.about.title, _value(field.about, other.answer, field.answer), ()
            )
        rows = tuple(_in_rows(other, field))
        if rows:
            yield FieldDifference(field.about.title, None, rows)


def _value(about: FieldDescription, before: Answer, after: Answer) -> ValueDifference:
    return ValueDifference(about.title, words_of(about, before), words_of(about, after))


def _in_rows(before: SheetField, after: SheetField) -> Iterator[RowDifference]:
    earlier = {row.pk: row for row in before.rows}
    later = {row.pk: row for row in after.rows}
    moved = _moved(earlier, later)
    for pk, row in later.items():
        other = earlier.get(pk)
        if other is None:
            yield RowDifference(RowChange.ADDED, row_label(after, row), _cells(after, None, row))
        elif other.answers != row.answers:
            yield RowDifference(RowChange.CHANGED, row_label(after, row), _cells(after, other, row))
        elif pk in moved:
            yield RowDifference(RowChange.MOVED, row_label(after, row), ())
    for pk, row in earlier.items():
        if pk not in later:
            yield RowDifference(
                RowChange.DELETED, row_label(before, row), _cells(before, row, None)
            )


def _moved(earlier: Mapping[str, SheetRow], later: Mapping[str, SheetRow]) -> set[str]:
    """Rows that stand elsewhere among those that both have."""
    first = [pk for pk in earlier if pk in later]
    second = [pk for pk in later if pk in earlier]
    return {pk for pk, other in zip(second, first, strict=True) if pk != other}


def _cells(
    field: SheetField, before: SheetRow | None, after: SheetRow | None
) -> tuple[ValueDifference, ...]:
    nothing = (NOTHING,) * len(field.columns)
    return tuple(
        _value(about, earlier, later)
        for about, earlier, later in zip(
            field.columns,
            before.answers if before else nothing,
            after.answers if after else nothing,
            strict=True,
        )
        if earlier != later
    )


def _in_leftovers(before: WorksheetDossier, after: WorksheetDossier) -> Iterator[FieldDifference]:
    earlier = {each.key: each.text for each in before.leftovers}
    later = {each.key: each.text for each in after.leftovers}
    for key in dict.fromkeys((*later, *earlier)):
        if earlier.get(key, "") != later.get(key, ""):
            value = ValueDifference(key, earlier.get(key, ""), later.get(key, ""))
            yield FieldDifference(key, value, ())
