"""Serve a short, explicit list of files out of ``node_modules`` under ``npm/``.

Whole folders would publish nine hundred files that nobody asks for. The paths are kept as they
are under ``node_modules``, so that relative references inside the files stay valid.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import utils
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "npm"

NODE_FILES: tuple[str, ...] = (
    "@digdir/designsystemet-css/dist/src/index.css",
    "@digdir/designsystemet-css/dist/theme/designsystemet.css",
    *(
        f"@fontsource/inter/files/inter-{subset}-{weight}-normal.woff2"
        for subset in ("latin", "latin-ext")
        for weight in (400, 500, 600, 700)
    ),
)


def missing_node_files() -> list[str]:
    """The listed files that are not installed, in the order of the list."""
    root = Path(settings.NODE_MODULES)
    return [name for name in NODE_FILES if not (root / name).is_file()]


class NodeModulesFinder(BaseFinder):
    """Finds the files of ``NODE_FILES`` and nothing else."""

    def __init__(self, _app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=settings.NODE_MODULES)
        # collectstatic reads the prefix from the storage, not from the finder.
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        name = path.replace("\\", "/").removeprefix(f"{PREFIX}/")
        if name == path or name not in NODE_FILES or not self.storage.exists(name):
            return []
        found = self.storage.path(name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in NODE_FILES:
            if self.storage.exists(name) and not utils.matches_patterns(
                name, ignore_patterns or []
            ):
                yield name, self.storage
