"""What there is to choose from in the settings of a part. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.policy import ProjectRole
from authoring.labels import language_name, title_of
from common.wording import Country
from methodology.enums import FieldKind, GateMode, GateOutcome, Origin, Sensitivity, Severity
from methodology.format import SIMPLE_KINDS
from methodology.part_fields import Setting, complete_languages
from methodology.parts import Address, Content, Kind, kind_of, part_at

Choices = list[tuple[str, str]]


def options_of(content: Content, address: Address, setting: Setting, stored: Any) -> Choices:
    """The choices of a ``ONE`` or ``MANY`` setting. What is stored is always among them, so that
    saving the form never takes away what it does not know."""
    choices = _choices(content, address, setting.name)
    known = {value for value, _label in choices}
    values = stored if isinstance(stored, list) else [stored]
    return choices + [(value, value) for value in values if value and value not in known]


def _choices(content: Content, address: Address, name: str) -> Choices:
    kind = kind_of(address)
    if name.endswith(".coverage"):
        return _coverage(content, name.split(".")[1])
    if name in ("origin", "sensitivity"):
        return _first_is_default(
            {"origin": Origin, "sensitivity": Sensitivity}[name].choices,
            part_at(content, address).get(name),
        )
    if name == "kind":
        kinds = FieldKind.choices
        return _of(each for each in kinds if kind is Kind.FIELD or each[0] in SIMPLE_KINDS)
    table: Mapping[str, Any] = {
        "default_language": lambda: [
            (each, language_name(each)) for each in complete_languages(content)
        ],
        "project_role": lambda: _none(_("None")) + _of(ProjectRole.choices),
        "worksheet": lambda: _none(_("None")) + _titled(content.get("worksheets", ())),
        "tools": lambda: _titled(content["tools"]),
        "mode": lambda: _of(GateMode.choices),
        "outcomes": lambda: _of(GateOutcome.choices),
        "back_to": lambda: _titled(_phases_before(content, address)),
        "severity": lambda: _of(Severity.choices),
        "country": lambda: _none(_("All countries")) + _of(Country.choices),
        "prints": lambda: [("slides", _("Slides (16:9)")), ("page", _("One A4 page"))],
        "required_from": lambda: _none(_("The beginning")) + _titled(content["phases"]),
        "delete_on": lambda: _none(_("Never")) + _titled(_dates_beside(content, address)),
        "row_label": lambda: _none(_("The first column")) + _columns(content, address),
        "starts_project": lambda: _none(_("Nothing")) + _columns(content, address),
        "risk_level": lambda: _titled(_scales(content, address)),
    }
    choices: Choices = table[name]()
    return choices


def _of(choices: Iterable[tuple[Any, Any]]) -> Choices:
    return [(str(value), str(label)) for value, label in choices]


def _none(label: str) -> Choices:
    return [("", label)]


def _first_is_default(choices: Iterable[tuple[Any, Any]], stored: str | None) -> Choices:
    """The first value is what a part has that says nothing."""
    (first, label), *others = choices
    return [(str(first) if stored == first else "", str(label)), *_of(others)]


def _titled(parts: Iterable[Mapping[str, Any]]) -> Choices:
    return [(part["key"], title_of(part.get("title") or part.get("label") or {})) for part in parts]


def _coverage(content: Content, language: str) -> Choices:
    choices = [("titles", _("Titles only")), ("complete", _("All texts"))]
    return choices if language in content["languages"] else [("", _("Not in the method")), *choices]


def _phases_before(content: Content, address: Address) -> list[Content]:
    keys = [phase["key"] for phase in content["phases"]]
    return list(content["phases"][: keys.index(address[1])])


def _columns(content: Content, address: Address) -> Choices:
    return _titled(part_at(content, address).get("columns", ()))


def _scales(content: Content, address: Address) -> list[Content]:
    columns = part_at(content, address).get("columns", [])
    return [each for each in columns if each.get("kind") == "scale"]


def _dates_beside(content: Content, address: Address) -> list[Content]:
    """Date fields of the worksheet, or date columns of the same rows."""
    if kind_of(address) is Kind.COLUMN:
        beside = part_at(content, address[:-2]).get("columns", [])
    else:
        sections = part_at(content, address[:2])["sections"]
        beside = [field for section in sections for field in section["fields"]]
    return [each for each in beside if each.get("kind") == "date"]
