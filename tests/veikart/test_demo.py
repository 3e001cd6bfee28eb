"""The demo data: what it shows, to whom, and that it is loaded once and never into production."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, User
from audit.models import AuditEvent
from benefits.enums import Standing
from benefits.models import Measurement
from benefits.tool import BenefitsTool
from methodology.catalogue import forget_catalogues
from methodology.services import load_methods
from phases.awaiting import asked_of
from phases.chain import verify_chain
from phases.due import reviews_of
from phases.models import CriterionAnswer, GateDecision, GateRecord, GateSubmission, ProjectStep
from phases.readiness import readiness_of
from phases.record import content_of
from phases.selectors import decisions_of, open_conditions, walk_of
from projects.models import AppointmentProposal, Membership, Project
from projects.services import rebuild_permissions
from veikart.demo import loading
from veikart.demo.clock import at, moment_on, workday
from worksheets.models import Sheet

NIGHT = "Digitalt tilsyn om natten"
DISPENSERS = "Medisindispensere hjemme"
APPLICATION = "Digital søknad om hjemmetjenester"
LIBRARY = "Meråpent bibliotek i Vika"
BOOKING = "Felles bookingsystem for møterom"
SWEDISH = "Digital inskrivning till förskolan"
NEW = "Digital hjemmeoppfølging ved kols"
NEIGHBOUR = "Velferdsteknologi i omsorgsboliger"
HOME = "Trygg hjemreise fra korttidsavdelingen"
KEYLESS = "Nyckelfri hemtjänst"
FJORDVIK = {NIGHT, DISPENSERS, APPLICATION, LIBRARY, BOOKING, SWEDISH, NEW, HOME}

QUICK = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def load() -> str:
    said = StringIO()
    call_command("load_demo", stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def first_run(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """What the first run said. Loaded once for the whole file, and rolled back after it; each test
    has its own savepoint inside."""
    forget_catalogues()
    with (
        django_db_blocker.unblock(),
        override_settings(PASSWORD_HASHERS=QUICK),
        transaction.atomic(),
    ):
        load_methods(django_settings.METHOD_FILES)
        yield load()
        transaction.set_rollback(True)
    forget_catalogues()


@pytest.fixture
def demo(first_run: str, db: None) -> str:
    return first_run


def project(name: str) -> Project:
    return Project.objects.select_related("organisation", "unit", "method_version__method").get(
        name=name
    )


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@veikart.test")


def rows_by_table() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


# --- loading -----------------------------------------------------------------------------------


def test_the_first_run_says_how_much_it_loaded(demo):
    assert demo == "Loaded demo data: 3 organisations, 10 projects.\n"


def test_a_second_run_changes_nothing_and_says_so(demo):
    before = rows_by_table()
    assert load() == "The demo data is already here. Nothing was changed.\n"
    assert rows_by_table() == before


def test_what_people_renamed_stays_as_they_left_it(demo):
    Project.objects.filter(name=NEW).update(name="Kols hjemme")
    User.objects.filter(email="leder@veikart.test").update(email="nora@fjordvik.test")
    Organisation.objects.filter(name="Nordre Sund kommune").update(name="Sund kommune")
    before = rows_by_table()
    load()
    assert rows_by_table() == before


def test_a_project_that_was_added_to_the_files_later_is_loaded_alone(demo):
    before = Project.objects.count()
    with pytest.MonkeyPatch.context() as patch:
        done = loading._done()
        done.pop("7-hjemmeoppfolging.yaml")
        patch.setattr(loading, "_done", lambda: done)
        assert load() == "Loaded demo data: 0 organisations, 1 projects.\n"
    assert Project.objects.count() == before + 1


def test_production_is_refused_with_a_sentence(demo, settings):
    settings.PRODUCTION = True
    before = rows_by_table()
    with pytest.raises(CommandError) as refused:
        load()
    assert str(refused.value) == (
        "The demo data is not loaded into production: everybody knows its password."
    )
    assert rows_by_table() == before


def test_the_clock_is_the_true_one_afterwards(demo):
    assert timezone.now.__module__ == "django.utils.timezone"
    assert abs(timezone.now() - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(seconds=5)


# --- who sees what -----------------------------------------------------------------------------

VISIBLE = {
    "admin": FJORDVIK,
    "leder": {NIGHT, DISPENSERS, APPLICATION, NEW, LIBRARY},
    "medlem": {NIGHT, DISPENSERS, APPLICATION},
    "linjeleder": {NIGHT, DISPENSERS, APPLICATION, NEW},
    "leser": {NIGHT, APPLICATION, BOOKING},
    "nabo": {NEIGHBOUR},
    "ledare": {KEYLESS},
    "chef": {KEYLESS},
    "drift": set(),
}


@pytest.mark.parametrize("key", VISIBLE)
def test_each_login_works_and_sees_its_own_projects_and_no_others(demo, key):
    client = Client()
    answer = client.post(
        reverse("accounts:login"),
        {"username": f"{key}@veikart.test", "password": "veikart-demo"},
    )
    assert (answer.status_code, answer.url) == (302, reverse("start"))
    assert (
        set(Project.objects.visible_to(person(key)).values_list("name", flat=True))
        == (VISIBLE[key])
    )
    pages = {
        each.name: client.get(reverse("phases:project", args=[each.pk])).status_code
        for each in Project.objects.all()
    }
    assert pages == {
        name: 200 if name in VISIBLE[key] else 404 for name in FJORDVIK | {NEIGHBOUR, KEYLESS}
    }


def test_everybody_follows_the_language_of_the_organisation(demo):
    assert set(User.objects.values_list("language", flat=True)) == {""}


def test_the_roles_are_those_of_the_story(demo):
    held = Membership.objects.filter(ended_at__isnull=True, user__email__endswith="@veikart.test")
    by_person: dict[str, set[tuple[str, str]]] = {}
    for membership in held.select_related("project", "user"):
        key = membership.user.email.split("@")[0]
        by_person.setdefault(key, set()).add((membership.project.name, membership.role))
    assert by_person == {
        "leder": {
            (NIGHT, "leader"),
            (DISPENSERS, "leader"),
            (APPLICATION, "leader"),
            (NEW, "leader"),
            (LIBRARY, "member"),
        },
        "medlem": {(NIGHT, "member"), (DISPENSERS, "member"), (APPLICATION, "member")},
        "linjeleder": {
            (NIGHT, "line_manager"),
            (NIGHT, "benefit_owner"),
            (DISPENSERS, "line_manager"),
            (APPLICATION, "line_manager"),
            (NEW, "line_manager"),
        },
        "leser": {(NIGHT, "reader"), (APPLICATION, "reader"), (BOOKING, "benefit_responsible")},
        "nabo": {(NEIGHBOUR, "leader")},
        "ledare": {(KEYLESS, "leader")},
        "chef": {(KEYLESS, "line_manager")},
    }


def test_stored_permissions_are_what_memberships_and_policy_give(demo):
    def stored() -> set[tuple[int, int, str]]:
        return {
            (row.content_object_id, row.user_id, row.permission.codename)
            for row in apps.get_model("projects.ProjectUserObjectPermission").objects.all()
        }

    before = stored()
    for each in Project.objects.all():
        rebuild_permissions(project=each)
    assert stored() == before


# --- what the projects show --------------------------------------------------------------------


def test_the_projects_stand_where_the_story_says(demo):
    found = {}
    for each in Project.objects.select_related("organisation", "method_version__method"):
        current = walk_of(each).current
        where = (current.entry.number, current.row.iteration, current.state) if current else None
        found[each.name] = (each.status, where)
    assert found == {
        NIGHT: ("active", (6, 1, "active")),
        DISPENSERS: ("active", (3, 2, "active")),
        APPLICATION: ("active", (4, 1, "submitted")),
        LIBRARY: ("active", (2, 1, "active")),
        BOOKING: ("stopped", None),
        SWEDISH: ("active", (3, 1, "active")),
        NEW: ("active", (1, 1, "active")),
        NEIGHBOUR: ("active", (2, 1, "active")),
        HOME: ("active", (3, 1, "active")),
        KEYLESS: ("active", (3, 1, "active")),
    }


def test_the_projects_follow_three_methods_and_some_were_moved(demo):
    found = {
        each.name: (each.method_version.method.key, each.method_version.number)
        for each in Project.objects.select_related("method_version__method")
    }
    assert found == {
        **dict.fromkeys(FJORDVIK | {NEIGHBOUR}, ("ks-veikart", 1)),
        **dict.fromkeys({LIBRARY, NIGHT, BOOKING}, ("ks-veikart", 2)),
        HOME: ("hdir-veiviser", 1),
        KEYLESS: ("nvc-connect", 1),
    }
    moved = AuditEvent.objects.filter(action="project.moved")
    assert {event.project_number for event in moved} == {
        project(name).pk for name in (LIBRARY, NIGHT, BOOKING)
    }


def test_worksheets_are_filled_in_and_count_at_the_decision(demo):
    sheets = {
        (sheet.project.name, sheet.worksheet_key)
        for sheet in Sheet.objects.select_related("project")
    }
    assert sheets == {
        (LIBRARY, "statistics"),
        (LIBRARY, "related-projects"),
        (HOME, "prioritisation-matrix"),
        (HOME, "interviews"),
        (HOME, "findings-poster"),
        (HOME, "direction"),
        (KEYLESS, "vision"),
        (KEYLESS, "strategy"),
        (KEYLESS, "communication-plan"),
    }
    assert outcomes(HOME) == [("choose-challenge", "go"), ("make-goal", "go_with_conditions")]
    assert outcomes(KEYLESS) == [("strategy", "go")]


def test_who_looks_after_the_installation_is_in_no_organisation_and_no_project(demo):
    administrator = person("drift")
    assert (administrator.is_superuser, administrator.organisation) == (True, None)
    assert not Membership.objects.filter(user=administrator).exists()


def test_every_chain_of_records_is_intact(demo):
    assert [verify_chain(each) for each in Project.objects.all()] == [None] * 10
    assert GateRecord.objects.count() == (
        GateSubmission.objects.count() + GateDecision.objects.count()
    )


def outcomes(name: str) -> list[tuple[str, str]]:
    return [
        (decision.submission.project_phase.phase_key, decision.outcome)
        for decision in reversed(decisions_of(project(name)))
    ]


def test_the_long_project_was_decided_at_each_mandatory_gate_and_met_its_conditions(demo):
    assert outcomes(NIGHT) == [
        ("insight", "go"),
        ("service-development", "go_with_conditions"),
        ("piloting", "go_with_conditions"),
        ("transition", "go"),
        ("new-practice", "corrective"),
    ]
    conditions = [
        condition
        for decision in decisions_of(project(NIGHT))
        for condition in decision.conditions.all()
    ]
    *met, action = sorted(conditions, key=lambda each: each.pk)
    assert len(met) == 3
    assert all(condition.closed_at and condition.closing_note for condition in met)
    assert (action.closed_at, action.due_on > timezone.localdate()) == (None, True)
    assert walk_of(project(NIGHT)).phase("anchoring").is_closed_without_decision


def test_a_review_was_held_and_the_next_is_due(demo):
    reviews = reviews_of(walk_of(project(NIGHT)).phase("new-practice"))
    assert [(review.months, review.held_on is not None) for review in reviews] == [
        (6, True),
        (12, True),
        (24, False),
    ]
    assert abs((reviews[2].due_on - timezone.localdate()).days) < 14


def test_the_stopped_project_is_finishing_what_is_left(demo):
    assert [(step.entry.key, step.status.value) for step in walk_of(project(BOOKING)).closing] == [
        ("closing-learning", "done"),
        ("closing-people", "done"),
        ("closing-tidy", "in_progress"),
        ("closing-archive", "not_started"),
    ]


def test_two_years_of_measurements_hold_setbacks_and_a_true_zero(demo):
    dossier = BenefitsTool().load([project(NIGHT).pk])[project(NIGHT).pk]
    standing = {row.name: row.standing for row in dossier.indicators}
    assert standing == {
        "Fysiske tilsyn per bruker per natt": Standing.REACHED,
        "Tid til planlagte tilsyn per bruker per natt": Standing.REACHED,
        "Innleide timer på natt per måned": Standing.REACHED,
        "Pårørende som er trygge på tilsynet om natten": Standing.ON_THE_WAY,
        "Tid fra varsel til noen er på plass": Standing.KEPT,
    }
    assert all(card.row.owner and card.row.change_pk for card in dossier.cards)
    hired = next(row for row in dossier.indicators if row.name.startswith("Innleide"))
    series = dossier.series_of(hired.pk)
    values = [point.value for point in series]
    assert len(series) == 24
    assert (series[-1].measured_on - series[0].measured_on).days > 680
    assert 0 in values
    assert any(later > earlier for earlier, later in pairwise(values))
    assert dossier.benefits[1].hours_per_year == Decimal("1559.28")
    assert dossier.benefits[2].amount_per_year == 480248


def test_the_pilot_that_was_sent_back_keeps_its_story(demo):
    walk = walk_of(project(DISPENSERS))
    decision = decisions_of(project(DISPENSERS))[0]
    assert (decision.outcome, decision.target_phase_key) == ("back", "service-development")
    assert decision.rationale.startswith("Brukerne er fornøyde")
    assert content_of(decision.record)["reopen_steps"] == [
        "define-routines",
        "develop-touchpoints",
    ]
    assert {
        step.entry.key: step.status.value for step in walk.phase("service-development").steps
    } == {
        "brainstorm-ideas": "done",
        "test-proposals": "in_progress",
        "define-routines": "in_progress",
        "map-benefits": "done",
        "develop-touchpoints": "in_progress",
        "develop-or-choose-technology": "done",
    }
    assert CriterionAnswer.objects.filter(
        project_phase=walk.phase("service-development").row, is_carried_over=True
    ).exists()
    [condition] = open_conditions(project(DISPENSERS))
    assert condition.due_on > timezone.localdate()


def test_the_line_manager_has_one_decision_to_take_and_nothing_blocks_it(demo):
    [seat] = asked_of(person("linjeleder"))
    submission = GateSubmission.objects.get(pk=seat.submission)
    assert submission.project_phase.project.name == APPLICATION
    assert submission.recommended_outcome == "go_with_conditions"
    frozen = content_of(submission.record)["readiness"]
    assert (len(frozen["blockers"]), len(frozen["warnings"])) == (0, 2)
    walk = walk_of(project(APPLICATION))
    assert readiness_of(walk, walk.phase("piloting")).readiness.is_ready


def test_an_earlier_submission_was_withdrawn(demo):
    assert [
        each.submitted_by.name for each in GateSubmission.objects.filter(withdrawal__isnull=False)
    ] == ["Nora Fjelldal"]


def test_the_stopped_project_says_what_was_learnt(demo):
    assert outcomes(BOOKING) == [("insight", "stop")]
    assert decisions_of(project(BOOKING))[0].learnt.startswith("Tell før du leter")


def test_the_library_project_has_a_step_that_is_not_relevant_with_a_reason(demo):
    [step] = ProjectStep.objects.filter(project__name=LIBRARY, status="not_relevant")
    assert step.not_relevant_reason != ""


def test_the_swedish_project_is_recorded_in_swedish(demo):
    assert project(SWEDISH).document_language == "sv"
    record = GateRecord.objects.filter(project__name=SWEDISH).order_by("sequence").first()
    content = content_of(record)
    assert (content["language"], content["phase"]["title"]) == ("sv", "Förankring")


def test_the_new_project_is_empty_and_waits_for_its_owner(demo):
    walk = walk_of(project(NEW))
    assert {step.status.value for phase in walk.phases for step in phase.steps} == {"not_started"}
    [proposal] = AppointmentProposal.objects.filter(status="waiting")
    assert (proposal.project.name, proposal.role, proposal.proposed_by.name) == (
        NEW,
        "owner",
        "Nora Fjelldal",
    )


def test_some_work_is_overdue_and_some_is_yet_to_come(demo):
    today = timezone.localdate()
    dates = ProjectStep.objects.filter(status="in_progress", due_on__isnull=False).values_list(
        "due_on", flat=True
    )
    assert min(dates) < today < max(dates)


# --- when things happened ----------------------------------------------------------------------


def test_every_event_is_in_the_past_on_a_working_day(demo):
    now = timezone.now()
    story = AuditEvent.objects.filter(organisation_number__isnull=False).exclude(
        action="demo.loaded"
    )
    assert story.count() > 500
    assert [event for event in story if event.at > now or event.at.weekday() > 4] == []


def test_decisions_follow_their_submissions_and_measurements_their_day(demo):
    for decision in GateDecision.objects.select_related("submission__record", "record"):
        assert decision.submission.submitted_at < decision.decided_at < timezone.now()
        assert decision.record.created_at == decision.decided_at
    for measurement in Measurement.objects.all():
        assert timezone.localdate(measurement.created_at) == measurement.measured_on


def test_the_fake_clock_is_put_away_after_an_error():
    true_clock = timezone.now
    moment = datetime.datetime(2024, 3, 14, 9, 0, tzinfo=datetime.UTC)

    def fail() -> None:
        with at(moment):
            seen.append((timezone.now(), timezone.localdate()))
            raise RuntimeError

    seen: list[tuple[datetime.datetime, datetime.date]] = []
    with pytest.raises(RuntimeError):
        fail()
    assert seen == [(moment, datetime.date(2024, 3, 14))]
    assert timezone.now is true_clock


def test_days_fall_on_working_days_in_the_same_order():
    sunday = datetime.date(2026, 11, 22)
    assert [workday(sunday, days) for days in (0, 1, 2, 3, -1)] == [
        datetime.date(2026, 11, 20),
        datetime.date(2026, 11, 20),
        datetime.date(2026, 11, 20),
        datetime.date(2026, 11, 19),
        datetime.date(2026, 11, 23),
    ]
    assert moment_on(sunday, 1) - moment_on(sunday, 0) == datetime.timedelta(minutes=7)
