"""The log of a method in words."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models import AuditEvent
from authoring.labels import field_label, language_name, title_of
from authoring.selectors import MethodRow, content_of_version
from authoring.tree import part_url
from methodology.part_fields import BETWEEN
from methodology.parts import Content, NoSuchPart, node_at

_WORDS: dict[str, str | Promise] = {
    "copied": gettext_lazy("made the draft"),
    "imported": gettext_lazy("uploaded the draft"),
    "loaded": gettext_lazy("loaded the version from files"),
    "discarded": gettext_lazy("threw the draft away"),
    "part_changed": gettext_lazy("changed"),
    "part_added": gettext_lazy("added"),
    "part_removed": gettext_lazy("removed"),
    "part_restored": gettext_lazy("put back"),
    "part_moved": gettext_lazy("moved"),
    "published": gettext_lazy("published the version"),
    "retired": gettext_lazy("retired the version"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Who did what to which version, and to which part of it. ``url`` leads to a part that is
    still in the draft."""

    at: datetime.datetime
    who: str
    number: int
    what: str
    part: str
    url: str
    fields: str


def lines_of(events: Iterable[AuditEvent], row: MethodRow) -> list[Line]:
    """One query more, for the titles of parts, while there is a draft."""
    draft = row.draft
    content = content_of_version(draft) if draft else None
    return [_line(event, row.method.key, content) for event in events]


def _line(event: AuditEvent, method_key: str, content: Content | None) -> Line:
    what = event.action.partition(".")[2]
    title, url = _part(event.details.get("part"), method_key, content)
    return Line(
        at=event.at,
        who=event.actor.name if event.actor else _("The system"),
        number=event.details.get("number", 0),
        what=str(_WORDS.get(what, what)),
        part=title,
        url=url,
        fields=", ".join(_field(name) for name in event.details.get("changed", ())),
    )


def _part(words: str | None, method_key: str, content: Content | None) -> tuple[str, str]:
    if words is None:
        return "", ""
    address = tuple(words.split("/")) if words else ()
    try:
        if content is not None:
            node = node_at(content, address)
            return title_of(node.title), part_url(method_key, address)
    except NoSuchPart:
        pass
    return words, ""


def _field(name: str) -> str:
    field, _between, language = name.partition(BETWEEN)
    label = field_label(field)
    return f"{label} ({language_name(language).lower()})" if language else label
