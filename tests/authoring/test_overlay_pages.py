"""The pages where an organisation adjusts a method."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from methodology.models import Method, MethodVersion, OverlayVersion
from methodology.overlays import EMPTY
from methodology.selectors_overlays import draft_overlay, published_overlay
from methodology.services import overlaying
from phases.services import move_project
from projects.models import Project

KEY = "ks-veikart"


def address(name, *args):
    return reverse(f"authoring:overlay{name}", args=[KEY, *args])


@pytest.fixture
def content(ks_version):
    return ks_version.document.content


@pytest.fixture
def phase(content):
    return content["phases"][0]


@pytest.fixture
def step(phase):
    return phase["steps"][1]


@pytest.fixture
def client(municipality, client_for, ks_version):
    return client_for(municipality.admin)


@pytest.fixture
def draft(client, ks_version, municipality):
    client.post(address("_begin"))

    def draft():
        return draft_overlay(municipality.organisation.pk, ks_version.method_id)

    return draft


def fields_of(response):
    """What a browser would send back."""
    form = response.context["form"]
    sent = {}
    for bound in form:
        value = bound.value()
        if value is True:
            sent[bound.html_name] = "on"
        elif value not in (None, False):
            sent[bound.html_name] = value
    return sent


def text_of(response):
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


STEP_TEXTS = {
    "title_nb": "Meld fra til personvernombudet",
    "why_nb": "Ombudet skal vite det tidlig.",
    "what_nb": "Send et **kort** notat.",
    "how_nb": "Skriv notatet.\nSend det.",
    "who_nb": "Lederen.",
    "duration_nb": "En time.",
    "result_nb": "Et svar.",
    "mistakes_nb": "Å vente.",
}


def test_without_a_draft_the_page_says_so_and_offers_to_begin(client, phase):
    text = text_of(client.get(address("")))

    assert "Adjustments of Fjordvik kommune" in text
    assert "Nothing is adjusted yet." in text
    assert "Begin to adjust" in text
    assert phase["title"]["en"] in text
    # The parts cannot be changed before there is a draft.
    assert address("_step", phase["steps"][0]["key"]) not in text
    response = client.get(address("_step", phase["steps"][0]["key"]))
    assert (response.status_code, response.url) == (302, address(""))


def test_a_step_is_hidden_with_a_reason_from_its_page(client, draft, step):
    url = address("_step", step["key"])
    page = client.get(url)
    refused = client.post(url, {**fields_of(page), "is_adjusted": "on", "reason": " "})
    assert refused.context["form"].errors == {
        "reason": ["Say why. Those who work in the projects will ask."]
    }

    response = client.post(
        url, {**fields_of(page), "is_adjusted": "on", "reason": "Gjøres sentralt."}
    )
    assert (response.status_code, response.url) == (302, f"{address('')}#step-{step['key']}")
    text = text_of(client.get(address("")))
    assert "Gjøres sentralt." in text
    assert "Show again" in text

    sent = fields_of(client.get(url))
    assert sent["reason"] == "Gjøres sentralt."
    del sent["is_adjusted"]
    client.post(url, sent)
    assert draft().content == dict(EMPTY)


def test_a_must_is_lowered_and_a_should_is_hidden(client, draft, phase):
    gate = phase["gate"]
    must = next(each for each in gate["criteria"] if each["severity"] == "must")
    should = next(each for each in gate["criteria"] if each["severity"] == "should")
    for criterion in (must, should):
        url = address("_criterion", gate["key"], criterion["key"])
        sent = fields_of(client.get(url))
        client.post(url, {**sent, "is_adjusted": "on", "reason": "Har vi alt."})

    assert (draft().content["lowered_criteria"], draft().content["hidden_criteria"]) == (
        [{"gate": gate["key"], "criterion": must["key"], "reason": "Har vi alt."}],
        [{"gate": gate["key"], "criterion": should["key"], "reason": "Har vi alt."}],
    )


def test_an_own_step_is_added_changed_and_removed(client, draft, phase, step):
    url = address("_step_add") + f"?phase={phase['key']}"
    place = f"{phase['key']}/{step['key']}"
    response = client.post(
        url, {**fields_of(client.get(url)), **STEP_TEXTS, "place": place, "title_en": "Tell them"}
    )
    assert response.status_code == 302
    (own,) = draft().content["steps"]
    assert (own["key"], own["phase"], own["after"], own["how"], own["title"]) == (
        "own-meld-fra-til-personvernombudet",
        phase["key"],
        step["key"],
        {"nb": ["Skriv notatet.", "Send det."]},
        {"nb": "Meld fra til personvernombudet", "en": "Tell them"},
    )

    url = address("_own_step", own["key"])
    sent = fields_of(client.get(url))
    assert sent["how_nb"] == "Skriv notatet.\nSend det."
    client.post(url, {**sent, "duration_nb": "To timer."})
    assert draft().content["steps"][0]["duration"] == {"nb": "To timer."}

    client.post(address("_remove", "steps", own["key"]))
    assert draft().content["steps"] == []


def test_what_is_not_allowed_in_guidance_is_said_at_its_field(client, draft, phase):
    url = address("_step_add")
    sent = {**fields_of(client.get(url)), **STEP_TEXTS, "place": f"{phase['key']}/"}
    response = client.post(
        url, {**sent, "why_nb": "<script>x</script>", "what_nb": "Se {kommunen}.", "who_nb": ""}
    )

    assert response.context["form"].errors == {
        "why_nb": ["HTML cannot be used here. Write without < and > around words."],
        "what_nb": ["{kommunen} is not a word that can stand in braces."],
        "who_nb": ["Fill in this field."],
    }
    assert draft().content["steps"] == []


def test_an_own_criterion_is_added_and_changed(client, draft, phase):
    gate = phase["gate"]["key"]
    url = address("_criterion_add", gate)
    client.post(
        url,
        {
            **fields_of(client.get(url)),
            "severity": "must",
            "title_nb": "Ombudet har svart",
            "guidance_nb": "Svaret er i arkivet.",
            "example_nb": "Sak 12.",
        },
    )
    (own,) = draft().content["criteria"]
    url = address("_own_criterion", gate, own["key"])
    client.post(url, {**fields_of(client.get(url)), "severity": "should"})
    assert draft().content["criteria"] == [{**own, "severity": "should"}]


def test_a_note_is_written_and_taken_away(client, draft, step):
    url = address("_note", "step", step["key"])
    sent = fields_of(client.get(url))
    only_english = client.post(url, {**sent, "text_en": "Call Mona."})
    assert list(only_english.context["form"].errors) == ["text_nb"]
    client.post(url, {**sent, "text_nb": "Ring Mona."})
    assert draft().content["notes"] == [
        {"kind": "step", "key": step["key"], "text": {"nb": "Ring Mona."}}
    ]
    client.post(url, {**fields_of(client.get(url)), "text_nb": ""})
    assert draft().content["notes"] == []


def test_two_administrators_who_write_at_once_are_merged_field_by_field(client, draft, step):
    url = address("_note", "step", step["key"])
    first, second = (fields_of(client.get(url)) for _ in range(2))
    client.post(url, {**first, "text_nb": "Ring Mona."})

    refused = client.post(url, {**second, "text_nb": "Ring Dagny."})
    (error,) = refused.context["form"].errors["text_nb"]
    assert "Ring Mona." in error
    assert "Ring Dagny." in error
    assert draft().content["notes"][0]["text"] == {"nb": "Ring Mona."}

    # Something else in the meantime stands in nobody's way.
    other = address("_note", "tool", "benefits")
    opened = fields_of(client.get(other))
    client.post(url, {**fields_of(client.get(url)), "text_nb": "Ring begge."})
    client.post(other, {**opened, "text_nb": "Bruk malen."})
    assert {note["key"]: note["text"]["nb"] for note in draft().content["notes"]} == {
        step["key"]: "Ring begge.",
        "benefits": "Bruk malen.",
    }


def test_publishing_says_what_is_different_and_new_projects_take_it(
    client, draft, step, municipality, ks_version, project, make_project
):
    url = address("_step", step["key"])
    client.post(url, {**fields_of(client.get(url)), "is_adjusted": "on", "reason": "Nei."})
    page = client.get(address("_publish"))
    assert step["title"]["en"] in text_of(page)
    assert "1 project of yours is under way with this method." in text_of(page)

    stale = client.post(address("_publish"), {"opened": "1"})
    assert "Somebody has changed the draft since you opened this page." in said(stale)[-1]
    client.post(address("_publish"), {"opened": str(draft().stamp)})

    published = published_overlay(municipality.organisation.pk, ks_version.method_id)
    assert (published.number, draft()) == (1, None)
    assert Project.objects.get(pk=project.pk).overlay_version is None
    assert make_project("Et nytt").overlay_version == published


def test_the_preview_shows_what_a_project_will_meet(client, draft, phase, step):
    hide = address("_step", step["key"])
    hidden = {"is_adjusted": "on", "reason": "Gjøres sentralt."}
    client.post(hide, {**fields_of(client.get(hide)), **hidden})
    url = address("_step_add")
    client.post(url, {**fields_of(client.get(url)), **STEP_TEXTS, "place": f"{phase['key']}/"})

    text = text_of(client.get(address("_preview_phase", phase["key"])))
    assert "Added by Fjordvik kommune" in text
    assert "Fjordvik kommune has hidden 1 " in text
    assert "<strong>kort</strong>" in text
    assert client.get(address("_preview_phase", "nowhere")).status_code == 404


def test_projects_say_whose_adjustments_they_are(
    client, draft, phase, step, municipality, ks_version, project, client_for, submit
):
    what = {"content": ks_version.document.content, "actor": municipality.admin}
    gate = phase["gate"]
    must = next(each for each in gate["criteria"] if each["severity"] == "must")
    overlaying.hide_step(draft=draft(), step_key=step["key"], reason="Gjøres sentralt.", **what)
    overlaying.lower_criterion(
        draft=draft(),
        gate_key=gate["key"],
        criterion_key=must["key"],
        reason="Ligger i kvalitetssystemet.",
        **what,
    )
    for kind, key in (
        ("step", phase["steps"][0]["key"]),
        ("phase", phase["key"]),
        ("gate", gate["key"]),
    ):
        overlaying.save_note(draft=draft(), kind=kind, key=key, text={"nb": f"Om {kind}"}, **what)
    client.post(address("_publish"), {"opened": str(draft().stamp)})
    overlay = published_overlay(municipality.organisation.pk, ks_version.method_id)
    moved = move_project(
        project=project,
        version=ks_version,
        overlay=overlay,
        actor=municipality.leader,
        expected_version=Project.objects.get(pk=project.pk).row_version,
    )
    leader = client_for(municipality.leader)

    phase_page = text_of(leader.get(reverse("phases:phase", args=[project.pk, phase["key"]])))
    assert "Fjordvik kommune has hidden 1 " in phase_page
    assert "Gjøres sentralt." in phase_page
    assert "Om phase" in phase_page
    gate_page = text_of(leader.get(reverse("phases:gate", args=[project.pk, phase["key"]])))
    assert "Ligger i kvalitetssystemet." in gate_page
    assert "Om gate" in gate_page
    step_page = text_of(
        leader.get(reverse("phases:step", args=[project.pk, phase["steps"][0]["key"]]))
    )
    assert "From Fjordvik kommune" in step_page
    assert "Om step" in step_page
    submission = submit(moved, municipality.leader)
    review = text_of(
        client_for(municipality.manager).get(
            reverse("phases:review", args=[project.pk, submission.pk])
        )
    )
    assert "Ligger i kvalitetssystemet." in review


def test_a_draft_is_discarded_after_a_question(client, draft):
    assert "Discard the draft?" in text_of(client.get(address("_discard")))
    client.post(address("_discard"))
    assert draft() is None


def test_another_organisations_method_is_not_there(client, neighbour, ks_version):
    own = Method.objects.create(key="nabovik-metode", organisation=neighbour.organisation)
    version = MethodVersion.objects.create(method=own, number=1)
    MethodVersion.objects.filter(pk=version.pk).update(status="published")

    assert client.get(reverse("authoring:overlay", args=["nabovik-metode"])).status_code == 404
    assert (
        client.post(reverse("authoring:overlay_begin", args=["nabovik-metode"])).status_code == 404
    )


def test_each_organisation_has_adjustments_of_its_own(
    client, draft, step, neighbour, client_for, municipality
):
    url = address("_step", step["key"])
    client.post(url, {**fields_of(client.get(url)), "is_adjusted": "on", "reason": "Hos oss."})
    other = client_for(neighbour.admin)

    text = text_of(other.get(address("")))
    assert "Adjustments of Nabovik kommune" in text
    assert "Hos oss." not in text
    other.post(address("_begin"))
    assert sorted(OverlayVersion.objects.values_list("organisation__name", "number", "status")) == [
        ("Fjordvik kommune", 1, "draft"),
        ("Nabovik kommune", 1, "draft"),
    ]


def test_members_without_the_role_are_told_whom_to_ask(municipality, client_for, ks_version):
    response = client_for(municipality.leader).get(address(""))
    assert response.status_code == 403
    assert "Ask Astrid Admin." in text_of(response)


def test_the_page_asks_a_constant_number_of_questions(client, draft, phase, content, municipality):
    def questions():
        client.get(address(""))
        with CaptureQueriesContext(connection) as asked:
            client.get(address(""))
        return len(asked)

    before = questions()
    for each in content["phases"]:
        overlaying.hide_step(
            draft=draft(),
            content=content,
            step_key=each["steps"][0]["key"],
            reason="Nei.",
            actor=municipality.admin,
        )
    assert questions() == before


def test_what_was_written_for_a_published_draft_is_given_back(client, draft, step, municipality):
    url = address("_note", "step", step["key"])
    sent = fields_of(client.get(url))
    client.post(url, {**sent, "text_nb": "Ring Mona."})
    stale = {"opened": str(draft().stamp)}
    client.post(address("_publish"), stale)

    answer = client.post(url, {**sent, "text_nb": "Ring Dagny."})

    assert answer.status_code == 410
    assert "There is no draft now." in text_of(answer)
    assert "Ring Dagny." in text_of(answer)
    client.post(address("_begin"))
    OverlayVersion.objects.filter(pk=draft().pk).update(row_version=sent["opened_version"] % 1000)
    again = client.post(url, {**sent, "text_nb": "Ring Dagny."})
    assert list(again.context["form"].errors) == ["text_nb"]
    client.post(address("_discard"), stale)
    assert draft() is not None


def test_what_was_written_in_a_step_that_a_colleague_removed_is_given_back(client, draft, phase):
    add = address("_step_add") + f"?phase={phase['key']}"
    place = f"{phase['key']}/"
    client.post(add, {**fields_of(client.get(add)), **STEP_TEXTS, "place": place})
    (own,) = draft().content["steps"]
    url = address("_own_step", own["key"])
    sent = fields_of(client.get(url))
    client.post(address("_remove", "steps", own["key"]))

    answer = client.post(url, {**sent, "why_nb": "Fordi jeg sier det."})

    assert answer.status_code == 404
    assert "Fordi jeg sier det." in text_of(answer)
