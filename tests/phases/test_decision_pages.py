"""After the decision: the history, the record, its conditions, how binding gates are, the chain."""

import datetime
from io import StringIO

import pytest
from django.contrib.messages import get_messages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common import triggers
from methodology.enums import GateMode, GateOutcome
from phases.canonical import digest
from phases.gates import ConditionDraft
from phases.models import (
    Condition,
    GateDecision,
    GateRecord,
    GateSubmission,
    OrganisationGateMode,
    ProjectGateMode,
)
from phases.selectors import walk_of
from phases.services import close_phase, set_project_gate_mode, withdraw_submission

SOON = datetime.timedelta(days=7)


@pytest.fixture
def decision(project, municipality, submit, decide):
    return decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(
            ConditionDraft(
                "Avklar personvern", municipality.member.pk, timezone.localdate() + SOON
            ),
        ),
    )


@pytest.fixture
def condition(decision):
    return decision.conditions.get()


def decisions_url(project):
    return reverse("phases:decisions", args=[project.pk])


def decision_url(project, decision):
    return reverse("phases:decision", args=[project.pk, decision.pk])


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- the history ---------------------------------------------------------------------------------


def test_the_history_tells_decisions_closings_withdrawals_and_changed_gates(
    project, municipality, client_for, decision, submit
):
    leader = municipality.leader
    withdraw_submission(submission=submit(project, leader), actor=leader)
    close_phase(project=project, phase_key="insight", sentence="Vi vet nok.", actor=leader)
    set_project_gate_mode(
        project=project,
        phase_key="service-development",
        mode=GateMode.MANDATORY,
        reason="Stort prosjekt.",
        actor=municipality.director,
    )
    page = client_for(municipality.reader).get(decisions_url(project))
    told = {
        (
            event.phase.key,
            event.person,
            "decision"
            if event.decision
            else "closing"
            if event.closing
            else "withdrawal"
            if event.withdrawal
            else "mode",
        )
        for event in page.context["events"]
    }
    assert told == {
        ("anchoring", "Mona Mellomleder", "decision"),
        ("insight", "Petter Prosjektleder", "withdrawal"),
        ("insight", "Petter Prosjektleder", "closing"),
        ("service-development", "Dagny Direktør", "mode"),
    }
    content = page.content.decode()
    for text in ("Grunnlaget er godt.", "Vi vet nok.", "Stort prosjekt.", "Avklar personvern"):
        assert text in content


DECISIONS_QUERIES = 34


def test_the_history_costs_the_same_with_one_and_with_three_decisions(
    project, municipality, client_for, decision, submit, decide
):
    client = client_for(municipality.reader)
    with CaptureQueriesContext(connection) as one:
        client.get(decisions_url(project))
    for number in range(2):
        decide(
            submit(project, municipality.leader),
            municipality.manager,
            GateOutcome.GO_WITH_CONDITIONS,
            conditions=tuple(
                ConditionDraft(f"Vilkår {number}.{each}", municipality.member.pk, _tomorrow())
                for each in range(3)
            ),
        )
    with CaptureQueriesContext(connection) as three:
        client.get(decisions_url(project))
    assert (len(one), len(three)) == (DECISIONS_QUERIES, DECISIONS_QUERIES)


def _tomorrow():
    return timezone.localdate() + datetime.timedelta(days=1)


def test_an_empty_history_says_what_will_stand_there(project, municipality, client_for):
    page = client_for(municipality.reader).get(decisions_url(project))
    content = page.content.decode()
    assert "No decisions yet" in content
    assert reverse("phases:gate", args=[project.pk, "anchoring"]) in content


def test_strangers_find_neither_history_nor_record_nor_condition(
    project, other_project, municipality, neighbour, client_for, decision, condition
):
    addresses = [
        decisions_url(project),
        decision_url(project, decision),
        reverse("phases:condition_close", args=[project.pk, condition.pk]),
    ]
    for stranger in (neighbour.leader, neighbour.admin, municipality.employee):
        client = client_for(stranger)
        assert [client.get(url).status_code for url in addresses] == [404, 404, 404]
    through_another = [
        decision_url(other_project, decision),
        reverse("phases:condition_close", args=[other_project.pk, condition.pk]),
    ]
    client = client_for(municipality.leader)
    assert [client.get(url).status_code for url in through_another] == [404, 404]


# --- the record ----------------------------------------------------------------------------------


def test_the_record_reads_like_minutes(project, municipality, client_for, decision):
    page = client_for(municipality.reader).get(decision_url(project, decision))
    content = page.content.decode()
    for text in (
        "Mona Mellomleder",
        "Go with conditions",
        "Grunnlaget er godt.",
        "Submitted by Petter Prosjektleder",
        "Vi anbefaler å gå videre.",
        "Avklar personvern",
        "2026/1482",
        "Record 2 of the project. It decides on record 1.",
        decision.record.sha256,
        decision.submission.record.sha256,
        project.problem,
    ):
        assert text in content


