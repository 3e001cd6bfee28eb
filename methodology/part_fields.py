"""What is written in each kind of part: texts in languages, and settings. Pure.

:func:`values_of` gives a part flat, as forms and merging want it: ``title__nb`` for a text in a
language (a list of texts has one entry per line), the bare name for a setting. :func:`write_values`
puts such values back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from methodology.enums import FieldKind, Origin, ReadSource
from methodology.parts import Address, Content, Kind, part_at
from methodology.shapes import LANGUAGES

BETWEEN = "__"


@dataclass(frozen=True, slots=True)
class TextField:
    """A text in languages. ``name`` may be a path into the part (``words.phase.singular``). Titles
    are plain and needed in every language, guidance in the complete ones."""

    name: str
    is_title: bool = False
    is_list: bool = False
    is_required: bool = True

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    def flat(self, language: str) -> str:
        return f"{self.name}{BETWEEN}{language}"


class Holds(StrEnum):
    """What a setting holds: ``LINES`` are words line by line, ``NUMBERS`` whole numbers in order,
    ``ONE`` and ``MANY`` are chosen."""

    ONE = "one"
    MANY = "many"
    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    LINES = "lines"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that is not a text in languages. ``is_kept``: stands in the content also when it is
    empty; ``is_required``: cannot be empty."""

    name: str
    holds: Holds
    is_kept: bool = False
    is_required: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    @property
    def empty(self) -> Any:
        if self.holds in (Holds.MANY, Holds.LINES, Holds.NUMBERS):
            return []
        return {Holds.FLAG: False, Holds.NUMBER: None}.get(self.holds, "")


def _title(name: str, *, is_required: bool = True) -> TextField:
    return TextField(name, is_title=True, is_required=is_required)


def _guidance(name: str, *, is_required: bool = True) -> TextField:
    return TextField(name, is_required=is_required)


def _list(name: str, *, is_required: bool = False) -> TextField:
    return TextField(name, is_list=True, is_required=is_required)


_TITLE = _title("title")
_HELP = _guidance("help", is_required=False)
_FIELD_TEXTS = (_title("label"), _HELP, _guidance("example", is_required=False))
_TEXTS: Mapping[Kind, tuple[TextField, ...]] = {
    Kind.METHOD: (
        _TITLE,
        _guidance("summary"),
        _title("words.phase.singular"),
        _title("words.phase.plural"),
        _title("words.phase.definite", is_required=False),
        _title("words.step.singular"),
        _title("words.step.plural"),
        _title("words.step.definite", is_required=False),
    ),
    Kind.SOURCE: (),
    Kind.PRINCIPLE: (_TITLE, _guidance("text")),
    Kind.ROLE: (_TITLE, _guidance("description")),
    Kind.TOOL: (
        _TITLE,
        _guidance("purpose"),
        _guidance("what"),
        _list("how"),
        _list("good"),
        _list("mistakes"),
    ),
    Kind.PHASE: (_TITLE, _guidance("purpose"), _list("tips"), _list("for_leaders")),
    Kind.STEP: (
        _TITLE,
        _guidance("why"),
        _guidance("what"),
        _list("how", is_required=True),
        _guidance("who"),
        _guidance("duration"),
        _guidance("result"),
        _list("tips"),
        _list("good"),
        _list("mistakes", is_required=True),
        _list("for_leaders"),
        _list("questions"),
    ),
    Kind.GATE: (_TITLE, _guidance("purpose")),
    Kind.CRITERION: (_TITLE, _guidance("guidance"), _guidance("example")),
    Kind.INSIGHT: (_TITLE,),
    Kind.EXAMPLE: (_guidance("text"),),
    Kind.LINK: (_TITLE,),
    Kind.CLOSING: (_TITLE, _guidance("what")),
    Kind.WORKSHEET: (
        _TITLE,
        _guidance("purpose", is_required=False),
        _guidance("warning", is_required=False),
    ),
    Kind.SECTION: (_TITLE, _HELP),
    Kind.FIELD: _FIELD_TEXTS,
    Kind.COLUMN: _FIELD_TEXTS,
    Kind.CHOICE: (_title("label"),),
}
_KIND_TEXTS: Mapping[str, tuple[TextField, ...]] = {
    FieldKind.SCALE: (_title("low"), _title("high")),
    FieldKind.NUMBER: (_title("unit", is_required=False),),
    FieldKind.ROWS: (_title("singular"),),
}

