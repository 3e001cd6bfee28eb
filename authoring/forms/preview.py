"""A worksheet's form as projects will meet it, drawn by the code that draws theirs."""

from typing import Any

from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string

from common.forms import PageForm
from methodology.enums import FieldKind
from methodology.parts import Address, Content, part_at
from methodology.worksheets import FieldEntry, WorksheetEntry, worksheet_of
from worksheets.formfields import Choosable, form_field
from worksheets.layout import Section

_NOT_WRITTEN_HERE = frozenset({FieldKind.READ, FieldKind.ROWS, FieldKind.PICTURE})


class _Shown(LayoutObject):
    """What is not written in the form itself: a table, a picture, a value that is read."""

    template = "authoring/sheet_block.html"

    def __init__(self, entry: FieldEntry) -> None:
        self.entry = entry
        self.fields: list[Any] = []

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string(self.template, {"entry": self.entry})


class SheetPreview:
    """The worksheet and its form. Nothing that is written in it is sent anywhere."""

    def __init__(self, worksheet: WorksheetEntry) -> None:
        self.worksheet = worksheet
        fields: dict[str, forms.Field] = {
            entry.key: form_field(
                entry, None, Choosable(), is_demanded=False, is_gate_field=entry.is_required
            )
            for entry in worksheet.fields
            if entry.kind not in _NOT_WRITTEN_HERE
        }
        self.form = type("PreviewForm", (PageForm,), fields)(auto_id="preview_%s")
        self.form.helper.form_tag = False
        self.form.helper.with_buttons = False
        self.form.helper.disable_csrf = True
        self.form.helper.mark_optional = False
        self.form.helper.layout = Layout(
            *(
                Section(
                    section,
                    *(
                        _Shown(entry) if entry.kind in _NOT_WRITTEN_HERE else entry.key
                        for entry in section.fields
                    ),
                )
                for section in worksheet.sections
            )
        )


def sheet_preview(content: Content, address: Address) -> SheetPreview | None:
    """The worksheet around a part; ``None`` for parts that stand in none."""
    if address[:1] != ("worksheets",):
        return None
    return SheetPreview(worksheet_of(part_at(content, address[:2])))
