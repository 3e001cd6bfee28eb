"""The form of a worksheet, of one of its rows, and of a picture."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm
from common.identity_numbers import refuse_identity_numbers
from common.versioned_forms import MergingFormMixin
from methodology.enums import FieldKind
from methodology.worksheets import FieldEntry, WorksheetEntry
from tools.contract import ProjectContext
from worksheets.dossier import WorksheetDossier
from worksheets.findings import is_asked_for
from worksheets.formfields import (
    Choosable,
    form_field,
    initial_of,
    stored_of,
    written_in_forms,
)
from worksheets.layout import Block, Section
from worksheets.pictures import open_picture
from worksheets.values import value_of

# Cannot be the key of a field: those have no hyphen.
ROW_ID_FIELD = "row-id"


class AnswersForm(MergingFormMixin, PageForm):
    """Over values that lie in JSON. ``version`` is that of the sheet they are read from; 0 before
    the first save, so that two who begin at once are merged too."""

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened_values = forms.CharField(widget=forms.HiddenInput, required=False)
    submit_label = _("Save")
    entries: Sequence[FieldEntry] = ()

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        self.version = version
        super().__init__(*args, **kwargs)

    @property
    def stored_version(self) -> int:
        return self.version

    def _row_fields(self) -> list[str]:
        return [entry.key for entry in self.entries]

    @property
    def changes(self) -> dict[str, Any]:
        """What the person changed, as it is stored; ``None`` for what was emptied."""
        changed = set(self.changed_fields)
        return {
            entry.key: stored_of(entry, self.cleaned_data.get(entry.key))
            for entry in self.entries
            if entry.key in changed
        }


def _form_class(
    entries: Sequence[FieldEntry],
    answers: Mapping[str, Any],
    choosable: Choosable,
    context: ProjectContext,
    *,
    demands: bool,
    **others: forms.Field,
) -> type[AnswersForm]:
    """A form class for these fields. With ``demands`` the required ones are refused empty."""
    fields: dict[str, Any] = dict(others)
    for entry in entries:
        fields[entry.key] = form_field(
            entry,
            value_of(entry, answers),
            choosable,
            is_demanded=demands and is_asked_for(entry, context),
            is_gate_field=entry.is_required and not demands,
        )
    made = type("WrittenAnswersForm", (AnswersForm,), fields)
    # Not among the attributes above: a field may be called "entries".
    made.entries = entries
    return made


def sheet_form(
    data: Any,
    *,
    worksheet: WorksheetEntry,
    answers: Mapping[str, Any],
    version: int,
    dossier: WorksheetDossier,
    choosable: Choosable,
    context: ProjectContext,
    cancel_url: str = "",
) -> AnswersForm:
    """Everything in the worksheet that is no table, no picture and not read, section by section;
    the rest is shown in its place. What is required may still be saved empty."""
    entries = written_in_forms(worksheet.fields)
    made = _form_class(entries, answers, choosable, context, demands=False)(
        data,
        version=version,
        initial=_initial(entries, answers),
        cancel_url=cancel_url,
    )
    made.helper.mark_optional = False
    made.helper.layout = Layout(
        *(
            Section(
                section,
                *(
                    field.key
                    if field.kind not in {FieldKind.READ, FieldKind.ROWS, FieldKind.PICTURE}
                    else Block(field, dossier.field(field.key))
                    for field in section.fields
                ),
            )
            for section in worksheet.sections
        )
    )
    return made


def row_form(
    data: Any,
    *,
    field: FieldEntry,
    row: Mapping[str, Any],
    row_id: str,
    version: int,
    choosable: Choosable,
    context: ProjectContext,
    cancel_url: str = "",
) -> AnswersForm:
    """One row of a table, with its id in a hidden field: sent twice it is still one row."""
    row_id_field = forms.RegexField(r"^[0-9a-f]{12}$", widget=forms.HiddenInput, required=False)
    made = _form_class(
        written_in_forms(field.columns),
        row,
        choosable,
        context,
        demands=True,
        **{ROW_ID_FIELD: row_id_field},
    )(
        data,
        version=version,
        initial={**_initial(field.columns, row), ROW_ID_FIELD: row_id},
        cancel_url=cancel_url,
    )
    made.helper.second_submit_label = _("Save and add another")
    return made


def _initial(entries: Sequence[FieldEntry], answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        entry.key: initial_of(entry, value_of(entry, answers))
        for entry in written_in_forms(entries)
    }


class PictureForm(PageForm):
    """A picture and the words that stand in for it. The words of one that is there can be changed
    alone."""

    submit_label = _("Save")

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG or WebP. Where and with what it was taken is removed from the file."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=300,
        help_text=_(
            "One sentence for those who do not see it. It also stands where the picture cannot."
        ),
        validators=[refuse_identity_numbers],
    )

    def __init__(self, *args: Any, has_picture: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"].required = not has_picture
        if has_picture:
            self.fields["picture"].label = _("Another picture")

    def clean_picture(self) -> Any:
        """The picture made anew, or ``None`` when there is no new one."""
        file = self.cleaned_data.get("picture")
        return open_picture(file) if file else None
