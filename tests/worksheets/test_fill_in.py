"""Filling in a worksheet: what is stored, what is shown, and two people at once."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from common.versioned_forms import OPENED, VERSION
from projects.access import access_of
from projects.models import Project
from tests.benefits.factory import make_benefit
from tests.worksheets.helpers import (
    ROW,
    dossier_of,
    opened,
    page_url,
    sheet,
    url,
    write,
    write_row,
)
from tools.contract import PersonRef
from worksheets.models import Sheet, SheetRevision

ClientFor = Callable[..., Client]


def test_every_kind_is_stored_typed_and_shown(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    benefit = make_benefit(sheets_project, municipality.leader, 1)
    write_row(sheets_project, municipality.leader)
    client = client_for(municipality.member)
    data = opened(client, url(sheets_project, "edit"))

    saved = client.post(
        url(sheets_project, "edit"),
        {
            **data,
            "goal": "=Om de\r\nsover",
            "flats": "1 234",
            "share": "12,5",
            "budget": "90 000,50",
            "starts": "12.03.2027",
            "responsible": str(municipality.leader.pk),
            "is_safe": "no",
            "novelty": "much",
            "sources": ["much", "little"],
            "belief": "4",
            "serves": [f"benefits/gevinster/{benefit.pk}", f"interviews/talks/{ROW}"],
        },
    )

    assert (saved.status_code, saved["Location"]) == (302, page_url(sheets_project))
    stored = sheet(sheets_project)
    assert (stored.number, stored.updated_by) == (1, municipality.member)
    assert stored.answers == {
        "goal": "=Om de\nsover",
        "flats": "1234",
        "share": "12.5",
        "budget": "90000.5",
        "starts": "2027-03-12",
        "responsible": municipality.leader.pk,
        "is_safe": False,
        "novelty": "much",
        "sources": ["much", "little"],
        "belief": 4,
        "serves": [f"benefits/gevinster/{benefit.pk}", f"interviews/talks/{ROW}"],
    }
    dossier = dossier_of(sheets_project)
    assert dossier.field("budget").answer.number == Decimal("90000.5")
    assert dossier.field("responsible").answer.people == (
        PersonRef(municipality.leader.pk, municipality.leader.name),
    )
    assert [link.label for link in dossier.field("serves").answer.links] == [
        f"{benefit.code} {benefit.title}",
        "I-07",
    ]
    shown = client.get(page_url(sheets_project)).content.decode()
    for words in ("=Om de<br>sover", "1,234 flats", "4 of 5", "Much, Little", "I-07", "No"):
        assert words in shown, words


def test_values_that_are_read_are_shown_and_never_stored(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    make_benefit(sheets_project, municipality.leader, 1)
    write(sheets_project, municipality.leader, {"goal": "Sove"})
    Project.objects.filter(pk=sheets_project.pk).update(name="Nytt navn")

    dossier = dossier_of(sheets_project)

    assert dossier.field("project_name").answer.text == "Nytt navn"
    assert dossier.field("leads").answer.people == (
        PersonRef(municipality.leader.pk, municipality.leader.name),
    )
    assert dossier.field("benefits_found").answer.number == 1
    assert sheet(sheets_project).answers == {"goal": "Sove"}
    page = client_for(municipality.reader).get(page_url(sheets_project)).content.decode()
    assert "Nytt navn" in page


def test_an_empty_sheet_teaches(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    page = client_for(municipality.leader).get(page_url(sheets_project)).content.decode()
    form = client_for(municipality.leader).get(url(sheets_project, "edit")).content.decode()

    assert "<strong>planen</strong>" in page
    assert "Om de sover bedre." in page
    for words in (
        "Ingen helseopplysninger her.",
        "Hva vil dere vite?",
        "Om de sover bedre.",
        "(needed for the decision)",
        "Only those who write in the project see this.",
    ):
        assert words in form, words


def test_saving_without_a_change_is_no_revision(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Sove", "share": "12.50", "belief": 2})
    client = client_for(municipality.leader)

    client.post(url(sheets_project, "edit"), opened(client, url(sheets_project, "edit")))

    assert SheetRevision.objects.count() == 1


def test_two_who_begin_at_once_in_different_fields_are_merged(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    one, other = client_for(municipality.leader), client_for(municipality.member)
    address = url(sheets_project, "edit")
    mine, theirs = opened(one, address), opened(other, address)

    answers = [
        other.post(address, {**theirs, "place": "Solbakken"}).status_code,
        one.post(address, {**mine, "goal": "Sove"}).status_code,
    ]

    assert answers == [302, 302]
    assert sheet(sheets_project).answers == {"place": "Solbakken", "goal": "Sove"}
    assert [each.answers for each in SheetRevision.objects.order_by("number")] == [
        {"place": "Solbakken"},
        {"place": "Solbakken", "goal": "Sove"},
    ]


def test_two_in_the_same_field_see_both_texts(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Før"})
    one, other = client_for(municipality.leader), client_for(municipality.member)
    address = url(sheets_project, "edit")
    mine, theirs = opened(one, address), opened(other, address)

    other.post(address, {**theirs, "goal": "Den andres", "place": "Solbakken"})
    refused = one.post(address, {**mine, "goal": "Min"})

    assert refused.context["form"].errors == {
        "goal": [
            "Somebody else has changed this to “Den andres” while you wrote “Min”. Put together "
            "what should stand, and save again."
        ]
    }
    again = {
        name: value
        for name, value in refused.context["form"].data.items()
        if name in (VERSION, OPENED, "goal", "place")
    }
    assert one.post(address, {**mine, **again, "goal": "Begge"}).status_code == 302
    assert sheet(sheets_project).answers == {"goal": "Begge", "place": "Solbakken"}


def test_a_form_without_its_version_overwrites_nothing(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"goal": "Før"})

    page = client_for(municipality.leader).post(url(sheets_project, "edit"), {"goal": "Ny"})

    assert page.status_code == 200
    assert sheet(sheets_project).answers == {"goal": "Før"}


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("goal", "Hun het {number}", "The text holds eleven digits"),
        ("place", "{spaced}", "The text holds eleven digits"),
        ("flats", "1,5", "Write a whole number"),
        ("budget", "1234567890123456", "15 digits"),
        ("starts", "i morgen", "Write the date"),
        ("goal", "x\x07", "invisible character"),
        ("responsible", "999999", "Select a valid choice"),
        ("belief", "9", "Select a valid choice"),
        ("serves", ["benefits/gevinster/999"], "Select a valid choice"),
    ],
)
def test_what_cannot_be_stored_is_refused_beside_the_field(
    sheets_project: Project,
    municipality: Any,
    client_for: ClientFor,
    field: str,
    value: Any,
    message: str,
) -> None:
    number = "01017500011"
    if isinstance(value, str):
        value = value.format(number=number, spaced=f"{number[:6]} {number[6:]}")
    client = client_for(municipality.leader)
    data = opened(client, url(sheets_project, "edit"))

    page = client.post(
        url(sheets_project, "edit"),
        {**data, field: value, "place": value if field == "place" else "Beholdes"},
    )

    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert message in errors[field][0]
    assert number not in errors[field][0]
    assert not Sheet.objects.exists()


def test_the_pages_ask_the_same_whatever_is_filled_in(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)

    def queries() -> list[int]:
        counts = []
        for address in (page_url(sheets_project), url(sheets_project, "edit")):
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            assert not [q for q in captured if "versiondocument" in q["sql"]]
            counts.append(len(captured))
        return counts

    write(sheets_project, municipality.leader, {"place": "x"})
    few = queries()
    make_benefit(sheets_project, municipality.leader, 1)
    for number in range(3):
        write_row(sheets_project, municipality.leader, row_id=f"{number:012x}")
    write(
        sheets_project,
        municipality.leader,
        {
            "goal": "Sove",
            "worry": "Pris",
            "flats": "3",
            "share": "1.5",
            "budget": "2",
            "starts": "2027-01-01",
            "responsible": municipality.member.pk,
            "is_safe": True,
            "novelty": "much",
            "sources": ["much"],
            "belief": 3,
            "serves": ["interviews/talks/000000000001"],
        },
    )

    assert queries() == few


def test_a_reader_is_led_to_the_sheet_and_may_not_write(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.reader)

    assert client.get(url(sheets_project, "edit"))["Location"] == page_url(sheets_project)
    assert client.post(url(sheets_project, "edit"), {"goal": "x"}).status_code == 403
    page = client.get(page_url(sheets_project)).content.decode()
    assert f'<a class="ds-button" href="{url(sheets_project, "edit")}"' not in page
    reason = access_of(municipality.reader, sheets_project).can_edit_content.reason
    assert escape(str(reason)) in page


def test_a_link_to_a_row_that_was_deleted_says_so(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"serves": ["benefits/gevinster/41"]})
    client = client_for(municipality.leader)

    assert "no longer there" in client.get(page_url(sheets_project)).content.decode()
    data = opened(client, url(sheets_project, "edit"))
    client.post(url(sheets_project, "edit"), {**data, "place": "Solbakken"})

    assert sheet(sheets_project).answers == {
        "serves": ["benefits/gevinster/41"],
        "place": "Solbakken",
    }


def test_the_form_can_lead_on_to_a_table_with_everything_saved(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    client = client_for(municipality.leader)
    address = url(sheets_project, "edit", key="interviews")

    answer = client.post(
        address, {**opened(client, address), "patterns": "Mønster", "then": "talks"}
    )

    assert answer["Location"] == url(sheets_project, "row_create", "talks", key="interviews")
    assert sheet(sheets_project, "interviews").answers == {"patterns": "Mønster"}


def test_titles_of_a_method_are_never_run_as_templates(
    sheets_project: Project, municipality: Any, client_for: ClientFor, monkeypatch: Any
) -> None:
    from methodology.texts import Texts
    from worksheets import layout

    original = layout.Section.__init__

    def dangerous(self: Any, section: Any, *fields: Any) -> None:
        original(self, section, *fields)
        texts = Texts({"title": {"en": "{{ 7|add:7 }}<script>alert(1)</script>"}})
        object.__setattr__(self, "section", type(section)(section.key, texts, section.fields))

    monkeypatch.setattr(layout.Section, "__init__", dangerous)

    page = client_for(municipality.leader).get(url(sheets_project, "edit")).content.decode()

    assert "{{ 7|add:7 }}&lt;script&gt;" in page


def test_opened_values_hold_json(
    sheets_project: Project, municipality: Any, client_for: ClientFor
) -> None:
    write(sheets_project, municipality.leader, {"sources": ["much"], "belief": 3})

    data = opened(client_for(municipality.leader), url(sheets_project, "edit"))

    values = json.loads(data[OPENED])
    assert (values["sources"], values["belief"], values["goal"]) == (["much"], "3", None)
