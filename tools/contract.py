"""The contract between a tool and the rest of the house.

Gate, roadmap, reports and search talk to this and never to a tool by name. A tool is a subclass of
:class:`Tool` in its own folder, named by one line in ``settings.VEIKART_TOOLS``.
"""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from django.db import models
from django.forms import ModelForm
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import ProjectPermission
from common.enums import ToneChoices
from common.xlsx import CellKind, Sheet
from methodology.catalogue import Catalogue, SlotEntry
from projects.models import Project
from tools.comparing import register_entries
from tools.entries import Entry, RiskLine
from tools.models import RegisterRow
from tools.privacy import restricted_fields

__all__ = [
    "Attachment",
    "Carryable",
    "Column",
    "ColumnKind",
    "Entry",
    "Fact",
    "Finding",
    "Held",
    "Offer",
    "OfferedRow",
    "PageLink",
    "PersonRef",
    "PrintForm",
    "PrintedProject",
    "ProjectContext",
    "Register",
    "RiskLine",
    "Seed",
    "Sheet",
    "StrOrPromise",
    "Task",
    "Tool",
    "ToolFamily",
    "Weight",
    "cell_value",
    "sheet_of",
]

StrOrPromise = str | Promise
ColumnKind = CellKind


class Weight(ToneChoices):
    """How much a finding matters on the tool's own page. Whether it stops a gate is decided by the
    criteria of the method."""

    MISSING = "missing", "warning", _("Missing")
    ADVICE = "advice", "info", _("Advice")


@dataclass(frozen=True, slots=True)
class PersonRef:
    """A person as a dossier holds one: number of the account (if any) and name.

    A frozen record keeps only a reference; the name stands in a table that can be erased.
    """

    pk: int | None
    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Finding:
    """What is missing or wrong, in words, with the address of the field that mends it.

    ``code`` is ``<tool>.<what>``; method content names these codes in its criteria. ``message``
    holds named placeholders for ``params``.
    """

    code: str
    message: StrOrPromise
    url: str
    weight: Weight = Weight.MISSING
    params: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None

    @property
    def text(self) -> str:
        """The sentence, in the active language."""
        return str(self.message) % dict(self.params) if self.params else str(self.message)


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure for overviews. ``value`` is ``None`` when it is not known, which is not zero.

    ``is_headline``: money, hours and the like, which a decider sees first.
    """

    key: str
    label: StrOrPromise
    value: Decimal | int | None
    kind: ColumnKind = ColumnKind.NUMBER
    unit: StrOrPromise = ""
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file that belongs to what a tool holds. ``file`` is the name under which it is
    stored, ``name`` what people see, ``place`` the field that it stands in."""

    file: str
    name: str
    sha256: str
    place: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something with a date that somebody has to do."""

    what: str
    who: PersonRef | None
    due_on: datetime.date | None
    url: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A row that other tools may point at. ``register`` is a slug, ``pk`` a number or a text."""

    register: str
    pk: int | str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class OfferedRow:
    """A row that a tool would make of what an earlier worksheet holds. ``register`` is a slug and
    ``values`` what its form would be sent, by field."""

    register: str
    values: Mapping[str, Any]
    label: str


