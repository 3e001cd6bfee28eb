import datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import translation

from common.forms import (
    DayField,
    DecimalField,
    PageForm,
    PageHelper,
    PageModelForm,
    WholeNumberField,
    page_formfield,
    refuse_control_characters,
)
from projects.models import Project


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class EveryKind(PageForm):
    text = forms.CharField()
    number = DecimalField()
    choice = forms.ChoiceField(choices=[("a", "A")])
    choices = forms.MultipleChoiceField(choices=[("a", "A")])
    day = DayField()
    file = forms.FileField()
    agreed = forms.BooleanField()
    own = forms.CharField(error_messages={"required": "Say who."})


def test_empty_fields_say_what_to_do() -> None:
    assert EveryKind({}).errors == {
        "text": ["Fill in this field."],
        "number": ["Fill in this field."],
        "choice": ["Choose one."],
        "choices": ["Choose at least one."],
        "day": ["Choose a date."],
        "file": ["Choose a file."],
        "agreed": ["Tick this to go on."],
        "own": ["Say who."],
    }


class Note(PageForm):
    submit_label = "Keep"
    text = forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\x1bb", "a\x85b", "a\ufffeb", "a\ud800b"])
def test_invisible_characters_are_refused_with_one_sentence(text: str) -> None:
    code = f"U+{ord(text[1]):04X}"
    assert Note({"text": text}).errors == {
        "text": [
            f"The text holds an invisible character that cannot be stored ({code}). "
            "Write that part again instead of pasting it."
        ]
    }


def test_line_breaks_tabs_and_all_other_writing_are_kept() -> None:
    form = Note({"text": "Čáhppes\n\tбук 🙂\r\nÆØÅ"})
    assert (form.errors, form.cleaned_data) == ({}, {"text": "Čáhppes\n\tбук 🙂\r\nÆØÅ"})


def test_refuse_control_characters_raises_for_the_first_one() -> None:
    with pytest.raises(ValidationError) as refused:
        refuse_control_characters("ok\x00\x01")
    assert refused.value.params == {"code": "U+0000"}


def test_day_field_reads_what_calendars_and_people_write() -> None:
    field = DayField()
    day = datetime.date(2027, 3, 12)
    written = ("2027-03-12", "12.03.2027", "12.3.2027", "12.03.27", "12/03/2027", " 12.03.2027 ")
    assert [field.clean(text) for text in written] == [day] * 6


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("i morgen", "Write the date as day, month and year, for example 12.03.2027."),
        ("2027-02-30", "Write the date as day, month and year, for example 12.03.2027."),
        ("0027-03-12", "The year 27 cannot be right. Write it with four digits."),
        ("2727-03-12", "The year 2727 cannot be right. Write it with four digits."),
    ],
)
def test_day_field_says_how_to_write_a_date(text: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DayField().clean(text)
    assert refused.value.messages == [sentence]


def test_day_field_sees_no_change_between_a_date_and_the_text_it_was_shown_as() -> None:
    field = DayField()
    assert [
        field.has_changed("2027-03-12", "12.03.2027"),
        field.has_changed(datetime.date(2027, 3, 12), "2027-03-12"),
        field.has_changed("2027-03-12", "2027-03-13"),
        field.has_changed("2027-03-12", "rubbish"),
    ] == [False, False, True, True]


def test_model_fields_become_our_fields_and_choices_stay_choices() -> None:
    made = [
        type(page_formfield(field))
        for field in (
            models.DecimalField(max_digits=8, decimal_places=2),
            models.PositiveIntegerField(),
            models.DateField(),
            models.DateTimeField(),
            models.IntegerField(choices=[(1, "One")]),
            models.TextField(),
        )
    ]
    assert made == [
        DecimalField,
        WholeNumberField,
        DayField,
        forms.DateTimeField,
        forms.TypedChoiceField,
        forms.CharField,
    ]


class ProjectDates(PageModelForm):
    submit_label = "Save dates"

    class Meta:
        model = Project
        fields = ["name", "starts_on"]


def test_a_model_form_uses_our_fields_without_asking() -> None:
    form = ProjectDates(cancel_url="/back/")
    assert (type(form.fields["starts_on"]), form.helper.submit_label, form.helper.cancel_url) == (
        DayField,
        "Save dates",
        "/back/",
    )


def test_an_empty_button_label_leaves_the_choice_to_the_page() -> None:
    with_label = PageHelper("Keep", cancel_url="/back/").get_attributes()
    without = PageHelper().get_attributes()
    assert (with_label["submit_label"], with_label["cancel_url"]) == ("Keep", "/back/")
    assert {"submit_label", "cancel_url"} & set(without) == set()


def test_a_file_in_a_page_form_makes_it_multipart() -> None:
    form = EveryKind({}, {"file": SimpleUploadedFile("a.txt", b"a")})
    assert (form.is_multipart(), "file" in form.errors) == (True, False)


class ProjectChoices(PageModelForm):
    class Meta:
        model = Project
        fields = ["unit", "document_language"]


def test_nothing_chosen_is_said_in_words() -> None:
    required = ProjectChoices().fields["document_language"]
    optional = page_formfield(models.CharField(choices=[("a", "A")], blank=True))

    class Optional(PageForm):
        way = optional

    assert [
        str(ProjectChoices().fields["unit"].empty_label),
        next((value, str(label)) for value, label in required.choices),
        [(value, str(label)) for value, label in Optional().fields["way"].choices],
    ] == ["Choose", ("", "Choose"), [("", "Not chosen"), ("a", "A")]]
