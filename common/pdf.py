"""HTML into PDF: the only place that draws PDF.

The HTML asks for its style sheet, typeface and pictures by their names under ``static/``, such as
``reports/report.css``. Nothing else can be fetched: neither files of the machine nor addresses on
a network, whatever the text of a report holds.
"""

import mimetypes
from collections.abc import Iterable
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


def _laid_out(html: str) -> "Document":
    try:
        # Slow to import, and it needs libraries of the system that pages can do without.
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise PdfUnavailable from error
    return HTML(string=html, base_url=STATIC_BASE, url_fetcher=_fetcher()).render(
        pdf_variant=VARIANT
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
