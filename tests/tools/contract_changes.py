"""The contract suite: two people in one row, deleting, and what leaves the house."""

import io
import json
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from common.versioned_forms import OPENED, VERSION
from projects.access import access_of
from projects.models import Project
from tests.tools.contract_help import (
    FORMULA,
    ClientFor,
    address,
    dossier_of,
    make_rows,
    queries_of,
    rows_in,
)
from tests.tools.samples import Case, sent_by_browser, stored
from tools.context import context_of
from tools.contract import cell_value
from tools.models import RegisterRow
from tools.plain import People, from_plain, to_plain
from tools.privacy import open_part, part_for, restricted_fields
from tools.services import delete_row, restore_row


class ChangesContract:
    def _opened(self, case: Case, project: Project, row: RegisterRow, client: Client) -> dict:
        page = client.get(address(case, project, "row_edit", row.pk))
        return sent_by_browser(page.context["form"])

    def test_saving_without_a_change_changes_nothing(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        client = client_for(municipality.leader)
        before = stored(row)

        answer = client.post(
            address(case, project, "row_edit", row.pk), self._opened(case, project, row, client)
        )

        assert answer.status_code == 302
        assert stored(row) == before

    def test_two_people_in_different_fields_are_merged(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        if not case.sample.other_field:
            pytest.skip("only one field of these rows can be edited")
        row = case.sample.make(project, municipality.leader, 1)
        one, other = client_for(municipality.leader), client_for(municipality.member)
        mine, theirs = (self._opened(case, project, row, each) for each in (one, other))
        before = stored(row)

        first = other.post(
            address(case, project, "row_edit", row.pk),
            {**theirs, case.sample.other_field: "Skrevet av den andre"},
        )
        second = one.post(
            address(case, project, "row_edit", row.pk),
            {**mine, case.sample.text_field: "Skrevet av den ene"},
        )

        assert (first.status_code, second.status_code) == (302, 302)
        assert stored(row) == {
            **before,
            case.sample.other_field: "Skrevet av den andre",
            case.sample.text_field: "Skrevet av den ene",
        }

    def test_two_people_in_the_same_field_see_both_texts(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        one, other = client_for(municipality.leader), client_for(municipality.member)
        mine, theirs = (self._opened(case, project, row, each) for each in (one, other))
        url = address(case, project, "row_edit", row.pk)
        field = case.sample.text_field

        other.post(url, {**theirs, field: "Den andres tekst"})
        refused = one.post(url, {**mine, field: "Min tekst"})

        assert refused.status_code == 200
        assert refused.context["form"].errors == {
            field: [
                "Somebody else has changed this to “Den andres tekst” while you wrote "
                "“Min tekst”. Put together what should stand, and save again."
            ]
        }
        assert stored(row)[field] == "Den andres tekst"
        again = {**sent_by_browser(refused.context["form"]), field: "Begge tekster"}
        assert one.post(url, again).status_code == 302
        assert stored(row)[field] == "Begge tekster"

    def test_what_the_other_wrote_survives_a_refusal(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        if not case.sample.other_field:
            pytest.skip("only one field of these rows can be edited")
        row = case.sample.make(project, municipality.leader, 1)
        one, other = client_for(municipality.leader), client_for(municipality.member)
        mine, theirs = (self._opened(case, project, row, each) for each in (one, other))
        url = address(case, project, "row_edit", row.pk)
        text, second = case.sample.text_field, case.sample.other_field

        other.post(url, {**theirs, text: "Den andres tekst", second: "Også den andres"})
        refused = one.post(url, {**mine, text: "Min tekst"})
        one.post(url, {**sent_by_browser(refused.context["form"]), text: "Begge"})

        assert (stored(row)[text], stored(row)[second]) == ("Begge", "Også den andres")

    def test_a_form_without_its_version_overwrites_nothing(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        client = client_for(municipality.leader)
        before = stored(row)
        data = {
            name: value
            for name, value in self._opened(case, project, row, client).items()
            if name not in (VERSION, OPENED)
        }

        answer = client.post(
            address(case, project, "row_edit", row.pk), {**data, case.sample.text_field: "Ny"}
        )

        assert answer.status_code == 200
        assert stored(row) == before

    def test_deleted_rows_leave_everything_and_can_come_back(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        client = client_for(municipality.leader)

        after = client.post(address(case, project, "row_delete", row.pk), follow=True)

        assert address(case, project, "row_restore", row.pk) in after.content.decode()
        assert rows_in(case, project) == set()
        assert client.get(address(case, project, "row_edit", row.pk)).status_code == 404
        listed = client.get(address(case, project, "register"), {"deleted": "1"})
        assert [each.pk for each in listed.context["rows"]] == [row.pk]
        client.post(address(case, project, "row_restore", row.pk))
        assert rows_in(case, project) == {row.pk}

    def test_the_services_delete_and_restore_too(
        self, case: Case, project: Project, municipality: Any
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)

        delete_row(row=row, actor=municipality.leader)
        gone = rows_in(case, project)
        restore_row(row=row, actor=municipality.leader)

        assert (gone, rows_in(case, project)) == (set(), {row.pk})

    def test_rows_can_be_moved(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        if not case.register.is_reordered:
            pytest.skip("these rows have an order of their own")
        first, second, third = make_rows(case, project, municipality.leader, 3)

        client_for(municipality.leader).post(
            address(case, project, "row_move", third.pk), {"steps": "-1"}
        )

        assert [row.pk for row in case.register.rows(dossier_of(case, project))] == [
            first.pk,
            third.pk,
            second.pk,
        ]

    def test_the_export_has_typed_cells_and_formulas_stay_text(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        type(row).objects.filter(pk=row.pk).update(**{case.sample.text_field: FORMULA})

        answer = client_for(municipality.leader).get(address(case, project, "export"))
        sheet = load_workbook(io.BytesIO(answer.content)).active

        header, cells = list(sheet.iter_rows())
        assert [cell.value for cell in header] == [
            str(column.label) for column in case.register.columns
        ]
        (shown,) = case.register.rows(dossier_of(case, project))
        for column, cell in zip(case.register.columns, cells, strict=True):
            value = cell_value(column, getattr(shown, column.name))
            if isinstance(value, str):
                assert (cell.value, cell.data_type) == (value, "s")
            elif value is None:
                assert cell.value is None
            else:
                assert cell.data_type in {"n", "d"}
        assert any(FORMULA in str(cell.value) for cell in cells)
        assert sheet.freeze_panes == "A2"

    def test_restricted_fields_reach_neither_readers_nor_records_nor_reports(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        hidden = sorted(restricted_fields(case.register.row_class))
        if not hidden:
            pytest.skip("nothing in these rows is restricted")
        row = case.sample.make(project, municipality.leader, 1)
        dossier = dossier_of(case, project)
        (shown,) = case.register.rows(dossier)
        secrets = [str(getattr(shown, name)) for name in hidden]
        assert all(secrets)
        plain = json.dumps(to_plain(open_part(dossier), People()), ensure_ascii=False)
        sheets = str(case.tool.sheets(dossier, context_of(project)))
        reader, leader = client_for(municipality.reader), client_for(municipality.leader)
        pages = [
            address(case, project, "register"),
            address(case, project, "row_edit", row.pk),
            reverse("tools:tool", args=[project.pk, case.tool.slug]),
        ]

        for secret in secrets:
            assert secret in leader.get(pages[1]).content.decode()
            assert secret not in plain
            assert secret not in sheets
            for page in pages:
                assert secret not in reader.get(page).content.decode()
            found = reader.get(address(case, project, "register"), {"q": secret})
            assert list(found.context["page_obj"]) == []
            exported = load_workbook(
                io.BytesIO(reader.get(address(case, project, "export")).content)
            ).active
            assert secret not in str([cell.value for line in exported for cell in line])
        assert part_for(dossier, access_of(municipality.leader, project)) == dossier

    def test_the_dossier_survives_json(
        self, case: Case, project: Project, municipality: Any
    ) -> None:
        make_rows(case, project, municipality.leader, 2)
        dossier = dossier_of(case, project)
        people = People()

        text = json.dumps(to_plain(dossier, people))
        again = from_plain(case.tool.dossier_class, json.loads(text), people.refs)

        assert again == dossier
        assert is_dataclass(dossier)
        assert type(dossier).__dataclass_params__.frozen
        assert "pk" in {each.name for each in fields(case.register.row_class)}

    def test_findings_lead_to_pages_that_are_there(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        context = context_of(project)
        empty = case.tool.findings(dossier_of(case, project), context)
        make_rows(case, project, municipality.leader, 2)
        filled = case.tool.findings(dossier_of(case, project), context)
        client = client_for(municipality.leader)

        for finding in (*empty, *filled):
            page, _hash, field = finding.url.partition("#")
            answer = client.get(page)
            assert (finding.code.split(".")[0], answer.status_code) == (case.tool.key, 200)
            assert f'id="{field}"' in answer.content.decode()
            assert finding.text

    def test_the_report_is_drawn_without_the_database(
        self, case: Case, project: Project, municipality: Any
    ) -> None:
        make_rows(case, project, municipality.leader, 2)
        full, context = open_part(dossier_of(case, project)), context_of(project)
        empty = case.tool.dossier_class()

        def draw() -> None:
            for dossier in (full, empty):
                html = render_to_string(
                    case.tool.report_template, {"dossier": dossier, "context": context}
                )
                assert "<h1" not in html
                assert "<h2" not in html

        assert queries_of(draw) == 0
