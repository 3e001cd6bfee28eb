"""The few layout objects that our forms need beside crispy's own."""

from typing import Any

from crispy_forms.layout import Div, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string
from django.utils.functional import Promise


class Columns(Div):
    """Fields side by side where there is room, below each other on a phone."""

    css_class = "form-columns"


class Details(LayoutObject):
    """Fields folded away under ``summary``.

    It stands open when asked to, and always when one of its fields has an error.
    """

    template = "designsystemet/layout/details.html"

    def __init__(
        self, summary: str | Promise, *fields: Any, css_id: str = "", is_open: bool = False
    ) -> None:
        self.summary = summary
        self.fields = list(fields)
        self.css_id = css_id
        self.is_open = is_open

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        names = {pointer.name for pointer in self.get_field_names()}
        return render_to_string(
            self.template,
            {
                "summary": self.summary,
                "css_id": self.css_id,
                "is_open": self.is_open or bool(names & set(form.errors)),
                "fields": self.get_rendered_fields(form, context, template_pack, **kwargs),
            },
        )