_ORIGIN = Setting("origin", Holds.ONE)
_FIELD_SETTINGS = (
    Setting("kind", Holds.ONE, is_required=True),
    Setting("required", Holds.FLAG),
    Setting("required_from", Holds.ONE),
    Setting("sensitivity", Holds.ONE),
    Setting("delete_on", Holds.ONE),
)
_TOOLS = Setting("tools", Holds.MANY, is_kept=True)
_SETTINGS: Mapping[Kind, tuple[Setting, ...]] = {
    Kind.METHOD: (
        Setting("default_language", Holds.ONE, is_required=True),
        *(Setting(f"languages.{each}.coverage", Holds.ONE) for each in LANGUAGES),
    ),
    Kind.SOURCE: (
        Setting("title", Holds.TEXT, is_required=True),
        Setting("url", Holds.TEXT, is_required=True),
    ),
    Kind.PRINCIPLE: (),
    Kind.ROLE: (
        Setting("project_role", Holds.ONE, is_kept=True),
        Setting("expected", Holds.FLAG, is_kept=True),
    ),
    Kind.TOOL: (
        Setting("tool", Holds.TEXT, is_required=True),
        Setting("worksheet", Holds.ONE),
        _ORIGIN,
    ),
    Kind.PHASE: (_TOOLS, _ORIGIN),
    Kind.STEP: (
        _TOOLS,
        Setting("optional", Holds.FLAG, is_kept=True),
        Setting("decision", Holds.FLAG, is_kept=True),
        Setting("new_round", Holds.FLAG),
        _ORIGIN,
    ),
    Kind.GATE: (
        Setting("mode", Holds.ONE, is_required=True),
        Setting("outcomes", Holds.MANY, is_kept=True, is_required=True),
        Setting("back_to", Holds.MANY, is_kept=True),
        Setting("reviews_after_months", Holds.NUMBERS),
        _ORIGIN,
    ),
    Kind.CRITERION: (
        Setting("severity", Holds.ONE, is_required=True),
        Setting("findings", Holds.LINES, is_kept=True),
    ),
    Kind.INSIGHT: (Setting("from", Holds.LINES, is_kept=True, is_required=True),),
    Kind.EXAMPLE: (
        Setting("municipality", Holds.TEXT, is_required=True),
        Setting("name", Holds.TEXT, is_required=True),
    ),
    Kind.LINK: (Setting("url", Holds.TEXT, is_required=True), Setting("country", Holds.ONE)),
    Kind.CLOSING: (_TOOLS, _ORIGIN),
    Kind.WORKSHEET: (Setting("prints", Holds.MANY), _ORIGIN),
    Kind.SECTION: (),
    Kind.FIELD: _FIELD_SETTINGS,
    Kind.COLUMN: _FIELD_SETTINGS,
    Kind.CHOICE: (),
}
_KIND_SETTINGS: Mapping[str, tuple[Setting, ...]] = {
    FieldKind.SCALE: (
        Setting("from", Holds.NUMBER, is_kept=True, is_required=True),
        Setting("to", Holds.NUMBER, is_kept=True, is_required=True),
    ),
    FieldKind.NUMBER: (Setting("decimals", Holds.NUMBER),),
    FieldKind.LINK: (Setting("tools", Holds.LINES, is_kept=True, is_required=True),),
    FieldKind.READ: (Setting("source", Holds.TEXT, is_required=True),),
    FieldKind.ROWS: (
        Setting("row_label", Holds.ONE),
        Setting("starts_project", Holds.ONE),
        Setting("risk_level", Holds.MANY),
        Setting("most", Holds.NUMBER),
    ),
}
# What a field of a kind cannot be read without.
_KIND_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    FieldKind.CHOICE: {"choices": []},
    FieldKind.CHOICES: {"choices": []},
    FieldKind.SCALE: {"from": 1, "to": 5, "low": {}, "high": {}},
    FieldKind.LINK: {"tools": []},
    FieldKind.READ: {"source": ReadSource.NAME.value},
    FieldKind.ROWS: {"singular": {}, "columns": []},
}


