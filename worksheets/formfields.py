"""A form field for each kind of field in a worksheet, and its values on the way in and out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.forms import DayField, DecimalField, WholeNumberField
from common.identity_numbers import refuse_identity_numbers
from common.markdown import render_inline, render_markdown
from methodology.enums import FieldKind, Sensitivity
from methodology.worksheets import FieldEntry
from worksheets.dossier import FieldDescription
from worksheets.values import as_day, as_number

SHORT, LONG = 200, 5000
# SQLite keeps decimals as floating point, which holds fifteen digits.
MOST_DIGITS = 15
IN_FORMS = frozenset(FieldKind) - {FieldKind.READ, FieldKind.ROWS, FieldKind.PICTURE}

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Choosable:
    """What a project has to choose from: people as (number, name), and rows of other tools as
    groups of (reference, label), by the key of the tool."""

    people: Choices = ()
    rows: Mapping[str, Choices] = field(default_factory=dict)


def form_field(
    entry: FieldEntry, value: Any, choosable: Choosable, *, is_demanded: bool, is_gate_field: bool
) -> forms.Field:
    """``value`` is what is stored, so that it stays a choice. ``is_demanded`` refuses an empty
    field; ``is_gate_field`` only says that the gate will miss it."""
    made = _MAKERS[entry.kind](entry, value, choosable)
    made.required = is_demanded
    made.label = entry.title
    made.help_text = _help(entry)
    made.note = _("(needed for the decision)") if is_gate_field else ""
    return made


def _short_text(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    # What was longer when the field was another kind can still be saved.
    longest = max(SHORT, len(value or ""))
    return forms.CharField(max_length=longest, validators=[refuse_identity_numbers])


def _long_text(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    return forms.CharField(
        max_length=LONG, validators=[refuse_identity_numbers], widget=forms.Textarea
    )


def _choice(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    return _radios([(choice.key, choice.title) for choice in entry.choices])


def _choices(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(choice.key, choice.title) for choice in entry.choices],
        widget=forms.CheckboxSelectMultiple,
    )


def _scale(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    ends = {entry.scale[0]: entry.texts.get("low"), entry.scale[-1]: entry.texts.get("high")}
    return _radios(
        [
            (str(step), f"{step} – {ends[step]}" if ends.get(step) else str(step))
            for step in entry.scale
        ]
    )


def _yes_no(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    return _radios([("yes", _("Yes")), ("no", _("No"))])


def _radios(choices: Choices) -> forms.Field:
    return forms.ChoiceField(choices=[*choices, ("", _("Not answered"))], widget=forms.RadioSelect)


def _number(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    unit = entry.texts.get("unit")
    if entry.decimals:
        return DecimalField(max_digits=MOST_DIGITS, decimal_places=entry.decimals, unit=unit)
    most = 10**MOST_DIGITS - 1
    return WholeNumberField(unit=unit, min_value=-most, max_value=most)


def _money(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    return DecimalField(max_digits=MOST_DIGITS, decimal_places=2, unit=_("kr"))


def _day(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    return DayField()


def _person(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    people = list(choosable.people)
    if value is not None and str(value) not in {number for number, _name in people}:
        people.append((str(value), _("somebody who has left the project")))
    return forms.ChoiceField(choices=[("", _("Not chosen")), *people])


def _link(entry: FieldEntry, value: Any, choosable: Choosable) -> forms.Field:
    groups = [group for key in entry.tools for group in choosable.rows.get(key, ())]
    known = {reference for _title, rows in groups for reference, _label in rows}
    gone = [(each, _("no longer there")) for each in value or () if each not in known]
    if gone:
        groups = [*groups, (_("Deleted since"), gone)]
    return forms.MultipleChoiceField(choices=groups, widget=forms.CheckboxSelectMultiple)


_MAKERS = {
    FieldKind.SHORT_TEXT: _short_text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.SCALE: _scale,
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _day,
    FieldKind.PERSON: _person,
    FieldKind.YES_NO: _yes_no,
    FieldKind.LINK: _link,
}


def sensitivity_words(entry: FieldEntry | FieldDescription) -> str:
    """Who sees what is written here, ``""`` when everybody does who reads the project."""
    if entry.sensitivity is Sensitivity.RESTRICTED:
        return _("Only those who write in the project see this.")
    if entry.sensitivity is Sensitivity.PERISHABLE:
        return _("Only those who write in the project see this, and it is erased on its date.")
    return ""


def _help(entry: FieldEntry) -> SafeString:
    parts: list[SafeString] = []
    words = sensitivity_words(entry)
    if words:
        parts.append(format_html('<p class="field-guard">{}</p>', words))
    help_text = entry.texts.get("help")
    if help_text:
        parts.append(render_markdown(help_text))
    example = entry.texts.get("example")
    if example:
        parts.append(
            format_html(
                '<p class="field-example"><span>{}</span> {}</p>',
                _("For example:"),
                render_inline(example),
            )
        )
    return format_html_join("", "{}", ((part,) for part in parts)) if parts else mark_safe("")


# --- values on the way in and out -----------------------------------------------------------------


def initial_of(entry: FieldEntry, value: Any) -> Any:
    """A stored value as its form field shows it."""
    if value is None:
        return None
    match entry.kind:
        case FieldKind.DATE:
            return as_day(value)
        case FieldKind.NUMBER if not entry.decimals:
            number = as_number(value)
            # More decimals than the field has now are shown, not cut off.
            whole = number is not None and number == number.to_integral_value()
            return int(number) if number is not None and whole else number
        case FieldKind.NUMBER | FieldKind.MONEY:
            return as_number(value)
        case FieldKind.YES_NO:
            return "yes" if value else "no"
        case FieldKind.SCALE | FieldKind.PERSON:
            return str(value)
    return value


def stored_of(entry: FieldEntry, cleaned: Any) -> Any:
    """A cleaned value as it is stored, ``None`` for nothing."""
    if cleaned in (None, "", []):
        return None
    match entry.kind:
        case FieldKind.DATE:
            return cleaned.isoformat()
        case FieldKind.NUMBER | FieldKind.MONEY:
            return format(Decimal(cleaned), "f")
        case FieldKind.YES_NO:
            return cleaned == "yes"
        case FieldKind.SCALE | FieldKind.PERSON:
            return int(cleaned)
        case FieldKind.SHORT_TEXT | FieldKind.LONG_TEXT:
            return cleaned.replace("\r\n", "\n")
    return cleaned


def written_in_forms(entries: Iterable[FieldEntry]) -> tuple[FieldEntry, ...]:
    return tuple(entry for entry in entries if entry.kind in IN_FORMS)
