"""An organisation's adjustments: written, checked, published, and followed by key."""

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from common.outcomes import Refusal, StaleRow
from methodology.catalogue import build_catalogue, catalogue_of
from methodology.models import MethodVersion, OverlayVersion, PublishedContent
from methodology.overlays import EMPTY, without_home
from methodology.selectors_overlays import choosable_versions, draft_overlay, published_overlay
from methodology.services import overlaying
from methodology.services.overlaying import OverlayRefused
from projects.models import Project

GATE = "anchoring-gate"


@pytest.fixture
def content(ks_version):
    return ks_version.document.content


@pytest.fixture
def gate(content):
    """The first gate, with a must and a should of its own."""
    return next(phase["gate"] for phase in content["phases"] if phase["gate"])


@pytest.fixture
def draft(municipality, ks_version):
    return overlaying.draft_from_newest(
        organisation=municipality.organisation,
        method=ks_version.method,
        actor=municipality.admin,
    )


@pytest.fixture
def admin(municipality):
    return municipality.admin


def criterion_of(gate, severity):
    return next(each["key"] for each in gate["criteria"] if each["severity"] == severity)


def own_step(**changes):
    step = {
        "phase": "anchoring",
        "after": "",
        "title": {"nb": "Meld fra til personvernombudet"},
        "tools": [],
        "optional": False,
        "why": {"nb": "Ombudet skal vite om det tidlig."},
        "what": {"nb": "Send et **kort** notat."},
        "how": {"nb": ["Skriv notatet.", "Send det."]},
        "who": {"nb": "Prosjektlederen."},
        "duration": {"nb": "En time."},
        "result": {"nb": "Ombudet har svart."},
        "mistakes": {"nb": ["Å vente til piloten."]},
    }
    return {**step, **changes}


def own_criterion(**changes):
    return {
        "severity": "should",
        "title": {"nb": "Ombudet har svart"},
        "guidance": {"nb": "Svaret ligger i arkivet."},
        "example": {"nb": "Sak 2026/12."},
        **changes,
    }


def publish(draft, version, admin):
    return overlaying.publish_overlay(
        draft=draft, version=version, content=version.document.content, actor=admin
    )


def test_a_draft_begins_empty_and_the_next_one_with_what_is_published(
    draft, content, ks_version, admin, municipality
):
    assert (draft.number, draft.status, draft.content) == (1, "draft", dict(EMPTY))
    overlaying.hide_step(
        draft=draft,
        content=content,
        step_key=content["phases"][0]["steps"][0]["key"],
        reason="Er gjort i planen.",
        actor=admin,
    )
    published = publish(draft, ks_version, admin)

    following = overlaying.draft_from_newest(
        organisation=municipality.organisation, method=ks_version.method, actor=admin
    )

    assert (following.number, following.content) == (2, published.content)