def test_the_record_says_where_it_goes_back_to_and_which_steps(
    project, municipality, client_for, submit, decide, walk_to
):
    walk_to(project, "service-development", municipality.leader)
    step = walk_of(project).phase("insight").steps[0].entry
    decision = decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.BACK,
        target_phase="insight",
        reopen_steps=(step.key,),
    )
    page = client_for(municipality.reader).get(decision_url(project, decision))
    assert (str(page.context["target"]), len(page.context["reopened"])) == (
        "fase 2, Innsikt",
        1,
    )


# --- conditions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["member", "leader", "manager"])
def test_a_condition_is_closed_with_a_note(project, municipality, client_for, condition, who):
    client = client_for(getattr(municipality, who))
    url = reverse("phases:condition_close", args=[project.pk, condition.pk])
    assert url in client.get(decisions_url(project)).content.decode()
    response = client.post(url, {"note": "Ombudet har sagt ja."})
    condition.refresh_from_db()
    assert (response.url, sentences(response)) == (
        f"{decisions_url(project)}#condition-{condition.pk}",
        ["The condition is closed."],
    )
    assert (condition.closed_by, condition.closing_note) == (
        getattr(municipality, who),
        "Ombudet har sagt ja.",
    )
    content = client.get(decisions_url(project)).content.decode()
    assert ("Ombudet har sagt ja." in content, url in content) == (True, False)


def test_a_condition_needs_a_note(project, municipality, client_for, condition):
    url = reverse("phases:condition_close", args=[project.pk, condition.pk])
    page = client_for(municipality.member).post(url, {"note": "  "})
    condition.refresh_from_db()
    assert (page.context["form"].errors, condition.closed_at) == (
        {"note": ["Fill in this field."]},
        None,
    )


@pytest.mark.parametrize("who", ["reader", "director", "admin"])
def test_others_read_who_says_when_a_condition_is_met(
    project, municipality, client_for, condition, who
):
    client = client_for(getattr(municipality, who))
    url = reverse("phases:condition_close", args=[project.pk, condition.pk])
    reason = "Mats Medlem, the project leader or the decider says when it is met."
    assert reason in client.get(url).content.decode()
    page = client.post(url, {"note": "Jeg sier at det er greit."})
    assert (page.status_code, reason in page.content.decode()) == (200, True)
    assert Condition.objects.get().closed_at is None


# --- how binding ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["director", "admin"])
def test_owner_and_administrator_change_how_binding_a_gate_is(
    project, municipality, client_for, who
):
    client = client_for(getattr(municipality, who))
    url = reverse("phases:gate_mode", args=[project.pk, "anchoring"])
    assert "The method says: Advisory." in client.get(url).content.decode()
    empty = client.post(url, {"mode": "mandatory", "reason": ""})
    assert empty.context["form"].errors == {"reason": ["Fill in this field."]}
    response = client.post(url, {"mode": "mandatory", "reason": "Mange er berørt."})
    assert response.url == reverse("phases:gate", args=[project.pk, "anchoring"])
    change = ProjectGateMode.objects.get()
    assert (change.mode, change.reason, change.set_by) == (
        "mandatory",
        "Mange er berørt.",
        getattr(municipality, who),
    )
    assert "Mange er berørt." in client.get(decisions_url(project)).content.decode()


@pytest.mark.parametrize("who", ["leader", "member", "reader", "manager"])
def test_nobody_else_changes_how_binding_a_gate_is(project, municipality, client_for, who):
    client = client_for(getattr(municipality, who))
    url = reverse("phases:gate_mode", args=[project.pk, "anchoring"])
    sent = {"mode": "off", "reason": "Vi har det travelt."}
    assert [client.get(url).status_code, client.post(url, sent).status_code] == [403, 403]
    assert ProjectGateMode.objects.count() == 0


def test_a_gate_stays_as_it_is_while_a_decision_is_awaited(
    project, municipality, client_for, submit
):
    submit(project, municipality.leader)
    client = client_for(municipality.director)
    url = reverse("phases:gate_mode", args=[project.pk, "anchoring"])
    page = client.post(url, {"mode": "off", "reason": "Nei."})
    assert "the gate stays as it is" in page.content.decode()
    assert ProjectGateMode.objects.count() == 0


