"""The editor's pages: the tree, the parts and their forms."""

import pytest
from django.urls import reverse

from accounts.policy import OrganisationRole
from accounts.services import create_person
from methodology import services
from methodology.models import MethodVersion
from methodology.parts import all_parts, part_at

KEY = "fjordvik-metode"
STEP = ("phases", "insight", "steps", "carry-out-interviews")


def draft_url(name, *args):
    return reverse(f"authoring:{name}", args=[KEY, *args])


def part_url(address):
    return draft_url("part", "/".join(address))


def sent(page, **changes):
    """What a browser sends back from the part's form, with some fields changed."""
    data = {}
    for bound in page.context["form"]:
        value = bound.value()
        if value is not None and value is not False:
            data[bound.html_name] = "on" if value is True else value
    return {**data, **changes}


def messages_of(page):
    return [str(message) for message in page.context["messages"]]


@pytest.fixture
def second_admin(municipality, client_for):
    user = create_person(
        organisation=municipality.organisation,
        email="annen@fjordvik.test",
        name="Ann Annen",
        roles=[OrganisationRole.ADMINISTRATOR],
        actor=None,
    )
    return client_for(user)


@pytest.fixture
def sheet_field(own_draft, municipality):
    """A field in a worksheet of the draft."""

    def add(*list_address, **more):
        return services.add_part(
            draft=own_draft, list_address=list_address, actor=municipality.admin, **more
        )

    sheet = add("worksheets", title={"nb": "Notater"})
    section = add(*sheet, "sections", title={"nb": "Før møtet"})
    return add(*section, "fields", title={"nb": "Hvem kommer?"})


# --- the methods ----------------------------------------------------------------------------------


def test_the_list_shows_own_drafts_and_what_is_shared(
    own_draft, admin_client, ks_version, municipality
):
    page = admin_client.get(reverse("authoring:index"))
    assert [row.method.key for row in page.context["own"]] == [KEY]
    assert ks_version.method.key in [row.method.key for row in page.context["shared"]]
    html = page.content.decode()
    assert "Draft of version 1" in html
    assert f"by {municipality.admin.name} since" in html
    # What is shared can be opened, and not drafted.
    assert reverse("authoring:copy", args=["ks-veikart", ks_version.number]) not in html


def test_the_installations_administrator_drafts_a_shared_method(root_user, client_for, ks_version):
    client = client_for(root_user)
    url = reverse("authoring:copy", args=["ks-veikart", ks_version.number])
    answer = client.post(url)
    assert answer.url == reverse("authoring:draft", args=["ks-veikart"])
    again = client.post(url, follow=True)
    assert messages_of(again)[-1].startswith("Rut Rot is drafting version")
    assert MethodVersion.objects.filter(method__key="ks-veikart", status="draft").count() == 1


def test_an_organisation_makes_its_own_copy(admin_client, ks_version, municipality):
    url = reverse("authoring:copy_own", args=["ks-veikart", ks_version.number])
    assert admin_client.get(url).context["form"]["key"].value() == "fjordvik-kommune-ks-veikart"
    refused = admin_client.post(url, {"key": "Ikke gyldig"})
    assert refused.context["form"].errors["key"] == [
        "A key has small letters a to z, digits and hyphens, and at most 60."
    ]
    answer = admin_client.post(url, {"key": "vaar-metode"})
    assert answer.url == reverse("authoring:draft", args=["vaar-metode"])
    draft = MethodVersion.objects.get(method__key="vaar-metode")
    assert draft.method.organisation == municipality.organisation


# --- parts ----------------------------------------------------------------------------------------


def test_every_kind_of_part_has_a_page_whose_form_saves_what_it_shows(
    own_draft, sheet_field, admin_client, stored
):
    before = stored(own_draft)
    one_of_each = {node.kind: node.address for node in all_parts(before) if node.address}
    for address in one_of_each.values():
        page = admin_client.get(part_url(address))
        answer = admin_client.post(part_url(address), sent(page))
        assert answer.status_code == 302, (address, answer.context["form"].errors)
    assert stored(own_draft) == before


def test_saving_stays_on_the_part_and_says_so(own_draft, admin_client, stored):
    page = admin_client.get(part_url(STEP))
    after = admin_client.post(
        part_url(STEP), sent(page, why__nb="Fordi {the_organisation} lytter."), follow=True
    )
    assert (after.redirect_chain[0][0], messages_of(after)) == (part_url(STEP), ["Saved."])
    assert part_at(stored(own_draft), STEP)["why"]["nb"] == "Fordi {the_organisation} lytter."
    html = after.content.decode()
    # Raw where it is written, in words where it is read.
    assert "Fordi {the_organisation} lytter." in html


def test_when_a_review_comes_again_is_written_as_numbers(own_draft, admin_client, stored):
    gate = ("phases", "new-practice", "gate")
    page = admin_client.get(part_url(gate))
    assert page.context["form"]["reviews_after_months"].value() == "6, 12, 24"
    refused = admin_client.post(part_url(gate), sent(page, reviews_after_months="six"))
    assert refused.context["form"].errors["reviews_after_months"] == [
        "Write whole numbers with commas between: 6, 12, 24."
    ]
    saved = admin_client.post(part_url(gate), sent(page, reviews_after_months="3,9 , 18"))
    assert saved.status_code == 302
    assert part_at(stored(own_draft), gate)["reviews_after_months"] == [3, 9, 18]