def test_there_is_one_draft_at_a_time_and_the_second_is_told_whose_it_is(
    draft, ks_version, municipality, admin
):
    with pytest.raises(Refusal, match="Astrid Admin has been writing version 1 since"):
        overlaying.draft_from_newest(
            organisation=municipality.organisation, method=ks_version.method, actor=admin
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        OverlayVersion.objects.create(
            organisation=municipality.organisation, method=ks_version.method, number=9, content={}
        )


def test_only_the_organisations_administrator_adjusts(ks_version, municipality, neighbour):
    for stranger in (municipality.leader, neighbour.admin):
        with pytest.raises(Refusal, match="adjusted by the administrators of Fjordvik kommune"):
            overlaying.draft_from_newest(
                organisation=municipality.organisation, method=ks_version.method, actor=stranger
            )
    assert not OverlayVersion.objects.exists()


def test_a_step_is_hidden_with_a_reason_and_shown_again(draft, content, ks_version, admin):
    steps = [step["key"] for step in content["phases"][0]["steps"]]
    with pytest.raises(Refusal, match="Say why the step is hidden"):
        overlaying.hide_step(
            draft=draft, content=content, step_key=steps[1], reason="  ", actor=admin
        )
    overlaying.hide_step(
        draft=draft, content=content, step_key=steps[1], reason="Gjøres sentralt.", actor=admin
    )

    phase = build_catalogue(ks_version, content, draft).phases[0]
    assert [step.key for step in phase.steps] == [steps[0], *steps[2:]]
    assert [step.number for step in phase.steps] == list(range(1, len(steps)))
    assert [(each.key, each.reason) for each in phase.hidden_steps] == [
        (steps[1], "Gjøres sentralt.")
    ]

    overlaying.show_step(draft=draft, step_key=steps[1], actor=admin)
    assert draft.content == dict(EMPTY)


def test_the_last_step_of_a_phase_cannot_be_hidden(draft, content, admin):
    first, *others = [step["key"] for step in content["phases"][0]["steps"]]
    for key in others:
        overlaying.hide_step(draft=draft, content=content, step_key=key, reason="Nei.", actor=admin)
    with pytest.raises(Refusal, match="the last one that is left"):
        overlaying.hide_step(
            draft=draft, content=content, step_key=first, reason="Nei.", actor=admin
        )


def test_a_should_is_hidden_and_a_must_only_lowered(draft, content, gate, ks_version, admin):
    must, should = criterion_of(gate, "must"), criterion_of(gate, "should")
    what = {"draft": draft, "content": content, "gate_key": gate["key"], "actor": admin}
    with pytest.raises(Refusal, match="A must cannot be hidden"):
        overlaying.hide_criterion(**what, criterion_key=must, reason="Nei.")
    with pytest.raises(Refusal, match="the reason is shown to everybody"):
        overlaying.lower_criterion(**what, criterion_key=must, reason="")
    with pytest.raises(Refusal, match="should already"):
        overlaying.lower_criterion(**what, criterion_key=should, reason="Nei.")

    overlaying.lower_criterion(**what, criterion_key=must, reason="Har vi i kvalitetssystemet.")
    overlaying.hide_criterion(**what, criterion_key=should, reason="Gjelder ikke oss.")

    phase = next(each for each in build_catalogue(ks_version, content, draft).phases if each.gate)
    lowered = phase.gate.criterion(must)
    assert (lowered.severity, lowered.lowered_reason, lowered.adjusted_by) == (
        "should",
        "Har vi i kvalitetssystemet.",
        "Fjordvik kommune",
    )
    assert should not in [each.key for each in phase.gate.criteria]

    overlaying.restore_criterion(draft=draft, gate_key=gate["key"], criterion_key=must, actor=admin)
    overlaying.restore_criterion(
        draft=draft, gate_key=gate["key"], criterion_key=should, actor=admin
    )
    assert draft.content == dict(EMPTY)


def test_an_own_step_stands_where_it_was_put_with_the_organisations_name(
    draft, content, ks_version, admin
):
    steps = [step["key"] for step in content["phases"][0]["steps"]]
    first = overlaying.save_own_step(
        draft=draft, content=content, values=own_step(after=steps[0]), actor=admin
    )
    second = overlaying.save_own_step(
        draft=draft, content=content, values=own_step(after=steps[0]), actor=admin
    )

    assert (first, second) == (
        "own-meld-fra-til-personvernombudet",
        "own-meld-fra-til-personvernombudet-2",
    )
    phase = build_catalogue(ks_version, content, draft).phases[0]
    assert [step.key for step in phase.steps] == [steps[0], first, second, *steps[1:]]
    own = phase.steps[1]
    assert (own.is_own, own.adjusted_by, own.title, own.label) == (
        True,
        "Fjordvik kommune",
        "Meld fra til personvernombudet",
        "1.2",
    )

    overlaying.remove_own(draft=draft, part="steps", key=first, actor=admin)
    assert [step["key"] for step in draft.content["steps"]] == [second]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"title": {"en": "Tell the officer"}}, "title", "no text in nb"),
        ({"why": {"nb": "<script>alert(1)</script>"}}, "why.nb", "HTML cannot be used here"),
        ({"what": {"nb": "Se {kommunen}."}}, "what.nb", '"{kommunen}" is not a term'),
        ({"how": {"nb": []}}, "how.nb", "at least 1"),
        ({"tools": ["hammer"]}, "tools", '"hammer" is not a tool'),
        ({"phase": "nowhere"}, "phase", "expected"),
        ({"colour": "red"}, "the file", 'unknown key "colour"'),
    ],
)
def test_an_own_step_is_refused_with_where_and_why(draft, content, admin, changes, field, reason):
    with pytest.raises(OverlayRefused) as refused:
        overlaying.save_own_step(
            draft=draft, content=content, values=own_step(**changes), actor=admin
        )

    (problem,) = refused.value.problems
    assert problem.field == field
    assert reason in problem.reason
    draft.refresh_from_db()
    assert draft.content == dict(EMPTY)


