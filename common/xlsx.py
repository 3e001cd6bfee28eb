"""Excel workbooks: the only place that writes them.

What people typed stays text whatever it begins with, numbers and dates are typed cells with a
format, a gap is an empty cell and zero is 0.
"""

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.db import models
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

LONGEST_CELL = 32_767
LONGEST_TITLE = 31
NARROWEST, WIDEST, LONG_TEXT_WIDTH = 9, 42, 60
MOST_DECIMALS = 4
DATE_FORMAT = "dd.mm.yyyy"
WHOLE_FORMAT = "#,##0"
PERCENT_FORMAT = "0 %"
HEADER_FILL = "FFE6EEF0"

# Control characters, lone surrogates and the two non-characters: none of them may stand in XML.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ILLEGAL_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


class CellKind(models.TextChoices):
    """How a value is drawn on a page and typed in a workbook. A percent is a fraction of one."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    PERSON = "person"
    CHOICE = "choice"
    YES_NO = "yes_no"


class LabelledColumn(Protocol):
    """What a workbook needs to know about a column."""

    @property
    def label(self) -> str | Promise: ...

    @property
    def kind(self) -> CellKind: ...


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet that is not made from a register."""

    label: str | Promise
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table for a workbook or an appendix: columns, and rows of typed values.

    A value is ``str``, ``int``, ``Decimal``, ``date``, ``datetime``, ``bool`` or ``None`` (a gap).
    """

    title: str
    columns: tuple[LabelledColumn, ...]
    rows: tuple[tuple[Any, ...], ...]


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, creator: str = "Veikart", language: str = ""
) -> bytes:
    """The workbook as bytes, one worksheet per sheet in their order.

    Headers and yes/no are written in ``language`` (the active one by default). Titles are made
    legal and unique. Raises ``ValueError`` without sheets and ``TypeError`` for values that no
    cell can hold.
    """
    buffer = BytesIO()
    _workbook(sheets, title, creator, language).save(buffer)
    return buffer.getvalue()


def save_workbook(
    path: Path, sheets: Sequence[Sheet], *, title: str, creator: str = "Veikart", language: str = ""
) -> None:
    """As :func:`write_workbook`, into a file."""
    _workbook(sheets, title, creator, language).save(path)


def legal_titles(titles: Iterable[str]) -> list[str]:
    """Worksheet titles that Excel accepts: 31 characters, no ``[]:*?/\\``, unique in any case."""
    taken: set[str] = set()
    legal = []
    for title in titles:
        base = _ILLEGAL_IN_TITLE.sub(" ", _ILLEGAL.sub("", title))
        base = " ".join(base.split()).strip("'")[:LONGEST_TITLE].strip("' ") or _("Sheet")
        if base.lower() == "history":  # Excel keeps this one for itself.
            base = f"{base} 1"
        candidate, number = base, 1
        while candidate.lower() in taken:
            number += 1
            suffix = f" {number}"
            candidate = base[: LONGEST_TITLE - len(suffix)].rstrip() + suffix
        taken.add(candidate.lower())
        legal.append(candidate)
    return legal


def clean_text(text: str) -> str:
    """``text`` as a cell can hold it: no control characters, plain line breaks, not too long."""
    cleaned = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return cleaned if len(cleaned) <= LONGEST_CELL else f"{cleaned[: LONGEST_CELL - 1]}…"


def _workbook(sheets: Sequence[Sheet], title: str, creator: str, language: str) -> "Workbook":
    from openpyxl import Workbook  # slow to import, and few requests need it

    if not sheets:
        raise ValueError("a workbook needs at least one sheet")
    with translation.override(language or translation.get_language()):
        book = Workbook(write_only=True)
        book.properties.title = clean_text(title)
        book.properties.creator = clean_text(creator)
        book.properties.language = translation.get_language()
        titles = legal_titles(sheet.title for sheet in sheets)
        pages = [
            (sheet, book.create_sheet(title)) for sheet, title in zip(sheets, titles, strict=True)
        ]
        # Everything is prepared before the first row is written: a sheet that is given up half-way
        # leaves open files behind.
        prepared = [
            (page, sheet, [_ColumnCells(page, sheet, place) for place in range(len(sheet.columns))])
            for sheet, page in pages
        ]
        for page, sheet, columns in prepared:
            _write_sheet(page, sheet, columns)
    return book


def _write_sheet(page: Any, sheet: Sheet, columns: "list[_ColumnCells]") -> None:
    from openpyxl.utils import get_column_letter

    page.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    if columns:
        page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(sheet.rows) + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.append([_header_cell(page, column.label) for column in columns])
    for number in range(len(sheet.rows)):
        page.append([column.cell(number) for column in columns])


def _header_cell(page: Any, label: str) -> "Cell":
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(page, value=label)
    cell.data_type = "s"
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", start_color=HEADER_FILL)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


class _ColumnCells:
    """Makes the cells of one column, with one shared style."""

    def __init__(self, page: Any, sheet: Sheet, place: int) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment

        self._make = WriteOnlyCell
        self._page = page
        self.label = clean_text(str(sheet.columns[place].label))
        self._kind = sheet.columns[place].kind
        self._values = [_storable(row[place]) for row in sheet.rows]
        self._format = self._number_format()
        self._alignment = Alignment(vertical="top", wrap_text=self._wraps)
        # One style object per format: making it anew for each cell doubles the time.
        self._styles: dict[str, Any] = {}

    @property
    def _wraps(self) -> bool:
        return self._kind in {CellKind.LONG_TEXT, CellKind.TEXT}

    def _number_format(self) -> str:
        if self._kind == CellKind.PERCENT:
            return PERCENT_FORMAT
        decimals = max((_decimals(value) for value in self._values), default=0)
        if self._kind == CellKind.MONEY and decimals:
            decimals = 2
        return f"{WHOLE_FORMAT}.{'0' * decimals}" if decimals else WHOLE_FORMAT

    def cell(self, number: int) -> "Cell | None":
        """The cell in row ``number``, counted from 0."""
        value = self._values[number]
        if value is None:
            return None
        cell = self._make(self._page, value=value)
        if isinstance(value, str):
            # openpyxl guesses formulas and errors from the text; what people typed is text.
            cell.data_type = "s"
            # The prefix keeps it text also when somebody edits the cell in Excel.
            self._style(cell, "General", quoted=value.startswith(_FORMULA_STARTS))
        elif isinstance(value, datetime.datetime):
            self._style(cell, f"{DATE_FORMAT} hh:mm")
        elif isinstance(value, datetime.date):
            self._style(cell, DATE_FORMAT)
        else:
            self._style(cell, self._format)
        return cell

    def _style(self, cell: "Cell", number_format: str, *, quoted: bool = False) -> None:
        key = f"{number_format} {quoted}"
        if key not in self._styles:
            cell.alignment = self._alignment
            cell.number_format = number_format
            if quoted:
                cell.quotePrefix = True
            self._styles[key] = cell._style  # type: ignore[attr-defined]
        cell._style = self._styles[key]  # type: ignore[attr-defined]

    @property
    def width(self) -> int:
        if self._kind == CellKind.LONG_TEXT:
            return LONG_TEXT_WIDTH
        longest = max((_shown_length(value) for value in self._values), default=0)
        return max(NARROWEST, min(WIDEST, max(longest, len(self.label) + 3) + 2))


def _storable(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str | Promise):
        return clean_text(str(value))
    if isinstance(value, datetime.datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, int | Decimal | datetime.date):
        return value
    raise TypeError(f"a cell cannot hold {type(value).__name__}")


def _decimals(value: Any) -> int:
    if not isinstance(value, Decimal) or not value.is_finite():
        return 0
    return min(MOST_DECIMALS, max(0, -int(value.normalize().as_tuple().exponent)))


def _shown_length(value: Any) -> int:
    if isinstance(value, datetime.date):
        return len(DATE_FORMAT)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return len(f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}")
    return max((len(line) for line in str(value or "").splitlines()), default=0)
