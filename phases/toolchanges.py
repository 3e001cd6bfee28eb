"""What is different in a tool: its figures and its entries, by their keys. Pure."""

from collections.abc import Iterator, Mapping

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phases.record import RecordedTool
from phases.templatetags.phase_tags import fact_value
from phases.told import Change, Difference, Importance, change_of
from tools.contract import ColumnKind, Fact, ProjectContext
from tools.entries import Cell, Entry, Matter

# So many new rows of a series are told one by one.
FEW = 3
_IMPORTANCE: Mapping[Matter, Importance] = {
    Matter.MONEY: Importance.MONEY,
    Matter.RISK: Importance.RISK,
    Matter.PEOPLE: Importance.PEOPLE,
    Matter.CONTENT: Importance.CONTENT,
    Matter.NOTE: Importance.NOTE,
}


def fact_changes(
    before: RecordedTool | None, after: RecordedTool | None, project_id: int
) -> Iterator[Difference]:
    """Old and new figure of money, hours and shares. What only counts rows is told by the rows."""
    if before is None or after is None:
        return
    earlier = {fact.key: fact for fact in before.facts}
    for fact in after.facts:
        then = earlier.get(fact.key)
        if then is None or then.value == fact.value or not _is_told(fact):
            continue
        yield Difference(
            area=f"tool.{after.key}",
            area_title=after.title,
            importance=Importance.MONEY if fact.is_headline else Importance.CONTENT,
            sentence=_("%(figure)s in “%(tool)s”") % {"figure": fact.label, "tool": after.title},
            changes=(Change("", _figure(then), _figure(fact)),),
            url=_tool_url(after, project_id),
        )


def _is_told(fact: Fact) -> bool:
    return fact.is_headline or fact.kind in (ColumnKind.MONEY, ColumnKind.PERCENT)


def _figure(fact: Fact) -> str:
    return "" if fact.value is None else str(fact_value(fact))


def _tool_url(tool: RecordedTool, project_id: int) -> str:
    if tool.tool is None:
        return ""
    try:
        return reverse("tools:tool", args=[project_id, tool.tool.slug])
    except NoReverseMatch:
        return ""


def tool_entries_changes(
    before: RecordedTool | None,
    before_context: ProjectContext,
    after: RecordedTool | None,
    after_context: ProjectContext,
) -> Iterator[Difference]:
    """Entries that are new, gone or changed. A tool that is there on one side only, because nothing
    was written in it on the other, is one difference."""
    earlier = _entries(before, before_context)
    now = _entries(after, after_context)
    told = after or before
    if earlier is None or now is None or told is None:
        return
    if before is None or after is None:
        written = {key: each for key, each in {**earlier, **now}.items() if _has_words(each)}
        if written:
            yield _whole(told, list(written.values()), after is not None, after_context)
        return
    url = _tool_url(told, after_context.project_id)
    new = [entry for key, entry in now.items() if key not in earlier and entry.is_series]
    if len(new) > FEW:
        yield from _series(told, new, url)
        now = {key: entry for key, entry in now.items() if key in earlier or not entry.is_series}
    for key, entry in now.items():
        yield from _entry_difference(told, earlier.get(key), entry, entry.url)
    for key, entry in earlier.items():
        if key not in now:
            yield from _entry_difference(told, entry, None, url)


def _entries(tool: RecordedTool | None, context: ProjectContext) -> dict[str, Entry] | None:
    """By key; ``None`` when this installation no longer has the tool."""
    if tool is None:
        return {}
    if tool.tool is None:
        return None
    return {entry.key: entry for entry in tool.tool.entries(tool.dossier, context)}


def _has_words(entry: Entry) -> bool:
    return any(cell.text for cell in entry.cells)


def _whole(
    tool: RecordedTool, entries: list[Entry], is_new: bool, context: ProjectContext
) -> Difference:
    words = _("Begun: “%(tool)s”") if is_new else _("Nothing is left in “%(tool)s”")
    return Difference(
        area=f"tool.{tool.key}",
        area_title=tool.title,
        importance=min(_importance_of_whole(entry) for entry in entries),
        sentence=words % {"tool": tool.title},
        url=_tool_url(tool, context.project_id),
    )


