"""Moving a project to another version of its method: everything is told first, nothing is lost."""

import copy
import datetime

import pytest
from django.conf import settings
from django.utils import translation

from audit.models import AuditEvent
from common.outcomes import Denied, Refusal, StaleRow
from methodology.compare import Part, What
from methodology.enums import GateOutcome
from methodology.files import hash_of
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.services import load_method_version, overlaying
from phases.enums import AnswerStatus, StepStatus
from phases.gates import DecisionDraft
from phases.kept import kept_of
from phases.models import CriterionAnswer, ProjectStep
from phases.readiness import readiness_of
from phases.selectors import walk_of
from phases.services import (
    answer_criterion,
    decide_gate,
    move_project,
    plan_move,
    start_project,
    update_step,
)
from projects.history import lines_of
from projects.models import Project
from projects.services import set_project_status
from tests.walk_fixtures import round_of


@pytest.fixture
def versions(db):
    """Both versions of KS' Veikart as they are shipped, the second published."""
    for number in (1, 2):
        if not MethodVersion.objects.filter(method__key="ks-veikart", number=number).exists():
            load_method_version(settings.METHOD_FILES / "ks-veikart" / str(number))
    return {
        each.number: each
        for each in MethodVersion.objects.filter(method__key="ks-veikart").select_related("method")
    }


@pytest.fixture
def project(versions, municipality):
    """On the first version, with work in it."""
    return start_project(
        unit=municipality.home_care,
        name="Digitalt tilsyn",
        problem="Nattbesøk vekker.",
        goal="Ro om natten.",
        method_version=versions[1],
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        leader=municipality.leader,
        actor=municipality.leader,
    ).project


def fresh(project):
    return Project.objects.select_related("organisation", "unit").with_method().get(pk=project.pk)


def move(project, version, actor, overlay=None):
    return move_project(
        project=project,
        version=version,
        overlay=overlay,
        actor=actor,
        expected_version=fresh(project).row_version,
    )


def write_notes(project, step_key, actor, notes="Snakket med ombudet."):
    step = ProjectStep.objects.get(project=project, step_key=step_key)
    step.project = project
    step.status, step.notes = StepStatus.IN_PROGRESS, notes
    update_step(step=step, actor=actor, changed=["status", "notes"])


def version_with(version, number, change):
    """A published version made from another by ``change(content)``."""
    content = copy.deepcopy(version.document.content)
    content["version"] = number
    change(content)
    made = MethodVersion.objects.create(method=version.method, number=number)
    VersionDocument.objects.create(version=made, content=content)
    MethodVersion.objects.filter(pk=made.pk).update(
        status="published", content_hash=hash_of(content)
    )
    return MethodVersion.objects.select_related("method").get(pk=made.pk)


def overlay_for(place, version, write):
    draft = overlaying.draft_from_newest(
        organisation=place.organisation, method=version.method, actor=place.admin
    )
    write(draft, version.document.content)
    return overlaying.publish_overlay(
        draft=draft, version=version, content=version.document.content, actor=place.admin
    )


def change_of(plan, part, key):
    return next(change for change in plan.changes if (change.part, change.key) == (part, key))


# --- from the first version to the second -----------------------------------------------------


def test_the_plan_tells_all_that_is_new_changed_and_gone(project, versions):
    with translation.override("nb"):
        plan = plan_move(project=project, version=versions[2])

    assert plan.outcome
    assert plan.homeless == 0
    counts = dict(plan.counts)
    assert counts[What.NEW] > 0
    assert counts[What.CHANGED] > 0
    new_sheets = [each for each in plan.changes if each.part is Part.WORKSHEET]
    assert {each.what for each in new_sheets} == {What.NEW}
    # A worksheet that is new stands for its fields.
    assert not [each for each in plan.changes if each.part is Part.FIELD]


def test_everything_is_kept_when_a_project_is_moved(project, versions, municipality):
    leader = municipality.leader
    steps = [step.step_key for step in ProjectStep.objects.filter(project=project)]
    for key in steps:
        write_notes(project, key, leader, notes=f"Om {key}")
    answer_criterion(
        answer=CriterionAnswer(
            project_phase=round_of(project, "anchoring"),
            criterion_key="problem-stated",
            status=AnswerStatus.MET,
        ),
        actor=leader,
    )

    moved = move(project, versions[2], leader)

    walk = walk_of(fresh(project))
    assert (moved.method_version, walk.catalogue.number) == (versions[2], 2)
    shown = {
        step.entry.key: step.row.notes
        for phase in walk.phases
        for step in phase.steps
        if step.row.notes
    }
    kept = {each.notes for each in kept_of(walk).steps}
    assert set(shown.values()) | kept == {f"Om {key}" for key in steps}
    assert CriterionAnswer.objects.get().status == AnswerStatus.MET
    assert ProjectStep.objects.filter(project=project).count() >= len(walk.catalogue.steps)
    assert walk.current.entry.key == "anchoring"


def test_a_move_is_written_down_and_told_in_words(project, versions, municipality):
    move(project, versions[2], municipality.leader)

    event = AuditEvent.objects.get(action="project.moved")
    assert (event.actor, event.project_number, event.details) == (
        municipality.leader,
        project.pk,
        {
            "method": "ks-veikart",
            "version": 2,
            "overlay": None,
            "from_version": 1,
            "from_overlay": None,
        },
    )
    (line,) = lines_of([event], [fresh(project)])
    assert line.text == "Petter Prosjektleder moved the project from version 1 to version 2."


