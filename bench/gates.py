"""The gate: submitting a large project, and opening what was submitted; and ten times as much."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from bench.methods import make_project, publish, texts
from bench.timing import Measured, best_of
from benefits.enums import Category
from benefits.models import Benefit
from methodology.enums import GateOutcome
from methodology.files import read_version
from methodology.models import MethodVersion
from phases.canonical import canonical_bytes, digest
from phases.models import GateSubmission
from phases.record import content_of
from phases.services import submit_gate
from projects.method import catalogue_of_project
from projects.models import Project
from worksheets.models import Sheet

BENEFITS, WORKSHEETS = 500, 50


def measure(rounds: int) -> Iterator[Measured]:
    """Needs the methods and the people of ``bench.methods``."""
    leader = User.objects.get(email="bench@veikart.test")
    for times in (1, 10):
        yield from _gate(times, leader, max(rounds // times, 2))


def _gate(times: int, leader: User, rounds: int) -> Iterator[Measured]:
    project = make_project(f"Port {times}", _version(times), leader)
    _fill(project, leader, times)
    with CaptureQueriesContext(connection) as submitting:
        submission = _submit(project, leader)
    content = content_of(submission.record)

    def submit() -> None:
        with transaction.atomic():
            _submit(other, leader)
            transaction.set_rollback(True)

    other = make_project(f"Port {times} igjen", project.method_version, leader)
    _fill(other, leader, times)
    size = f"{BENEFITS * times} benefits, {WORKSHEETS * times} worksheets"
    floor = best_of(rounds, lambda: digest(canonical_bytes(content)))
    yield Measured(
        f"submit: {size} ({len(submitting)} queries)",
        best_of(rounds, submit),
        "the record's bytes and digest",
        floor,
    )
    with _pages() as _on:
        client = Client()
        client.force_login(leader, backend="django.contrib.auth.backends.ModelBackend")
        address = reverse("phases:review", args=[project.pk, submission.pk])
        with CaptureQueriesContext(connection) as opening:
            assert client.get(address).status_code == 200, address
        yield Measured(
            f"open it: {size} ({len(opening)} queries)",
            best_of(rounds, lambda: client.get(address)),
            "the record's bytes and digest",
            floor,
        )


def _pages() -> AbstractContextManager[None]:
    return override_settings(ROOT_URLCONF="bench.urls", ALLOWED_HOSTS=["*"])


def _submit(project: Project, leader: User) -> GateSubmission:
    return submit_gate(
        project=project,
        phase_key="anchoring",
        recommended_outcome=GateOutcome.REWORK,
        recommendation="Mer arbeid.",
        actor=leader,
    )


def _version(times: int) -> MethodVersion:
    """KS' Veikart with so many more worksheets of one field each."""
    content: dict[str, Any] = dict(read_version(settings.METHOD_FILES / "ks-veikart" / "2").content)
    keys = [f"sheet-{number}" for number in range(WORKSHEETS * times)]
    pattern = content["tools"][0]
    content["tools"] = [
        *content["tools"],
        *({**pattern, "key": key, "tool": key.replace("-", "_"), "worksheet": key} for key in keys),
    ]
    fields = [{"key": "said", "kind": "long_text", "label": texts("Sagt")}]
    sections = [{"key": "part", "title": texts("Del"), "fields": fields}]
    content["worksheets"] = [
        *content["worksheets"],
        *({"key": key, "title": texts(key), "sections": sections} for key in keys),
    ]
    return publish(f"bench-gate-{times}", content)


def _fill(project: Project, leader: User, times: int) -> None:
    Benefit.objects.bulk_create(
        Benefit(
            project=project,
            code=f"G{number}",
            title=f"Gevinst {number}",
            category=Category.TIME_SAVED,
            hours_per_year=number,
            created_by=leader,
            updated_by=leader,
        )
        for number in range(1, BENEFITS * times + 1)
    )
    with translation.override("nb"):
        catalogue = catalogue_of_project(project)
        Sheet.objects.bulk_create(
            Sheet(
                project=project,
                worksheet_key=entry.key,
                answers={"said": "En setning om hva vi fant ut av."},
                number=1,
                updated_by=leader,
            )
            for entry in catalogue.worksheets
            if entry.key.startswith("sheet-")
        )
