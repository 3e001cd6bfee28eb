"""Makes silent mistakes loud, and offers two of everything.

What fails a test here although nothing asserts it: warnings, undefined template variables, a GET
that writes, a connection to another machine, an inline script, handler or style. Querysets without
an order come back shuffled.
"""

import datetime
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from accounts.models import Organisation, Unit, User
from accounts.policy import OrganisationRole, ProjectRole
from accounts.services import create_organisation, create_person, save_unit
from common import triggers
from methodology.catalogue import forget_catalogues
from methodology.models import MethodVersion
from methodology.services import load_methods
from phases.services import start_project
from projects.models import Project
from projects.services import add_member
from tests.walk_fixtures import (  # noqa: F401 -- fixtures for everybody
    answer_all,
    decide,
    submit,
    walk_to,
)
from tests.world import world  # noqa: F401 -- a fixture for everybody

PASSWORD = "veikart-demo"


# --- silent mistakes ---------------------------------------------------------------------------


class UndefinedVariable(str):
    """Stands in for every undefined template variable, and fails the test that meets it."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"The template uses '{variable}', which is not defined.")


@pytest.fixture(autouse=True, scope="session")
def _undefined_template_variables_fail() -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = UndefinedVariable("%s")


@pytest.fixture(autouse=True, scope="session")
def _unordered_querysets_are_shuffled() -> Iterator[None]:
    original = SQLCompiler.get_order_by
    original_combinator = SQLCompiler.get_combinator_sql
    parts_of_a_union = []

    def get_combinator_sql(self: SQLCompiler, *args: Any) -> Any:
        # The parts of a union must not be ordered.
        parts_of_a_union.append(self)
        try:
            return original_combinator(self, *args)
        finally:
            parts_of_a_union.pop()

    def get_order_by(self: SQLCompiler) -> list[Any]:
        found = original(self)
        query = self.query
        is_plain = (
            not found
            and not parts_of_a_union
            and not query.subquery
            and not query.combinator
            and not query.distinct
            and query.group_by is None
            and not query.is_sliced
            and type(self) is SQLCompiler
        )
        if not is_plain:
            return found
        order = OrderBy(Random()).resolve_expression(query, allow_joins=True, reuse=None)
        sql, params = self.compile(order)
        return [(order, (sql, params, False))]

    SQLCompiler.get_order_by = get_order_by
    SQLCompiler.get_combinator_sql = get_combinator_sql
    yield
    SQLCompiler.get_order_by = original
    SQLCompiler.get_combinator_sql = original_combinator


_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
# Sessions and sign-in attempts are bookkeeping of the transport, not writes of the page.
_BOOKKEEPING = re.compile(r"\b(django_session|axes_\w+)\b")


def _refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if _WRITES.match(sql) and not _BOOKKEEPING.search(sql):
        raise AssertionError(f"A GET writes to the database: {sql[:200]}")
    return execute(sql, params, many, context)


_INLINE = (
    (re.compile(rb"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I), "script"),
    (re.compile(rb"<[a-z][^>]*\son[a-z]+\s*=", re.I), "handler"),
    (re.compile(rb"<[a-z][^>]*\sstyle\s*=", re.I), "style"),
    (re.compile(rb"<style\b", re.I), "style sheet"),
    (re.compile(rb"href=\"javascript:", re.I), "script link"),
)


def _refuse_inline_code(response: HttpResponse) -> None:
    if response.streaming or "text/html" not in response.get("Content-Type", ""):
        return
    for pattern, what in _INLINE:
        found = pattern.search(response.content)
        if found:
            raise AssertionError(f"The page has an inline {what}: {found.group(0)[:120]!r}")


@pytest.fixture(autouse=True, scope="session")
def _pages_are_strict() -> Iterator[None]:
    original = Client.request

    def request(self: Client, **environ: Any) -> HttpResponse:
        if environ.get("REQUEST_METHOD") in {"GET", "HEAD"}:
            with connection.execute_wrapper(_refuse_writes):
                response = original(self, **environ)
        else:
            response = original(self, **environ)
        _refuse_inline_code(response)
        return response

    Client.request = request
    yield
    Client.request = original


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        is_local = not isinstance(address, tuple) or address[0] in {
            "127.0.0.1",
            "::1",
            "localhost",
        }
        if not is_local:
            raise AssertionError(f"A test connects to {address}.")
        original(self, address)

    socket.socket.connect = connect
    yield
    socket.socket.connect = original


@pytest.fixture(autouse=True)
def _own_files_and_quick_passwords(settings: Any, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **django_settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }


@pytest.fixture(autouse=True)
def _sentences_in_english() -> Iterator[None]:
    """Tests assert the message ids; the catalogues are tested on their own. The people below read
    English too, while their municipality's records are in bokmål."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _append_only_tables_can_be_flushed(request: pytest.FixtureRequest) -> Iterator[None]:
    """The one place where the triggers give way: a test that commits for real is cleaned up by
    flushing every table, which they refuse. Flush sends ``post_migrate``, which makes them again.
    """
    commits = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(
        request.fixturenames
    )
    marker = request.node.get_closest_marker("django_db")
    if commits or (marker is not None and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        yield
        triggers.drop_all(connections["default"])
    else:
        yield


# --- two of everything -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The shipped methods are loaded once; tests that flush load them again when they ask."""
    with django_db_blocker.unblock():
        load_methods(django_settings.METHOD_FILES)


@pytest.fixture
def ks_version(db: None) -> MethodVersion:
    """KS' Veikart, the version that is published."""
    found = _published_ks_version()
    if found is None:
        load_methods(django_settings.METHOD_FILES)
        found = _published_ks_version()
    assert found is not None
    return found


def _published_ks_version() -> MethodVersion | None:
    forget_catalogues()
    return (
        MethodVersion.objects.select_related("method")
        .filter(method__key="ks-veikart", status="published")
        .order_by("-number")
        .first()
    )


@dataclass(slots=True)
class Municipality:
    """An organisation with units (the whole, health and care, home care) and its people."""

    organisation: Organisation
    top: Unit
    health: Unit
    home_care: Unit
    admin: User
    director: User
    manager: User
    leader: User
    member: User
    reader: User
    employee: User


def _municipality(name: str, domain: str) -> Municipality:
    organisation = create_organisation(name=name, document_language="nb")

    def person(key: str, full_name: str, *roles: OrganisationRole) -> User:
        user = create_person(
            organisation=organisation,
            email=f"{key}@{domain}",
            name=full_name,
            roles=roles,
            actor=None,
            password=PASSWORD,
        )
        user.language = "en"
        user.save(update_fields=["language"])
        return user

    admin = person("admin", "Astrid Admin", OrganisationRole.ADMINISTRATOR)
    director = person("direktor", "Dagny Direktør")
    manager = person("leder", "Mona Mellomleder")
    leader = person("prosjekt", "Petter Prosjektleder", OrganisationRole.PROJECT_CREATOR)
    member = person("medlem", "Mats Medlem")
    reader = person("leser", "Lise Leser")
    employee = person("ansatt", "Anne Ansatt")

    def unit(unit_name: str, parent: Unit | None, unit_manager: User) -> Unit:
        return save_unit(
            unit=Unit(
                organisation=organisation, name=unit_name, parent=parent, manager=unit_manager
            ),
            actor=admin,
        )

    top = unit(name, None, director)
    health = unit("Helse og omsorg", top, director)
    home_care = unit("Hjemmetjenesten", health, manager)
    return Municipality(
        organisation,
        top,
        health,
        home_care,
        admin,
        director,
        manager,
        leader,
        member,
        reader,
        employee,
    )


@pytest.fixture
def municipality(db: None) -> Municipality:
    return _municipality("Fjordvik kommune", "fjordvik.test")


@pytest.fixture
def neighbour(db: None) -> Municipality:
    """The other municipality, where everybody is a stranger."""
    return _municipality("Nabovik kommune", "nabovik.test")


def _project(place: Municipality, version: MethodVersion, name: str) -> Project:
    project = start_project(
        unit=place.home_care,
        name=name,
        problem="Nattbesøk vekker dem som sover.",
        goal="Færre forstyrrelser og tryggere netter.",
        method_version=version,
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        leader=place.leader,
        actor=place.leader,
        case_number="2026/1482",
    ).project
    add_member(project=project, user=place.member, role=ProjectRole.MEMBER, actor=place.leader)
    add_member(project=project, user=place.reader, role=ProjectRole.READER, actor=place.leader)
    return project


@pytest.fixture
def project(municipality: Municipality, ks_version: MethodVersion) -> Project:
    """Leader, member and reader have their roles; manager is line manager, director owner."""
    return _project(municipality, ks_version, "Digitalt tilsyn om natten")


@pytest.fixture
def other_project(municipality: Municipality, ks_version: MethodVersion) -> Project:
    """A second project in the same municipality."""
    return _project(municipality, ks_version, "Medisindispensere")


@pytest.fixture
def foreign_project(neighbour: Municipality, ks_version: MethodVersion) -> Project:
    """A project in the other municipality."""
    return _project(neighbour, ks_version, "Naboens prosjekt")


@pytest.fixture
def make_project(municipality: Municipality, ks_version: MethodVersion) -> Callable[[str], Project]:
    return lambda name: _project(municipality, ks_version, name)


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A signed-in client."""

    def client_for(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_for
