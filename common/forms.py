"""Forms as every page shows them, and fields that read numbers and days as people write them."""

import datetime
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.models import ModelFormMetaclass
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.numbers import NotANumber, TwoReadings, parse_number

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199


class PageHelper(FormHelper):
    """How a form is drawn: error summary on top, one primary button, a way out beside it.

    ``submit_label`` and ``cancel_url`` may be left out; then the page's context decides.
    ``form_action`` is an address, never the name of a route.
    """

    # Crispy's own looks every address up as a route, also the empty one.
    form_action = ""

    def __init__(
        self,
        submit_label: str | Promise = "",
        *,
        cancel_url: str = "",
        with_buttons: bool = True,
        mark_optional: bool = True,
    ) -> None:
        super().__init__()
        self.submit_label = submit_label
        self.cancel_url = cancel_url
        self.with_buttons = with_buttons
        self.mark_optional = mark_optional
        self.form_class = "page-form"
        # The server's sentences say how to mend an error; the browser's own do not.
        self.attrs = {"novalidate": True}
        self.render_hidden_fields = True

    def get_attributes(self, template_pack: str = "designsystemet") -> dict[str, Any]:
        items = super().get_attributes(template_pack)
        return {
            name: value
            for name, value in items.items()
            if value or name not in {"submit_label", "cancel_url"}
        }


def refuse_control_characters(text: str) -> None:
    """Refuse characters that neither Excel, PDF nor the database can hold.

    Line breaks and tabs are kept. Raises ``ValidationError`` with a sentence.
    """
    for character in text:
        if character in "\n\r\t":
            continue
        if unicodedata.category(character) in {"Cc", "Cs"} or character in "\ufffe\uffff":
            raise ValidationError(
                _(
                    "The text holds an invisible character that cannot be stored "
                    "(%(code)s). Write that part again instead of pasting it."
                ),
                code="control_character",
                params={"code": f"U+{ord(character):04X}"},
            )


class _ReadsStoredText(forms.Field):
    """Compares also when the initial value is the text that the field itself once showed."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        if isinstance(initial, str):
            try:
                initial = self.to_python(initial)
            except ValidationError:
                return True
        return super().has_changed(initial, data)


class DecimalField(_ReadsStoredText, forms.DecimalField):
    """A number as people write it; see :func:`common.numbers.parse_number`.

    ``unit`` is shown after the field, such as "kr" or "hours".
    """

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a number with digits, for example %(example)s."),
        "two_readings": _("“%(value)s” can be read in two ways. Write %(whole)s or %(decimal)s."),
    }

    def __init__(self, *, unit: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return parse_number(value)
        except TwoReadings:
            raise self._two_readings(value.strip()) from None
        except NotANumber:
            raise ValidationError(
                self.error_messages["invalid"],
                code="invalid",
                params={"example": f"1234{_decimal_separator()}5"},
            ) from None

    def _two_readings(self, text: str) -> ValidationError:
        """Both readings, written so that the field would take them."""
        whole, part = text.replace(",", ".").split(".")
        places = 3 if self.decimal_places is None else self.decimal_places
        decimals = f"{part}0" if places >= 3 else part[: max(places, 1)]
        return ValidationError(
            self.error_messages["two_readings"],
            code="two_readings",
            params={
                "value": text,
                "whole": f"{whole}{part}",
                "decimal": f"{whole}{_decimal_separator()}{decimals}",
            },
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, Decimal | int | float):
            return value
        return shown_number(Decimal(str(value)))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class WholeNumberField(_ReadsStoredText, forms.IntegerField):
    """A whole number as people write it: ``1 234`` as well as ``1234``."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": _("Write a whole number with digits, for example %(example)s."),
    }

    def __init__(self, *, unit: str | Promise = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            number = parse_number(value)
        except ValueError:
            number = None
        if number is None or number != number.to_integral_value():
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params={"example": "1234"}
            )
        return int(number)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        return shown_number(Decimal(value))

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off"}


