"""The differences between two versions of a part, as people read them. Pure.

Of what is not a text, only what somebody in a project meets is told, by its name and never by its
key.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.markdown import plain_text
from common.wording import expand_terms
from methodology.catalogue import Catalogue
from methodology.compare import Change, Difference
from methodology.enums import FieldKind, GateMode, GateOutcome, Severity


@dataclass(frozen=True, slots=True)
class WordChange:
    """``old`` and ``new`` are plain text, ``""`` when there is none."""

    field: str
    label: str
    old: str
    new: str


_LABELS: dict[str, str | Promise] = {
    "title": gettext_lazy("Title"),
    "label": gettext_lazy("Title"),
    "summary": gettext_lazy("What it is"),
    "purpose": gettext_lazy("What it is for"),
    "why": gettext_lazy("Why"),
    "what": gettext_lazy("What to do"),
    "how": gettext_lazy("How to do it"),
    "who": gettext_lazy("Who should take part"),
    "duration": gettext_lazy("How long it takes"),
    "result": gettext_lazy("What comes out of it"),
    "tips": gettext_lazy("Tips"),
    "good": gettext_lazy("What good looks like"),
    "mistakes": gettext_lazy("Common mistakes"),
    "for_leaders": gettext_lazy("For leaders"),
    "questions": gettext_lazy("Questions to ask"),
    "guidance": gettext_lazy("What is meant"),
    "example": gettext_lazy("Example"),
    "description": gettext_lazy("What the role is about"),
    "text": gettext_lazy("Text"),
    "help": gettext_lazy("Help"),
    "warning": gettext_lazy("Warning"),
    "unit": gettext_lazy("Unit"),
    "note": gettext_lazy("Note"),
    "severity": gettext_lazy("Must or should"),
    "lowered_reason": gettext_lazy("Why it is lowered"),
    "mode": gettext_lazy("How binding it is"),
    "outcomes": gettext_lazy("What can be decided"),
    "back_to": gettext_lazy("Where one can go back to"),
    "tools": gettext_lazy("Tools"),
    "phase": gettext_lazy("Place in the method"),
    "findings": gettext_lazy("What settles it"),
    "worksheet": gettext_lazy("Worksheet"),
    "kind": gettext_lazy("What is filled in"),
    "optional": gettext_lazy("Needed in every project"),
    "required": gettext_lazy("Needed for the gate"),
}


def words_of(
    change: Change, old: Catalogue, new: Catalogue, language: str
) -> tuple[WordChange, ...]:
    """What is different for a reader of ``language``, in the order of the differences."""
    found = []
    for difference in change.differences:
        if difference.field not in _LABELS or difference.language not in ("", language):
            continue
        before, after = _shown(difference, old, new)
        if before != after:
            label = str(_LABELS[difference.field])
            found.append(WordChange(difference.field, label, before, after))
    return tuple(found)


def _shown(difference: Difference, old: Catalogue, new: Catalogue) -> tuple[str, str]:
    if difference.language:
        before, after = (
            plain_text(expand_terms(text, difference.language))
            for text in (difference.old, difference.new)
        )
        return before, after
    reading = _READINGS.get(difference.field, lambda text, _catalogue: text)
    return reading(difference.old, old), reading(difference.new, new)


# --- what is stored as keys -----------------------------------------------------------------------


def _titles(keys: Iterable[str], title: Callable[[str], str]) -> str:
    words = []
    for key in keys:
        try:
            words.append(title(key))
        except (KeyError, ValueError):
            words.append(key)
    return str(get_text_list(words, _("and")))


def _tools(text: str, catalogue: Catalogue) -> str:
    return _titles(text.splitlines(), lambda key: catalogue.slot(key).title)


def _phases(text: str, catalogue: Catalogue) -> str:
    return _titles(text.splitlines(), lambda key: catalogue.phase(key).title)


def _worksheet(text: str, catalogue: Catalogue) -> str:
    return _titles(text.splitlines(), lambda key: catalogue.worksheet(key).title)


def _settled_by(text: str, catalogue: Catalogue) -> str:
    prefixes = {code.partition(".")[0] for code in text.splitlines()}
    titles = [slot.title for slot in catalogue.slots if slot.tool in prefixes]
    return str(get_text_list(titles, _("and"))) if titles else _("A person’s answer")


def _labels(choices: type) -> Callable[[str, Catalogue], str]:
    return lambda text, _catalogue: _titles(
        text.splitlines(), lambda value: str(choices(value).label)
    )


_READINGS: dict[str, Callable[[str, Catalogue], str]] = {
    "severity": _labels(Severity),
    "mode": _labels(GateMode),
    "outcomes": _labels(GateOutcome),
    "kind": _labels(FieldKind),
    "back_to": _phases,
    "tools": _tools,
    "phase": _phases,
    "findings": _settled_by,
    "worksheet": _worksheet,
    "optional": lambda text, _catalogue: _("No") if text == "True" else _("Yes"),
    "required": lambda text, _catalogue: _("Yes") if text == "True" else _("No"),
}
