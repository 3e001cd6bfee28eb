"""Reads for worksheets: dossiers of any number of projects, and one sheet with its past."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.policy import ProjectRole
from common.xlsx import CellKind
from methodology.catalogue import Catalogue, next_or_key_error
from methodology.enums import FieldKind, ReadSource
from methodology.worksheets import WorksheetEntry, all_fields
from projects.method import catalogue_of_project
from projects.models import Membership, Project
from projects.selectors import people_in
from tools import registry
from tools.contract import Fact, Offer, PersonRef, Tool
from tools.privacy import open_part
from worksheets.building import ReadValue, Surroundings, build_dossier
from worksheets.dossier import Answer, LinkedRow, PictureRef, WorksheetDossier
from worksheets.formfields import Choosable
from worksheets.models import Sheet, SheetPicture, SheetRevision
from worksheets.values import guards_of, is_guarded, person_numbers

Loaded = Mapping[str, Mapping[int, Any]]
_ROLE_SOURCES = {
    ReadSource.LEADER: ProjectRole.LEADER,
    ReadSource.OWNER: ProjectRole.OWNER,
    ReadSource.LINE_MANAGER: ProjectRole.LINE_MANAGER,
}


def worksheet_in(catalogue: Catalogue, key: str) -> WorksheetEntry | None:
    try:
        return next_or_key_error(catalogue.worksheets, key)
    except KeyError:
        return None


def load_dossiers(
    keys: Collection[str], project_ids: Collection[int], loaded: Loaded | None = None
) -> dict[str, dict[int, WorksheetDossier]]:
    """The worksheets ``keys`` of each project, as its own version of the method defines them.

    Five queries for any number of worksheets and projects, and those of the other tools that the
    worksheets read from, unless ``loaded`` has them (tool key -> project -> dossier).
    """
    ids = list(project_ids)
    if not keys or not ids:
        return {key: {} for key in keys}
    reader = _Reader(ids, loaded or {}, keys)
    return {key: {pk: reader.dossier(key, pk) for pk in ids} for key in keys}


class _Reader:
    """Everything that the dossiers are made of, read at once."""

    def __init__(self, ids: list[int], loaded: Loaded, keys: Collection[str]) -> None:
        self.projects = {
            project.pk: project
            for project in Project.objects.filter(pk__in=ids)
            .with_method()
            .select_related("organisation", "unit")
        }
        self.catalogues = {
            pk: catalogue_of_project(project) for pk, project in self.projects.items()
        }
        self.sheets: dict[tuple[str, int], Sheet] = {
            (sheet.worksheet_key, sheet.project_id): sheet
            for sheet in Sheet.objects.filter(project_id__in=ids).select_related("updated_by")
        }
        self.pictures = {
            picture.pk: PictureRef(
                pk=picture.pk,
                alt="",
                width=picture.width,
                height=picture.height,
                file=picture.file.name or "",
                sha256=picture.sha256,
            )
            for picture in SheetPicture.objects.filter(project_id__in=ids)
        }
        self.members: dict[int, list[Membership]] = {}
        for membership in Membership.objects.filter(
            project_id__in=ids, ended_at__isnull=True
        ).select_related("user"):
            self.members.setdefault(membership.project_id, []).append(membership)
        self.people = _people(self.sheets.values(), self.catalogues)
        self.others = _load_others(self.catalogues, keys, ids, loaded)

    def worksheet(self, key: str, pk: int) -> WorksheetEntry | None:
        catalogue = self.catalogues.get(pk)
        return worksheet_in(catalogue, key) if catalogue else None

    def dossier(self, key: str, pk: int) -> WorksheetDossier:
        worksheet = self.worksheet(key, pk)
        around = Surroundings(
            people=self.people,
            pictures=self.pictures,
            links=self.links(worksheet, pk) if worksheet else {},
            read=self._read(worksheet, pk) if worksheet else {},
        )
        return build_dossier(key, worksheet, self.sheets.get((key, pk)), around)

    # --- rows of other tools -----------------------------------------------------------------

    def links(self, worksheet: WorksheetEntry, pk: int) -> dict[str, LinkedRow]:
        return {
            reference: LinkedRow(reference, offer.label, offer.url)
            for key in linked_tools(worksheet)
            for reference, offer in self._offers(key, pk)
        }

    def _offers(self, key: str, pk: int) -> Iterable[tuple[str, Offer]]:
        for tool in registry.tools_of(self.catalogues[pk]):
            if tool.serves != key:
                continue
            if tool.key in self.others:
                dossier = self.others[tool.key][pk]
            else:
                # A worksheet: its rows are named without what they point at in their turn.
                sheet_key = tool.key.partition(".")[2]
                dossier = build_dossier(
                    sheet_key,
                    self.worksheet(sheet_key, pk),
                    self.sheets.get((sheet_key, pk)),
                    Surroundings(people=self.people),
                )
            yield from references(tool, dossier, pk)

    # --- values that are read ----------------------------------------------------------------

    def _read(self, worksheet: WorksheetEntry, pk: int) -> dict[str, ReadValue]:
        read = {}
        for field in worksheet.fields:
            if field.kind is FieldKind.READ:
                value = self._read_one(field.source, pk)
                if value is not None:
                    read[field.source] = value
        return read

    def _read_one(self, source: str, pk: int) -> ReadValue | None:
        if source in ReadSource.values:
            return self._of_project(ReadSource(source), pk)
        key, _dot, name = source.partition(".")
        tool = registry.tool_by_key(key)
        if tool is None or key not in self.others:
            return None
        facts = tool.facts(self.others[key][pk])
        fact = next((fact for fact in facts if fact.key == name), None)
        return _fact(fact) if fact is not None else None

    def _of_project(self, source: ReadSource, pk: int) -> ReadValue:
        project = self.projects[pk]
        if source in _ROLE_SOURCES:
            return _people_value(self._holders(pk, _ROLE_SOURCES[source]))
        match source:
            case ReadSource.TEAM:
                return _people_value(self._holders(pk, None))
            case ReadSource.STARTS_ON:
                return ReadValue(CellKind.DATE, Answer(day=project.starts_on))
            case ReadSource.ENDS_ON:
                return ReadValue(CellKind.DATE, Answer(day=project.ends_on))
            case ReadSource.PROBLEM:
                return ReadValue(CellKind.LONG_TEXT, Answer(text=project.problem))
            case ReadSource.GOAL:
                return ReadValue(CellKind.LONG_TEXT, Answer(text=project.goal))
            case ReadSource.UNIT:
                return ReadValue(CellKind.TEXT, Answer(text=project.unit.name))
            case ReadSource.ORGANISATION:
                return ReadValue(CellKind.TEXT, Answer(text=project.organisation.name))
            case ReadSource.CASE_NUMBER:
                return ReadValue(CellKind.TEXT, Answer(text=project.case_number))
        return ReadValue(CellKind.TEXT, Answer(text=project.name))

    def _holders(self, pk: int, role: ProjectRole | None) -> list[PersonRef]:
        """Each person once, in the order in which they came."""
        found = {
            membership.user_id: PersonRef(membership.user_id, membership.user.name)
            for membership in self.members.get(pk, [])
            if role is None or membership.role == role
        }
        return list(found.values())


def linked_tools(worksheet: WorksheetEntry) -> tuple[str, ...]:
    """The keys of the tools whose rows the worksheet points at, each once."""
    return tuple(
        dict.fromkeys(
            key
            for field in all_fields(worksheet)
            if field.kind is FieldKind.LINK
            for key in field.tools
        )
    )


def references(tool: Tool, dossier: Any, project_id: int) -> Iterable[tuple[str, Offer]]:
    """What can be pointed at in a tool, under the words that are stored. Only what everybody who
    reads the project may see gets into a label."""
    for offer in tool.offers(open_part(dossier), project_id):
        yield f"{tool.serves}/{offer.register}/{offer.pk}", offer


def _people_value(people: list[PersonRef]) -> ReadValue:
    return ReadValue(CellKind.PERSON, Answer(people=tuple(people)))


def _fact(fact: Fact) -> ReadValue:
    if fact.value is None:
        return ReadValue(fact.kind, Answer())
    return ReadValue(fact.kind, Answer(number=Decimal(fact.value), unit=str(fact.unit)))


def _people(sheets: Iterable[Sheet], catalogues: Mapping[int, Catalogue]) -> dict[int, PersonRef]:
    """Everybody whom the answers name. One query, also when they name nobody."""
    numbers = {0}
    for sheet in sheets:
        worksheet = worksheet_in(catalogues[sheet.project_id], sheet.worksheet_key)
        if worksheet is not None:
            numbers |= set(person_numbers(sheet.answers, worksheet.fields))
    return {user.pk: PersonRef(user.pk, user.name) for user in User.objects.filter(pk__in=numbers)}


def _load_others(
    catalogues: Mapping[int, Catalogue], keys: Collection[str], ids: list[int], loaded: Loaded
) -> dict[str, Mapping[int, Any]]:
    """The dossiers of the apps that these worksheets read from or point at."""
    wanted: dict[str, None] = {}
    for catalogue in catalogues.values():
        for key in keys:
            worksheet = worksheet_in(catalogue, key)
            if worksheet is None:
                continue
            wanted |= dict.fromkeys(linked_tools(worksheet))
            wanted |= dict.fromkeys(
                field.source.partition(".")[0]
                for field in worksheet.fields
                if field.kind is FieldKind.READ
            )
    found: dict[str, Mapping[int, Any]] = {}
    for key in wanted:
        tool = registry.tool_by_key(key)
        if tool is not None:
            found[key] = loaded[key] if key in loaded else tool.load(ids)
    return found


# --- one project's sheet and its past -------------------------------------------------------------


def sheet_of(project: Project, key: str) -> Sheet | None:
    """The stored sheet. One query."""
    return (
        Sheet.objects.filter(project=project, worksheet_key=key)
        .select_related("updated_by")
        .first()
    )


def revisions_of(project: Project, key: str) -> list[SheetRevision]:
    """Newest first, with who saved, without the answers. One query."""
    return list(
        SheetRevision.objects.filter(sheet__project=project, sheet__worksheet_key=key)
        .select_related("saved_by")
        .defer("answers")
        .order_by("-number")
    )


def answers_of(project: Project, key: str, numbers: Collection[int]) -> dict[int, Any]:
    """The answers of some revisions, by number. One query."""
    return dict(
        SheetRevision.objects.filter(
            sheet__project=project, sheet__worksheet_key=key, number__in=numbers
        ).values_list("number", "answers")
    )


def may_see_field(project: Project, picture: SheetPicture) -> bool:
    """Whether everybody who reads the project may see the field that a picture stands in. A
    promise that was once made holds. One query."""
    sheet = Sheet.objects.filter(project=project, worksheet_key=picture.worksheet_key).first()
    guards = dict(sheet.guarded) if sheet else {}
    worksheet = worksheet_in(catalogue_of_project(project), picture.worksheet_key)
    if worksheet is not None:
        guards |= guards_of(worksheet)
    return not is_guarded(picture.field_key, guards)


def surroundings_of(
    project: Project, worksheet: WorksheetEntry, answers: Iterable[Mapping[str, Any]]
) -> Surroundings:
    """What earlier answers of a worksheet point at: people, pictures and rows of today."""
    reader = _Reader([project.pk], {}, [worksheet.key])
    numbers = {
        number for each in answers for number in person_numbers(each, worksheet.fields)
    } - reader.people.keys()
    people = {
        user.pk: PersonRef(user.pk, user.name) for user in User.objects.filter(pk__in={0, *numbers})
    }
    return Surroundings(
        people={**reader.people, **people},
        pictures=reader.pictures,
        links=reader.links(worksheet, project.pk),
    )


def choosable_of(project: Project, worksheet: WorksheetEntry, catalogue: Catalogue) -> Choosable:
    """What the worksheet's form has to choose from. One query for the people, and those of the
    tools whose rows it points at."""
    wanted = linked_tools(worksheet)
    tools = [tool for tool in registry.tools_of(catalogue) if tool.serves in wanted]
    loaded = registry.load_tools(tools, [project.pk])
    rows: dict[str, list[tuple[str, list[tuple[str, str]]]]] = {}
    for tool in tools:
        groups: dict[str, list[tuple[str, str]]] = {}
        for reference, offer in references(tool, loaded[tool.key][project.pk], project.pk):
            groups.setdefault(offer.register, []).append((reference, offer.label))
        titles = {register.slug: str(register.title) for register in tool.registers}
        rows.setdefault(tool.serves, []).extend(
            (titles.get(slug, str(tool.title)), found) for slug, found in groups.items()
        )
    return Choosable(people=[(str(user.pk), user.name) for user in people_in(project)], rows=rows)
