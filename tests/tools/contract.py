"""The contract suite: what holds for every register of every tool.

``ToolContract`` is inherited by a test class that says which cases it is run for: all registered
tools in ``test_contract.py``, an invented one in ``test_third_tool.py``.
"""

import datetime
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from openpyxl import load_workbook

from accounts.models import User
from accounts.policy import ROLE_PERMISSIONS, ProjectRole
from accounts.services import create_person
from common.versioned_forms import OPENED, VERSION
from projects.access import access_of
from projects.models import Project
from projects.services import add_member, set_appointed_role
from tests.tools.samples import Case, sent_by_browser, stored
from tools.context import context_of
from tools.contract import cell_value
from tools.models import RegisterRow
from tools.plain import People, from_plain, to_plain
from tools.privacy import open_part, part_for, restricted_fields
from tools.services import delete_row, restore_row

ClientFor = Callable[[User], Client]
FORMULA = "=cmd()"


def address(case: Case, project: Project, name: str, row: int | None = None) -> str:
    parts: list[Any] = [project.pk, case.tool.slug, case.register.slug]
    return reverse(f"tools:{name}", args=parts if row is None else [*parts, row])


def dossier_of(case: Case, project: Project) -> Any:
    return case.tool.load([project.pk])[project.pk]


def rows_in(case: Case, project: Project) -> set[int]:
    return {row.pk for row in case.register.rows(dossier_of(case, project))}


def make_rows(case: Case, project: Project, actor: User, count: int) -> list[RegisterRow]:
    return [case.sample.make(project, actor, number) for number in range(1, count + 1)]


