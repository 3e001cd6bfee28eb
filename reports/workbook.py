"""The document as sheets: some about the projects themselves, and one per register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.policy import ProjectRole
from common.xlsx import CellKind, LabelledColumn, Sheet, SheetColumn
from reports.document import MethodWords, ProjectPart, ReportDocument

Row = tuple[Any, ...]
_SHOWN_ROLES = (ProjectRole.LEADER, ProjectRole.OWNER, ProjectRole.LINE_MANAGER)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet that is filled project by project. One ``by_phase`` has the phase, as the method
    calls it, in the first column."""

    title: str | Promise
    columns: tuple[LabelledColumn, ...]
    rows_of: Callable[[ProjectPart], Iterable[Row]]
    by_phase: bool = False


def sheets_of(document: ReportDocument) -> list[Sheet]:
    """The sheets in reading order. With several projects each row begins with its project's name.

    A sheet without rows is kept: it says that there is nothing, and which columns there could be.
    """
    return [
        _projects(document),
        _steps(document),
        *(_sheet(document, table) for table in (_DECISIONS, _CONDITIONS, _CRITERIA)),
        *_registers(document),
        *(_sheet(document, table) for table in (_FACTS, _FINDINGS, _NOTES)),
    ]


def _sheet(document: ReportDocument, table: _Table) -> Sheet:
    rows = [(part, row) for part in document.projects for row in table.rows_of(part)]
    columns = table.columns
    if table.by_phase:
        columns = (SheetColumn(_words(document).phase), *columns)
    return _with_project(document, str(table.title), columns, rows)


def _words(document: ReportDocument) -> MethodWords:
    """As headings; words that fit any method where the projects follow different ones."""
    words = document.words or MethodWords(_("where"), _("what"), _("the work"))
    return MethodWords(capfirst(words.phase), capfirst(words.step), capfirst(words.steps))


def _with_project(
    document: ReportDocument,
    title: str,
    columns: tuple[LabelledColumn, ...],
    rows: list[tuple[ProjectPart, Row]],
) -> Sheet:
    if len(document.projects) == 1:
        return Sheet(title, columns, tuple(row for _part, row in rows))
    return Sheet(
        title,
        (SheetColumn(_("Project")), *columns),
        tuple((part.name, *row) for part, row in rows),
    )


def _registers(document: ReportDocument) -> list[Sheet]:
    """The tools' own sheets; those of the same tool and title are one, whatever the project."""
    found: dict[tuple[str, str, tuple[str, ...]], Any] = {}
    for part in document.projects:
        for tool in part.tools:
            for sheet in tool.sheets:
                labels = tuple(str(column.label) for column in sheet.columns)
                _columns, rows = found.setdefault(
                    (tool.key, sheet.title, labels), (tuple(sheet.columns), [])
                )
                rows.extend((part, row) for row in sheet.rows)
    return [
        _with_project(document, title, columns, rows)
        for (_tool, title, _labels), (columns, rows) in found.items()
    ]


def _projects(document: ReportDocument) -> Sheet:
    return Sheet(
        _("Projects") if len(document.projects) > 1 else _("Project"),
        (
            SheetColumn(_("Project")),
            SheetColumn(_("Organisation")),
            SheetColumn(_("Unit")),
            SheetColumn(_("Case number")),
            SheetColumn(_("Status"), CellKind.CHOICE),
            SheetColumn(_("Where it stands")),
            SheetColumn(_("Start date"), CellKind.DATE),
            SheetColumn(_("Planned end date"), CellKind.DATE),
            *(SheetColumn(role.label, CellKind.PERSON) for role in _SHOWN_ROLES),
            SheetColumn(_("Problem"), CellKind.LONG_TEXT),
            SheetColumn(_("Goal"), CellKind.LONG_TEXT),
            SheetColumn(_("Method")),
            SheetColumn(_("Version of the method"), CellKind.NUMBER),
            SheetColumn(_("Version of the organisation's adjustments"), CellKind.NUMBER),
            SheetColumn(_("Data as of"), CellKind.DATE),
            SheetColumn(_("Ordered by"), CellKind.PERSON),
        ),
        tuple(
            (*_project_row(part), document.as_of, document.ordered_by) for part in document.projects
        ),
    )


def _project_row(part: ProjectPart) -> Row:
    dossier = part.dossier
    return (
        part.name,
        dossier.organisation,
        dossier.unit,
        dossier.case_number,
        str(dossier.status.label),
        part.current_phase.label if part.current_phase else None,
        dossier.starts_on,
        dossier.ends_on,
        *(", ".join(person.name for person in dossier.people(role)) for role in _SHOWN_ROLES),
        dossier.problem,
        dossier.goal,
        part.method,
        dossier.method_version,
        dossier.overlay_number,
    )


def _step_rows(part: ProjectPart) -> Iterable[Row]:
    for phase in part.phases:
        for step in phase.steps:
            yield (
                phase.label,
                step.label,
                step.title,
                str(step.status.label),
                step.responsible.name if step.responsible else None,
                step.due_on,
                step.not_relevant_reason,
                step.notes,
            )


