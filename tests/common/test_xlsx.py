"""Workbooks: typed cells, text that stays text, titles that Excel accepts."""

import datetime
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from common.xlsx import (
    LONGEST_CELL,
    CellKind,
    Sheet,
    SheetColumn,
    legal_titles,
    save_workbook,
    write_workbook,
)


def opened(*sheets: Sheet, **options: Any) -> Workbook:
    return load_workbook(io.BytesIO(write_workbook(sheets, title="Prosjekt", **options)))


def one_column(kind: CellKind, *values: Any) -> list[tuple[Any, str, str]]:
    """Value, type and number format of each cell below the header."""
    sheet = Sheet("Ark", (SheetColumn("Kolonne", kind),), tuple((value,) for value in values))
    cells = [row[0] for row in opened(sheet).active.iter_rows(min_row=2)]
    return [(cell.value, cell.data_type, cell.number_format) for cell in cells]


@pytest.mark.parametrize(
    "text",
    ["=cmd()", "=1+1", "+47 55 55", "-5 grader", "@navn", "#N/A", "'=1", "\t=1", "TRUE", "12"],
)
def test_what_people_typed_stays_text(text: str) -> None:
    assert one_column(CellKind.TEXT, text) == [(text, "s", "General")]


def test_text_that_looks_like_a_formula_stays_text_when_it_is_edited() -> None:
    sheet = Sheet("Ark", (SheetColumn("A"),), (("=cmd()",), ("vanlig",)))
    cells = [row[0] for row in opened(sheet).active.iter_rows(min_row=2)]

    assert [cell.quotePrefix for cell in cells] == [True, False]


def test_control_characters_are_taken_out_and_line_breaks_kept() -> None:
    assert one_column(CellKind.LONG_TEXT, "a\x00b\x0bc\ud800d\ufffee", "linje 1\r\nlinje 2") == [
        ("abcde", "s", "General"),
        ("linje 1\nlinje 2", "s", "General"),
    ]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    ((value, _type, _format),) = one_column(CellKind.LONG_TEXT, "x" * 40_000)

    assert (len(value), value[-1]) == (LONGEST_CELL, "…")


def test_numbers_are_typed_and_show_the_decimals_they_need() -> None:
    assert one_column(CellKind.NUMBER, Decimal("1234.50"), 0, None, Decimal("0")) == [
        (1234.5, "n", "#,##0.0"),
        (0, "n", "#,##0.0"),
        (None, "n", "General"),
        (0, "n", "#,##0.0"),
    ]
    assert one_column(CellKind.NUMBER, 12, Decimal("3.00")) == [
        (12, "n", "#,##0"),
        (3, "n", "#,##0"),
    ]


def test_money_has_no_decimals_or_two() -> None:
    assert [
        cells[0][2]
        for cells in (
            one_column(CellKind.MONEY, Decimal("1200000.00")),
            one_column(CellKind.MONEY, Decimal("99.5")),
        )
    ] == ["#,##0", "#,##0.00"]


def test_dates_percents_and_yes_no() -> None:
    moment = datetime.datetime(2026, 3, 12, 13, 30, tzinfo=datetime.UTC)

    assert one_column(CellKind.DATE, datetime.date(2026, 3, 12), moment) == [
        (datetime.datetime(2026, 3, 12), "d", "dd.mm.yyyy"),  # noqa: DTZ001 -- as Excel has it
        (datetime.datetime(2026, 3, 12, 14, 30), "d", "dd.mm.yyyy hh:mm"),  # noqa: DTZ001
    ]
    assert one_column(CellKind.PERCENT, Decimal("0.5")) == [(0.5, "n", "0 %")]
    assert one_column(CellKind.YES_NO, True, None, False) == [
        ("Yes", "s", "General"),
        (None, "n", "General"),
        ("No", "s", "General"),
    ]


def test_what_no_cell_can_hold_is_an_error() -> None:
    with pytest.raises(TypeError, match="a cell cannot hold list"):
        one_column(CellKind.TEXT, ["a"])
    with pytest.raises(ValueError, match="at least one sheet"):
        write_workbook([], title="Tom")


def test_a_sheet_has_a_frozen_header_with_filters() -> None:
    columns = (SheetColumn("Navn"), SheetColumn("Notat", CellKind.LONG_TEXT))
    book = opened(Sheet("Ark", columns, (("a", "b"),)), creator="Veikart", language="nb")
    page = book.active

    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", "A1:B2")
    assert [cell.font.bold for cell in page[1]] == [True, True]
    assert (page.column_dimensions["A"].width, page.column_dimensions["B"].width) == (9, 60)
    assert (book.properties.title, book.properties.creator, book.properties.language) == (
        "Prosjekt",
        "Veikart",
        "nb",
    )


def test_titles_are_legal_and_unique() -> None:
    assert legal_titles(
        [
            "Steg [1]: a/b",
            "gevinster",
            "Gevinster",
            "x" * 40,
            "x" * 40,
            "'Sitat'",
            "",
            "History",
        ]
    ) == [
        "Steg 1 a b",
        "gevinster",
        "Gevinster 2",
        "x" * 31,
        "x" * 29 + " 2",
        "Sitat",
        "Sheet",
        "History 1",
    ]


def test_an_empty_table_keeps_its_header(tmp_path: Path) -> None:
    path = tmp_path / "tom.xlsx"
    save_workbook(path, [Sheet("Tomt", (SheetColumn("Navn"),), ())], title="Tom")

    assert [[cell.value for cell in row] for row in load_workbook(path).active] == [["Navn"]]
