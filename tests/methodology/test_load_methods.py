"""Loading versions: all or nothing, the same again, and never a change to what was published."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from methodology.catalogue import catalogue_of
from methodology.enums import VersionStatus
from methodology.files import MethodFilesRefused
from methodology.models import Method, MethodVersion, PublishedContent, VersionDocument
from methodology.selectors import version_for_page
from methodology.selectors_overlays import choosable_versions
from methodology.services import ChangedVersion, LoadResult, load_method_version, load_methods

pytestmark = pytest.mark.django_db

REFUSAL = (
    "Version 1 of small is loaded already and never changes, but its files are different now. "
    "Put them back as they were, and write the changes as a new version in a folder of its own."
)


def test_a_version_is_loaded_once_and_is_unchanged_the_second_time(folder):
    first = load_method_version(folder)
    rows = _rows()
    second = load_method_version(folder)

    content_hash = _small().content_hash
    assert first == LoadResult("small", 1, "created", VersionStatus.PUBLISHED, content_hash)
    assert second == LoadResult("small", 1, "unchanged", VersionStatus.PUBLISHED, content_hash)
    assert _rows() == rows


def test_the_catalogue_holds_what_the_files_say(folder):
    load_method_version(folder)

    catalogue = catalogue_of(version_for_page("small"))

    assert (catalogue.method_key, catalogue.number) == ("small", 1)
    assert [catalogue.title_in(language) for language in ("nb", "sv", "en")] == [
        "Liten metode",
        "Liten metod",
        "Small method",
    ]
    assert catalogue.word("phase", "plural", "en") == "phases"
    assert catalogue.sources == ({"title": "Kilden", "url": "https://example.org/"},)
    role = catalogue.role("owner")
    assert (role.project_role, role.is_expected, role.title_in("sv")) == ("owner", True, "Ägare")
    second = catalogue.phase("second")
    assert [example.name for example in second.examples] == ["Nattlys"]
    step = catalogue.step("second-look")
    assert (step.label, step.phase_key, step.title_in("nn")) == ("2.1", "second", "Sjå")
    assert step.slots == second.slots == (catalogue.slot("benefits"),)
    assert step.texts.items("how", "sv") == ("Gå dit.", "Se dig om.")
    assert second.gate.mode == "advisory"
    assert second.gate.outcomes == ("go", "back", "stop")
    assert second.gate.back_to == ("first",)
    criterion = second.gate.criteria[0]
    assert (criterion.severity, criterion.finding_codes) == ("must", ("benefits.none",))


def test_a_text_that_is_missing_is_given_in_the_nearest_language(folder):
    load_method_version(folder)
    texts = catalogue_of(version_for_page("small")).step("first-look").texts

    assert [(texts.get("who", code), texts.shown_in("who", code)) for code in ("nn", "en")] == [
        ("Alle.", "nb"),
        ("Alle.", "nb"),
    ]


def test_the_catalogue_costs_one_query_and_then_none(folder, django_assert_num_queries):
    load_method_version(folder)
    version = version_for_page("small")

    with django_assert_num_queries(1):
        catalogue_of(version)
    with django_assert_num_queries(0):
        catalogue_of(version)


def test_changed_files_of_a_loaded_version_are_refused(root, folder, write_version):
    load_method_version(folder)
    rows = _rows()
    path = folder / "method.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Kilden", "En annen"), "utf-8")
    write_version(key="another")

    with pytest.raises(ChangedVersion) as refusal:
        load_methods(root)

    assert str(refusal.value) == REFUSAL
    assert _rows() == rows


def test_nothing_is_written_when_any_file_is_wrong(root, write_version):
    write_version(key="right")
    before = _rows()
    wrong = write_version(key="wrong") / "method.yaml"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("format: 1", "format: 7"), "utf-8")

    with pytest.raises(MethodFilesRefused):
        load_methods(root)

    assert _rows() == before


def test_the_newest_version_is_published_and_earlier_ones_stay_as_they_were(root, write_version):
    write_version(number=1)
    load_methods(root)
    first = _small()
    content = catalogue_of(first).phases

    write_version(number=3)
    write_version(number=2)
    results = load_methods(root)

    assert [(result.number, result.outcome, result.status) for result in results] == [
        (1, "unchanged", VersionStatus.RETIRED),
        (2, "created", VersionStatus.RETIRED),
        (3, "created", VersionStatus.PUBLISHED),
    ]
    assert _published_numbers() == [3]
    assert version_for_page("small").number == 3
    assert version_for_page("small", number=1) == first
    first.refresh_from_db()
    assert catalogue_of(first).phases == content
    assert catalogue_of(first).status == VersionStatus.RETIRED


def test_an_older_version_that_comes_later_does_not_become_the_newest(root, write_version):
    write_version(number=2)
    load_methods(root)
    load_method_version(write_version(number=1))

    assert _published_numbers() == [2]


def test_loading_is_told_in_the_audit_log(root, write_version):
    write_version(number=1)
    load_methods(root)
    write_version(number=2)
    load_methods(root)
    load_methods(root)

    events = (
        AuditEvent.objects.filter(details__method="small")
        .order_by("pk")
        .values_list("action", "details__number", "actor")
    )
    assert list(events) == [
        ("method_version.loaded", 1, None),
        ("method_version.published", 1, None),
        ("method_version.loaded", 2, None),
        ("method_version.published", 2, None),
        ("method_version.retired", 1, None),
    ]


def test_drafts_are_not_given_to_pages(folder):
    load_method_version(folder)
    _draft()

    assert _published_numbers() == [1]
    with pytest.raises(MethodVersion.DoesNotExist):
        version_for_page("small", number=2)
    with pytest.raises(MethodVersion.DoesNotExist):
        version_for_page("unknown")


def test_a_published_version_and_its_content_can_neither_be_saved_nor_deleted(folder):
    load_method_version(folder)

    for row in (_small(), _small().document):
        _assert_refused(row)


def test_a_retired_version_is_as_fixed_as_a_published_one(root, write_version):
    write_version(number=1)
    write_version(number=2)
    load_methods(root)

    _assert_refused(VersionDocument.objects.get(version__number=1, version__method__key="small"))


@pytest.mark.parametrize(
    "write",
    [
        lambda version: MethodVersion.objects.filter(pk=version.pk).update(status="draft"),
        lambda version: MethodVersion.objects.filter(pk=version.pk).update(content_hash="0"),
        lambda version: MethodVersion.objects.filter(pk=version.pk).update(number=9),
        lambda version: VersionDocument.objects.filter(pk=version.pk).update(content={}),
        lambda version: VersionDocument.objects.filter(pk=version.pk).delete(),
    ],
    ids=["back to draft", "another hash", "another number", "other content", "no content"],
)
def test_the_database_itself_refuses_to_change_what_is_published(folder, write):
    load_method_version(folder)

    refusal = pytest.raises(IntegrityError, match=r"A published version never changes\.")
    with refusal, transaction.atomic():
        write(_small())


def test_a_draft_can_be_written_on(folder):
    load_method_version(folder)
    draft = _draft()
    document = VersionDocument.objects.create(version=draft, content={"title": "x"})
    document.content = {"title": "y"}
    document.save()
    document.delete()
    draft.delete()

    assert _small().number == 1


def test_a_method_has_one_draft_at_a_time(folder):
    load_method_version(folder)
    draft = _draft()

    with pytest.raises(ValidationError) as refused:
        MethodVersion(method=draft.method, number=3).validate_constraints()

    assert refused.value.messages == ["There is already a draft of this method."]


def test_files_with_the_number_of_a_draft_are_refused(folder, write_version):
    load_method_version(folder)
    _draft()

    with pytest.raises(ChangedVersion) as refusal:
        load_method_version(write_version(number=2))

    assert str(refusal.value) == (
        "Version 2 of small is being drafted in the editor. Publish or discard the draft, or give "
        "the files another number."
    )


def test_files_cannot_take_over_the_method_of_an_organisation(folder, municipality):
    Method.objects.create(key="small", organisation=municipality.organisation)

    with pytest.raises(ChangedVersion) as refusal:
        load_method_version(folder)

    assert str(refusal.value) == (
        "The key small belongs to a method of Fjordvik kommune. Choose another."
    )


def test_the_command_prints_a_line_per_version(root, write_version, capsys):
    write_version(number=1)
    call_command("load_methods", path=root)
    write_version(number=2)
    write_version(key="other")
    call_command("load_methods", path=root)

    assert capsys.readouterr().out == (
        "small 1: created, published\n"
        "other 1: created, published\n"
        "small 1: unchanged, retired\n"
        "small 2: created, published\n"
    )


def test_the_command_tells_every_problem_and_writes_nothing(root, folder):
    before = _rows()
    for name, there in (("method.yaml", "format: 1"), ("phase-2-second.yaml", "mode: advisory")):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(there, there.split(":")[0] + ": no"), "utf-8")

    with pytest.raises(CommandError) as error:
        call_command("load_methods", path=root)

    assert str(error.value) == (
        "Nothing was loaded.\n"
        'small/1/method.yaml:1: format: expected 1 (the format that is read here), found "no"\n'
        "small/1/phase-2-second.yaml:30: phase.gate.mode: expected off, advisory or mandatory, "
        'found "no"'
    )
    assert _rows() == before


def test_the_command_tells_when_there_is_no_method(root):
    with pytest.raises(CommandError, match=r"^Nothing was loaded: there is no method in "):
        call_command("load_methods", path=root)


def _small():
    return MethodVersion.objects.select_related("method").get(method__key="small")


def _draft():
    return MethodVersion.objects.create(method=Method.objects.get(key="small"), number=2)


def _published_numbers():
    return [version.number for version in choosable_versions(None) if version.method.key == "small"]


def _rows():
    return (
        Method.objects.count(),
        MethodVersion.objects.count(),
        VersionDocument.objects.count(),
        AuditEvent.objects.count(),
    )


def _assert_refused(row):
    for write in (row.save, row.delete):
        with pytest.raises(PublishedContent) as refusal:
            write()
        assert str(refusal.value) == (
            "Version 1 of small is published and never changes. Make a new version instead."
        )
