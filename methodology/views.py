"""The method as a book, for anybody who is signed in.

Addresses name the method; ``?version=2`` opens that version instead of the newest, and stays in
the links from page to page.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from methodology.book import Book, method_context, phase_context, step_context, tool_context
from methodology.catalogue import PhaseEntry, catalogue_of
from methodology.models import MethodVersion
from methodology.search import MAX_QUERY, Hit, search_catalogue
from methodology.selectors import published_versions, version_for_page


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A hit with its address and where in the method it stands."""

    hit: Hit
    kind: str
    place: str
    url: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    books = _books(request)
    context = {
        "books": [book for book in books if not book.owner],
        "own_books": [book for book in books if book.owner],
    }
    return render(request, "methodology/index.html", context)


@require_safe
def method(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "methodology/method.html", method_context(_book(request, key)))


@require_safe
def phase(request: HttpRequest, key: str, phase_key: str) -> HttpResponse:
    book = _book(request, key)
    return render(request, "methodology/phase.html", phase_context(book, _phase(book, phase_key)))


@require_safe
def step(request: HttpRequest, key: str, phase_key: str, step_key: str) -> HttpResponse:
    book = _book(request, key)
    parent = _phase(book, phase_key)
    entry = next((found for found in parent.steps if found.key == step_key), None)
    if entry is None:
        raise Http404
    return render(request, "methodology/step.html", step_context(book, entry))


@require_safe
def tool(request: HttpRequest, key: str, slot_key: str) -> HttpResponse:
    book = _book(request, key)
    slot = next((found for found in book.catalogue.slots if found.key == slot_key), None)
    if slot is None:
        raise Http404
    return render(request, "methodology/tool.html", tool_context(book, slot))


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    language = translation.get_language() or "nb"
    found = [
        _found(book, hit)
        for book in _books(request)
        for hit in search_catalogue(book.catalogue, query, language)
    ]
    context = {"query": query, "found": found, "language": language}
    return render(request, "methodology/search.html", context)


def _books(request: HttpRequest) -> list[Book]:
    """What the person can read, by title."""
    books = [_book_of(version) for version in published_versions(request.user)]
    return sorted(books, key=lambda book: book.catalogue.title.casefold())


def _book_of(version: MethodVersion) -> Book:
    owner = version.method.organisation
    return Book(catalogue_of(version), owner=owner.name if owner else "")


def _book(request: HttpRequest, key: str) -> Book:
    asked = request.GET.get("version", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) <= 6):
        raise Http404
    try:
        version = version_for_page(key, request.user, int(asked) if asked else None)
    except MethodVersion.DoesNotExist as error:
        raise Http404 from error
    owner = version.method.organisation
    return Book(
        catalogue_of(version),
        query=f"?version={version.number}" if asked else "",
        owner=owner.name if owner else "",
    )


def _phase(book: Book, key: str) -> PhaseEntry:
    try:
        return book.catalogue.phase(key)
    except KeyError as error:
        raise Http404 from error


def _found(book: Book, hit: Hit) -> FoundPlace:
    catalogue = book.catalogue
    title = catalogue.title
    if hit.kind == "method":
        return FoundPlace(hit, _("Method"), "", book.address())
    if hit.kind == "role":
        return FoundPlace(hit, _("Role"), title, f"{book.address()}#role-{hit.key}")
    if hit.kind == "principle":
        return FoundPlace(hit, _("Principle"), title, f"{book.address()}#principle-{hit.key}")
    if hit.kind == "tool":
        return FoundPlace(hit, _("Tool"), title, book.address(catalogue.slot(hit.key)))
    phase = catalogue.phase(hit.phase_key)
    if hit.kind == "gate":
        return FoundPlace(
            hit, _("Decision"), f"{title} · {phase.title}", f"{book.address(phase)}#gate"
        )
    if hit.kind == "phase":
        word = catalogue.word("phase").capitalize()
        return FoundPlace(hit, word, title, book.address(phase))
    word = catalogue.word("step").capitalize()
    place = f"{title} · {phase.title}"
    return FoundPlace(hit, word, place, book.address(catalogue.step(hit.key)))