def test_an_own_criterion_is_asked_at_its_gate(draft, content, gate, ks_version, admin):
    key = overlaying.save_own_criterion(
        draft=draft, content=content, gate_key=gate["key"], values=own_criterion(), actor=admin
    )

    phase = next(each for each in build_catalogue(ks_version, content, draft).phases if each.gate)
    own = phase.gate.criteria[-1]
    assert (own.key, own.is_own, own.finding_codes, own.adjusted_by) == (
        key,
        True,
        (),
        "Fjordvik kommune",
    )


def test_a_note_stands_with_the_guidance_until_it_is_emptied(draft, content, ks_version, admin):
    step = content["phases"][0]["steps"][0]["key"]
    what = {"draft": draft, "content": content, "kind": "step", "key": step, "actor": admin}
    overlaying.save_note(**what, text={"nb": "Ring *Mona* først.", "en": " "})

    entry = build_catalogue(ks_version, content, draft).step(step)
    assert (entry.texts.get("note"), entry.adjusted_by) == (
        "Ring *Mona* først.",
        "Fjordvik kommune",
    )

    with pytest.raises(OverlayRefused, match="no text in nb"):
        overlaying.save_note(**what, text={"en": "Call Mona."})
    overlaying.save_note(**what, text={"nb": "  "})
    assert draft.content == dict(EMPTY)


def test_of_two_administrators_the_slower_is_told(draft, content, admin):
    """The pages read the draft anew and merge; two at the very same moment meet here."""
    same = OverlayVersion.objects.select_related("organisation", "method").get(pk=draft.pk)
    steps = [step["key"] for step in content["phases"][0]["steps"]]
    overlaying.hide_step(
        draft=draft, content=content, step_key=steps[0], reason="Først.", actor=admin
    )
    with pytest.raises(StaleRow):
        overlaying.hide_step(
            draft=same, content=content, step_key=steps[1], reason="Sist.", actor=admin
        )
    draft.refresh_from_db()
    assert [each["step"] for each in draft.content["hidden_steps"]] == [steps[0]]


def test_publishing_what_somebody_changed_meanwhile_is_refused(
    draft, content, ks_version, municipality, admin
):
    seen = OverlayVersion.objects.select_related("organisation", "method").get(pk=draft.pk)
    overlaying.hide_step(
        draft=draft,
        content=content,
        step_key=content["phases"][0]["steps"][0]["key"],
        reason="Først.",
        actor=admin,
    )
    seen.content = draft.content
    with pytest.raises(StaleRow, match="Look once more"):
        publish(seen, ks_version, admin)
    assert published_overlay(municipality.organisation.pk, ks_version.method_id) is None


