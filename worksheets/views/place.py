"""Where in a project's worksheet a request is: loaded through the permission, 404 for what is not
there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policy import ProjectPermission
from common.outcomes import Outcome, Refusal, StaleRow, add_refusal
from methodology.enums import FieldKind
from methodology.worksheets import FieldEntry, WorksheetEntry
from projects.access import ProjectAccess, open_project
from projects.models import Project
from tools import registry
from tools.context import context_of
from tools.contract import ProjectContext
from tools.links import content_slug, tool_url
from worksheets.dossier import WorksheetDossier
from worksheets.formfields import Choosable
from worksheets.forms import AnswersForm
from worksheets.models import Sheet
from worksheets.selectors import choosable_of, load_dossiers, sheet_of
from worksheets.tool import WorksheetTool

# How often a form is merged again when others keep on saving.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A worksheet that serves a slot of the project's method."""

    access: ProjectAccess
    tool: WorksheetTool
    context: ProjectContext

    @property
    def project(self) -> Project:
        return self.access.project

    @property
    def worksheet(self) -> WorksheetEntry:
        return self.tool.entry

    @property
    def may_write(self) -> Outcome:
        return self.access.can(ProjectPermission.EDIT_CONTENT)

    def require_write(self) -> None:
        self.access.require(ProjectPermission.EDIT_CONTENT)

    @property
    def page_url(self) -> str:
        return tool_url(self.project.pk, self.tool.slug)

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"worksheets:{name}", args=[self.project.pk, self.worksheet.key, *more])

    def stored(self) -> Sheet:
        """The sheet as it is now; an empty one before the first save. One query."""
        return sheet_of(self.project, self.worksheet.key) or Sheet(
            project=self.project, worksheet_key=self.worksheet.key
        )

    def dossier(self) -> WorksheetDossier:
        """All of it: for those who write."""
        key, pk = self.worksheet.key, self.project.pk
        return load_dossiers([key], [pk])[key][pk]

    def choosable(self) -> Choosable:
        return choosable_of(self.project, self.worksheet, self.context.catalogue)

    def page(self) -> dict[str, Any]:
        """What every page of the worksheet needs in its template."""
        return {
            "project": self.project,
            "access": self.access,
            "tool": self.tool,
            "tool_title": str(self.tool.title),
            "worksheet": self.worksheet,
            "page_url": self.page_url,
            "may_write": self.may_write,
        }


def sheet_place(request: HttpRequest, project_id: int, worksheet_key: str) -> SheetPlace:
    access = open_project(request.user, project_id)
    context = context_of(access.project)
    tool = registry.tool_in(context.catalogue, content_slug(worksheet_key))
    if not isinstance(tool, WorksheetTool):
        raise Http404
    return SheetPlace(access, tool, context)


def field_of(place: SheetPlace, key: str, kind: FieldKind) -> FieldEntry:
    """The worksheet's field of that kind, else 404."""
    try:
        field = place.worksheet.field(key)
    except KeyError:
        raise Http404 from None
    if field.kind is not kind:
        raise Http404
    return field


def saved_form(
    make: Callable[[], AnswersForm], save: Callable[[AnswersForm], Sheet]
) -> tuple[AnswersForm, Sheet | None]:
    """Bind and save; merged again when somebody was faster by a moment. Without a sheet the write
    was refused, which the form says."""
    form = make()
    for attempt in range(ATTEMPTS):
        if not form.is_valid():
            return form, None
        try:
            return form, save(form)
        except StaleRow as error:
            form = make()
            if attempt == ATTEMPTS - 1:
                form.is_valid()
                add_refusal(form, error)
        except (Refusal, ValidationError) as error:
            add_refusal(form, error)
            return form, None
    return form, None


def saved_words(sheet: Sheet, before: int, title: str) -> str:
    """What a message says about a save."""
    if sheet.number == before:
        return _("Nothing was changed in “%(title)s”.") % {"title": title}
    return _("“%(title)s” is saved.") % {"title": title}
