"""Drafts: copied, written on by several people, published, and nothing half-written."""

import copy

import pytest
from django.core.exceptions import ValidationError

from accounts.services import create_person
from audit.models import AuditEvent
from common.outcomes import Denied, Refusal
from methodology import services
from methodology.authorship import may_author
from methodology.catalogue import catalogue_of
from methodology.files import MethodFilesRefused, VersionContent, read_version, write_document
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.part_fields import missing_languages, values_of
from methodology.parts import kind_of, part_at
from methodology.services import load_method_version

STEP = ("phases", "first", "steps", "first-look")
GATE = ("phases", "second", "gate")
TOOL = ("tools", "benefits")


@pytest.fixture
def root_user(municipality):
    """The installation's administrator, who belongs to an organisation like anybody."""
    user = create_person(
        organisation=municipality.organisation, email="rot@rot.test", name="Rut Rot", actor=None
    )
    user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def version(db, folder):
    load_method_version(folder)
    return MethodVersion.objects.select_related("method__organisation").get(method__key="small")


@pytest.fixture
def draft(version, root_user):
    return services.copy_to_draft(version=version, actor=root_user)


def content_of(draft):
    return VersionDocument.objects.get(pk=draft.pk).content


def values_at(draft, address):
    content = content_of(draft)
    return values_of(content, kind_of(address), part_at(content, address))


def save(draft, address, actor, opened=None, **values):
    opened = values_at(draft, address) if opened is None else opened
    return services.edit_part(
        draft=draft, address=address, values=values, opened=opened, actor=actor
    )


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_has_the_next_number_and_the_same_content(version, draft, root_user):
    assert (draft.number, draft.status, draft.based_on, draft.created_by) == (
        2,
        "draft",
        version,
        root_user,
    )
    assert content_of(draft) == {**content_of(version), "version": 2}


def test_there_is_one_draft_of_a_method_at_a_time(version, draft, root_user):
    with pytest.raises(services.AlreadyDrafted, match="Rut Rot is drafting version 2 since"):
        services.copy_to_draft(version=version, actor=root_user)
    assert MethodVersion.objects.filter(method=version.method).count() == 2


def test_only_the_installations_administrator_drafts_its_methods(version, municipality):
    refusal = may_author(municipality.admin, version.method)
    assert isinstance(refusal, Denied)
    assert "only the installation's administrator" in str(refusal.reason)
    with pytest.raises(Refusal, match="belongs to the whole installation"):
        services.copy_to_draft(version=version, actor=municipality.admin)


def test_an_organisation_makes_a_copy_under_its_own_key(version, municipality):
    draft = services.copy_to_organisation(
        version=version,
        key="fjordvik-metode",
        organisation=municipality.organisation,
        actor=municipality.admin,
    )
    assert (draft.method.key, draft.method.organisation, draft.number) == (
        "fjordvik-metode",
        municipality.organisation,
        1,
    )
    assert content_of(draft) == {**content_of(version), "key": "fjordvik-metode", "version": 1}
    assert may_author(municipality.admin, draft.method)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("small", "There is a method with the key “small” already."),
        ("Små steg", "A key has small letters a to z, digits and hyphens, and at most 60."),
        ("own-method", "Keys that begin with “own-” are for an organisation's adjustments."),
    ],
)
def test_a_key_that_cannot_be_used_is_refused(version, municipality, key, sentence):
    with pytest.raises(ValidationError) as refused:
        services.copy_to_organisation(
            version=version,
            key=key,
            organisation=municipality.organisation,
            actor=municipality.admin,
        )
    assert refused.value.message_dict == {"key": [sentence]}
    assert Method.objects.filter(organisation__isnull=False).count() == 0


def test_an_administrator_cannot_copy_for_another_organisation(version, municipality, neighbour):
    with pytest.raises(Refusal, match="looked after by its administrators: "):
        services.copy_to_organisation(
            version=version,
            key="nabo",
            organisation=neighbour.organisation,
            actor=municipality.admin,
        )


def test_a_discarded_draft_is_gone_and_leaves_a_line_in_the_log(version, draft, root_user):
    services.discard_draft(draft=draft, actor=root_user)
    assert list(MethodVersion.objects.filter(method=version.method)) == [version]
    assert AuditEvent.objects.filter(action="method_version.discarded").count() == 1