def _steps(document: ReportDocument) -> Sheet:
    words = _words(document)
    table = _Table(
        words.steps,
        (
            SheetColumn(_("Number")),
            SheetColumn(words.step),
            SheetColumn(_("Status"), CellKind.CHOICE),
            SheetColumn(_("Responsible"), CellKind.PERSON),
            SheetColumn(_("Due date"), CellKind.DATE),
            SheetColumn(_("Why it is not relevant"), CellKind.LONG_TEXT),
            SheetColumn(_("Notes"), CellKind.LONG_TEXT),
        ),
        _step_rows,
        by_phase=True,
    )
    return _sheet(document, table)


def _decision_rows(part: ProjectPart) -> Iterable[Row]:
    for decision in part.decisions:
        yield (
            decision.phase,
            decision.iteration,
            decision.gate,
            str(decision.outcome.label),
            decision.decided_by.name,
            decision.decided_at,
            decision.recommendation,
            decision.rationale,
            decision.target_phase,
            decision.review_on,
            decision.learnt,
            decision.sha256,
        )


_DECISIONS = _Table(
    gettext_lazy("Decisions"),
    (
        SheetColumn(gettext_lazy("Round"), CellKind.NUMBER),
        SheetColumn(gettext_lazy("Gate")),
        SheetColumn(gettext_lazy("Decision"), CellKind.CHOICE),
        SheetColumn(gettext_lazy("Decided by"), CellKind.PERSON),
        SheetColumn(gettext_lazy("Decided at"), CellKind.DATE),
        SheetColumn(gettext_lazy("Recommendation"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Rationale"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Back to")),
        SheetColumn(gettext_lazy("To be looked at again on"), CellKind.DATE),
        SheetColumn(gettext_lazy("What we have learnt"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Digest of the record (SHA-256)")),
    ),
    _decision_rows,
    by_phase=True,
)


def _condition_rows(part: ProjectPart) -> Iterable[Row]:
    for decision in part.decisions:
        for condition in decision.conditions:
            yield (
                decision.phase,
                decision.decided_at,
                condition.text,
                condition.owner.name,
                condition.due_on,
                condition.is_closed,
                condition.is_overdue,
                condition.closing_note,
            )


_CONDITIONS = _Table(
    gettext_lazy("Conditions"),
    (
        SheetColumn(gettext_lazy("Decided at"), CellKind.DATE),
        SheetColumn(gettext_lazy("Condition"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Who sees to it"), CellKind.PERSON),
        SheetColumn(gettext_lazy("Due date"), CellKind.DATE),
        SheetColumn(gettext_lazy("Met"), CellKind.YES_NO),
        SheetColumn(gettext_lazy("Past its date"), CellKind.YES_NO),
        SheetColumn(gettext_lazy("How it was met"), CellKind.LONG_TEXT),
    ),
    _condition_rows,
    by_phase=True,
)


def _criterion_rows(part: ProjectPart) -> Iterable[Row]:
    for criterion in part.criteria:
        yield (
            criterion.phase,
            criterion.iteration,
            criterion.title,
            str(criterion.severity.label),
            str(criterion.status.label) if criterion.status else None,
            criterion.is_to_be_confirmed,
            criterion.comment,
            criterion.evidence,
            "\n".join(criterion.shortcomings),
        )


_CRITERIA = _Table(
    gettext_lazy("Criteria"),
    (
        SheetColumn(gettext_lazy("Round"), CellKind.NUMBER),
        SheetColumn(gettext_lazy("Criterion"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Must or should"), CellKind.CHOICE),
        SheetColumn(gettext_lazy("Status"), CellKind.CHOICE),
        SheetColumn(gettext_lazy("To be confirmed"), CellKind.YES_NO),
        SheetColumn(gettext_lazy("Comment"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Evidence")),
        SheetColumn(gettext_lazy("What is missing"), CellKind.LONG_TEXT),
    ),
    _criterion_rows,
    by_phase=True,
)


def _fact_rows(part: ProjectPart) -> Iterable[Row]:
    for tool in part.tools:
        for fact in tool.facts:
            yield tool.title, fact.label, fact.value, fact.unit


_FACTS = _Table(
    gettext_lazy("Key figures"),
    (
        SheetColumn(gettext_lazy("Tool")),
        SheetColumn(gettext_lazy("Figure")),
        SheetColumn(gettext_lazy("Value"), CellKind.NUMBER),
        SheetColumn(gettext_lazy("Unit")),
    ),
    _fact_rows,
)


def _finding_rows(part: ProjectPart) -> Iterable[Row]:
    for tool in part.tools:
        for finding in tool.findings:
            yield tool.title, str(finding.weight.label), finding.text


_FINDINGS = _Table(
    gettext_lazy("What is missing"),
    (
        SheetColumn(gettext_lazy("Tool")),
        SheetColumn(gettext_lazy("Weight"), CellKind.CHOICE),
        SheetColumn(gettext_lazy("What is missing"), CellKind.LONG_TEXT),
    ),
    _finding_rows,
)


def _note_rows(part: ProjectPart) -> Iterable[Row]:
    for note in part.notes:
        yield note.title, note.note, note.not_relevant_reason


_NOTES = _Table(
    gettext_lazy("Notes"),
    (
        SheetColumn(gettext_lazy("Tool")),
        SheetColumn(gettext_lazy("Note"), CellKind.LONG_TEXT),
        SheetColumn(gettext_lazy("Why it is not relevant"), CellKind.LONG_TEXT),
    ),
    _note_rows,
)
