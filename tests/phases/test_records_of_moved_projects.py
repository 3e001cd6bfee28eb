"""An open submission and its record do not change when the project is moved to a newer version."""

import pytest
from django.urls import reverse
from django.utils import timezone

from methodology.enums import GateOutcome
from methodology.models import MethodVersion, OverlayVersion
from phases.chain import verify_chain
from phases.gates import ConditionDraft
from phases.models import GateDecision
from phases.reading import read_record
from phases.record import catalogue_of_record, content_of, method_version_of_record
from phases.selectors import walk_of
from phases.services import DraftRefused, ensure_walk
from projects.models import Project
from tests.revised import moved, phase_in, revised, without_phase

GONE = "The project's method no longer has that. Choose something else, or another decision."


def narrower(content):
    """The gates of the first two phases have other names and offer less."""
    for key in ("anchoring", "insight"):
        gate = phase_in(content, key)["gate"]
        gate["title"] = dict.fromkeys(gate["title"], "En annen port")
        gate["outcomes"] = ["go", "stop"]
        gate["back_to"] = []


@pytest.fixture
def submission(project, municipality, walk_to, submit):
    """The second phase, before its decider."""
    walk_to(project, "insight", municipality.leader)
    return submit(project, municipality.leader, GateOutcome.BACK)


def test_a_record_names_the_version_that_it_was_made_on(
    project, ks_version, submission, django_assert_num_queries
):
    new = revised(ks_version, narrower)
    project = moved(project, new)
    walk_of(project)
    content = content_of(submission.record)
    assert method_version_of_record(content) == ks_version
    reading = read_record(submission.record, project)
    assert reading.context.catalogue.number == ks_version.number
    with django_assert_num_queries(2):
        read_record(submission.record, project)


def test_a_record_of_a_version_that_is_not_here_cannot_be_found(submission):
    content = content_of(submission.record)
    content["method"]["version"] = 4711
    with pytest.raises(MethodVersion.DoesNotExist):
        method_version_of_record(content)


def test_the_decider_chooses_among_what_was_offered_when_it_was_submitted(
    project, municipality, ks_version, submission, client_for
):
    before = client_for(municipality.manager).get(
        reverse("phases:review", args=[project.pk, submission.pk])
    )
    moved(project, revised(ks_version, narrower))
    after = client_for(municipality.manager).get(
        reverse("phases:review", args=[project.pk, submission.pk])
    )
    assert [option.value for option in after.context["options"]] == [
        option.value for option in before.context["options"]
    ]
    assert after.context["reading"].gate_title == before.context["reading"].gate_title


def test_what_was_offered_then_can_be_decided_now(
    project, municipality, ks_version, submission, decide, client_for
):
    project = moved(project, revised(ks_version, narrower))
    ensure_walk(project)
    decision = decide(submission, municipality.manager, GateOutcome.BACK, target_phase="anchoring")
    assert decision.target_phase_key == "anchoring"
    assert walk_of(project).current.entry.key == "anchoring"
    assert content_of(decision.record)["phase"] == content_of(submission.record)["phase"]
    assert verify_chain(project) is None
    page = client_for(municipality.reader).get(
        reverse("phases:decision", args=[project.pk, decision.pk])
    )
    assert page.context["reading"].context.catalogue.number == ks_version.number


def test_a_phase_that_is_gone_is_not_offered_to_go_back_to(
    project, municipality, ks_version, submission, client_for
):
    client = client_for(municipality.manager)
    url = reverse("phases:decide", args=[project.pk, submission.pk])
    assert [option.value for option in client.get(url).context["options"]].count("back") == 1
    moved(project, revised(ks_version, without_phase("anchoring")))
    page = client.get(url)
    assert (
        [option.value for option in page.context["options"]].count("back"),
        page.context["targets"],
    ) == (0, [])


def test_going_back_to_a_phase_that_is_gone_is_refused_with_a_sentence(
    project, municipality, ks_version, submission, decide
):
    moved(project, revised(ks_version, without_phase("anchoring")))
    with pytest.raises(DraftRefused) as refused:
        decide(submission, municipality.manager, GateOutcome.BACK, target_phase="anchoring")
    assert [(each.field, str(each.reason)) for each in refused.value.problems] == [
        ("target_phase", GONE)
    ]
    assert GateDecision.objects.count() == 0


def test_a_submission_after_the_move_still_names_the_phases_of_earlier_decisions(
    project, municipality, ks_version, submit, decide
):
    decide(
        submit(project, municipality.leader),
        municipality.manager,
        GateOutcome.GO_WITH_CONDITIONS,
        conditions=(ConditionDraft("Spør ombudet", municipality.leader.pk, timezone.localdate()),),
    )
    title = walk_of(project).phase("anchoring").entry.title_in(project.document_language)
    project = moved(project, revised(ks_version, without_phase("anchoring")))
    again = submit(project, municipality.leader, GateOutcome.STOP)
    reading = read_record(again.record, project)
    assert [(each.decision.phase, each.phase) for each in reading.earlier_decisions] == [
        ("anchoring", title)
    ]


def test_a_record_is_read_with_what_the_organisation_had_adjusted_then(
    project, municipality, ks_version, submit
):
    overlay = OverlayVersion.objects.create(
        organisation=municipality.organisation,
        method=ks_version.method,
        number=1,
        content={
            "hidden_steps": [{"step": "map-related-projects", "reason": "Gjøres sentralt."}],
            "hidden_criteria": [],
            "lowered_criteria": [],
            "steps": [],
            "criteria": [],
            "notes": [],
        },
    )
    OverlayVersion.objects.filter(pk=overlay.pk).update(status="published", content_hash="f" * 64)
    Project.objects.filter(pk=project.pk).update(overlay_version=overlay)
    project = Project.objects.with_method().select_related("unit", "organisation").get()
    record = submit(project, municipality.leader).record
    assert content_of(record)["method"]["overlay"] == {"version": 1, "hash": "f" * 64}
    Project.objects.filter(pk=project.pk).update(overlay_version=None)
    project = Project.objects.with_method().get()
    (then, now) = (
        [step.key for step in catalogue.phase("anchoring").steps]
        for catalogue in (
            catalogue_of_record(content_of(record), project),
            walk_of(project).catalogue,
        )
    )
    assert [key for key in now if key not in then] == ["map-related-projects"]
