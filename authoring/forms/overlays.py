"""Forms about what an organisation adjusts in a method. Two who write at once are merged field by
field, as everywhere."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authoring.overlay_tree import title_of
from common.forms import PageForm
from common.layout import Details
from common.markdown import problems_in
from common.versioned_forms import MergingFormMixin
from common.wording import TERMS
from methodology.enums import Severity

Content = Mapping[str, Any]

# Field, what it is called, whether it is a list, whether it must be there.
_STEP_TEXTS: tuple[tuple[str, str | Promise, bool, bool], ...] = (
    ("why", gettext_lazy("Why"), False, True),
    ("what", gettext_lazy("What to do"), False, True),
    ("how", gettext_lazy("How to do it"), True, True),
    ("who", gettext_lazy("Who should take part"), False, True),
    ("duration", gettext_lazy("How long it takes"), False, True),
    ("result", gettext_lazy("What comes out of it"), False, True),
    ("mistakes", gettext_lazy("Common mistakes"), True, True),
    ("tips", gettext_lazy("Tips"), True, False),
    ("good", gettext_lazy("What good looks like"), True, False),
    ("for_leaders", gettext_lazy("For leaders"), True, False),
    ("questions", gettext_lazy("Questions to ask"), True, False),
)
_CRITERION_TEXTS: tuple[tuple[str, str | Promise, bool, bool], ...] = (
    ("guidance", gettext_lazy("What is meant"), False, True),
    ("example", gettext_lazy("Example"), False, True),
)


def guidance_is_allowed(text: str) -> None:
    """Refuse what limited Markdown does not have, and words in braces that nobody knows."""
    reasons = list(problems_in(text))
    for term in re.findall(r"\{([^{}]*)\}", text):
        if term not in TERMS:
            reasons.append(_("{%(term)s} is not a word that can stand in braces.") % {"term": term})
    if reasons:
        raise ValidationError(reasons)


def languages_for(content: Content, document_language: str) -> list[str]:
    """The organisation's document language first, then the method's others."""
    return [
        document_language,
        *(each for each in content["languages"] if each != document_language),
    ]


class OverlayForm(MergingFormMixin, PageForm):
    """``number`` is the version of the draft's row, ``initial`` what is stored in it."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened_values = forms.CharField(widget=forms.HiddenInput, required=False)
    submit_label = gettext_lazy("Save in the draft")

    def __init__(self, *args: Any, number: int, **kwargs: Any) -> None:
        self.number = number
        super().__init__(*args, **kwargs)

    @property
    def stored_version(self) -> int:
        return self.number


