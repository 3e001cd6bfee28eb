"""Both versions of a method, a project on the first, and ways to move it."""

import copy
import datetime

import pytest
from django.conf import settings

from methodology.files import hash_of
from methodology.models import MethodVersion, VersionDocument
from methodology.services import load_method_version, overlaying
from phases.enums import StepStatus
from phases.models import ProjectStep
from phases.services import (
    move_project,
    start_project,
    update_step,
)
from projects.models import Project


@pytest.fixture
def versions(db):
    """Both versions of KS' Veikart as they are shipped, the second published."""
    for number in (1, 2):
        if not MethodVersion.objects.filter(method__key="ks-veikart", number=number).exists():
            load_method_version(settings.METHOD_FILES / "ks-veikart" / str(number))
    return {
        each.number: each
        for each in MethodVersion.objects.filter(method__key="ks-veikart").select_related("method")
    }


@pytest.fixture
def project(versions, municipality):
    """On the first version, with work in it."""
    return start_project(
        unit=municipality.home_care,
        name="Digitalt tilsyn",
        problem="Nattbesøk vekker.",
        goal="Ro om natten.",
        method_version=versions[1],
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        leader=municipality.leader,
        actor=municipality.leader,
    ).project


def fresh(project):
    return Project.objects.select_related("organisation", "unit").with_method().get(pk=project.pk)


def move(project, version, actor, overlay=None):
    return move_project(
        project=project,
        version=version,
        overlay=overlay,
        actor=actor,
        expected_version=fresh(project).row_version,
    )


def write_notes(project, step_key, actor, notes="Snakket med ombudet."):
    step = ProjectStep.objects.get(project=project, step_key=step_key)
    step.project = project
    step.status, step.notes = StepStatus.IN_PROGRESS, notes
    update_step(step=step, actor=actor, changed=["status", "notes"])


def version_with(version, number, change):
    """A published version made from another by ``change(content)``."""
    content = copy.deepcopy(version.document.content)
    content["version"] = number
    change(content)
    made = MethodVersion.objects.create(method=version.method, number=number)
    VersionDocument.objects.create(version=made, content=content)
    MethodVersion.objects.filter(pk=made.pk).update(
        status="published", content_hash=hash_of(content)
    )
    return MethodVersion.objects.select_related("method").get(pk=made.pk)


def overlay_for(place, version, write):
    draft = overlaying.draft_from_newest(
        organisation=place.organisation, method=version.method, actor=place.admin
    )
    write(draft, version.document.content)
    return overlaying.publish_overlay(
        draft=draft, version=version, content=version.document.content, actor=place.admin
    )


def change_of(plan, part, key):
    return next(change for change in plan.changes if (change.part, change.key) == (part, key))