def test_moving_back_is_moving_too(project, versions, municipality):
    before = set(ProjectStep.objects.filter(project=project).values_list("pk", flat=True))
    move(project, versions[2], municipality.leader)
    moved = move(project, versions[1], municipality.leader)

    assert moved.method_version == versions[1]
    assert before <= set(ProjectStep.objects.filter(project=project).values_list("pk", flat=True))


# --- what loses its place ---------------------------------------------------------------------


def without_step(key):
    def change(content):
        for phase in content["phases"]:
            phase["steps"] = [step for step in phase["steps"] if step["key"] != key]
            for number, step in enumerate(phase["steps"], start=1):
                step["number"] = number

    return change


def test_a_step_that_is_gone_keeps_its_notes_and_says_so(project, versions, municipality):
    key = walk_of(project).phases[0].steps[0].entry.key
    title = walk_of(project).phases[0].steps[0].entry.title
    write_notes(project, key, municipality.leader)
    target = version_with(versions[1], 8, without_step(key))

    plan = plan_move(project=project, version=target)
    gone = change_of(plan, Part.STEP, key)
    assert (gone.what, gone.has, gone.becomes, gone.is_homeless, plan.homeless) == (
        What.GONE,
        "In progress, with notes",
        "It is kept, and shown under “Kept from earlier versions”.",
        True,
        1,
    )
    move(project, target, municipality.leader)
    kept = kept_of(walk_of(fresh(project)))
    assert [(each.title, each.notes) for each in kept.steps] == [(title, "Snakket med ombudet.")]

    move(project, versions[1], municipality.leader)
    assert not kept_of(walk_of(fresh(project)))


def test_an_answer_whose_criterion_is_gone_is_kept(project, versions, municipality):
    answer_criterion(
        answer=CriterionAnswer(
            project_phase=round_of(project, "anchoring"),
            criterion_key="problem-stated",
            status=AnswerStatus.MET,
            comment="Se notatet.",
        ),
        actor=municipality.leader,
    )

    def change(content):
        gate = content["phases"][0]["gate"]
        gate["criteria"] = [each for each in gate["criteria"] if each["key"] != "problem-stated"]

    target = version_with(versions[1], 8, change)
    gone = change_of(plan_move(project=project, version=target), Part.CRITERION, "problem-stated")
    assert (gone.what, gone.has, gone.is_homeless) == (What.GONE, "Answered: Met", True)

    move(project, target, municipality.leader)
    (kept,) = kept_of(walk_of(fresh(project))).answers
    assert (kept.status, kept.comment) == (AnswerStatus.MET, "Se notatet.")


def test_old_and_new_text_of_a_criterion_stand_side_by_side(project, versions):
    def change(content):
        criterion = content["phases"][0]["gate"]["criteria"][0]
        criterion["guidance"]["nb"] = "Skrevet på nytt."
        criterion["guidance"]["sv"] = "Bara på svenska."

    target = version_with(versions[1], 8, change)
    old = versions[1].document.content["phases"][0]["gate"]["criteria"][0]
    with translation.override("nb"):
        (changed,) = plan_move(project=project, version=target).changes
    assert (changed.what, changed.key) == (What.CHANGED, old["key"])
    (words,) = changed.words
    assert (words.field, words.old, words.new) == (
        "guidance",
        old["guidance"]["nb"],
        "Skrevet på nytt.",
    )


def test_a_reader_is_not_told_of_changes_in_other_languages(project, versions):
    def change(content):
        content["phases"][0]["steps"][0]["why"]["sv"] = "Bara på svenska."

    target = version_with(versions[1], 8, change)
    assert plan_move(project=project, version=target).changes == ()
    with translation.override("sv"):
        assert len(plan_move(project=project, version=target).changes) == 1


def test_a_renamed_step_is_called_both(project, versions):
    def change(content):
        content["phases"][0]["steps"][0]["title"]["en"] = "Find somebody who owns it"

    target = version_with(versions[1], 8, change)
    (renamed,) = plan_move(project=project, version=target).changes
    step = walk_of(project).phases[0].steps[0].entry
    assert (renamed.what, renamed.name, renamed.was) == (
        What.RENAMED,
        "1.1 Find somebody who owns it",
        f"1.1 {step.title}",
    )


def test_filled_fields_of_a_worksheet_are_followed(project, versions, municipality):
    move(project, versions[2], municipality.leader)
    sheet = versions[2].document.content["worksheets"][0]
    field = sheet["sections"][0]["fields"][0]["key"]

    plan = plan_move(project=fresh(project), version=versions[1], filled={(sheet["key"], field)})
    gone = change_of(plan, Part.WORKSHEET, sheet["key"])
    assert (gone.what, gone.has, gone.is_homeless) == (
        What.GONE,
        "1 field is filled in",
        True,
    )


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
        plan_move(project=project, version=versions[1], overlay=overlay), Part.CRITERION, key
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
        plan_move(project=project, version=versions[1], overlay=overlay), Part.STEP, step.key
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


# --- queries ----------------------------------------------------------------------------------


def test_a_plan_takes_the_same_queries_however_much_is_written(
    project, versions, municipality, django_assert_num_queries
):
    project = fresh(project)
    plan_move(project=project, version=versions[2])
    with django_assert_num_queries(9):
        plan_move(project=project, version=versions[2])
    for step in ProjectStep.objects.filter(project=project):
        write_notes(project, step.step_key, municipality.leader)
    project = fresh(project)
    with django_assert_num_queries(9):
        plan_move(project=project, version=versions[2])