@dataclass(frozen=True, slots=True)
class Held:
    """Whether something that the method asks about is there, and where it is written."""

    is_there: bool
    url: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A row that may grow into a project of its own. ``row`` names it within the tool."""

    row: str
    words: str


@dataclass(frozen=True, slots=True)
class Carryable:
    """Something that a new project can be given a copy of."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class PageLink:
    label: StrOrPromise
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register: the single source for list, Excel and PDF.

    ``name`` is the attribute of the register's row dataclass. ``choices`` gives the labels of a
    CHOICE column. ``in_list`` is false for what only workbooks and single pages show.
    """

    name: str
    label: StrOrPromise
    kind: ColumnKind = ColumnKind.TEXT
    choices: type[models.TextChoices] | None = None
    in_list: bool = True


@dataclass(frozen=True, slots=True)
class Register:
    """A plain table of a tool. The generic pages give it list, add, edit, reorder, delete, undo
    and export.

    ``rows`` takes the rows out of the tool's dossier; each is a ``row_class`` and has the number
    of its database row in ``pk``. ``form`` is a ``tools.forms.RowForm``. ``permission`` is what
    writing here takes. ``is_reordered`` is false where the rows have an order of their own, such as
    dates.
    """

    key: str
    slug: str
    title: StrOrPromise
    singular: StrOrPromise
    purpose: StrOrPromise
    example: StrOrPromise
    model: type[RegisterRow]
    form: type[ModelForm]
    row_class: type
    columns: tuple[Column, ...]
    rows: Callable[[Any], Sequence[Any]]
    permission: ProjectPermission = ProjectPermission.EDIT_CONTENT
    is_reordered: bool = True

    @property
    def list_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.in_list)

    @property
    def open_columns(self) -> tuple[Column, ...]:
        """The columns that everybody who may read the project may see."""
        hidden = restricted_fields(self.row_class)
        return tuple(column for column in self.columns if column.name not in hidden)


@dataclass(frozen=True, slots=True)
class ProjectContext:
    """What a tool may know about the project around it. Built by ``phases``."""

    project_id: int
    today: datetime.date
    catalogue: Catalogue
    current_phase: str | None
    phase_started_on: Mapping[str, datetime.date]


class PrintForm(StrEnum):
    """How a tool can be printed by itself: as slides (16:9), or on one A4 page."""

    SLIDES = "slides"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class PrintedProject:
    """What a printout says about the project that the tool's content belongs to, in the language
    of the document. ``phase`` is the label of the phase in progress, empty between phases;
    ``phase_number`` is 0 then."""

    name: str
    organisation: str
    unit: str
    leaders: tuple[str, ...]
    method: str
    phase: str
    phase_number: int
    phase_count: int
    day: datetime.date
    language: str


class Tool(ABC):
    """One tool. Instances hold no state beside what defines them."""

    key: str
    slug: str
    title: StrOrPromise
    # One sentence, for projects whose method has no words of its own for the tool.
    purpose: StrOrPromise = ""
    registers: ClassVar[tuple[Register, ...]] = ()
    # Drawn on top of the tool's page with ``dossier``, ``context``, ``project`` and ``access``.
    summary_template: ClassVar[str] = ""
    # A static file that the tool's page needs beside the common ones.
    stylesheet: ClassVar[str] = ""
    # Drawn in the PDF with ``dossier`` and ``context`` only: no access to the database. This one
    # draws every register as a table; headings of others begin at h3.
    report_template: ClassVar[str] = "tools/report.html"
    schema_version: ClassVar[int] = 1
    dossier_class: ClassVar[type]
    # Whether reports and records speak of the tool also when nothing is written in it.
    is_told_when_empty: ClassVar[bool] = True

    @property
    def serves(self) -> str:
        """The tool that methods name: in their slots, and before the dot in finding codes."""
        return self.key

    def serves_slot(self, slot: SlotEntry) -> bool:
        return slot.tool == self.serves

    def gives(self, finding_code: str) -> bool:
        """Whether the tool can say this about a project, so that it settles a criterion."""
        return finding_code.split(".", 1)[0] == self.serves

    @abstractmethod
    def load(self, project_ids: Collection[int]) -> dict[int, Any]:
        """The dossier of each project, as frozen dataclasses, in a constant number of queries."""

    @abstractmethod
    def findings(self, dossier: Any, context: ProjectContext) -> tuple[Finding, ...]:
        """What is missing or wrong. Pure."""

    def facts(self, dossier: Any) -> tuple[Fact, ...]:
        return ()

    def risks(self, dossier: Any, context: ProjectContext) -> tuple[RiskLine, ...]:
        """What may go wrong, as the dossier says it, in no order. Asked of the part that everybody
        who reads the project may see, and frozen with it. Pure."""
        return ()

    def entries(self, dossier: Any, context: ProjectContext) -> tuple[Entry, ...]:
        """Everything in the dossier that can be compared with an earlier one: here each row of
        each register, by its number. Asked of the open part, with what a record holds too. Pure."""
        return register_entries(self.registers, self.slug, dossier, context.project_id)

    def attachments(self, dossier: Any) -> tuple[Attachment, ...]:
        """The stored files that the dossier shows, for the record and the archive. Asked of the
        open part. Pure."""
        return ()

    def upgrade_dossier(self, plain: Any, schema: int) -> Any:
        """The plain form (``tools.plain``) of a dossier that was frozen under an earlier
        ``schema``, as this version's ``dossier_class`` reads it. Asked only when the two differ.
        Pure: ``plain`` is left as it is."""
        return plain

    @property
    def has_tasks(self) -> bool:
        """Whether :meth:`tasks` can give anything: a tool that cannot is not read for it."""
        return type(self).tasks is not Tool.tasks

    def tasks(self, dossier: Any, context: ProjectContext) -> tuple[Task, ...]:
        """What somebody has to do by a date. Pure."""
        return ()

    def sheets(self, dossier: Any, context: ProjectContext) -> tuple[Sheet, ...]:
        """One sheet per register, from its open columns: a report travels further than a page."""
        return tuple(
            sheet_of(register, dossier, register.open_columns) for register in self.registers
        )

    def is_empty(self, dossier: Any) -> bool:
        return not any(register.rows(dossier) for register in self.registers)

    def offers(self, dossier: Any, project_id: int) -> tuple[Offer, ...]:
        """The rows that worksheets may point at: each by its first column, after its code where it
        has one."""
        return tuple(
            Offer(
                register.slug,
                row.pk,
                _row_label(register, row),
                reverse("tools:row_edit", args=[project_id, self.slug, register.slug, row.pk]),
            )
            for register in self.registers
            for row in register.rows(dossier)
        )

    def holds(self, dossier: Any, source: str, project_id: int) -> Held | None:
        """Whether what ``source`` names (``worksheet.field``) is there; ``None`` when it is
        another tool's."""
        return None

    def seeds(self, dossier: Any) -> tuple[Seed, ...]:
        """The rows out of which a new project may grow."""
        return ()

    def rows_from_worksheet(self, sheet: Any) -> tuple[OfferedRow, ...]:
        """What the tool would take over from the worksheet that stood in its place. ``sheet`` is
        that worksheet's dossier."""
        return ()

    @property
    def prints(self) -> tuple[str, ...]:
        """The forms (:class:`PrintForm`) in which the tool's content can be printed by itself."""
        return ()

    def not_printed(self, dossier: Any) -> tuple[str, ...]:
        """Sentences about what no printout shows although it is written, such as quotes without
        consent. For the page where printouts are ordered."""
        return ()

    def print_pictures(self, dossier: Any) -> Mapping[int, str]:
        """The pictures of a printout as ``data:`` addresses, by their number: read before anything
        is drawn, because drawing fetches nothing."""
        return {}

    def printouts(
        self, form: str, dossier: Any, project: PrintedProject, pictures: Mapping[int, str]
    ) -> Iterator[str]:
        """HTML documents for ``common.pdf``, from the roomiest to the tightest: the first that
        fits is drawn, and the last when none does. No database. Asked only for forms in
        ``prints``."""
        raise NotImplementedError(f"{self.key} cannot be printed as {form}")

    def register(self, slug: str) -> Register:
        """Raises ``KeyError`` for an unknown slug."""
        for register in self.registers:
            if register.slug == slug:
                return register
        raise KeyError(slug)


