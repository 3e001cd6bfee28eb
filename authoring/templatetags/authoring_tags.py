"""Small marks of the editor's pages."""

from collections.abc import Sequence
from typing import Any

from django import template

from authoring.labels import language_name

register = template.Library()


@register.inclusion_tag("authoring/lacks.html")
def lacks(languages: Sequence[str]) -> dict[str, Any]:
    """``lacks sv, en``, with the languages in full for those who hear it; nothing for none."""
    return {
        "codes": ", ".join(languages),
        "names": ", ".join(language_name(code).lower() for code in languages),
    }
