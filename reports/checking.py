"""Whether an archive package is what it was when it was made: digests, and how records hang
together. Needs nothing but the file; no database.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from phases.enums import RecordKind
from phases.upgrades import UnknownSchemaError, upgrade
from reports.archive_index import FORMAT, FORMAT_VERSION, INDEX_JSON, SUMS, FileState
from reports.frozen_files import files_of

CHUNK = 256 * 1024
# More than any index of ours; whoever sends a larger one wants to fill our memory.
LARGEST_INDEX = 64 * 1024 * 1024
LARGEST_RECORD = 512 * 1024 * 1024


class NotSound(Exception):  # noqa: N818 -- a domain word
    """The first thing that is wrong with a package: which file, and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}" if name else reason)
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Checked:
    """A sound package: how much it holds, and what it says itself is missing."""

    files: int
    records: int
    decisions: int
    is_whole: bool
    missing: tuple[str, ...]
    broken_at: int | None


def verify_package(file: IO[bytes]) -> Checked:
    """Check every digest and the links between the records.

    Raises :class:`NotSound` with the first wrong thing. What the index itself says was missing or
    broken when the package was made is no fault of the package, and is given back.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _checked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise NotSound("", _("This is not a zip file that can be read.")) from error


def _checked(archive: zipfile.ZipFile) -> Checked:
    names: dict[str, None] = {}
    for info in archive.infolist():
        if info.filename in names:
            raise NotSound(info.filename, _("It is there twice."))
        names[info.filename] = None
    index = _index(archive, names)
    try:
        _check_files(archive, names, index)
        contents = _check_records(archive, index)
        _check_decisions(index, contents)
        _check_attachments(index, contents)
        return Checked(
            files=len(index["files"]),
            records=len(index["records"]),
            decisions=len(index["decisions"]),
            is_whole=index["chain"]["is_whole"],
            missing=tuple(
                ", ".join(each["names"]) or each["sha256"]
                for each in index["attachments"]
                if each["state"] != FileState.INCLUDED
            ),
            broken_at=index["chain"]["broken_at"],
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotSound(INDEX_JSON, _("It lacks what an index has.")) from error


def _index(archive: zipfile.ZipFile, names: Collection[str]) -> dict[str, Any]:
    if INDEX_JSON not in names:
        raise NotSound(INDEX_JSON, _("It is missing."))
    try:
        index = json.loads(_read(archive, INDEX_JSON, LARGEST_INDEX))
    except ValueError as error:
        raise NotSound(INDEX_JSON, _("It cannot be read.")) from error
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        raise NotSound(INDEX_JSON, _("It is not the index of an archive package."))
    if index.get("format_version") != FORMAT_VERSION:
        raise NotSound(INDEX_JSON, _("The package was made by another version of Veikart."))
    return index


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    with archive.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise NotSound(name, _("It is larger than it can be."))
    return data


def _check_files(
    archive: zipfile.ZipFile, names: Collection[str], index: Mapping[str, Any]
) -> None:
    """Every file has the digest and the size that the index says, and there is no other. The list
    of sums says the same, and it alone knows the index."""
    listed = {each["file"]: each for each in index["files"]}
    for name in names:
        if name not in listed and name not in (INDEX_JSON, SUMS):
            raise NotSound(name, _("The index does not know it."))
    sums = _sums(archive, names)
    for name, each in listed.items():
        if name not in names:
            raise NotSound(name, _("It is missing."))
        digest, size = _digest(archive, name, each["size"])
        if (digest, size) != (each["sha256"], each["size"]):
            raise NotSound(name, _("It is not what it was: the SHA-256 is another."))
    expected = {name: each["sha256"] for name, each in listed.items()}
    expected[INDEX_JSON] = _digest(archive, INDEX_JSON, LARGEST_INDEX)[0]
    for name in sorted(expected.keys() | sums.keys()):
        if sums.get(name) != expected.get(name):
            raise NotSound(SUMS, _("It does not agree with %(file)s.") % {"file": name})


def _sums(archive: zipfile.ZipFile, names: Collection[str]) -> dict[str, str]:
    if SUMS not in names:
        raise NotSound(SUMS, _("It is missing."))
    try:
        lines = _read(archive, SUMS, LARGEST_INDEX).decode().splitlines()
    except UnicodeDecodeError as error:
        raise NotSound(SUMS, _("It cannot be read.")) from error
    return {line[66:]: line[:64] for line in lines}


def _digest(archive: zipfile.ZipFile, name: str, most: int) -> tuple[str, int]:
    """Stops reading as soon as there is more than there should be."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as file:
            while size <= most and (chunk := file.read(CHUNK)):
                digest.update(chunk)
                size += len(chunk)
    except (zipfile.BadZipFile, zlib.error) as error:
        raise NotSound(name, _("It is not what it was: it cannot be unpacked.")) from error
    return digest.hexdigest(), size


# --- the chain -----------------------------------------------------------------------------------