def queries_of(action: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


@pytest.fixture
def people(project: Project, municipality: Any, neighbour: Any) -> dict[str, User]:
    """Somebody for each role, a colleague without a role, and a stranger."""
    found: dict[str, User] = {}
    for role in ProjectRole:
        user = create_person(
            organisation=municipality.organisation,
            email=f"{role.value}@roller.test",
            name=str(role.label),
            actor=None,
        )
        user.language = "en"
        user.save(update_fields=["language"])
        give = (
            set_appointed_role
            if role in {ProjectRole.OWNER, ProjectRole.LINE_MANAGER}
            else add_member
        )
        give(project=project, user=user, role=role, actor=municipality.admin)
        found[role.value] = user
    found["administrator"] = municipality.admin
    found["colleague"] = municipality.employee
    found["stranger"] = neighbour.leader
    return found


def may(case: Case, who: str) -> bool:
    return (
        who in ProjectRole.values and case.register.permission in ROLE_PERMISSIONS[ProjectRole(who)]
    )


def may_read(who: str) -> bool:
    return who in {*ProjectRole.values, "administrator"}


WRITES = ("edit", "add", "move", "delete", "restore")
EVERYBODY = (*ProjectRole.values, "administrator", "colleague", "stranger")


class ToolContract:
    """Inherit and give the fixture ``case``."""

    # --- access ----------------------------------------------------------------------------------

    def test_each_role_may_do_what_the_policy_says(
        self, case: Case, people: dict[str, User], project: Project, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, people["leader"], 1)
        attempts = {
            who: self._attempts(case, project, row, client_for(user), people["leader"])
            for who, user in people.items()
        }

        reading = {"tool": 200, "list": 200, "row": 200, "export": 200}
        assert attempts == {
            who: dict.fromkeys((*reading, "new", *WRITES), 404)
            if not may_read(who)
            else {**reading, "new": 200, **dict.fromkeys(WRITES, 302)}
            if may(case, who)
            # Who only reads is led from a finding to the register, where the reason stands.
            else {**reading, "new": 302, **dict.fromkeys(WRITES, 403)}
            for who in EVERYBODY
        }
        assert row.pk in rows_in(case, project)

    def _attempts(
        self, case: Case, project: Project, row: RegisterRow, client: Client, leader: User
    ) -> dict[str, int]:
        """The status of everything that can be tried, in an order that leaves the row there."""
        before = rows_in(case, project)

        def get(name: str, pk: int | None = None) -> HttpResponse:
            return client.get(address(case, project, name, pk))

        def post(name: str, data: Mapping[str, str], pk: int | None = None) -> int:
            return client.post(address(case, project, name, pk), data).status_code

        shown = get("row_edit", row.pk)
        form = shown.context.get("form") if shown.context else None
        found = {
            "tool": client.get(
                reverse("tools:tool", args=[project.pk, case.tool.slug])
            ).status_code,
            "list": get("register").status_code,
            "row": shown.status_code,
            "export": get("export").status_code,
            "new": get("row_create").status_code,
            "edit": post("row_edit", sent_by_browser(form) if form else {}, row.pk),
            "add": post("row_create", case.sample.posted(project, leader)),
            "move": post("row_move", {"steps": "1"}, row.pk),
            "delete": post("row_delete", {}, row.pk),
        }
        has_added = bool(rows_in(case, project) - before - {row.pk})
        assert (row.pk not in rows_in(case, project)) is (found["delete"] == 302)
        assert has_added or found["add"] != 302
        return {**found, "restore": post("row_restore", {}, row.pk)}

    def test_a_row_of_another_project_is_not_found(
        self,
        case: Case,
        project: Project,
        other_project: Project,
        municipality: Any,
        client_for: ClientFor,
    ) -> None:
        row = case.sample.make(other_project, municipality.leader, 1)
        client = client_for(municipality.leader)

        assert [
            client.get(address(case, project, "row_edit", row.pk)).status_code,
            client.post(address(case, project, "row_edit", row.pk), {}).status_code,
            client.post(address(case, project, "row_delete", row.pk)).status_code,
            client.post(address(case, project, "row_restore", row.pk)).status_code,
            client.post(address(case, project, "row_move", row.pk), {"steps": "1"}).status_code,
        ] == [404] * 5
        assert rows_in(case, other_project) >= {row.pk}

    def test_whoever_may_not_write_reads_the_reason(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        case.sample.make(project, municipality.leader, 1)
        reason = access_of(municipality.reader, project).can(case.register.permission)

        page = client_for(municipality.reader).get(address(case, project, "register"))

        assert escape(str(reason.reason)) in page.content.decode()
        assert address(case, project, "row_create") not in page.content.decode()

    # --- queries ---------------------------------------------------------------------------------

    def test_load_asks_the_same_number_of_queries_for_one_and_three_rows(
        self, case: Case, project: Project, municipality: Any
    ) -> None:
        case.sample.make(project, municipality.leader, 1)
        one = queries_of(lambda: case.tool.load([project.pk]))
        case.sample.make(project, municipality.leader, 2)
        case.sample.make(project, municipality.leader, 3)

        assert queries_of(lambda: case.tool.load([project.pk])) == one

    def test_load_asks_the_same_number_of_queries_for_one_and_three_projects(
        self,
        case: Case,
        project: Project,
        other_project: Project,
        make_project: Callable[[str], Project],
        municipality: Any,
    ) -> None:
        projects = [project, other_project, make_project("Bibliotek på nett")]
        for each in projects:
            case.sample.make(each, municipality.leader, 1)
        numbers = [each.pk for each in projects]
        one = queries_of(lambda: case.tool.load(numbers[:1]))

        assert queries_of(lambda: case.tool.load(numbers)) == one
        assert sorted(case.tool.load(numbers)) == sorted(numbers)
        assert all(len(rows_in(case, each)) == 1 for each in projects)

    def test_load_takes_projects_without_rows(self, case: Case, project: Project) -> None:
        assert list(case.tool.load([project.pk])) == [project.pk]
        assert case.register.rows(dossier_of(case, project)) == ()
        assert case.tool.load([]) == {}

    def test_the_list_asks_the_same_number_of_queries_for_one_and_three_rows(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        client = client_for(municipality.leader)
        make_rows(case, project, municipality.leader, 1)
        client.get(address(case, project, "register"))
        one = queries_of(lambda: client.get(address(case, project, "register")))
        case.sample.make(project, municipality.leader, 2)
        case.sample.make(project, municipality.leader, 3)

        assert queries_of(lambda: client.get(address(case, project, "register"))) == one

    # --- pages -----------------------------------------------------------------------------------

    def test_an_empty_register_teaches(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        page = client_for(municipality.leader).get(address(case, project, "register"))

        assert page.status_code == 200
        assert escape(str(case.register.example)) in page.content.decode()

    def test_search_finds_rows_by_what_is_shown(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        make_rows(case, project, municipality.leader, 2)
        client = client_for(municipality.leader)
        column = case.register.list_columns[0]
        first = case.register.rows(dossier_of(case, project))[0]
        words = str(cell_value(column, getattr(first, column.name)))

        found = client.get(address(case, project, "register"), {"q": words.upper()})
        nothing = client.get(address(case, project, "register"), {"q": "finnes-ikke"})

        assert first.pk in [row.pk for row in found.context["page_obj"]]
        assert list(nothing.context["page_obj"]) == []
        assert "0 of 2" in nothing.content.decode()

    def test_a_long_register_comes_in_pages(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        first = case.sample.make(project, municipality.leader, 1)
        copies = []
        position = type(first).objects.aggregate(last=Max("position"))["last"]
        values = {
            field.attname: getattr(first, field.attname)
            for field in first._meta.fields
            if not field.primary_key
        }
        for number in range(51):
            copies.append(
                type(first)(**self._unlike(case, {**values, "position": position + number}, number))
            )
        type(first).objects.bulk_create(copies)

        page = client_for(municipality.leader).get(
            address(case, project, "register"), {"page": "2"}
        )

        assert len(page.context["page_obj"]) == 2
        assert "Page 2 of 2" in page.content.decode()

    def _unlike(self, case: Case, values: dict[str, Any], number: int) -> dict[str, Any]:
        """Values for a copy that breaks no unique constraint: texts and dates shifted."""
        for name in {
            name
            for each in case.register.model._meta.constraints
            for name in getattr(each, "fields", ())
        }:
            value = values.get(name)
            if isinstance(value, str):
                values[name] = f"{value}-{number}"[-10:]
            elif isinstance(value, datetime.date):
                values[name] = value - datetime.timedelta(days=number + 1)
        return values

    def test_adding_through_the_form_stores_the_row(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        posted = dict(case.sample.posted(project, municipality.member))
        before = rows_in(case, project)

        answer = client_for(municipality.member).post(
            address(case, project, "row_create"), posted, follow=True
        )

        (new,) = rows_in(case, project) - before
        row = case.register.model.objects.get(pk=new)
        assert (row.created_by, row.updated_by, row.row_version) == (
            municipality.member,
            municipality.member,
            1,
        )
        assert "is saved." in answer.content.decode()
        assert answer.redirect_chain == [(address(case, project, "register"), 302)]

    def test_the_row_says_who_changed_it_last(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        for user in (municipality.leader, municipality.reader):
            page = client_for(user).get(address(case, project, "row_edit", row.pk))
            assert f"by {municipality.leader.name}." in page.content.decode()

    def test_what_was_typed_survives_an_error(
        self, case: Case, project: Project, municipality: Any, client_for: ClientFor
    ) -> None:
        row = case.sample.make(project, municipality.leader, 1)
        client = client_for(municipality.leader)
        shown = client.get(address(case, project, "row_edit", row.pk)).context["form"]
        data = {**sent_by_browser(shown), case.sample.text_field: "Usynlig \x07 tegn"}

        page = client.post(address(case, project, "row_edit", row.pk), data)

        assert page.status_code == 200
        assert list(page.context["form"].errors) == [case.sample.text_field]
        assert "Usynlig \x07 tegn" in page.content.decode()

    # --- two people ------------------------------------------------------------------------------

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

    # --- deleting --------------------------------------------------------------------------------

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

    # --- what leaves the house -------------------------------------------------------------------

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