def test_two_administrators_at_once_keep_both_their_texts(
    own_draft, admin_client, second_admin, stored
):
    mine, theirs = admin_client.get(part_url(STEP)), second_admin.get(part_url(STEP))
    second_admin.post(part_url(STEP), sent(theirs, who__sv="Alla."))
    answer = admin_client.post(part_url(STEP), sent(mine, why__nb="Derfor."))
    assert answer.status_code == 302
    part = part_at(stored(own_draft), STEP)
    assert (part["who"]["sv"], part["why"]["nb"]) == ("Alla.", "Derfor.")


def test_two_administrators_in_the_same_text_see_both(
    own_draft, admin_client, second_admin, stored
):
    mine, theirs = admin_client.get(part_url(STEP)), second_admin.get(part_url(STEP))
    second_admin.post(part_url(STEP), sent(theirs, why__nb="Deres."))
    answer = admin_client.post(part_url(STEP), sent(mine, why__nb="Min."))
    (error,) = answer.context["form"].errors["why__nb"]
    assert error.startswith("Somebody else has changed this to “Deres.” while you wrote “Min.”")
    assert part_at(stored(own_draft), STEP)["why"]["nb"] == "Deres."
    assert admin_client.post(part_url(STEP), sent(answer)).status_code == 302
    assert part_at(stored(own_draft), STEP)["why"]["nb"] == "Min."


def test_what_was_written_for_a_published_draft_is_given_back(
    own_draft, admin_client, second_admin, stored
):
    page = admin_client.get(part_url(STEP))
    second_admin.post(draft_url("publish"))
    before = stored(own_draft)
    answer = admin_client.post(part_url(STEP), sent(page, why__nb="Det jeg skrev."))
    assert answer.status_code == 404
    html = answer.content.decode()
    assert "There is no draft of this method now." in html
    assert "Det jeg skrev." in html
    assert stored(own_draft) == before


def test_script_in_a_text_is_refused_at_the_text(own_draft, admin_client, stored):
    before = stored(own_draft)
    page = admin_client.get(part_url(STEP))
    answer = admin_client.post(part_url(STEP), sent(page, why__sv="<script>alert(1)</script>"))
    assert answer.context["form"].errors == {
        "why__sv": ["HTML cannot be used here. Write without < and > around words."]
    }
    html = answer.content.decode()
    assert "Why, swedish" in html
    assert "<script>alert" not in html
    assert stored(own_draft) == before


def test_the_tree_marks_what_lacks_a_text_and_lists_it_alone(own_draft, admin_client):
    page = admin_client.get(part_url(STEP))
    lacking = page.context["tree"].lacking
    admin_client.post(part_url(STEP), sent(page, why__sv="", title__en=""))
    page = admin_client.get(part_url(STEP))
    assert page.context["tree"].lacking == lacking + 1
    phases = page.context["tree"].groups[0]
    insight = next(branch for branch in phases.branches if branch.number == "2")
    step = next(branch for branch in insight.branches if branch.is_current)
    assert {"sv", "en"} <= set(step.missing)
    alone = admin_client.get(f"{part_url(STEP)}?mangler=1").context["tree"]
    (flat,) = alone.groups
    assert (step.title, step.missing) in [(each.title, each.missing) for each in flat.branches]
    assert len(flat.branches) == alone.lacking


def test_a_part_is_added_moved_removed_and_put_back(own_draft, admin_client, stored):
    add = draft_url("part_add", "phases/insight/steps")
    assert admin_client.post(add, {"title__nb": " "}).context["form"].errors == {
        "title__nb": ["Write the title in the method's main language."]
    }
    added = admin_client.post(add, {"title__nb": "Besøk naboen", "title__sv": "Besök grannen"})
    address = ("phases", "insight", "steps", "besok-naboen")
    assert added.url == part_url(address)
    count = len(stored(own_draft)["phases"][1]["steps"])
    admin_client.post(draft_url("part_move", "/".join(address)), {"way": "up"})
    assert part_at(stored(own_draft), address)["number"] == count - 1
    before = stored(own_draft)
    gone = admin_client.post(draft_url("part_remove", "/".join(address)), follow=True)
    assert messages_of(gone)[-1] == "“Besøk naboen” is removed."
    assert draft_url("part_restore") in gone.content.decode()
    back = admin_client.post(draft_url("part_restore"))
    assert back.url == part_url(address)
    assert stored(own_draft) == before


def test_a_typed_key_that_is_taken_is_refused_at_the_key(own_draft, admin_client):
    answer = admin_client.post(
        draft_url("part_add", "phases/insight/steps"),
        {"title__nb": "Intervju", "key": "carry-out-interviews"},
    )
    assert answer.context["form"].errors == {
        "key": ["The key “carry-out-interviews” is used already."]
    }