def test_a_method_with_nothing_but_a_discarded_draft_is_gone(version, municipality):
    draft = services.copy_to_organisation(
        version=version,
        key="bare-utkast",
        organisation=municipality.organisation,
        actor=municipality.admin,
    )
    services.discard_draft(draft=draft, actor=municipality.admin)
    assert not Method.objects.filter(key="bare-utkast").exists()


# --- editing --------------------------------------------------------------------------------------


def test_texts_and_settings_are_written_and_logged_by_name(draft, root_user):
    changed = save(
        draft,
        STEP,
        root_user,
        why__nb="Fordi **det** hjelper.",
        how__nb="Gå dit.\n\nVent.\r\nSe.",
        optional=True,
    )
    part = part_at(content_of(draft), STEP)
    assert changed == ("why__nb", "how__nb", "optional")
    assert (part["why"]["nb"], part["how"]["nb"], part["optional"]) == (
        "Fordi **det** hjelper.",
        ["Gå dit.", "Vent.", "Se."],
        True,
    )
    event = AuditEvent.objects.get(action="method_version.part_changed")
    assert event.details["part"] == "phases/first/steps/first-look"
    assert event.details["changed"] == ["how__nb", "optional", "why__nb"]


def test_saving_what_stands_there_already_changes_nothing(draft, root_user):
    before = content_of(draft)
    assert save(draft, STEP, root_user, **values_at(draft, STEP)) == ()
    assert content_of(draft) == before


def test_what_two_administrators_change_in_different_texts_is_kept(draft, root_user):
    opened = values_at(draft, STEP)
    save(draft, STEP, root_user, opened, why__nb="Den første.")
    save(draft, STEP, root_user, opened, why__nb=opened["why__nb"], why__sv="Den andra.")
    assert part_at(content_of(draft), STEP)["why"] == {"nb": "Den første.", "sv": "Den andra."}


def test_what_two_administrators_change_in_the_same_text_is_refused_with_both(draft, root_user):
    opened = values_at(draft, STEP)
    save(draft, STEP, root_user, opened, why__nb="Den første.")
    with pytest.raises(services.ChangedMeanwhile) as refused:
        save(draft, STEP, root_user, opened, why__nb="Den andre.")
    (conflict,) = refused.value.conflicts
    assert (conflict.field, conflict.mine, conflict.theirs) == (
        "why__nb",
        "Den andre.",
        "Den første.",
    )
    assert part_at(content_of(draft), STEP)["why"]["nb"] == "Den første."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<script>alert(1)</script>", "HTML cannot be used here. Write without < and > around"),
        ("Se <b>her</b>", "HTML cannot be used here. Write without < and > around words."),
        ("[Her](javascript:alert(1))", "must begin with https://, http:// or mailto:."),
        ("# Overskrift", "Headings cannot be used here."),
        ("Til {alle}", '"{alle}" is not a term'),
    ],
)
def test_what_guidance_cannot_hold_is_refused_where_it_stands(draft, root_user, text, sentence):
    before = content_of(draft)
    with pytest.raises(ValidationError) as refused:
        save(draft, STEP, root_user, why__sv=text, who__nb="Nye folk.")
    assert list(refused.value.message_dict) == ["why__sv"]
    assert sentence in refused.value.message_dict["why__sv"][0]
    assert content_of(draft) == before


def test_the_title_cannot_be_taken_away_in_the_main_language(draft, root_user):
    with pytest.raises(ValidationError) as refused:
        save(draft, STEP, root_user, title__nb=" ")
    assert refused.value.message_dict == {
        "title__nb": ["Write the title in the method's main language."]
    }
    save(draft, STEP, root_user, title__en="")
    assert missing_languages(
        content_of(draft), kind_of(STEP), part_at(content_of(draft), STEP)
    ) == ("en",)


def test_settings_that_do_not_fit_each_other_are_refused(draft, root_user):
    with pytest.raises(ValidationError) as refused:
        save(draft, GATE, root_user, back_to=[])
    assert refused.value.message_dict == {
        "back_to": ['the outcome "back" needs at least one phase to go to']
    }
    save(draft, GATE, root_user, outcomes=["go"], back_to=[])


def test_a_criterion_cannot_name_an_unknown_tool(draft, root_user):
    with pytest.raises(ValidationError) as refused:
        save(draft, (*GATE, "criteria", "seen"), root_user, findings=["nothing.none"])
    assert list(refused.value.message_dict) == ["findings"]


def test_a_removed_part_cannot_be_written_on(draft, root_user):
    with pytest.raises(Refusal, match="Somebody has removed this part"):
        services.edit_part(
            draft=draft, address=("roles", "gone"), values={}, opened={}, actor=root_user
        )


