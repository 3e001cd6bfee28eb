"""A real Chromium against a real server, with a real worker in a process of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from accounts.models import User

# ``script/test`` names the browser, or says that there is none to be had.
CHROMIUM = (
    None
    if os.environ.get("SKIP_BROWSER_TESTS")
    else (os.environ.get("CHROMIUM") or shutil.which("chromium"))
)
# Playwright runs an event loop of its own in this thread; Django's guard means another kind.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process drives the browser; without Chromium the tests say loudly why they do not run."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.xdist_group("browser"))
        if CHROMIUM is None:
            item.add_marker(
                pytest.mark.skip(reason="NO CHROMIUM: install Debian's package chromium")
            )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    arguments = [
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def shared_files(settings: Any) -> Path:
    """Files where the worker's process finds them too."""
    location = Path(django_settings.VAR_DIR) / "files"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": location},
        },
    }
    return location


@pytest.fixture
def worker(transactional_db: None, shared_files: Path, tmp_path: Path) -> Iterator[None]:
    """A Celery worker on the test database and the broker of the settings."""
    log = (tmp_path / "worker.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "veikart", "worker", "-P", "solo", "-l", "INFO"],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": _database_url(),
            "VEIKART_VAR_DIR": str(django_settings.VAR_DIR),
            "DJANGO_SETTINGS_MODULE": "veikart.settings",
        },
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    yield
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
    log.close()


def _database_url() -> str:
    """The test database, as the worker's environment names it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}"
        f":{database['PORT']}/{database['NAME']}"
    )


@pytest.fixture
def page_for(browser: Browser, live_server: Any, settings: Any) -> Iterator[Callable[..., Page]]:
    """A signed-in page in a browser of its own; anything the console complains about fails."""
    settings.ALLOWED_HOSTS = ["*"]
    contexts = []
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "favicon" not in message.text:
            complaints.append(f"{message.text} {message.location.get('url', '')}")

    def page_for(user: User | None = None, *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="nb-NO",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if user is not None:
            sign_in(page, user)
        return page

    yield page_for
    for context in contexts:
        context.close()
    assert complaints == []


def sign_in(page: Page, user: User, password: str = "veikart-demo") -> None:  # noqa: S107
    page.goto("/logg-inn/")
    page.fill("#id_username", user.email)
    page.fill("#id_password", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/logg-inn/" not in url)


@pytest.fixture
def audit_page() -> Callable[[Page], list[str]]:
    """What axe and a ruler find wrong with the page: rule and place, and sideways scrolling."""
    source = (django_settings.NODE_MODULES / "axe-core" / "axe.min.js").read_text()

    def audit_page(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(result => result.violations"
            ".flatMap(v => v.nodes.map(node => `${v.id}: ${node.html.slice(0, 160)}`)))"
        )
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if overflow > 0:
            found.append(f"the page scrolls sideways by {overflow} px")
        return list(found)

    return audit_page
