"""Worksheets as tools: one for each worksheet that a slot of the method names."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from common.markdown import plain_text
from common.xlsx import CellKind, SheetColumn
from methodology.catalogue import Catalogue, SlotEntry
from methodology.enums import FieldKind
from methodology.worksheets import WorksheetEntry
from projects.method import catalogue_of_project
from projects.models import Project
from tools import registry
from tools.contract import (
    Attachment,
    Carryable,
    Entry,
    Fact,
    Finding,
    Held,
    Offer,
    PageLink,
    PrintedProject,
    PrintForm,
    ProjectContext,
    RiskLine,
    Seed,
    Sheet,
    StrOrPromise,
    Task,
    Tool,
    ToolFamily,
)
from tools.links import CONTENT_SLUG_PREFIX, content_slug, tool_url
from worksheets.copying import copy_sheets
from worksheets.dossier import SheetField, WorksheetDossier
from worksheets.findings import worksheet_findings
from worksheets.measures import has_measures, measures_of
from worksheets.models import Sheet as StoredSheet
from worksheets.onepage import page_drafts
from worksheets.printing import left_out, printed
from worksheets.printpictures import read_pictures
from worksheets.seeds import seeds_of
from worksheets.selectors import load_dossiers, worksheet_in
from worksheets.slides import slides_html
from worksheets.told import entries_of, risk_lines
from worksheets.wording import cell_of, row_label, sheet_kind

PREFIX = "worksheet"


class _DrawnWorksheet(Tool):
    """What is the same with and without a definition."""

    report_template = "worksheets/report.html"
    dossier_class = WorksheetDossier
    is_told_when_empty = False

    def __init__(self, worksheet_key: str) -> None:
        self.worksheet_key = worksheet_key
        self.key = f"{PREFIX}.{worksheet_key}"
        self.slug = content_slug(worksheet_key)

    def load(self, project_ids: Collection[int]) -> dict[int, WorksheetDossier]:
        return load_dossiers([self.worksheet_key], project_ids)[self.worksheet_key]

    def is_empty(self, dossier: WorksheetDossier) -> bool:
        return dossier.is_empty

    def facts(self, dossier: WorksheetDossier) -> tuple[Fact, ...]:
        fields = dossier.written_fields
        return (
            Fact(
                "filled",
                _("Filled in"),
                sum(field.is_filled for field in fields),
                unit=_("of %(total)s") % {"total": len(fields)},
            ),
        )

    def risks(self, dossier: WorksheetDossier, context: ProjectContext) -> tuple[RiskLine, ...]:
        return tuple(risk_lines(dossier, tool_url(context.project_id, self.slug)))

    def entries(self, dossier: WorksheetDossier, context: ProjectContext) -> tuple[Entry, ...]:
        return tuple(entries_of(dossier, tool_url(context.project_id, self.slug)))

    def attachments(self, dossier: WorksheetDossier) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(
                file=answer.picture.file,
                name=f"{place}.{answer.picture.file.rpartition('.')[2]}",
                sha256=answer.picture.sha256,
                place=place,
            )
            for place, answer in dossier.answers
            if answer.picture is not None and answer.picture.file
        )

    def sheets(self, dossier: WorksheetDossier, context: ProjectContext) -> tuple[Sheet, ...]:
        return (_answers_sheet(dossier), *(_rows_sheet(dossier, each) for each in _tables(dossier)))


class RecordedWorksheet(_DrawnWorksheet):
    """Reads a frozen record: labels, kinds and values all stand in the dossier."""

    title = gettext_lazy("Worksheet")

    def findings(self, dossier: WorksheetDossier, context: ProjectContext) -> tuple[Finding, ...]:
        return ()


class WorksheetTool(_DrawnWorksheet):
    """A worksheet in the place of a tool that has no app. ``slot`` is the first that names it."""

    summary_template = "worksheets/summary.html"
    stylesheet = "worksheets/worksheets.css"

    def __init__(self, entry: WorksheetEntry, slot: SlotEntry) -> None:
        super().__init__(entry.key)
        self.entry = entry
        self.slot = slot

    @property
    def title(self) -> StrOrPromise:  # type: ignore[override]
        return self.slot.title

    @property
    def purpose(self) -> StrOrPromise:  # type: ignore[override]
        return plain_text(self.slot.texts.get("purpose") or self.entry.texts.get("purpose"))

    @property
    def serves(self) -> str:
        return self.slot.tool

    def serves_slot(self, slot: SlotEntry) -> bool:
        return slot.worksheet == self.entry.key

    def gives(self, finding_code: str) -> bool:
        return finding_code in {f"{self.serves}.none", f"{self.serves}.incomplete"}

    def findings(self, dossier: WorksheetDossier, context: ProjectContext) -> tuple[Finding, ...]:
        return tuple(worksheet_findings(self.entry, self.serves, str(self.title), dossier, context))

    @property
    def has_tasks(self) -> bool:
        return has_measures(self.entry)

    def tasks(self, dossier: WorksheetDossier, context: ProjectContext) -> tuple[Task, ...]:
        return tuple(measures_of(dossier, tool_url(context.project_id, self.slug)))

    def seeds(self, dossier: WorksheetDossier) -> tuple[Seed, ...]:
        return tuple(seeds_of(self.entry, dossier))

    def offers(self, dossier: WorksheetDossier, project_id: int) -> tuple[Offer, ...]:
        page = tool_url(project_id, self.slug)
        return tuple(
            Offer(field.about.key, row.pk, row_label(field, row), f"{page}#row-{row.pk}")
            for field in _tables(dossier)
            for row in field.rows
        )

    @property
    def prints(self) -> tuple[str, ...]:
        return self.entry.prints

    def not_printed(self, dossier: WorksheetDossier) -> tuple[str, ...]:
        return left_out(dossier)

    def print_pictures(self, dossier: WorksheetDossier) -> Mapping[int, str]:
        return read_pictures(dossier)

    def printouts(
        self,
        form: str,
        dossier: WorksheetDossier,
        project: PrintedProject,
        pictures: Mapping[int, str],
    ) -> Iterator[str]:
        content = printed(dossier, project, pictures)
        if form == PrintForm.SLIDES:
            yield slides_html(content, project)
        else:
            yield from page_drafts(content, project)

    def holds(self, dossier: WorksheetDossier, source: str, project_id: int) -> Held | None:
        worksheet, _dot, field = source.partition(".")
        if worksheet != self.entry.key:
            return None
        return Held(dossier.is_filled(field), f"{tool_url(project_id, self.slug)}#field-{field}")


class Worksheets(ToolFamily):
    prefix = PREFIX

    def tools(self, catalogue: Catalogue) -> tuple[Tool, ...]:
        found: dict[str, WorksheetTool] = {}
        for slot in catalogue.slots:
            entry = worksheet_in(catalogue, slot.worksheet) if slot.worksheet else None
            if entry is not None and entry.key not in found:
                found[entry.key] = WorksheetTool(entry, slot)
        return tuple(found.values())

    def load(
        self,
        tools: Sequence[Tool],
        project_ids: Collection[int],
        loaded: Mapping[str, Mapping[int, Any]],
    ) -> dict[str, dict[int, Any]]:
        keys = [tool.key.partition(".")[2] for tool in tools]
        return {
            f"{PREFIX}.{key}": dossiers
            for key, dossiers in load_dossiers(keys, project_ids, loaded).items()
        }

    def earlier_page(self, project_id: int, slug: str) -> str:
        key = slug.removeprefix(CONTENT_SLUG_PREFIX)
        return reverse("worksheets:earlier", args=[project_id, key]) if key != slug else ""

    def carryable(self, source: Project) -> tuple[Carryable, ...]:
        written = set(
            StoredSheet.objects.filter(project=source)
            .exclude(answers={})
            .values_list("worksheet_key", flat=True)
        )
        return tuple(
            Carryable(f"{PREFIX}.{entry.key}", entry.title)
            for entry in catalogue_of_project(source).worksheets
            if entry.key in written
        )

    def carry(
        self, *, source: Project, target: Project, keys: Collection[str], actor: User
    ) -> tuple[str, ...]:
        worksheets = [key.partition(".")[2] for key in keys]
        if not worksheets:
            return ()
        copied = copy_sheets(source=source, target=target, worksheet_keys=worksheets, actor=actor)
        return tuple(f"{PREFIX}.{key}" for key in copied)

    def recorded(self, key: str) -> Tool | None:
        return RecordedWorksheet(key.partition(".")[2])

    def earlier_pages(self, tool: Tool | None, project: Project) -> tuple[PageLink, ...]:
        catalogue = catalogue_of_project(project)
        served = {each.key for each in registry.tools_of(catalogue)}
        slots = registry.slots_of(catalogue, tool) if tool is not None else catalogue.slots
        keys = {slot.worksheet for slot in slots if slot.worksheet}
        if tool is not None and not keys:
            return ()
        written = StoredSheet.objects.filter(project=project).exclude(answers={})
        if tool is not None:
            written = written.filter(worksheet_key__in=keys)
        else:
            # What an app has taken over is led to from the app's own page.
            written = written.exclude(worksheet_key__in=keys)
        return tuple(
            PageLink(
                _earlier_title(catalogue, key),
                reverse("worksheets:earlier", args=[project.pk, key]),
            )
            for key in written.values_list("worksheet_key", flat=True)
            if f"{PREFIX}.{key}" not in served
        )


def _earlier_title(catalogue: Catalogue, key: str) -> str:
    entry = worksheet_in(catalogue, key)
    return entry.title if entry is not None else key


def _tables(dossier: WorksheetDossier) -> Iterable[SheetField]:
    return (field for field in dossier.fields if field.about.kind is FieldKind.ROWS)


def _answers_sheet(dossier: WorksheetDossier) -> Sheet:
    """Label and value of everything that is no table, in the order of the worksheet."""
    rows = [
        (section.title, field.about.title, cell_of(field.about, field.answer), _unit(field))
        for section in dossier.sections
        for field in section.fields
        if field.about.kind is not FieldKind.ROWS
    ]
    earlier = _("From an earlier version of the sheet")
    rows += [(earlier, each.key, each.text, None) for each in dossier.leftovers]
    return Sheet(
        title=dossier.title or dossier.key,
        columns=(
            SheetColumn(_("Section")),
            SheetColumn(_("Field")),
            SheetColumn(_("Answer"), CellKind.LONG_TEXT),
            SheetColumn(_("Unit")),
        ),
        rows=tuple(rows),
    )


def _unit(field: SheetField) -> str | None:
    if field.answer.number is None:
        return None
    if field.about.cell is CellKind.MONEY:
        return _("kr")
    return field.answer.unit or field.about.unit or None


def _rows_sheet(dossier: WorksheetDossier, field: SheetField) -> Sheet:
    return Sheet(
        title=f"{field.about.title} - {dossier.title}",
        columns=tuple(
            SheetColumn(
                f"{about.title} ({about.unit})" if about.unit else about.title, sheet_kind(about)
            )
            for about in field.columns
        ),
        rows=tuple(
            tuple(
                cell_of(about, answer)
                for about, answer in zip(field.columns, row.answers, strict=True)
            )
            for row in field.rows
        ),
    )
