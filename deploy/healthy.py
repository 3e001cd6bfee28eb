"""Answers with its exit code whether this container works: ``healthy.py web|worker|beat``.

Needs nothing but Python for web and beat, so that it is cheap to ask often.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# Beat writes its schedule at least every three minutes.
SILENCE = 10 * 60


def own_host(allowed: str) -> str:
    """Returns a name from ALLOWED_HOSTS: Django refuses requests to any other."""
    first = allowed.split(",")[0].strip().lstrip(".")
    return first if first not in {"", "*"} else "localhost"


def web() -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz",
        headers={"Host": own_host(os.environ.get("ALLOWED_HOSTS", ""))},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def worker() -> bool:
    name = f"celery@{socket.gethostname()}"
    command = ["celery", "--app=veikart", "inspect", "ping", "--timeout=5", f"--destination={name}"]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603


def beat() -> bool:
    """Beat keeps its schedule where CELERY_BEAT_SCHEDULE_FILENAME says: in the folder for files."""
    folder = Path(os.environ.get("VEIKART_VAR_DIR", "var"))
    written = [path.stat().st_mtime for path in folder.glob("celerybeat-schedule*")]
    return bool(written) and time.time() - max(written) < SILENCE


def main(arguments: list[str]) -> int:
    parts = {"web": web, "worker": worker, "beat": beat}
    if len(arguments) != 1 or arguments[0] not in parts:
        sys.stderr.write("usage: healthy.py web|worker|beat\n")
        return 2
    return 0 if parts[arguments[0]]() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
