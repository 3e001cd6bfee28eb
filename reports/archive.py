"""The archive package: a zip with decision papers, records, files and an index that can be checked.

What lies where, and what the index holds, is told in ``docs/adr/0013-archive-package.md``.
"""

import datetime
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from common.pdf import STATIC_BASE, static_file
from phases.chain import verify_chain
from phases.models import GateDecision, GateRecord, GateRecordPerson
from projects.models import Project
from reports import archive_index
from reports.archive_index import (
    INDEX_HTML,
    INDEX_JSON,
    INDEX_STYLE,
    PEOPLE,
    SUMS,
    FileState,
    PackedFile,
    PackedPaper,
    PackedSource,
)
from reports.decision_paper import (
    disposals_of,
    frozen_content,
    read_paper,
    record_part,
)
from reports.frozen_files import FrozenFile, files_of
from reports.paper_drawing import draw_paper

CHUNK = 256 * 1024
# Zip knows no time zone, and the same content shall give the same bytes.
NO_MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16


@dataclass(frozen=True, slots=True)
class Packing:
    """What a package is about: ``decision`` and what belongs to it, or with ``None`` the whole
    chain of ``project``."""

    project: Project
    decision: GateDecision | None
    ordered_by: str
    language: str
    as_of: datetime.datetime


@dataclass(frozen=True, slots=True)
class Packed:
    """``files_missing`` counts files that are gone, or are not what they were when submitted."""

    files_missing: int


def write_package(target: IO[bytes], packing: Packing) -> Packed:
    """Write the zip to ``target``, part by part: no file is ever whole in memory.

    The same records, files, people and moment give the same bytes. A file that is gone or altered
    is left out and named in the index; the package is made all the same.
    """
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        writer = _Writer(archive)
        numbers = _records(packing)
        sources = _pack_sources(writer, numbers)
        records = _pack_records(writer, packing, numbers)
        papers = _pack_papers(writer, packing)
        _pack_index(writer, packing, records, papers, sources)
    return Packed(sum(each.state is not FileState.INCLUDED for each in sources))


# --- what belongs in it --------------------------------------------------------------------------


def _records(packing: Packing) -> list[int]:
    """The numbers of the rows, in the order of the chain; they are read one by one."""
    found = GateRecord.objects.filter(project=packing.project)
    if packing.decision is not None:
        own = (packing.decision.submission.record_id, packing.decision.record_id)
        found = found.filter(
            Q(pk__in=own) | Q(correction__about__in=own) | Q(disposals__record__in=own)
        )
    ordered = found.distinct().order_by("sequence")
    return list(ordered.values_list("pk", flat=True))


def _each(numbers: Sequence[int]) -> Iterator[GateRecord]:
    return (GateRecord.objects.get(pk=number) for number in numbers)


def decisions_of(project: Project, decision: GateDecision | None = None) -> list[GateDecision]:
    """The decision, or all of the project's, in the order of the chain, with their records."""
    found = GateDecision.objects.filter(submission__project_phase__project=project)
    if decision is not None:
        found = found.filter(pk=decision.pk)
    return list(found.select_related("record", "submission__record").order_by("record__sequence"))


# --- packing, in the order of the names ----------------------------------------------------------


