"""Restricted and perishable values are in no record; what is told of them proves itself."""

import copy
import datetime
from typing import Any

import pytest

from accounts.models import User
from methodology.catalogue import forget_catalogues
from methodology.enums import GateOutcome
from phases.chain import verify_chain
from phases.models import GateRecordPerson, GateRecordSalt
from phases.record import content_of, matches_withheld, stored_content
from phases.services import withdraw_submission
from phases.withheld import without_perishable
from projects.models import Project
from tests.benefits.factory import make_measurement
from tests.team.factory import make_team_role
from tests.worksheets.helpers import ROW, TALK, dossier_of, write, write_row
from tests.worksheets.method import (
    INTERVIEWS,
    PLAN,
    SLOTS,
    _field,
    _said,
    _slot,
    load_sheets_method,
    start_sheets_project,
)
from tools.plain import People, to_plain
from worksheets.erasing import erase_perished
from worksheets.models import Sheet, SheetPicture

MARK = "KJENNETEGN"
CHOICES = [{"key": "much", "label": _said("Much")}, {"key": "little", "label": _said("Little")}]
LATER = "2190-03-01"

# Kind -> what defines it beside its label, and a value that would be recognised in the bytes.
KINDS: dict[str, tuple[dict[str, Any], Any]] = {
    "short_text": ({}, f"{MARK} kort"),
    "long_text": ({}, f"{MARK}\nover flere linjer"),
    "number": ({"decimals": 2}, "7319.27"),
    "money": ({}, "8642.13"),
    "date": ({}, "2077-07-17"),
    "person": ({}, None),
    "yes_no": ({}, True),
    "choice": ({"choices": CHOICES}, "much"),
    "choices": ({"choices": CHOICES}, ["much", "little"]),
    "scale": ({"from": 1, "to": 5, "low": _said("No"), "high": _said("Yes")}, 4),
    "picture": ({}, None),
    "link": ({"tools": ["benefits"]}, ["benefits/benefits/55443322"]),
}
IN_ROWS = [kind for kind in KINDS if kind not in ("picture", "link", "choices")]
MARKERS = (MARK, "7319.27", "8642.13", "2077-07-17", "55443322", "Alt om bildet", "Hilde Hemmelig")


def _kept(kind: str, privacy: str) -> dict[str, Any]:
    more = {"delete_on": "erased_on"} if privacy == "perishable" else {}
    return _field(
        f"{kind}_{privacy}",
        kind,
        f"{kind} {privacy}",
        sensitivity=privacy,
        **more,
        **KINDS[kind][0],
    )


BOTH = ("restricted", "perishable")
SECRETS = {
    "key": "secrets",
    "title": _said("Secrets"),
    "sections": [
        {
            "key": "all",
            "title": _said("All"),
            "fields": [
                _field("erased_on", "date", "Erased on"),
                *(_kept(kind, privacy) for kind in KINDS for privacy in BOTH),
                _field(
                    "table",
                    "rows",
                    "Table",
                    singular=_said("row"),
                    row_label="short_text_perishable",
                    columns=[
                        _field("erased_on", "date", "Erased on"),
                        *(_kept(kind, privacy) for kind in IN_ROWS for privacy in BOTH),
                        _field("needed", "short_text", "Needed", required=True),
                    ],
                ),
                _field(
                    "closed",
                    "rows",
                    "Closed",
                    singular=_said("row"),
                    sensitivity="restricted",
                    columns=[_field("words", "short_text", "Words", required=True)],
                ),
            ],
        }
    ],
}


def _interviews() -> dict[str, Any]:
    """Rows whose names are perishable, and that another worksheet points at."""
    sheet = copy.deepcopy(INTERVIEWS)
    pseudonym = sheet["sections"][0]["fields"][0]["columns"][0]
    pseudonym |= {"sensitivity": "perishable", "delete_on": "delete_on"}
    return sheet


def _fill_secrets(project: Project, leader: User, hidden: User) -> None:
    picture = SheetPicture.objects.create(
        project=project,
        worksheet_key="secrets",
        field_key="picture_restricted",
        file="pictures/55443322.jpg",
        sha256="5" * 64,
        width=3,
        height=2,
        uploaded_by=leader,
    )
    values: dict[str, Any] = {kind: value for kind, (_more, value) in KINDS.items()}
    values["person"] = hidden.pk
    values["picture"] = {"picture": picture.pk, "alt": "Alt om bildet"}
    answers: dict[str, Any] = {"erased_on": LATER}
    row: dict[str, Any] = {"id": ROW, "erased_on": LATER}
    for kind, value in values.items():
        for privacy in BOTH:
            answers[f"{kind}_{privacy}"] = value
            if kind in IN_ROWS:
                row[f"{kind}_{privacy}"] = value
    answers["table"] = [row, {"id": "00ff00ff00ff", "erased_on": LATER}]
    answers["closed"] = [
        {"id": "11ff00ff00ff", "words": f"{MARK} i lukket tabell"},
        {"id": "2" * 12},
    ]
    answers["gone"] = f"{MARK} under et felt som er borte"
    Sheet.objects.create(
        project=project,
        worksheet_key="secrets",
        answers=answers,
        guarded={"gone": ""},
        number=1,
        updated_by=leader,
    )


