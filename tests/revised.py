"""Another version of a method, and a project that is moved to it."""

import copy
import hashlib
import json
from collections.abc import Callable
from typing import Any

from methodology.catalogue import forget_catalogues
from methodology.models import MethodVersion, VersionDocument
from projects.models import Project

NUMBER = 99


def revised(version: MethodVersion, change: Callable[[dict[str, Any]], None]) -> MethodVersion:
    """A published version with the content of ``version`` after ``change``."""
    content = copy.deepcopy(version.document.content)
    content["version"] = NUMBER
    change(content)
    new = MethodVersion.objects.create(method=version.method, number=NUMBER, status="draft")
    VersionDocument.objects.create(version=new, content=content)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    MethodVersion.objects.filter(pk=new.pk).update(status="published", content_hash=digest)
    forget_catalogues()
    return MethodVersion.objects.select_related("method").get(pk=new.pk)


def moved(project: Project, version: MethodVersion) -> Project:
    """The project on ``version``, with its state untouched."""
    Project.objects.filter(pk=project.pk).update(method_version=version)
    return Project.objects.select_related("organisation", "unit", "method_version__method").get(
        pk=project.pk
    )


def phase_in(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(phase for phase in content["phases"] if phase["key"] == key)


def without_phase(key: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        content["phases"] = [phase for phase in content["phases"] if phase["key"] != key]
        for phase in content["phases"]:
            if phase["gate"]:
                phase["gate"]["back_to"] = [
                    each for each in phase["gate"]["back_to"] if each != key
                ]

    return change


def without_step(phase_key: str, key: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        phase = phase_in(content, phase_key)
        phase["steps"] = [step for step in phase["steps"] if step["key"] != key]

    return change


def with_more(content: dict[str, Any]) -> None:
    """One more step in the first phase, and one more phase after it with a gate of its own."""
    first = content["phases"][0]
    step = copy.deepcopy(first["steps"][0])
    step |= {"key": "look-twice", "number": len(first["steps"]) + 1, "tools": []}
    first["steps"].append(step)
    phase = copy.deepcopy(content["phases"][1])
    phase |= {"key": "second-thoughts", "tools": [], "examples": []}
    phase["steps"] = [step | {"key": "think-again", "number": 1}]
    phase["gate"] |= {"key": "gate-second-thoughts", "mode": "advisory", "back_to": []}
    content["phases"].insert(1, phase)
    for number, each in enumerate(content["phases"], start=1):
        each["number"] = number