def test_nobody_writes_on_what_is_published(version, root_user):
    with pytest.raises(Refusal, match="is published and never changes"):
        save(version, STEP, root_user, why__nb="Nei.")


# --- the structure --------------------------------------------------------------------------------


def add(draft, actor, *list_address, title="Ny del", **more):
    return services.add_part(
        draft=draft, list_address=list_address, title={"nb": title}, actor=actor, **more
    )


def test_a_new_step_gets_a_key_from_its_title_and_the_next_number(draft, root_user):
    address = add(draft, root_user, "phases", "first", "steps", title="Møt folk på tunet!")
    assert address == ("phases", "first", "steps", "mot-folk-pa-tunet")
    step = part_at(content_of(draft), address)
    assert (step["number"], step["title"], step["origin"]) == (
        2,
        {"nb": "Møt folk på tunet!"},
        "ours",
    )
    assert add(draft, root_user, "phases", "second", "steps", title="Møt folk på tunet!")[-1] == (
        "mot-folk-pa-tunet-2"
    )


def test_a_typed_key_that_is_used_already_is_refused(draft, root_user):
    with pytest.raises(ValidationError) as refused:
        add(draft, root_user, "phases", "second", "steps", key="first-look")
    assert refused.value.message_dict == {"key": ["The key “first-look” is used already."]}


def test_every_kind_of_part_can_be_added_and_the_draft_still_be_read(draft, root_user):
    sheet = add(draft, root_user, "worksheets", title="Ark")
    section = add(draft, root_user, *sheet, "sections", title="Bolk")
    for kind in ("short_text", "scale", "choice", "number", "link", "read", "rows"):
        field = add(draft, root_user, *section, "fields", title=f"Felt {kind}")
        save(draft, field, root_user, kind=kind)
        if kind == "rows":
            column = add(draft, root_user, *field, "columns", title="Kolonne")
            save(draft, column, root_user, kind="choice")
            add(draft, root_user, *column, "choices", title="Ja")
    phase = add(draft, root_user, "phases", title="Tredje")
    for name in ("steps", "gate", "insight", "examples", "links"):
        add(draft, root_user, *phase, name)
    add(draft, root_user, *phase, "gate", "criteria")
    for name in ("roles", "principles", "sources", "tools"):
        add(draft, root_user, name)
    catalogue = catalogue_of(draft)
    assert [entry.key for entry in catalogue.phases] == ["first", "second", "tredje"]
    assert len(catalogue.worksheet("ark").fields) == 7


def test_moving_numbers_the_steps_anew_and_stops_at_the_ends(draft, root_user):
    address = add(draft, root_user, "phases", "first", "steps", title="Lytt")
    services.move_part(draft=draft, address=address, by=-1, actor=root_user)
    steps = part_at(content_of(draft), ("phases", "first"))["steps"]
    assert [(step["number"], step["key"]) for step in steps] == [(1, "lytt"), (2, "first-look")]
    with pytest.raises(Refusal, match="no room"):
        services.move_part(draft=draft, address=address, by=-1, actor=root_user)


def test_what_is_referred_to_cannot_be_removed(draft, root_user):
    with pytest.raises(services.StillUsed) as refused:
        services.remove_part(draft=draft, address=TOOL, actor=root_user)
    assert [use.address for use in refused.value.uses] == [
        ("phases", "first"),
        STEP,
        ("phases", "first", "gate", "criteria", "seen"),
        ("phases", "second"),
        ("phases", "second", "steps", "second-look"),
        (*GATE, "criteria", "seen"),
    ]
    with pytest.raises(services.StillUsed) as refused:
        services.remove_part(draft=draft, address=("phases", "first"), actor=root_user)
    assert [use.address for use in refused.value.uses] == [GATE]


def test_what_was_removed_can_be_put_back_where_it_stood(draft, root_user):
    before = content_of(draft)
    for address in (("phases", "second"), STEP, ("roles", "owner"), GATE, ("sources", "1")):
        removed = services.remove_part(draft=draft, address=address, actor=root_user)
        assert content_of(draft) != before
        assert services.restore_part(draft=draft, removed=removed, actor=root_user) == address
        assert content_of(draft) == before


def test_the_last_phase_stays(draft, root_user):
    services.remove_part(draft=draft, address=("phases", "second"), actor=root_user)
    with pytest.raises(Refusal, match="at least one phase"):
        services.remove_part(draft=draft, address=("phases", "first"), actor=root_user)


