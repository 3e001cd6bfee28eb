"""The project's header and side menu, and figures of tools on overviews."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from common.templatetags.ui import amount, kroner
from phases.frame import (
    current_label,
    frame_of,
    header_status,
    menu_items,
    phase_marks,
)
from phases.models import GateRecord
from phases.services.correcting import corrections_of, may_correct
from tools.contract import ColumnKind, Fact

register = template.Library()


@register.inclusion_tag("components/phase_line.html", takes_context=True)
def project_header(context: Context) -> dict[str, Any]:
    """Name, state, case number and the line of phases of ``project``."""
    project = context["project"]
    walk = frame_of(context["request"], project).walk
    return {
        "project": project,
        "status": header_status(walk),
        "marks": phase_marks(walk),
        "current_label": current_label(walk),
        "phases_word": capfirst(walk.catalogue.word("phase", "plural")),
    }


@register.inclusion_tag("components/side_menu.html", takes_context=True)
def project_menu(context: Context) -> dict[str, Any]:
    """The ways inside ``project``, with what is being looked at marked."""
    request = context["request"]
    return {"items": menu_items(frame_of(request, context["project"]), request)}


@register.inclusion_tag("phases/corrections.html", takes_context=True)
def record_corrections(context: Context, record: GateRecord) -> dict[str, Any]:
    """The corrections of what was submitted or decided, and the way to another one for those who
    may write it. Six queries at most; ``record`` comes with its submission or decision."""
    project = context["project"]
    record.project = project
    return {
        "project": project,
        "record": record,
        "corrections": corrections_of(record),
        "may_correct": may_correct(record, context["access"].user),
    }


@register.filter
def fact_value(fact: Fact) -> str | SafeString:
    """A figure with its unit. One that is not known is shown as a gap, zero as 0."""
    if fact.value is None:
        return format_html('<span class="gap">{}</span>', _("not known"))
    if fact.kind == ColumnKind.MONEY:
        return kroner(fact.value)
    if fact.kind == ColumnKind.PERCENT:
        return f"{amount(fact.value)}\u00a0%"
    return f"{amount(fact.value)} {fact.unit}".strip()
