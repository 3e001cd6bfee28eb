"""After the end: what is left to do is still worked on, and nothing else nags."""

import pytest
from django.urls import reverse
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.models import ProjectStep
from phases.rules import NextKind
from phases.selectors import walk_of
from projects.models import Project


@pytest.fixture
def stopped(project, municipality, submit, decide):
    due_on = timezone.localdate()
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Avklar personvern", municipality.member.pk, due_on),),
    )
    decide(
        submit(project, municipality.leader, GateOutcome.STOP),
        municipality.manager,
        GateOutcome.STOP,
        learnt="Tell før du leter.",
    )
    return Project.objects.get(pk=project.pk)


def closing_url(project, key="closing-learning"):
    return reverse("phases:closing_step", args=[project.pk, key])


def test_a_stopped_project_shows_what_is_left_to_do_and_asks_for_nothing_else(
    stopped, municipality, client_for
):
    page = client_for(municipality.leader).get(reverse("phases:project", args=[stopped.pk]))
    overview = page.context["overview"]
    assert (overview.next.kind, overview.next.text, overview.next.url) == (
        NextKind.CLOSING,
        "Write down what you have learnt",
        closing_url(stopped),
    )
    assert [step.entry.key for step in overview.closing.steps] == [
        "closing-learning",
        "closing-people",
        "closing-tidy",
        "closing-archive",
    ]
    assert (overview.readiness, overview.missing, overview.dates) == (None, (), ())
    content = page.content.decode()
    assert "To stop in time is good work." in content
    assert "0 of 4" in content


def test_a_closing_step_is_worked_on_after_the_stop(stopped, municipality, client_for):
    client = client_for(municipality.member)
    form = client.get(closing_url(stopped)).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    response = client.post(
        closing_url(stopped), {**sent, "status": "done", "notes": "Én side er skrevet."}
    )
    assert (response.status_code, response.url) == (
        302,
        reverse("phases:project", args=[stopped.pk]),
    )
    row = ProjectStep.objects.get(project=stopped, step_key="closing-learning")
    assert (row.status, row.notes, row.updated_by) == (
        "done",
        "Én side er skrevet.",
        municipality.member,
    )
    walk = walk_of(stopped)
    assert [step.is_settled for step in walk.closing] == [True, False, False, False]
    assert walk.former_steps == ()
    page = client.get(reverse("phases:project", args=[stopped.pk]))
    assert page.context["overview"].next.text == "Tell those who took part, and thank them"
    history = client.get(reverse("phases:history", args=[stopped.pk])).content.decode()
    assert "finished “Write down what you have learnt”." in history


def test_when_all_is_settled_the_project_is_laid_aside(stopped, municipality, client_for):
    for step in walk_of(stopped).closing:
        step.row.status = "done"
        step.row.save()
    page = client_for(municipality.leader).get(reverse("phases:project", args=[stopped.pk]))
    assert page.context["overview"].next.kind is NextKind.OVER
    assert "Thank you for seeing it through." in page.content.decode()


def test_steps_of_the_walk_are_not_locked_either(stopped, municipality, client_for):
    url = reverse("phases:step", args=[stopped.pk, "define-problem"])
    assert client_for(municipality.member).get(url).context["form"] is not None


def test_a_reader_sees_a_closing_step_and_may_not_write(stopped, municipality, client_for):
    client = client_for(municipality.reader)
    assert client.get(closing_url(stopped)).status_code == 200
    assert client.post(closing_url(stopped), {"status": "done"}).status_code == 403
    assert client.get(closing_url(stopped, "no-such-step")).status_code == 404


def test_before_the_end_the_overview_says_nothing_of_it(project, municipality, client_for):
    client = client_for(municipality.leader)
    overview = client.get(reverse("phases:project", args=[project.pk])).context["overview"]
    assert overview.closing is None
    assert client.get(closing_url(project)).status_code == 200


def test_a_stop_says_before_it_is_confirmed_what_is_still_done(
    project, municipality, client_for, submit
):
    submission = submit(project, municipality.leader, GateOutcome.STOP)
    page = client_for(municipality.manager).post(
        reverse("phases:decide", args=[project.pk, submission.pk]),
        {"outcome": "stop", "rationale": "Behovet er dekket.", "learnt": "Spør først."},
    )
    content = page.content.decode()
    assert "What is left to do is still done." in content
