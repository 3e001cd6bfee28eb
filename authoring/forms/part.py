"""The form of one part: its texts side by side in the method's languages, then its settings."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authoring.labels import field_label, language_name
from authoring.options import options_of
from common.forms import PageForm, WholeNumberField
from common.versioned_forms import MergingFormMixin
from methodology.part_fields import (
    Holds,
    Setting,
    TextField,
    languages_of,
    missing_in,
    settings_of,
    texts_of,
    values_of,
)
from methodology.parts import Address, Content, Kind, kind_of, part_at

_LINE = 60
_NUMBERS = r"^[0-9]{1,3}(\s*,\s*[0-9]{1,3})*$"
_HELP: Mapping[str, Any] = {
    "tool": gettext_lazy("The key of the tool that serves this place, now or later: benefits."),
    "findings": gettext_lazy(
        "One on each line, such as benefits.none. Leave it empty to let a person answer."
    ),
    "reviews_after_months": gettext_lazy(
        "For a review that comes again: the months from the start, such as 6, 12, 24. Leave it "
        "empty for a gate that is passed once."
    ),
    "from": gettext_lazy("One on each line: the worksheet's key, a dot, and the field's key."),
    "source": gettext_lazy("Something of the project, such as project.goal, or a tool's figure."),
}


class TextInLanguages(LayoutObject):
    """One text with its languages side by side where there is room. The label stands once, above
    them; each field says its language, and its whole label to those who hear it."""

    template = "authoring/text_in_languages.html"

    def __init__(self, text: TextField, label: str, languages: Mapping[str, bool]) -> None:
        """``languages`` says of each whether its text is missing."""
        self.text = text
        self.label = label
        self.languages = languages
        self.fields: list[Any] = [text.flat(language) for language in languages]

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        fields = [
            (form[self.text.flat(language)], capfirst(language_name(language)), is_missing)
            for language, is_missing in self.languages.items()
        ]
        return render_to_string(
            self.template, {"text": self.text, "label": self.label, "fields": fields}
        )


class Settings(LayoutObject):
    """The settings below the texts, under one heading."""

    template = "authoring/settings.html"

    def __init__(self, *names: str) -> None:
        self.fields: list[Any] = list(names)

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"fields": fields})


class PartForm(MergingFormMixin, PageForm):
    """Made with :func:`part_form`. ``changes`` holds what to write, ``opened`` what was seen."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened_values = forms.CharField(widget=forms.HiddenInput, required=False)
    submit_label = gettext_lazy("Save")
    held: Mapping[str, TextField | Setting] = {}

    def __init__(self, *args: Any, number: int, seen: Mapping[str, Any], **kwargs: Any) -> None:
        self.number = number
        self.opened = seen
        super().__init__(*args, **kwargs)

    @property
    def stored_version(self) -> int:
        return self.number

    @property
    def changes(self) -> dict[str, Any]:
        """What the person changed, flat, as ``methodology.services.edit_part`` takes it."""
        return {name: self._written(name) for name in self.changed_fields}

    def _written(self, name: str) -> Any:
        value, field = self.cleaned_data.get(name), self.held[name]
        if isinstance(field, TextField):
            return str(value or "").replace("\r\n", "\n")
        if field.holds is Holds.LINES:
            return [line.strip() for line in str(value or "").split("\n") if line.strip()]
        if field.holds is Holds.NUMBERS:
            return [int(number) for number in str(value or "").split(",") if number.strip()]
        if field.holds is Holds.MANY:
            # The order that somebody gave stays; what is new comes last.
            before = [each for each in self.opened[name] if each in value]
            return before + [each for each in value if each not in before]
        return field.empty if value in (None, "") else value


def part_form(
    data: Any, *, content: Content, address: Address, number: int, attrs: Mapping[str, str]
) -> PartForm:
    """``number`` is the version of the draft's row, ``attrs`` go on the form's own element."""
    kind, part = kind_of(address), part_at(content, address)
    seen = values_of(content, kind, part)
    missing = missing_in(content, kind, part)
    fields: dict[str, forms.Field] = {}
    layout: list[Any] = []
    held: dict[str, Any] = {}
    for text in texts_of(kind, part):
        label = field_label(text.name, kind)
        for language in languages_of(content):
            name = text.flat(language)
            fields[name] = _text_field(text, label, language, seen[name], content)
            held[name] = text
        lacking = missing.get(text.name, ())
        languages = {language: language in lacking for language in languages_of(content)}
        layout.append(TextInLanguages(text, label, languages))
    settings = settings_of(kind, part)
    for setting in settings:
        fields[setting.name] = _setting_field(content, address, setting, seen[setting.name])
        held[setting.name] = setting
    if settings:
        layout.append(Settings(*(setting.name for setting in settings)))
    made = type("WrittenPartForm", (PartForm,), {**fields, "held": held})(
        data, number=number, seen=seen, initial=_initial(held, seen)
    )
    made.helper.mark_optional = False
    made.helper.attrs = {**made.helper.attrs, **attrs}
    made.helper.form_class = "page-form part-form"
    made.helper.layout = Layout("opened_version", "opened_values", *layout)
    return made


def _initial(held: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _as_written(held[name], value) for name, value in seen.items()}


def _as_written(field: TextField | Setting, value: Any) -> Any:
    """A value as its field in the form shows it."""
    holds = field.holds if isinstance(field, Setting) else None
    if holds is Holds.LINES:
        return "\n".join(value)
    if holds is Holds.NUMBERS:
        return ", ".join(str(number) for number in value)
    return value


def _text_field(
    text: TextField, label: str, language: str, value: str, content: Content
) -> forms.Field:
    is_name = text.name in ("title", "label") and language == content["default_language"]
    # Spelling is checked, and words are read out, in the text's own language.
    attrs: dict[str, Any] = {"lang": language}
    if text.is_title:
        widget: forms.Widget = forms.TextInput(attrs=attrs)
    else:
        lines = sum(1 + len(line) // _LINE for line in value.split("\n"))
        widget = forms.Textarea(attrs={**attrs, "rows": min(max(lines, 3), 14)})
    return forms.CharField(
        label=f"{label}, {language_name(language).lower()}",
        required=is_name,
        widget=widget,
        error_messages={"required": _("Write the title in the method's main language.")},
    )


def _setting_field(content: Content, address: Address, setting: Setting, value: Any) -> forms.Field:
    kind: Kind = kind_of(address)
    common: dict[str, Any] = {
        "label": field_label(setting.name, kind),
        "required": setting.is_required,
        "help_text": _HELP.get(setting.name, ""),
    }
    if setting.holds is Holds.FLAG:
        return forms.BooleanField(**{**common, "required": False})
    if setting.holds is Holds.NUMBER:
        return WholeNumberField(**common)
    if setting.holds is Holds.TEXT:
        return forms.CharField(max_length=300, **common)
    if setting.holds is Holds.NUMBERS:
        return forms.RegexField(
            _NUMBERS,
            error_messages={"invalid": _("Write whole numbers with commas between: 6, 12, 24.")},
            **common,
        )
    if setting.holds is Holds.LINES:
        rows = {"rows": max(2, len(value) + 1)}
        return forms.CharField(widget=forms.Textarea(attrs=rows), **common)
    choices = options_of(content, address, setting, value)
    if setting.holds is Holds.MANY:
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **common
        )
    return forms.ChoiceField(choices=choices, **common)
