"""Moving a project to another version of its method: everything is told first, nothing is lost."""

from django.utils import translation

from audit.models import AuditEvent
from methodology.compare import What
from methodology.parts import Kind
from phases.enums import AnswerStatus
from phases.kept import kept_of
from phases.models import CriterionAnswer, ProjectStep
from phases.selectors import walk_of
from phases.services import (
    answer_criterion,
    plan_move,
)
from projects.history import lines_of
from tests.phases.moving import change_of, fresh, move, project, version_with, versions, write_notes
from tests.walk_fixtures import round_of

__all__ = ["project", "versions"]


# --- from the first version to the second -----------------------------------------------------


def test_the_plan_tells_all_that_is_new_changed_and_gone(project, versions):
    with translation.override("nb"):
        plan = plan_move(project=project, version=versions[2])

    assert plan.outcome
    assert plan.homeless == 0
    counts = dict(plan.counts)
    assert counts[What.NEW] > 0
    assert counts[What.CHANGED] > 0
    new_sheets = [each for each in plan.changes if each.part is Kind.WORKSHEET]
    assert {each.what for each in new_sheets} == {What.NEW}
    # A worksheet that is new stands for its fields.
    assert not [each for each in plan.changes if each.part is Kind.FIELD]


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
    gone = change_of(plan, Kind.STEP, key)
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
    gone = change_of(plan_move(project=project, version=target), Kind.CRITERION, "problem-stated")
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
    gone = change_of(plan, Kind.WORKSHEET, sheet["key"])
    assert (gone.what, gone.has, gone.is_homeless) == (
        What.GONE,
        "1 field is filled in",
        True,
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
