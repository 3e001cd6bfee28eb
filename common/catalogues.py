"""Message catalogues: which texts the code and templates hold, and keeping the files in step.

Uses Babel, so that neither developers nor CI need GNU gettext. English is the language of the
message ids and has no catalogue.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGES = ("nb", "nn", "sv")
FOLDERS = (
    "common",
    "audit",
    "accounts",
    "methodology",
    "projects",
    "tools",
    "phases",
    "team",
    "benefits",
    "worksheets",
    "reports",
    "authoring",
    "inbox",
    "veikart",
    "templates",
)
_KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def po_path(base: Path, language: str) -> Path:
    return base / "locale" / language / "LC_MESSAGES" / "django.po"


def collect(base: Path) -> Catalog:
    """Every text of the interface, with the files it stands in."""
    catalog = Catalog(project="Veikart", charset="utf-8")
    for path in sorted(_sources(base)):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What is no text comes back as letters; its indentation means nothing to Python.
            lines = templatize(text, origin=str(path)).splitlines()
            text = "\n".join(line.lstrip() for line in lines)
        place = str(path.relative_to(base))
        source = io.BytesIO(text.encode("utf-8"))
        for _line, message, _comments, context in extract(
            "python", source, keywords=_KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalog.add(message, locations=[(place, 0)], context=context)
    return catalog


def _sources(base: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for ending in ("py", "html", "txt"):
            for path in (base / folder).rglob(f"*.{ending}"):
                if "migrations" not in path.parts and "node_modules" not in path.parts:
                    yield path


def read(base: Path, language: str) -> Catalog:
    """The stored catalogue; an empty one when there is no file yet."""
    path = po_path(base, language)
    if not path.exists():
        return Catalog(locale=language, project="Veikart", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(base: Path, language: str, collected: Catalog) -> Catalog:
    """Bring the stored catalogue in step: new texts empty, gone texts gone, the rest kept."""
    catalog = read(base, language)
    catalog.update(collected, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    # A header marked as fuzzy would make the compiler skip the whole file.
    catalog.fuzzy = False
    catalog.header_comment = "# The texts of the interface; manage.py messages keeps them in step."
    catalog.last_translator = catalog.language_team = "Veikart"
    catalog.msgid_bugs_address = ""
    catalog.revision_date = catalog.creation_date
    path = po_path(base, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(
            file, catalog, width=100, sort_output=True, include_lineno=False, omit_header=False
        )
    return catalog


def untranslated(catalog: Catalog) -> list[str]:
    """Message ids without a complete translation."""
    return [
        str(message.id)
        for message in catalog
        if message.id
        and (
            message.fuzzy
            or not (
                all(message.string) if isinstance(message.string, tuple | list) else message.string
            )
        )
    ]
