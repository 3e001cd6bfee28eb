"""Forms for adding a part, copying a method and uploading a file."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from authoring.labels import language_name
from common.forms import PageForm
from common.layout import Details
from common.outcomes import Refusal
from methodology.enums import FieldKind
from methodology.format import SIMPLE_KINDS
from methodology.part_fields import languages_of
from methodology.parts import KEYLESS, Content, Kind
from methodology.services.importing import refuse_large

INSTALLATION, ORGANISATION = "installation", "organisation"


class AddPartForm(PageForm):
    """The title of a new part, at least in the method's main language."""

    submit_label = gettext_lazy("Add it")

    def __init__(self, *args: Any, content: Content, kind: Kind, **kwargs: Any) -> None:
        self.main = content["default_language"]
        plain = kind in (Kind.SOURCE, Kind.EXAMPLE)
        self.languages = (self.main,) if plain else self._in_order(languages_of(content))
        super().__init__(*args, **kwargs)
        label = _("Name") if plain else _("Title")
        for language in self.languages:
            name = language_name(language).lower()
            self.fields[f"title__{language}"] = forms.CharField(
                label=label if plain else _("Title in %(language)s") % {"language": name},
                required=language == self.main,
                max_length=200,
                error_messages={"required": _("Write the title in the method's main language.")},
                widget=forms.TextInput(attrs={"lang": language}),
            )
        names: list[Any] = [f"title__{language}" for language in self.languages]
        if kind in (Kind.FIELD, Kind.COLUMN):
            self.fields["kind"] = forms.ChoiceField(
                label=_("Holds"),
                choices=[
                    choice
                    for choice in FieldKind.choices
                    if kind is Kind.FIELD or choice[0] in SIMPLE_KINDS
                ],
            )
            names.append("kind")
        if kind not in KEYLESS:
            self.fields["key"] = forms.CharField(
                label=_("Key"),
                required=False,
                max_length=60,
                help_text=_(
                    "For machines, and the same for ever: what projects write hangs on it. Left "
                    "empty, it is made from the title."
                ),
            )
            names.append(Details(_("Choose the key"), "key"))
        self.helper.layout = Layout(*names)

    def _in_order(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        return (self.main, *(each for each in languages if each != self.main))

    @property
    def title(self) -> dict[str, str]:
        return {
            language: self.cleaned_data.get(f"title__{language}", "") for language in self.languages
        }


class OwnCopyForm(PageForm):
    key = forms.CharField(
        label=gettext_lazy("Key of the copy"),
        max_length=60,
        help_text=gettext_lazy(
            "Stands in addresses and files, and never changes: small letters, digits and hyphens. "
            "What people read is the title, which you write afterwards."
        ),
    )
    submit_label = gettext_lazy("Make the copy")


class UploadForm(PageForm):
    """``owners`` are those for whom the person may upload; with one there is nothing to choose."""

    file = forms.FileField(
        label=gettext_lazy("The method's file"),
        help_text=gettext_lazy("A YAML file as you get it by downloading a version. At most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("If the method is new, it belongs to"), widget=forms.RadioSelect
    )
    submit_label = gettext_lazy("Upload")

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(owners) == 1:
            del self.fields["owner"]
        else:
            self.fields["owner"].choices = owners
        self.owner = owners[0][0]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            refuse_large(file.size or 0)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        return file
