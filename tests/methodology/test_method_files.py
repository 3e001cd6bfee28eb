"""Method files: what is accepted, and the exact words about what is not."""

import pytest

from methodology.files import MethodFileError, MethodFilesRefused, read_methods, read_version
from methodology.yaml_reader import MAX_BYTES

M = "small/1/method.yaml"
P1 = "small/1/phase-1-first.yaml"
P2 = "small/1/phase-2-second.yaml"

# name of the case: (file, what stands there, what is put there instead, every message)
BAD = {
    "unknown key": (
        M,
        "title: {nb: Liten",
        "titel: x\ntitle: {nb: Liten",
        [
            f'{M}:10: the file: unknown key "titel" (expected format, key, version, '
            "default_language, languages, title, summary, words, principles, sources, roles, "
            "tools or closing)"
        ],
    ),
    "unknown key further in": (
        P1,
        "      who:",
        "      whom: x\n      who:",
        [
            f'{P1}:18: phase.steps[1]: unknown key "whom" (expected key, number, origin, title, '
            "tools, optional, decision, new_round, why, what, how, who, duration, result, tips, "
            "good, mistakes, for_leaders, questions or links)"
        ],
    ),
    "missing key": (
        P1,
        "      why: {nb: Derfor., sv: Därför.}\n",
        "",
        [f'{P1}:11: phase.steps[1]: "why" is missing'],
    ),
    "title without nynorsk and English": (
        P1,
        "{nb: Se, nn: Sjå, sv: Titta, en: Look}",
        "{nb: Se, sv: Titta}",
        [f"{P1}:13: phase.steps[1].title: no text in nn and en"],
    ),
    "guidance without Swedish": (
        P1,
        "{nb: Alle., sv: Alla.}",
        "{nb: Alle.}",
        [f"{P1}:18: phase.steps[1].who: no text in sv"],
    ),
    "unknown language": (
        P1,
        "{nb: Alle., sv: Alla.}",
        "{nb: Alle., sv: Alla., da: Alle.}",
        [f'{P1}:18: phase.steps[1].who: unknown language "da" (expected nb, nn, sv or en)'],
    ),
    "text without languages": (
        P1,
        "{nb: Alle., sv: Alla.}",
        "Alle.",
        [f'{P1}:18: phase.steps[1].who: expected a text per language, found "Alle."'],
    ),
    "list instead of text": (
        P1,
        "{nb: Alle., sv: Alla.}",
        "{nb: [Alle.], sv: Alla.}",
        [f"{P1}:18: phase.steps[1].who.nb: expected text, found a list"],
    ),
    "text instead of list": (
        P1,
        "{nb: [Bli med.], sv: [Följ med.]}",
        "{nb: Bli med., sv: [Följ med.]}",
        [f'{P1}:24: phase.steps[1].for_leaders.nb: expected a list, found "Bli med."'],
    ),
    "number instead of text": (
        M,
        "title: Kilden",
        "title: 2018",
        [f"{M}:20: sources[1].title: expected text, found the number 2018; put it in quotes"],
    ),
    "empty text": (
        M,
        "title: Kilden",
        'title: "  "',
        [f"{M}:20: sources[1].title: the text is empty"],
    ),
    "nothing instead of text": (
        M,
        "title: Kilden",
        "title: ~",
        [f"{M}:20: sources[1].title: expected text, found nothing"],
    ),
    "empty list": (
        P1,
        "{nb: [Bli med.], sv: [Följ med.]}",
        "{nb: [], sv: [Följ med.]}",
        [f"{P1}:24: phase.steps[1].for_leaders.nb: expected at least 1, the list is empty"],
    ),
    "yes is a word": (
        M,
        "expected: true",
        "expected: yes",
        [f'{M}:26: roles[1].expected: expected true or false, found "yes"'],
    ),
    "address that runs a script": (
        M,
        "https://example.org/",
        "javascript:alert(1)",
        [
            f"{M}:20: sources[1].url: expected an address that begins with https:// or http://, "
            'found "javascript:alert(1)"'
        ],
    ),
    "unknown role": (
        M,
        "project_role: owner",
        "project_role: boss",
        [
            f"{M}:25: roles[1].project_role: expected leader, member, owner, line_manager, "
            'benefit_responsible, benefit_owner or reader, found "boss"'
        ],
    ),
    "unknown outcome": (
        P1,
        "[go, stop]",
        "[go, halt]",
        [
            f"{P1}:31: phase.gate.outcomes[2]: expected go, go_with_conditions, rework, "
            "more_testing, back, pause, stop, not_ready, continue, corrective or closed, found "
            '"halt"'
        ],
    ),
    "going on without reviews": (
        P1,
        "[go, stop]",
        "[go, continue, stop]",
        [f'{P1}:31: phase.gate.outcomes: "continue" needs "reviews_after_months"'],
    ),
    "reviews without going on": (
        P1,
        "    mode: advisory",
        "    reviews_after_months: [6, 12]\n    mode: advisory",
        [
            f"{P1}:30: phase.gate.reviews_after_months: a review that comes again needs the "
            'outcome "continue"'
        ],
    ),
    "reviews out of order": (
        P1,
        "outcomes: [go, stop]",
        "outcomes: [continue, closed]\n    reviews_after_months: [12, 6]",
        [
            f"{P1}:32: phase.gate.reviews_after_months: expected each number to be greater than "
            "the one before"
        ],
    ),
    "reviews that come again": (
        P1,
        "outcomes: [go, stop]",
        "outcomes: [continue, corrective, closed]\n    reviews_after_months: [6, 12]",
        [],
    ),
    "a closing step under the key of a step": (
        M,
        "title: {nb: Liten",
        "closing:\n"
        "  - {key: first-look, title: {nb: Slutt, nn: Slutt, sv: Slut, en: End}, tools: [], "
        "what: {nb: Fortell., sv: Berätta.}}\n"
        "title: {nb: Liten",
        [f'{P1}:11: phase.steps[1].key: "first-look" is used already, at {M}:11'],
    ),
    "unknown mode": (
        P1,
        "mode: advisory",
        "mode: strict",
        [f'{P1}:30: phase.gate.mode: expected off, advisory or mandatory, found "strict"'],
    ),
    "off is a word": (P1, "mode: advisory", "mode: off", []),
    "unknown severity": (
        P1,
        "severity: must",
        "severity: may",
        [f'{P1}:35: phase.gate.criteria[1].severity: expected must or should, found "may"'],
    ),
    "finding without a tool": (
        P1,
        "[benefits.none]",
        "[none]",
        [
            f"{P1}:39: phase.gate.criteria[1].findings[1]: expected a finding as tool.code, "
            'found "none"'
        ],
    ),
    "unknown tool": (
        P1,
        "  tools: [benefits]\n  examples",
        "  tools: [benefit]\n  examples",
        [f'{P1}:7: phase.tools[1]: "benefit" is not a tool in method.yaml (benefits)'],
    ),
    "tool named twice": (
        P1,
        "  tools: [benefits]\n  examples",
        "  tools: [benefits, benefits]\n  examples",
        [f'{P1}:7: phase.tools[2]: "benefits" is used twice, first on line 7'],
    ),
    "back to a phase that does not exist": (
        P2,
        "back_to: [first]",
        "back_to: [zeroth]",
        [f'{P2}:32: phase.gate.back_to[1]: "zeroth" is not an earlier phase (first)'],
    ),
    "back to the phase itself": (
        P2,
        "back_to: [first]",
        "back_to: [second]",
        [f'{P2}:32: phase.gate.back_to[1]: "second" is not an earlier phase (first)'],
    ),
    "back without a place to go": (
        P2,
        "back_to: [first]",
        "back_to: []",
        [f'{P2}:32: phase.gate.back_to: the outcome "back" needs at least one phase to go to'],
    ),
    "a place to go without back": (
        P2,
        "[go, back, stop]",
        "[go, stop]",
        [f'{P2}:32: phase.gate.back_to: phases to go back to need the outcome "back"'],
    ),
    "step number left out": (
        P1,
        "      number: 1\n      title",
        "      number: 2\n      title",
        [f"{P1}:12: phase.steps[1].number: expected 1, found 2 (numbers run 1, 2, 3 in order)"],
    ),
    "phase number unlike its file": (
        P2,
        "number: 2\n",
        "number: 3\n",
        [
            f"{P2}:3: phase.number: expected 2 (the phase files are numbered 1, 2, 3 in order), "
            "found the number 3"
        ],
    ),
    "phase key used twice": (
        P2,
        "key: second\n",
        "key: first\n",
        [f'{P2}:2: phase.key: "first" is used already, at {P1}:2'],
    ),
    "step key used in another phase": (
        P2,
        "key: second-look",
        "key: first-look",
        [f'{P2}:11: phase.steps[1].key: "first-look" is used already, at {P1}:11'],
    ),
    "key with capitals": (
        M,
        "  - key: benefits",
        "  - key: Benefits",
        [
            f"{M}:28: tools[1].key: expected a key of small letters, digits and hyphens, "
            'found "Benefits"',
            f'{P1}:7: phase.tools[1]: "benefits" is not a tool in method.yaml (Benefits)',
            f'{P1}:14: phase.steps[1].tools[1]: "benefits" is not a tool in method.yaml (Benefits)',
            f'{P2}:7: phase.tools[1]: "benefits" is not a tool in method.yaml (Benefits)',
            f'{P2}:14: phase.steps[1].tools[1]: "benefits" is not a tool in method.yaml (Benefits)',
        ],
    ),
    "role key used twice": (
        M,
        "tools:\n  - key: benefits",
        "  - key: owner\n    title: {nb: A, nn: A, sv: A, en: A}\n"
        "    description: {nb: A, sv: A}\ntools:\n  - key: benefits",
        [f'{M}:27: roles[2].key: "owner" is used twice, first on line 22'],
    ),
    "key unlike the folder": (
        M,
        "key: small",
        "key: tiny",
        [f'{M}:2: key: expected small (the name of the method\'s folder), found "tiny"'],
    ),
    "version unlike the folder": (
        M,
        "version: 1",
        "version: 2",
        [f"{M}:3: version: expected 1 (the name of the version's folder), found the number 2"],
    ),
    "another format": (
        M,
        "format: 1",
        "format: 2",
        [f"{M}:1: format: expected 1 (the format that is read here), found the number 2"],
    ),
    "default language without all texts": (
        M,
        "default_language: nb",
        "default_language: en",
        [f'{M}:4: default_language: expected nb or sv, found "en"'],
    ),
    "key that stands twice": (
        M,
        "version: 1\n",
        "version: 1\nversion: 1\n",
        [f'{M}:4: "version" stands here a second time, first on line 3'],
    ),
    "anchor and alias": (
        M,
        "summary: {nb: En liten metode., sv: En liten metod.}",
        "summary: {nb: &same En liten metode., sv: *same}",
        [
            f"{M}:11: alias *same: write the text out instead",
            f"{M}:11: anchor &same: anchors are not allowed",
        ],
    ),
    "tag": (
        M,
        "title: Kilden",
        "title: !!python/name:os.system x",
        [f"{M}:20: tag tag:yaml.org,2002:python/name:os.system: tags are not allowed"],
    ),
    "not YAML": (
        M,
        "version: 1\n",
        "version: [1\n",
        [f"{M}:4: this is not YAML: did not find expected ',' or ']'"],
    ),
    "second document": (
        M,
        "version: 1\n",
        "version: 1\n---\n",
        [f"{M}:4: a file holds one document, and here a second begins"],
    ),
    "too deep": (
        M,
        "title: Kilden",
        "title: " + "[" * 16 + "]" * 16,
        [f"{M}:20: nested deeper than 16 levels"],
    ),
}


