"""Walks every route as every person and compares with the access matrix."""

import datetime
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import Language
from accounts.policy import ProjectRole
from benefits.models import Change
from methodology.enums import GateOutcome
from methodology.models import Criterion
from phases.gates import ConditionDraft
from phases.models import CriterionAnswer, ProjectPhase
from phases.services import answer_criterion, propose_appointment
from projects.models import Membership
from reports.enums import ReportKind
from reports.services import order_report
from tests.access_matrix import DENIED, HIDDEN, IN, LOGIN, MATRIX, NOT_OFFERED, PEOPLE
from tools.services import save_row


def routes(patterns, namespace="") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


ROUTES = sorted({name for name in routes(get_resolver().url_patterns) if name != "components"})


def test_every_route_stands_in_the_matrix_and_nothing_else_does():
    assert sorted(MATRIX) == ROUTES


def answer(response) -> str:
    if response.status_code in (301, 302) and response.url.startswith(reverse("accounts:login")):
        return LOGIN
    return {403: DENIED, 404: HIDDEN, 405: NOT_OFFERED}.get(response.status_code, IN)


def answers(client_of, method, address) -> dict[str, str]:
    found = {}
    for who in PEOPLE:
        with transaction.atomic():
            response = getattr(client_of(who), method)(address)
            if response.streaming:
                response.close()
            found[who] = answer(response)
            transaction.set_rollback(True)
    return found


@pytest.fixture
def client_of(municipality, neighbour, client_for):
    def client_of(who: str) -> Client:
        if who == "anonymous":
            return Client()
        if who == "neighbour":
            return client_for(neighbour.leader)
        return client_for(getattr(municipality, who))

    return client_of


@pytest.fixture
def world(project, municipality, submit, decide) -> dict[str, object]:
    """One of everything that an address can name, all of it in ``project``.

    The first phase is decided with a condition, the second is submitted and waits.
    """
    leader, member = municipality.leader, municipality.member
    answer = answer_criterion(
        answer=CriterionAnswer(
            project_phase=ProjectPhase.objects.get(project=project, phase__key="anchoring"),
            criterion=Criterion.objects.get(
                gate__phase__version=project.method_version, key="problem-stated"
            ),
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
    proposal = propose_appointment(
        project=project, role=ProjectRole.OWNER, user=municipality.employee, actor=leader
    )
    submission = submit(project, leader)
    row = save_row(
        row=Change(project=project, process="Nattilsyn", description="Digitalt besøk"),
        actor=leader,
    )
    job = order_report(
        projects=[project], kind=ReportKind.PROJECT_XLSX, language=Language.BOKMAL, actor=leader
    )
    return {
        "project_id": project.pk,
        "phase_key": "insight",
        "step_key": "carry-out-interviews",
        "criterion_key": "needs-evidenced",
        "answer_id": answer.pk,
        "submission_id": submission.pk,
        "decision_id": decision.pk,
        "condition_id": decision.conditions.get().pk,
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
        "unit_id": municipality.home_care.pk,
        "uidb64": "MQ",
        "token": "set-password",
    }


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_answers_as_the_matrix_says(name, world, client_of):
    route = MATRIX[name]
    address = reverse(name, kwargs={key: world[key] for key in route.arguments})
    assert answers(client_of, "get", address) == route.get
    assert answers(client_of, "post", address) == route.post


def test_debug_pages_are_not_part_of_the_product():
    assert settings.DEBUG is False
