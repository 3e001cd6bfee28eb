"""A method whose tools are worksheets, with every kind of field, written in two phases."""

import datetime
from pathlib import Path
from typing import Any

import yaml

from accounts.policy import ProjectRole
from methodology.models import MethodVersion
from methodology.services import load_method_version
from phases.services import start_project
from projects.models import Project
from projects.services import add_member
from tests.methodology.conftest import METHOD, PHASE

KEY = "with-sheets"


def _said(words: str) -> dict[str, str]:
    """A title: Norwegian and English differ, so that tests see which is shown."""
    return {"nb": f"{words} (nb)", "nn": f"{words} (nn)", "sv": f"{words} (sv)", "en": words}


def _guidance(words: str) -> dict[str, str]:
    return {"nb": words, "sv": words}


def _field(key: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "label": _said(label), **more}


_CHOICES = [
    {"key": "much", "label": _said("Much")},
    {"key": "little", "label": _said("Little")},
]

INTERVIEW_COLUMNS = [
    _field("pseudonym", "short_text", "Code", required=True),
    _field("consent", "yes_no", "Has consented", required=True),
    _field("delete_on", "date", "Erased on", required=True),
    _field("notes", "long_text", "Notes", sensitivity="perishable", delete_on="delete_on"),
    _field("need", "long_text", "Need"),
    _field("cost", "money", "Cost"),
    _field("met_by", "person", "Met by"),
    _field("later", "short_text", "Later", required=True, required_from="second"),
]

PLAN = {
    "key": "plan",
    "title": _said("Plan"),
    "purpose": _guidance("Skriv **planen** her."),
    "warning": _guidance("Ingen helseopplysninger her."),
    "sections": [
        {
            "key": "about",
            "title": _said("About"),
            "help": _guidance("Begynn her."),
            "fields": [
                _field("project_name", "read", "Name of the project", source="project.name"),
                _field("leads", "read", "Leader", source="project.leader"),
                _field("benefits_found", "read", "Benefits", source="benefits.benefits"),
                _field(
                    "goal",
                    "long_text",
                    "Goal of the pilot",
                    help=_guidance("Hva vil dere vite?"),
                    example=_guidance("Om de sover bedre."),
                    required=True,
                ),
                _field("place", "short_text", "Place"),
                _field("worry", "long_text", "Worry", sensitivity="restricted"),
                _field(
                    "evaluation", "long_text", "Evaluation", required=True, required_from="second"
                ),
            ],
        },
        {
            "key": "figures",
            "title": _said("Figures"),
            "fields": [
                _field("flats", "number", "Flats", unit=_said("flats")),
                _field("share", "number", "Share", decimals=2),
                _field("budget", "money", "Budget"),
                _field("starts", "date", "Starts"),
                _field("responsible", "person", "Responsible"),
                _field("is_safe", "yes_no", "Is it safe"),
                _field("novelty", "choice", "Novelty", choices=_CHOICES),
                _field("sources", "choices", "Sources", choices=_CHOICES),
                _field(
                    "belief",
                    "scale",
                    "Belief",
                    **{"from": 1, "to": 5},
                    low=_said("No"),
                    high=_said("Yes"),
                ),
                _field("image", "picture", "Image"),
                _field("serves", "link", "Serves", tools=["benefits", "interviews"]),
            ],
        },
    ],
}

INTERVIEWS = {
    "key": "interviews",
    "title": _said("Interviews"),
    "sections": [
        {
            "key": "people",
            "title": _said("People"),
            "fields": [
                _field(
                    "talks",
                    "rows",
                    "Talks",
                    singular=_said("talk"),
                    required=True,
                    row_label="pseudonym",
                    most=5,
                    columns=INTERVIEW_COLUMNS,
                ),
                _field("patterns", "long_text", "Patterns"),
            ],
        }
    ],
}


def _slot(key: str, worksheet: str, tool: str) -> dict[str, Any]:
    return {
        "key": key,
        "tool": tool,
        "worksheet": worksheet,
        "origin": "ours",
        "title": _said(f"Tool {key}"),
        "purpose": _guidance(f"Viser {key}."),
        "what": _guidance("Alt."),
    }


SLOTS = [_slot("plan", "plan", "trial"), _slot("interviews", "interviews", "interviews")]


def write_method(
    root: Path,
    *,
    number: int = 1,
    worksheets: tuple[dict[str, Any], ...] = (PLAN, INTERVIEWS),
    slots: list[dict[str, Any]] | None = None,
) -> Path:
    """The method's files in ``root/with-sheets/<number>/``."""
    folder = root / KEY / str(number)
    folder.mkdir(parents=True)
    method = yaml.safe_load(METHOD)
    method |= {"key": KEY, "version": number}
    method["tools"] = [*method["tools"], *(SLOTS if slots is None else slots)]
    _write(folder / "method.yaml", method)
    for place, name in enumerate(("first", "second"), start=1):
        text = PHASE.format(
            phase=name,
            number=place,
            outcomes="[go, stop]" if place == 1 else "[go, back, stop]",
            back_to="[]" if place == 1 else "[first]",
        )
        phase = yaml.safe_load(text.replace("?", ""))
        keys = [slot["key"] for slot in (SLOTS if slots is None else slots)]
        phase["phase"]["tools"] = ["benefits", *keys]
        phase["phase"]["gate"]["criteria"][0]["findings"] = [
            "benefits.none",
            *(["interviews.none", "trial.incomplete"] if keys else []),
        ]
        if any(sheet["key"] == "interviews" for sheet in worksheets):
            phase["phase"]["insight"] = [
                {"key": "talks", "title": _said("Talks with people"), "from": ["interviews.talks"]},
            ]
        _write(folder / f"phase-{place}-{name}.yaml", phase)
    for sheet in worksheets:
        _write(folder / f"worksheet-{sheet['key']}.yaml", {"worksheet": sheet})
    return folder


def _write(path: Path, content: Any) -> None:
    class NoAliases(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    path.write_text(
        yaml.dump(content, Dumper=NoAliases, allow_unicode=True, sort_keys=False),
        encoding="utf-8",
    )


def load_sheets_method(root: Path, **version: Any) -> MethodVersion:
    folder = write_method(root, **version)
    load_method_version(folder)
    return MethodVersion.objects.select_related("method").get(
        method__key=KEY, number=int(folder.name)
    )


def start_sheets_project(
    municipality: Any, version: MethodVersion, name: str = "Digitalt tilsyn"
) -> Project:
    """A project of the method, with leader, member and reader."""
    project = start_project(
        unit=municipality.home_care,
        name=name,
        problem="Nattbesøk vekker dem som sover.",
        goal="Tryggere netter.",
        method_version=version,
        document_language="nb",
        starts_on=datetime.date(2026, 1, 12),
        leader=municipality.leader,
        actor=municipality.leader,
    ).project
    for user, role in (
        (municipality.member, ProjectRole.MEMBER),
        (municipality.reader, ProjectRole.READER),
    ):
        add_member(project=project, user=user, role=role, actor=municipality.leader)
    return Project.objects.with_method().get(pk=project.pk)