def _check_records(
    archive: zipfile.ZipFile, index: Mapping[str, Any]
) -> dict[int, Mapping[str, Any]]:
    """By sequence, what of the records is needed further on."""
    contents: dict[int, Mapping[str, Any]] = {}
    entries = {each["sequence"]: each for each in index["records"]}
    if list(entries) != sorted(entries) or len(entries) != len(index["records"]):
        raise NotSound(INDEX_JSON, _("The records are not in the order of the chain."))
    if index["chain"]["is_whole"] and list(entries) != list(range(1, len(entries) + 1)):
        raise NotSound(INDEX_JSON, _("A record is missing in the chain."))
    for sequence, entry in entries.items():
        before = entries.get(sequence - 1)
        name = entry["file"] or INDEX_JSON
        wanted = before["sha256"] if before else entry["previous_sha256"]
        if entry["previous_sha256"] != wanted or (sequence == 1 and wanted):
            raise NotSound(name, _("It does not follow the record before it."))
        if entry["file"]:
            contents[sequence] = _check_record(archive, index, entry)
        elif not entry["disposed"]:
            raise NotSound(name, _("Record %(number)s is missing.") % {"number": sequence})
    _check_tombstones(entries, contents)
    return contents


def _check_record(
    archive: zipfile.ZipFile, index: Mapping[str, Any], entry: Mapping[str, Any]
) -> Mapping[str, Any]:
    name = entry["file"]
    data = _read(archive, name, LARGEST_RECORD)
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise NotSound(name, _("It is not the record that the index names."))
    try:
        content = json.loads(data)
        own = (content["project_number"], content["sequence"], content["kind"], content["previous"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotSound(name, _("It is not a record.")) from error
    if own != (
        index["project"]["number"],
        entry["sequence"],
        entry["kind"],
        entry["previous_sha256"],
    ):
        raise NotSound(name, _("It belongs in another place of the chain."))
    return _kept(name, content)


def _kept(name: str, content: dict[str, Any]) -> Mapping[str, Any]:
    """What is asked of a record later. The whole would fill the memory in a long chain."""
    named: frozenset[str] = frozenset()
    if content["kind"] == RecordKind.SUBMISSION:
        try:
            named = frozenset(each.sha256 for each in files_of(upgrade(content)))
        except UnknownSchemaError as error:
            raise NotSound(name, _("It was made by a later version of Veikart.")) from error
    return {
        "kind": content["kind"],
        "named": named,
        "submission_sha256": content.get("submission_sha256"),
        "about": content.get("about"),
        "disposed": {each["sequence"]: each["sha256"] for each in content.get("disposed", ())},
    }


def _check_tombstones(
    entries: Mapping[int, Mapping[str, Any]], contents: Mapping[int, Mapping[str, Any]]
) -> None:
    """A record that is gone is named, with its digest, by a later tombstone in the package."""
    for sequence, entry in entries.items():
        if entry["file"]:
            continue
        tombstone = entry["disposed"]["tombstone"]
        found = contents.get(tombstone, {}).get("disposed", {})
        if tombstone <= sequence or found.get(sequence) != entry["sha256"]:
            raise NotSound(
                INDEX_JSON,
                _("Record %(number)s is gone, and no tombstone says why.") % {"number": sequence},
            )


def _check_decisions(index: Mapping[str, Any], contents: Mapping[int, Mapping[str, Any]]) -> None:
    """Each decision has its paper, and decides on the submission beside it; each correction is
    about a record that is what it says."""
    entries = {each["sequence"]: each for each in index["records"]}
    files = {each["file"] for each in index["files"]}
    for each in index["decisions"]:
        if each["file"] not in files:
            raise NotSound(each["file"], _("It is missing."))
        content = contents.get(each["record"])
        submission = entries[each["submission_record"]]
        if content is not None and content["submission_sha256"] != submission["sha256"]:
            raise NotSound(
                entries[each["record"]]["file"],
                _("It does not decide on record %(number)s.")
                % {"number": each["submission_record"]},
            )
    for sequence, content in contents.items():
        about = content["about"]
        if about and entries.get(about["sequence"], {}).get("sha256") != about["sha256"]:
            raise NotSound(
                entries[sequence]["file"],
                _("It corrects a record that is not the one in the package."),
            )


def _check_attachments(index: Mapping[str, Any], contents: Mapping[int, Mapping[str, Any]]) -> None:
    """Each file that a record names is there, or said to be missing; and no other."""
    files = {each["file"]: each for each in index["files"]}
    listed = {each["sha256"]: each for each in index["attachments"]}
    named = frozenset().union(*(content["named"] for content in contents.values()))
    for digest in sorted(named ^ listed.keys()):
        raise NotSound(
            INDEX_JSON,
            _("The files do not agree with what the records name: %(digest)s.")
            % {"digest": digest},
        )
    for each in listed.values():
        if each["state"] == FileState.INCLUDED and files[each["file"]]["sha256"] != each["sha256"]:
            raise NotSound(each["file"], _("It is not the file that was submitted."))
