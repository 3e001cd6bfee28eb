"""Worksheets, principles, links and origins in method files, and the words about what is wrong."""

import pytest

from methodology.files import read_version
from tests.methodology.full_method import NOTES_TOOL, P1, WORKSHEET, M, W, messages_of, sheet_folder

__all__ = ["sheet_folder"]

# name of the case: (file, what stands there, what is put there instead, every message)
BAD = {
    "unknown kind": (
        W,
        "kind: short_text\n          label: {nb: Sted",
        "kind: colour\n          label: {nb: Sted",
        [
            f"{W}:12: worksheet.sections[1].fields[1].kind: expected short_text, long_text, "
            "choice, choices, scale, number, money, date, person, yes_no, picture, link, read or "
            'rows, found "colour"'
        ],
    ),
    "no kind": (
        W,
        "          kind: short_text\n          label: {nb: Sted",
        "          label: {nb: Sted",
        [f'{W}:11: worksheet.sections[1].fields[1]: "kind" is missing'],
    ),
    "a table in a table": (
        W,
        "              kind: long_text",
        "              kind: rows",
        [
            f"{W}:58: worksheet.sections[2].fields[3].columns[3].kind: expected short_text, "
            "long_text, choice, choices, scale, number, money, date, person, yes_no or link, "
            'found "rows"'
        ],
    ),
    "a key of another kind": (
        W,
        "          source: project.goal",
        "          source: project.goal\n          decimals: 2",
        [
            f'{W}:38: worksheet.sections[2].fields[1]: unknown key "decimals" (expected key, '
            "kind, label, help, example, required, required_from, sensitivity, delete_on or "
            "source)"
        ],
    ),
    "a scale that runs down": (
        W,
        "to: 2\n",
        "to: -2\n",
        [f"{W}:20: worksheet.sections[1].fields[2].to: expected 1 to 10 more than -2, found -2"],
    ),
    "a scale that is too long": (
        W,
        "to: 2\n",
        "to: 9\n",
        [f"{W}:20: worksheet.sections[1].fields[2].to: expected 1 to 10 more than -2, found 9"],
    ),
    "an end without words": (
        W,
        "          high: {nb: god, nn: god, sv: god, en: good}\n",
        "",
        [f'{W}:16: worksheet.sections[1].fields[2]: "high" is missing'],
    ),
    "one choice": (
        W,
        "            - key: sun\n              label: {nb: Sol, nn: Sol, sv: Sol, en: Sun}\n",
        "",
        [
            f"{W}:26: worksheet.sections[1].fields[3].choices: expected at least 2, found 1",
        ],
    ),
    "perishable without a date": (
        W,
        "              delete_on: erased_on\n",
        "",
        [
            f"{W}:60: worksheet.sections[2].fields[3].columns[3]: what is perishable needs "
            '"delete_on", the key of a date'
        ],
    ),
    "a deletion date that is no date": (
        W,
        "delete_on: erased_on",
        "delete_on: who",
        [
            f'{W}:61: worksheet.sections[2].fields[3].columns[3].delete_on: "who" is not a date '
            "beside it (erased_on)"
        ],
    ),
    "a deletion date in another place": (
        W,
        "              kind: date\n",
        "              kind: short_text\n",
        [
            f'{W}:61: worksheet.sections[2].fields[3].columns[3].delete_on: "erased_on" is not a '
            "date beside it (nothing)"
        ],
    ),
    "a deletion date for what stays": (
        W,
        "sensitivity: perishable",
        "sensitivity: open",
        [
            f"{W}:61: worksheet.sections[2].fields[3].columns[3].delete_on: only what is "
            "perishable is erased on a date"
        ],
    ),
    "unknown sensitivity": (
        W,
        "sensitivity: perishable\n              delete_on: erased_on\n",
        "sensitivity: secret\n",
        [
            f"{W}:60: worksheet.sections[2].fields[3].columns[3].sensitivity: expected open, "
            'restricted or perishable, found "secret"'
        ],
    ),
    "rows named by a column that is not there": (
        W,
        "row_label: who",
        "row_label: name",
        [
            f'{W}:46: worksheet.sections[2].fields[3].row_label: "name" is not a column of the '
            "rows (who, erased_on, said or likely)"
        ],
    ),
    "projects from a column that is not there": (
        W,
        "starts_project: who",
        "starts_project: name",
        [
            f'{W}:47: worksheet.sections[2].fields[3].starts_project: "name" is not a column of '
            "the rows (who, erased_on, said or likely)"
        ],
    ),
    "a risk level that is no scale": (
        W,
        "risk_level: [likely]",
        "risk_level: [who]",
        [
            f'{W}:69: worksheet.sections[2].fields[3].risk_level[1]: "who" is not a column of the '
            "rows that holds a scale (likely)"
        ],
    ),
    "too many rows": (
        W,
        "most: 20",
        "most: 501",
        [
            f"{W}:48: worksheet.sections[2].fields[3].most: expected a number from 1 to 500, "
            "found the number 501"
        ],
    ),
    "a field key used twice": (
        W,
        "- key: goal\n",
        "- key: place\n",
        [
            f'{W}:34: worksheet.sections[2].fields[1].key: "place" is used twice in the '
            "worksheet, first on line 11"
        ],
    ),
    "a column key used twice": (
        W,
        "- key: said",
        "- key: who",
        [
            f'{W}:57: worksheet.sections[2].fields[3].columns[3].key: "who" is used twice, first '
            "on line 50"
        ],
    ),
    "a field key with hyphens": (
        W,
        "- key: goal\n",
        "- key: the-goal\n",
        [
            f"{W}:34: worksheet.sections[2].fields[1].key: expected a key of small letters, "
            'digits and _, found "the-goal"'
        ],
    ),
    "a link to an unknown tool": (
        W,
        "tools: [benefits]",
        "tools: [benefit]",
        [
            f'{W}:41: worksheet.sections[2].fields[2].tools[1]: "benefit" is not a tool of the '
            "method (benefits or notes)"
        ],
    ),
    "something unknown of the project": (
        W,
        "source: project.goal",
        "source: project.colour",
        [
            f"{W}:37: worksheet.sections[2].fields[1].source: expected project.name, "
            "project.problem, project.goal, project.unit, project.organisation, project.leader, "
            "project.owner, project.line_manager, project.starts_on, project.ends_on, "
            'project.case_number or project.team, found "project.colour"'
        ],
    ),
    "a figure of an unknown tool": (
        W,
        "source: project.goal",
        "source: budget.total",
        [
            f'{W}:37: worksheet.sections[2].fields[1].source: "budget" is not the key of a tool '
            "of the method (benefits or notes)"
        ],
    ),
    "a worksheet that reads itself": (
        W,
        "source: project.goal",
        "source: notes.filled",
        [
            f'{W}:37: worksheet.sections[2].fields[1].source: "notes.filled" comes from this '
            "worksheet itself, and a worksheet does not read in a circle"
        ],
    ),
    "required from an unknown phase": (
        W,
        "required_from: second",
        "required_from: third",
        [
            f'{W}:15: worksheet.sections[1].fields[1].required_from: "third" is not a phase of '
            "the method (first or second)"
        ],
    ),
    "printed in an unknown way": (
        W,
        "prints: [slides, page]",
        "prints: [poster]",
        [f'{W}:6: worksheet.prints[1]: expected slides or page, found "poster"'],
    ),
    "a worksheet's label without a language": (
        W,
        "{nb: Sted, nn: Stad, sv: Plats, en: Place}",
        "{nn: Stad, sv: Plats, en: Place}",
        [f"{W}:13: worksheet.sections[1].fields[1].label: no text in nb"],
    ),
    "a worksheet that nobody wrote": (
        M,
        "worksheet: notes",
        "worksheet: letters",
        [f'{M}:42: tools[2].worksheet: "letters" is not a worksheet of the method (notes)'],
    ),
    "insight from an unknown field": (
        P1,
        "from: [notes.visits]",
        "from: [notes.walks]",
        [
            f'{P1}:11: phase.insight[1].from[1]: "notes.walks" is not a field of a worksheet of '
            "the method (notes.place, notes.mood, notes.weather, notes.goal, notes.gains or "
            "notes.visits)"
        ],
    ),
    "a finding of an unknown tool": (
        P1,
        "findings: [benefits.none]",
        "findings: [budget.none]",
        [
            f'{P1}:43: phase.gate.criteria[1].findings[1]: "budget" is not the key of a tool of '
            "the method (benefits or notes)"
        ],
    ),
    "a step with an organisation's key": (
        P1,
        "- key: first-look",
        "- key: own-look",
        [
            f'{P1}:15: phase.steps[1].key: "own-look" begins with own-, as an organisation\'s '
            "additions do"
        ],
    ),
    "a criterion with an organisation's key": (
        P1,
        "- key: seen",
        "- key: own-seen",
        [
            f'{P1}:38: phase.gate.criteria[1].key: "own-seen" begins with own-, as an '
            "organisation's additions do"
        ],
    ),
    "HTML in guidance": (
        P1,
        "why: {nb: Derfor.,",
        'why: {nb: "<b>Derfor</b>",',
        [
            f"{P1}:19: phase.steps[1].why.nb: HTML cannot be used here. Write without < and > "
            "around words."
        ],
    ),
    "a link that runs a script": (
        P1,
        "why: {nb: Derfor.,",
        'why: {nb: "Se [her](javascript:alert)",',
        [
            f"{P1}:19: phase.steps[1].why.nb: The link to “javascript:alert” must begin with "
            "https://, http:// or mailto:."
        ],
    ),
    "an unknown term": (
        P1,
        "why: {nb: Derfor.,",
        'why: {nb: "For {the_town}.",',
        [
            f'{P1}:19: phase.steps[1].why.nb: "{{the_town}}" is not a term (expected '
            "organisation, the_organisation, the_organisation_s, Organisation, The_organisation "
            "or The_organisation_s)"
        ],
    ),
    "an unknown origin": (
        M,
        "origin: ours",
        "origin: theirs",
        [f'{M}:43: tools[2].origin: expected source, ours or reconstructed, found "theirs"'],
    ),
    "an unknown country": (
        M,
        'country: "no"',
        "country: de",
        [f'{M}:50: tools[2].links[1].country: expected no, se, dk or fi, found "de"'],
    ),
    "an address that runs a script": (
        M,
        "url: https://example.org/\n",
        "url: javascript:alert(1)\n",
        [
            f"{M}:49: tools[2].links[1].url: expected an address that begins with https:// or "
            'http://, found "javascript:alert(1)"'
        ],
    ),
    "a principle key used twice": (
        M,
        "sources:\n",
        "  - key: together\n    title: {nb: A, nn: A, sv: A, en: A}\n    text: {nb: A, sv: A}\n"
        "sources:\n",
        [f'{M}:23: principles[2].key: "together" is used twice, first on line 20'],
    ),
}


