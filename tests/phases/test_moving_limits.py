"""Moving a project: what is refused, what a submission and an adjustment make of it."""

import pytest

from audit.models import AuditEvent
from common.outcomes import Denied, Refusal, StaleRow
from methodology.compare import What
from methodology.enums import GateOutcome
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.parts import Kind
from methodology.services import overlaying
from phases.gates import DecisionDraft
from phases.kept import kept_of
from phases.readiness import readiness_of
from phases.selectors import walk_of
from phases.services import (
    decide_gate,
    move_project,
    plan_move,
)
from projects.history import lines_of
from projects.services import set_project_status
from tests.phases.moving import (
    change_of,
    fresh,
    move,
    overlay_for,
    project,
    version_with,
    versions,
    write_notes,
)

__all__ = ["project", "versions"]


# --- refused ----------------------------------------------------------------------------------


def reason_of(project, version, overlay=None):
    outcome = plan_move(project=project, version=version, overlay=overlay).outcome
    assert isinstance(outcome, Denied)
    return str(outcome.reason)


def test_a_move_that_cannot_be_is_refused_with_a_sentence(
    project, versions, municipality, neighbour
):
    def without_current(content):
        content["phases"] = content["phases"][1:]

    without = version_with(versions[1], 8, without_current)
    draft = MethodVersion.objects.create(method=versions[1].method, number=9)
    VersionDocument.objects.create(version=draft, content=versions[2].document.content)
    other = Method.objects.create(key="other")
    stranger = MethodVersion.objects.create(method=other, number=1)

    def write(overlay, content):
        overlaying.hide_step(
            draft=overlay,
            content=content,
            step_key=content["phases"][0]["steps"][0]["key"],
            reason="Nei.",
            actor=neighbour.admin,
        )

    foreign = overlay_for(neighbour, versions[1], write)

    assert {
        "draft": reason_of(project, draft),
        "other": reason_of(project, stranger),
        "same": reason_of(project, versions[1]),
        "foreign": reason_of(project, versions[2], foreign),
        "current": reason_of(project, without),
    } == {
        "draft": "This version of the method is a draft. Choose a published one.",
        "other": "This is another method. A project keeps its method all the way.",
        "same": "The project stands there already.",
        "foreign": "These adjustments belong to another organisation.",
        "current": f"The project is in “{walk_of(project).current.entry.title}”, which that "
        "version does not have. Finish it first, and move the project then.",
    }
    with pytest.raises(Refusal, match="another organisation"):
        move(project, versions[2], municipality.leader, foreign)
    set_project_status(project=project, status="closed", actor=municipality.leader)
    with pytest.raises(Refusal, match="The project is over"):
        move(project, versions[2], municipality.leader)
    assert fresh(project).method_version == versions[1]


def test_the_leader_and_the_administrator_move_and_nobody_else(project, versions, municipality):
    for person in (municipality.manager, municipality.director, municipality.employee):
        with pytest.raises(Refusal, match="The project leader or the organisation"):
            move(project, versions[2], person)
    move(project, versions[2], municipality.admin)
    assert fresh(project).method_version == versions[2]


def test_the_second_of_two_tabs_is_refused(project, versions, municipality):
    opened = fresh(project).row_version
    move(project, versions[2], municipality.leader)

    with pytest.raises(StaleRow, match="since you opened this page"):
        move_project(
            project=project,
            version=versions[1],
            overlay=None,
            actor=municipality.leader,
            expected_version=opened,
        )
    assert fresh(project).method_version == versions[2]


# --- the gate ---------------------------------------------------------------------------------


def test_what_is_submitted_is_decided_as_it_was_submitted(project, versions, municipality, submit):
    submission = submit(project, municipality.leader)
    sealed = bytes(submission.record.content)

    assert plan_move(project=project, version=versions[2]).has_open_submission
    move(project, versions[2], municipality.leader)
    decision = decide_gate(
        submission=submission,
        draft=DecisionDraft(GateOutcome.REWORK, "Mer arbeid trengs."),
        actor=municipality.manager,
    )

    submission.record.refresh_from_db()
    assert bytes(submission.record.content) == sealed
    assert decision.outcome == GateOutcome.REWORK
    assert walk_of(fresh(project)).current.entry.key == "anchoring"


