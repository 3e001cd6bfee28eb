"""The log in words."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from audit.models import AuditEvent
from phases.changes import latest_changes, place_of, row_names
from phases.selectors import walk_of
from projects import history
from projects.history import Names, lines_of, sentence_of, without_repeats


def event(action, actor=None, target_type="projects.project", **details):
    return AuditEvent(
        action=action, actor=actor, target_type=target_type, target_number=1, details=details
    )


@pytest.fixture
def names(project, municipality):
    return Names(walk_of(project).catalogue, {municipality.member.pk: "Mats Medlem"})


def test_every_action_about_a_project_has_a_sentence(names, municipality):
    """Actions are found in the code that records them, so that a new one is not forgotten."""
    root = Path(settings.BASE_DIR)
    recorded = {
        action
        for app in ("phases", "projects", "tools")
        for path in (root / app).rglob("*.py")
        for action in re.findall(r"[\"']([a-z_]+\.[a-z_]+)[\"']", _calls(path.read_text()))
    }
    told = {key.partition(":")[0] for key in history._SENTENCES}

    # The organisation's own rule, and people who are erased, belong to no project.
    assert recorded - told == {"gate.person_erased", "gate_mode.set_for_organisation"}


def _calls(text):
    found = re.findall(r"(?:action=|_record\()(.*)", text)
    at_gates = re.findall(r"record_at_gate\(([^)]*)\)", text)
    return "\n".join(line for line in (*found, *at_gates) if '"' in line)


def test_sentences_name_people_steps_and_phases(names, municipality, project):
    leader = municipality.leader
    walk = walk_of(project)
    step = walk.step("plan-pilot").entry
    phase = walk.phase("piloting").entry
    slot = walk.catalogue.slots[0]
    criterion = phase.gate.criteria[0]

    said = [
        sentence_of(each, names)
        for each in (
            event("project.created", leader),
            event("project.updated", leader, fields=["name", "goal"]),
            event("project.status_set", leader, status="paused"),
            event("membership.started", leader, user=municipality.member.pk, role="member"),
            event("step.updated", leader, step=step.key, status="done", fields=["status"]),
            event("step.updated", leader, step=step.key, status="done", fields=["notes"]),
            event("gate.decided", leader, phase=phase.key, outcome="back"),
            event("gate_mode.set", leader, phase=phase.key, mode="off"),
            event("criterion.answered", leader, criterion=criterion.key, status="met"),
            event("slot.updated", leader, slot=slot.key),
            event("row.created", leader, target_type="benefits.benefit"),
            event("something.new", None),
        )
    ]

    assert said == [
        "Petter Prosjektleder created the project.",
        "Petter Prosjektleder changed the project: name and goal.",
        "The project was paused by Petter Prosjektleder.",
        "Petter Prosjektleder gave Mats Medlem the role project member.",
        f"Petter Prosjektleder finished step 4.1 {step.title}.",
        f"Petter Prosjektleder worked on step 4.1 {step.title}.",
        f"Petter Prosjektleder decided on {phase.title}: Back to earlier work.",
        f"Petter Prosjektleder changed how binding the gate of {phase.title} is: No gate.",
        f"Petter Prosjektleder answered “{criterion.title}”.",
        f"Petter Prosjektleder wrote about {slot.title}.",
        "Petter Prosjektleder added: benefit.",
        "Veikart changed something (something.new).",
    ]


def test_a_sentence_stands_without_names_and_with_codes_that_are_gone():
    assert [
        sentence_of(event("step.updated", step="gone", status="done", fields=[])),
        sentence_of(event("row.deleted", target_type="gone.row")),
        sentence_of(event("membership.ended", user=99, role="gone")),
    ] == [
        "Veikart worked on gone.",
        "Veikart deleted: gone.row.",
        "Veikart ended the role gone of somebody.",
    ]


def test_lines_cost_one_query_for_the_people(project, other_project, django_assert_num_queries):
    events = list(
        AuditEvent.objects.filter(project_number__in=[project.pk, other_project.pk]).select_related(
            "actor"
        )
    )
    projects = [project, other_project]
    walk_of(project)

    with django_assert_num_queries(1):
        lines = lines_of(events, projects)

    assert [line.event for line in lines] == events
    assert "Petter Prosjektleder gave Mats Medlem the role project member." in {
        line.text for line in lines
    }


def test_what_repeats_itself_is_told_once(municipality):
    first, again, other = (
        event("step.updated", municipality.leader, step="a", fields=["notes"]),
        event("step.updated", municipality.leader, step="a", fields=["due_on"]),
        event("step.updated", municipality.member, step="a", fields=["due_on"]),
    )

    assert without_repeats([first, again, other, again]) == [first, other, again]


def test_changes_of_other_projects_are_not_told(project, foreign_project, municipality):
    found = latest_changes([project], limit=50)

    assert {change.project for change in found} == {project}
    assert latest_changes([], limit=50) == []


def test_every_change_has_a_place(project):
    for change in latest_changes([project], limit=50):
        assert change.url.startswith(f"/prosjekter/{project.pk}/")
    assert place_of(event("something.new"), project) == f"/prosjekter/{project.pk}/historikk/"


def test_rows_are_called_what_their_tool_calls_them(project, municipality):
    made = event("row.created", municipality.leader, target_type="team.teamrole")

    assert sentence_of(made, Names(rows=row_names())) == (
        "Petter Prosjektleder added: person in a role."
    )