class ToolFamily(ABC):
    """Tools that a method's content defines. Named by one line in
    ``settings.VEIKART_TOOL_FAMILIES``; their keys are ``<prefix>.<name>``."""

    prefix: ClassVar[str]

    @abstractmethod
    def tools(self, catalogue: Catalogue) -> tuple[Tool, ...]:
        """One per definition that a slot names, in the order of the slots, whether or not an app
        serves the slot."""

    @abstractmethod
    def load(
        self,
        tools: Sequence[Tool],
        project_ids: Collection[int],
        loaded: Mapping[str, Mapping[int, Any]],
    ) -> dict[str, dict[int, Any]]:
        """Tool key -> project -> dossier for all ``tools`` at once, in a constant number of
        queries. ``loaded`` holds the dossiers of apps that are here already."""

    @abstractmethod
    def recorded(self, key: str) -> Tool | None:
        """What reads a frozen record under ``key`` again, without its definition."""

    @abstractmethod
    def earlier_pages(self, tool: Tool | None, project: Project) -> tuple[PageLink, ...]:
        """Where what was written in the place that ``tool`` has now can be read; without a tool,
        what has no place in the project's method any more. One query at the most."""

    def earlier_page(self, project_id: int, slug: str) -> str:
        """Where what had this address is read now, ``""`` when it is no address of the family."""
        return ""

    def carryable(self, source: Project) -> tuple[Carryable, ...]:
        """What of the project a new one can be given a copy of. One query at the most."""
        return ()

    def carry(
        self, *, source: Project, target: Project, keys: Collection[str], actor: User
    ) -> tuple[str, ...]:
        """Copy what ``keys`` name, in the caller's transaction: only what everybody may see, and
        only what the target's own method has a place for. Gives the keys that were copied."""
        return ()


def _row_label(register: Register, row: Any) -> str:
    column = register.list_columns[0]
    words = str(cell_value(column, getattr(row, column.name)) or "")
    code = getattr(row, "code", "")
    return f"{code} {words}".strip() if code != words else words


def sheet_of(register: Register, dossier: Any, columns: Sequence[Column]) -> Sheet:
    """The register as a sheet: choices by label, people by name."""
    return Sheet(
        title=str(register.title),
        columns=tuple(columns),
        rows=tuple(
            tuple(cell_value(column, getattr(row, column.name)) for column in columns)
            for row in register.rows(dossier)
        ),
    )


def cell_value(column: Column, value: Any) -> Any:
    """A dossier value as a cell holds it, in the active language."""
    if value is None or value == "":
        return None
    if column.choices is not None:
        return str(column.choices(value).label)
    if isinstance(value, PersonRef):
        return value.name
    return value