def test_what_is_used_elsewhere_is_not_removed_and_the_page_says_where(
    own_draft, admin_client, stored
):
    slot = stored(own_draft)["phases"][0]["tools"][0]
    answer = admin_client.post(draft_url("part_remove", f"tools/{slot}"))
    assert answer.status_code == 409
    assert part_url(("phases", "anchoring")) in answer.content.decode()


def test_a_worksheet_shows_its_form_as_it_stands_now(own_draft, sheet_field, admin_client):
    page = admin_client.get(part_url(sheet_field))
    admin_client.post(
        part_url(sheet_field),
        sent(page, label__nb="Hvor mange kommer?", kind="number"),
    )
    page = admin_client.get(part_url(sheet_field))
    assert page.context["sheet"].form.fields["hvem_kommer"].label == "Hvor mange kommer?"
    assert "decimals" in page.context["form"].fields
    alone = admin_client.get(draft_url("sheet", "notater"))
    assert "Hvor mange kommer?" in alone.content.decode()


@pytest.mark.parametrize(
    "words", ["phases/nothing", "phases", "nothing/here", "phases/insight/steps/x/links"]
)
def test_an_address_that_leads_nowhere_is_not_found(own_draft, admin_client, words):
    assert admin_client.get(draft_url("part", words)).status_code == 404


def test_a_part_takes_the_same_few_queries_wherever_it_stands(
    own_draft, admin_client, django_assert_max_num_queries
):
    for address in (STEP, ("phases", "insight"), ("roles", "owner"), ("tools", "benefits")):
        with django_assert_max_num_queries(9):
            admin_client.get(part_url(address))


# --- the whole draft ------------------------------------------------------------------------------


def test_the_preview_reads_as_the_book_and_is_marked_as_a_draft(own_draft, admin_client):
    for url in (
        draft_url("preview"),
        draft_url("preview_phase", "insight"),
        draft_url("preview_step", "insight", "carry-out-interviews"),
    ):
        html = admin_client.get(url).content.decode()
        assert "This is how a project leader will read it." in html
    assert admin_client.get(draft_url("preview_step", "anchoring", STEP[-1])).status_code == 404


def test_the_log_tells_who_changed_what(own_draft, admin_client):
    page = admin_client.get(part_url(STEP))
    admin_client.post(part_url(STEP), sent(page, why__nb="Nytt."))
    lines = admin_client.get(draft_url("history")).context["lines"]
    assert [(line.what, line.url, line.fields) for line in lines] == [
        ("changed", part_url(STEP), "Why (norwegian bokmål)"),
        ("made the draft", "", ""),
    ]


def test_a_draft_is_thrown_away_after_a_question(own_draft, admin_client):
    assert (
        "Throw the draft of version 1 away?"
        in admin_client.get(draft_url("discard")).content.decode()
    )
    assert admin_client.post(draft_url("discard")).url == reverse("authoring:index")
    assert not MethodVersion.objects.filter(method__key=KEY).exists()


def test_the_same_text_in_the_next_draft_is_not_overwritten_by_an_old_tab(
    own_draft, admin_client, second_admin, stored, municipality
):
    mine = admin_client.get(part_url(STEP))
    second_admin.post(part_url(STEP), sent(second_admin.get(part_url(STEP)), why__nb="Deres."))
    version = services.publish_draft(draft=own_draft, actor=municipality.admin)
    draft = services.copy_to_draft(version=version, actor=municipality.admin)
    MethodVersion.objects.filter(pk=draft.pk).update(row_version=1)

    answer = admin_client.post(part_url(STEP), sent(mine, why__nb="Min."))

    assert list(answer.context["form"].errors) == ["why__nb"]
    assert part_at(stored(draft), STEP)["why"]["nb"] == "Deres."


def test_a_second_click_removes_no_second_source(own_draft, admin_client, stored):
    sources = stored(own_draft)["sources"]
    seen = {"opened": str(admin_client.get(part_url(("sources", "1"))).context["draft"].stamp)}
    remove = draft_url("part_remove", "sources/1")
    admin_client.post(remove, seen)
    answer = admin_client.post(remove, seen, follow=True)
    assert "Somebody has changed the draft since you opened this page." in answer.content.decode()
    assert stored(own_draft)["sources"] == sources[1:]


def test_what_was_written_in_a_field_that_became_another_kind_is_given_back(
    own_draft, sheet_field, admin_client, second_admin, stored
):
    def save(client, page, **values):
        return client.post(part_url(sheet_field), sent(page, **values))

    save(admin_client, admin_client.get(part_url(sheet_field)), kind="scale")
    mine = admin_client.get(part_url(sheet_field))
    save(second_admin, second_admin.get(part_url(sheet_field)), kind="date")

    answer = save(admin_client, mine, low__nb="Lite, skrev jeg")

    assert "The place where you wrote “Lite, skrev jeg” is not here any more." in (
        answer.content.decode()
    )
    assert part_at(stored(own_draft), sheet_field)["kind"] == "date"
    assert admin_client.post(part_url(sheet_field), sent(answer)).status_code == 302
