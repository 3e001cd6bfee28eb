"""A version as one file: exported, loaded elsewhere and exported again it is the same bytes."""

import copy
import io

import hypothesis
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from common import triggers
from methodology.catalogue import forget_catalogues
from methodology.files import (
    MethodFilesRefused,
    check_content,
    read_document,
    read_version,
    write_document,
)
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.services import load_method_file, load_method_version
from methodology.yaml_reader import MAX_BYTES
from tests.methodology.conftest import write_method

SHIPPED = sorted(
    path.parent.relative_to(settings.METHOD_FILES).as_posix()
    for path in settings.METHOD_FILES.glob("*/*/method.yaml")
)
ODD = (
    "yes",
    "no",
    "off",
    "null",
    "~",
    "true",
    "1e3",
    "0x1F",
    "12",
    "1.0",
    "2027-01-01",
    "- not a list",
    "key: value",
    "# no comment",
    "ends with # sign",
    "He said \"yes\", she said 'no'.",
    "back\\slash \\n is not a line",
    "æøå äö 🙂 👩🏽‍⚕️",
    "tab\tinside",
    "hard\u00a0space",
    "several\nlines",
    "several\n\nparagraphs\n\n- a list\n- of two",
    "  blanks around  ",
    "ends with a line\n",
    "a line that ends in blanks  \nand another",
    "\n  indented first line\nand another",
    "first\n\tindented by a tab",
    "line separator\u2028and\nline",
    "next line\u2029paragraph",
    "windows\r\nlines",
    "zero\u200bwidth and \ufeffmark",
    "A\u0308 in two parts",
    "| not a block",
    "> nor this",
    "%",
    "@home",
    "`code`",
    "*emphasis*",
    "&amp;",
    "!important",
    "? what",
    "---",
    "...",
    "=",
    "<<",
    "x" * 3000,
)
texts = st.one_of(st.sampled_from(ODD), st.text(min_size=1, max_size=80))


@pytest.mark.parametrize("shipped", SHIPPED)
def test_a_shipped_version_comes_back_from_its_one_file_as_it_was(shipped):
    version = read_version(settings.METHOD_FILES / shipped)

    document = write_document(version)
    again = read_document(document, "export.yaml")

    assert again == version
    assert again.content_hash == version.content_hash
    assert write_document(again) == document


@pytest.mark.django_db
@pytest.mark.parametrize("shipped", SHIPPED)
def test_export_import_into_an_empty_database_export_is_byte_identical(
    shipped, tmp_path, empty_of_methods, capfdbinary
):
    load_method_version(settings.METHOD_FILES / shipped)
    key, number = shipped.split("/")
    first = _exported(key, number, capfdbinary)
    file = tmp_path / "method.yaml"
    file.write_bytes(first)
    empty_of_methods()

    result = load_method_file(file)

    assert (result.method_key, str(result.number), result.outcome) == (key, number, "created")
    assert _exported(key, number, capfdbinary) == first


@pytest.mark.parametrize("text", ODD)
def test_an_odd_text_comes_back_from_the_file(content, text):
    version = _with_text(content, text)

    document = write_document(version)

    assert read_document(document, "export.yaml").content == version.content
    assert write_document(read_document(document, "export.yaml")) == document


# How long it takes says more about the machine than about the code.
@hypothesis.settings(deadline=None)
@given(text=texts, other=texts)
def test_whatever_people_write_comes_back_from_the_file(shared_content, text, other):
    try:
        version = _with_text(shared_content, text, other)
    except MethodFilesRefused:
        return

    document = write_document(version)

    assert read_document(document, "export.yaml") == version


def test_texts_are_stored_composed_without_blanks_around_and_with_plain_line_ends(content):
    version = _with_text(content, " A\u0308rende\r\nog mer \n")

    assert version.content["sources"][0]["title"] == "Ärende\nog mer"


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800"])
def test_a_text_with_a_control_character_is_refused(content, character):
    with pytest.raises(MethodFilesRefused) as refusal:
        _with_text(content, f"a{character}b")

    (error,) = refusal.value.errors
    assert error.reason == (
        f"sources[1].title: the text holds the control character U+{ord(character):04X}"
    )


