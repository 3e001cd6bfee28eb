"""The small method with everything that its format offers, as files."""

import pytest

from methodology.files import MethodFilesRefused, read_version

M = "small/1/method.yaml"
P1 = "small/1/phase-1-first.yaml"
W = "small/1/worksheet-notes.yaml"

WORKSHEET = """\
worksheet:
  key: notes
  title: {nb: Notater, nn: Notat, sv: Anteckningar, en: Notes}
  origin: ours
  purpose: {nb: "For {the_organisation}.", sv: "För {the_organisation}."}
  prints: [slides, page]
  sections:
    - key: seen
      title: {nb: Sett, nn: Sett, sv: Sett, en: Seen}
      fields:
        - key: place
          kind: short_text
          label: {nb: Sted, nn: Stad, sv: Plats, en: Place}
          required: true
          required_from: second
        - key: mood
          kind: scale
          label: {nb: Stemning, nn: Stemning, sv: Stämning, en: Mood}
          from: -2
          to: 2
          low: {nb: dårlig, nn: dårleg, sv: dålig, en: bad}
          high: {nb: god, nn: god, sv: god, en: good}
        - key: weather
          kind: choice
          label: {nb: Vær, nn: Vêr, sv: Väder, en: Weather}
          choices:
            - key: rain
              label: {nb: Regn, nn: Regn, sv: Regn, en: Rain}
            - key: sun
              label: {nb: Sol, nn: Sol, sv: Sol, en: Sun}
    - key: people
      title: {nb: Folk, nn: Folk, sv: Folk, en: People}
      fields:
        - key: goal
          kind: read
          label: {nb: Mål, nn: Mål, sv: Mål, en: Goal}
          source: project.goal
        - key: gains
          kind: link
          label: {nb: Gevinster, nn: Gevinstar, sv: Nyttor, en: Benefits}
          tools: [benefits]
        - key: visits
          kind: rows
          label: {nb: Besøk, nn: Besøk, sv: Besök, en: Visits}
          singular: {nb: besøk, nn: besøk, sv: besök, en: visit}
          row_label: who
          starts_project: who
          most: 20
          columns:
            - key: who
              kind: short_text
              label: {nb: Hvem, nn: Kven, sv: Vem, en: Who}
            - key: erased_on
              kind: date
              label: {nb: Slettes, nn: Slettast, sv: Raderas, en: Erased}
              required: true
            - key: said
              kind: long_text
              label: {nb: Sagt, nn: Sagt, sv: Sagt, en: Said}
              sensitivity: perishable
              delete_on: erased_on
            - key: likely
              kind: scale
              label: {nb: Sannsynlig, nn: Sannsynleg, sv: Sannolikt, en: Likely}
              from: 1
              to: 5
              low: {nb: lite, nn: lite, sv: lite, en: little}
              high: {nb: mye, nn: mykje, sv: mycket, en: much}
          risk_level: [likely]
"""
NOTES_TOOL = """\
  - key: notes
    tool: notes
    worksheet: notes
    origin: ours
    title: {nb: Notater, nn: Notat, sv: Anteckningar, en: Notes}
    purpose: {nb: Husker., sv: Minns.}
    what: {nb: Det dere så., sv: Det ni såg.}
    links:
      - title: {nb: Direktoratet, nn: Direktoratet, sv: Direktoratet, en: The agency}
        url: https://example.org/
        country: "no"
"""
PRINCIPLES = """\
principles:
  - key: together
    title: {nb: Sammen, nn: Saman, sv: Tillsammans, en: Together}
    text: {nb: "Gjør det **sammen**.", sv: "Gör det **tillsammans**."}
sources:
"""
INSIGHT = """\
  insight:
    - key: visits
      title: {nb: Besøk, nn: Besøk, sv: Besök, en: Visits}
      from: [notes.visits]
  examples:
"""


@pytest.fixture
def sheet_folder(root, folder):
    """The small method with everything that its format offers."""
    (folder / "worksheet-notes.yaml").write_text(WORKSHEET, encoding="utf-8")
    method = (root / M).read_text(encoding="utf-8").replace("sources:\n", PRINCIPLES)
    (root / M).write_text(method + NOTES_TOOL, encoding="utf-8")
    phase = (root / P1).read_text(encoding="utf-8").replace("  examples:\n", INSIGHT)
    (root / P1).write_text(phase, encoding="utf-8")
    return folder


def messages_of(folder):
    try:
        read_version(folder)
    except MethodFilesRefused as refusal:
        return [str(error) for error in refusal.errors]
    return []
