"""Ways into the pages of a gate, and what stands on them."""

from django.contrib.messages import get_messages
from django.urls import reverse

from phases.models import CriterionAnswer


def gate_url(project, phase="anchoring", page="gate", *more):
    return reverse(f"phases:{page}", args=[project.pk, phase, *more])


def opened(page):
    """What the browser would send back untouched."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields if name != "evidence_file"}
    return {name: "" if value is None else value for name, value in fields.items()}


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def links(page):
    """The findings of the gate page as (severity, text, address)."""
    return [
        (line.severity, line.text, line.url)
        for line in (*page.context["musts"], *page.context["shoulds"])
    ]


def answer_of(project, key="problem-stated"):
    return CriterionAnswer.objects.get(project_phase__project=project, criterion_key=key)