def _series(tool: RecordedTool, new: list[Entry], url: str) -> Iterator[Difference]:
    """Many new rows of what only grows, as one difference for each table."""
    for place in dict.fromkeys(entry.place for entry in new):
        rows = [entry for entry in new if entry.place == place]
        yield Difference(
            area=f"tool.{tool.key}",
            area_title=tool.title,
            importance=min(_importance_of_whole(entry) for entry in rows),
            sentence=ngettext(
                "%(count)s new in “%(place)s”", "%(count)s new in “%(place)s”", len(rows)
            )
            % {"count": len(rows), "place": place},
            url=url,
        )


def _entry_difference(
    tool: RecordedTool, before: Entry | None, after: Entry | None, url: str
) -> Iterator[Difference]:
    entry = after or before
    if entry is None:
        return
    changes, changed = _cell_changes(before, after)
    if before is not None and after is not None and not changes:
        return
    if not entry.is_row and not changes:
        return
    yield Difference(
        area=f"tool.{tool.key}",
        area_title=tool.title,
        importance=(
            _importance(entry, changed) if before and after else _importance_of_whole(entry)
        ),
        sentence=_sentence(tool, before, after, entry),
        changes=changes,
        url=url,
    )


def _sentence(tool: RecordedTool, before: Entry | None, after: Entry | None, entry: Entry) -> str:
    named = {"place": entry.place or tool.title, "what": entry.words}
    if not entry.is_row:
        return _("“%(what)s” in “%(tool)s”") % {"what": entry.words, "tool": tool.title}
    if before is None:
        return _("New in “%(place)s”: %(what)s") % named
    if after is None:
        return _("Removed from “%(place)s”: %(what)s") % named
    return _("Changed in “%(place)s”: %(what)s") % named


def _cell_changes(
    before: Entry | None, after: Entry | None
) -> tuple[tuple[Change, ...], tuple[Cell, ...]]:
    """The values that are others, and the cells that they are in. Of a row that is new or gone
    only what says most: no long texts, and not again what it is called."""
    if before is None or after is None:
        entry = after or before
        cells = [
            cell
            for cell in (entry.cells if entry else ())
            if cell.text and not (entry and entry.is_row and _is_left_out(cell, entry))
        ]
        found = [
            change_of(cell.label, "", cell.text) if after else change_of(cell.label, cell.text, "")
            for cell in cells
        ]
        return tuple(each for each in found if each is not None), tuple(cells)
    changes, changed = [], []
    for then, now in _pairs(before, after):
        if then.same == now.same:
            continue
        # Two people may be called the same: that it is somebody else is told all the same.
        change = change_of(now.label, then.text, now.text) or Change(now.label, then.text, now.text)
        changes.append(change)
        changed.append(now)
    return tuple(changes), tuple(changed)


def _is_left_out(cell: Cell, entry: Entry) -> bool:
    return cell.matter is Matter.NOTE or cell.text == entry.words


def _pairs(before: Entry, after: Entry) -> Iterator[tuple[Cell, Cell]]:
    """The cells under one label: a method may have given a table other columns since."""
    if [cell.label for cell in before.cells] == [cell.label for cell in after.cells]:
        yield from zip(before.cells, after.cells, strict=True)
        return
    earlier = {cell.label: cell for cell in before.cells}
    for cell in after.cells:
        if cell.label in earlier:
            yield earlier[cell.label], cell


def _importance(entry: Entry, changed: tuple[Cell, ...]) -> Importance:
    """Of a changed entry: what was changed. Whatever is changed about a risk is about the risk."""
    own = _IMPORTANCE[entry.matter]
    found = min((_IMPORTANCE[cell.matter] for cell in changed), default=own)
    if own is Importance.NOTE:
        return own
    return min(found, own) if own is Importance.RISK else found


def _importance_of_whole(entry: Entry) -> Importance:
    """Of an entry that is new or gone: money and risk count, and whom it is about; not who happens
    to see to it."""
    own = _IMPORTANCE[entry.matter]
    if own is Importance.NOTE:
        return own
    matters: set[Matter] = set()
    if any(cell.text and cell.matter is Matter.MONEY for cell in entry.cells):
        matters.add(Matter.MONEY)
    if entry.cells and entry.cells[0].matter is Matter.PEOPLE:
        matters.add(Matter.PEOPLE)
    found = min((_IMPORTANCE[matter] for matter in matters), default=Importance.CONTENT)
    return min(found, own)
