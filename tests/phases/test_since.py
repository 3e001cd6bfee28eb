"""What has changed since a decision, and since the gate before a submission."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.policy import ProjectRole
from benefits.models import Benefit
from benefits.models import Change as WorkChange
from methodology.enums import GateOutcome
from phases.enums import StepStatus
from phases.gates import ConditionDraft
from phases.models import Condition, GateRecord, ProjectStep
from phases.reading import read_record
from phases.selectors import walk_of
from phases.services import close_condition, update_step, withdraw_submission
from phases.since import decisions_with_records, since_decision, since_previous
from phases.told import Change
from projects.models import Project
from projects.services import add_member
from tests.benefits.factory import make_benefit, make_change, make_indicator
from tests.team.factory import make_team_role
from tools.services import delete_row, save_row


@pytest.fixture
def decision(project, municipality, submit, decide):
    """A go with one condition, on a project with one benefit."""
    add_benefit(project, municipality.leader)
    return decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Opplær alle", municipality.member.pk, tomorrow()),),
    )


def add_benefit(project, actor, number=1, **values):
    """On the work that changes already, so that it is the only row."""
    change = WorkChange.objects.filter(project=project).first() or make_change(project, actor)
    return make_benefit(project, actor, number, change=change, **values)


def tomorrow():
    return timezone.localdate() + datetime.timedelta(days=1)


def fresh(project):
    return Project.objects.select_related("organisation", "unit").with_method().get(pk=project.pk)


def since(project):
    found = decisions_with_records(project).first()
    return since_decision(walk_of(fresh(project)), found)


def told(found):
    return [(each.area, each.sentence, each.changes) for each in found]


def url(project, decision, query=""):
    address = reverse("phases:decision_changes", args=[project.pk, decision.pk])
    return f"{address}{query}"


# --- since a decision ----------------------------------------------------------------------------


def test_right_after_the_decision_nothing_has_changed(project, decision):
    assert since(project).found == ()


def test_nothing_has_changed_for_a_reader_of_another_language_either(project, decision):
    with translation.override("sv"):
        assert since(project).found == ()


def test_what_is_changed_is_told_with_what_it_was(project, decision, municipality):
    benefit = Benefit.objects.get(project=project)
    benefit.amount_per_year = 900_000
    save_row(row=benefit, actor=municipality.leader)
    Project.objects.filter(pk=project.pk).update(goal="Alle sover.", budget=2_000_000)
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    close_condition(
        condition=Condition.objects.get(decision=decision),
        note="Alle 27.",
        actor=municipality.member,
    )
    areas = [each.area for each in since(project).found]
    budget = next(each for each in since(project).found if each.sentence == "Budget")
    assert (areas, budget.changes) == (
        ["project", "tool.benefits", "tool.benefits", "people", "project", "decisions"],
        (Change("", "", "2,000,000\u00a0kr"),),
    )


def test_a_row_that_is_deleted_is_told_with_what_was_in_it(project, decision, municipality):
    benefit = Benefit.objects.get(project=project)
    delete_row(row=benefit, actor=municipality.leader)
    found = [each for each in since(project).found if each.sentence.startswith("Removed")]
    assert [each.sentence for each in found] == [f"Removed from “Benefits”: {benefit.title}"]


def test_restricted_values_are_never_told(project, decision, municipality):
    make_team_role(project, municipality.leader, name="Relatives' panel", contact="SECRET-NUMBER")
    words = repr(since(project).found)
    assert ("Relatives' panel" in words, "SECRET-NUMBER" in words) == (True, False)


def test_a_step_that_is_done_is_told_last(project, decision, municipality):
    walk = walk_of(fresh(project))
    row = walk.current.steps[0].row
    row.status = StepStatus.DONE
    update_step(step=row, actor=municipality.leader, changed=["status"])
    [found] = since(project).found
    assert (found.area, found.changes) == ("steps", (Change("Status", "Not started", "Done"),))
    assert ProjectStep.objects.filter(pk=row.pk).exists()


def test_a_record_that_was_disposed_of_cannot_be_compared(project, decision, municipality):
    found = decisions_with_records(project).first()
    found.submission.record.content = b""
    assert since_decision(walk_of(fresh(project)), found) is None


def test_comparing_costs_the_same_for_one_row_and_for_many(project, decision, municipality):
    with CaptureQueriesContext(connection) as few:
        since(project)
    for number in range(6):
        benefit = add_benefit(project, municipality.leader, number + 2)
        make_indicator(project, municipality.leader, number + 1, benefit=benefit)
    with CaptureQueriesContext(connection) as many:
        assert since(project).count >= 12
    assert len(few) == len(many)


# --- since the gate before -----------------------------------------------------------------------


def previous_of(submission, project):
    return since_previous(submission, read_record(submission.record, project))


def test_the_first_submission_has_nothing_before_it(project, municipality, submit):
    submission = submit(project, municipality.leader)
    assert previous_of(submission, fresh(project)) is None


def test_the_next_gate_is_compared_with_the_one_that_was_decided(
    project, municipality, submit, decision
):
    Project.objects.filter(pk=project.pk).update(goal="Alle sover.")
    submission = submit(fresh(project), municipality.leader)
    # What happens afterwards is in neither record.
    Project.objects.filter(pk=project.pk).update(goal="Noe annet.")
    found = previous_of(submission, fresh(project))
    assert (found.decision, told(found.found)) == (
        decision,
        [("project", "Goal", (Change("", project.goal, "Alle sover."),))],
    )


def test_what_was_withdrawn_is_compared_with_when_it_is_submitted_again(
    project, municipality, submit
):
    first = submit(project, municipality.leader)
    withdraw_submission(submission=first, actor=municipality.leader)
    Project.objects.filter(pk=project.pk).update(goal="Alle sover.")
    again = submit(fresh(project), municipality.leader)
    found = previous_of(again, fresh(project))
    assert (found.submission, found.decision, [each.sentence for each in found.found]) == (
        first,
        None,
        ["Goal"],
    )


# --- pages ---------------------------------------------------------------------------------------


def test_the_page_lists_everything_and_narrows_to_an_area(
    project, decision, municipality, client_for
):
    add_benefit(project, municipality.leader, title="Roligere netter")
    Project.objects.filter(pk=project.pk).update(goal="Alle sover.")
    client = client_for(municipality.reader)
    everything = client.get(url(project, decision))
    narrowed = client.get(url(project, decision, "?omrade=project"))
    unknown = client.get(url(project, decision, "?omrade=nothing"))
    shown = [
        [each.area for each in page.context["page_obj"].object_list]
        for page in (everything, narrowed, unknown)
    ]
    assert shown[1] == ["project"]
    assert shown[0] == shown[2]
    assert "New in “Benefits”: Roligere netter" in everything.content.decode()
    assert "Roligere netter" not in narrowed.content.decode()


def test_the_page_says_so_when_nothing_has_changed(project, decision, municipality, client_for):
    page = client_for(municipality.reader).get(url(project, decision)).content.decode()
    assert ("Nothing has changed" in page, 'aria-label="What to show"' in page) == (True, False)


def test_a_decision_of_another_project_is_not_found(
    project, other_project, decision, municipality, client_for
):
    page = client_for(municipality.admin).get(url(other_project, decision))
    assert page.status_code == 404


def test_overview_phase_and_decision_lead_to_what_has_changed(
    project, decision, municipality, client_for
):
    client = client_for(municipality.leader)
    overview = reverse("phases:project", args=[project.pk])
    assert "since the decision on" not in client.get(overview).content.decode()
    Project.objects.filter(pk=project.pk).update(goal="Alle sover.")
    address = url(project, decision)
    phase = reverse("phases:phase", args=[project.pk, "anchoring"])
    pages = [client.get(each).content.decode() for each in (overview, phase)]
    assert [
        ("1 thing has changed since the decision on" in page, address in page) for page in pages
    ] == [(True, True)] * 2
    page = client.get(reverse("phases:decision", args=[project.pk, decision.pk]))
    assert "1 thing has changed since the decision" in page.content.decode()


def test_the_decision_page_shows_ten_and_leads_to_all(project, decision, municipality, client_for):
    for number in range(12):
        add_benefit(project, municipality.leader, number + 2)
    page = client_for(municipality.leader).get(
        reverse("phases:decision", args=[project.pk, decision.pk])
    )
    content = page.content.decode()
    assert (content.count('<li class="difference"'), "See all " in content) == (10, True)


def test_reading_what_has_changed_writes_nothing(project, decision, municipality, client_for):
    before = GateRecord.objects.count()
    client_for(municipality.reader).get(url(project, decision))
    assert GateRecord.objects.count() == before