def test_what_is_published_never_changes(draft, content, ks_version, admin, municipality):
    overlaying.hide_step(
        draft=draft,
        content=content,
        step_key=content["phases"][0]["steps"][0]["key"],
        reason="Gjøres sentralt.",
        actor=admin,
    )
    published = publish(draft, ks_version, admin)

    assert (published.status, len(published.content_hash), published.published_by) == (
        "published",
        64,
        admin,
    )
    published.content = dict(EMPTY)
    with pytest.raises(PublishedContent):
        published.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        OverlayVersion.objects.filter(pk=published.pk).update(content={})
    with pytest.raises(Refusal, match="published this draft"):
        overlaying.show_step(draft=published, step_key="any", actor=admin)


def test_publishing_retires_the_one_before_and_refuses_nothing_new(
    draft, content, ks_version, admin, municipality
):
    with pytest.raises(Refusal, match="Nothing is different"):
        publish(draft, ks_version, admin)
    step = content["phases"][0]["steps"][0]["key"]
    overlaying.hide_step(draft=draft, content=content, step_key=step, reason="Nei.", actor=admin)
    publish(draft, ks_version, admin)
    following = overlaying.draft_from_newest(
        organisation=municipality.organisation, method=ks_version.method, actor=admin
    )
    overlaying.show_step(draft=following, step_key=step, actor=admin)
    publish(following, ks_version, admin)

    assert [
        (each.number, each.status)
        for each in OverlayVersion.objects.filter(method=ks_version.method).order_by("number")
    ] == [(1, "retired"), (2, "published")]
    assert [
        event.action
        for event in AuditEvent.objects.filter(action__startswith="overlay.").order_by("pk")
    ] == [
        "overlay.drafted",
        "overlay.edited",
        "overlay.published",
        "overlay.drafted",
        "overlay.edited",
        "overlay.published",
    ]


def test_a_discarded_draft_is_gone_and_the_published_one_stays(
    draft, ks_version, municipality, admin
):
    overlaying.discard_overlay(draft=draft, actor=admin)
    assert draft_overlay(municipality.organisation.pk, ks_version.method_id) is None


def test_what_has_no_home_is_told_and_can_be_cleared(draft, content, ks_version, admin):
    content_before = {
        **content,
        "phases": [
            {**phase, "steps": [{**phase["steps"][0], "key": f"old-{number}"}, *phase["steps"]]}
            for number, phase in enumerate(content["phases"], start=1)
        ],
    }
    overlaying.hide_step(
        draft=draft, content=content_before, step_key="old-1", reason="Gammelt.", actor=admin
    )
    assert [(each.part, each.key) for each in without_home(content, draft.content)] == [
        ("hidden_steps", "old-1")
    ]
    overlaying.forget_homeless(draft=draft, content=content, actor=admin)
    assert without_home(content, draft.content) == ()


def test_a_new_project_takes_its_own_organisations_newest_adjustments(
    draft, content, ks_version, admin, make_project, foreign_project
):
    hidden = content["phases"][0]["steps"][0]["key"]
    overlaying.hide_step(draft=draft, content=content, step_key=hidden, reason="Nei.", actor=admin)
    published = publish(draft, ks_version, admin)

    project = Project.objects.with_method().get(pk=make_project("Etter tilpasningen").pk)

    assert (project.overlay_version, foreign_project.overlay_version) == (published, None)
    assert hidden not in [
        step.key for step in catalogue_of(project.method_version, project.overlay_version).steps
    ]
    assert not project.steps.filter(step_key=hidden).exists()


def test_an_organisation_chooses_among_the_installations_methods_and_its_own(
    ks_version, municipality, neighbour
):
    own = ks_version.method.__class__.objects.create(
        key="nabovik-metode", organisation=neighbour.organisation
    )
    version = MethodVersion.objects.create(method=own, number=1)
    MethodVersion.objects.filter(pk=version.pk).update(status="published")

    def keys(place):
        return {each.method.key for each in choosable_versions(place.organisation.pk)}

    assert keys(neighbour) - keys(municipality) == {"nabovik-metode"}
    assert "ks-veikart" in keys(municipality)
