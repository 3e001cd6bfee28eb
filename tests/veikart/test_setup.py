"""The scripts, the image and the compose file: what a person meets before the first page."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from django.conf import settings as django_settings

TOP = Path(__file__).resolve().parents[2]
SCRIPTS = ["bootstrap", "server", "test", "check", "services"]


def python(code: str, **environment: str) -> subprocess.Popen[str]:
    """Starts a Python that can import what lies in script/ and deploy/."""
    path = os.pathsep.join(str(TOP / folder) for folder in ("script", "deploy"))
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": path, **environment},
    )


def supervise(web: str, worker: str) -> subprocess.Popen[str]:
    """Starts the supervisor of script/server with two stand-ins, each given as Python code."""
    commands = {
        "web": [sys.executable, "-c", web],
        "worker": [sys.executable, "-c", worker],
    }
    return python(
        "import processes, sys\n"
        f"processes.commands = lambda host, port: {commands!r}\n"
        "processes.ready = lambda address: False\n"
        "sys.exit(processes.run('127.0.0.1', '1'))\n"
    )


def sleeper(name: Path) -> str:
    """Code that leaves its process number in a file and sleeps longer than any test."""
    return (
        f"import os, pathlib, time; p = pathlib.Path({str(name)!r}); "
        "t = p.with_suffix('.new'); t.write_text(str(os.getpid())); t.rename(p); time.sleep(600)"
    )


def wait_for(*names: Path) -> list[int]:
    """Returns the process numbers in the files as soon as all of them are there."""
    end = time.monotonic() + 20
    while not all(name.exists() for name in names):
        assert time.monotonic() < end, "the stand-ins did not start"
        time.sleep(0.02)
    return [int(name.read_text()) for name in names]


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_a_signal_ends_web_and_worker(tmp_path, sent, code):
    with supervise(sleeper(tmp_path / "web"), sleeper(tmp_path / "worker")) as process:
        numbers = wait_for(tmp_path / "web", tmp_path / "worker")
        process.send_signal(sent)
        words, _ = process.communicate(timeout=20)

    assert (process.returncode, words) == (code, "\nStopping ...\n")
    assert [is_running(number) for number in numbers] == [False, False]


def test_when_one_process_ends_the_other_is_stopped_and_the_first_is_named(tmp_path):
    with supervise(sleeper(tmp_path / "web"), "raise SystemExit(3)") as process:
        words, _ = process.communicate(timeout=20)

    assert process.returncode == 1
    assert words == (
        "Stopped: worker ended by itself (code 3); "
        "its last words stand above. The rest is being stopped.\n"
    )
    # It may have been stopped before it could write its number.
    assert not (tmp_path / "web").exists() or not is_running(int((tmp_path / "web").read_text()))


def test_children_that_were_left_behind_are_ended_too(tmp_path):
    leaves_child = (
        "import subprocess, sys; "
        f"subprocess.Popen([sys.executable, '-c', {sleeper(tmp_path / 'child')!r}]).wait()"
    )
    with supervise(leaves_child, sleeper(tmp_path / "worker")) as process:
        child, _ = wait_for(tmp_path / "child", tmp_path / "worker")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    end = time.monotonic() + 5
    while is_running(child) and time.monotonic() < end:
        time.sleep(0.02)

    # In a container without a reaper the ended child may stay as a zombie; it runs nothing.
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_two_servers_cannot_share_a_data_folder(tmp_path):
    code = (
        "import pathlib, processes\n"
        f"folder = pathlib.Path({str(tmp_path)!r})\n"
        "with processes.take_turn(folder):\n"
        "    print(processes.take_turn(folder))\n"
        "with processes.take_turn(folder) as again:\n"
        "    print(again.closed)\n"
    )
    with python(code) as process:
        assert process.communicate(timeout=20)[0].splitlines() == ["None", "False"]


def run_server(port: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [TOP / "script" / "server"],
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_port_in_use_is_said_in_one_sentence_before_anything_is_set_up():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        given = run_server(str(port))

    assert given == (
        1,
        "",
        f"Stopped: port {port} is in use; stop the program that uses it, or choose another: "
        f"PORT={port + 1} script/server\n",
    )


def test_a_port_that_is_no_number_is_refused():
    assert run_server("http") == (1, "", "Stopped: PORT must be a number, not 'http'.\n")


@pytest.fixture
def ordinary_user(tmp_path):
    """A copy of the scripts, and a PATH on which one is not root and sudo asks for a password."""
    folder = tmp_path / "copy"
    shutil.copytree(TOP / "script", folder / "script", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "uv.lock", "package.json", "package-lock.json"):
        shutil.copy(TOP / name, folder / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    stand_ins = {
        "id": "echo 1000",
        "sudo": "exit 1",
        # As Debian's python3 without python3-venv.
        "python3": f'case "$*" in *ensurepip*) exit 1;; esac; exec {sys.executable} "$@"',
    }
    for name, code in stand_ins.items():
        (programs / name).write_text(f"#!/bin/sh\n{code}\n")
        (programs / name).chmod(0o755)
    return folder, programs


def bootstrap(folder: Path, programs: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHON", None)
    return subprocess.run(
        [folder / "script" / "bootstrap"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_venv_and_root_the_set_up_stops_with_the_line_that_mends_it(ordinary_user):
    done = bootstrap(*ordinary_user)

    package = f"python3.{sys.version_info.minor}-venv"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"Stopped: Python's venv module is missing; run: sudo apt-get install {package}"
    )
    assert not (ordinary_user[0] / ".uv").exists()


def test_without_a_new_python_the_set_up_says_which_one_it_needs(ordinary_user):
    folder, programs = ordinary_user
    for minor in ("", ".11", ".12", ".13", ".14"):
        (programs / f"python3{minor}").write_text("#!/bin/sh\nexit 1\n")
        (programs / f"python3{minor}").chmod(0o755)

    done = bootstrap(folder, programs)

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Stopped: Python 3.11 or newer is missing; install it "
        "(Debian, Ubuntu: sudo apt-get install python3 python3-venv)."
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_can_be_run_and_stops_at_the_first_failure(name):
    script = TOP / "script" / name

    assert os.access(script, os.X_OK)
    assert '. "$(dirname "$0")/lib.sh"' in script.read_text()
    assert "set -euo pipefail" in (TOP / "script" / "lib.sh").read_text()


def test_image_and_scripts_use_the_same_uv():
    def version(name: str) -> list[str]:
        return re.findall(r"UV_VERSION=([\d.]+)", (TOP / name).read_text())

    assert version("Dockerfile") == version("script/bootstrap")


def test_the_image_does_not_run_as_root():
    lines = (TOP / "Dockerfile").read_text().splitlines()

    assert [line for line in lines if line.startswith("USER ")] == ["USER veikart"]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((TOP / "docker-compose.yml").read_text())


def test_the_compose_file_keeps_to_what_old_docker_compose_reads(compose):
    kept = {key for key in compose if not key.startswith("x-")}

    assert kept == {"version", "services", "volumes", "secrets"}
    assert compose["version"] == "3.8"
    assert set(compose["services"]) == {"web", "worker", "beat", "db", "redis"}


def test_every_service_has_a_health_check_and_comes_back(compose):
    assert [name for name, it in compose["services"].items() if "healthcheck" not in it] == []
    assert {it["restart"] for it in compose["services"].values()} == {"unless-stopped"}


def test_web_worker_and_beat_run_the_same_image_with_the_same_settings(compose):
    ours = [compose["services"][name] for name in ("web", "worker", "beat")]
    settings = [
        {key: value for key, value in it["environment"].items() if "PROCESSES" not in key}
        for it in ours
    ]

    assert len({it["image"] for it in ours}) == 1
    assert settings[0] == settings[1] == settings[2]


def test_secrets_come_from_files_and_each_service_gets_those_it_reads(compose):
    def read_by(service: dict) -> set[str]:
        files = {key: it for key, it in service.get("environment", {}).items() if "_FILE" in key}
        return {Path(it).name for it in files.values()}

    for service in compose["services"].values():
        assert read_by(service) == set(service.get("secrets", []))
    assert compose["secrets"] == {
        name: {"file": f"./secrets/{name}"}
        for name in ("secret_key", "database_url", "email_url", "postgres_password")
    }
    open_settings = json.dumps([it.get("environment", {}) for it in compose["services"].values()])
    assert re.findall(r'"(?:SECRET_KEY|DATABASE_URL|\w*PASSWORD)":', open_settings) == []


def test_nothing_but_web_is_published_and_that_only_to_the_machine_itself(compose):
    published = {name: it["ports"] for name, it in compose["services"].items() if "ports" in it}

    assert published == {"web": ["${PUBLISH:-127.0.0.1:8000}:8000"]}


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("veikart.example.no,other.no", "veikart.example.no"),
        (".example.no", "example.no"),
        ("*", "localhost"),
        ("", "localhost"),
    ],
)
def test_the_health_check_of_the_image_asks_by_a_name_that_django_accepts(allowed, host):
    with python(f"import healthy; print(healthy.own_host({allowed!r}))") as process:
        assert process.communicate(timeout=20)[0].strip() == host


def test_the_health_check_of_the_image_refuses_a_part_it_does_not_know():
    with python("import healthy, sys; sys.exit(healthy.main(['cellar']))") as process:
        words, _ = process.communicate(timeout=20)

    assert (process.returncode, words) == (2, "usage: healthy.py web|worker|beat\n")


@pytest.mark.parametrize(("age", "works"), [(60, True), (3600, False), (None, False)])
def test_beat_is_well_while_it_writes_its_schedule_where_the_settings_say(tmp_path, age, works):
    if age is not None:
        schedule = tmp_path / Path(django_settings.CELERY_BEAT_SCHEDULE_FILENAME).name
        schedule.touch()
        os.utime(schedule, (time.time() - age,) * 2)
    code = "import healthy; print(healthy.main(['beat']))"

    with python(code, VEIKART_VAR_DIR=str(tmp_path)) as process:
        assert process.communicate(timeout=20)[0].strip() == ("0" if works else "1")