# --- publishing -----------------------------------------------------------------------------------


def test_publishing_retires_the_earlier_version_and_fixes_the_content(version, draft, root_user):
    save(draft, STEP, root_user, why__nb="Nytt.")
    published = services.publish_draft(draft=draft, actor=root_user)
    version.refresh_from_db()
    checked = VersionContent("small", 2, content_of(draft))
    assert (published.status, published.content_hash, published.published_by, version.status) == (
        "published",
        checked.content_hash,
        root_user,
        "retired",
    )
    with pytest.raises(Refusal, match="is published and never changes"):
        save(draft, STEP, root_user, why__nb="For sent.")


def test_a_draft_that_lacks_something_is_refused_with_every_problem(draft, root_user):
    save(draft, STEP, root_user, why__nb="", title__nn="")
    add(draft, root_user, "phases", "first", "steps", title="Lytt")
    with pytest.raises(services.NotReady) as refused:
        services.publish_draft(draft=draft, actor=root_user)
    first = [
        (problem.field, problem.languages)
        for problem in refused.value.problems
        if problem.address == STEP
    ]
    assert sorted(first) == [("title", ("nn",)), ("why", ("nb",))]
    draft.refresh_from_db()
    assert (draft.status, draft.content_hash) == ("draft", "")


def test_a_draft_that_files_have_overtaken_takes_the_next_number(draft, root_user, write_version):
    load_method_version(write_version(number=3))
    assert services.publish_draft(draft=draft, actor=root_user).number == 4
    assert content_of(draft)["version"] == 4


# --- files ----------------------------------------------------------------------------------------


def upload(data, actor, organisation=None, name="metode.yaml"):
    return services.import_document(data=data, name=name, actor=actor, organisation=organisation)


def test_a_file_becomes_a_draft_and_gives_the_same_file_back(folder, db, root_user):
    data = write_document(read_version(folder))
    imported = upload(data, root_user)
    assert (imported.draft.method.key, imported.draft.number) == ("small", 1)
    published = services.publish_draft(draft=imported.draft, actor=root_user)
    assert write_document(VersionContent("small", 1, content_of(published))) == data


def test_an_organisations_administrator_imports_to_an_own_method_only(
    folder, version, municipality, neighbour
):
    data = write_document(read_version(folder))
    with pytest.raises(Refusal, match="belongs to the whole installation"):
        upload(data, municipality.admin, municipality.organisation)
    own = data.replace(b"key: small", b"key: vaar-metode")
    draft = upload(own, municipality.admin, municipality.organisation).draft
    assert draft.method.organisation == municipality.organisation
    with pytest.raises(MethodFilesRefused) as refused:
        upload(own, neighbour.admin, neighbour.organisation)
    assert str(refused.value) == (
        "metode.yaml:1: the key “vaar-metode” is taken; give the method another"
    )
    with pytest.raises(Refusal, match="only the installation's administrator"):
        upload(data.replace(b"key: small", b"key: felles"), municipality.admin)


def test_the_same_file_again_is_no_new_draft(folder, version, root_user):
    with pytest.raises(Refusal, match="the same as version 1, which is here already"):
        upload(write_document(read_version(folder)), root_user)


def test_every_error_of_a_file_is_told_and_nothing_is_written(folder, version, root_user):
    data = write_document(read_version(folder)).decode()
    broken = data.replace("coverage: complete", "coverage: much").replace("url:", "address:")
    with pytest.raises(MethodFilesRefused) as refused:
        upload(broken.encode(), root_user)
    errors = str(refused.value).splitlines()
    assert len(errors) > 2
    assert all(error.startswith("metode.yaml:") for error in errors)
    assert MethodVersion.objects.filter(method=version.method).count() == 1


def test_a_large_file_is_refused_before_it_is_read(root_user):
    with pytest.raises(Refusal) as refused:
        upload(b"x" * (50 * 1024 * 1024), root_user)
    assert str(refused.value) == "The file is 50.0 MB. A method's file is at most 2 MB."


def test_a_yaml_bomb_is_refused(root_user):
    bomb = b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(MethodFilesRefused, match="anchors are not allowed"):
        upload(bomb, root_user)


def test_a_copied_content_is_not_shared_between_versions(version, draft, root_user):
    before = copy.deepcopy(content_of(version))
    save(draft, STEP, root_user, why__nb="Bare i utkastet.")
    assert content_of(version) == before
