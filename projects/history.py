"""The log of a project in words: one sentence for each thing that was done."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.policy import ProjectRole
from audit.models import AuditEvent
from methodology.catalogue import Catalogue
from methodology.enums import GateMode, GateOutcome
from projects.method import catalogue_of_project
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes and numbers in a project's log stand for. Without them sentences are shorter.

    ``people`` holds names by number, ``rows`` what a row of a tool is called by its model's label.
    """

    catalogue: Catalogue | None = None
    people: Mapping[int, str] = field(default_factory=dict)
    rows: Mapping[str, str | Promise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event of the log with its sentence."""

    event: AuditEvent
    text: str

    @property
    def at(self) -> datetime.datetime:
        return self.event.at


NO_NAMES = Names()

# By action; where a detail decides the words, by "action:detail" with the detail named below.
_SENTENCES: dict[str, str | Promise] = {
    "project.created": gettext_lazy("%(actor)s created the project."),
    "project.updated": gettext_lazy("%(actor)s changed the project: %(fields)s."),
    "project.moved": gettext_lazy("%(actor)s moved the project from %(from)s to %(to)s."),
    "project.grew": gettext_lazy("%(actor)s let this project grow out of an earlier one."),
    "project.led_on": gettext_lazy("%(actor)s started a new project out of this one."),
    "project.status_set:active": gettext_lazy("%(actor)s set the project going again."),
    "project.status_set:paused": gettext_lazy("The project was paused by %(actor)s."),
    "project.status_set:stopped": gettext_lazy("The project was stopped by %(actor)s."),
    "project.status_set:closed": gettext_lazy("The project was closed by %(actor)s."),
    "membership.started": gettext_lazy("%(actor)s gave %(person)s the role %(role)s."),
    "membership.ended": gettext_lazy("%(actor)s ended the role %(role)s of %(person)s."),
    "appointment.proposed": gettext_lazy("%(actor)s proposed %(person)s as %(role)s."),
    "appointment.answered:confirmed": gettext_lazy("%(actor)s confirmed a proposal."),
    "appointment.answered:declined": gettext_lazy("%(actor)s declined a proposal."),
    "step.updated": gettext_lazy("%(actor)s worked on %(step)s."),
    "step.updated:not_started": gettext_lazy("%(actor)s set %(step)s back to not started."),
    "step.updated:in_progress": gettext_lazy("%(actor)s began on %(step)s."),
    "step.updated:done": gettext_lazy("%(actor)s finished %(step)s."),
    "step.updated:not_relevant": gettext_lazy("%(actor)s marked %(step)s as not relevant."),
    "phase.closed_without_decision": gettext_lazy("%(actor)s closed %(phase)s without a decision."),
    "criterion.answered": gettext_lazy("%(actor)s answered “%(criterion)s”."),
    "gate.submitted": gettext_lazy("%(actor)s submitted %(phase)s for decision."),
    "gate.withdrawn": gettext_lazy("%(actor)s withdrew what was submitted."),
    "gate.voted": gettext_lazy("%(actor)s voted on what was submitted."),
    "gate.asked": gettext_lazy("%(actor)s asked something before the decision."),
    "gate.answered": gettext_lazy("%(actor)s answered a question before the decision."),
    "gate.conflict_declared": gettext_lazy("%(actor)s declared a conflict of interest."),
    "gate.replacement_named": gettext_lazy(
        "%(actor)s named somebody to decide in another's place."
    ),
    "gate.decided": gettext_lazy("%(actor)s decided on %(phase)s: %(outcome)s."),
    "gate.corrected": gettext_lazy("%(actor)s corrected what is on record about %(phase)s."),
    "gate.disposed": gettext_lazy("%(actor)s disposed of records whose retention had ended."),
    "condition.closed": gettext_lazy("%(actor)s said how a condition was met."),
    "condition.reassigned": gettext_lazy("%(actor)s asked %(person)s to see to a condition."),
    "gate_mode.set": gettext_lazy(
        "%(actor)s changed how binding the gate of %(phase)s is: %(mode)s."
    ),
    "slot.updated": gettext_lazy("%(actor)s wrote about %(slot)s."),
    "row.created": gettext_lazy("%(actor)s added: %(row)s."),
    "row.updated": gettext_lazy("%(actor)s changed: %(row)s."),
    "row.deleted": gettext_lazy("%(actor)s deleted: %(row)s."),
    "row.restored": gettext_lazy("%(actor)s brought back: %(row)s."),
    "row.moved": gettext_lazy("%(actor)s moved: %(row)s."),
    "sheet.saved": gettext_lazy("%(actor)s wrote in “%(worksheet)s”."),
    "sheet.row_saved": gettext_lazy("%(actor)s wrote a row in “%(worksheet)s”."),
    "sheet.row_deleted": gettext_lazy("%(actor)s deleted a row in “%(worksheet)s”."),
    "sheet.row_restored": gettext_lazy("%(actor)s brought back a row in “%(worksheet)s”."),
    "sheet.row_moved": gettext_lazy("%(actor)s moved a row in “%(worksheet)s”."),
    "sheet.brought_back": gettext_lazy(
        "%(actor)s brought back an earlier version of “%(worksheet)s”."
    ),
    "sheet.copied": gettext_lazy("%(actor)s took “%(worksheet)s” over from another project."),
    "sheet.perished": gettext_lazy(
        "%(actor)s erased %(count)s answers in “%(worksheet)s”, whose date had come."
    ),
    "sheet.taken_over": gettext_lazy(
        "%(actor)s took %(count)s rows from the earlier worksheet “%(worksheet)s”."
    ),
    "report.ordered": gettext_lazy("%(actor)s ordered a report."),
    "report.cancelled": gettext_lazy("%(actor)s cancelled a report."),
    "report.retried": gettext_lazy("%(actor)s had a report made again."),
    "report.deleted": gettext_lazy("%(actor)s deleted a report."),
}
_UNKNOWN = gettext_lazy("%(actor)s changed something (%(action)s).")


def sentence_of(event: AuditEvent, names: Names = NO_NAMES) -> str:
    """What happened, as a sentence with the person who did it, in the active language.

    No query beyond the event's ``actor``. An action that is not known gives a sentence with its
    code rather than nothing.
    """
    message = _SENTENCES.get(f"{event.action}:{_deciding_detail(event)}") or _SENTENCES.get(
        event.action, _UNKNOWN
    )
    return str(message) % _words(event, names)


def lines_of(
    events: Iterable[AuditEvent],
    projects: Collection[Project],
    rows: Mapping[str, str | Promise] | None = None,
) -> list[HistoryLine]:
    """Events of these projects with their sentences, in the order given.

    One query for the names of the people the events are about, besides the events and the
    catalogues. ``projects`` come with their method version selected. ``rows`` as in :class:`Names`.
    """
    events = list(events)
    numbers = {event.details["user"] for event in events if "user" in event.details}
    people = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
    names = {
        project.pk: Names(catalogue_of_project(project), people, rows or {}) for project in projects
    }
    return [
        HistoryLine(event, sentence_of(event, names.get(event.project_number or 0, NO_NAMES)))
        for event in events
    ]


def without_repeats(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Newest first in, newest first out: of several in a row that say the same, the newest."""
    kept: list[AuditEvent] = []
    for event in events:
        if not kept or _what(kept[-1]) != _what(event):
            kept.append(event)
    return kept


def _what(event: AuditEvent) -> tuple[object, ...]:
    return (
        event.actor_id,
        event.action,
        event.target_type,
        event.target_number,
        _deciding_detail(event),
    )


def _deciding_detail(event: AuditEvent) -> str:
    if event.action == "step.updated" and "status" not in event.details.get("fields", []):
        return ""
    return str(event.details.get("status", ""))


def _words(event: AuditEvent, names: Names) -> dict[str, str]:
    details = event.details
    return {
        "actor": event.actor.name if event.actor else "Veikart",
        "action": event.action,
        "fields": _fields(details.get("fields", [])),
        "person": names.people.get(details.get("user", 0), _("somebody")),
        "role": _label(ProjectRole, details.get("role", "")).lower(),
        "outcome": _label(GateOutcome, details.get("outcome", "")),
        "mode": _label(GateMode, details.get("mode", "")),
        "from": _edition(details.get("from_version"), details.get("from_overlay")),
        "to": _edition(details.get("version"), details.get("overlay")),
        "row": _row_name(event, names),
        "step": _step(names, details.get("step", "")),
        "phase": _title(names, "phase", details.get("phase", "")),
        "slot": _title(names, "slot", details.get("slot", "")),
        "worksheet": _title(names, "worksheet", details.get("worksheet", "")),
        "count": str(details.get("count", "")),
        "criterion": _criterion(names, details.get("criterion", "")),
    }


def _edition(version: int | None, overlay: int | None) -> str:
    """A version of the method, and of what the organisation has adjusted in it."""
    if overlay is None:
        return _("version %(number)s") % {"number": version}
    return _("version %(number)s with adjustments %(overlay)s") % {
        "number": version,
        "overlay": overlay,
    }


def _label(choices: type, value: str) -> str:
    """The label of a code, or the code itself when it is no longer known."""
    try:
        return str(choices(value).label)
    except ValueError:
        return value


def _fields(codes: list[str]) -> str:
    labels = {each.name: str(each.verbose_name) for each in Project._meta.concrete_fields}
    return get_text_list([labels.get(code, code) for code in codes], _("and"))


def _row_name(event: AuditEvent, names: Names) -> str:
    if event.target_type in names.rows:
        return str(names.rows[event.target_type]).lower()
    try:
        return str(apps.get_model(event.target_type)._meta.verbose_name)
    except LookupError:
        return event.target_type


def _step(names: Names, key: str) -> str:
    """With what the method calls a step: ``step 2.3 Interviews``."""
    if names.catalogue is None:
        return key
    for closing in names.catalogue.closing:
        if closing.key == key:
            return _("“%(title)s”") % {"title": closing.title}
    return f"{names.catalogue.word('step')} {_title(names, 'step', key)}"


def _title(names: Names, level: str, key: str) -> str:
    if names.catalogue is None:
        return key
    try:
        entry = getattr(names.catalogue, level)(key)
    except KeyError:
        return key
    return f"{entry.label} {entry.title}" if level == "step" else entry.title


def _criterion(names: Names, key: str) -> str:
    if names.catalogue is not None:
        for phase in names.catalogue.phases:
            for criterion in phase.gate.criteria if phase.gate else ():
                if criterion.key == key:
                    return criterion.title
    return key
