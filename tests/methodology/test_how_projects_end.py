"""What the methods of the installation say about reviews, ways on, and how a project ends."""

import pytest

from methodology.catalogue import catalogue_of
from methodology.enums import GateOutcome, Origin
from methodology.models import MethodVersion
from methodology.shapes import LANGUAGES


@pytest.fixture(params=["ks-veikart", "hdir-veiviser", "nvc-connect"])
def newest(request, ks_version):
    version = MethodVersion.objects.select_related("method").get(
        method__key=request.param, status="published"
    )
    return catalogue_of(version)


def test_every_criterion_has_guidance_and_an_example_in_every_complete_language(newest):
    complete = {
        language
        for language in LANGUAGES
        if newest.languages.get(language, {}).get("coverage") == "complete"
    }
    lacking = [
        (criterion.key, name)
        for phase in newest.phases
        for criterion in (phase.gate.criteria if phase.gate else ())
        for name in ("guidance", "example")
        if not complete <= set(criterion.texts.stored.get(name, {}))
    ]
    assert lacking == []


def test_the_last_phase_is_reviewed_again_and_again(newest):
    gate = newest.phases[-1].gate
    assert (gate.reviews_after_months, gate.origin, set(gate.outcomes)) == (
        (6, 12, 24),
        Origin.OURS,
        {
            GateOutcome.CONTINUE,
            GateOutcome.CORRECTIVE,
            GateOutcome.BACK,
            GateOutcome.CLOSED,
            GateOutcome.PAUSE,
        },
    )
    assert not any(phase.gate.is_recurring for phase in newest.phases[:-1] if phase.gate)


def test_what_is_left_to_do_at_the_end_is_our_own_list(newest):
    assert [(step.key, step.origin) for step in newest.closing] == [
        ("closing-learning", Origin.OURS),
        ("closing-people", Origin.OURS),
        ("closing-tidy", Origin.OURS),
        ("closing-archive", Origin.OURS),
    ]
    assert all(step.texts.get("what") for step in newest.closing)


def test_the_roadmaps_pilot_gate_has_its_own_five_ways_on_and_the_handover_can_wait(ks_version):
    catalogue = catalogue_of(ks_version)
    pilot, handover = catalogue.phase("piloting").gate, catalogue.phase("transition").gate
    assert (pilot.outcomes, pilot.back_to) == (
        (GateOutcome.GO, GateOutcome.MORE_TESTING, GateOutcome.BACK, GateOutcome.STOP),
        ("service-development", "insight"),
    )
    assert GateOutcome.NOT_READY in handover.outcomes
