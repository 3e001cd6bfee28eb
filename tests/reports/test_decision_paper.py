"""The record of a decision on paper: what stands in it, and that only frozen records are read."""

import datetime
import hashlib
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Deputy
from accounts.policy import OrganisationRole
from accounts.services import create_person
from methodology.enums import GateOutcome
from phases.enums import DecisionRule, SeatSource
from phases.models import (
    CriterionAnswer,
    Decider,
    GateDecision,
    GateRecordPerson,
    GateRoute,
    GateRouteSeat,
)
from phases.services import decide_gate, declare_conflict, name_replacement
from phases.services.correcting import correct_record
from phases.services.disposing import dispose, plan_disposal
from projects.enums import ProjectStatus
from projects.models import Project
from reports.decision_paper import ConditionPart, Exemption
from reports.paper_drawing import exempt_line, paper_title
from tests.phases.old_records import SCHEMA_1, restore
from tests.reports.decided import (
    EVIDENCE,
    RATIONALE,
    decide_with_everything,
    draft_with_everything,
    html_of,
    paper_of,
    submit_with_everything,
    words,
)
from tests.worksheets.method import load_sheets_method


@pytest.fixture
def decided(project, municipality) -> GateDecision:
    return decide_with_everything(project, municipality)


def test_it_says_who_decided_what_on_what_and_why(decided, project, municipality):
    text = words(html_of(decided))
    for expected in (
        "Digitalt tilsyn om natten",
        "Fjordvik kommune · Hjemmetjenesten",
        "2026/1482",
        RATIONALE,
        municipality.manager.name,
        "Ledergruppen og tillitsvalgte",
        "Avklar personvernet.",
        municipality.member.name,
        "Exempt from public access: offentleglova § 23",
        "Forhandlinger med leverandør pågår.",
        "Hvem eier tallene?",
        "Økonomiavdelingen.",
        "Tas i neste fase.",
        "Vi anbefaler å gå videre til innsiktsfasen.",
        "Vedtak i ledergruppen.pdf",
        hashlib.sha256(EVIDENCE).hexdigest(),
        decided.record.sha256,
        decided.submission.record.sha256,
        project.method_version.content_hash,
    ):
        assert expected in text
    assert paper_of(decided).decided.conditions == (
        ConditionPart("Avklar personvernet.", municipality.member.name, datetime.date(2099, 3, 1)),
    )


def test_it_is_read_from_records_and_published_methods_alone(decided):
    with CaptureQueriesContext(connection) as queries:
        html_of(decided)
    tables = {
        table for query in queries for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])
    }
    # What finds the decision; then records, names and what came after.
    finding = {"projects_project", "accounts_organisation", "accounts_unit", "accounts_user"}
    finding |= {"phases_gatedecision", "phases_gatesubmission", "phases_projectphase"}
    assert tables - finding <= {
        "phases_gaterecord",
        "phases_gaterecordperson",
        "phases_gatecorrection",
        "phases_gaterecorddisposal",
        "methodology_method",
        "methodology_methodversion",
        "methodology_overlayversion",
    }


def test_what_changes_later_changes_nothing_on_it(decided, project, municipality):
    before = html_of(decided)
    Project.objects.filter(pk=project.pk).update(
        name="Et annet navn", case_number="1999/1", problem="Noe annet", goal="Noe annet"
    )
    CriterionAnswer.objects.update(comment="Noe annet")
    decided.conditions.update(owner=municipality.leader)
    municipality.manager.name = "Et nytt navn"
    municipality.manager.save()
    municipality.home_care.name = "En annen enhet"
    municipality.home_care.save()
    assert html_of(decided) == before


def test_the_exemption_stands_on_the_first_page_and_at_the_top_of_each(decided):
    assert paper_of(decided).exemption == Exemption(
        "offentleglova § 23", "Forhandlinger med leverandør pågår."
    )
    html = html_of(decided)
    assert 'data-exempt="Exempt from public access: offentleglova § 23"' in html
    assert html.index('class="exempt"') < html.index('class="outcome"')


def test_nothing_is_said_of_an_exemption_that_there_is_not(project, municipality, submit, decide):
    decision = decide(
        submit(project, municipality.leader), municipality.manager, GateOutcome.REWORK
    )
    paper = paper_of(decision)
    assert (paper.exemption, exempt_line(paper)) == (None, "")
    assert "Exempt" not in html_of(decision)
    assert paper.decided.conditions == ()
    assert (
        paper_title(paper)
        == "Digitalt tilsyn om natten · Fra forankring til innsikt · Decision record"
    )