def test_a_lowered_must_warns_and_does_not_block(project, versions, municipality):
    walk = walk_of(project)
    before = readiness_of(walk, walk.current).readiness
    gate = walk.current.gate
    key = next(item.criterion for item in before.blockers)

    def write(draft, content):
        overlaying.lower_criterion(
            draft=draft,
            content=content,
            gate_key=gate.key,
            criterion_key=key,
            reason="Ligger i kvalitetssystemet.",
            actor=municipality.admin,
        )

    overlay = overlay_for(municipality, versions[1], write)
    changed = change_of(
        plan_move(project=project, version=versions[1], overlay=overlay), Kind.CRITERION, key
    )
    assert [(each.label, each.old, each.new) for each in changed.words] == [
        ("Must or should", "Must", "Should"),
        ("Why it is lowered", "", "Ligger i kvalitetssystemet."),
    ]
    move(project, versions[1], municipality.leader, overlay)

    walk = walk_of(fresh(project))
    ready = readiness_of(walk, walk.current).readiness
    assert key not in [item.criterion for item in ready.blockers]
    assert key in [item.criterion for item in ready.warnings]


# --- adjustments ------------------------------------------------------------------------------


def test_a_hidden_step_with_notes_is_kept_and_shown(project, versions, municipality):
    step = walk_of(project).phases[0].steps[1].entry
    write_notes(project, step.key, municipality.leader)

    def write(draft, content):
        overlaying.hide_step(
            draft=draft,
            content=content,
            step_key=step.key,
            reason="Gjøres sentralt.",
            actor=municipality.admin,
        )

    overlay = overlay_for(municipality, versions[1], write)
    gone = change_of(
        plan_move(project=project, version=versions[1], overlay=overlay), Kind.STEP, step.key
    )
    assert (gone.what, gone.is_homeless) == (What.GONE, True)
    move(project, versions[1], municipality.leader, overlay)

    walk = walk_of(fresh(project))
    assert [each.key for each in walk.phases[0].entry.hidden_steps] == [step.key]
    assert [each.title for each in kept_of(walk).steps] == [step.title]


def test_adjustments_follow_the_method_to_its_next_version(project, versions, municipality):
    step = walk_of(project).phases[0].steps[1].entry

    def write(draft, content):
        overlaying.hide_step(
            draft=draft,
            content=content,
            step_key=step.key,
            reason="Gjøres sentralt.",
            actor=municipality.admin,
        )
        overlaying.save_note(
            draft=draft,
            content=content,
            kind="phase",
            key="anchoring",
            text={"nb": "Hos oss begynner det i ledermøtet."},
            actor=municipality.admin,
        )

    overlay = overlay_for(municipality, versions[1], write)
    move(project, versions[1], municipality.leader, overlay)
    move(project, versions[2], municipality.leader, overlay)

    catalogue = walk_of(fresh(project)).catalogue
    phase = catalogue.phase("anchoring")
    assert (catalogue.number, catalogue.overlay.number) == (2, 1)
    assert phase.texts.get("note") == "Hos oss begynner det i ledermøtet."
    assert step.key not in [each.key for each in phase.steps]


def test_adjustments_in_the_history(project, versions, municipality):
    def write(draft, content):
        overlaying.save_note(
            draft=draft,
            content=content,
            kind="phase",
            key="anchoring",
            text={"nb": "Hos oss."},
            actor=municipality.admin,
        )

    overlay = overlay_for(municipality, versions[1], write)
    move(project, versions[2], municipality.leader, overlay)
    (line,) = lines_of(AuditEvent.objects.filter(action="project.moved"), [fresh(project)])
    assert line.text == (
        "Petter Prosjektleder moved the project from version 1 to version 2 with adjustments 1."
    )
