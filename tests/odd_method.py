"""A small method whose two levels have names that no page can know beforehand.

Four legs: the first and the third end with a decision, the second and the last do not.
"""

from pathlib import Path

from methodology.models import MethodVersion
from methodology.services import load_method_version

KEY = "odd"

_METHOD = """\
format: 1
key: odd
version: 1
default_language: en
languages:
  en: {coverage: complete, origin: {en: Written for a test., nb: Skrevet for en test.}}
  nb: {coverage: complete, origin: {en: Written for a test., nb: Skrevet for en test.}}
title: {en: Odd method, nb: Rar metode}
summary: {en: A journey with strange names., nb: En reise med rare navn.}
words:
  phase:
    singular: {en: leg, nb: etappe}
    plural: {en: legs, nb: etapper}
    definite: {en: the leg, nb: etappen}
  step:
    singular: {en: chore, nb: syssel}
    plural: {en: chores, nb: sysler}
    definite: {en: the chore, nb: syssel}
sources:
  - {title: The source, url: "https://example.org/"}
roles:
  - key: owner
    title: {en: Owner, nb: Eier}
    description: {en: Answers for the project., nb: Svarer for prosjektet.}
    project_role: owner
    expected: true
tools:
  - key: benefits
    tool: benefits
    variant: ""
    title: {en: Benefits, nb: Gevinster}
    purpose: {en: Shows **benefits**., nb: Viser **gevinster**.}
    what: {en: All benefits., nb: Alle gevinster.}
"""

_LEG = """\
phase:
  key: {key}
  number: {number}
  title: {{en: "{title}", nb: "{title}"}}
  purpose: {{en: Why we are here., nb: Hvorfor vi er her.}}
  tools: [benefits]
  steps:
    - key: {key}-look
      number: 1
      title: {{en: Look around, nb: Se dere om}}
      origin: ours
      tools: [benefits]
      why: {{en: To see., nb: For å se.}}
      what: {{en: Look., nb: Se.}}
      how: {{en: [Go there.], nb: [Gå dit.]}}
      who: {{en: Everybody., nb: Alle.}}
      duration: {{en: A day., nb: En dag.}}
      result: {{en: Notes., nb: Notater.}}
      mistakes: {{en: [Talking too much.], nb: [Å snakke for mye.]}}
"""

_GATE = """\
  gate:
    key: gate-{key}
    origin: ours
    title: {{en: "Shall we leave {title}?", nb: "Skal vi forlate {title}?"}}
    purpose: {{en: Onwards or not., nb: Videre eller ikke.}}
    mode: {mode}
    outcomes: [go, go_with_conditions, rework, more_testing, {back}pause, stop, closed]
    back_to: {back_to}
    criteria:
      - key: seen-{key}
        severity: must
        title: {{en: Seen, nb: Sett}}
        guidance: {{en: Have you seen?, nb: Har dere sett?}}
        example: {{en: "Yes.", nb: "Ja."}}
        findings: []
"""


def load_odd_method(root: Path) -> MethodVersion:
    """Write the method's files below ``root`` and load them."""
    folder = root / KEY / "1"
    folder.mkdir(parents=True)
    (folder / "method.yaml").write_text(_METHOD, encoding="utf-8")
    legs = {
        "harbour": ("Harbour", _GATE.format_map(_gate("harbour", "Harbour", "advisory", []))),
        "fjord": ("Fjord", ""),
        "sea": ("Sea", _GATE.format_map(_gate("sea", "Sea", "mandatory", ["harbour", "fjord"]))),
        "island": ("Island", ""),
    }
    for number, (key, (title, gate)) in enumerate(legs.items(), start=1):
        text = _LEG.format(key=key, number=number, title=title) + gate
        (folder / f"phase-{number}-{key}.yaml").write_text(text, encoding="utf-8")
    load_method_version(folder)
    return MethodVersion.objects.select_related("method").get(method__key=KEY)


def _gate(key: str, title: str, mode: str, back_to: list[str]) -> dict[str, str]:
    return {
        "key": key,
        "title": title,
        "mode": mode,
        "back": "back, " if back_to else "",
        "back_to": f"[{', '.join(back_to)}]",
    }
