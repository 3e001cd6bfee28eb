"""Two readings of a project, side by side. No database."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.policy import ProjectRole
from methodology.enums import GateMode, GateOutcome, Severity
from phases.differences import areas_of, differences
from phases.dossier import (
    ConditionDossier,
    DecisionDossier,
    MemberDossier,
    PhaseDossier,
    ProjectDossier,
    SlotDossier,
    StepDossier,
)
from phases.enums import AnswerStatus, StepStatus
from phases.reading import ReadCriterion, ReadFinding, Reading, ReadPhase, ReadStep
from phases.record import RecordedTool
from phases.told import Change, Importance, parted
from phases.wording import PhaseName, Whereabouts
from projects.enums import ProjectStatus, Uncertainty
from tools.contract import ColumnKind, Fact, PersonRef, ProjectContext, Tool
from tools.entries import Cell, Entry, Matter

KARI, OLA = PersonRef(1, "Kari"), PersonRef(2, "Ola")
NAME = PhaseName("insight", 2, "Insight", "phase")


class Book(Tool):
    """A tool whose dossier is its entries."""

    key = slug = "book"
    title = "Book"
    dossier_class = tuple

    def load(self, project_ids):
        return {}

    def findings(self, dossier, context):
        return ()

    def entries(self, dossier, context):
        return dossier


def step(**changes):
    plain = StepDossier("ask", "2.1", StepStatus.DONE, None, None, "", "")
    return ReadStep("Ask", replace(plain, **changes))


def project(**changes):
    plain = ProjectDossier(
        pk=7,
        name="Sleep",
        organisation="Fjordvik",
        unit="Home care",
        case_number="26/1",
        problem="They wake up.",
        goal="They sleep.",
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        ends_on=None,
        status=ProjectStatus.ACTIVE,
        method_key="ks",
        method_version=2,
        method_hash="ab",
        current_phase="insight",
        members=(MemberDossier(ProjectRole.LEADER, KARI),),
        phases=(),
        decisions=(),
        slots=(),
        budget=Decimal(1_000_000),
    )
    return replace(plain, **changes)


def criterion(**changes):
    plain = ReadCriterion(
        key="asked",
        title="Users are asked",
        severity=Severity.MUST,
        is_met=True,
        settled_by_tools=False,
        shortcomings=(),
        answer=AnswerStatus.MET,
        comment="",
        evidence_url="",
        file_name="",
        file_answer=None,
    )
    return replace(plain, **changes)


def entry(key="rows/1", *cells, **changes):
    return replace(
        Entry(key, "Pages", "First", cells or (Cell("Title", "First", "First"),)), **changes
    )


def book(*entries, facts=()):
    return RecordedTool("book", "Book", Book(), entries, (), facts)


def reading(**changes):
    context = ProjectContext(7, datetime.date(2026, 3, 1), None, "insight", {})
    plain = Reading(
        language="nb",
        where=Whereabouts(NAME, None),
        iteration=1,
        method_title="The roadmap",
        gate_title="From insight",
        mode=GateMode.MANDATORY,
        outcomes=(GateOutcome.GO,),
        back_to=(),
        project=project(),
        criteria=(criterion(),),
        blockers=(),
        open_shoulds=(),
        open_steps=(),
        tools=(book(),),
        phases=(ReadPhase(NAME, (step(),)),),
        earlier_decisions=(),
        context=context,
        minutes=1,
        names=(NAME,),
        slot_titles={"map": "Map"},
    )
    return replace(plain, **changes)


def told(before, after, **more):
    """Everything but where it leads."""
    return [
        (each.importance.name, each.area, each.sentence, each.changes)
        for each in differences(before, after, **more)
    ]


def test_two_that_say_the_same_have_no_differences():
    assert told(reading(), reading()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"budget": Decimal("1500000.50")},
            ("MONEY", "Budget", Change("", "1,000,000\u00a0kr", "1,500,000.50\u00a0kr")),
        ),
        ({"budget": None}, ("MONEY", "Budget", Change("", "1,000,000\u00a0kr", ""))),
        ({"uncertainty": Uncertainty.HIGH}, ("AGREED", "Uncertainty", Change("", "", "High"))),
        (
            {"has_public_interest": True},
            ("AGREED", "Great public interest", Change("", "No", "Yes")),
        ),
        ({"goal": "All sleep."}, ("AGREED", "Goal", Change("", "They sleep.", "All sleep."))),
        (
            {"ends_on": datetime.date(2026, 12, 1)},
            ("AGREED", "End", Change("", "", "1 December 2026")),
        ),
        (
            {"method_version": 3},
            ("AGREED", "Method", Change("", "The roadmap, version 2", "The roadmap, version 3")),
        ),
        ({"case_number": ""}, ("NOTE", "Case number", Change("", "26/1", ""))),
    ],
)
def test_facts_of_the_project_are_told_with_what_they_were(change, expected):
    importance, sentence, value = expected
    assert told(reading(), reading(project=project(**change))) == [
        (importance, "project", sentence, (value,))
    ]


def test_a_record_from_before_budgets_were_asked_for_says_nothing_about_them():
    before = reading(project=project(budget=None), knows_size=False)
    assert told(before, reading()) == []


def test_people_are_told_by_role_and_a_new_name_is_nobody_new():
    renamed = project(members=(MemberDossier(ProjectRole.LEADER, PersonRef(1, "Kari Nord")),))
    other = project(members=(MemberDossier(ProjectRole.LEADER, OLA),))
    erased = project(members=(MemberDossier(ProjectRole.LEADER, PersonRef(None, "")),))
    label = str(ProjectRole.LEADER.label)
    assert [
        told(reading(), reading(project=renamed)),
        told(reading(), reading(project=other)),
        told(reading(project=erased), reading()),
    ] == [
        [],
        [("PEOPLE", "people", label, (Change("", "Kari", "Ola"),))],
        [("PEOPLE", "people", label, (Change("", "erased person", "Kari"),))],
    ]


def test_an_answer_that_is_no_longer_met_comes_first():
    open_now = criterion(is_met=False, answer=AnswerStatus.OPEN, is_carried=True)
    missing = ReadFinding("Not answered: Users are asked", "asked", True)
    after = reading(criteria=(open_now,), findings=(missing,), project=project(goal="All sleep."))
    assert [(name, area) for name, area, _sentence, _changes in told(reading(), after)] == [
        ("BLOCKER", "criteria"),
        ("AGREED", "project"),
    ]
    assert told(reading(), after)[0][2:] == (
        "Answered differently: Users are asked",
        (Change("Answer", "Met", "Not answered, to be confirmed"),),
    )


def test_what_tools_settle_is_told_as_missing_and_no_longer_missing():
    settled = criterion(settled_by_tools=True, answer=AnswerStatus.OPEN)
    missing = reading(
        criteria=(replace(settled, is_met=False),),
        findings=(ReadFinding("Users are asked", "asked", True),),
    )
    there = reading(criteria=(settled,))
    assert [told(there, missing), told(missing, there)] == [
        [("BLOCKER", "readiness", "Missing now: Users are asked", ())],
        [("BLOCKER", "readiness", "No longer missing: Users are asked", ())],
    ]


def test_another_gate_asks_for_other_things_but_a_condition_is_overdue_everywhere():
    other = Whereabouts(PhaseName("pilot", 3, "Pilot", "phase"), None)
    overdue = ReadFinding("A condition is past its date: training", "", True)
    after = reading(where=other, criteria=(), findings=(overdue,))
    assert told(reading(), after) == [
        ("BLOCKER", "readiness", "Missing now: A condition is past its date: training", ())
    ]


def test_evidence_with_the_same_name_and_other_content_is_told():
    before = criterion(file_name="ros.pdf", file_sha256="aa")
    after = replace(before, file_sha256="bb")
    assert told(reading(criteria=(before,)), reading(criteria=(after,))) == [
        (
            "AGREED",
            "criteria",
            "Answered differently: Users are asked",
            (Change("File", "ros.pdf", "ros.pdf, with other content"),),
        )
    ]


def test_figures_put_forward_are_money_and_counts_are_told_by_their_rows():
    def facts(amount, rows):
        return (
            Fact("amount", "Per year", amount, ColumnKind.MONEY, is_headline=True),
            Fact("rows", "Rows", rows),
        )

    before = reading(tools=(book(facts=facts(Decimal(100), 1)),))
    after = reading(tools=(book(facts=facts(None, 2)),))
    assert told(before, after) == [
        ("MONEY", "tool.book", "Per year in “Book”", (Change("", "100\u00a0kr", ""),))
    ]


def test_rows_are_new_removed_and_changed_field_by_field():
    amount = Cell("Amount", "100 kr", 100, Matter.MONEY)
    first = entry("rows/1", Cell("Title", "First", "First"), amount)
    dearer = replace(first, cells=(first.cells[0], replace(amount, text="200 kr", same=200)))
    second = entry("rows/2", Cell("Title", "Second", "Second"), words="Second")
    noted = entry("rows/2", second.cells[0], Cell("Note", "Long", "Long", Matter.NOTE))
    same_note = replace(
        noted, cells=(second.cells[0], Cell("Note", "Longer", "Longer", Matter.NOTE))
    )
    assert [
        told(reading(tools=(book(first),)), reading(tools=(book(dearer),))),
        told(reading(tools=(book(first),)), reading(tools=(book(first, second),))),
        told(reading(tools=(book(first, second),)), reading(tools=(book(second),))),
        told(reading(tools=(book(noted),)), reading(tools=(book(same_note),))),
    ] == [
        [
            (
                "MONEY",
                "tool.book",
                "Changed in “Pages”: First",
                (Change("Amount", "100 kr", "200 kr"),),
            )
        ],
        [("CONTENT", "tool.book", "New in “Pages”: Second", ())],
        [
            (
                "MONEY",
                "tool.book",
                "Removed from “Pages”: First",
                (Change("Amount", "100 kr", ""),),
            )
        ],
        [("NOTE", "tool.book", "Changed in “Pages”: First", (Change("Note", "Long", "Longer"),))],
    ]


def test_whatever_changes_about_a_risk_is_about_the_risk():
    risk = entry("risks/1", Cell("Measure", "None", "None"), matter=Matter.RISK)
    mended = replace(risk, cells=(Cell("Measure", "Alarm", "Alarm"),))
    [found] = differences(reading(tools=(book(risk),)), reading(tools=(book(mended),)))
    assert found.importance is Importance.RISK


def test_what_is_kept_back_is_the_same_whatever_it_is():
    secret = entry("rows/1", Cell("Cause", "", "kept back", Matter.NOTE))
    assert told(reading(tools=(book(secret),)), reading(tools=(book(secret),))) == []


def test_many_new_rows_of_a_series_are_one_difference():
    rows = [entry(f"log/{number}", is_series=True) for number in range(4)]
    found = told(reading(), reading(tools=(book(*rows),)))
    assert found == [("CONTENT", "tool.book", "4 new in “Pages”", ())]
    assert len(told(reading(), reading(tools=(book(*rows[:3]),)))) == 3


def test_a_tool_that_nothing_was_written_in_is_begun():
    answer = entry("goal", Cell("", "Sleep", "Sleep"), is_row=False)
    assert [
        told(reading(tools=()), reading(tools=(book(answer),))),
        told(reading(tools=(book(answer),)), reading(tools=())),
    ] == [
        [("CONTENT", "tool.book", "Begun: “Book”", ())],
        [("CONTENT", "tool.book", "Nothing is left in “Book”", ())],
    ]


def test_a_tool_that_is_not_installed_any_more_is_not_compared():
    gone = replace(book(entry()), tool=None, dossier=None)
    assert told(reading(tools=(gone,)), reading(tools=(gone,))) == []


def decision(sha256="d1", *, conditions=(), outcome=GateOutcome.GO):
    return DecisionDossier(
        phase="insight",
        iteration=1,
        outcome=outcome,
        rationale="Good.",
        recommendation="",
        decided_by=OLA,
        decided_at=datetime.datetime(2026, 2, 1, tzinfo=datetime.UTC),
        target_phase="",
        review_on=None,
        learnt="",
        sha256=sha256,
        conditions=conditions,
    )


def condition(**changes):
    plain = ConditionDossier("Train everybody", KARI, datetime.date(2026, 5, 1), False, "")
    return replace(plain, **changes)


def test_the_decision_itself_is_no_change_but_another_is():
    after = reading(project=project(decisions=(decision(conditions=(condition(),)),)))
    assert told(reading(), after, own_decision="d1") == []
    assert told(reading(), after) == [("AGREED", "decisions", "Decided on Insight: Go", ())]


def test_conditions_are_told_when_they_are_met_and_when_somebody_else_sees_to_them():
    then = reading(project=project(decisions=(decision(conditions=(condition(),)),)))
    met = condition(is_closed=True, closing_note="All 27.")
    after_met = reading(project=project(decisions=(decision(conditions=(met,)),)))
    moved = reading(project=project(decisions=(decision(conditions=(condition(owner=OLA),)),)))
    assert [
        told(reading(), after_met, own_decision="d1"),
        told(then, after_met),
        told(then, moved),
    ] == [
        [("AGREED", "decisions", "Condition met: Train everybody", (Change("", "", "All 27."),))],
        [("AGREED", "decisions", "Condition met: Train everybody", (Change("", "", "All 27."),))],
        [
            (
                "PEOPLE",
                "decisions",
                "Who sees to a condition: Train everybody",
                (Change("", "Kari", "Ola"),),
            )
        ],
    ]


def test_steps_and_notes_come_last():
    done = step(status=StepStatus.NOT_RELEVANT, responsible=KARI, not_relevant_reason="Known.")
    after = reading(
        phases=(ReadPhase(NAME, (done,)),),
        project=project(slots=(SlotDossier("map", "Drawn.", ""),)),
    )
    assert told(reading(), after) == [
        (
            "WORK",
            "steps",
            "2.1 Ask",
            (
                Change("Status", "Done", "Not relevant"),
                Change("Responsible", "", "Kari"),
                Change("Why not relevant", "", "Known."),
            ),
        ),
        ("NOTE", "notes", "Map", (Change("Note", "", "Drawn."),)),
    ]


def test_areas_are_listed_by_title_with_their_counts():
    after = reading(
        project=project(goal="All sleep.", budget=None, slots=(SlotDossier("map", "Drawn.", ""),))
    )
    assert [(each.key, each.count) for each in areas_of(differences(reading(), after))] == [
        ("notes", 1),
        ("project", 2),
    ]


def test_long_texts_are_cut_to_where_they_part():
    same = "word " * 60
    before, after = parted(f"{same}old end", f"{same}new end")
    assert (before.startswith("… word"), before[-8:], after[-8:], len(before) < 60) == (
        True,
        " old end",
        " new end",
        True,
    )
    assert parted("short", "other") == ("short", "other")
    cut = parted("", "x" * 500)
    assert (cut[0], len(cut[1])) == ("", 202)


def test_a_phase_dossier_alone_tells_nothing():
    """Rounds come and go with decisions, which tell for themselves."""
    phases = (PhaseDossier("insight", 2, GateMode.OFF, (), ()),)
    assert told(reading(), reading(project=project(phases=phases))) == []