def texts_of(kind: Kind, values: Mapping[str, Any]) -> tuple[TextField, ...]:
    """The texts that this part has, in the order in which they are written."""
    if kind is Kind.METHOD:
        origins = (_title(f"languages.{language}.origin") for language in values["languages"])
        return (*_TEXTS[kind], *origins)
    return (*_TEXTS[kind], *_of_kind(_KIND_TEXTS, kind, values))


def settings_of(kind: Kind, values: Mapping[str, Any]) -> tuple[Setting, ...]:
    return (*_SETTINGS[kind], *_of_kind(_KIND_SETTINGS, kind, values))


def _of_kind(table: Mapping[str, tuple[Any, ...]], kind: Kind, values: Mapping[str, Any]) -> Any:
    if kind not in (Kind.FIELD, Kind.COLUMN):
        return ()
    return table.get(values.get("kind", ""), ())


def languages_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The languages that the method is written in."""
    return tuple(each for each in LANGUAGES if each in content["languages"])


def complete_languages(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Those in which everything is to be written, not the titles alone."""
    return tuple(
        each
        for each in languages_of(content)
        if content["languages"][each]["coverage"] == "complete"
    )


# --- what is missing ------------------------------------------------------------------------------


def missing_in(
    content: Mapping[str, Any], kind: Kind, values: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """Of this part alone: which texts lack which languages. What may be left out lacks nothing
    until it is written in one language."""
    every, complete = languages_of(content), complete_languages(content)
    found = {}
    for field in texts_of(kind, values):
        stored = _stored(field, values)
        if not field.is_required and not any(stored.values()):
            continue
        asked = every if field.is_title else complete
        missing = tuple(language for language in asked if not stored.get(language))
        if missing and not _is_plain(field, values):
            found[field.name] = missing
    return found


def _is_plain(field: TextField, values: Mapping[str, Any]) -> bool:
    """In older versions an origin is one sentence in no particular language."""
    return bool(_walk(values, field.path)) and not isinstance(_walk(values, field.path), dict)


def missing_languages(
    content: Mapping[str, Any], kind: Kind, values: Mapping[str, Any]
) -> tuple[str, ...]:
    found = {each for missing in missing_in(content, kind, values).values() for each in missing}
    return tuple(language for language in LANGUAGES if language in found)


# --- flat values ----------------------------------------------------------------------------------


def values_of(content: Content, kind: Kind, part: Mapping[str, Any]) -> dict[str, Any]:
    """The part flat: each text in each of the method's languages, then the settings."""
    flat: dict[str, Any] = {}
    for field in texts_of(kind, part):
        stored = _stored(field, part)
        for language in languages_of(content):
            flat[field.flat(language)] = _text_value(stored.get(language))
    for setting in settings_of(kind, part):
        value = _walk(part, setting.path)
        flat[setting.name] = setting.empty if value is None else value
    return flat


def _text_value(value: Any) -> str:
    """An entry of a list stands on a line of its own; a line break in it says nothing."""
    if isinstance(value, list):
        return "\n".join(" ".join(str(entry).split("\n")) for entry in value)
    return str(value or "")


def _stored(field: TextField, part: Mapping[str, Any]) -> Mapping[str, Any]:
    value = _walk(part, field.path)
    if isinstance(value, str):
        return {"en": value} if value else {}
    return value or {}


def _walk(part: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    node: Any = part
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node


def fields_by_flat_name(
    content: Content, kind: Kind, part: Mapping[str, Any]
) -> Iterator[tuple[str, TextField | Setting, str]]:
    """Each flat name with its field and language (``""`` for a setting)."""
    for field in texts_of(kind, part):
        for language in languages_of(content):
            yield field.flat(language), field, language
    for setting in settings_of(kind, part):
        yield setting.name, setting, ""


def write_values(content: Content, address: Address, kind: Kind, values: Mapping[str, Any]) -> None:
    """Put flat values into the part. What becomes empty is left out, unless it has to stand."""
    part = part_at(content, address)
    known = {name: (field, language) for name, field, language in _known(content, kind, part)}
    for name, value in values.items():
        field, language = known[name]
        if isinstance(field, TextField):
            _write_text(part, field, language, str(value))
        else:
            _write_setting(part, field, value)
    if kind in (Kind.FIELD, Kind.COLUMN):
        _fit_kind(kind, part)


def _known(content: Content, kind: Kind, part: Content) -> list[tuple[str, Any, str]]:
    return list(fields_by_flat_name(content, kind, part))


def _write_text(part: Content, field: TextField, language: str, value: str) -> None:
    *way, last = field.path
    owner = _owner(part, way)
    stored = dict(_stored(field, part))
    stored.pop(language, None)
    if written := read_text(field, value):
        stored[language] = written
    if stored or field.is_required:
        owner[last] = {each: stored[each] for each in LANGUAGES if each in stored}
    else:
        owner.pop(last, None)


def read_text(field: TextField, value: str) -> str | list[str]:
    """A flat text as it stands in the content; empty when there is nothing in it."""
    plain = value.replace("\r\n", "\n")
    if field.is_list:
        return [line.strip() for line in plain.split("\n") if line.strip()]
    return " ".join(plain.split()) if field.is_title else plain.strip()


def _write_setting(part: Content, setting: Setting, value: Any) -> None:
    *way, last = setting.path
    owner = _owner(part, way)
    if value == setting.empty and not setting.is_kept:
        owner.pop(last, None)
        _drop_empty(part, way)
    else:
        owner[last] = value
        if last == "coverage":
            owner.setdefault("origin", {})


def _owner(part: Content, way: list[str]) -> Content:
    for name in way:
        part = part.setdefault(name, {})
    return part


def _drop_empty(part: Content, way: list[str]) -> None:
    if way and not _walk(part, tuple(way)):
        *before, last = way
        _owner(part, before).pop(last, None)


def _fit_kind(kind: Kind, part: Content) -> None:
    """Leave out what fields of this kind do not have, and put in what they cannot be without."""
    known = {"key"} | {field.path[0] for field in texts_of(kind, part)}
    known |= {setting.path[0] for setting in settings_of(kind, part)}
    defaults = _KIND_DEFAULTS.get(part["kind"], {})
    for name in [name for name in part if name not in known | set(defaults)]:
        del part[name]
    for name, value in defaults.items():
        part.setdefault(name, value.copy() if isinstance(value, dict | list) else value)


# --- new parts ------------------------------------------------------------------------------------


def new_part(kind: Kind, key: str, title: Mapping[str, str], plain: str) -> Content:
    """A part with a title and nothing else written; ``plain`` is the title for what has no
    languages. It is ours, where the format asks whose it is."""
    part: Content = {} if not key else {"key": key}
    names = {setting.path[0]: setting for setting in _SETTINGS[kind]}
    if kind in (Kind.FIELD, Kind.COLUMN):
        part |= {"kind": FieldKind.SHORT_TEXT.value, "label": dict(title)}
        return part
    for field in _TEXTS[kind]:
        if field.is_required:
            part[field.name] = dict(title) if field.name in ("title", "label") else {}
    for name, setting in names.items():
        if setting.is_kept:
            part[name] = setting.empty
    if "origin" in names:
        part["origin"] = Origin.OURS.value
    return part | _START.get(kind, {}) | _named(kind, key, plain)


_START: Mapping[Kind, Content] = {
    Kind.STEP: {"number": 0},
    Kind.PHASE: {"number": 0, "steps": [], "gate": None},
    Kind.GATE: {"mode": "advisory", "outcomes": ["go", "rework", "stop"], "criteria": []},
    Kind.CRITERION: {"severity": "should"},
    Kind.WORKSHEET: {"sections": []},
    Kind.SECTION: {"fields": []},
    Kind.LINK: {"url": "https://"},
}


def _named(kind: Kind, key: str, plain: str) -> Content:
    if kind is Kind.TOOL:
        return {"tool": key.replace("-", "_"), "variant": ""}
    if kind is Kind.SOURCE:
        return {"title": plain, "url": "https://"}
    if kind is Kind.EXAMPLE:
        return {"name": plain, "municipality": ""}
    return {}
