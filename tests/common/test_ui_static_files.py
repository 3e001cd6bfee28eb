import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from common.checks import installed_npm_files
from common.staticfiles import NODE_FILES, NodeModulesFinder

ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def modules(settings, tmp_path):
    """A node_modules folder with every listed file, and one that is not listed."""
    for name in (*NODE_FILES, "@digdir/designsystemet-css/README.md"):
        file = tmp_path / "node_modules" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    settings.NODE_MODULES = tmp_path / "node_modules"
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "node_modules"


def test_the_finder_lists_exactly_the_files_of_the_list(modules: Path) -> None:
    found = [(name, storage.prefix) for name, storage in NodeModulesFinder().list([])]
    assert found == [(name, "npm") for name in NODE_FILES]


def test_the_finder_leaves_out_what_collectstatic_ignores(modules: Path) -> None:
    assert [name for name, _storage in NodeModulesFinder().list(["*.woff2", "*.css"])] == []


@pytest.mark.parametrize(
    "path",
    [
        "npm/@digdir/designsystemet-css/README.md",
        "npm/../package.json",
        "npm/@digdir/designsystemet-css/../designsystemet-css/dist/src/index.css",
        "@digdir/designsystemet-css/dist/src/index.css",
        "css/veikart.css",
    ],
)
def test_the_finder_serves_nothing_else(modules: Path, path: str) -> None:
    assert NodeModulesFinder().find(path) == []


def test_the_finder_finds_a_listed_file(modules: Path) -> None:
    finder = NodeModulesFinder()
    expected = str(modules / NODE_FILES[0])
    found = finder.find(f"npm/{NODE_FILES[0]}"), finder.find(f"npm/{NODE_FILES[0]}", find_all=True)
    assert found == (expected, [expected])


def test_the_check_is_silent_when_all_is_installed(modules: Path) -> None:
    assert installed_npm_files(app_configs=None) == []


def test_the_check_says_which_command_to_run(modules: Path) -> None:
    (modules / NODE_FILES[0]).unlink()
    [warning] = installed_npm_files(app_configs=None)
    assert (warning.id, NODE_FILES[0] in warning.msg, "script/bootstrap" in warning.hint) == (
        "common.W001",
        True,
        True,
    )


def test_the_check_is_silent_where_files_have_been_collected(modules: Path, tmp_path: Path) -> None:
    (modules / NODE_FILES[0]).unlink()
    (tmp_path / "static" / "npm").mkdir(parents=True)
    assert installed_npm_files(app_configs=None) == []


def test_our_stylesheets_refer_only_to_files_that_are_served() -> None:
    references = {
        (sheet.name, reference): finders.find(
            str((Path("css") / reference).as_posix()).replace("css/../", "")
        )
        for sheet in (ROOT / "static" / "css").glob("*.css")
        for reference in re.findall(r'url\("([^"]+)"\)', sheet.read_text())
    }
    assert (len(references), [key for key, file in references.items() if not file]) == (8, [])


def test_the_lock_file_names_no_address_outside_the_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    resolved = [package.get("resolved", "") for package in lock["packages"].values()]
    outside = [url for url in resolved if url and not url.startswith("https://registry.npmjs.org/")]
    assert outside == []


TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted(
    (ROOT / "templates").rglob("*.svg")
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_script_or_handlers(template: Path) -> None:
    text = template.read_text()
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", text) == []
