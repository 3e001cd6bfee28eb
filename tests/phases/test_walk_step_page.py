"""The page of one step: reading, writing, two people at once."""

import datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from phases.models import ProjectStep
from phases.selectors import walk_of

STEP = "explore-benefits"


@pytest.fixture
def step(project):
    return ProjectStep.objects.get(project=project, step_key=STEP)


@pytest.fixture
def url(project, step):
    return reverse("phases:step", args=[project.pk, step.step_key])


def opened(page):
    """What the browser would send back untouched."""
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in fields.items()}


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_leader_saves_status_person_date_and_notes(
    project, step, url, municipality, client_for
):
    client = client_for(municipality.leader)

    response = client.post(
        url,
        {
            **opened(client.get(url)),
            "status": "in_progress",
            "responsible": municipality.member.pk,
            "due_on": "2027-03-12",
            "notes": "Snakket med nattevaktene.",
        },
    )

    step.refresh_from_db()
    assert (response.status_code, response.url, sentences(response)) == (
        302,
        url,
        ["Step 1.2: saved."],
    )
    assert (step.status, step.responsible, step.due_on, step.notes, step.row_version) == (
        "in_progress",
        municipality.member,
        datetime.date(2027, 3, 12),
        "Snakket med nattevaktene.",
        2,
    )
    event = AuditEvent.objects.filter(action="step.updated").get()
    assert event.details == {
        "step": step.step_key,
        "status": "in_progress",
        "fields": ["due_on", "notes", "responsible", "status"],
    }


def test_saving_an_untouched_step_changes_nothing(step, url, municipality, client_for):
    client = client_for(municipality.leader)

    response = client.post(url, opened(client.get(url)))

    step.refresh_from_db()
    assert (sentences(response), step.row_version) == (["Step 1.2: nothing was changed."], 1)
    assert not AuditEvent.objects.filter(action="step.updated").exists()


def test_not_relevant_asks_for_a_reason_beside_its_field_and_keeps_the_text(
    step, url, municipality, client_for
):
    client = client_for(municipality.member)

    page = client.post(
        url, {**opened(client.get(url)), "status": "not_relevant", "notes": "Lang tekst."}
    )

    form = page.context["form"]
    assert page.status_code == 200
    assert form.errors == {"not_relevant_reason": ["Say why it is not relevant in this project."]}
    assert form["notes"].value() == "Lang tekst."
    step.refresh_from_db()
    assert step.status == "not_started"
    # What was refused does not show as saved, in the heading or in the menu.
    assert page.context["step"].status == "not_started"


def test_not_relevant_with_a_reason_is_saved_and_goes_away_with_another_status(
    step, url, municipality, client_for
):
    client = client_for(municipality.leader)
    client.post(
        url,
        {
            **opened(client.get(url)),
            "status": "not_relevant",
            "not_relevant_reason": "Gjort i forprosjektet.",
        },
    )
    step.refresh_from_db()
    assert (step.status, step.not_relevant_reason) == ("not_relevant", "Gjort i forprosjektet.")

    client.post(url, {**opened(client.get(url)), "status": "done"})

    step.refresh_from_db()
    assert (step.status, step.not_relevant_reason) == ("done", "")


def test_work_can_only_be_given_to_people_in_the_project(
    step, url, municipality, neighbour, client_for
):
    client = client_for(municipality.leader)

    for stranger in (municipality.employee, neighbour.leader):
        page = client.post(url, {**opened(client.get(url)), "responsible": stranger.pk})
        assert list(page.context["form"].errors) == ["responsible"]


def test_two_people_in_different_fields_are_merged(step, url, municipality, client_for):
    first, second = client_for(municipality.leader), client_for(municipality.member)
    before = opened(first.get(url))
    second.post(url, {**before, "notes": "Fra medlemmet."})

    response = first.post(url, {**before, "due_on": "2027-05-01"})

    step.refresh_from_db()
    assert response.status_code == 302
    assert (step.notes, step.due_on, step.row_version) == (
        "Fra medlemmet.",
        datetime.date(2027, 5, 1),
        3,
    )