@pytest.fixture
def filled(municipality, tmp_path, settings) -> Project:
    """A project with something recognisable in everything that is restricted or perishable."""
    settings.MEDIA_ROOT = tmp_path / "media"
    forget_catalogues()
    version = load_sheets_method(
        tmp_path,
        worksheets=(PLAN, _interviews(), SECRETS),
        slots=[*SLOTS, _slot("secrets", "secrets", "secrets")],
    )
    project = start_sheets_project(municipality, version)
    hidden = municipality.employee
    hidden.name = "Hilde Hemmelig"
    hidden.save()
    leader = municipality.leader
    make_measurement(project, leader)
    make_team_role(project, leader, role="owner", contact=f"{MARK}@solbakken.test")
    write(project, leader, {"goal": "Sove", "worry": f"{MARK} om leverandøren"})
    write_row(project, leader, **{**TALK, "pseudonym": f"{MARK} 07", "notes": f"{MARK} notat"})
    write(project, leader, {"serves": [f"interviews/talks/{ROW}"]})
    _fill_secrets(project, leader, hidden)
    return project


@pytest.fixture
def record(filled, municipality, submit):
    return submit(filled, municipality.leader, GateOutcome.STOP).record


def test_nothing_that_is_kept_back_stands_in_the_bytes(record):
    text = bytes(record.content).decode()
    assert [marker for marker in MARKERS if marker in text] == []
    assert "Hilde Hemmelig" not in {person.name for person in record.people.all()}


def test_the_markers_would_be_found_where_they_stand(filled):
    """So that the test above cannot pass because nothing was planted."""
    people = People()
    whole = str(to_plain(dossier_of(filled, "secrets"), people))
    whole += str(list(people.refs.values()))
    assert [marker for marker in MARKERS if marker not in whole] == []


def test_a_record_tells_how_many_there_are_how_many_are_filled_and_on_which_levels(record):
    tools = stored_content(record)["tools"]
    told = {
        (key, path): (each["privacy"], each["values"], each["filled"], each["levels"])
        for key in ("team", "worksheet.plan", "worksheet.interviews", "worksheet.secrets")
        for path, each in tools[key]["withheld"].items()
    }
    choices: dict[str, dict[str, int]] = {
        "choice": {"much": 1},
        "choices": {"much": 1, "little": 1},
        "scale": {"4": 1},
    }
    expected = {
        ("team", "rows.contact"): ("restricted", 1, 1, {}),
        ("worksheet.plan", "worry"): ("restricted", 1, 1, {}),
        ("worksheet.interviews", "talks.pseudonym"): ("perishable", 1, 1, {}),
        ("worksheet.interviews", "talks.notes"): ("perishable", 1, 1, {}),
        ("worksheet.secrets", "closed.words"): ("restricted", 2, 1, {}),
        ("worksheet.secrets", "gone"): ("perishable", 1, 1, {}),
    }
    for kind in KINDS:
        for privacy in BOTH:
            key = ("worksheet.secrets", f"{kind}_{privacy}")
            expected[key] = (privacy, 1, 1, choices.get(kind, {}))
            if kind in IN_ROWS:
                key = ("worksheet.secrets", f"table.{kind}_{privacy}")
                expected[key] = (privacy, 2, 1, choices.get(kind, {}))
    assert told == expected


def test_the_digests_are_salted_and_the_salt_is_not_in_the_bytes(filled, record, municipality):
    salt = GateRecordSalt.objects.get(record=record).salt
    text = bytes(record.content).decode()
    assert len(salt) == 64
    assert salt not in text
    assert salt[:32] not in text
    digests = [
        each["digest"]
        for part in stored_content(record)["tools"].values()
        for each in part["withheld"].values()
    ]
    assert len(set(digests)) == len(digests)


NOTES = ("worksheet.interviews", "talks.notes", [f"{MARK} notat"])
WORRY = ("worksheet.plan", "worry", [f"{MARK} om leverandøren"])
CONTACT = ("team", "rows.contact", [f"{MARK}@solbakken.test"])
TABLE = ("worksheet.secrets", "table.short_text_restricted", [f"{MARK} kort", ""])


@pytest.mark.parametrize("claim", [NOTES, WORRY, CONTACT, TABLE])
def test_a_value_is_proved_while_the_salt_stands(record, claim):
    tool, path, values = claim
    assert matches_withheld(record, tool, path, values) is True
    assert matches_withheld(record, tool, path, [*values, None]) is False
    assert matches_withheld(record, tool, path, [f"{values[0]}!", *values[1:]]) is False
    assert matches_withheld(record, tool, f"{path}x", values) is False
    assert matches_withheld(record, "nothing", path, values) is False
    assert matches_withheld(record, "", path, values) is False


def test_without_the_salt_nothing_is_proved_and_the_chain_stands(filled, record):
    GateRecordSalt.objects.filter(record=record).delete()
    assert [matches_withheld(record, *claim) for claim in (NOTES, WORRY)] == [False, False]
    assert verify_chain(filled) is None


def test_what_perishes_takes_its_half_of_the_salt_with_it(filled, record, municipality):
    salt = GateRecordSalt.objects.get(record=record).salt
    write_row(filled, municipality.leader, is_new=False, delete_on="2026-03-01")
    assert erase_perished(datetime.date(2026, 3, 1)) > 0
    assert GateRecordSalt.objects.get(record=record).salt == without_perishable(salt)
    assert [matches_withheld(record, *claim) for claim in (NOTES, WORRY)] == [False, True]
    assert verify_chain(filled) is None


def test_the_same_values_have_other_digests_in_another_record(filled, record, municipality, submit):
    withdraw_submission(submission=record.submission, actor=municipality.leader)
    again = submit(filled, municipality.leader, GateOutcome.STOP).record
    first, second = (
        content_of(each)["tools"]["worksheet.plan"]["withheld"]["worry"]["digest"]
        for each in (record, again)
    )
    assert first != second


def test_a_record_that_withholds_nothing_has_no_salt(project, municipality, submit):
    record = submit(project, municipality.leader).record
    assert stored_content(record)["withheld"] == {}
    assert not GateRecordSalt.objects.filter(record=record).exists()
    assert not GateRecordPerson.objects.filter(record=record, name="").exists()
