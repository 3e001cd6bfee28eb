"""A project with something of everything, and a queue that remembers what it was told."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from kombu.exceptions import OperationalError

from accounts.models import Language, User
from benefits.enums import Category, Direction
from benefits.models import Benefit, Change, Indicator, Measurement
from methodology.enums import GateOutcome
from phases.enums import StepStatus
from phases.gates import ConditionDraft, DecisionDraft
from phases.selectors import walk_of
from phases.services import close_phase, decide_gate, submit_gate, update_step
from projects.method import catalogue_of_project
from projects.models import Project
from reports import running
from reports.enums import ReportKind
from reports.models import ReportJob
from reports.services import order_report
from reports.tasks import run_report
from team.models import TeamRole
from tools.models import SlotState
from tools.services import save_row, save_slot_state

FORMULA = '=HYPERLINK("http://angrep.test";"Klikk")'
RATIONALE = "Behovet er godt dokumentert, og gevinstene er sannsynlige."
CONDITION = "Avklar personvernet med ombudet."
SECRET_PHONE = "99 88 77 66"


class Queue:
    """Stands in for the broker, the one thing that is faked here."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self.is_down = False

    def apply_async(self, *, args: list[int], **_options: Any) -> None:
        if self.is_down:
            raise OperationalError("connection refused")
        self.told.extend(args)


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    fake = Queue()
    monkeypatch.setattr(run_report, "apply_async", fake.apply_async)
    return fake


@pytest.fixture(autouse=True)
def _no_second_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread with the signs of life would wait for the test's own transaction."""
    monkeypatch.setattr(running, "HEARTBEAT_EVERY", 3600.0)


@pytest.fixture
def order(municipality: Any) -> Callable[..., ReportJob]:
    """Orders as the leader, unless told otherwise."""

    def order(
        *projects: Project,
        kind: ReportKind = ReportKind.PROJECT_XLSX,
        language: Language = Language.ENGLISH,
        actor: User | None = None,
    ) -> ReportJob:
        return order_report(
            projects=projects,
            kind=kind,
            language=language,
            actor=actor or municipality.leader,
        )

    return order


@pytest.fixture
def full_project(project: Project, municipality: Any) -> Project:
    """Phase 1 decided with a condition, phase 2 closed with a sentence, phase 3 in progress."""
    fill_project(project, municipality)
    return project


def fill_project(project: Project, place: Any) -> None:
    _work_on_steps(project, place)
    _decide_first_phase(project, place)
    close_phase(
        project=project,
        phase_key=walk_of(project).phases[1].entry.key,
        sentence="Innsikten er hentet inn og delt med ledergruppen.",
        actor=place.leader,
    )
    _fill_benefits(project, place)
    _fill_team(project, place)
    slots = (
        slot.key
        for slot in catalogue_of_project(project).slots
        if slot.tool not in ("benefits", "team")
    )
    save_slot_state(
        state=SlotState(
            project=project,
            slot_key=min(slots),
            note="Nåsituasjonen er tegnet på papir og henger på vaktrommet.",
        ),
        actor=place.leader,
    )


def _work_on_steps(project: Project, place: Any) -> None:
    steps = [step.row for phase in walk_of(project).phases[:2] for step in phase.steps]
    for number, step in enumerate(steps):
        step.status = StepStatus.DONE
        step.responsible = place.member if number % 2 else place.leader
        step.due_on = datetime.date(2026, 2, 1) + datetime.timedelta(days=9 * number)
        if number == 1:
            step.notes = "Vi snakket med nattevaktene.\n\n<b>Ikke fet skrift</b> & litt mer."
        if number == 3:
            step.status = StepStatus.NOT_RELEVANT
            step.not_relevant_reason = "Dekket av et tidligere prosjekt."
        update_step(step=step, actor=place.leader, changed=["status"])


def _decide_first_phase(project: Project, place: Any) -> None:
    submission = submit_gate(
        project=project,
        phase_key=catalogue_of_project(project).phases[0].key,
        recommended_outcome=GateOutcome.GO_WITH_CONDITIONS,
        recommendation="Vi anbefaler å gå videre til innsiktsfasen.",
        actor=place.leader,
    )
    decide_gate(
        submission=submission,
        draft=DecisionDraft(
            outcome=GateOutcome.GO_WITH_CONDITIONS,
            rationale=RATIONALE,
            conditions=(
                ConditionDraft(
                    text=CONDITION, owner=place.leader.pk, due_on=datetime.date(2099, 3, 1)
                ),
            ),
        ),
        actor=place.manager,
    )


def _fill_benefits(project: Project, place: Any) -> None:
    def save(row: Any) -> Any:
        return save_row(row=row, actor=place.leader)

    change = save(
        Change(
            project=project,
            process="Nattbesøk",
            description="Nattevakten ser inn med sensor først, og drar bare ut når det trengs.",
        )
    )
    benefit = save(
        Benefit(
            project=project,
            title="Færre forstyrrelser om natten",
            description="Beboere sover bedre når døren ikke åpnes tre ganger hver natt.",
            change=change,
            category=Category.TIME_SAVED,
            owner=place.manager,
            beneficiary="Beboere og nattevakter",
            preconditions="Trådløst nett i alle rom.",
            amount_per_year=Decimal("1250000"),
            hours_per_year=Decimal("2400.5"),
        )
    )
    save(Benefit(project=project, title=FORMULA, category=Category.QUALITY))
    indicator = save(
        Indicator(
            project=project,
            benefit=benefit,
            name="Nattbesøk per natt",
            unit="besøk",
            direction=Direction.DOWN,
            baseline_value=Decimal(42),
            baseline_on=datetime.date(2025, 11, 1),
            baseline_source="Telling i uke 44",
            target_value=Decimal(15),
            target_on=datetime.date(2026, 12, 31),
            responsible=place.member,
        )
    )
    for month, value in ((12, Decimal(40)), (11, Decimal("38.5"))):
        save(
            Measurement(
                project=project,
                indicator=indicator,
                measured_on=datetime.date(2025, month, 15),
                value=value,
                comment="Julehøytid" if month == 12 else "",
            )
        )


def _fill_team(project: Project, place: Any) -> None:
    save_row(
        row=TeamRole(
            project=project,
            role_key="union-representative",
            name="Unni Union",
            unit="Fagforbundet",
            contact=SECRET_PHONE,
        ),
        actor=place.leader,
    )