class _Writer:
    """Puts files into the zip and remembers their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: list[PackedFile] = []

    def put(self, name: str, chunks: Iterable[bytes], *, is_packed_already: bool = False) -> None:
        info = zipfile.ZipInfo(name, NO_MOMENT)
        info.create_system = 3
        info.external_attr = READABLE
        info.compress_type = zipfile.ZIP_STORED if is_packed_already else zipfile.ZIP_DEFLATED
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.files.append(PackedFile(name, digest.hexdigest(), size))


def _pack_sources(writer: _Writer, numbers: Sequence[int]) -> tuple[PackedSource, ...]:
    """The files that the records name, each once, by their digest."""
    named: dict[str, list[tuple[int, FrozenFile]]] = {}
    for record in _each(numbers):
        for file in files_of(frozen_content(record)):
            named.setdefault(file.archive_name, []).append((record.sequence, file))
    return tuple(_pack_source(writer, name, named[name]) for name in sorted(named))


def _pack_source(writer: _Writer, name: str, named: list[tuple[int, FrozenFile]]) -> PackedSource:
    wanted = named[0][1].sha256
    states = {file.stored: _state(file.stored, wanted) for _sequence, file in named}
    good = next((stored for stored, state in states.items() if state is FileState.INCLUDED), None)
    if good is not None:
        writer.put(name, _chunks(good), is_packed_already=True)
        if writer.files[-1].sha256 != wanted:
            raise OSError(f"{good} changed while it was packed")
    return PackedSource(
        file=name if good is not None else "",
        sha256=wanted,
        size=writer.files[-1].size if good is not None else 0,
        # The worst there is to say: one that is there but altered says more than one that is gone.
        state=FileState.INCLUDED if good is not None else _worst(states.values()),
        names=tuple(dict.fromkeys(file.name for _sequence, file in named)),
        belongs_to=tuple(dict.fromkeys(file.belongs_to for _sequence, file in named)),
        records=tuple(sorted({sequence for sequence, _file in named})),
    )


def _worst(states: Iterable[FileState]) -> FileState:
    return max(states, key=list(FileState).index)


def _state(stored: str, wanted: str) -> FileState:
    digest = hashlib.sha256()
    try:
        for chunk in _chunks(stored):
            digest.update(chunk)
    except (OSError, ValueError):
        # A storage refuses names outside of it with ``SuspiciousOperation`` or ``ValueError``.
        return FileState.MISSING
    return FileState.INCLUDED if digest.hexdigest() == wanted else FileState.ALTERED


def _chunks(stored: str) -> Iterator[bytes]:
    with default_storage.open(stored) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _pack_records(
    writer: _Writer, packing: Packing, numbers: Sequence[int]
) -> tuple[dict[str, Any], ...]:
    """What the index says about each."""
    people = (
        GateRecordPerson.objects.filter(record__in=numbers)
        .select_related("record")
        .defer("record__content")
        .order_by("record__sequence", "pk")
    )
    writer.put(PEOPLE, [archive_index.people_json(people, packing.as_of)])
    disposed = {each.sequence: each for each in disposals_of(numbers)}
    packed = []
    for record in _each(numbers):
        part = record_part(record)
        name = f"chain/{part.file_name}" if part.content else ""
        if name:
            writer.put(name, [part.content])
        packed.append(archive_index.record_entry(part, name, disposed.get(record.sequence)))
    return tuple(packed)


def _pack_papers(writer: _Writer, packing: Packing) -> tuple[PackedPaper, ...]:
    """One after the other: a paper with all its tools is large."""
    return tuple(
        _pack_paper(writer, packing, decision)
        for decision in decisions_of(packing.project, packing.decision)
    )


def _pack_paper(writer: _Writer, packing: Packing, decision: GateDecision) -> PackedPaper:
    with translation.override(language_of(decision, packing.project)):
        paper = read_paper(decision, packing.project)
        name = f"decisions/decision-{decision.record.sequence:04d}.pdf"
        writer.put(name, [draw_paper(paper, as_of=packing.as_of)])
        return archive_index.packed_paper(name, paper)


def language_of(decision: GateDecision, project: Project) -> str:
    """The language of the decision's sentences; the project's when the record is gone."""
    for record in (decision.record, decision.submission.record):
        language = frozen_content(record).get("language")
        if language:
            return str(language)
    return project.document_language


def _pack_index(
    writer: _Writer,
    packing: Packing,
    records: Sequence[dict[str, Any]],
    papers: Sequence[PackedPaper],
    sources: Sequence[PackedSource],
) -> None:
    broken = verify_chain(packing.project)
    index = archive_index.compose(
        project_number=packing.project.pk,
        is_whole=packing.decision is None,
        language=packing.language,
        made_at=packing.as_of,
        made_by=packing.ordered_by,
        records=records,
        papers=papers,
        sources=sources,
        broken=(broken.sequence, broken.reason) if broken else None,
    )
    writer.put(INDEX_STYLE, [static_file(f"{STATIC_BASE}reports/archive.css").read_bytes()])
    page = render_to_string(
        "reports/archive_index.html",
        {
            "index": index,
            "papers": papers,
            "made_at": packing.as_of,
            "language": packing.language,
        },
    )
    writer.put(INDEX_HTML, [page.encode()])
    index["files"] = [
        {"file": each.name, "sha256": each.sha256, "size": each.size} for each in writer.files
    ]
    text = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True)
    writer.put(INDEX_JSON, [text.encode(), b"\n"])
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in writer.files)
    writer.put(SUMS, [sums.encode()])
