"""What the pack makes of whole forms: summary, buttons, layout, formsets."""

from typing import Any

import pytest
from crispy_forms.layout import HTML, Button, ButtonHolder, Div, Field, Fieldset, Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.forms import formset_factory
from django.template import Context, Template
from django.test.html import parse_html
from django.utils import translation

from common.forms import PageForm, PageHelper
from common.layout import Columns, Details


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class Person(PageForm):
    submit_label = "Add"
    name = forms.CharField(label="Name")
    way = forms.ChoiceField(label="Way", choices=[("a", "A")], widget=forms.RadioSelect)
    secret = forms.IntegerField(widget=forms.HiddenInput, initial=7)

    def clean(self) -> dict[str, Any]:
        raise forms.ValidationError("Somebody has <this> name already.")


def test_summary_links_to_each_field_and_escapes_what_people_wrote() -> None:
    html = render_crispy_form(Person({}))
    summary = html[html.index("<section") : html.index("</section>") + len("</section>")]
    assert parse_html(summary) == parse_html(
        """<section class="ds-error-summary" tabindex="-1" autofocus data-error-summary
          aria-label="What must be corrected">
        <h2 class="ds-heading">4 things must be corrected first:</h2>
        <ul class="ds-list">
          <li>Somebody has &lt;this&gt; name already.</li>
          <li><a class="ds-link" href="#id_name">Name: Fill in this field.</a></li>
          <li><a class="ds-link" href="#id_way_0">Way: Choose one.</a></li>
          <li>Fill in this field.</li>
        </ul></section>"""
    )


def test_a_fresh_form_has_one_button_and_the_way_out() -> None:
    class Small(PageForm):
        submit_label = "Add <it>"
        name = forms.CharField(label="Name")

    html = render_crispy_form(Small(cancel_url="/back/?a=1&b=2"))
    assert parse_html(html) == parse_html(
        """<form method="post" class="page-form" novalidate>
        <div class="form-fields"><div class="ds-field" id="div_id_name">
          <label class="ds-label" for="id_name">Name</label>
          <input type="text" name="name" class="ds-input" id="id_name"></div></div>
        <div class="form-actions"><button type="submit" class="ds-button">Add &lt;it&gt;</button>
          <a class="ds-button" data-variant="tertiary" href="/back/?a=1&amp;b=2">Cancel</a></div>
        </form>"""
    )


def test_the_page_decides_on_buttons_that_the_form_leaves_open() -> None:
    class Open(PageForm):
        pass

    page = Template("{% load crispy_forms_tags %}{% crispy form %}")
    html = page.render(Context({"form": Open(), "submit_label": "Go on", "cancel_url": "/x/"}))
    assert parse_html(html) == parse_html(
        """<form method="post" class="page-form" novalidate><div class="form-fields"></div>
        <div class="form-actions"><button type="submit" class="ds-button">Go on</button>
        <a class="ds-button" data-variant="tertiary" href="/x/">Cancel</a></div></form>"""
    )


def test_a_form_that_is_sent_carries_the_token() -> None:
    page = Template("{% load crispy_forms_tags %}{% crispy form %}")
    html = page.render(Context({"form": Person(), "csrf_token": "abc"}))
    assert '<input type="hidden" name="csrfmiddlewaretoken" value="abc">' in html


def test_layout_objects() -> None:
    class Laid(PageForm):
        a = forms.CharField(label="A")
        b = forms.CharField(label="B")
        c = forms.CharField(label="C", required=False)

    form = Laid()
    form.helper = PageHelper(with_buttons=False)
    form.helper.form_tag = False
    form.helper.layout = Layout(
        Fieldset("Both", Columns("a", Field("b", autocomplete="off")), css_class="own"),
        Details("More", "c", css_id="more"),
        Div(HTML("<p>Text</p>"), css_class="x"),
        ButtonHolder(Submit("save", "Save"), Button("try", "Try")),
    )
    box = (
        '<div class="ds-field" id="div_id_{0}">'
        '<label class="ds-label" for="id_{0}">{1}</label>{2}</div>'
    )
    one = '<input type="text" name="{0}" class="ds-input" id="id_{0}"{1}>'
    optional = 'C <span class="optional">(optional)</span>'
    assert parse_html(render_crispy_form(form)) == parse_html(
        f"""<div class="form-fields">
        <fieldset class="ds-fieldset form-section own">
          <legend class="form-section-title">Both</legend>
          <div class="form-fields"><div class="form-columns">
            {box.format("a", "A", one.format("a", ""))}
            {box.format("b", "B", one.format("b", ' autocomplete="off"'))}
          </div></div></fieldset>
        <details class="ds-details form-details" id="more"><summary>More</summary>
          <div class="form-fields">{box.format("c", optional, one.format("c", ""))}</div></details>
        <div class="x"><p>Text</p></div>
        <div class="form-actions">
          <button type="submit" name="save" value="Save" id="submit-id-save"
            class="ds-button">Save</button>
          <button type="button" name="try" value="Try" id="button-id-try" class="ds-button"
            data-variant="secondary">Try</button></div></div>"""
    )


def test_folded_fields_stand_open_when_one_of_them_is_wrong() -> None:
    class Folded(PageForm):
        a = forms.CharField(label="A")

    def details_of(form: PageForm) -> str:
        form.helper.layout = Layout(Details("More", "a"))
        html = render_crispy_form(form)
        return html[html.index("<details") : html.index("<summary")].strip()

    assert [details_of(Folded()), details_of(Folded({}))] == [
        '<details class="ds-details form-details">',
        '<details class="ds-details form-details" open>',
    ]


def test_hidden_fields_come_along_when_the_layout_forgets_them() -> None:
    form = Person()
    form.helper.layout = Layout("name", "way")
    assert '<input type="hidden" name="secret" value="7" id="id_secret">' in render_crispy_form(
        form
    )


def test_a_formset_has_one_summary_for_all_its_forms() -> None:
    class Row(PageForm):
        name = forms.CharField(label="Name")

    rows = formset_factory(Row, extra=0)(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "a", "form-1-name": ""},
        form_kwargs={"empty_permitted": False, "use_required_attribute": False},
    )
    html = render_crispy_form(rows, helper=PageHelper("Save all"))
    assert [
        html.count("data-error-summary"),
        html.count('href="#id_form-1-name"'),
        html.count('name="form-TOTAL_FORMS"'),
        html.count('<div class="formset-form">'),
        html.count("Save all"),
    ] == [1, 1, 1, 2, 1]


class Question(PageForm):
    why = forms.CharField(label="Why?")


def test_a_label_that_asks_keeps_its_mark_alone_in_the_summary() -> None:
    assert 'href="#id_why">Why? Fill in this field.</a>' in render_crispy_form(Question({}))
