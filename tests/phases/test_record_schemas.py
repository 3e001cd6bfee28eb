"""Records that an earlier version of the code made are read, shown and proved like new ones."""

import copy
from dataclasses import dataclass

import pytest
from django.urls import reverse

from accounts.policy import ProjectRole
from methodology.catalogue import forget_catalogues
from methodology.enums import GateOutcome
from phases.canonical import SCHEMA_VERSION
from phases.chain import verify_chain
from phases.reading import read_record
from phases.record import content_of, people_of, recorded_tools, stored_content
from phases.upgrades import UnknownSchemaError, upgrade
from tests.phases.old_records import SCHEMA_1, content_of_file, restore
from tests.worksheets.method import load_sheets_method
from tools import registry

NAMES = sorted(SCHEMA_1)


@pytest.fixture
def old(request, municipality, ks_version, tmp_path):
    """A decision of schema 1 with its submission, in the database."""
    forget_catalogues()
    version = ks_version if request.param == "ks-veikart" else load_sheets_method(tmp_path)
    return restore(request.param, municipality, version)


both = pytest.mark.parametrize("old", NAMES, indirect=True)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("sequence", "kind"), [(1, "submission"), (2, "decision")])
def test_the_stored_records_are_of_the_first_schema(name, sequence, kind):
    assert content_of_file(name, sequence, kind)["schema"] == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("sequence", "kind"), [(1, "submission"), (2, "decision")])
def test_upgrading_adds_and_leaves_everything_as_it_was(name, sequence, kind):
    content = content_of_file(name, sequence, kind)
    before = copy.deepcopy(content)
    upgraded = upgrade(content)
    assert content == before
    assert upgraded["schema"] == SCHEMA_VERSION
    assert _kept(before | {"schema": SCHEMA_VERSION}, upgraded)
    assert upgrade(upgraded) == upgraded


def _kept(old, new):
    """Whether everything in ``old`` stands in ``new`` at the same place."""
    if isinstance(old, dict):
        return all(key in new and _kept(value, new[key]) for key, value in old.items())
    if isinstance(old, list):
        return len(old) == len(new) and all(map(_kept, old, new))
    return old == new


@pytest.mark.parametrize("schema", [0, SCHEMA_VERSION + 1])
def test_a_schema_that_is_not_known_is_said_to_be_so(schema):
    with pytest.raises(UnknownSchemaError, match=f"schema {schema} "):
        upgrade({"schema": schema, "kind": "submission"})


def test_a_present_record_has_all_that_an_upgraded_one_has(project, municipality, submit, decide):
    """So that readers need not ask which schema a record was made in."""
    submission = submit(project, municipality.leader)
    decision = decide(submission, municipality.manager, GateOutcome.REWORK)
    for record, name in (
        (decision.submission.record, "submission"),
        (decision.record, "decision"),
    ):
        number = 1 if name == "submission" else 2
        upgraded = upgrade(content_of_file("ks-veikart", number, name))
        present = stored_content(record)
        assert upgraded.keys() - present.keys() == set()
        assert present.keys() - upgraded.keys() == set()


@both
def test_the_chain_of_old_records_verifies(old):
    assert verify_chain(old.submission.project_phase.project) is None


@both
def test_an_old_submission_is_read(old, municipality):
    project = old.submission.project_phase.project
    reading = read_record(old.submission.record, project)
    assert (
        reading.recommended,
        reading.recommendation,
        [person.name for person in reading.deciders],
        reading.project.people(ProjectRole.LEADER)[0].name,
        (reading.project.budget, reading.project.uncertainty),
    ) == (
        GateOutcome(old.submission.recommended_outcome),
        old.submission.recommendation,
        [municipality.manager.name],
        municipality.leader.name,
        (None, None),
    )
    assert all(part.tool is not None and part.dossier is not None for part in reading.tools)


@both
def test_the_pages_of_old_records_are_drawn(old, municipality, client_for):
    project = old.submission.project_phase.project
    reader = client_for(municipality.leader)
    review = reader.get(reverse("phases:review", args=[project.pk, old.submission.pk]))
    decision = reader.get(reverse("phases:decision", args=[project.pk, old.pk]))
    assert (review.status_code, decision.status_code) == (200, 200)
    for page in (review, decision):
        text = page.content.decode()
        assert old.submission.recommendation in text
        assert municipality.manager.name in text
    assert old.rationale in decision.content.decode()


@both
def test_files_of_an_old_submission_are_among_its_attachments(old):
    content = content_of(old.submission.record)
    assert [(each["name"], each["place"]["kind"]) for each in content["attachments"]] == (
        [("vedtak.pdf", "criterion")]
        if old.submission.project_phase.phase_key == "anchoring"
        else []
    )


# --- dossiers of tools that have moved on ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewDossier:
    people: int


def test_a_tool_reads_its_own_older_dossiers(monkeypatch):
    tool = registry.tool_by_key("team")
    monkeypatch.setattr(tool, "schema_version", 3, raising=False)
    monkeypatch.setattr(tool, "dossier_class", NewDossier, raising=False)
    asked = []

    def upgrade_dossier(plain, schema):
        asked.append(schema)
        return {"people": len(plain["rows"])}

    monkeypatch.setattr(tool, "upgrade_dossier", upgrade_dossier, raising=False)
    content = upgrade(content_of_file("ks-veikart", 1, "submission"))
    (team,) = (part for part in recorded_tools(content, {}) if part.key == "team")
    assert (team.dossier, asked) == (NewDossier(2), [1])


def test_a_dossier_from_a_later_version_of_a_tool_is_not_read():
    content = upgrade(content_of_file("ks-veikart", 1, "submission"))
    content["tools"]["team"]["schema"] = 99
    (team,) = (part for part in recorded_tools(content, {}) if part.key == "team")
    assert (team.tool, team.dossier, team.title) == (None, None, "Team")


@both
def test_people_of_an_old_record_have_their_names(old, municipality):
    names = {person.name for person in people_of(old.record).values()}
    assert municipality.manager.name in names
