"""Loading the demo data: each file once, all of them in one transaction."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation

from accounts.models import Organisation, Unit, User
from accounts.policy import OrganisationRole
from accounts.services import create_organisation, create_person, name_deputy, save_unit
from audit.models import AuditEvent
from audit.services import record_event
from common.outcomes import Refusal
from methodology.models import MethodVersion
from methodology.selectors import version_for_page
from phases.enums import SeatSource
from phases.models import GateRoute
from phases.routes import SeatRule
from phases.services import start_project
from phases.services.route_settings import save_route
from projects.models import Project
from veikart.demo.acting import Story, act
from veikart.demo.clock import at, moment_on, workday
from veikart.demo.content import (
    DemoFileError,
    Event,
    OrganisationEntry,
    ProjectEntry,
    RouteEntry,
    UnitEntry,
    read_administrators,
    read_organisation,
    read_project,
)

PASSWORD = "veikart-demo"  # noqa: S105 -- printed by script/server and in the README
ACTION = "demo.loaded"
_ERRORS = (
    DemoFileError,
    KeyError,
    ObjectDoesNotExist,
    PermissionDenied,
    Refusal,
    ValidationError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was new."""

    organisations: int = 0
    projects: int = 0

    def __bool__(self) -> bool:
        return bool(self.organisations or self.projects)


@transaction.atomic
def load_demo(folder: Path) -> Loaded:
    """Load the files in ``folder`` that were not loaded before: organisations, then projects.

    The log remembers which ones were, so that what people change, rename or delete afterwards
    stays as they left it. Raises :class:`DemoFileError`; then nothing is loaded.
    """
    done = _done()
    today = timezone.localdate()
    _load_administrators(folder / "administrators.yaml", today, done)
    entries: dict[str, tuple[OrganisationEntry, int]] = {}
    organisations = projects = 0
    for path in sorted((folder / "organisations").glob("*.yaml")):
        entry = read_organisation(path, today)
        if path.name not in done:
            with _errors_from(path):
                organisation = _create_organisation(entry, today)
            _remember(path, organisation)
            organisations += 1
        entries[entry.key] = entry, _done()[path.name]
    for path in sorted((folder / "projects").glob("*.yaml")):
        if path.name not in done:
            _load_project(path, entries, today)
            projects += 1
    return Loaded(organisations, projects)


def _load_administrators(path: Path, today: datetime.date, done: Mapping[str, int]) -> None:
    if not path.exists() or path.name in done:
        return
    for entry in read_administrators(path, today):
        user = User.objects.create_superuser(entry.email, PASSWORD, name=entry.name)
        record_event(actor=None, action="person.created", target=user)
        record_event(actor=None, action=ACTION, target=user, file=path.name)


def _load_project(
    path: Path, entries: Mapping[str, tuple[OrganisationEntry, int]], today: datetime.date
) -> None:
    file = read_project(path, today)
    if file.project.organisation not in entries:
        raise DemoFileError(f"{path.name}: no organisation {file.project.organisation}.")
    entry, number = entries[file.project.organisation]
    organisation = Organisation.objects.get(pk=number)
    people = _people(entry, organisation)
    version = _method_version(file.project)
    with _errors_from(path):
        project = _start(file.project, organisation, people, version, today)
    story = Story(project_id=project.pk, today=today, people=people)
    _play(path, story, file.project, file.events)
    _remember(path, organisation)


def _done() -> dict[str, int]:
    """The files that were loaded, with the number of the organisation each belongs to."""
    events = AuditEvent.objects.filter(action=ACTION)
    return dict(events.values_list("details__file", "target_number"))


def _method_version(project: ProjectEntry) -> MethodVersion:
    """The version that was the newest when the project began, also when there is a newer one."""
    try:
        return version_for_page(project.method, number=project.version)
    except MethodVersion.DoesNotExist as error:
        raise DemoFileError(
            "the method that the demo projects follow is not loaded: run manage.py load_methods."
        ) from error


def _remember(path: Path, organisation: Organisation) -> None:
    record_event(
        actor=None,
        action=ACTION,
        target=organisation,
        organisation_number=organisation.pk,
        file=path.name,
    )