def test_the_administrator_sets_the_least_for_all_projects(project, municipality, client_for):
    client = client_for(municipality.admin)
    url = reverse("phases:organisation_gates")
    gate = walk_of(project).phase("anchoring").gate
    page = client.get(url)
    assert gate.title in page.content.decode()
    assert [each.url for each in page.context["frame"].sections if each.is_current] == [
        reverse("accounts:people")
    ]
    one = f"{url}?method=ks-veikart&gate={gate.key}"
    assert client.get(one).status_code == 200
    response = client.post(one, {"mode": "mandatory", "reason": "Rådmannen vil vite."})
    assert response.url == url
    rule = OrganisationGateMode.objects.get()
    assert (rule.organisation, rule.gate_key, rule.mode, rule.set_by) == (
        municipality.organisation,
        gate.key,
        "mandatory",
        municipality.admin,
    )
    content = client.get(url).content.decode()
    assert ("Rådmannen vil vite." in content, "Astrid Admin" in content) == (True, True)
    assert walk_of(project).phase("anchoring").mode is GateMode.MANDATORY


def test_a_project_is_never_looser_than_its_organisation(project, municipality, client_for):
    gate = walk_of(project).phase("anchoring").gate
    client_for(municipality.admin).post(
        f"{reverse('phases:organisation_gates')}?method=ks-veikart&gate={gate.key}",
        {"mode": "mandatory", "reason": "Rådmannen vil vite."},
    )
    page = client_for(municipality.director).post(
        reverse("phases:gate_mode", args=[project.pk, "anchoring"]),
        {"mode": "off", "reason": "Vi slipper."},
    )
    assert page.context["form"].non_field_errors() == [
        "The organisation asks that this gate is at least: Mandatory."
    ]
    assert ProjectGateMode.objects.count() == 0


def test_the_least_is_for_administrators_of_their_own_organisation(
    project, municipality, neighbour, client_for
):
    gate = walk_of(project).phase("anchoring").gate
    url = f"{reverse('phases:organisation_gates')}?method=ks-veikart&gate={gate.key}"
    sent = {"mode": "mandatory", "reason": "Fordi."}
    for who in ("leader", "director", "manager"):
        assert client_for(getattr(municipality, who)).post(url, sent).status_code == 403
    assert client_for(neighbour.admin).post(url, sent).status_code == 302
    assert [rule.organisation for rule in OrganisationGateMode.objects.all()] == [
        neighbour.organisation
    ]
    assert walk_of(project).phase("anchoring").mode is GateMode.ADVISORY


def test_a_gate_that_no_method_has_is_not_found(municipality, client_for, ks_version):
    client = client_for(municipality.admin)
    url = reverse("phases:organisation_gates")
    for query in ("?method=ks-veikart&gate=nope", "?method=nope&gate=gate-1", "?gate=gate-1"):
        assert client.get(f"{url}{query}").status_code == 404


# --- the chain -----------------------------------------------------------------------------------


def verify():
    out = StringIO()
    call_command("verify_decisions", stdout=out)
    return out.getvalue()


def test_an_intact_chain_is_counted(project, other_project, decision):
    assert verify() == "2 records in 1 projects are intact.\n"


def test_nothing_to_check_is_fine(db):
    assert verify() == "0 records in 0 projects are intact.\n"


def broken(project):
    """What the command says when it fails."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("verify_decisions", stdout=out)
    assert error.value.returncode == 1
    head = f"Project {project.pk} ({project.name}), "
    return [line.removeprefix(head) for line in out.getvalue().splitlines()]


@pytest.fixture
def unguarded():
    """As for somebody who can switch the triggers off."""
    triggers.drop_all(connection)
    yield
    triggers.install_all(connection)


def test_a_changed_record_is_named_and_the_command_fails(project, decision, unguarded):
    record = GateRecord.objects.get(project=project, sequence=1)
    changed = bytes(record.content).replace(b"Vi anbefaler", b"Vi fraraader")
    GateRecord.objects.filter(pk=record.pk).update(content=changed)
    assert broken(project) == ["record 1: the content does not match its SHA-256"]


def test_a_record_that_was_changed_with_its_digest_no_longer_fits(project, decision, unguarded):
    record = GateRecord.objects.get(project=project, sequence=1)
    changed = bytes(record.content).replace(b"Vi anbefaler", b"Vi fraraader")
    GateRecord.objects.filter(pk=record.pk).update(content=changed, sha256=digest(changed))
    assert broken(project) == ["record 1: what is shown is not what was recorded (recommendation)"]
    GateSubmission.objects.update(recommendation="Vi fraraader å gå videre.")
    assert broken(project) == ["record 1: the log does not know it"]


def test_a_decision_that_was_rewritten_is_named(project, decision, unguarded):
    GateDecision.objects.update(rationale="Grunnlaget er svakt.")
    assert broken(project) == ["record 2: what is shown is not what was recorded (rationale)"]
