"""The archive package: what is in it, that it can be checked, and what checking finds."""

import hashlib
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from methodology.enums import GateOutcome
from phases.models import CriterionAnswer, GateDecision
from phases.services.correcting import correct_record
from phases.services.disposing import dispose, plan_disposal
from projects.enums import ProjectStatus
from projects.models import Project
from reports import archive
from reports.archive import Packing, write_package
from reports.checking import Checked, NotSound, verify_package
from reports.frozen_files import FrozenFile
from tests.reports.decided import AS_OF, EVIDENCE, RATIONALE, decide_with_everything, fresh
from tests.reports.test_decision_paper import second_administrator

DIGEST = hashlib.sha256(EVIDENCE).hexdigest()
PAPER = b"%PDF-1.7 a paper"
LARGE = b"%PDF-1.7" * 3_000_000
LARGE_DIGEST = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture(autouse=True)
def _papers_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is drawn has tests of its own."""
    monkeypatch.setattr(archive, "draw_paper", lambda paper, *, as_of: PAPER)


@pytest.fixture
def decided(project, municipality) -> GateDecision:
    return decide_with_everything(project, municipality)


def package_of(decision: GateDecision, *, whole: bool = False) -> tuple[io.BytesIO, int]:
    read, project = fresh(decision)
    target = io.BytesIO()
    packed = write_package(
        target,
        Packing(
            project=project,
            decision=None if whole else read,
            ordered_by="Lise Leser",
            language="en",
            as_of=AS_OF,
        ),
    )
    target.seek(0)
    return target, packed.files_missing


def files_in(package: io.BytesIO) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def index_of(package: io.BytesIO) -> dict[str, Any]:
    return json.loads(files_in(package)["index.json"])


def test_a_package_holds_paper_records_people_files_and_an_index(decided, municipality):
    package, missing = package_of(decided)
    files = files_in(package)
    assert missing == 0
    assert list(files) == [
        f"attachments/{DIGEST}.pdf",
        "chain/people.json",
        "chain/record-0001-submission.json",
        "chain/record-0002-decision.json",
        "decisions/decision-0002.pdf",
        "index.css",
        "index.html",
        "index.json",
        "sha256sums.txt",
    ]
    assert list(files) == sorted(files)
    assert files[f"attachments/{DIGEST}.pdf"] == EVIDENCE
    assert files["chain/record-0001-submission.json"] == bytes(decided.submission.record.content)
    assert files["chain/record-0002-decision.json"] == bytes(decided.record.content)
    assert files["decisions/decision-0002.pdf"] == PAPER
    people = json.loads(files["chain/people.json"])["records"]["2"]
    assert {
        "name": municipality.manager.name,
        "roles": ["line_manager"],
        "is_erased": False,
    } in people.values()


def test_the_index_says_what_it_is_and_how_it_hangs_together(decided, project):
    index = index_of(package_of(decided)[0])
    assert index["project"] == {
        "number": project.pk,
        "title": "Digitalt tilsyn om natten",
        "case_number": "2026/1482",
        "organisation": "Fjordvik kommune",
        "unit": "Hjemmetjenesten",
    }
    (decision,) = index["decisions"]
    assert {
        name: decision[name]
        for name in (
            "file",
            "record",
            "submission_record",
            "gate",
            "outcome",
            "decided_by",
            "exempt",
        )
    } == {
        "file": "decisions/decision-0002.pdf",
        "record": 2,
        "submission_record": 1,
        "gate": "Fra forankring til innsikt",
        "outcome": "go_with_conditions",
        "decided_by": "Mona Mellomleder",
        "exempt": {
            "paragraph": "offentleglova § 23",
            "reason": "Forhandlinger med leverandør pågår.",
        },
    }
    assert decision["method"]["sha256"] == project.method_version.content_hash
    assert [
        (each["sequence"], each["sha256"], each["previous_sha256"]) for each in index["records"]
    ] == [
        (1, decided.submission.record.sha256, ""),
        (2, decided.record.sha256, decided.submission.record.sha256),
    ]
    (attachment,) = index["attachments"]
    assert (attachment["state"], attachment["sha256"]) == ("included", DIGEST)
    assert attachment["names"] == ["Vedtak i ledergruppen.pdf"]
    assert index["chain"] == {"is_whole": False, "broken_at": None, "broken_because": ""}


def test_the_index_page_is_for_people(decided):
    page = files_in(package_of(decided)[0])["index.html"].decode()
    for expected in (
        "Digitalt tilsyn om natten",
        "Exempt from public access: offentleglova § 23",
        'href="decisions/decision-0002.pdf"',
        "Vedtak i ledergruppen.pdf",
        "sha256sum -c sha256sums.txt",
    ):
        assert expected in page


def test_the_same_package_twice_is_the_same_bytes(decided):
    assert package_of(decided)[0].getvalue() == package_of(decided)[0].getvalue()


def test_the_list_of_sums_is_what_other_programs_read(decided):
    files = files_in(package_of(decided)[0])
    lines = files.pop("sha256sums.txt").decode().splitlines()
    assert lines == [
        f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in files.items()
    ]


def test_a_large_file_is_never_whole_in_memory(decided, tmp_path):
    answer = CriterionAnswer.objects.exclude(evidence_file="").get()
    frozen = FrozenFile("Film.pdf", LARGE_DIGEST, answer.evidence_file.name, "")
    default_storage.delete(frozen.stored)
    default_storage.save(frozen.stored, ContentFile(LARGE))
    tracemalloc.start()
    try:
        with (tmp_path / "package.zip").open("w+b") as target:
            with zipfile.ZipFile(target, "w") as opened:
                packed = archive._pack_source(
                    archive._Writer(opened), frozen.archive_name, [(1, frozen)]
                )
            peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (packed.size, packed.state) == (len(LARGE), "included")
    assert peak < len(LARGE) / 8


@pytest.mark.parametrize(("lose", "state"), [(True, "missing"), (False, "altered")])
def test_a_file_that_is_gone_or_altered_is_named_and_the_package_is_made(decided, lose, state):
    stored = CriterionAnswer.objects.exclude(evidence_file="").get().evidence_file.name
    default_storage.delete(stored)
    if not lose:
        default_storage.save(stored, ContentFile(b"%PDF-1.7 something else"))
    package, missing = package_of(decided)
    assert missing == 1
    (attachment,) = index_of(package)["attachments"]
    assert (attachment["state"], attachment["file"]) == (state, None)
    assert not any(name.startswith("attachments/") for name in files_in(package))
    assert "Not in the package" in files_in(package)["index.html"].decode()
    assert verify_package(package).missing == ("Vedtak i ledergruppen.pdf",)


def test_the_whole_chain_has_every_record(decided, project, municipality, submit, decide):
    withdrawn_or_not = submit(project, municipality.leader)
    second = decide(withdrawn_or_not, municipality.manager, GateOutcome.REWORK)
    correct_record(record=decided.record, text="Fristen er 1. april.", actor=municipality.manager)
    package, _missing = package_of(second, whole=True)
    index = index_of(package)
    assert [(each["sequence"], each["kind"]) for each in index["records"]] == [
        (1, "submission"),
        (2, "decision"),
        (3, "submission"),
        (4, "decision"),
        (5, "correction"),
    ]
    assert [(each["record"], each["corrections"]) for each in index["decisions"]] == [
        (2, [5]),
        (4, []),
    ]
    assert verify_package(package) == Checked(
        files=len(files_in(package)) - 2,
        records=5,
        decisions=2,
        is_whole=True,
        missing=(),
        broken_at=None,
    )
    own = index_of(package_of(decided)[0])
    assert [each["sequence"] for each in own["records"]] == [1, 2, 5]


def test_what_was_disposed_of_is_a_sound_link_with_its_tombstone(decided, project, municipality):
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.CLOSED)
    project.refresh_from_db()
    by, witness = municipality.admin, second_administrator(municipality)
    today = timezone.localdate()
    plan = plan_disposal(project=project, by=by, witness=witness, retention_ended=today, sequence=1)
    dispose(plan, reason="Tiden er ute.", retention_ended=today, by=by, witness=witness)
    for whole in (True, False):
        package, _missing = package_of(decided, whole=whole)
        assert RATIONALE.encode() not in b"".join(files_in(package).values())
        assert [
            (each["sequence"], each["file"], (each["disposed"] or {}).get("tombstone"))
            for each in index_of(package)["records"]
        ] == [(1, None, 3), (2, None, 3), (3, "chain/record-0003-disposal.json", None)]
        assert verify_package(package).records == 3


# --- checking ------------------------------------------------------------------------------------


def repacked(package: io.BytesIO, change: Callable[[dict[str, bytes]], None]) -> io.BytesIO:
    files = files_in(package)
    change(files)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    target.seek(0)
    return target


def put(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(name, content)


def drop(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.pop(name) and None


def swap(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(name, files[name].replace(old, new))


RECORD = "chain/record-0002-decision.json"


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        (put(RECORD, b"{}"), RECORD, "It is not what it was"),
        (swap(RECORD, b"dokumentert", b"fordoblet!!"), RECORD, "It is not what it was"),
        (put("decisions/decision-0002.pdf", b"%PDF"), "decisions/decision-0002.pdf", "not what"),
        (put(f"attachments/{DIGEST}.pdf", b"%PDF"), f"attachments/{DIGEST}.pdf", "not what"),
        (drop(RECORD), RECORD, "missing"),
        (drop("chain/people.json"), "chain/people.json", "missing"),
        (drop("index.json"), "index.json", "missing"),
        (drop("sha256sums.txt"), "sha256sums.txt", "missing"),
        (put("extra.txt", b"?"), "extra.txt", "does not know"),
        (put("index.json", b"[1"), "index.json", "cannot be read"),
        (put("index.json", b"{}"), "index.json", "not the index"),
        (
            swap("index.json", b'"format_version": 1', b'"format_version": 2'),
            "index.json",
            "another version",
        ),
        (swap("index.json", b"Fjordvik", b"Nabovik!"), "sha256sums.txt", "index.json"),
        (put("sha256sums.txt", b"\xff"), "sha256sums.txt", "cannot be read"),
    ],
)
def test_checking_names_the_first_wrong_thing(decided, change, name, reason):
    with pytest.raises(NotSound) as raised:
        verify_package(repacked(package_of(decided)[0], change))
    assert (raised.value.name, reason in raised.value.reason) == (name, True)


def resealed(
    package: io.BytesIO, change: Callable[[dict[str, Any], dict[str, bytes]], None]
) -> Any:
    """Somebody who knows how it is made changes something and makes all sums right again."""

    def forge(files: dict[str, bytes]) -> None:
        index = json.loads(files["index.json"])
        change(index, files)
        index["files"] = [
            {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in files.items()
            if name not in ("index.json", "sha256sums.txt")
        ]
        files["index.json"] = json.dumps(index).encode()
        del files["sha256sums.txt"]
        sums = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()]
        files["sha256sums.txt"] = "".join(sums).encode()

    return repacked(package, forge)


def change_record(index: dict[str, Any], files: dict[str, bytes]) -> None:
    files[RECORD] = files[RECORD].replace(b"dokumentert", b"fordoblet!!")


def change_record_and_its_digest(index: dict[str, Any], files: dict[str, bytes]) -> None:
    name = "chain/record-0001-submission.json"
    files[name] = files[name].replace("anbefaler å gå videre".encode(), b"fraraader dette sterkt")
    index["records"][0]["sha256"] = hashlib.sha256(files[name]).hexdigest()


def change_the_link(index: dict[str, Any], files: dict[str, bytes]) -> None:
    change_record_and_its_digest(index, files)
    index["records"][1]["previous_sha256"] = index["records"][0]["sha256"]


def drop_file_and_entry(index: dict[str, Any], files: dict[str, bytes]) -> None:
    del files[f"attachments/{DIGEST}.pdf"]
    index["attachments"] = []


def swap_file(index: dict[str, Any], files: dict[str, bytes]) -> None:
    files[f"attachments/{DIGEST}.pdf"] = b"%PDF-1.7 another"


def drop_record(index: dict[str, Any], files: dict[str, bytes]) -> None:
    del files[RECORD]
    index["records"][1]["file"] = None


def drop_record_as_disposed(index: dict[str, Any], files: dict[str, bytes]) -> None:
    drop_record(index, files)
    index["records"][1]["disposed"] = {"tombstone": 7}


def of_another_project(index: dict[str, Any], files: dict[str, bytes]) -> None:
    index["project"]["number"] += 1


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        (change_record, RECORD, "not the record that the index names"),
        (change_record_and_its_digest, RECORD, "does not follow the record before it"),
        (change_the_link, RECORD, "belongs in another place"),
        (drop_file_and_entry, "index.json", "do not agree with what the records name"),
        (swap_file, f"attachments/{DIGEST}.pdf", "not the file that was submitted"),
        (drop_record, "index.json", "Record 2 is missing"),
        (drop_record_as_disposed, "index.json", "no tombstone says why"),
        (of_another_project, "chain/record-0001-submission.json", "belongs in another place"),
    ],
)
def test_a_forger_who_mends_the_sums_is_found_by_the_chain(decided, change, name, reason):
    with pytest.raises(NotSound) as raised:
        verify_package(resealed(package_of(decided)[0], change))
    assert (raised.value.name, reason in raised.value.reason) == (name, True)


def test_a_name_twice_and_what_is_no_zip_are_refused(decided):
    package = package_of(decided)[0]
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(package, "a") as opened:
        opened.writestr("index.json", b"{}")
    with pytest.raises(NotSound, match=r"index\.json: It is there twice"):
        verify_package(package)
    with pytest.raises(NotSound, match="not a zip"):
        verify_package(io.BytesIO(b"PK nothing"))


def test_any_byte_that_is_changed_is_found(decided):
    package = package_of(decided)[0].getvalue()
    for place in range(0, len(package), max(1, len(package) // 60)):
        broken = bytearray(package)
        broken[place] ^= 0xFF
        try:
            verify_package(io.BytesIO(bytes(broken)))
        except NotSound:
            continue
        # Times and rights of files are all of a zip that is no content.
        assert files_in(io.BytesIO(bytes(broken))) == files_in(io.BytesIO(package))


def test_the_command_needs_no_database_and_names_what_is_wrong(decided, tmp_path, capsys):
    sound, broken = tmp_path / "sound.zip", tmp_path / "broken.zip"
    package = package_of(decided)[0]
    sound.write_bytes(package.getvalue())
    broken.write_bytes(repacked(package, put(RECORD, b"{}")).getvalue())
    call_command("verify_archive", str(sound))
    assert capsys.readouterr().out == "Sound: 7 files, 2 records, 1 decisions (one decision).\n"
    with pytest.raises(CommandError, match=f"broken.zip is not sound. {RECORD}: It is not what"):
        call_command("verify_archive", str(broken))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_archive", str(tmp_path / "none.zip"))
