"""What has changed since a decision, on the pages that lead there."""

from typing import Any

from django import template
from django.template.context import Context

from phases.frame import frame_of
from phases.models import GateDecision
from phases.since import decisions_with_records, since_decision

register = template.Library()


@register.inclusion_tag("phases/since_line.html", takes_context=True)
def since_last_decision(context: Context, number: int | None = None) -> dict[str, Any]:
    """One line on how much has changed in ``project`` since the decision ``number``, or since its
    last; nothing when there is none, or nothing has changed. Sixteen queries besides those of the
    frame."""
    project = context["project"]
    decisions = decisions_with_records(project)
    decision = (decisions.filter(pk=number) if number else decisions).first()
    if decision is None:
        return {"since": None}
    frame = frame_of(context["request"], project)
    return {"project": project, "since": since_decision(frame.walk, decision, frame.tools)}


@register.inclusion_tag("phases/since_section.html", takes_context=True)
def changed_since(context: Context, decision: GateDecision) -> dict[str, Any]:
    """The first of what has changed in ``project`` since ``decision``, which comes with its record
    and its submission's."""
    frame = frame_of(context["request"], context["project"])
    return {
        "project": context["project"],
        "decision": decision,
        "since": since_decision(frame.walk, decision, frame.tools),
    }