class DayField(_ReadsStoredText, forms.DateField):
    """A day, picked in the browser's calendar or written as ``12.03.2027``."""

    input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
    default_error_messages = {
        "invalid": _("Write the date as day, month and year, for example 12.03.2027."),
        "year": _("The year %(year)s cannot be right. Write it with four digits."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if type(value) is datetime.date else value

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is not None and not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
            raise ValidationError(
                self.error_messages["year"], code="year", params={"year": str(value.year)}
            )


def shown_number(number: Decimal) -> str:
    """The number as a field shows it, in the reader's language and without needless decimals.

    What is shown can always be read again: thousands are set apart by a space that never breaks,
    from 10 000 so that years stay whole, and ``1,234`` gets a zero more.
    """
    sign = "-" if number < 0 else ""
    whole, _dot, part = f"{abs(number):f}".partition(".")
    part = part.rstrip("0")
    if len(part) == 3 and len(whole) <= 3 and whole != "0":
        part = f"{part}0"
    if len(whole) > 4:
        whole = f"{int(whole):,}".replace(",", "\u00a0")
    return f"{sign}{whole}{_decimal_separator()}{part}" if part else f"{sign}{whole}"


def _decimal_separator() -> str:
    return str(formats.get_format("DECIMAL_SEPARATOR"))


def _prepare(fields: Iterable[forms.Field]) -> None:
    """What all our forms have in common: sentences for empty fields, and clean text."""
    stock = str(forms.Field.default_error_messages["required"])
    for field in fields:
        if str(field.error_messages.get("required", "")) == stock:
            field.error_messages |= {"required": _required_sentence(field)}
        _say_what_is_chosen(field)
        if isinstance(field, forms.CharField):
            field.validators = [
                *(
                    v
                    for v in field.validators
                    if not isinstance(v, ProhibitNullCharactersValidator)
                ),
                refuse_control_characters,
            ]


def _say_what_is_chosen(field: forms.Field) -> None:
    """Words instead of Django's dashes for the choice of nothing."""
    dashes = BLANK_CHOICE_DASH[0][1]
    words = _("Choose") if field.required else _("Not chosen")
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == dashes:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField):
        choices = list(field.choices)
        if choices and choices[0] == ("", dashes):
            field.choices = [("", words), *choices[1:]]


def _required_sentence(field: forms.Field) -> Any:
    if isinstance(field, forms.FileField):
        return _("Choose a file.")
    if isinstance(field, forms.BooleanField):
        return _("Tick this to go on.")
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return _("Choose at least one.")
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return _("Choose one.")
    if isinstance(field, forms.DateField):
        return _("Choose a date.")
    return _("Fill in this field.")


class _PageFormMixin:
    """Helper, cancel link and common behaviour for both kinds of forms."""

    submit_label: str | Promise = ""
    use_required_attribute = False
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _prepare(self.fields.values())
        self.helper = PageHelper(self.submit_label, cancel_url=cancel_url)


class PageForm(_PageFormMixin, forms.Form):
    """A form on a page. Set ``submit_label`` on the class; give ``cancel_url`` when making it."""


def page_formfield(db_field: models.Field, **kwargs: Any) -> forms.Field | None:
    """Our fields for model fields that hold numbers and days, Django's own for the rest."""
    if isinstance(db_field, models.DecimalField):
        kwargs.setdefault("form_class", DecimalField)
    elif type(db_field) is models.DateField:
        kwargs.setdefault("form_class", DayField)
    elif isinstance(db_field, models.IntegerField):
        kwargs.setdefault("form_class", WholeNumberField)
    return db_field.formfield(**kwargs)


class _PageModelFormMetaclass(ModelFormMetaclass):
    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and getattr(meta, "formfield_callback", None) is None:
            meta.formfield_callback = staticmethod(page_formfield)
        return super().__new__(mcs, name, bases, attrs)


class PageModelForm(_PageFormMixin, forms.ModelForm, metaclass=_PageModelFormMetaclass):
    """As :class:`PageForm`, for a model; its number and date fields are ours without asking."""
