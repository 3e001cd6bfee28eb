"""Comparing versions, publishing a draft, and versions as files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from authoring.diff import word_marks
from methodology import services
from methodology.files import VersionContent, write_document
from methodology.models import MethodVersion

KEY = "fjordvik-metode"
STEP = ("phases", "insight", "steps", "carry-out-interviews")


def url(name, *args, key=KEY):
    return reverse(f"authoring:{name}", args=[key, *args])


@pytest.fixture
def changed(own_draft, municipality, stored):
    """The draft with a new why for one step."""
    before = stored(own_draft)["phases"][1]["steps"][1]["why"]["nb"]
    services.edit_part(
        draft=own_draft,
        address=STEP,
        values={"why__nb": f"{before} Husk det."},
        opened={},
        actor=municipality.admin,
    )
    return own_draft


@pytest.fixture
def two_versions(changed, municipality):
    """Version 1 published, and a draft of version 2 with one more change."""
    first = services.publish_draft(draft=changed, actor=municipality.admin)
    second = services.copy_to_draft(version=first, actor=municipality.admin)
    services.edit_part(
        draft=second,
        address=STEP,
        values={"why__nb": "Helt nytt.", "title__sv": "Ny titel"},
        opened={},
        actor=municipality.admin,
    )
    return first, second


def test_words_that_differ_are_marked_on_both_sides():
    old, new = word_marks("Gå dit, og vent.", "Gå dit og se, nå.")
    assert "".join(piece.text for piece in old) == "Gå dit, og vent."
    assert "".join(piece.text for piece in new) == "Gå dit og se, nå."
    assert [piece.text for piece in old if piece.is_changed] == [",", "vent"]
    assert [piece.text for piece in new if piece.is_changed] == ["se, nå"]


def test_two_versions_are_compared_change_by_change(two_versions, admin_client):
    page = admin_client.get(url("compare"), {"fra": 1, "til": 2, "spraak": "alle"})
    (shown,) = page.context["changes"]
    assert [(side.label, side.language) for side in shown.sides] == [
        ("Title", "sv"),
        ("Why", "nb"),
    ]
    assert shown.url == url("part", "/".join(STEP))
    html = page.content.decode()
    assert "<ins>" in html
    assert "<del>" in html
    only_swedish = admin_client.get(url("compare"), {"fra": 1, "til": 2, "spraak": "sv"})
    (shown,) = only_swedish.context["changes"]
    assert [side.language for side in shown.sides] == ["sv"]
    no_roles = admin_client.get(url("compare"), {"fra": 1, "til": 2, "del": "role"})
    assert no_roles.context["changes"] == []


def test_a_draft_is_no_part_of_the_comparison_for_those_who_do_not_write_on_it(
    two_versions, municipality, client_for
):
    page = client_for(municipality.reader).get(url("compare"))
    assert [version.number for version in page.context["versions"]] == [1]
    assert client_for(municipality.reader).get(url("compare"), {"til": 2}).status_code == 404


def test_publishing_says_what_changes_and_leaves_projects_alone(
    changed, admin_client, municipality
):
    page = admin_client.get(url("publish"))
    assert [(count.label, count.total) for count in page.context["counts"]] == [("Step", 1)]
    answer = admin_client.post(url("publish"), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Version 1 is published. New projects begin with it."
    ]
    version = MethodVersion.objects.get(method__key=KEY)
    assert (version.status, version.published_by) == ("published", municipality.admin)


def test_what_keeps_a_draft_from_being_published_is_linked(own_draft, admin_client, municipality):
    services.edit_part(
        draft=own_draft,
        address=STEP,
        values={"why__nb": "", "title__nn": ""},
        opened={},
        actor=municipality.admin,
    )
    for answer in (admin_client.get(url("publish")), admin_client.post(url("publish"))):
        (part,) = answer.context["problems"]
        assert part["url"] == url("part", "/".join(STEP))
        assert sorted(part["sentences"]) == [
            "Title is missing in norwegian nynorsk",
            "Why is missing in norwegian bokmål",
        ]
    assert MethodVersion.objects.get(method__key=KEY).is_draft


# --- files ----------------------------------------------------------------------------------------


def send(client, data, name="metode.yaml", **more):
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("authoring:upload"), {"file": file, **more})


def test_a_version_is_fetched_and_brought_in_again_as_the_same_file(
    own_draft, admin_client, stored
):
    data = write_document(VersionContent(KEY, 1, stored(own_draft)))
    answer = admin_client.get(url("download", 1))
    assert (answer.content, answer["Content-Disposition"]) == (
        data,
        f'attachment; filename="{KEY}-1.yaml"',
    )
    admin_client.post(url("discard"))
    assert send(admin_client, data).url == url("draft")
    assert admin_client.get(url("download", 1)).content == data


def test_a_draft_is_a_file_for_those_who_write_on_it_alone(
    own_draft, client_for, municipality, neighbour
):
    for user in (municipality.reader, neighbour.admin):
        assert client_for(user).get(url("download", 1)).status_code == 404


def test_a_draft_that_lacks_something_is_no_file_yet(own_draft, admin_client, municipality):
    services.edit_part(
        draft=own_draft,
        address=STEP,
        values={"why__nb": ""},
        opened={},
        actor=municipality.admin,
    )
    assert admin_client.get(url("download", 1)).url == url("publish")


def test_every_error_in_a_file_is_told_with_its_line(own_draft, admin_client, stored):
    data = write_document(VersionContent(KEY, 1, stored(own_draft))).decode()
    broken = data.replace(f"key: {KEY}\n", "key: en-annen\n").replace("mode: ", "moods: ")
    answer = send(admin_client, broken.encode())
    assert answer.status_code == 200
    errors = [str(error) for error in answer.context["errors"]]
    assert errors
    assert all(error.startswith("metode.yaml:") for error in errors)
    assert any('unknown key "moods"' in error for error in errors)
    assert not MethodVersion.objects.filter(method__key="en-annen").exists()


def test_a_large_file_is_refused_with_a_sentence(admin_client):
    answer = send(admin_client, b"x" * (3 * 1024 * 1024))
    assert answer.context["form"].errors == {
        "file": ["The file is 3.0 MB. A method's file is at most 2 MB."]
    }


def test_a_file_of_somebody_elses_method_is_refused(own_draft, stored, client_for, neighbour):
    data = write_document(VersionContent(KEY, 1, stored(own_draft)))
    answer = send(client_for(neighbour.admin), data)
    assert [str(error) for error in answer.context["errors"]] == [
        f"metode.yaml:1: the key “{KEY}” is taken; give the method another"
    ]
    shared = data.replace(f"key: {KEY}\n".encode(), b"key: ks-veikart\n")
    answer = send(client_for(neighbour.admin), shared)
    assert "belongs to the whole installation" in answer.content.decode()


def test_a_page_about_an_earlier_draft_publishes_and_discards_nothing(
    own_draft, admin_client, municipality
):
    seen = {"opened": str(own_draft.stamp)}
    first = services.publish_draft(draft=own_draft, actor=municipality.admin)
    second = services.copy_to_draft(version=first, actor=municipality.admin)

    discarded = admin_client.post(url("discard"), seen, follow=True)
    again = admin_client.post(url("publish"), seen, follow=True)

    assert [str(each) for each in discarded.context["messages"]] == [
        "Somebody has changed the draft since you opened this page. Look once more."
    ]
    assert [str(each) for each in again.context["messages"]] == ["Version 1 is published."]
    assert MethodVersion.objects.get(pk=second.pk).is_draft


def test_what_a_colleague_wrote_after_the_page_was_opened_is_not_published_unseen(
    own_draft, admin_client, municipality
):
    seen = {"opened": str(admin_client.get(url("publish")).context["draft"].stamp)}
    services.edit_part(
        draft=own_draft,
        address=STEP,
        values={"why__nb": "Halvferdig"},
        opened={},
        actor=municipality.admin,
    )
    answer = admin_client.post(url("publish"), seen, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "Somebody has changed the draft since you opened this page. Look once more."
    ]
    assert MethodVersion.objects.get(method__key=KEY).is_draft


def test_very_long_texts_are_compared_as_wholes():
    old, new = word_marks("a " * 3000, "b " * 3000)
    assert [piece.is_changed for piece in (*old, *new)] == [True, True]


def test_a_file_with_a_version_number_past_counting_is_refused(own_draft, admin_client):
    data = admin_client.get(url("download", 1)).content
    services.discard_draft(draft=own_draft, actor=own_draft.created_by)
    data = data.replace(b"\nversion: 1\n", b"\nversion: 99999999999\n")
    answer = admin_client.post(
        reverse("authoring:upload"), {"file": SimpleUploadedFile("metode.yaml", data)}
    )
    (error,) = answer.context["errors"]
    assert "version: expected a number from 1 to 9999" in str(error)
    assert not MethodVersion.objects.filter(method__key=KEY).exists()


def test_what_no_file_could_hold_is_not_published(own_draft, admin_client, municipality):
    services.edit_part(
        draft=own_draft,
        address=STEP,
        values={"why__nb": "Langt. " * 300_000},
        opened={},
        actor=municipality.admin,
    )
    answer = admin_client.post(url("publish"), follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "The method is larger than 2 MB, so no file could hold it. Shorten it first."
    ]
    assert MethodVersion.objects.get(method__key=KEY).is_draft
