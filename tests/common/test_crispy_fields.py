"""What the pack ``designsystemet`` makes of each kind of field."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.test.html import parse_html
from django.utils import translation

from common.forms import DayField, DecimalField, PageForm


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def drawn(field: forms.Field, data: dict[str, Any] | None = None, initial: Any = None) -> Any:
    """The markup of a form with this one field, without the form around it."""
    form = type("OneField", (PageForm,), {"field": field})(
        data, initial={} if initial is None else {"field": initial}
    )
    form.helper.form_tag = False
    form.helper.form_show_errors = True
    html = render_crispy_form(form)
    return parse_html(html[html.index('<div class="form-fields">') :])


def expected(inner: str) -> Any:
    return parse_html(f'<div class="form-fields">{inner}</div>')


def test_text_field() -> None:
    field = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Short & clear.",
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "own"}),
    )
    assert drawn(field) == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">Name</label>
        <div data-field="description" id="id_field_helptext">Short &amp; clear.</div>
        <input type="text" name="field" maxlength="80" autocomplete="name" class="ds-input own"
          aria-describedby="id_field_helptext" id="id_field"></div>"""
    )


def test_optional_text_area_gets_four_rows_and_no_width_of_its_own() -> None:
    field = forms.CharField(label="Why", widget=forms.Textarea, required=False)
    assert drawn(field, initial="<b>\nx") == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">Why <span class="optional">(optional)</span></label>
        <textarea name="field" rows="4" class="ds-input" id="id_field">
&lt;b&gt;
x</textarea></div>"""
    )


def test_field_with_an_error_points_to_it() -> None:
    field = forms.CharField(label="Name", help_text="Short.")
    assert drawn(field, data={}) == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">Name</label>
        <div data-field="description" id="id_field_helptext">Short.</div>
        <input type="text" name="field" class="ds-input" aria-invalid="true"
          aria-describedby="id_field_helptext id_field_error" id="id_field">
        <div class="ds-validation-message" data-field="validation" id="id_field_error">
          <p>Fill in this field.</p></div></div>"""
    )


def test_select_with_groups() -> None:
    field = forms.ChoiceField(label="Kind", choices=[("", "Choose"), ("Money", [("e", "Budget")])])
    assert drawn(field, initial="e") == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">Kind</label>
        <select name="field" class="ds-input" id="id_field"><option value="">Choose</option>
        <optgroup label="Money"><option value="e" selected>Budget</option></optgroup>
        </select></div>"""
    )


def test_radios_are_a_fieldset_with_error_and_help_on_it() -> None:
    field = forms.ChoiceField(
        label="Direction",
        choices=[("up", "More"), ("down", "Less")],
        widget=forms.RadioSelect,
        help_text="Which way.",
    )
    assert drawn(field, data={}) == expected(
        """<fieldset class="ds-fieldset" id="div_id_field"
          aria-describedby="id_field_helptext id_field_error">
        <legend class="ds-label">Direction</legend>
        <div data-field="description" id="id_field_helptext">Which way.</div>
        <div class="ds-field"><input type="radio" name="field" value="up" class="ds-input"
          aria-invalid="true" id="id_field_0">
          <label class="ds-label" for="id_field_0">More</label></div>
        <div class="ds-field"><input type="radio" name="field" value="down" class="ds-input"
          aria-invalid="true" id="id_field_1">
          <label class="ds-label" for="id_field_1">Less</label></div>
        <div class="ds-validation-message" data-field="validation" id="id_field_error">
          <p>Choose one.</p></div></fieldset>"""
    )


def test_checkboxes_keep_their_groups_and_what_was_ticked() -> None:
    field = forms.MultipleChoiceField(
        label="Sources",
        required=False,
        choices=[("Numbers", [("a", "Log")]), ("b", "Talks")],
        widget=forms.CheckboxSelectMultiple,
    )
    assert drawn(field, data={"field": ["a"]}) == expected(
        """<fieldset class="ds-fieldset" id="div_id_field">
        <legend class="ds-label">Sources <span class="optional">(optional)</span></legend>
        <div class="choice-group" role="group" aria-labelledby="id_field_group1">
        <p class="choice-group-label" id="id_field_group1">Numbers</p>
        <div class="ds-field"><input type="checkbox" name="field" value="a" class="ds-input" checked
          id="id_field_0_0"><label class="ds-label" for="id_field_0_0">Log</label></div></div>
        <div class="ds-field"><input type="checkbox" name="field" value="b" class="ds-input"
          id="id_field_1"><label class="ds-label" for="id_field_1">Talks</label></div></fieldset>"""
    )


def test_single_checkbox_stands_before_its_label_and_is_not_marked_optional() -> None:
    field = forms.BooleanField(label="Agreed", required=False, help_text="With the owner.")
    assert drawn(field, initial=True) == expected(
        """<div class="ds-field" id="div_id_field">
        <input type="checkbox" name="field" class="ds-input" id="id_field" checked
          aria-describedby="id_field_helptext">
        <label class="ds-label" for="id_field">Agreed</label>
        <div data-field="description" id="id_field_helptext">With the owner.</div></div>"""
    )


def test_number_with_a_unit_says_the_unit_aloud_too() -> None:
    field = DecimalField(label="Amount", unit="kr")
    assert drawn(field, initial=Decimal("1234500.50")) == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">Amount
          <span class="visually-hidden">(kr)</span></label>
        <div class="ds-field-affixes"><input type="text" name="field" value="1\u00a0234\u00a0500.5"
          inputmode="decimal" autocomplete="off" class="ds-input" id="id_field">
        <span class="ds-field-affix" aria-hidden="true">kr</span></div></div>"""
    )


@pytest.mark.parametrize("language", ["nb", "en"])
def test_date_is_written_the_way_the_browser_reads_it(language: str) -> None:
    with translation.override(language):
        markup = drawn(DayField(label="Day"), initial=datetime.date(2027, 3, 12))
    assert markup == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">Day</label>
        <input type="date" name="field" value="2027-03-12" class="ds-input" id="id_field"></div>"""
    )


def test_file_field_keeps_its_description_and_the_file_that_is_there() -> None:
    field = forms.FileField(label="File", required=False, help_text="At most 20 MB.")
    stored = type("Stored", (), {"url": "/files/1", "__str__": lambda _self: "a.pdf"})()
    assert drawn(field, initial=stored) == expected(
        """<div class="ds-field" id="div_id_field">
        <label class="ds-label" for="id_field">File <span class="optional">(optional)</span></label>
        <div data-field="description" id="id_field_helptext">At most 20 MB.</div>
        <span class="current-file">Now: <a class="ds-link" href="/files/1">a.pdf</a>
        <label class="current-file-remove"><input class="ds-input" type="checkbox"
          name="field-clear" id="field-clear_id"> Remove this file</label></span>
        <input type="file" name="field" class="ds-input" aria-describedby="id_field_helptext"
          id="id_field"></div>"""
    )


def test_hidden_field_is_only_its_input() -> None:
    field = forms.CharField(widget=forms.HiddenInput)
    assert drawn(field, initial="x") == expected(
        '<input type="hidden" name="field" value="x" id="id_field">'
    )
