"""What the crispy templates of the pack ``designsystemet`` need beside Django's own tags."""

from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import optgroups
from django import forms, template
from django.forms import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString

register = template.Library()

# Django gives every text area ten rows; most of our answers are a few sentences.
_STOCK_ROWS = "10"
_ROWS = "4"


@register.filter
def kind(field: BoundField) -> str:
    """Which template draws the field: radios, checkboxes, checkbox, file, many or input."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.MultiWidget):
        return "many"
    return "input"


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The field's widget with the classes of the design system, its own attributes kept."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"ds-input {own}".strip()}
    if isinstance(widget, forms.Textarea):
        # A width in columns would stop the text area from filling its place.
        attrs["cols"] = False
        if str(widget.attrs.get("rows")) == _STOCK_ROWS:
            attrs["rows"] = _ROWS
    if isinstance(widget, forms.FileInput) and field.aria_describedby:
        # Django thinks of a file field as a fieldset and leaves this out; ours is a plain field.
        attrs["aria-describedby"] = field.aria_describedby
    return field.as_widget(attrs=attrs)


@register.filter
def option_groups(field: BoundField) -> list[tuple[str | None, list[dict[str, Any]]]]:
    """The choices of radios and checkboxes as (group label, options)."""
    groups = []
    for label, options, _index in optgroups(field):
        for option in options:
            own = option["attrs"].get("class", "")
            option["attrs"]["class"] = f"ds-input {own}".strip()
        groups.append((label, options))
    return groups


@register.filter
def anchor(field: BoundField) -> str:
    """The id that a link in the error summary leads to, so that focus lands in the field."""
    own_id = field.field.widget.attrs.get("id") or field.auto_id
    return f"{own_id}_0" if kind(field) in {"radios", "checkboxes", "many"} else own_id


@register.filter
def is_marked_optional(field: BoundField) -> bool:
    """Whether "(optional)" stands after the label. A single tick box says it by itself."""
    return not (field.field.required or field.field.disabled or kind(field) == "checkbox")


@register.filter
def unit(field: BoundField) -> str:
    """The unit after a number field, or nothing."""
    return getattr(field.field, "unit", "")


@register.filter
def note(field: BoundField) -> str:
    """Words after the label, or nothing."""
    return getattr(field.field, "note", "")


@register.filter
def before_text(label: Any) -> str:
    """The label with a colon, for a sentence on the same line. A question keeps its mark alone."""
    words = str(label)
    return words if words.endswith(("?", ":")) else f"{words}:"


@register.filter
def problems(form: Any) -> list[dict[str, Any]]:
    """All errors of a form or formset in the order of the page: anchor, label, text."""
    if isinstance(form, BaseFormSet):
        found = [{"anchor": "", "label": "", "text": text} for text in form.non_form_errors()]
        return found + [problem for part in form for problem in problems(part)]
    found = [{"anchor": "", "label": "", "text": text} for text in form.non_field_errors()]
    for field in form:
        for text in field.errors:
            # A hidden field cannot be reached, so its error stands without a link.
            target = "" if field.is_hidden else anchor(field)
            label = "" if field.is_hidden else field.label
            found.append({"anchor": target, "label": label, "text": text})
    return found
