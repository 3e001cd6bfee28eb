"""A worksheet as 16:9 slides: which slides there are, and how large their text is. Pure.

Nothing is cut: the text is set as large as an estimate says that it fits on one slide, and what
needs more room goes on where the next slide begins.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tools.contract import PrintedProject
from worksheets.printing import Block, BlockKind, Figure, Printed, PrintedSection, Quote

FIGURES_IN_A_ROW = 3
LONGEST_FOOT = 90
# Beyond these lengths a name of a project is set smaller.
_NAME_LENGTHS = (("xl", 34), ("l", 70), ("m", 110))


class SlideKind(StrEnum):
    CONTENT = "content"
    QUOTES = "quotes"
    FIGURES = "figures"
    TABLE = "table"
    PICTURE = "picture"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class TextSize:
    """A size of text: how many characters a line holds, how many lines a slide."""

    name: str
    characters: int
    lines: int


# Estimates for Inter on the widths of slides.css, a little on the careful side.
LABELLED = (
    TextSize("xl", 38, 7),
    TextSize("l", 48, 9),
    TextSize("m", 56, 11),
    TextSize("s", 63, 13),
)
# Quotes and the ask have the whole width and larger letters.
WIDE = (
    TextSize("xl", 42, 6),
    TextSize("l", 56, 8),
    TextSize("m", 70, 10),
    TextSize("s", 84, 13),
)


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide, or several when its text is long. ``rows`` are figures, a few beside each
    other."""

    kind: SlideKind
    title: str
    size: str
    blocks: tuple[Block, ...]
    rows: tuple[tuple[Figure, ...], ...] = ()

    @property
    def continued(self) -> str:
        """What stands above a slide that goes on."""
        return _("%(title)s (continued)") % {"title": self.title}


def slides_html(printed: Printed, project: PrintedProject) -> str:
    """The slides as one HTML document for ``common.pdf``."""
    return render_to_string(
        "worksheets/slides.html",
        {
            "printed": printed,
            "project": project,
            "slides": slides_of(printed),
            "name_size": next(
                (size for size, most in _NAME_LENGTHS if len(project.name) <= most), "s"
            ),
            "phases": phase_line(project),
            "longest_foot": LONGEST_FOOT,
        },
    )


def phase_line(project: PrintedProject) -> list[str]:
    """A mark per phase: ``done``, ``now`` or ``coming``. Empty between phases, when none is it."""
    now = project.phase_number
    if not now:
        return []
    return [
        "now" if number == now else "done" if number < now else "coming"
        for number in range(1, project.phase_count + 1)
    ]


def slides_of(printed: Printed) -> tuple[Slide, ...]:
    """Section by section, and what is asked for at the end."""
    slides = [slide for section in printed.sections for slide in _of_section(section)]
    if printed.ask is not None:
        size = _size([printed.ask.text], WIDE)
        slides.append(Slide(SlideKind.ASK, printed.ask.title, size, (printed.ask,)))
    return tuple(slides)


def _of_section(section: PrintedSection) -> Iterator[Slide]:
    together: list[Block] = []
    for block in section.blocks:
        if block.kind in (BlockKind.TEXT, BlockKind.FACTS, BlockKind.LIST):
            together.append(block)
            continue
        if together:
            yield _content(section, together)
            together = []
        yield _alone(section, block)
    if together:
        yield _content(section, together)


def _content(section: PrintedSection, blocks: list[Block]) -> Slide:
    texts = [text for block in blocks for text in _texts(block)]
    return Slide(SlideKind.CONTENT, section.title, _size(texts, LABELLED), tuple(blocks))


def _texts(block: Block) -> tuple[str, ...]:
    if block.kind is BlockKind.FACTS:
        return tuple(item.words for item in block.items)
    return block.lines if block.kind is BlockKind.LIST else (block.text,)


def _alone(section: PrintedSection, block: Block) -> Slide:
    match block.kind:
        case BlockKind.QUOTES:
            size = _size([_quote_text(quote) for quote in block.quotes], WIDE)
            return Slide(SlideKind.QUOTES, section.title, size, (block,))
        case BlockKind.FIGURES:
            longest = max(len(figure.value) for figure in block.figures)
            size = "xl" if longest <= 5 else "l" if longest <= 8 else "m" if longest <= 12 else "s"
            rows = tuple(_figure_rows(block))
            return Slide(SlideKind.FIGURES, section.title, size, (block,), rows)
        case BlockKind.TABLE:
            size = "m" if len(block.columns) <= 3 else "s"
            return Slide(SlideKind.TABLE, section.title, size, (block,))
    return Slide(SlideKind.PICTURE, section.title, "m", (block,))


def _quote_text(quote: Quote) -> str:
    return f"{quote.words}\n{quote.who}"


def _figure_rows(block: Block) -> Iterator[tuple[Figure, ...]]:
    """Rows of three, but four figures as two and two."""
    figures = block.figures
    width = 2 if len(figures) == 4 else FIGURES_IN_A_ROW
    for start in range(0, len(figures), width):
        yield figures[start : start + width]


def _size(texts: Iterable[str], sizes: tuple[TextSize, ...]) -> str:
    """The largest size at which the texts fit on one slide, else the smallest."""
    written = [text for text in texts if text]
    for size in sizes:
        # Between two texts there is a little more than a line.
        if sum(_lines(text, size) for text in written) + 1.2 * (len(written) - 1) <= size.lines:
            return size.name
    return sizes[-1].name


def _lines(text: str, size: TextSize) -> float:
    """How many lines it takes; an empty line counts as half of one."""
    return sum(
        max(0.5, math.ceil(len(line.strip()) / size.characters)) for line in text.splitlines()
    )