def test_two_people_in_the_same_field_see_both_texts_and_choose(
    step, url, municipality, client_for
):
    first, second = client_for(municipality.leader), client_for(municipality.member)
    before = opened(first.get(url))
    second.post(url, {**before, "notes": "Fra medlemmet.", "status": "in_progress"})

    page = first.post(url, {**before, "notes": "Fra lederen.", "status": "done"})

    step.refresh_from_db()
    assert page.status_code == 200
    assert page.context["form"].errors == {
        "notes": [
            "Somebody else has changed this to “Fra medlemmet.” while you wrote “Fra lederen.”. "
            "Put together what should stand, and save again."
        ],
        "status": [
            "Somebody else has changed this to “In progress” while you wrote “Done”. "
            "Put together what should stand, and save again."
        ],
    }
    assert (step.notes, step.status) == ("Fra medlemmet.", "in_progress")

    response = first.post(url, {**opened(page), "notes": "Fra begge."})

    step.refresh_from_db()
    assert (response.status_code, step.notes, step.status) == (302, "Fra begge.", "done")


def test_readers_see_the_work_and_who_may_write(step, url, municipality, client_for):
    step.notes = "Første linje.\nAndre linje <b>."
    step.responsible = municipality.member
    step.save()

    page = client_for(municipality.reader).get(url)

    assert page.context["form"] is None
    assert "Første linje.<br>Andre linje &lt;b&gt;." in page.content.decode()
    assert "You cannot write in the project and its tools. That is for:" in page.content.decode()


@pytest.mark.parametrize("who", ["reader", "manager", "director", "admin"])
def test_those_who_only_read_are_refused_with_a_sentence(who, step, url, municipality, client_for):
    response = client_for(getattr(municipality, who)).post(url, {"status": "done"})

    step.refresh_from_db()
    assert (response.status_code, step.status) == (403, "not_started")
    assert "You cannot write in the project" in response.content.decode()


def test_strangers_and_unknown_steps_get_nothing(project, url, municipality, neighbour, client_for):
    unknown = reverse("phases:step", args=[project.pk, "no-such-step"])

    assert client_for(neighbour.leader).get(url).status_code == 404
    assert client_for(neighbour.leader).post(url, {"status": "done"}).status_code == 404
    assert client_for(municipality.employee).get(url).status_code == 404
    assert client_for(municipality.leader).get(unknown).status_code == 404
    assert client_for(municipality.leader).post(unknown, {}).status_code == 404


def test_every_step_of_every_phase_opens_at_any_time(project, municipality, client_for):
    client = client_for(municipality.leader)

    for key in ProjectStep.objects.filter(project=project).values_list("step_key", flat=True):
        assert client.get(reverse("phases:step", args=[project.pk, key])).status_code == 200


def test_whoever_has_left_the_project_stays_responsible_until_somebody_else_is_chosen(
    project, step, url, municipality, client_for
):
    step.responsible = municipality.employee
    step.save()
    client = client_for(municipality.leader)

    response = client.post(url, {**opened(client.get(url)), "notes": "Mer."})

    step.refresh_from_db()
    assert (response.status_code, step.responsible) == (302, municipality.employee)


def test_the_step_leads_to_the_steps_around_it(project, municipality, client_for):
    steps = walk_of(project).catalogue.steps
    client = client_for(municipality.reader)

    def around(step):
        context = client.get(reverse("phases:step", args=[project.pk, step.key])).context
        return [
            each.entry.key if each else None for each in (context["previous"], context["following"])
        ]

    assert around(steps[0]) == [None, steps[1].key]
    assert around(steps[4]) == [steps[3].key, steps[5].key]
    assert around(steps[-1]) == [steps[-2].key, None]


def test_the_step_page_asks_a_constant_number_of_questions(
    project, other_project, url, municipality, client_for
):
    client = client_for(municipality.leader)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    ProjectStep.objects.filter(project=project).update(responsible=municipality.member)
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert (len(few), len(many)) == (28, 28)
