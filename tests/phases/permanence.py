"""What the tests on permanence share: a decided gate with one row in every permanent table."""

import datetime
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from accounts.policy import OrganisationRole
from accounts.services import create_person
from common import triggers
from methodology.enums import GateOutcome
from phases.gates import ConditionDraft
from phases.models import Decider, GateSubmission
from phases.services import set_organisation_gate_mode, set_project_gate_mode, withdraw_submission
from phases.services.correcting import correct_record
from phases.services.questions import answer, ask
from phases.services.seats import declare_conflict, name_replacement
from projects.models import Project
from projects.services import set_project_status

TOMORROW = timezone.localdate() + datetime.timedelta(days=1)


@contextmanager
def unguarded():
    """As for somebody who can switch the triggers off."""
    connection.check_constraints()
    triggers.drop_all(connection)
    yield
    connection.check_constraints()
    triggers.install_all(connection)


def talk_about(submission: GateSubmission, municipality) -> None:
    """The line manager has a conflict of interest, the director is named in their place, and asks
    something that the leader answers."""
    seat = Decider.objects.get(submission=submission)
    declare_conflict(
        submission=submission, reason="Gift med leverandøren.", actor=municipality.manager
    )
    name_replacement(
        submission=submission,
        decider=seat,
        user=municipality.director,
        reason="Nærmeste leder.",
        actor=municipality.admin,
    )
    question = ask(
        submission=submission, text="Hva koster opplæringen?", actor=municipality.director
    )
    answer(question=question, text="40 timer per avdeling.", actor=municipality.leader)


def decided_with_everything(project, municipality, submit, decide):
    """A decision with a condition, a conflict, a question and a correction; before it a submission
    that was withdrawn (record 1), beside it changed modes. Records 2 to 4 are the case."""
    withdraw_submission(submission=submit(project, municipality.leader), actor=municipality.leader)
    submission = submit(project, municipality.leader)
    talk_about(submission, municipality)
    decision = decide(
        submission,
        municipality.director,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Avklar personvern", municipality.leader.pk, TOMORROW),),
    )
    correct_record(
        record=decision.record, text="Beløpet er 400 000 kr.", actor=municipality.director
    )
    set_project_gate_mode(
        project=project,
        phase_key="insight",
        mode="mandatory",
        reason="Stort.",
        actor=municipality.director,
    )
    set_organisation_gate_mode(
        organisation=municipality.organisation,
        method=project.method_version.method,
        gate_key="insight",
        mode="mandatory",
        reason="Alltid her.",
        actor=municipality.admin,
    )
    return decision


def close(project: Project, municipality) -> None:
    set_project_status(project=project, status="closed", actor=municipality.manager)


def second_administrator(municipality):
    """Disposal takes two."""
    return create_person(
        organisation=municipality.organisation,
        email="arkiv@fjordvik.test",
        name="Arne Arkivar",
        roles=[OrganisationRole.ADMINISTRATOR],
        actor=None,
        password="veikart-demo",
    )
