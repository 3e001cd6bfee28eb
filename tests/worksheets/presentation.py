"""The shipped project presentation, filled in as people would, without a database."""

import base64
import datetime
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from PIL import Image

from common.xlsx import CellKind
from methodology.files import read_version
from methodology.worksheets import WorksheetEntry, worksheet_of
from tools.contract import PersonRef, PrintedProject
from worksheets.building import ReadValue, Surroundings, build_sections, titles_of
from worksheets.dossier import Answer, LinkedRow, PictureRef, WorksheetDossier

PROJECT = PrintedProject(
    name="Digitalt tilsyn om natten",
    organisation="Fjordvik kommune",
    unit="Hjemmetjenesten",
    leaders=("Petter Prosjektleder",),
    method="KS Veikart",
    phase="Phase 2: Insight",
    phase_number=2,
    phase_count=6,
    day=datetime.date(2026, 3, 12),
    language="en",
)
PROBLEM = "Nattlige runder vekker dem som sover trygt."
GOAL = "Tryggere netter, og besøk når det trengs."
ALT = "Nattevakt i korridoren klokken tre om natten"
ANSWERS: dict[str, Any] = {
    "target_groups": "Sekstito beboere og elleve nattevakter.",
    "why_now": "Om to år åpner det nye bofellesskapet.",
    "plans": "Handlingsprogrammet, punkt 4.",
    "main_picture": {"picture": 1, "alt": ALT},
    "second_picture": {"picture": 2, "alt": "En dør på gløtt"},
    "picture_consent": "all_agreed",
    "quotes": [
        {"id": "a" * 12, "quote": "«Jeg våkner hver gang.»", "who": "Beboer", "consent": True},
        {"id": "b" * 12, "quote": "Uten samtykke.", "who": "Pårørende", "consent": False},
        {"id": "c" * 12, "quote": "Ikke spurt.", "who": "Vakt"},
    ],
    "figures": [
        {
            "id": "d" * 12,
            "figure": "Nattbesøk på Solbakken",
            "value": "1234.5",
            "unit": "besøk",
            "source": "Telling i uke 44",
            "measured_on": "2025-11-01",
        },
        {"id": "e" * 12, "figure": "Fall om natten", "value": "0", "unit": "fall"},
        {"id": "f" * 12, "figure": "Våkne timer"},
    ],
    "expected_benefits": ["benefits/benefits/1", "benefits/benefits/2"],
    "ask": "At ledergruppen frigjør to nattevakter én kveld i uken.",
    "next_steps": "Uke 36: arbeidsmøte.\nUke 37: intervjuer.",
}
# The second benefit is deleted.
LINKS = {
    "benefits/benefits/1": LinkedRow("benefits/benefits/1", "G1 Bedre søvn", "/g/1"),
    "benefits/benefits/2": LinkedRow("benefits/benefits/2", "", ""),
}


@lru_cache
def shipped(key: str = "project-presentation", folder: str = "ks-veikart/2") -> WorksheetEntry:
    content = read_version(settings.METHOD_FILES / folder).content
    found = next(each for each in content["worksheets"] if each["key"] == key)
    return worksheet_of(found)


def filled(
    answers: Mapping[str, Any] | None = None,
    *,
    entry: WorksheetEntry | None = None,
    problem: str = PROBLEM,
    goal: str = GOAL,
) -> WorksheetDossier:
    """The whole dossier, as somebody who writes in the project sees it."""
    entry = entry or shipped()
    around = Surroundings(
        pictures={1: PictureRef(1, "", 900, 600), 2: PictureRef(2, "", 600, 900)},
        links=LINKS,
        read={
            "project.name": ReadValue(CellKind.TEXT, Answer(text=PROJECT.name)),
            "project.unit": ReadValue(CellKind.TEXT, Answer(text=PROJECT.unit)),
            "project.problem": ReadValue(CellKind.LONG_TEXT, Answer(text=problem)),
            "project.goal": ReadValue(CellKind.LONG_TEXT, Answer(text=goal)),
            "project.owner": _people("Dagny Direktør"),
            "project.leader": _people("Petter Prosjektleder"),
        },
    )
    return WorksheetDossier(
        key=entry.key,
        titles=titles_of(entry.texts),
        number=1,
        sections=build_sections(entry, ANSWERS if answers is None else answers, around),
    )


def _people(name: str) -> ReadValue:
    return ReadValue(CellKind.PERSON, Answer(people=(PersonRef(1, name),)))


@lru_cache
def picture(width: int = 90, height: int = 60) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (30, 80, 90)).save(buffer, "JPEG")
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def pictures() -> dict[int, str]:
    return {1: picture(), 2: picture(60, 90)}
