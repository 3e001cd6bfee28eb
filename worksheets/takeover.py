"""From an earlier worksheet into the app that has taken its place, row by row."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from methodology.catalogue import Catalogue
from projects.models import Project
from tools import registry
from tools.contract import OfferedRow, Register, Tool
from worksheets.dossier import WorksheetDossier
from worksheets.models import Sheet
from worksheets.services import record_sheet_event


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that the app would make. ``key`` names it on the preview page; ``is_there`` says that
    the app has one of that name already. ``errors`` are sentences of a try that failed."""

    key: str
    register: Register
    offered: OfferedRow
    is_there: bool
    errors: tuple[str, ...] = ()


def app_in_place_of(catalogue: Catalogue, worksheet_key: str) -> Tool | None:
    """The app that serves the slot for which the method has this worksheet."""
    for slot in catalogue.slots:
        if slot.worksheet == worksheet_key:
            return registry.tool_by_key(slot.tool)
    return None


def candidates(tool: Tool, dossier: WorksheetDossier, project: Project) -> tuple[Candidate, ...]:
    """What the app offers to take over. One query per register that it names."""
    there: dict[str, set[str]] = {}
    found = []
    for offered in tool.rows_from_worksheet(dossier):
        register = tool.register(offered.register)
        if register.slug not in there:
            rows = register.model._default_manager.filter(project=project, deleted_at__isnull=True)
            there[register.slug] = {str(row) for row in rows}
        found.append(
            Candidate(_key(offered), register, offered, offered.label in there[register.slug])
        )
    return tuple(found)


class NotTakenOver(Exception):  # noqa: N818 -- what did not happen
    """Nothing was saved. ``errors`` holds the sentences of each row that was refused, by key."""

    def __init__(self, errors: dict[str, tuple[str, ...]]) -> None:
        super().__init__("nothing was taken over")
        self.errors = errors


def take_over_rows(
    *, sheet: Sheet, chosen: Collection[Candidate], project: Project, actor: User
) -> int:
    """Save the chosen rows through the app's own forms: all of them or, raising
    :class:`NotTakenOver`, none. Gives their number."""
    errors: dict[str, tuple[str, ...]] = {}
    with transaction.atomic():
        for candidate in chosen:
            form = candidate.register.form(  # type: ignore[call-arg]
                dict(candidate.offered.values), project=project, actor=actor
            )
            if not form.is_valid() or form.save_as_actor() is None:  # type: ignore[attr-defined]
                errors[candidate.key] = _sentences(form)
        if errors:
            # Leaving by an exception takes everything back.
            raise NotTakenOver(errors)
        if chosen:
            record_sheet_event(sheet, actor, "sheet.taken_over", count=len(chosen))
    return len(chosen)


def _sentences(form: ModelForm) -> tuple[str, ...]:
    found = []
    for name, messages in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        found += [f"{label}: {message}" if label else str(message) for message in messages]
    return tuple(found)


def _key(offered: OfferedRow) -> str:
    """The same as long as the row says the same: what was changed meanwhile is not taken over
    unseen."""
    content = json.dumps(
        [offered.register, offered.label, dict(offered.values)], sort_keys=True, default=str
    )
    return hashlib.sha256(content.encode()).hexdigest()[:16]
