"""A version as one document: what is refused, and the words that say where."""

import pytest

from methodology.files import MethodFilesRefused, read_document, read_version, write_document
from methodology.yaml_reader import MAX_BYTES

# name of the case: (what stands there, what is put there instead, every message)
BAD = {
    "a gap in the numbers of steps": (
        "key: second-look\n    number: 1\n",
        "key: second-look\n    number: 2\n",
        ["phases[2].steps[1].number: expected 1, found 2 (numbers run 1, 2, 3 in order)"],
    ),
    "a step key that another phase has": (
        "key: second-look",
        "key: first-look",
        ['phases[2].steps[1].key: "first-look" is used already, at small.yaml:121'],
    ),
    "a phase key used twice": (
        "key: second\n",
        "key: first\n",
        [
            'phases[2].key: "first" is used already, at small.yaml:96',
        ],
    ),
    "phases out of order": (
        "key: second\n  number: 2\n",
        "key: second\n  number: 1\n",
        ["phases[2].number: expected 2 (phases are numbered 1, 2, 3 in order), found the number 1"],
    ),
    "back to a phase that comes later": (
        "    - first\n",
        "    - second\n",
        ['phases[2].gate.back_to[1]: "second" is not an earlier phase (first)'],
    ),
    "an unknown tool": (
        "findings:\n      - benefits.none",
        "findings:\n      - budget.none",
        [
            'phases[1].gate.criteria[1].findings[1]: "budget" is not the key of a tool of the '
            "method (benefits)"
        ],
    ),
    "a second document": (
        "phases:\n",
        "---\nphases:\n",
        ["a file holds one document, and here a second begins"],
    ),
}


@pytest.mark.parametrize(("there", "instead", "messages"), BAD.values(), ids=BAD)
def test_a_bad_document_is_refused_with_line_key_and_reason(document, there, instead, messages):
    text = document.decode()
    assert there in text
    changed = text.replace(there, instead, 1)
    line = _line_of_difference(text, changed)

    with pytest.raises(MethodFilesRefused) as refusal:
        read_document(changed.encode(), "small.yaml")

    assert [(error.file, error.line) for error in refusal.value.errors] == [("small.yaml", line)]
    assert [error.reason for error in refusal.value.errors] == messages


def test_missing_phases_are_told(document):
    text = document.decode()

    assert _messages(text[: text.index("phases:")]) == [
        'small.yaml:1: the file: "phases" is missing'
    ]


def test_a_bomb_of_aliases_is_refused_at_the_first(document):
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"

    assert _messages(bomb)[:2] == [
        "small.yaml:1: anchor &a: anchors are not allowed",
        "small.yaml:2: alias *a: write the text out instead",
    ]


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_deep_nesting_is_refused(opening):
    assert _messages("a: " + opening * 100_000) == ["small.yaml:1: nested deeper than 16 levels"]


def test_a_document_of_more_than_2_mb_is_refused(document):
    padded = document + b"#" * (MAX_BYTES + 1 - len(document))

    assert _messages(padded.decode()) == ["small.yaml:1: the file is larger than 2 MB"]
    read_document(padded[:MAX_BYTES], "small.yaml")


def test_a_document_that_is_no_mapping_is_refused():
    assert _messages("- a list") == ["small.yaml:1: the file: expected a mapping, found a list"]


@pytest.fixture
def document(folder):
    return write_document(read_version(folder))


def _messages(text):
    with pytest.raises(MethodFilesRefused) as refusal:
        read_document(text.encode(), "small.yaml")
    return [str(error) for error in refusal.value.errors]


def _line_of_difference(before, after):
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next(number for number, (old, new) in enumerate(pairs, start=1) if old != new)