class AdjustForm(OverlayForm):
    """Whether something of the method is hidden or lowered, and why."""

    is_adjusted = forms.BooleanField(required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, label: str, reason_help: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_adjusted"].label = label
        self.fields["reason"].help_text = reason_help
        self.helper.mark_optional = False
        self.helper.layout = Layout("opened_version", "opened_values", "is_adjusted", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        has_reason = bool((cleaned.get("reason") or "").strip())
        if cleaned.get("is_adjusted") and not has_reason:
            self.add_error("reason", _("Say why. Those who work in the projects will ask."))
        # Somebody who writes why means to do it; saved as it is, the reason would be lost.
        if has_reason and not cleaned.get("is_adjusted") and not self.initial.get("is_adjusted"):
            self.add_error("is_adjusted", _("Tick this as well, or take the reason away."))
        return cleaned


class _TextsForm(OverlayForm):
    """Texts in several languages: those of the document language first, the others folded."""

    texts: tuple[tuple[str, str | Promise, bool, bool], ...] = ()
    has_title = True

    def __init__(self, *args: Any, languages: list[str], **kwargs: Any) -> None:
        self.languages = languages
        for name, field in self._text_fields():
            self.base_fields[name] = field
        super().__init__(*args, **kwargs)

    def __new__(cls, *args: Any, **kwargs: Any) -> "_TextsForm":
        # The fields hang on the languages, so each form has a set of its own.
        made = super().__new__(cls)
        made.base_fields = dict(cls.base_fields)
        return made

    def _text_fields(self) -> Iterable[tuple[str, forms.Field]]:
        names = dict(settings.LANGUAGES)
        for place, language in enumerate(self.languages):
            suffix = "" if place == 0 else f" ({names[language]})"
            if self.has_title:
                yield (
                    f"title_{language}",
                    forms.CharField(label=_("Title") + suffix, max_length=150, required=place == 0),
                )
            for name, label, is_list, is_needed in self.texts:
                yield (
                    f"{name}_{language}",
                    forms.CharField(
                        label=f"{label}{suffix}",
                        max_length=5000,
                        required=place == 0 and is_needed,
                        validators=[guidance_is_allowed],
                        help_text=_("One on each line.") if is_list else "",
                        widget=forms.Textarea(attrs={"rows": 4 if is_list else 3}),
                    ),
                )

    def text_names(self, language: str) -> list[str]:
        title = [f"title_{language}"] if self.has_title else []
        return [*title, *(f"{name}_{language}" for name, *_rest in self.texts)]

    def other_languages(self) -> list[Details]:
        names = dict(settings.LANGUAGES)
        return [
            Details(
                _("Also in %(language)s") % {"language": names[language]},
                *self.text_names(language),
                css_id=f"texts-{language}",
            )
            for language in self.languages[1:]
        ]

    def texts_by_language(self) -> dict[str, dict[str, Any]]:
        """Field -> language -> what is written; what is empty is left out."""
        found: dict[str, dict[str, Any]] = {}
        titles = [("title", False)] if self.has_title else []
        for name, is_list in (*titles, *((each[0], each[2]) for each in self.texts)):
            for language in self.languages:
                text = (self.cleaned_data.get(f"{name}_{language}") or "").replace("\r\n", "\n")
                value: Any = text.strip()
                if is_list:
                    value = [line.strip() for line in text.split("\n") if line.strip()]
                if value:
                    found.setdefault(name, {})[language] = value
        return found


def text_values(part: Content) -> dict[str, str]:
    """The texts of a stored part as a form shows them."""
    return {
        f"{name}_{language}": "\n".join(text) if isinstance(text, list) else text
        for name, texts in part.items()
        if isinstance(texts, Mapping)
        for language, text in texts.items()
    }


class NoteForm(_TextsForm):
    """What the organisation says about a part. Without any text there is no note."""

    texts = (("text", gettext_lazy("Note"), False, False),)
    has_title = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.languages[0]
        self.fields[f"text_{first}"].help_text = _(
            "Stands with the guidance, marked with your organisation's name. Empty it to take it "
            "away."
        )
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            "opened_version", "opened_values", f"text_{first}", *self.other_languages()
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, *others = self.languages
        written = [each for each in others if (cleaned.get(f"text_{each}") or "").strip()]
        if written and not (cleaned.get(f"text_{first}") or "").strip():
            self.add_error(
                f"text_{first}", _("Write it in the organisation's document language too.")
            )
        return cleaned


class OwnStepForm(_TextsForm):
    """A step that the organisation adds."""

    texts = _STEP_TEXTS

    place = forms.ChoiceField(label=gettext_lazy("Place in the method"))
    tools = forms.MultipleChoiceField(
        label=gettext_lazy("Tools that help"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    optional = forms.BooleanField(label=gettext_lazy("Not every project needs it"), required=False)

    def __init__(self, *args: Any, content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(_places(content))
        self.fields["tools"].choices = [(slot["key"], title_of(slot)) for slot in content["tools"]]
        first = self.languages[0]
        more = [f"{name}_{first}" for name, _label, _list, is_needed in self.texts if not is_needed]
        needed = [name for name in self.text_names(first) if name not in more]
        self.helper.layout = Layout(
            "opened_version",
            "opened_values",
            Fieldset(_("What it is"), "place", *needed),
            Details(_("More guidance"), *more, css_id="texts-more"),
            *self.other_languages(),
            Details(_("Tools that help"), "tools", "optional", css_id="step-tools"),
        )

    def values(self) -> dict[str, Any]:
        """As ``methodology.services.overlaying.save_own_step`` takes them."""
        phase, _slash, after = self.cleaned_data["place"].partition("/")
        return {
            "phase": phase,
            "after": after,
            "tools": self.cleaned_data["tools"],
            "optional": self.cleaned_data["optional"],
            **self.texts_by_language(),
        }


def _places(content: Content) -> Iterable[tuple[str, Any]]:
    for phase in content["phases"]:
        last = [(f"{phase['key']}/", _("Last"))]
        yield (
            f"{phase['number']} {title_of(phase)}",
            [
                *(
                    (
                        f"{phase['key']}/{step['key']}",
                        _("After %(step)s")
                        % {"step": f"{phase['number']}.{step['number']} {title_of(step)}"},
                    )
                    for step in phase["steps"]
                ),
                *last,
            ],
        )


class OwnCriterionForm(_TextsForm):
    """A criterion that the organisation adds. A person answers it."""

    texts = _CRITERION_TEXTS

    severity = forms.ChoiceField(
        label=gettext_lazy("Must or should"), choices=Severity.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self.languages[0]
        self.helper.layout = Layout(
            "opened_version",
            "opened_values",
            "severity",
            *self.text_names(first),
            *self.other_languages(),
        )

    def values(self) -> dict[str, Any]:
        return {"severity": self.cleaned_data["severity"], **self.texts_by_language()}
