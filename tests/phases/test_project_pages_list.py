"""The list of projects: who sees what, filters, and choosing some for a report."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from methodology.enums import GateOutcome
from phases.rules import NextKind
from phases.selectors import walk_of
from phases.services import close_phase

URL = "/prosjekter/"


def names(page):
    return [line.project.name for line in page.context["lines"]]


def test_the_list_holds_what_each_may_see(
    project, other_project, foreign_project, municipality, neighbour, client_for
):
    both = ["Digitalt tilsyn om natten", "Medisindispensere"]

    assert {
        who: names(client_for(getattr(municipality, who)).get(URL))
        for who in ("leader", "member", "reader", "manager", "director", "admin", "employee")
    } == {
        "leader": both,
        "member": both,
        "reader": both,
        "manager": both,
        "director": both,
        "admin": both,
        "employee": [],
    }
    assert names(client_for(neighbour.leader).get(URL)) == ["Naboens prosjekt"]


def test_a_line_says_where_the_project_is_and_what_comes_next(
    project, municipality, client_for, submit
):
    submission = submit(project, municipality.leader)

    (line,) = client_for(municipality.reader).get(URL).context["lines"]

    title = walk_of(project).phase("anchoring").entry.title
    assert (line.phase, line.is_submitted, line.next.kind, line.next.since, line.leaders) == (
        f"Phase 1, {title}",
        True,
        NextKind.WAIT,
        submission.submitted_at,
        (municipality.leader,),
    )


def test_filters_narrow_the_list_and_are_kept(
    project, other_project, municipality, client_for, submit
):
    submit(project, municipality.leader)
    close_phase(
        project=other_project, phase_key="anchoring", sentence="Ja.", actor=municipality.leader
    )
    client = client_for(municipality.leader)

    def found(**query):
        return names(client.get(URL, query))

    first, second = "Digitalt tilsyn om natten", "Medisindispensere"
    assert found(q="natten digitalt") == [first]
    assert found(q="2026/1482") == [first, second]
    assert found(q="hund") == []
    assert found(status="submitted") == [first]
    assert found(status="active") == [first, second]
    assert found(status="stopped") == []
    assert found(phase="anchoring") == [first]
    assert found(phase="insight") == [second]
    assert found(unit=municipality.top.pk) == [first, second]
    assert found(unit=municipality.home_care.pk, q="medisin") == [second]
    # What is not offered is left out rather than answered with an error.
    assert found(status="nonsense", unit="x", phase="'--", page="99") == [first, second]

    page = client.get(URL, {"q": "natten", "phase": "anchoring", "unit": municipality.top.pk})
    text = page.content.decode()
    assert page.context["filters"].data["q"] == "natten"
    assert 'value="natten"' in text
    assert '<option value="anchoring" selected>' in text
    assert f'<option value="{municipality.top.pk}" selected>' in text


def test_units_of_the_other_municipality_are_not_offered(
    project, foreign_project, municipality, neighbour, client_for
):
    page = client_for(municipality.leader).get(URL, {"unit": neighbour.top.pk})

    offered = {value for value, _label in page.context["filters"].fields["unit"].choices}
    assert offered == {
        "",
        municipality.top.pk,
        municipality.health.pk,
        municipality.home_care.pk,
    }
    assert names(page) == [project.name]


def test_projects_are_chosen_for_a_report(project, other_project, municipality, client_for):
    client = client_for(municipality.leader)

    response = client.get(
        URL, {"report": "1", "chosen": [project.pk, other_project.pk], "q": "natten"}
    )

    assert (response.status_code, response.url) == (
        302,
        f"{reverse('reports:order')}?projects={project.pk},{other_project.pk}",
    )


def test_choosing_none_says_so_and_keeps_the_filter(project, municipality, client_for):
    page = client_for(municipality.leader).get(URL, {"report": "1", "q": "natten"})

    text = page.content.decode()
    assert "Tick at least one project to order a report." in text
    assert '<input type="hidden" name="q" value="natten">' in text


def test_the_button_or_the_reason_why_not(project, municipality, client_for):
    create = reverse("phases:project_create")

    def page(who):
        return client_for(getattr(municipality, who)).get(URL).content.decode()

    assert create in page("leader")
    assert create in page("admin")
    assert create not in page("member")
    assert "Projects are created by those who have been given that task. Ask Astrid Admin." in page(
        "member"
    )


def test_the_list_has_pages(project, municipality, client_for, make_project, monkeypatch):
    monkeypatch.setattr("phases.views.projects.PROJECTS_PER_PAGE", 2)
    for name in ("Bibliotek", "Avisen"):
        make_project(name)
    client = client_for(municipality.leader)

    assert names(client.get(URL)) == ["Avisen", "Bibliotek"]
    assert names(client.get(URL, {"page": 2})) == ["Digitalt tilsyn om natten"]
    assert "page=2" in client.get(URL, {"q": "i"}).content.decode()


@pytest.mark.parametrize(("path", "count"), [(URL, 18), ("/", 31)])
def test_lists_ask_as_many_questions_for_three_projects_as_for_one(
    path, count, project, municipality, client_for, make_project, submit
):
    submit(project, municipality.leader)
    client = client_for(municipality.leader)
    client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for name in ("Bibliotek", "Avisen"):
        submit(make_project(name), municipality.leader)
    with CaptureQueriesContext(connection) as three:
        client.get(path)

    assert (len(one), len(three)) == (count, count)


def test_a_project_that_is_over_stays_in_the_list(
    project, municipality, client_for, submit, decide
):
    decide(
        submit(project, municipality.leader), municipality.manager, GateOutcome.STOP, learnt="Mye."
    )

    (line,) = client_for(municipality.leader).get(URL, {"status": "stopped"}).context["lines"]

    assert (line.phase, line.next.kind, line.next.text) == (
        "",
        NextKind.CLOSING,
        "Write down what you have learnt",
    )
