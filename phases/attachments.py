"""The files that belong to a record, by digest: evidence of criteria and conditions, and what the
tools show."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.files.storage import default_storage

from phases.dossier import ProjectDossier
from tools.contract import Tool


def attachments_content(
    project: ProjectDossier, tools: Iterable[tuple[Tool, Any]]
) -> list[dict[str, Any]]:
    """One entry for each place that a stored file has in the dossiers (a file that was carried over
    to a new round has two). ``tools`` come with the part of their dossier that everybody may see.

    ``file`` is the name in storage, ``name`` what people see, ``size`` in bytes and ``None`` when
    the file is not there. Asks the storage once for each file; no query.
    """
    sizes: dict[str, int | None] = {}
    found = []
    for file, name, sha256, place in (*_of_project(project), *_of_tools(tools)):
        if file not in sizes:
            sizes[file] = _size(file)
        found.append(
            {"file": file, "name": name, "sha256": sha256, "size": sizes[file], "place": place}
        )
    return found


_Found = tuple[str, str, str, Mapping[str, Any]]


def _of_project(project: ProjectDossier) -> Iterator[_Found]:
    for phase in project.phases:
        for row in phase.rounds:
            for answer in row.answers:
                if answer.evidence_file:
                    place = {
                        "kind": "criterion",
                        "phase": row.phase,
                        "iteration": row.iteration,
                        "criterion": answer.criterion,
                    }
                    name, sha256 = answer.evidence_file_name, answer.evidence_file_sha256
                    yield answer.evidence_file, name, sha256, place
    for decision in project.decisions:
        for condition in decision.conditions:
            if condition.evidence_file:
                place = {
                    "kind": "condition",
                    "phase": decision.phase,
                    "iteration": decision.iteration,
                    "condition": condition.pk,
                }
                name, sha256 = condition.evidence_file_name, condition.evidence_file_sha256
                yield condition.evidence_file, name, sha256, place


def _of_tools(tools: Iterable[tuple[Tool, Any]]) -> Iterator[_Found]:
    for tool, dossier in tools:
        for each in tool.attachments(dossier):
            place = {"kind": "tool", "tool": tool.key, "field": each.place}
            yield each.file, each.name, each.sha256, place


def _size(file: str) -> int | None:
    try:
        return int(default_storage.size(file))
    except OSError:
        return None