def test_dissent_deputies_conflicts_and_replacements_stand_by_name(project, municipality):
    place, today = municipality, timezone.localdate()
    route = GateRoute.objects.create(
        organisation=place.organisation, name="Store", rule=DecisionRule.CHAIR, quorum=2
    )
    for source, user in (
        (SeatSource.OWNER, None),
        (SeatSource.LINE_MANAGER, None),
        (SeatSource.NAMED, place.admin),
    ):
        GateRouteSeat.objects.create(
            route=route, source=source, user=user, is_chair=source == SeatSource.OWNER
        )
    Deputy.objects.create(
        user=place.manager,
        deputy=place.reader,
        starts_on=today,
        ends_on=today,
        made_by=place.manager,
    )
    submission = submit_with_everything(project, place)
    declare_conflict(submission=submission, reason="Min bror er leverandør.", actor=place.admin)
    name_replacement(
        submission=submission,
        decider=Decider.objects.get(submission=submission, user=place.admin),
        user=place.employee,
        reason="Kjenner økonomien.",
        actor=place.director,
    )
    against = draft_with_everything(
        submission,
        place,
        outcome=GateOutcome.REWORK,
        rationale="Tallene er for usikre.",
        conditions=(),
        accepted=(),
    )
    assert decide_gate(submission=submission, draft=against, actor=place.reader) is None
    decision = decide_gate(
        submission=submission, draft=draft_with_everything(submission, place), actor=place.director
    )
    said = paper_of(decision).decided.minutes
    assert [
        (seat.name, seat.is_chair, seat.replaces, seat.left.reason if seat.left else "")
        for seat in said.seats
    ] == [
        ("Dagny Direktør", True, "", ""),
        ("Mona Mellomleder", False, "", ""),
        ("Astrid Admin", False, "", "Min bror er leverandør."),
        ("Anne Ansatt", False, "Astrid Admin", ""),
    ]
    assert [(seat.name, seat.vote.deputy) for seat in said.dissent] == [
        ("Mona Mellomleder", "Lise Leser")
    ]
    text = words(html_of(decision))
    assert "Of another opinion: Mona Mellomleder" in text
    assert "by the deputy Lise Leser" in text
    assert "Tallene er for usikre." in text
    assert "Kjenner økonomien." in text
    assert "Did not vote" in text


def test_somebody_who_was_erased_is_said_so(decided, municipality):
    GateRecordPerson.objects.filter(user=municipality.manager).update(name="", user=None)
    assert paper_of(decided).decided.minutes.decided_by == "erased person"
    assert municipality.manager.name not in words(html_of(decided))


def test_corrections_made_later_are_listed_and_told_of_at_the_beginning(decided, municipality):
    correction = correct_record(
        record=decided.record, text="Fristen er 1. april.", actor=municipality.manager
    )
    text = words(html_of(decided))
    assert text.index("1 correction was made later") < text.index(RATIONALE)
    assert "Fristen er 1. april." in text
    assert correction.record.sha256 in text


@pytest.mark.parametrize("name", SCHEMA_1)
def test_a_record_of_an_older_schema_is_drawn_with_what_it_has(
    name, municipality, ks_version, tmp_path
):
    version = ks_version if name == "ks-veikart" else load_sheets_method(tmp_path)
    decision = restore(name, municipality, version)
    paper = paper_of(decision)
    text = words(html_of(decision))
    assert decision.record.sha256 in text
    assert paper.decided.rationale in text
    minutes = paper.decided.minutes
    assert (paper.exemption, minutes.present, minutes.questions) == (None, "", ())


def test_what_was_disposed_of_leaves_its_tombstone(decided, project, municipality):
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.CLOSED)
    admin, other = municipality.admin, second_administrator(municipality)
    today = timezone.localdate()
    project.refresh_from_db()
    plan = plan_disposal(
        project=project, by=admin, witness=other, retention_ended=today, sequence=1
    )
    tombstone = dispose(
        plan, reason="Bevaringstiden er ute.", retention_ended=today, by=admin, witness=other
    )
    paper = paper_of(decided)
    assert (paper.reading, paper.decided, paper.files) == (None, None, ())
    text = words(html_of(decided))
    assert RATIONALE not in text
    for expected in (
        "Record 1 was disposed of at the end of its retention.",
        "Record 2 was disposed of at the end of its retention.",
        "Bevaringstiden er ute.",
        admin.name,
        other.name,
        decided.record.sha256,
        tombstone.sha256,
    ):
        assert expected in text


def second_administrator(place):
    return create_person(
        organisation=place.organisation,
        email="arkiv@fjordvik.test",
        name="Arne Arkivar",
        roles=(OrganisationRole.ADMINISTRATOR,),
        actor=None,
        password="veikart-demo",
    )