@pytest.mark.parametrize(("file", "there", "instead", "messages"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_line_key_and_reason(
    root, folder, file, there, instead, messages
):
    text = (root / file).read_text(encoding="utf-8")
    assert text.count(there) >= 1
    (root / file).write_text(text.replace(there, instead, 1), encoding="utf-8")

    assert [str(error) for error in _errors(folder)] == messages


def test_all_errors_of_a_folder_are_told_together(root, folder):
    _replace(root / M, "project_role: owner", "project_role: 3")
    _replace(root / P1, "mode: advisory", "mode: no")
    _replace(root / P2, "mode: advisory", "mode: 2027-01-01")

    assert _errors(folder) == (
        MethodFileError(
            M,
            25,
            "roles[1].project_role: expected leader, member, owner, line_manager, "
            "benefit_responsible, benefit_owner or reader, found the number 3",
        ),
        MethodFileError(P1, 30, 'phase.gate.mode: expected off, advisory or mandatory, found "no"'),
        MethodFileError(
            P2, 30, 'phase.gate.mode: expected off, advisory or mandatory, found "2027-01-01"'
        ),
    )


def test_a_file_that_cannot_be_read_hides_no_errors_of_the_others(root, folder):
    (root / P1).write_text("phase: *lost", encoding="utf-8")
    _replace(root / P2, "mode: advisory", "mode: strict")

    errors = _errors(folder)

    assert [(error.file, error.line) for error in errors] == [(P1, 1), (P2, 30)]


def test_a_language_that_claims_to_be_complete_must_have_every_text(root, folder):
    _replace(root / M, "en: {coverage: titles", "en: {coverage: complete")

    errors = _errors(folder)

    assert MethodFileError(M, 11, "summary: no text in en") in errors
    assert MethodFileError(P2, 20, "phase.steps[1].result: no text in en") in errors


def test_odd_files_and_gaps_in_the_numbers_are_refused(root, folder):
    (folder / "phase-2-second.yaml").rename(folder / "phase-3-second.yaml")
    (folder / "notes.txt").write_text("x")
    (folder / ".hidden").write_text("x")
    P3 = "small/1/phase-3-second.yaml"  # noqa: N806 -- a name of a file like the others
    _replace(root / P3, "number: 2\n", "number: 3\n")

    assert [str(error) for error in _errors(folder)] == [
        "small/1/notes.txt:1: this does not belong to a method (expected method.yaml, "
        "phase-<number>-<name>.yaml or worksheet-<key>.yaml)",
        f"{P3}:3: phase.number: expected 2 (the phase files are numbered 1, 2, 3 in order), "
        "found the number 3",
    ]


def test_a_version_needs_its_files(root, folder):
    for file in (P1, P2):
        (root / file).unlink()
    assert [str(error) for error in _errors(folder)] == [
        "small/1:1: a method has at least one phase-<number>-<name>.yaml"
    ]
    (root / M).unlink()
    assert [str(error) for error in _errors(folder)] == [
        f"{M}:1: there is no such file, and every version has one"
    ]


def test_a_file_that_is_too_large_or_not_text_is_refused(root, folder):
    (root / P1).write_bytes(b"#" * (MAX_BYTES + 1))
    (root / P2).write_bytes(b"phase:\n  key: \xff\n")

    assert [str(error) for error in _errors(folder)] == [
        f"{P1}:1: the file is larger than 2 MB",
        f"{P2}:2: the file is not UTF-8 text",
    ]


def test_an_empty_file_is_refused(root, folder):
    (root / P2).write_text("# nothing yet\n")

    assert [str(error) for error in _errors(folder)] == [f"{P2}:1: the file is empty"]


def test_the_content_is_the_same_whatever_the_layout_of_the_files(root, folder):
    before = read_version(folder)
    text = (root / M).read_text(encoding="utf-8")
    lines = text.replace("Ägare", "A\u0308gare").splitlines()
    (root / M).write_text("# a comment\n" + "\n".join([*lines[1:], lines[0]]), encoding="utf-8")

    after = read_version(folder)

    assert after == before
    assert after.content_hash == before.content_hash
    _replace(root / M, "Eigar", "Eigaren")
    assert read_version(folder).content_hash != before.content_hash


def test_what_is_left_out_gets_its_default(folder):
    content = read_version(folder).content

    assert content["tools"][0]["variant"] == ""
    assert content["tools"][0]["addition"] is False
    assert content["phases"][0]["for_leaders"] == {}
    assert content["phases"][0]["steps"][0]["optional"] is False


def test_every_version_below_a_folder_is_read_in_order(root, write_version):
    for number in (10, 9, 1):
        write_version(number=number)
    write_version(key="other")

    assert [(version.method_key, version.number) for version in read_methods(root)] == [
        ("other", 1),
        ("small", 1),
        ("small", 9),
        ("small", 10),
    ]


def test_a_folder_that_is_not_named_by_a_number_is_refused(root, folder):
    folder.rename(root / "small" / "draft")

    with pytest.raises(MethodFilesRefused) as refusal:
        read_methods(root)

    assert str(refusal.value) == (
        "small/draft/method.yaml:3: version: the version's folder must be named by its number, "
        'not "draft"'
    )


def test_a_missing_folder_is_refused(root):
    with pytest.raises(MethodFilesRefused, match=r"^nowhere:1: there is no such folder$"):
        read_methods(root / "nowhere")


def _errors(folder):
    try:
        read_version(folder)
    except MethodFilesRefused as refusal:
        return refusal.errors
    return ()


def _replace(path, there, instead):
    text = path.read_text(encoding="utf-8")
    assert text.count(there) == 1
    path.write_text(text.replace(there, instead), encoding="utf-8")
