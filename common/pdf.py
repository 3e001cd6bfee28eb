"""HTML into PDF: the only place that draws PDF.

The HTML asks for its style sheet, typeface and pictures by their names under ``static/``, such as
``reports/report.css``. Nothing else can be fetched: neither files of the machine nor addresses on
a network, whatever the text of a report holds.
"""

import datetime
import mimetypes
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.urls import URLFetcher

# Never asked on any network: a name that cannot exist (RFC 2606), so that relative addresses in
# HTML and CSS have something to be relative to.
STATIC_BASE = "https://static.invalid/"
VARIANT = "pdf/ua-1"
# What an archive takes: PDF/A-3 may hold files inside, and "u" promises that every letter can be
# searched. The document is tagged like the others, but does not claim the level that promises it.
ARCHIVE_VARIANT = "pdf/a-3u"
ALLOWED_SUFFIXES = frozenset({".css", ".woff2", ".svg", ".png"})
SYSTEM_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


class PdfUnavailable(Exception):  # noqa: N818 -- a state of the machine
    """The libraries that draw PDF are missing here. ``str()`` says what to install."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "PDF cannot be made on this server, because libraries are missing. Whoever looks "
                "after it installs them with: apt-get install %(packages)s"
            )
            % {"packages": SYSTEM_PACKAGES}
        )


def render_pdf(html: str, *, language: str) -> bytes:
    """The whole document ``html`` as a tagged PDF (PDF/UA-1) in ``language``.

    Title and author are those of its ``<title>`` and ``<meta name="author">``. Raises
    :class:`PdfUnavailable` when WeasyPrint cannot be loaded.
    """
    return _written(_laid_out(html), language)


def render_first_that_fits(drafts: Iterable[str], *, language: str, most_pages: int) -> bytes:
    """As :func:`render_pdf`, of the first of ``drafts`` that takes ``most_pages`` at the most; of
    the last when none does. Drafts after the one that fits are not even asked for.

    Raises ``ValueError`` without drafts.
    """
    document = None
    for html in drafts:
        document = _laid_out(html)
        if len(document.pages) <= most_pages:
            break
    if document is None:
        raise ValueError("nothing to draw")
    return _written(document, language)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that lies inside a PDF/A-3, byte for byte. ``relationship`` is what it is to the
    document (ISO 32000-2, 7.11.3): ``Source`` when the document was made from it."""

    name: str
    description: str
    content: bytes
    moment: datetime.datetime
    relationship: str = "Source"


def render_archive_pdf(
    html: str,
    *,
    language: str,
    attached: Collection[Attached],
    identifier: str,
    moment: datetime.datetime,
) -> bytes:
    """The whole document ``html`` as a tagged PDF/A-3u in ``language``, with ``attached`` inside.

    The same arguments give the same bytes: ``identifier`` and ``moment`` stand where a random
    number and the clock would. An archive file may hold no empty box for a letter that no typeface
    has; such a letter is written out by its name, as ``[thumbs up sign]``. Raises
    :class:`PdfUnavailable` when WeasyPrint cannot be loaded.
    """
    pdf, missing = _archived(html, language, attached, identifier, moment)
    if missing:
        pdf, _missing = _archived(
            _spelled_out(html, missing), language, attached, identifier, moment
        )
    return pdf


def _archived(
    html: str,
    language: str,
    attached: Collection[Attached],
    identifier: str,
    moment: datetime.datetime,
) -> tuple[bytes, set[str]]:
    """The PDF, and the letters in it that no typeface has."""
    document = _laid_out(html, ARCHIVE_VARIANT, pdf_tags=True)
    from weasyprint import Attachment

    document.metadata.lang = language
    document.metadata.generator = "Veikart"
    document.metadata.created = document.metadata.modified = _w3c(moment)
    files = [
        Attachment(
            string=each.content,
            name=each.name,
            description=each.description,
            created=each.moment.astimezone(datetime.UTC),
            modified=each.moment.astimezone(datetime.UTC),
            relationship=each.relationship,
        )
        # A name tree is sorted.
        for each in sorted(attached, key=lambda each: each.name)
    ]
    pdf: bytes = document.write_pdf(
        pdf_variant=ARCHIVE_VARIANT,
        pdf_tags=True,
        pdf_identifier=identifier.encode(),
        attachments=files,
        finisher=_each_file_once,
    )
    # Known only when the pages have been written.
    return pdf, {chr(code) for font in document.fonts.values() for code in font.missing}


def _w3c(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _each_file_once(_document: "Document", pdf: Any) -> None:
    """WeasyPrint lists every attached file twice."""
    listed = pdf.catalog.get("AF")
    if listed:
        listed[:] = dict.fromkeys(listed)


def _spelled_out(html: str, missing: Collection[str]) -> str:
    names = {
        ord(letter): f"[{unicodedata.name(letter, f'U+{ord(letter):04X}').lower()}]"
        for letter in missing
    }
    return html.translate(names)


def _laid_out(html: str, variant: str = VARIANT, **options: Any) -> "Document":
    try:
        # Slow to import, and it needs libraries of the system that pages can do without.
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
    return HTML(string=html, base_url=STATIC_BASE, url_fetcher=_fetcher()).render(
        pdf_variant=variant, **options
    )


def _written(document: "Document", language: str) -> bytes:
    document.metadata.lang = language
    document.metadata.generator = "Veikart"
    pdf: bytes = document.write_pdf(pdf_variant=VARIANT)
    return pdf


def static_file(url: str) -> Path:
    """The file behind an address below ``STATIC_BASE``. Raises ``ValueError`` for all others."""
    name = unquote(url.removeprefix(STATIC_BASE).split("?")[0].split("#")[0])
    if not url.startswith(STATIC_BASE) or PurePosixPath(name).suffix not in ALLOWED_SUFFIXES:
        raise ValueError(f"a report may not fetch {url[:200]}")
    try:
        # In an image the sources are gone and only the collected files are left.
        found = finders.find(name) or _collected(name)
    except SuspiciousFileOperation as error:
        raise ValueError(f"a report may not fetch {url[:200]}") from error
    if not found:
        raise ValueError(f"no static file {name[:200]}")
    return Path(str(found))


def _collected(name: str) -> Path | None:
    root = Path(settings.STATIC_ROOT).resolve()
    path = (root / name).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None


def _fetcher() -> "URLFetcher":
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class StaticOnly(URLFetcher):  # type: ignore[misc,unused-ignore]
        """Static files and ``data:``; everything else is refused."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = static_file(url)
            content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    return StaticOnly(allowed_protocols={"data"}, allow_redirects=False)