@pytest.mark.parametrize(("file", "there", "instead", "messages"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_line_key_and_reason(
    root, sheet_folder, file, there, instead, messages
):
    text = (root / file).read_text(encoding="utf-8")
    assert text.count(there) >= 1
    (root / file).write_text(text.replace(there, instead, 1), encoding="utf-8")

    assert messages_of(sheet_folder) == messages


def test_everything_that_the_format_offers_is_accepted(sheet_folder):
    content = read_version(sheet_folder).content

    assert [sheet["key"] for sheet in content["worksheets"]] == ["notes"]
    assert messages_of(sheet_folder) == []


def test_worksheets_that_read_from_each_other_in_a_circle_are_refused(root, sheet_folder):
    notes = WORKSHEET.replace("project.goal", "letters.filled")
    letters = WORKSHEET.replace("key: notes", "key: letters").replace(
        "project.goal", "notes.filled"
    )
    (sheet_folder / "worksheet-notes.yaml").write_text(notes, encoding="utf-8")
    (sheet_folder / "worksheet-letters.yaml").write_text(letters, encoding="utf-8")
    tool = NOTES_TOOL.replace(": notes", ": letters")
    method = (root / M).read_text(encoding="utf-8") + tool
    (root / M).write_text(method, encoding="utf-8")

    assert messages_of(sheet_folder) == [
        "small/1/worksheet-letters.yaml:37: worksheet.sections[2].fields[1].source: "
        '"notes.filled" comes from this worksheet itself, and a worksheet does not read in a '
        "circle",
        f'{W}:37: worksheet.sections[2].fields[1].source: "letters.filled" comes from this '
        "worksheet itself, and a worksheet does not read in a circle",
    ]


def test_a_worksheet_may_read_from_another(root, sheet_folder):
    letters = WORKSHEET.replace("key: notes", "key: letters").replace(
        "project.goal", "notes.filled"
    )
    (sheet_folder / "worksheet-letters.yaml").write_text(letters, encoding="utf-8")
    tool = NOTES_TOOL.replace(": notes", ": letters")
    method = (root / M).read_text(encoding="utf-8") + tool
    (root / M).write_text(method, encoding="utf-8")

    assert messages_of(sheet_folder) == []
