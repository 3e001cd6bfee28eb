"""What a printed worksheet shows, and what it never shows."""

from dataclasses import replace

import pytest

from methodology.enums import Sensitivity
from tests.worksheets.presentation import ALT, ANSWERS, GOAL, PROBLEM, PROJECT, filled, pictures
from worksheets.dossier import SheetField, WorksheetDossier
from worksheets.printing import (
    Block,
    BlockKind,
    Figure,
    Item,
    Picture,
    Printed,
    Quote,
    left_out,
    printed,
    shown_pictures,
)


def print_of(answers=None, **others) -> Printed:
    return printed(filled(answers, **others), PROJECT, pictures())


def with_field(dossier: WorksheetDossier, key: str, change) -> WorksheetDossier:
    def changed(field: SheetField) -> SheetField:
        return change(field) if field.about.key == key else field

    return replace(
        dossier,
        sections=tuple(
            replace(section, fields=tuple(changed(field) for field in section.fields))
            for section in dossier.sections
        ),
    )


def test_each_section_becomes_blocks_by_the_kinds_of_its_fields():
    found = print_of()
    assert [
        (section.key, [(block.kind.value, block.key) for block in section.blocks])
        for section in found.sections
    ] == [
        ("project", [("text", "problem"), ("text", "goal"), ("facts", "owner")]),
        ("why", [("text", "target_groups"), ("text", "why_now"), ("text", "plans")]),
        ("pictures", [("picture", "main_picture"), ("picture", "second_picture")]),
        ("quotes", [("quotes", "quotes")]),
        ("figures", [("figures", "figures")]),
        ("way-forward", [("list", "expected_benefits"), ("text", "next_steps")]),
    ]
    assert found.block("problem") == Block(BlockKind.TEXT, "problem", "Problem", text=PROBLEM)
    assert found.block("goal") == Block(BlockKind.TEXT, "goal", "Goal", text=GOAL)


def test_what_the_head_says_already_is_not_repeated():
    owner = print_of().block("owner")
    assert owner.items == (Item("Project owner", "Dagny Direktør"),)
    assert [print_of().block(key) for key in ("name", "unit", "leader")] == [None, None, None]


def test_the_ask_stands_apart_from_its_section():
    ask = print_of().ask
    assert (ask.title, ask.text) == ("What we ask for", ANSWERS["ask"])


def test_quotes_need_a_yes_and_lose_the_marks_that_people_typed():
    assert print_of().block("quotes").quotes == (Quote("Jeg våkner hver gang.", "Beboer"),)


def test_a_section_of_quotes_without_consent_is_left_out_whole():
    quotes = [dict(row, consent=False) for row in ANSWERS["quotes"]]
    found = print_of({**ANSWERS, "quotes": quotes})
    assert "quotes" not in [section.key for section in found.sections]


def test_figures_come_with_unit_source_and_date_and_zero_is_no_gap():
    assert print_of().block("figures").figures == (
        Figure("Nattbesøk på Solbakken", "1,234.5", "besøk", "Telling i uke 44", "1 November 2025"),
        Figure("Fall om natten", "0", "fall", "", ""),
        Figure("Våkne timer", "", "", "", ""),
    )


def test_links_are_words_and_rows_that_are_gone_are_left_out():
    assert print_of().block("expected_benefits").lines == ("G1 Bedre søvn",)


def test_pictures_are_data_with_their_words():
    assert print_of().block("main_picture").picture == Picture(pictures()[1], ALT)


@pytest.mark.parametrize("consent", ["not_settled", ""])
def test_pictures_without_settled_consent_are_not_even_read(consent):
    dossier = filled({**ANSWERS, "picture_consent": consent})
    assert shown_pictures(dossier) == ()
    found = printed(dossier, PROJECT, pictures())
    assert [block for block in found.blocks if block.kind is BlockKind.PICTURE] == []


def test_pictures_with_settled_consent_are_read():
    assert shown_pictures(filled()) == (1, 2)
    assert shown_pictures(filled({**ANSWERS, "picture_consent": "nobody_recognisable"})) == (1, 2)


def test_a_picture_that_could_not_be_read_is_left_out():
    found = printed(filled(), PROJECT, {2: pictures()[2]})
    assert [block.key for block in found.blocks if block.kind is BlockKind.PICTURE] == [
        "second_picture"
    ]


@pytest.mark.parametrize("sensitivity", [Sensitivity.RESTRICTED, Sensitivity.PERISHABLE])
def test_guarded_values_are_never_printed_and_not_told_of(sensitivity):
    def guard(field: SheetField) -> SheetField:
        return replace(field, about=replace(field.about, sensitivity=sensitivity))

    def guard_column(field: SheetField) -> SheetField:
        column = replace(field.columns[1], sensitivity=sensitivity)
        return replace(field, columns=(field.columns[0], column, *field.columns[2:]))

    dossier = with_field(with_field(filled(), "why_now", guard), "ask", guard)
    dossier = with_field(with_field(dossier, "main_picture", guard), "quotes", guard_column)
    found = printed(dossier, PROJECT, pictures())
    assert found.ask is None
    assert (found.block("why_now"), found.block("main_picture")) == (None, None)
    assert found.block("quotes").quotes == (Quote("Jeg våkner hver gang.", ""),)
    assert "confidential" not in repr(found).lower()
    assert shown_pictures(dossier) == (2,)
    assert left_out(dossier)[-1] == "What is confidential or will be erased is never printed."


def test_what_is_not_printed_is_said_without_repeating_it():
    answers = {**ANSWERS, "picture_consent": "not_settled"}
    assert left_out(filled(answers)) == (
        "2 rows without consent are not printed.",
        "The pictures are not printed, because nobody has said that consent is settled.",
    )
    assert left_out(filled({})) == ()


def test_an_empty_worksheet_prints_what_the_project_says():
    found = print_of({}, problem="", goal="")
    assert [block.key for block in found.blocks] == ["owner"]
    assert found.ask is None


def test_other_tables_lose_empty_columns_and_consent():
    def as_plain(field: SheetField) -> SheetField:
        columns = tuple(
            replace(column, key=f"my_{column.key}") if column.key != "consent" else column
            for column in field.columns
        )
        return replace(field, columns=columns)

    block = printed(with_field(filled(), "quotes", as_plain), PROJECT, {}).block("quotes")
    assert block.kind is BlockKind.TABLE
    assert [(column.title, column.is_heading, column.width) for column in block.columns] == [
        ("Quote", True, ""),
        ("Who says it?", False, "short"),
    ]
    assert [[words for _column, words in row.cells] for row in block.rows] == [
        ["«Jeg våkner hver gang.»", "Beboer"]
    ]
