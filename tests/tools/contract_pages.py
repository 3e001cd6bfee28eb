"""The contract suite: who may what, how many queries, and the pages of a register."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from projects.access import access_of
from projects.models import Project
from tests.tools.contract_help import (
    EVERYBODY,
    WRITES,
    ClientFor,
    address,
    dossier_of,
    make_rows,
    may,
    may_read,
    queries_of,
    rows_in,
)
from tests.tools.samples import Case, sent_by_browser
from tools.contract import cell_value
from tools.models import RegisterRow


class PagesContract:
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
