"""The JSON Schema in docs/ is the format's own, and says what the format says."""

import copy
import json
from io import StringIO

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from jsonschema import Draft202012Validator

from methodology.files import MethodFilesRefused, check_content, read_version, write_document
from tests.methodology.conftest import write_method

SCHEMA_FILE = settings.BASE_DIR / "docs" / "method.schema.json"
FOLDERS = sorted(path.parent for path in settings.METHOD_FILES.glob("*/*/method.yaml"))
SHIPPED = [folder.relative_to(settings.METHOD_FILES).as_posix() for folder in FOLDERS]

STEP = ("phases", 0, "steps", 0)
GATE = ("phases", 0, "gate")
FIELD = ("worksheets", 0, "sections", 0, "fields", 0)
GONE = object()

# name of the case: (path, what is put there)
WRONG_SHAPES = {
    "unknown key": (("titel",), "x"),
    "unknown key in a step": ((*STEP, "whom"), {"nb": "x"}),
    "missing key": ((*STEP, "why"), GONE),
    "another format": (("format",), 2),
    "version as text": (("version",), "1"),
    "version zero": (("version",), 0),
    "key with capitals": (("key",), "KS"),
    "text without languages": ((*STEP, "why"), "Derfor."),
    "no language at all": ((*STEP, "why"), {}),
    "unknown language": ((*STEP, "why", "da"), "Derfor."),
    "blank text": ((*STEP, "why", "nb"), "  "),
    "number instead of text": ((*STEP, "why", "nb"), 2018),
    "list instead of text": ((*STEP, "why", "nb"), ["x"]),
    "text instead of list": ((*STEP, "how", "nb"), "x"),
    "empty list": ((*STEP, "how", "nb"), []),
    "no phases": (("phases",), []),
    "no steps": (("phases", 0, "steps"), []),
    "word instead of flag": ((*STEP, "optional"), "yes"),
    "unknown origin": ((*STEP, "origin"), "theirs"),
    "unknown mode": ((*GATE, "mode"), "strict"),
    "unknown outcome": ((*GATE, "outcomes", 0), "halt"),
    "outcome named twice": ((*GATE, "outcomes"), ["go", "go"]),
    "no outcome": ((*GATE, "outcomes"), []),
    "unknown severity": ((*GATE, "criteria", 0, "severity"), "may"),
    "finding without a tool": ((*GATE, "criteria", 0, "findings"), ["none"]),
    "unknown role": (("roles", 0, "project_role"), "boss"),
    "address that runs a script": (("sources", 0, "url"), "javascript:alert(1)"),
    "unknown country": (
        ("phases", 0, "links"),
        [{"title": {"nb": "x"}, "url": "https://x.no", "country": "de"}],
    ),
    "unknown kind of field": ((*FIELD, "kind"), "colour"),
    "field without a kind": ((*FIELD, "kind"), GONE),
    "field key with hyphens": ((*FIELD, "key"), "a-b"),
    "key of another kind": ((*FIELD, "choices"), [{"key": "a", "label": {"nb": "x"}}] * 2),
    "one choice": (FIELD, {"key": "x", "kind": "choice", "label": {"nb": "x"}, "choices": []}),
    "too many decimals": (
        FIELD,
        {"key": "x", "kind": "number", "label": {"nb": "x"}, "decimals": 5},
    ),
    "scale without ends": (FIELD, {"key": "x", "kind": "scale", "label": {"nb": "x"}}),
    "rows in rows": (
        FIELD,
        {
            "key": "x",
            "kind": "rows",
            "label": {"nb": "x"},
            "singular": {"nb": "x"},
            "columns": [{"key": "y", "kind": "rows", "label": {"nb": "x"}}],
        },
    ),
    "unknown sensitivity": ((*FIELD, "sensitivity"), "secret"),
    "unknown way to print": (("worksheets", 0, "prints"), ["poster"]),
    "worksheet without sections": (("worksheets", 0, "sections"), []),
}


def test_the_file_in_docs_is_what_the_command_writes():
    written = StringIO()
    call_command("method_schema", stdout=written)

    assert SCHEMA_FILE.read_text(encoding="utf-8") == written.getvalue()


def test_the_schema_is_a_right_schema(schema):
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("folder", FOLDERS, ids=SHIPPED)
def test_every_shipped_version_is_right_by_the_schema(validator, folder):
    document = yaml.safe_load(write_document(read_version(folder)))

    assert [error.json_path for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=SHIPPED)
def test_every_shipped_file_is_right_by_the_part_of_the_schema_for_it(schema, folder):
    errors = []
    for path in sorted(folder.glob("*.yaml")):
        part = path.stem.partition("-")[0]
        validator = Draft202012Validator({**schema["$defs"][f"{part}_file"], **_defs(schema)})
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        errors += [(path.name, error.json_path) for error in validator.iter_errors(content)]

    assert errors == []


@pytest.mark.parametrize(("path", "value"), WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_what_the_format_refuses_for_its_shape_the_schema_refuses_too(
    validator, content, path, value
):
    wrong = copy.deepcopy(content)
    _put(wrong, path, value)

    with pytest.raises(MethodFilesRefused):
        check_content(wrong, "wrong")
    assert not validator.is_valid(wrong)


def test_what_is_right_by_the_format_is_right_by_the_schema(validator, content):
    checked = check_content(content, "right").content

    # What was left out has its default, which is right too.
    assert checked["phases"][0]["gate"]["criteria"][0]["findings"] == ["benefits.none"]
    assert checked["tools"][0]["variant"] == ""
    assert validator.is_valid(checked)


@pytest.fixture(scope="module")
def schema():
    return json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def validator(schema):
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    content = read_version(write_method(tmp_path_factory.mktemp("methods"))).content
    field = {"key": "x", "kind": "short_text", "label": content["title"]}
    section = {"key": "all", "title": content["title"], "fields": [field]}
    sheet = {"key": "notes", "title": content["title"], "sections": [section]}
    return {**content, "worksheets": [sheet]}


def _defs(schema):
    return {"$defs": schema["$defs"]}


def _put(content, path, value):
    *above, last = path
    for each in above:
        content = content[each]
    if value is GONE:
        del content[last]
    else:
        content[last] = value
