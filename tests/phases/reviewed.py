"""A submission to read and to decide on, and what its pages say."""

import datetime
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit, Change
from phases.enums import AnswerStatus
from phases.models import CriterionAnswer, GateDecision, ProjectPhase
from phases.selectors import walk_of
from phases.services import answer_criterion
from tools.services import save_row


@pytest.fixture
def submission(project, municipality, submit):
    """The first phase, submitted with one benefit and one answer."""
    change = save_row(
        row=Change(project=project, process="Nattilsyn", description="Sensor før besøk"),
        actor=municipality.leader,
    )
    save_row(
        row=Benefit(
            project=project,
            title="Færre nattbesøk",
            category="avoided_cost",
            change=change,
            amount_per_year=850_000,
            hours_per_year=1_200,
        ),
        actor=municipality.leader,
    )
    answer_criterion(
        answer=CriterionAnswer(
            project_phase=ProjectPhase.objects.get(project=project, phase_key="anchoring"),
            criterion_key=walk_of(project).phase("anchoring").gate.criteria[0].key,
            status=AnswerStatus.MET,
            comment="Tolv av tjue sover dårlig.",
        ),
        actor=municipality.leader,
    )
    return submit(project, municipality.leader)


def refused_go(page):
    """What stands at a plain go when it cannot be chosen."""
    return [option.why_not for option in page.context["options"] if option.value == "go"]


@pytest.fixture
def review_url(project, submission):
    return reverse("phases:review", args=[project.pk, submission.pk])


@pytest.fixture
def decide_url(project, submission):
    return reverse("phases:decide", args=[project.pk, submission.pk])


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def main_part(page):
    """The content without the project's frame, which shows today."""
    content = page.content.decode()
    found = re.search(r'<div class="with-menu-content">(.*)</main>', content, re.S)
    assert found
    return re.sub(r'value="[^"]{64}"', "", found.group(1))


def conditions(**changes):
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    return {
        "outcome": "go_with_conditions",
        "rationale": "Grunnlaget er godt.",
        "condition_rows": "3",
        "condition-0-text": "Avklar personvern",
        "condition-0-owner": "",
        "condition-0-due_on": tomorrow,
        **changes,
    }


def confirm(client, decide_url, sent):
    """Look, and then send exactly what the confirmation page carries."""
    page = client.post(decide_url, {**sent, "action": "look"})
    assert GateDecision.objects.count() == 0
    carried: dict[str, list[str]] = {}
    for name, value in page.context["carried"]:
        carried.setdefault(name, []).append(value)
    return page, client.post(decide_url, {**carried, "action": "confirm"})
