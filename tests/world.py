"""One of everything that an address can name."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Language
from accounts.policy import ProjectRole
from accounts.services import name_deputy
from benefits.models import Change
from methodology.enums import GateOutcome
from methodology.services import add_part, copy_to_organisation
from phases.enums import SeatSource
from phases.gates import ConditionDraft
from phases.models import CriterionAnswer, GateRoute, ProjectPhase
from phases.routes import SeatRule
from phases.services import answer_criterion, ask, propose_appointment
from phases.services.route_settings import save_route
from projects.models import Membership
from reports.enums import ReportKind
from reports.services import order_report
from tests.worksheets.helpers import ROW, write_row
from tests.worksheets.method import load_sheets_method, start_sheets_project
from tools.services import save_row
from worksheets.models import SheetPicture


def _sheet_world(municipality, tmp_path) -> dict[str, object]:
    """A project whose method has worksheets, with a row and a picture."""
    project = start_sheets_project(municipality, load_sheets_method(tmp_path))
    write_row(project, municipality.leader)
    picture = SheetPicture(
        project=project,
        worksheet_key="plan",
        field_key="image",
        width=4,
        height=4,
        uploaded_by=municipality.leader,
    )
    picture.file.save("rom.png", ContentFile(b"\x89PNG"), save=False)
    picture.save()
    return {
        "sheet_project_id": project.pk,
        "sheet_row_id": ROW,
        "sheet_picture_id": picture.pk,
    }


@pytest.fixture
def world(project, municipality, submit, decide, tmp_path) -> dict[str, object]:
    """One of everything that an address can name, all of it in ``project``, but for worksheets.

    The first phase is decided with a condition, the second is submitted and waits.
    """
    leader, member = municipality.leader, municipality.member
    answer = answer_criterion(
        answer=CriterionAnswer(
            project_phase=ProjectPhase.objects.get(project=project, phase_key="anchoring"),
            criterion_key="problem-stated",
            status="met",
        ),
        actor=leader,
        file=SimpleUploadedFile("vedtak.pdf", b"%PDF-1.7"),
    )
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    decision = decide(
        submit(project, leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Avklar personvern", member.pk, tomorrow),),
    )
    condition = decision.conditions.get()
    condition.evidence_file.save("plan.pdf", ContentFile(b"%PDF-1.4 plan"))
    proposal = propose_appointment(
        project=project, role=ProjectRole.OWNER, user=municipality.employee, actor=leader
    )
    submission = submit(project, leader)
    question = ask(submission=submission, text="Hvem eier tallene?", actor=municipality.manager)
    row = save_row(
        row=Change(project=project, process="Nattilsyn", description="Digitalt besøk"),
        actor=leader,
    )
    job = order_report(
        projects=[project], kind=ReportKind.PROJECT_XLSX, language=Language.BOKMAL, actor=leader
    )
    draft = copy_to_organisation(
        version=project.method_version,
        key="fjordvik-metode",
        organisation=municipality.organisation,
        actor=municipality.admin,
    )
    add_part(
        draft=draft,
        list_address=("worksheets",),
        title={"nb": "Notater"},
        key="notes",
        actor=municipality.admin,
    )
    route = save_route(
        route=GateRoute(
            organisation=municipality.organisation, name="Store prosjekter", least_budget=5_000_000
        ),
        seats=[SeatRule(SeatSource.OWNER)],
        actor=municipality.admin,
    )
    deputy = name_deputy(
        user=municipality.employee,
        deputy=member,
        starts_on=tomorrow,
        ends_on=tomorrow,
        actor=municipality.admin,
    )
    return {
        **_sheet_world(municipality, tmp_path),
        "project_id": project.pk,
        "phase_key": "insight",
        "step_key": "carry-out-interviews",
        "criterion_key": "needs-evidenced",
        "answer_id": answer.pk,
        "submission_id": submission.pk,
        "decider_id": submission.deciders.get().pk,
        "question_id": question.pk,
        "decision_id": decision.pk,
        "condition_id": condition.pk,
        "proposal_id": proposal.pk,
        "membership_id": Membership.objects.get(project=project, user=member).pk,
        "role": "line_manager",
        "tool_slug": "gevinster",
        "register_slug": "endringer",
        "row_id": row.pk,
        "slot_key": "statistics",
        "key": "ks-veikart",
        "job_id": job.pk,
        "person_id": municipality.employee.pk,
        "deputy_id": deputy.pk,
        "route_id": route.pk,
        "unit_id": municipality.home_care.pk,
        "uidb64": "MQ",
        "token": "set-password",
    }