# --- organisations -----------------------------------------------------------------------------


def _create_organisation(entry: OrganisationEntry, today: datetime.date) -> Organisation:
    with at(moment_on(workday(today, entry.day), 0)):
        organisation = create_organisation(
            name=entry.name,
            document_language=entry.language,
            country=entry.country,
            kind=entry.kind,
        )
        people: dict[str, User] = {}
        for person in entry.people:
            people[person.key] = create_person(
                organisation=organisation,
                email=person.email,
                name=person.name,
                roles=[OrganisationRole(role) for role in person.roles],
                actor=next(iter(people.values()), None),
                password=PASSWORD,
            )
        for unit in entry.units:
            _create_units(organisation, unit, None, people)
        for route in entry.routes:
            _create_route(organisation, route, people)
    for deputy in entry.deputies:
        with at(moment_on(workday(today, deputy.day), 0)):
            name_deputy(
                user=people[deputy.person],
                deputy=people[deputy.deputy],
                starts_on=workday(today, deputy.first),
                ends_on=workday(today, deputy.last),
                actor=people[deputy.person],
                is_told=False,
            )
    return organisation


def _create_route(
    organisation: Organisation, entry: RouteEntry, people: Mapping[str, User]
) -> None:
    save_route(
        route=GateRoute(
            organisation=organisation,
            name=entry.name,
            rule=entry.rule,
            quorum=entry.quorum,
            days=entry.days,
            least_budget=entry.budget,
            least_uncertainty=entry.uncertainty,
            for_public_interest=entry.public_interest,
        ),
        seats=[_seat(key, people, is_chair=key == entry.chair) for key in entry.seats],
        actor=next(iter(people.values())),
    )


def _seat(key: str, people: Mapping[str, User], *, is_chair: bool) -> SeatRule:
    if key in SeatSource.values:
        return SeatRule(SeatSource(key), is_chair=is_chair)
    return SeatRule(SeatSource.NAMED, people[key].pk, is_chair)


def _create_units(
    organisation: Organisation, entry: UnitEntry, parent: Unit | None, people: dict[str, User]
) -> None:
    unit = save_unit(
        unit=Unit(
            organisation=organisation,
            name=entry.name,
            parent=parent,
            manager=people[entry.manager],
        ),
        actor=next(iter(people.values())),
    )
    for part in entry.parts:
        _create_units(organisation, part, unit, people)


def _people(entry: OrganisationEntry, organisation: Organisation) -> dict[str, User]:
    """The people of the file by key, as far as they are still there."""
    stored = {user.email: user for user in User.objects.filter(organisation=organisation)}
    return {person.key: stored[person.email] for person in entry.people if person.email in stored}


# --- projects ----------------------------------------------------------------------------------


def _start(
    entry: ProjectEntry,
    organisation: Organisation,
    people: dict[str, User],
    version: MethodVersion,
    today: datetime.date,
) -> Project:
    day = workday(today, entry.day)
    with at(moment_on(day, 0)):
        return start_project(
            unit=Unit.objects.get(organisation=organisation, name=entry.unit),
            name=entry.name,
            problem=entry.problem,
            goal=entry.goal,
            method_version=version,
            document_language=entry.language,
            starts_on=day,
            ends_on=None if entry.ends is None else workday(today, entry.ends),
            case_number=entry.case_number,
            leader=people[entry.leader],
            actor=people[entry.leader],
        ).project


def _play(path: Path, story: Story, project: ProjectEntry, events: tuple[Event, ...]) -> None:
    """``events`` in the order of time, each at its own moment of its day."""
    for day, of_the_day in groupby(events, key=lambda event: story.day(event.day)):
        for place, event in enumerate(of_the_day, start=1):
            with _errors_from(path, event), at(moment_on(day, place)):
                act(story, event, story.person(event.by or project.leader))


@contextmanager
def _errors_from(path: Path, event: Event | None = None) -> Iterator[None]:
    """What goes wrong inside says in which file, and at which event."""
    try:
        with translation.override("en"):
            yield
    except _ERRORS as error:
        where = f" ({event})" if event else ""
        raise DemoFileError(f"{path.name}: {error}{where}") from error
