from pathlib import Path

import pytest

from methodology.catalogue import catalogue_of, forget_catalogues

METHOD = """\
format: 1
key: small
version: 1
default_language: nb
languages:
  nb: {coverage: complete, origin: Written for a test.}
  nn: {coverage: titles, origin: Written for a test.}
  sv: {coverage: complete, origin: Written for a test.}
  en: {coverage: titles, origin: Written for a test.}
title: {nb: Liten metode, nn: Liten metode, sv: Liten metod, en: Small method}
summary: {nb: En liten metode., sv: En liten metod.}
words:
  phase:
    singular: {nb: fase, nn: fase, sv: fas, en: phase}
    plural: {nb: faser, nn: fasar, sv: faser, en: phases}
  step:
    singular: {nb: steg, nn: steg, sv: steg, en: step}
    plural: {nb: steg, nn: steg, sv: steg, en: steps}
sources:
  - {title: Kilden, url: "https://example.org/"}
roles:
  - key: owner
    title: {nb: Eier, nn: Eigar, sv: Ägare, en: Owner}
    description: {nb: Svarer for prosjektet., sv: Svarar för projektet.}
    project_role: owner
    expected: true
tools:
  - key: benefits
    tool: benefits
    title: {nb: Gevinster, nn: Gevinstar, sv: Nyttor, en: Benefits}
    purpose: {nb: Viser gevinster., sv: Visar nyttor.}
    what: {nb: Alle gevinster., sv: Alla nyttor.}
    how: {nb: [Skriv.], sv: [Skriv.]}
    good: {nb: [Tydelig.], sv: [Tydligt.]}
    mistakes: {nb: [Utydelig.], sv: [Otydligt.]}
"""

PHASE = """\
phase:
  key: {phase}
  number: {number}
  title: {{nb: Fase {phase}, nn: Fase {phase}, sv: Fas {phase}, en: Phase {phase}}}
  purpose: {{nb: Formål., sv: Syfte.}}
  tips: {{nb: [Et tips.], sv: [Ett tips.]}}
  tools: [benefits]
  examples:
    - {{municipality: Fjordvik, name: Nattlys, text: {{nb: Lys., sv: Ljus.}}}}
  steps:
    - key: {phase}-look
      number: 1
      title: {{nb: Se, nn: Sjå, sv: Titta, en: Look}}
      tools: [benefits]
      why: {{nb: Derfor., sv: Därför.}}
      what: {{nb: Se på tjenesten., sv: Titta på tjänsten.}}
      how: {{nb: [Gå dit., Se deg om.], sv: [Gå dit., Se dig om.]}}
      who: {{nb: Alle., sv: Alla.}}
      duration: {{nb: En dag., sv: En dag.}}
      result: {{nb: Notater., sv: Anteckningar.}}
      tips: {{nb: [Vær stille.], sv: [Var tyst.]}}
      good: {{nb: [Dere så noe nytt.], sv: [Ni såg något nytt.]}}
      mistakes: {{nb: [Å snakke for mye.], sv: [Att prata för mycket.]}}
      for_leaders: {{nb: [Bli med.], sv: [Följ med.]}}
      questions: {{nb: [Hva skjer her?], sv: [Vad händer här?]}}
  gate:
    key: gate-{number}
    title: {{nb: Beslutning, nn: Avgjerd, sv: Beslut, en: Decision}}
    purpose: {{nb: Videre?, sv: Vidare?}}
    mode: advisory
    outcomes: {outcomes}
    back_to: {back_to}
    criteria:
      - key: seen
        severity: must
        title: {{nb: Sett, nn: Sett, sv: Sett, en: Seen}}
        guidance: {{nb: Har dere sett?, sv: Har ni sett?}}
        example: {{nb: Ja., sv: Ja.}}
        findings: [benefits.none]
"""


def write_method(root: Path, *, key: str = "small", number: int = 1) -> Path:
    """A right and small method of two phases, in ``root/<key>/<number>/``."""
    folder = root / key / str(number)
    folder.mkdir(parents=True)
    text = METHOD.replace("key: small", f"key: {key}").replace("version: 1", f"version: {number}")
    (folder / "method.yaml").write_text(text, encoding="utf-8")
    first = PHASE.format(phase="first", number=1, outcomes="[go, stop]", back_to="[]")
    second = PHASE.format(phase="second", number=2, outcomes="[go, back, stop]", back_to="[first]")
    (folder / "phase-1-first.yaml").write_text(first, encoding="utf-8")
    (folder / "phase-2-second.yaml").write_text(second, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def _fresh_catalogues():
    forget_catalogues()
    yield
    forget_catalogues()


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder of method files; error messages name files relative to it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def folder(root):
    return write_method(root)


@pytest.fixture
def write_version(root):
    def write(**version):
        return write_method(root, **version)

    return write


@pytest.fixture
def ks_catalogue(ks_version):
    return catalogue_of(ks_version)
