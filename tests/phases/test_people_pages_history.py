"""The log of a project in words."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.policy import ProjectRole
from audit.models import AuditEvent
from audit.services import record_event
from phases.history import HistoryKind
from phases.services import close_phase, propose_appointment
from projects.services import add_member


@pytest.fixture
def history_url(project):
    return reverse("phases:history", args=[project.pk])


@pytest.fixture
def busy(project, municipality):
    """Something of several kinds has happened since the project started."""
    propose_appointment(
        project=project,
        role=ProjectRole.OWNER,
        user=municipality.employee,
        actor=municipality.leader,
    )
    close_phase(
        project=project, phase_key="anchoring", sentence="Ferdig.", actor=municipality.leader
    )


def texts(response):
    return [placed.line.text for day in response.context["days"] for placed in day.lines]


@pytest.mark.parametrize("who", ["leader", "member", "reader", "manager", "director", "admin"])
def test_everybody_in_the_project_reads_the_history(client_for, municipality, history_url, who):
    response = client_for(getattr(municipality, who)).get(history_url)
    assert texts(response) == [
        "Petter Prosjektleder gave Lise Leser the role reader.",
        "Petter Prosjektleder gave Mats Medlem the role project member.",
        "Petter Prosjektleder gave Dagny Direktør the role project owner.",
        "Petter Prosjektleder gave Mona Mellomleder the role line manager.",
        "Petter Prosjektleder created the project.",
    ]


def test_strangers_get_404(client_for, municipality, neighbour, history_url):
    superuser = User.objects.create_superuser("root@veikart.test", "x", name="Rot")
    for who in (municipality.employee, neighbour.admin, superuser):
        assert client_for(who).get(history_url).status_code == 404


def test_nothing_of_another_project_stands_here(
    client_for, municipality, project, other_project, history_url
):
    add_member(
        project=other_project,
        user=municipality.employee,
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    assert "Anne Ansatt" not in " ".join(texts(client_for(municipality.leader).get(history_url)))


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("gates", []),
        ("steps", ["Petter Prosjektleder closed Anchoring without a decision."]),
        ("tools", []),
        ("project", ["Petter Prosjektleder created the project."]),
        ("reports", []),
    ],
)
def test_the_history_is_narrowed_to_a_kind(
    client_for, municipality, busy, history_url, kind, found
):
    response = client_for(municipality.reader).get(history_url, {"kind": kind})
    assert (response.context["kind"], texts(response)) == (HistoryKind(kind), found)
    assert ("Nothing of this kind yet" in response.content.decode()) is (found == [])


def test_people_are_a_kind_of_their_own(client_for, municipality, busy, history_url):
    response = client_for(municipality.reader).get(history_url, {"kind": "people"})
    assert texts(response)[0] == "Petter Prosjektleder proposed Anne Ansatt as project owner."
    assert len(texts(response)) == 5


@pytest.mark.parametrize("kind", ["", "king", "GATES", "%"])
def test_an_unknown_kind_shows_everything(client_for, municipality, history_url, kind):
    response = client_for(municipality.reader).get(history_url, {"kind": kind})
    assert (response.context["kind"], len(texts(response))) == (None, 5)


def test_a_kind_is_not_confused_with_one_that_begins_alike(
    client_for, municipality, project, history_url
):
    for action in ("gate_mode.set", "gated.x", "projector.y"):
        record_event(
            actor=municipality.leader,
            action=action,
            target=project,
            project_number=project.pk,
            phase="anchoring",
            mode="advisory",
        )
    client = client_for(municipality.reader)
    assert {
        kind: len(texts(client.get(history_url, {"kind": kind}))) for kind in ("gates", "project")
    } == {"gates": 1, "project": 1}


def test_what_is_not_known_is_told_with_its_code(client_for, municipality, project, history_url):
    record_event(
        actor=None, action="moon.landed", target=project, project_number=project.pk, user=10**9
    )
    response = client_for(municipality.reader).get(history_url)
    assert "moon.landed" in texts(response)[0]


def test_lines_stand_under_their_day_in_local_time(
    client_for, municipality, project, history_url, settings, monkeypatch
):
    settings.TIME_ZONE = "Europe/Oslo"
    late = datetime.datetime(2026, 1, 12, 22, 59, tzinfo=datetime.UTC)
    past_midnight = datetime.datetime(2026, 1, 12, 23, 1, tzinfo=datetime.UTC)
    for moment in (late, past_midnight):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        record_event(
            actor=municipality.leader,
            action="project.updated",
            target=project,
            project_number=project.pk,
            fields=["goal"],
        )
    monkeypatch.undo()
    response = client_for(municipality.reader).get(history_url, {"kind": "project"})
    days = [(day.on, len(day.lines)) for day in response.context["days"]][-2:]
    assert days == [(datetime.date(2026, 1, 13), 1), (datetime.date(2026, 1, 12), 1)]


def test_the_history_comes_in_pages_that_keep_the_kind(
    client_for, municipality, project, history_url
):
    for _number in range(51):
        record_event(
            actor=municipality.leader,
            action="project.updated",
            target=project,
            project_number=project.pk,
            fields=["goal"],
        )
    client = client_for(municipality.reader)
    first = client.get(history_url, {"kind": "project"})
    last = client.get(history_url, {"kind": "project", "page": "2"})
    assert (len(texts(first)), len(texts(last))) == (50, 2)
    assert "?kind=project&amp;page=2" in first.content.decode()
    assert len(texts(client.get(history_url, {"page": "x"}))) == 50


def test_the_history_writes_nothing_and_takes_no_post(client_for, municipality, history_url):
    assert client_for(municipality.leader).post(history_url).status_code == 405
    assert AuditEvent.objects.filter(action__startswith="history").count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_history_costs_the_same_for_one_line_more_and_for_three(
    client_for, municipality, neighbour, project, history_url, count, django_assert_num_queries
):
    for person in (neighbour.member, neighbour.reader, neighbour.employee)[:count]:
        add_member(project=project, user=person, role=ProjectRole.READER, actor=municipality.leader)
    client = client_for(municipality.leader)
    client.get(history_url)
    with django_assert_num_queries(29):
        response = client.get(history_url)
    assert len(texts(response)) == 5 + count


def test_what_the_method_no_longer_has_is_told_without_a_link(
    client_for, municipality, project, history_url
):
    """After a move, or when the organisation has hidden a step."""
    there = {
        "phase.closed_without_decision": {"phase": "anchoring"},
        "step.updated": {"step": "plan-pilot", "fields": []},
        "slot.updated": {"slot": "analysis"},
        "sheet.saved": {"tool": "ark-analysis", "worksheet": "analysis"},
    }
    gone = {
        "phase.closed_without_decision": {"phase": "dreaming"},
        "step.updated": {"step": "dream", "fields": []},
        "slot.updated": {"slot": "dreams"},
        "sheet.saved": {"tool": "dreams", "worksheet": "dreams"},
    }
    for details in (there, gone):
        for action, named in details.items():
            record_event(
                actor=municipality.leader,
                action=action,
                target=project,
                project_number=project.pk,
                **named,
            )
    client = client_for(municipality.reader)

    page = client.get(history_url)

    urls = [placed.url for day in page.context["days"] for placed in day.lines]
    assert [bool(url) for url in urls[:8]] == [False] * 4 + [True] * 4
    assert {client.get(url, follow=True).status_code for url in urls if url} == {200}
    overview = client.get(reverse("phases:project", args=[project.pk]))
    assert [bool(change.url) for change in overview.context["changes"]][:4] == [False] * 4
    assert 'href=""' not in page.content.decode() + overview.content.decode()
