"""How a worksheet's form is laid out.

Titles are content of methods: they go into templates as values. Crispy's own fieldset would run
them as templates.
"""

from typing import Any

from crispy_forms.layout import LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string

from methodology.worksheets import FieldEntry, SectionEntry
from worksheets.dossier import SheetField


class Section(LayoutObject):
    """A section of the worksheet with its fields."""

    template = "worksheets/form_section.html"

    def __init__(self, section: SectionEntry, *fields: Any) -> None:
        self.section = section
        self.fields = list(fields)

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(self.template, {"section": self.section, "fields": fields})


class Block(LayoutObject):
    """What is not written in this form, shown in its place: a table, a picture, a value that is
    read."""

    template = "worksheets/form_block.html"

    def __init__(self, entry: FieldEntry, field: SheetField | None) -> None:
        self.entry = entry
        self.field = field
        self.fields: list[Any] = []

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string(self.template, {"entry": self.entry, "field": self.field})
