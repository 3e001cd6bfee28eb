"""What the editor calls the parts of a method, and what is written in them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from methodology.parts import Content, Kind
from methodology.texts import Texts

Words = str | Promise

TEXT_LABELS: Mapping[str, Words] = {
    "title": gettext_lazy("Title"),
    "label": gettext_lazy("Label"),
    "summary": gettext_lazy("Summary"),
    "words.phase.singular": gettext_lazy("The upper level, one"),
    "words.phase.plural": gettext_lazy("The upper level, several"),
    "words.phase.definite": gettext_lazy("The upper level, definite"),
    "words.step.singular": gettext_lazy("The lower level, one"),
    "words.step.plural": gettext_lazy("The lower level, several"),
    "words.step.definite": gettext_lazy("The lower level, definite"),
    "text": gettext_lazy("Text"),
    "description": gettext_lazy("Description"),
    "purpose": gettext_lazy("Purpose"),
    "what": gettext_lazy("What to do"),
    "how": gettext_lazy("How to do it"),
    "good": gettext_lazy("What good looks like"),
    "mistakes": gettext_lazy("Common mistakes"),
    "tips": gettext_lazy("Tips"),
    "for_leaders": gettext_lazy("For leaders"),
    "why": gettext_lazy("Why"),
    "who": gettext_lazy("Who should take part"),
    "duration": gettext_lazy("How long it takes"),
    "result": gettext_lazy("What comes out of it"),
    "questions": gettext_lazy("Questions to ask"),
    "guidance": gettext_lazy("What to look for"),
    "example": gettext_lazy("Example"),
    "help": gettext_lazy("Help"),
    "warning": gettext_lazy("Warning above the form"),
    "low": gettext_lazy("The low end of the scale"),
    "high": gettext_lazy("The high end of the scale"),
    "unit": gettext_lazy("Unit"),
    "singular": gettext_lazy("One row is called"),
}
SETTING_LABELS: Mapping[str, Words] = {
    "default_language": gettext_lazy("Main language"),
    "title": gettext_lazy("Title"),
    "url": gettext_lazy("Address"),
    "project_role": gettext_lazy("Role in the project"),
    "expected": gettext_lazy("Every project should have somebody here"),
    "tool": gettext_lazy("Served by the tool"),
    "worksheet": gettext_lazy("Worksheet, until an app serves the tool"),
    "origin": gettext_lazy("Where it comes from"),
    "tools": gettext_lazy("Tools"),
    "optional": gettext_lazy("Can be skipped"),
    "decision": gettext_lazy("A decision is made here"),
    "new_round": gettext_lazy("A new project may start from here"),
    "mode": gettext_lazy("How binding it is"),
    "outcomes": gettext_lazy("What can be decided"),
    "back_to": gettext_lazy("Where a project can be sent back to"),
    "reviews_after_months": gettext_lazy("Comes again after, in months"),
    "severity": gettext_lazy("Must or should"),
    "findings": gettext_lazy("Settled by the findings"),
    "from": gettext_lazy("There when one of these fields is filled in"),
    "municipality": gettext_lazy("Municipality"),
    "name": gettext_lazy("Name"),
    "country": gettext_lazy("For organisations in"),
    "prints": gettext_lazy("Can be printed as"),
    "kind": gettext_lazy("Holds"),
    "required": gettext_lazy("Needed for the gate"),
    "required_from": gettext_lazy("Needed from"),
    "sensitivity": gettext_lazy("Who sees what is written"),
    "delete_on": gettext_lazy("Erased on the date in"),
    "to": gettext_lazy("To"),
    "decimals": gettext_lazy("Decimals"),
    "source": gettext_lazy("Reads"),
    "row_label": gettext_lazy("A row is known by"),
    "starts_project": gettext_lazy("A row may become a project, named by"),
    "risk_level": gettext_lazy("How serious a row is as a risk follows from"),
    "most": gettext_lazy("Most rows"),
    # Only where versions are compared: elsewhere these are parts of their own, or several fields.
    "languages": gettext_lazy("Languages"),
    "words": gettext_lazy("The method's own words"),
    "choices": gettext_lazy("Choices"),
    "links": gettext_lazy("Links"),
    "examples": gettext_lazy("Examples from elsewhere"),
    "sources": gettext_lazy("Sources"),
    "insight": gettext_lazy("Kinds of insight"),
    "phase": gettext_lazy("Stands in"),
}
_SCALE_FROM = pgettext_lazy("start of a scale", "From")
_LISTS: Mapping[str, tuple[Words, Words]] = {
    "phases": (gettext_lazy("Phases"), gettext_lazy("Add a phase")),
    "tools": (gettext_lazy("Tools"), gettext_lazy("Add a tool")),
    "worksheets": (gettext_lazy("Worksheets"), gettext_lazy("Add a worksheet")),
    "roles": (gettext_lazy("Roles"), gettext_lazy("Add a role")),
    "principles": (gettext_lazy("Principles"), gettext_lazy("Add a principle")),
    "sources": (gettext_lazy("Sources"), gettext_lazy("Add a source")),
    "steps": (gettext_lazy("Steps"), gettext_lazy("Add a step")),
    "gate": (gettext_lazy("Gate"), gettext_lazy("Add a gate")),
    "criteria": (gettext_lazy("Criteria"), gettext_lazy("Add a criterion")),
    "insight": (gettext_lazy("Kinds of insight"), gettext_lazy("Add a kind of insight")),
    "examples": (gettext_lazy("Examples from elsewhere"), gettext_lazy("Add an example")),
    "links": (gettext_lazy("Links"), gettext_lazy("Add a link")),
    "closing": (gettext_lazy("Closing steps"), gettext_lazy("Add a closing step")),
    "sections": (gettext_lazy("Sections"), gettext_lazy("Add a section")),
    "fields": (gettext_lazy("Fields"), gettext_lazy("Add a field")),
    "columns": (gettext_lazy("Columns"), gettext_lazy("Add a column")),
    "choices": (gettext_lazy("Choices"), gettext_lazy("Add a choice")),
}


def list_label(name: str) -> str:
    return str(_LISTS[name][0])


def add_label(name: str) -> str:
    return str(_LISTS[name][1])


def field_label(name: str, kind: Kind | None = None) -> str:
    """The label of a text or setting, by its name in the part; the name itself when unknown."""
    if name == "from" and kind in (Kind.FIELD, Kind.COLUMN):
        return str(_SCALE_FROM)
    if name.startswith("languages."):
        _languages, language, what = name.split(".")
        template = _("Texts in %(language)s") if what == "coverage" else _("Origin of %(language)s")
        return template % {"language": language_name(language).lower()}
    return str(TEXT_LABELS.get(name) or SETTING_LABELS.get(name) or name)


def language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def title_of(title: Any, content: Content | None = None) -> str:
    """A part's title for the reader: in their language, else in the nearest that has one."""
    if isinstance(title, str):
        return title or _("Without a title")
    return Texts({"title": title}).get("title") or _("Without a title")


def kind_label(kind: Kind, content: Content) -> str:
    """What the part is; the two levels in the method's own words."""
    if kind in (Kind.PHASE, Kind.STEP):
        own = Texts({"word": content["words"][kind.value].get("singular", {})}).get("word")
        if own:
            return own[:1].upper() + own[1:]
    return str(kind.label)
