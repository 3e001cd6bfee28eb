"""The files that a record names: where they belong, their digest, and where they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

_Content = Mapping[str, Any]


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


def files_of(content: _Content) -> tuple[FrozenFile, ...]:
    """The files that a record names, in its order, each once per place. A record of another kind
    than a submission names none. Files without a digest, from before there were any, are left out.
    """
    found = dict.fromkeys(
        FrozenFile(each["name"], each["sha256"], each["file"], _title(content, each["place"]))
        for each in content.get("attachments", ())
    )
    return tuple(each for each in found if each.sha256)


def _title(content: _Content, place: Mapping[str, Any]) -> str:
    """What the file belongs to, in words of the record; a key that the record does not name (a
    criterion of an earlier phase) says the phase."""
    match place["kind"]:
        case "criterion":
            titles = {each["key"]: each["title"] for each in content["criteria"]}
            if place["phase"] == content["phase"]["key"] and place["criterion"] in titles:
                return str(titles[place["criterion"]])
            return _phase_title(content, place["phase"])
        case "condition":
            return _condition(content, place) or _phase_title(content, place["phase"])
        case "tool":
            return str(content["tools"].get(place["tool"], {}).get("title", place["tool"]))
    return ""


def _phase_title(content: _Content, key: str) -> str:
    return str(content["titles"]["phases"].get(key, key))


def _condition(content: _Content, place: Mapping[str, Any]) -> str:
    return next(
        (
            str(condition["text"])
            for decision in content["project"]["decisions"]
            for condition in decision["conditions"]
            if condition.get("pk") == place["condition"]
        ),
        "",
    )