@pytest.mark.django_db
def test_a_draft_is_exported_too(content, capfdbinary):
    _draft(content)

    exported = _exported("small", "1", capfdbinary)

    assert read_document(exported, "export.yaml") == check_content(content, "small")


@pytest.mark.django_db
def test_a_draft_that_is_not_complete_is_not_exported(content):
    del content["phases"][0]["steps"][0]["why"]["nb"]
    _draft(content)

    with pytest.raises(CommandError) as refusal:
        call_command("export_method", "small", "1")

    assert str(refusal.value) == (
        "Version 1 of small is a draft that is not complete yet.\n"
        "small:0: phases[1].steps[1].why: no text in nb"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "number"), [("small", "2"), ("nothing", "1")])
def test_a_version_that_is_not_there_is_refused_in_one_sentence(content, key, number):
    _draft(content)

    with pytest.raises(CommandError) as refusal:
        call_command("export_method", key, number)

    assert str(refusal.value) == f"There is no version {number} of a method {key}."


@pytest.mark.django_db
def test_load_methods_takes_one_file(root, folder):
    (root / "small.yaml").write_bytes(write_document(read_version(folder)))

    call_command("load_methods", "--check", "--path", root / "small.yaml")
    assert not Method.objects.filter(key="small").exists()
    call_command("load_methods", "--path", root / "small.yaml")

    assert MethodVersion.objects.get(method__key="small").status == "published"


@pytest.mark.django_db
def test_a_wrong_file_is_told_by_line_and_loads_nothing(root, folder):
    document = write_document(read_version(folder)).decode()
    (root / "small.yaml").write_text(document.replace("severity: must", "severity: may", 1))
    line = document[: document.index("severity: must")].count("\n") + 1

    with pytest.raises(CommandError) as refusal:
        call_command("load_methods", "--path", root / "small.yaml")

    assert str(refusal.value) == (
        "Nothing was loaded.\n"
        f"small.yaml:{line}: phases[1].gate.criteria[1].severity: expected must or should, "
        'found "may"'
    )
    assert not Method.objects.filter(key="small").exists()


def test_only_goes_with_a_folder(root):
    (root / "small.yaml").write_text("x")

    with pytest.raises(CommandError, match=r"^--only chooses from a folder, and --path is a file"):
        call_command("load_methods", "--path", root / "small.yaml", "--only", "small/1")


def test_a_file_that_is_too_large_is_refused_unread(root):
    (root / "big.yaml").write_bytes(b"#" * (MAX_BYTES + 1))

    with pytest.raises(MethodFilesRefused) as refusal:
        load_method_file(root / "big.yaml")

    assert str(refusal.value) == "big.yaml:1: the file is larger than 2 MB"


@pytest.mark.django_db
def test_the_file_is_utf_8_whatever_the_console_shows(content):
    _draft(content)
    console = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    call_command("export_method", "small", "1", stdout=console)

    assert console.buffer.getvalue() == write_document(check_content(content, "small"))


@pytest.fixture
def content(folder):
    return copy.deepcopy(dict(read_version(folder).content))


@pytest.fixture(scope="module")
def shared_content(tmp_path_factory):
    return dict(read_version(write_method(tmp_path_factory.mktemp("methods"))).content)


@pytest.fixture
def empty_of_methods(db):
    """Takes every method out of the database, past the guards."""

    def empty():
        triggers.drop_all(connection)
        VersionDocument.objects.all()._raw_delete("default")
        MethodVersion.objects.all()._raw_delete("default")
        Method.objects.all()._raw_delete("default")
        forget_catalogues()

    empty()
    return empty


def _with_text(content, text, other="x"):
    changed = {
        **content,
        "sources": [{**content["sources"][0], "title": text}],
        "title": {**content["title"], "nb": other},
    }
    return check_content(changed, "small")


def _draft(content):
    method = Method.objects.create(key="small")
    version = MethodVersion.objects.create(method=method, number=1)
    VersionDocument.objects.create(version=version, content=content)


def _exported(key, number, capture):
    capture.readouterr()
    call_command("export_method", key, number)
    return capture.readouterr().out
