"""Files of the demo data: what is refused, and how texts are read."""

import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.services import create_organisation
from methodology.models import MethodVersion
from projects.models import Project
from veikart.demo import loading
from veikart.demo.clock import workday
from veikart.demo.content import DemoFileError
from veikart.demo.loading import load_demo

ORGANISATION = """
organisation:
  key: test
  name: Prøvevik kommune
  language: nb
  day: 90
  people:
    - {key: a, name: Anne Prøve, email: anne@proevevik.test, roles: [administrator]}
    - {key: b, name: Bo Prøve, email: bo@proevevik.test, roles: [project_creator]}
  units:
    - {name: Alt, manager: a}
"""
PROJECT = """
project:
  organisation: test
  unit: Alt
  name: Prøveprosjekt
  problem: Et problem.
  goal: Et mål fra {60}.
  language: nb
  leader: b
  day: 60
events:
"""


def write(folder: Path, events: str) -> Path:
    files = {"organisations/test.yaml": ORGANISATION, "projects/p.yaml": PROJECT + events}
    for name, text in files.items():
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("  - {day: 3, step: define-problem}", "p.yaml: events 1: status is missing."),
        (
            "  - {day: 3, step: define-problem, status: done, stauts: x}",
            "p.yaml: events 1: stauts is not known here.",
        ),
        (
            "  - {day: 3, step: define-problem, status: 4}",
            "p.yaml: events 1: status: expected str, found 4.",
        ),
        (
            "  - {day: 0, step: define-problem, status: done}",
            "p.yaml: events 1: an event happens at least one day before today.",
        ),
        ("  - {day: 3, dance: yes}", "p.yaml: events 1: an event says one of: "),
        ("  - {day: 3, measure: x, values: [1, 2]}", "p.yaml: x is measured in the future."),
        ("  - {day: 3, member: nobody, role: member}", "p.yaml: nobody has the key nobody."),
        ("  - {day: 3, answer: unknown}", "p.yaml: the method has no criterion unknown."),
        ("  - {day: 3, decide: anchoring, outcome: go, rationale: Ja}", "p.yaml: anchoring is not"),
        ("  - {day: 3, meets: first, note: Ja}", "p.yaml: no condition is called first yet."),
        (
            "  - {day: 3, row: x, table: accounts.User, values: {}}",
            "p.yaml: accounts.User is not the register of a tool.",
        ),
        (
            "  - {day: 3, sheet: unknown, values: {}}",
            "p.yaml: the method has no worksheet unknown.",
        ),
        ("  - {day: 3, move_to: 1}", "p.yaml: The project stands there already."),
        ("  - {day: 3, move_to: 9}", "p.yaml: MethodVersion matching query does not exist."),
        ("  - day: [", "p.yaml cannot be read: "),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_nothing_is_loaded(
    ks_version, tmp_path, event, reason
):
    before = rows_by_table()
    with pytest.raises(DemoFileError) as refused:
        load_demo(write(tmp_path, event))
    assert str(refused.value).startswith(reason)
    assert rows_by_table() == before
    assert timezone.now.__module__ == "django.utils.timezone"


def test_a_story_that_could_not_happen_is_refused(ks_version, tmp_path):
    events = "  - {day: 9, by: a, step: define-problem, status: done}"
    with pytest.raises(DemoFileError, match=r"p\.yaml: You cannot write in the project"):
        load_demo(write(tmp_path, events))


def test_an_organisation_with_the_name_is_never_taken_over(ks_version, tmp_path):
    create_organisation(name="Prøvevik kommune", document_language="nb")
    with pytest.raises(DemoFileError, match=r"test\.yaml: .*already an organisation"):
        load_demo(write(tmp_path, "  []"))


def test_texts_carry_days_written_out_in_the_language_of_the_project(ks_version, tmp_path):
    load_demo(write(tmp_path, "  []"))
    made = Project.objects.get(name="Prøveprosjekt")
    assert made.goal == f"Et mål fra {_in_norwegian(workday(timezone.localdate(), 60))}."
    assert made.starts_on == workday(timezone.localdate(), 60)


def _in_norwegian(day: datetime.date) -> str:
    months = "januar februar mars april mai juni juli august september oktober november desember"
    return f"{day.day}. {months.split()[day.month - 1]} {day.year}"


def rows_by_table() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def test_without_the_method_a_sentence_says_what_to_run(ks_version, tmp_path, monkeypatch):
    def none(*_args, **_kwargs):
        raise MethodVersion.DoesNotExist

    monkeypatch.setattr(loading, "version_for_page", none)
    with pytest.raises(DemoFileError) as refused:
        load_demo(write(tmp_path, "  []"))
    assert str(refused.value) == (
        "the method that the demo projects follow is not loaded: run manage.py load_methods."
    )
