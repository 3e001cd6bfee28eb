"""A worksheet on one A4 page: which blocks stand on it, and how it is made to fit. Pure.

Drafts go from the roomiest to the tightest. Three text sizes come first; then texts are shortened
and lists cut, and the page says so at its foot.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from tools.contract import PrintedProject
from worksheets.printing import Block, BlockKind, Printed

# What the page of a presentation shows, in this order; figures and a picture besides.
_PRESENTED = ("problem", "goal", "why_now", "target_groups")
_LAST = "next_steps"
# The three text sizes, and how many characters may be worth trying: setting a page takes time, and
# more than this cannot fit.
SIZES = {"l": 5000, "m": 6500, "s": 9000}
MOST_NAMED = 12
# What a line break is reckoned for, in characters.
LINE = 60


@dataclass(frozen=True, slots=True)
class Limit:
    """``characters`` of a text, ``entries`` of a list or table, ``blocks`` on the whole page."""

    characters: int
    entries: int
    blocks: int = 1000


LIMITS = (
    Limit(1400, 12),
    Limit(1000, 9),
    Limit(700, 6),
    Limit(500, 6),
    Limit(400, 6),
    Limit(320, 6),
    Limit(250, 3),
    Limit(180, 3),
    Limit(120, 2, 14),
    Limit(100, 2, 8),
    Limit(60, 1, 4),
)


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A block with the heading of its section where that is new; presentations have none."""

    heading: str
    block: Block


@dataclass(frozen=True, slots=True)
class Page:
    """``shortened`` and ``gone`` name what does not stand here in full, or not at all."""

    picture: Block | None
    blocks: tuple[PageBlock, ...]
    ask: Block | None
    last: Block | None
    shortened: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def shortened_words(self) -> str:
        return get_text_list(_named(self.shortened), _("and"))

    @property
    def gone_words(self) -> str:
        return get_text_list(_named(self.gone), _("and"))


def page_drafts(printed: Printed, project: PrintedProject) -> Iterator[str]:
    """The page as HTML documents for ``common.pdf``, each tighter than the one before."""
    page = page_of(printed)
    for size, most in SIZES.items():
        if characters_of(page) <= most:
            yield _html(printed, project, page, size)
    for limit in LIMITS:
        tighter = shortened(page, limit)
        if limit is LIMITS[-1] or characters_of(tighter) <= SIZES["s"]:
            yield _html(printed, project, tighter, "s")


def characters_of(page: Page) -> int:
    """How much is written on the page."""
    blocks = [each.block for each in page.blocks] + [each for each in (page.ask, page.last) if each]
    return sum(len(words) for block in blocks for words in _words(block))


def _words(block: Block) -> Iterator[str]:
    yield from (block.text, *block.lines)
    yield from (item.words for item in block.items)
    yield from (quote.words for quote in block.quotes)
    for figure in block.figures:
        yield from (figure.what, figure.unit, figure.source)
    yield from (words for row in block.rows for _column, words in row.cells)


def _html(printed: Printed, project: PrintedProject, page: Page, size: str) -> str:
    return render_to_string(
        "worksheets/page.html",
        {"printed": printed, "project": project, "page": page, "size": size},
    )


def page_of(printed: Printed) -> Page:
    """Everything that belongs on the page, in full."""
    picture = next((each for each in printed.blocks if each.kind is BlockKind.PICTURE), None)
    if printed.ask is None:
        return Page(picture, tuple(_everything(printed)), None, None)
    texts = [block for key in _PRESENTED if (block := printed.block(key))]
    figures = [block for block in printed.blocks if block.kind is BlockKind.FIGURES]
    return Page(
        picture,
        tuple(PageBlock("", block) for block in (*texts, *figures)),
        printed.ask,
        printed.block(_LAST),
    )


def _everything(printed: Printed) -> Iterator[PageBlock]:
    for section in printed.sections:
        heading = section.title
        for block in section.blocks:
            if block.kind is not BlockKind.PICTURE:
                yield PageBlock(heading, block)
                heading = ""


def shortened(page: Page, limit: Limit) -> Page:
    """The page within ``limit``, with the names of what became shorter and of what is gone."""
    kept, dropped = page.blocks[: limit.blocks], page.blocks[limit.blocks :]
    cut: list[str] = []

    def fitted(block: Block) -> Block:
        made = _fitted(block, limit)
        # Line breaks that become blanks leave nothing out.
        if [words.split() for words in _words(made)] != [words.split() for words in _words(block)]:
            cut.append(block.title)
        return made

    blocks = tuple(replace(each, block=fitted(each.block)) for each in kept)
    ask, last = (each and fitted(each) for each in (page.ask, page.last))
    return Page(
        page.picture,
        blocks,
        ask,
        last,
        shortened=tuple(dict.fromkeys(cut)),
        gone=tuple(dict.fromkeys(each.block.title for each in dropped)),
    )


def _fitted(block: Block, limit: Limit) -> Block:
    most = limit.characters

    def cell(words: str) -> str:
        # The cells of one row share its room.
        return _cut(words, max(40, most // max(1, len(block.columns))))

    return replace(
        block,
        text=_cut(block.text, most),
        items=tuple(replace(item, words=_cut(item.words, most)) for item in block.items),
        lines=tuple(_cut(line, most) for line in block.lines[: limit.entries]),
        quotes=tuple(
            replace(quote, words=_cut(quote.words, most)) for quote in block.quotes[: limit.entries]
        ),
        figures=tuple(
            replace(
                figure,
                what=_cut(figure.what, most),
                unit=_cut(figure.unit, most),
                source=_cut(figure.source, most),
            )
            for figure in block.figures[: limit.entries]
        ),
        rows=tuple(
            replace(row, cells=tuple((column, cell(words)) for column, words in row.cells))
            for row in block.rows[: limit.entries]
        ),
    )


def _cut(text: str, most: int) -> str:
    """At most ``most`` characters, at the end of a word where there is one near, and with a mark
    that something follows."""
    if len(text) + LINE * text.count("\n") <= most:
        return text
    # Line breaks take room that there is none of.
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    start = text[: most - 1]
    at_word = start.rpartition(" ")[0]
    return f"{(at_word if len(at_word) > most // 2 else start).rstrip(' ,.;:')}…"


def _named(titles: tuple[str, ...]) -> list[str]:
    named = list(titles[:MOST_NAMED])
    rest = len(titles) - len(named)
    return [*named, _("%(number)s more") % {"number": rest}] if rest else named
