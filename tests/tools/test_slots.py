"""The method's tools in a project: the list of all, and those without a page of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from methodology.models import MethodVersion
from projects.models import Project
from tests.benefits.factory import make_benefit, make_indicator
from tests.tools.samples import sent_by_browser
from tools.models import SlotState

ClientFor = Callable[..., Client]


@pytest.fixture
def ks_version(db: None) -> MethodVersion:
    """The version whose tools have no worksheets: without an app they have notes only."""
    return MethodVersion.objects.select_related("method").get(method__key="ks-veikart", number=1)


def slot_url(project: Project, key: str = "analysis") -> str:
    return reverse("tools:slot", args=[project.pk, key])


def cards(page: Any) -> dict[str, tuple[str, str, bool]]:
    """Title -> state in words, reason, whether it belongs to the current phase."""
    return {
        card.title: (card.label, card.reason, group.is_current)
        for group in page.context["groups"]
        for card in group.cards
    }


def test_a_tool_without_a_page_shows_guidance_beside_notes(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.member)
    page = client.get(slot_url(project))
    assert "How to work with it" in page.content.decode()

    saved = client.post(
        slot_url(project),
        {**sent_by_browser(page.context["form"]), "note": "Tavlen henger i møterommet."},
    )

    assert (saved.status_code, saved["Location"]) == (302, slot_url(project))
    state = SlotState.objects.get(project=project)
    assert (state.note, state.updated_by, state.is_not_relevant) == (
        "Tavlen henger i møterommet.",
        municipality.member,
        False,
    )


def test_not_relevant_needs_a_reason_that_stands_beside_the_field(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)

    refused = client.post(slot_url(project), {"is_not_relevant": "on", "note": "Beholdes"})
    assert refused.context["form"].errors == {
        "not_relevant_reason": ["Say why the tool is not relevant here."]
    }
    assert "Beholdes" in refused.content.decode()
    client.post(
        slot_url(project), {"is_not_relevant": "on", "not_relevant_reason": "Gjort i fjor."}
    )

    listed = cards(client.get(reverse("tools:index", args=[project.pk])))
    assert listed["Analysis tool"] == ("Not relevant here", "Gjort i fjor.", False)


def test_a_reason_is_dropped_when_the_tool_is_relevant_again(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    client.post(
        slot_url(project), {"is_not_relevant": "on", "not_relevant_reason": "Gjort i fjor."}
    )
    data = sent_by_browser(client.get(slot_url(project)).context["form"])
    del data["is_not_relevant"]

    client.post(slot_url(project), data)

    state = SlotState.objects.get(project=project)
    assert (state.is_not_relevant, state.not_relevant_reason) == (False, "")


def test_two_people_who_write_the_first_note_see_both(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    one, other = client_for(municipality.leader), client_for(municipality.member)
    mine = sent_by_browser(one.get(slot_url(project)).context["form"])
    theirs = sent_by_browser(other.get(slot_url(project)).context["form"])

    other.post(slot_url(project), {**theirs, "note": "Den andres notat"})
    refused = one.post(slot_url(project), {**mine, "note": "Mitt notat"})

    assert list(refused.context["form"].errors) == ["note"]
    assert "Den andres notat" in refused.content.decode()
    assert SlotState.objects.get(project=project).note == "Den andres notat"


def test_a_reader_reads_the_notes_and_who_may_write(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client_for(municipality.leader).post(slot_url(project), {"note": "Linje 1\nLinje <2>"})
    client = client_for(municipality.reader)

    page = client.get(slot_url(project))

    assert "Linje 1<br>Linje &lt;2&gt;" in page.content.decode()
    assert "You cannot write in the project and its tools. That is for:" in page.content.decode()
    assert client.post(slot_url(project), {"note": "Min"}).status_code == 403
    assert client.get(reverse("tools:relevance", args=[project.pk, "benefits"])).status_code == 403


def test_a_tool_with_a_page_is_shown_there_and_can_be_set_aside(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    tool_url = reverse("tools:tool", args=[project.pk, "gevinster"])
    relevance = reverse("tools:relevance", args=[project.pk, "benefits"])

    assert client.get(slot_url(project, "benefits"))["Location"] == tool_url
    done = client.post(
        relevance, {"is_not_relevant": "on", "not_relevant_reason": "Følges i et annet prosjekt."}
    )

    assert done["Location"] == tool_url
    assert "Følges i et annet prosjekt." in client.get(tool_url).content.decode()
    assert client.get(reverse("tools:relevance", args=[project.pk, "analysis"]))[
        "Location"
    ] == slot_url(project)


def test_what_is_not_there_is_404(
    project: Project, foreign_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    start = f"/prosjekter/{project.pk}/verktoy"

    assert [
        client.get(address).status_code
        for address in (
            f"{start}/plass/finnes-ikke/",
            f"{start}/plass/finnes-ikke/relevans/",
            f"{start}/finnes-ikke/",
            f"{start}/gevinster/finnes-ikke/",
            f"{start}/gevinster/gevinster/999/",
            slot_url(foreign_project),
            reverse("tools:index", args=[foreign_project.pk]),
            "/prosjekter/99999/verktoy/",
        )
    ] == [404] * 8


def test_the_list_says_how_far_each_tool_has_come(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.reader)
    index = reverse("tools:index", args=[project.pk])
    assert cards(client.get(index))["Benefits realisation"] == ("1 thing missing", "", True)

    benefit = make_benefit(project, municipality.leader, owner=None)
    incomplete = cards(client.get(index))["Benefits realisation"]
    benefit.owner = municipality.leader
    benefit.save()
    make_indicator(project, municipality.leader, benefit=benefit)

    assert incomplete == ("2 things missing", "", True)
    assert cards(client.get(index))["Benefits realisation"] == ("Nothing is missing", "", True)
    assert len(cards(client.get(index))) == 15


def test_the_list_asks_the_same_number_of_queries_for_one_and_three_rows(
    project: Project, municipality: Any, client_for: ClientFor, django_assert_num_queries: Any
) -> None:
    client = client_for(municipality.leader)
    index = reverse("tools:index", args=[project.pk])
    make_benefit(project, municipality.leader, 1)
    client.get(index)
    with django_assert_num_queries(31):
        client.get(index)
    make_benefit(project, municipality.leader, 2)
    make_benefit(project, municipality.leader, 3)

    with django_assert_num_queries(31):
        client.get(index)


def test_a_save_leads_back_to_where_the_person_was_but_never_to_another_site(
    project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    create = reverse("tools:row_create", args=[project.pk, "gevinster", "endringer"])
    posted = {"process": "Tilsyn", "description": "Digitalt"}

    assert [
        client.post(f"{create}?next={wanted}", posted)["Location"]
        for wanted in ("/prosjekter/", "https://example.org/", "//example.org", "prosjekter")
    ] == [
        "/prosjekter/",
        reverse("tools:register", args=[project.pk, "gevinster", "endringer"]),
        reverse("tools:register", args=[project.pk, "gevinster", "endringer"]),
        reverse("tools:register", args=[project.pk, "gevinster", "endringer"]),
    ]
