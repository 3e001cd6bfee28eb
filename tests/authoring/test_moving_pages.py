"""The pages about a project's version: what it stands on, what a move would change, and moving."""

import copy

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from methodology.files import hash_of
from methodology.models import MethodVersion, VersionDocument
from phases.models import ProjectStep
from phases.services import update_step
from projects.models import Project


@pytest.fixture
def newer(ks_version):
    """The next version: a step less, and a criterion in other words. Taken over from an editor."""
    content = copy.deepcopy(ks_version.document.content)
    content["version"] = 71
    phase = content["phases"][0]
    phase["steps"] = phase["steps"][1:]
    for number, step in enumerate(phase["steps"], start=1):
        step["number"] = number
    phase["gate"]["criteria"][0]["title"]["en"] = "The problem is in plain words"
    phase["gate"]["criteria"][0]["guidance"]["en"] = "Everybody would understand it."
    version = MethodVersion.objects.create(method=ks_version.method, number=71)
    VersionDocument.objects.create(version=version, content=content)
    MethodVersion.objects.filter(pk=ks_version.pk).update(status="retired")
    MethodVersion.objects.filter(pk=version.pk).update(
        status="published", content_hash=hash_of(content)
    )
    return MethodVersion.objects.select_related("method").get(pk=version.pk)


@pytest.fixture
def first_step(ks_version):
    return ks_version.document.content["phases"][0]["steps"][0]


@pytest.fixture
def method_url(project):
    return reverse("project_method:method", args=[project.pk])


@pytest.fixture
def move_url(project):
    return reverse("project_method:move", args=[project.pk])


def text_of(response):
    return response.content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_page_says_which_version_it_is_and_that_it_is_the_newest(
    project, method_url, municipality, client_for
):
    text = text_of(client_for(municipality.reader).get(method_url))

    assert f"version {project.method_version.number}." in text
    assert "This is the newest version" in text
    assert "Kept from earlier versions" not in text


def test_a_newer_version_is_told_to_those_who_can_move_and_everybody_else_learns_who_can(
    project, newer, method_url, municipality, client_for
):
    overview = reverse("phases:project", args=[project.pk])
    assert "A newer version is there" in text_of(client_for(municipality.leader).get(overview))
    assert "A newer version is there" not in text_of(client_for(municipality.member).get(overview))

    text = text_of(client_for(municipality.member).get(method_url))
    assert "A newer version is there" in text
    assert "moves the project to a version" in text
    assert "See what would change" not in text


def test_the_preview_tells_counts_first_and_then_each_change_in_words(
    project, newer, move_url, first_step, municipality, client_for
):
    text = text_of(client_for(municipality.leader).get(move_url))

    assert "From version" in text
    assert "Everything that you have written keeps its place." in text
    assert first_step["title"]["en"] in text
    assert "Nothing is written there." in text
    assert "The problem is in plain words" in text
    assert "Everybody would understand it." in text
    assert "problem-stated" not in text
    assert Project.objects.get(pk=project.pk).method_version == project.method_version


def test_a_project_is_moved_and_moved_back_by_the_button_in_the_message(
    project, newer, move_url, method_url, municipality, client_for
):
    client = client_for(municipality.leader)
    before = project.method_version
    response = client.post(client.get(move_url).context["post_url"])

    assert (response.status_code, response.url) == (302, method_url)
    assert Project.objects.get(pk=project.pk).method_version == newer
    page = client.get(method_url)
    assert "The project stands on version 71 now. Everything that is written is kept." in text_of(
        page
    )
    (message,) = get_messages(page.wsgi_request)
    back = f"version={before.number}&overlay=0"
    assert back in message.extra_tags
    opened = Project.objects.get(pk=project.pk).row_version

    client.post(f"{move_url}?{back}&opened={opened}")
    assert Project.objects.get(pk=project.pk).method_version == before


def test_the_second_of_two_tabs_is_shown_what_would_change_now(
    project, newer, move_url, municipality, client_for
):
    client = client_for(municipality.leader)
    post_url = client.get(move_url).context["post_url"]
    client.post(post_url)

    response = client.post(post_url)
    assert response.status_code == 200
    assert "since you opened this page" in said(response)[-1]
    assert "The project stands there already." in text_of(response)


def test_what_loses_its_place_is_counted_before_and_shown_after(
    project, newer, move_url, method_url, first_step, municipality, client_for
):
    step = ProjectStep.objects.get(project=project, step_key=first_step["key"])
    step.notes, step.status = "Ordføreren er med.", "in_progress"
    update_step(step=step, actor=municipality.leader, changed=["notes"])
    client = client_for(municipality.leader)
    page = client.get(move_url)
    assert "1 thing that you have written loses its place." in text_of(page)

    client.post(page.context["post_url"])
    text = text_of(client.get(method_url))
    assert "Kept from earlier versions" in text
    assert "Ordføreren er med." in text
    assert first_step["title"]["en"] in text


@pytest.mark.parametrize("asked", ["version=999", "version=71&overlay=5", "version=x", "version="])
def test_a_version_that_there_is_not_is_not_found(
    asked, project, newer, move_url, municipality, client_for
):
    assert client_for(municipality.leader).get(f"{move_url}?{asked}").status_code == 404


def test_the_administrator_moves_and_a_member_gets_a_sentence(
    project, newer, move_url, municipality, client_for
):
    refused = client_for(municipality.member).get(move_url)
    assert refused.status_code == 403
    admin = client_for(municipality.admin)
    admin.post(admin.get(move_url).context["post_url"])
    assert Project.objects.get(pk=project.pk).method_version == newer


def test_the_pages_ask_a_constant_number_of_questions(
    project, newer, method_url, move_url, municipality, client_for
):
    client = client_for(municipality.leader)

    def questions():
        counts = []
        for url in (method_url, move_url):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                client.get(url)
            counts.append(len(asked))
        return counts

    before = questions()
    for step in ProjectStep.objects.filter(project=project):
        step.notes, step.status = "Noe.", "in_progress"
        update_step(step=step, actor=municipality.leader, changed=["notes"])
    method_now, move_now = questions()
    assert (method_now - before[0], move_now - before[1]) == (0, 0)
