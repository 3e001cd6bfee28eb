"""Methods: loading all of them from nothing, a step with its guidance, a worksheet of 30 fields."""

import datetime
from collections.abc import Iterator
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import translation

from accounts.models import Unit, User
from accounts.policy import OrganisationRole
from accounts.services import create_organisation, create_person, save_unit
from bench.timing import Measured, best_of
from methodology.catalogue import catalogue_of, forget_catalogues
from methodology.files import check_content, read_version
from methodology.models import Method, MethodVersion, VersionDocument
from methodology.services import load_methods
from phases.services import start_project
from projects.models import Project
from worksheets.services import save_answers

FIELDS = 30
KEY = "bench"
# One of each kind that is written in a form, again and again.
_KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "short_text"},
    {"kind": "long_text"},
    {"kind": "yes_no"},
    {"kind": "date"},
    {"kind": "number"},
    {"kind": "scale", "from": 1, "to": 5},
    {"kind": "choice"},
)


def measure(rounds: int) -> Iterator[Measured]:
    """Methods, a step and a worksheet. The database is empty before, and has all methods after."""
    yield _loading(rounds)
    load_methods(settings.METHOD_FILES)
    with override_settings(ROOT_URLCONF="bench.urls", ALLOWED_HOSTS=["*"]):
        yield from _pages(rounds)


def _loading(rounds: int) -> Measured:
    files = [path.read_bytes() for path in sorted(settings.METHOD_FILES.glob("*/*/*.yaml"))]

    def parse() -> None:
        for data in files:
            yaml.load(data, Loader=yaml.CSafeLoader)

    def load() -> None:
        with transaction.atomic():
            load_methods(settings.METHOD_FILES)
            transaction.set_rollback(True)
        forget_catalogues()

    return Measured(
        "load all methods from nothing",
        best_of(rounds, load),
        "PyYAML alone, same files",
        best_of(rounds, parse),
    )


def _pages(rounds: int) -> Iterator[Measured]:
    leader = make_leader()
    project = make_project("Måling", _version(), leader)
    _fill_in(project, leader)
    client = Client()
    client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")

    def page(url: str) -> float:
        assert client.get(url).status_code == 200, url
        return best_of(rounds, lambda: client.get(url))

    floor = page("/bench-empty/")
    first = catalogue_of(project.method_version).phases[0]
    step = reverse("phases:step", args=[project.pk, first.steps[0].key])
    sheet = reverse("worksheets:edit", args=[project.pk, KEY])
    frame = "the frame, empty page"
    yield Measured("step page with guidance", page(step), frame, floor)
    yield Measured(f"worksheet form, {FIELDS} fields", page(sheet), frame, floor)


def make_leader() -> User:
    """Somebody who may do everything in an organisation with one unit, which somebody else
    manages."""
    organisation = create_organisation(name="Målevik kommune", document_language="nb")
    leader, manager = (
        create_person(
            organisation=organisation,
            email=f"{key}@veikart.test",
            name=name,
            roles=[OrganisationRole.ADMINISTRATOR],
            actor=None,
        )
        for key, name in (("bench", "Mia Måler"), ("manager", "Leif Leder"))
    )
    save_unit(
        unit=Unit(organisation=organisation, name="Alt", parent=None, manager=manager),
        actor=leader,
    )
    return leader


def make_project(name: str, version: MethodVersion, leader: User) -> Project:
    """A new project on ``version``, led by ``leader``."""
    return start_project(
        unit=Unit.objects.get(organisation_id=leader.organisation_id),
        name=name,
        problem="Vi vet ikke hvor lang tid det tar.",
        goal="Vi vet det.",
        method_version=version,
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        leader=leader,
        actor=leader,
    ).project


def _version() -> MethodVersion:
    """A method of its own: KS' Veikart with a worksheet of 30 fields."""
    content = dict(read_version(settings.METHOD_FILES / "ks-veikart" / "2").content)
    slot = {**content["tools"][0], "key": KEY, "tool": KEY, "worksheet": KEY}
    content |= {
        "tools": [*content["tools"], slot],
        "worksheets": [*content["worksheets"], _worksheet()],
    }
    return publish(KEY, content)


def publish(key: str, content: dict[str, Any]) -> MethodVersion:
    """``content`` as version 1 of a method of its own."""
    checked = check_content({**content, "key": key, "version": 1}, key)
    version = MethodVersion.objects.bulk_create(
        [
            MethodVersion(
                method=Method.objects.create(key=key),
                number=1,
                status="published",
                content_hash=checked.content_hash,
            )
        ]
    )[0]
    VersionDocument.objects.bulk_create([VersionDocument(version=version, content=checked.content)])
    return version


def texts(text: str) -> dict[str, str]:
    """The same words in every language."""
    return dict.fromkeys(("nb", "nn", "sv", "en"), text)


def _worksheet() -> dict[str, Any]:

    def field(number: int) -> dict[str, Any]:
        own = dict(_KINDS[number % len(_KINDS)])
        if own["kind"] == "scale":
            own |= {"low": texts("lite"), "high": texts("mye")}
        if own["kind"] == "choice":
            own["choices"] = [{"key": key, "label": texts(key)} for key in ("a", "b", "c")]
        return {
            "key": f"f{number}",
            **own,
            "label": texts(f"Felt {number}"),
            "help": texts("En setning som hjelper den som nøler."),
            "example": texts("Fire av fem sier at det går fint."),
        }

    fields = [field(number) for number in range(FIELDS)]
    sections = [
        {"key": f"part-{start}", "title": texts(f"Del {start}"), "fields": part}
        for start in range(0, FIELDS, 6)
        if (part := fields[start : start + 6])
    ]
    return {"key": KEY, "title": texts("Måling"), "sections": sections}


def _fill_in(project: Project, leader: User) -> None:
    worksheet = catalogue_of(project.method_version).worksheet(KEY)
    with translation.override("nb"):
        save_answers(
            project=project,
            worksheet=worksheet,
            changes={
                field.key: f"Svar nummer {number} på dette feltet."
                for number, field in enumerate(worksheet.fields)
                if field.kind in ("short_text", "long_text")
            },
            expected=0,
            actor=leader,
        )
