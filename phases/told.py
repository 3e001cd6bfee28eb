"""A difference between two readings of a project, as pages tell it. Pure."""

from dataclasses import dataclass
from enum import IntEnum

LONGEST = 200
LEAD = 40


class Importance(IntEnum):
    """What comes first when there is much to tell."""

    BLOCKER = 1
    MONEY = 2
    RISK = 3
    PEOPLE = 4
    AGREED = 5
    CONTENT = 6
    WORK = 7
    NOTE = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another. ``label`` is empty where the sentence says which; an empty side
    is nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """``area`` is the part of the project, ``sentence`` what is different there, and ``url`` where
    it can be seen today."""

    area: str
    area_title: str
    importance: Importance
    sentence: str
    changes: tuple[Change, ...] = ()
    url: str = ""

    @property
    def anchor(self) -> str:
        """The section of a submission's page that this is in."""
        if self.area.startswith("tool."):
            return f"basis-tool-{self.area.removeprefix('tool.')}"
        return {
            "readiness": "basis-missing",
            "criteria": "basis-criteria",
            "people": "basis-people",
            "decisions": "basis-earlier",
            "steps": "basis-steps",
        }.get(self.area, "basis-project")


def change_of(label: str, before: str, after: str) -> Change | None:
    """``None`` when both are the same. Long texts are cut to where they part."""
    if before == after:
        return None
    return Change(label, *parted(before, after))


def parted(before: str, after: str) -> tuple[str, str]:
    """Both texts, each at most about ``LONGEST`` characters: what they begin with in common is left
    out but for its last words."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    same = next(
        (
            place
            for place, (one, other) in enumerate(zip(before, after, strict=False))
            if one != other
        ),
        min(len(before), len(after)),
    )
    start = 0
    if same > LEAD:
        start = before.rfind(" ", 0, same - LEAD) + 1 or same - LEAD
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    end = len(text)
    if end - start > LONGEST:
        end = text.rfind(" ", start, start + LONGEST)
        if end <= start:
            end = start + LONGEST
    words = text[start:end].strip()
    if not words:
        return ""
    return f"{'… ' if start else ''}{words}{' …' if end < len(text) else ''}"
