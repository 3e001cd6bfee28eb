"""The method as a book, for anybody who is signed in.

Addresses name the method; ``?version=2`` opens that version instead of the newest, and stays in
the links from page to page.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from methodology.catalogue import Catalogue, PhaseEntry, SlotEntry, StepEntry, catalogue_of
from methodology.enums import VersionStatus
from methodology.models import MethodVersion
from methodology.search import MAX_QUERY, Hit, search_catalogue
from methodology.selectors import published_versions, version_for_page

Entry = TypeVar("Entry", PhaseEntry, StepEntry)


@dataclass(frozen=True, slots=True)
class Book:
    """The version that is read. ``query`` is added to links that stay inside it."""

    catalogue: Catalogue
    query: str

    @property
    def key(self) -> str:
        return self.catalogue.method_key

    @property
    def is_newest(self) -> bool:
        return self.catalogue.status == VersionStatus.PUBLISHED


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A hit with its address and where in the method it stands."""

    hit: Hit
    kind: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class MethodLanguage:
    """A language of the method and where its texts come from."""

    name: str
    origin: str
    is_complete: bool


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    books = [Book(catalogue_of(version), "") for version in published_versions()]
    return render(request, "methodology/index.html", {"books": books})


@require_safe
def method(request: HttpRequest, key: str) -> HttpResponse:
    book = _book(request, key)
    context = {"book": book, "languages": _languages(book.catalogue)}
    return render(request, "methodology/method.html", context)


@require_safe
def phase(request: HttpRequest, key: str, phase_key: str) -> HttpResponse:
    book = _book(request, key)
    entry = _phase(book, phase_key)
    previous, following = _neighbours(book.catalogue.phases, entry)
    back_to = (
        [book.catalogue.phase(earlier) for earlier in entry.gate.back_to] if entry.gate else []
    )
    context = {
        "book": book,
        "phase": entry,
        "back_to": back_to,
        "previous": previous,
        "following": following,
    }
    return render(request, "methodology/phase.html", context)


@require_safe
def step(request: HttpRequest, key: str, phase_key: str, step_key: str) -> HttpResponse:
    book = _book(request, key)
    parent = _phase(book, phase_key)
    entry = next((found for found in parent.steps if found.key == step_key), None)
    if entry is None:
        raise Http404
    previous, following = _neighbours(book.catalogue.steps, entry)
    context = {
        "book": book,
        "phase": parent,
        "step": entry,
        "previous": previous,
        "following": following,
    }
    return render(request, "methodology/step.html", context)


@require_safe
def tool(request: HttpRequest, key: str, slot_key: str) -> HttpResponse:
    book = _book(request, key)
    slot = next((found for found in book.catalogue.slots if found.key == slot_key), None)
    if slot is None:
        raise Http404
    context = {
        "book": book,
        "slot": slot,
        "phases": [found for found in book.catalogue.phases if _uses(found, slot)],
    }
    return render(request, "methodology/tool.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    language = translation.get_language() or "nb"
    books = [Book(catalogue_of(version), "") for version in published_versions()]
    found = [
        _found(book, hit)
        for book in books
        for hit in search_catalogue(book.catalogue, query, language)
    ]
    context = {"query": query, "found": found, "language": language}
    return render(request, "methodology/search.html", context)


def _book(request: HttpRequest, key: str) -> Book:
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) <= 6):
        raise Http404
    try:
        version = version_for_page(key, int(asked) if asked else None)
    except MethodVersion.DoesNotExist as error:
        raise Http404 from error
    return Book(catalogue_of(version), f"?version={version.number}" if asked else "")


def _languages(catalogue: Catalogue) -> list[MethodLanguage]:
    return [
        MethodLanguage(
            name=str(name),
            origin=catalogue.languages[code]["origin"],
            is_complete=catalogue.languages[code]["coverage"] == "complete",
        )
        for code, name in settings.LANGUAGES
        if code in catalogue.languages
    ]


def _phase(book: Book, key: str) -> PhaseEntry:
    try:
        return book.catalogue.phase(key)
    except KeyError as error:
        raise Http404 from error


def _uses(phase: PhaseEntry, slot: SlotEntry) -> bool:
    return slot in phase.slots or any(slot in step.slots for step in phase.steps)


def _neighbours(entries: tuple[Entry, ...], entry: Entry) -> tuple[Entry | None, Entry | None]:
    place = entries.index(entry)
    before = entries[place - 1] if place else None
    after = entries[place + 1] if place + 1 < len(entries) else None
    return before, after


def _found(book: Book, hit: Hit) -> FoundPlace:
    method_url = reverse("methodology:method", args=[book.key])
    catalogue = book.catalogue
    kinds = {
        "method": (_("Method"), "", method_url),
        "tool": (_("Tool"), catalogue.title, ""),
        "role": (_("Role"), catalogue.title, f"{method_url}#role-{hit.key}"),
        "gate": (_("Decision"), "", ""),
        "phase": (catalogue.word("phase").capitalize(), catalogue.title, ""),
        "step": (catalogue.word("step").capitalize(), "", ""),
    }
    kind, place, url = kinds[hit.kind]
    if hit.phase_key:
        phase_url = reverse("methodology:phase", args=[book.key, hit.phase_key])
        url = f"{phase_url}#gate" if hit.kind == "gate" else phase_url
        place = place or catalogue.phase(hit.phase_key).title
    if hit.kind == "step":
        url = reverse("methodology:step", args=[book.key, hit.phase_key, hit.key])
    if hit.kind == "tool":
        url = reverse("methodology:tool", args=[book.key, hit.key])
    return FoundPlace(hit, kind, place, url)
