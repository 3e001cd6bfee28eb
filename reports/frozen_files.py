"""The files that a record names: where they belong, their digest, and where they are stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """``stored`` is the name in the storage, ``sha256`` what it was when it was submitted."""

    name: str
    sha256: str
    stored: str
    belongs_to: str

    @property
    def archive_name(self) -> str:
        """By its digest: the same file is there once, and no name from people is a path."""
        ending = PurePosixPath(self.stored).suffix or PurePosixPath(self.name).suffix
        safe = "".join(each for each in ending.lower() if each.isascii() and each.isalnum())[:8]
        return f"attachments/{self.sha256}{'.' if safe else ''}{safe}"


def files_of(content: Mapping[str, Any]) -> tuple[FrozenFile, ...]:
    """The files of a submission's record, in the order of its criteria and attachments; each once
    per place. Files without a digest, from before there were any, are left out."""
    found = dict.fromkeys((*_evidence(content), *_attachments(content)))
    return tuple(each for each in found if each.sha256)


def _evidence(content: Mapping[str, Any]) -> Iterator[FrozenFile]:
    for each in content.get("criteria", ()):
        if each.get("evidence_file"):
            yield FrozenFile(
                name=each.get("evidence_file_name", ""),
                sha256=each.get("evidence_file_sha256", ""),
                stored=each["evidence_file"],
                belongs_to=each["title"],
            )


def _attachments(content: Mapping[str, Any]) -> Iterator[FrozenFile]:
    for each in content.get("attachments", ()):
        yield FrozenFile(
            name=each.get("name", ""),
            sha256=each.get("sha256", ""),
            stored=each.get("file", ""),
            belongs_to=each.get("title", ""),
        )
