"""Runs web and worker side by side until one of them ends or somebody stops them.

Called by ``script/server``, which has prepared the database. Web is gunicorn: the server that
production uses; WhiteNoise serves the static files straight from their folders while DEBUG is on.
Ctrl-C and SIGTERM stop both within ``PATIENCE`` seconds; whoever has not ended then is killed,
which loses nothing because an interrupted job is put back at the next start.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

TOP = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
PATIENCE = 4.0
PEOPLE = (
    ("admin@veikart.test", "administrator"),
    ("leder@veikart.test", "project leader"),
    ("medlem@veikart.test", "project member"),
    ("linjeleder@veikart.test", "line manager, decides the gates"),
    ("leser@veikart.test", "reader"),
    ("nabo@veikart.test", "project leader in the other municipality"),
    ("ledare@veikart.test", "project leader in a Swedish municipality"),
    ("chef@veikart.test", "line manager there"),
    ("drift@veikart.test", "the installation's administrator, in no project"),
)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def commands(host: str, port: str) -> dict[str, list[str]]:
    """Returns name and command line of each process."""
    return {
        "web": [
            str(PROGRAMS / "gunicorn"),
            "veikart.wsgi",
            f"--bind={host}:{port}",
            "--worker-class=gthread",
            "--workers=1",
            "--threads=8",
            "--graceful-timeout=2",
            "--timeout=120",
            "--no-control-socket",
            "--log-level=warning",
        ],
        "worker": [
            str(PROGRAMS / "celery"),
            "--app=veikart",
            "--quiet",
            "worker",
            "--pool=solo",
            "--beat",
            "--without-gossip",
            "--without-mingle",
            # With it the worker takes twice as long to stop.
            "--without-heartbeat",
            "--loglevel=warning",
        ],
    }


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Starts a process in a group of its own, so that Ctrl-C reaches it once, through us."""
    # In a container everybody is root, and Celery's long warning about that helps nobody here.
    environment = {"PYTHONWARNINGS": "ignore:You're running the worker", **os.environ}
    return subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, start_new_session=True, env=environment
    )


def signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    """Sends a signal to a process and everything it has started; silent when nobody is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ends all processes; returns when none of them, nor any child of theirs, is left."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + PATIENCE
    for process in processes.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, end - time.monotonic()))
        # Also after an orderly end: a child that was left behind would keep port or queue.
        signal_group(process, signal.SIGKILL)
        process.wait()


def ready(address: str) -> bool:
    """Says whether /readyz answers 200; its complaints are no reason to stop waiting."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=1) as answer:  # noqa: S310
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def welcome(address: str) -> None:
    say(f"\nVeikart is ready: {address}\n\nDemo logins, all with the password veikart-demo:")
    for login, role in PEOPLE:
        say(f"  {login:<26} {role}")
    say("\nCtrl-C stops it.")


class Request:
    """Remembers the signal that asked for the end.

    A flag and not an exception: an exception could strike between the start of a process and the
    line that remembers it, and leave it running.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.number: int | None = None

    def listen(self) -> None:
        for number in self.SIGNALS:
            signal.signal(number, self._remember)

    def _remember(self, number: int, _frame: object) -> None:
        self.number = self.number or number


def ended(processes: dict[str, subprocess.Popen[bytes]]) -> str | None:
    """Returns the name of a process that is no longer running."""
    return next((name for name, process in processes.items() if process.poll() is not None), None)


def watch(processes: dict[str, subprocess.Popen[bytes]], request: Request, address: str) -> int:
    """Waits until somebody asks for the end or a process ends by itself; returns the exit code."""
    welcomed = False
    while True:
        # First the request: Ctrl-C in a terminal may have reached the processes as well.
        if request.number is not None:
            say("\nStopping ...")
            return 0 if request.number == signal.SIGINT else 128 + request.number
        name = ended(processes)
        if name is not None:
            # A request that arrives together with the end of a process explains that end.
            time.sleep(0.3)
            if request.number is not None:
                continue
            say(
                f"Stopped: {name} ended by itself (code {processes[name].returncode}); "
                "its last words stand above. The rest is being stopped."
            )
            return 1
        if not welcomed and ready(address):
            welcome(address)
            welcomed = True
        time.sleep(0.2)


def take_turn(var_dir: Path) -> TextIO | None:
    """Makes this the only server on a data folder; None when another one is running on it.

    Two of them would share database and queue, and both would run the timed jobs.
    """
    handle = (var_dir / "server.lock").open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def run(host: str, port: str) -> int:
    """Runs everything until the end and returns the exit code."""
    request = Request()
    request.listen()
    # An address to listen on, not one that can be visited.
    visited = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands(host, port).items():
            processes[name] = start(command)
        return watch(processes, request, f"http://{visited}:{port}")
    finally:
        stop(processes)


def main() -> int:
    os.chdir(TOP)
    var_dir = Path(os.environ.get("VEIKART_VAR_DIR", str(TOP / "var")))
    var_dir.mkdir(parents=True, exist_ok=True)
    lock = take_turn(var_dir)
    if lock is None:
        say(f"Stopped: another script/server is running on {var_dir}; stop that one first.")
        return 1
    with lock:
        return run(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))


if __name__ == "__main__":
    sys.exit(main())
