"""What the files of the demo data may say. Days are days before today; negative ones are to come.

A text may hold ``{30}``, ``{30 month}`` or ``{30 year}``: the day 30 days before today, its month
or its year, written out in the language of the document.
"""

import datetime
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml
from django.utils import translation
from django.utils.formats import date_format

from common.wording import Country, OrganisationKind
from veikart.demo.clock import workday

T = TypeVar("T")


class DemoFileError(Exception):
    """What is wrong with a file of the demo data, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    key: str
    name: str
    email: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEntry:
    name: str
    manager: str
    parts: tuple["UnitEntry", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteEntry:
    """A route: ``seats`` are sources of a seat or keys of people, ``chair`` one of them."""

    name: str
    rule: str
    seats: tuple[str, ...]
    chair: str = ""
    quorum: int = 1
    days: int | None = None
    budget: int | None = None
    uncertainty: str = ""
    public_interest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyEntry:
    """``person`` names ``deputy`` on ``day``, for the days ``first`` to ``last``."""

    person: str
    deputy: str
    day: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationEntry:
    """``people`` come with the administrator first, who sets up the rest."""

    key: str
    name: str
    language: str
    country: str = Country.NORWAY
    kind: str = OrganisationKind.MUNICIPALITY
    day: int
    people: tuple[PersonEntry, ...]
    units: tuple[UnitEntry, ...]
    routes: tuple[RouteEntry, ...] = ()
    deputies: tuple[DeputyEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFile:
    organisation: OrganisationEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorsFile:
    """Who looks after the installation: in no organisation and in no project."""

    administrators: tuple[PersonEntry, ...]


# --- events: the field beside ``day`` and ``by`` that comes first says what happens ------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``by`` is the key of a person; without it the project's leader acts."""

    day: int
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins(Event):
    member: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves(Event):
    leaves: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposes(Event):
    propose: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirms(Event):
    """Confirms the waiting proposal for a role."""

    confirm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysSize(Event):
    """How large the project is from now on."""

    budget: int
    uncertainty: str = ""
    public_interest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksOnStep(Event):
    """With ``began`` the step was taken up on that day, and got its status on ``day``."""

    step: str
    status: str
    began: int | None = None
    responsible: str = ""
    due: int | None = None
    notes: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WritesAboutTool(Event):
    tool: str
    note: str = ""
    not_relevant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WritesRow(Event):
    """A row of a tool's register under a name of its own; ``table`` names the model of a new one.

    ``values`` hold days for dates, keys for people and names for other rows.
    """

    row: str
    table: str = ""
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WritesSheet(Event):
    """Fields of a worksheet. ``values`` hold days for dates, keys for people, and for a table the
    rows that are added to it."""

    sheet: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovesToVersion(Event):
    """The project stands on that version of its method from now on."""

    move_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures(Event):
    """A series for the indicator row of that name, the first on ``day`` and then ``every`` so many
    days. ``comments`` go with the numbers of measurements, from 1."""

    measure: str
    values: tuple[float, ...]
    every: int = 30
    comments: Mapping[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers(Event):
    answer: str
    status: str = "met"
    comment: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submits(Event):
    submit: str
    outcome: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraws(Event):
    withdraw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionEntry:
    key: str
    text: str
    owner: str
    due: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decides(Event):
    decide: str
    outcome: str
    rationale: str
    back_to: str = ""
    reopen: tuple[str, ...] = ()
    learnt: str = ""
    conditions: tuple[ConditionEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetsCondition(Event):
    meets: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosesPhase(Event):
    close: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsGateMode(Event):
    gate_mode: str
    mode: str
    reason: str


_KINDS: dict[str, type[Event]] = {
    "member": Joins,
    "leaves": Leaves,
    "propose": Proposes,
    "confirm": Confirms,
    "budget": SaysSize,
    "step": WorksOnStep,
    "tool": WritesAboutTool,
    "row": WritesRow,
    "sheet": WritesSheet,
    "move_to": MovesToVersion,
    "measure": Measures,
    "answer": Answers,
    "submit": Submits,
    "withdraw": Withdraws,
    "decide": Decides,
    "meets": MeetsCondition,
    "close": ClosesPhase,
    "gate_mode": SetsGateMode,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectEntry:
    """``unit`` is the name of a unit, ``leader`` the key of a person, ``version`` the number of the
    method's version that the project began with."""

    organisation: str
    unit: str
    name: str
    problem: str
    goal: str
    language: str
    leader: str
    day: int
    ends: int | None = None
    case_number: str = ""
    method: str = "ks-veikart"
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFile:
    project: ProjectEntry
    events: tuple[Event, ...] = ()


# --- reading -----------------------------------------------------------------------------------


def read_organisation(path: Path, today: datetime.date) -> OrganisationEntry:
    """Raises :class:`DemoFileError`."""
    raw = _read_file(path)
    return _build(OrganisationFile, _with_dates(raw, today, "nb"), path.name).organisation


def read_administrators(path: Path, today: datetime.date) -> tuple[PersonEntry, ...]:
    """Raises :class:`DemoFileError`."""
    raw = _with_dates(_read_file(path), today, "nb")
    return _build(AdministratorsFile, raw, path.name).administrators


def read_project(path: Path, today: datetime.date) -> ProjectFile:
    """Events come in the order in which they happen. Raises :class:`DemoFileError`."""
    raw = _read_file(path)
    project = raw.get("project")
    language = project.get("language", "") if isinstance(project, dict) else ""
    file = _build(ProjectFile, _with_dates(raw, today, str(language)), path.name)
    events = [each for event in file.events for each in _one_by_one(event, path.name)]
    return ProjectFile(
        project=file.project, events=tuple(sorted(events, key=lambda event: -event.day))
    )


def _one_by_one(event: Event, where: str) -> Iterator[Event]:
    """The event itself, or what it stands for: the beginning of a step, each of a series."""
    if isinstance(event, WorksOnStep) and event.began is not None:
        yield replace(event, day=event.began, began=None, status="in_progress", notes="", reason="")
        yield replace(event, began=None)
    elif isinstance(event, Measures):
        comments = event.comments or {}
        for place, value in enumerate(event.values):
            day = event.day - place * event.every
            if day < 1:
                raise DemoFileError(f"{where}: {event.measure} is measured in the future.")
            comment = comments.get(place + 1, "")
            yield replace(event, day=day, values=(value,), comments={1: comment})
    else:
        yield event


def _read_file(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DemoFileError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(raw, dict):
        raise DemoFileError(f"{path.name}: a file starts with names and their values.")
    return raw


_DATE = re.compile(r"\{(-?\d+)(?: (month|year))?\}")
_FORMATS = {None: "DATE_FORMAT", "month": "F Y", "year": "Y"}


def _with_dates(value: Any, today: datetime.date, language: str) -> Any:
    """Everything in ``value``, with the days in its texts written out."""
    if isinstance(value, dict):
        return {key: _with_dates(each, today, language) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_dates(each, today, language) for each in value]
    if not isinstance(value, str):
        return value
    with translation.override(language):
        return _DATE.sub(
            lambda found: date_format(workday(today, int(found[1])), _FORMATS[found[2]]), value
        ).strip()


def _build(cls: type[T], raw: Any, where: str) -> T:
    """A dataclass from names and values; every name must be known and of the right type."""
    if not isinstance(raw, dict):
        raise DemoFileError(f"{where}: names with values belong here.")
    if cls is Event:
        cls = _kind_of(raw, where)  # type: ignore[assignment]
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]
    if unknown := sorted(map(str, set(raw) - set(known))):
        raise DemoFileError(f"{where}: {', '.join(unknown)} is not known here.")
    needed = {name for name, field in known.items() if field.default is MISSING}
    if missing := sorted(needed - set(raw)):
        raise DemoFileError(f"{where}: {', '.join(missing)} is missing.")
    hints = get_type_hints(cls)
    return cls(**{name: _value(hints[name], raw[name], f"{where}: {name}") for name in raw})


def _kind_of(raw: dict[str, Any], where: str) -> type[Event]:
    kinds = [name for name in _KINDS if name in raw]
    if len(kinds) != 1:
        raise DemoFileError(f"{where}: an event says one of: {', '.join(_KINDS)}.")
    if not isinstance(raw.get("day"), int) or raw["day"] < 1:
        raise DemoFileError(f"{where}: an event happens at least one day before today.")
    return _KINDS[kinds[0]]


def _value(hint: Any, raw: Any, where: str) -> Any:
    if isinstance(hint, type) and is_dataclass(hint):
        return _build(hint, raw, where)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is tuple:
        if not isinstance(raw, list):
            raise DemoFileError(f"{where}: a list belongs here.")
        return tuple(
            _value(parts[0], each, f"{where} {place}") for place, each in enumerate(raw, start=1)
        )
    if origin in (Union, types.UnionType):
        return None if raw is None else _value(parts[0], raw, where)
    if origin is not None:
        if not isinstance(raw, dict):
            raise DemoFileError(f"{where}: names with values belong here.")
        return raw
    if hint is float and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if type(raw) is not hint:
        raise DemoFileError(f"{where}: expected {hint.__name__}, found {raw!r}.")
    return raw
