"""Two questions for those who operate: does the process live, and can it do its work?"""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)
OK = "ok"
PATIENCE = 2.0


class NotReady(Exception):  # noqa: N818 - an answer, not an error
    """A part cannot do its work; the text may be shown to anybody, so it names no addresses."""


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


# Set when the migrations were found complete: code and database of a running process do not
# fall behind again, and looking takes a walk through all migration files.
_migrated = False


def check_migrations() -> None:
    """Raises NotReady while migrations of this code are missing in the database."""
    global _migrated
    if _migrated:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are missing; run manage.py migrate")
    _migrated = True


def check_writable(folder: Path) -> None:
    """Raises OSError unless a file can be made in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as handle:
        handle.write(b"ready")


def check_queue() -> None:
    """Raises NotReady or an error of the client when orders cannot be left for the worker."""
    address = settings.CELERY_BROKER_URL
    kind = urlsplit(address).scheme
    if kind == "filesystem":
        check_writable(Path(str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])))
    elif kind in {"redis", "rediss"}:
        # Only where Redis is used; the embedded default never loads its client.
        from redis import Redis

        with Redis.from_url(
            address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
        ) as client:
            client.ping()
    elif kind != "memory":
        raise NotReady("this kind of queue is unknown")


def check_storage() -> None:
    """Raises OSError when reports and uploads cannot be written to the disk."""
    if isinstance(default_storage, FileSystemStorage):
        check_writable(Path(default_storage.path("")))


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "queue": check_queue,
    "storage": check_storage,
}


def result_of(name: str, check: Callable[[], None]) -> str:
    """Returns "ok" or what is wrong, in words that may be shown to anybody."""
    try:
        check()
    except NotReady as reason:
        return str(reason)
    # Whatever a driver raises: the part does not work, and its own words may name addresses.
    except Exception:
        logger.warning("Not ready: %s", name, exc_info=True)
        return "does not answer" if name in {"database", "migrations", "queue"} else "not writable"
    return OK


@never_cache
@require_safe
@login_not_required
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answers as long as the process can answer; asks nobody else."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
@login_not_required
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answers 200 when every part works, otherwise 503; says per part what is wrong."""
    results = {name: result_of(name, check) for name, check in CHECKS.items()}
    ready = all(result == OK for result in results.values())
    return JsonResponse({"ready": ready, "checks": results}, status=200 if ready else 503)
