"""Limited Markdown, as guidance is written in, made into HTML that is safe on any page.

Allowed are paragraphs, **bold**, *italic*, bullet and numbered lists, and links to http, https and
mailto. Everything else stands on the page as it was typed: nothing that somebody writes is lost or
run. :func:`problems_in` says what in a text is not allowed, for those who check before saving.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block
from markdown_it.rules_inline import StateInline, link
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

# A host after http(s), somebody's address after mailto.
_ADDRESS = re.compile(r"https?://[^\s/?#]|mailto:[^\s@?]+@[^\s@]", re.IGNORECASE)
_ORDERED = re.compile(r"\s*(\d{1,9})[.)](\s|$)")
_UNORDERED = re.compile(r"\s*[-*](\s|$)")
# What a browser would take for a tag, also when it is not closed. "1 < 2", "<3" and addresses in
# angle brackets are none.
_TAG = re.compile(
    r"<(/?[a-z][a-z0-9-]*(\s[^<>]*)?/?>"
    r"|[a-z][a-z0-9-]*(\s+[a-z-]+\s*|/[^<>\s]*)="
    r"|[!?]"
    r"|(script|style|iframe)\b)",
    re.IGNORECASE,
)

_TAGS = {"p", "em", "strong", "ul", "ol", "li", "a", "br"}
_LAST_GATE = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "*": set()},
    url_schemes={"http", "https", "mailto"},
    link_rel="external noopener",
    set_tag_attribute_values={
        "a": {"class": "ds-link"},
        "ul": {"class": "ds-list"},
        "ol": {"class": "ds-list"},
    },
)


def render_markdown(text: str) -> SafeString:
    """The text as HTML blocks (``<p>``, ``<ul>``, ``<ol>``), safe whatever it holds. Nothing for
    a blank text."""
    return _block(text)


def render_inline(text: str) -> SafeString:
    """As :func:`render_markdown` for one short text inside a block of the page's own, such as an
    entry of a list: emphasis and links, no paragraphs and no lists."""
    return _inline(text)


def plain_text(text: str) -> str:
    """The words alone, on one line per paragraph or entry: for search, spreadsheets and mails.
    A link is followed by its address in parentheses."""
    lines = (
        _words(token.children or []) for token in _WRITER.parse(text) if token.type == "inline"
    )
    return "\n".join(line for line in lines if line)


def problems_in(text: str) -> tuple[str, ...]:
    """A sentence for each kind of thing in the text that is not allowed, in the active language;
    empty when all is well. Unsafe addresses are named, one sentence each.

    Refused are HTML, pictures, headings, tables, code, and links that lead elsewhere than to http,
    https or mailto or that have no words. Indented lines are let through: on the page they are
    ordinary paragraphs.
    """
    tokens = _READER.parse(text)
    html = _no_html() if _TAG.search(text) else ""
    found = [html, *map(_problem_of, _all_tokens(tokens))]
    found += [_problem_of_link(label, address) for label, address in _links(tokens)]
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def _no_html() -> str:
    return _("HTML cannot be used here. Write without < and > around words.")


def _problem_of_link(label: str, address: str) -> str:
    if not _ADDRESS.match(address):
        return _("The link to “%(address)s” must begin with https://, http:// or mailto:.") % {
            "address": address
        }
    if not label.strip():
        return _("The link to “%(address)s” has no words.") % {"address": address}
    return ""


def _problem_of(token: Token) -> str:
    if token.type in {"html_block", "html_inline"}:
        return _no_html()
    if token.type == "image":
        return _("Pictures cannot be used here.")
    if token.type == "heading_open":
        return _("Headings cannot be used here. Write a short paragraph in bold instead.")
    if token.type == "table_open":
        return _("Tables cannot be used here. Write a list instead.")
    if token.type in {"fence", "code_inline"}:
        return _("Code cannot be used here. Write it without `.")
    return ""


def _all_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or []


def _links(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Words and address of each link."""
    for block in tokens:
        words, address = "", None
        for token in block.children or []:
            if token.type == "link_open":
                words, address = "", str(token.attrs["href"])
            elif token.type == "link_close" and address is not None:
                yield words, address
                address = None
            else:
                words += token.content


def _words(tokens: list[Token]) -> str:
    words, addresses = "", []
    for token in tokens:
        if token.type == "link_open":
            addresses.append(str(token.attrs["href"]))
        elif token.type == "link_close":
            words += f" ({addresses.pop()})"
        elif token.type in {"softbreak", "hardbreak"}:
            words += " "
        else:
            words += token.content
    return words.strip()


# Guidance of a published version never changes, and a page shows dozens of texts.
@lru_cache(maxsize=4096)
def _block(text: str) -> SafeString:
    return mark_safe(_LAST_GATE.clean(_WRITER.render(text)).strip())


@lru_cache(maxsize=4096)
def _inline(text: str) -> SafeString:
    return mark_safe(_LAST_GATE.clean(_WRITER.renderInline(text.strip())))


# --- the two parsers -----------------------------------------------------------------------------


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list where a writer meant one. "3. mai er fristen" opens a paragraph and no list: a
    numbered list begins with 1 and has a 2. A plus sign belongs to a number."""
    line = _line(state, start)
    ordered = _ORDERED.match(line)
    if ordered is None:
        if not _UNORDERED.match(line):
            return False
    else:
        # The next entry of the list around the paragraph that is being read.
        is_sibling = silent and state.sCount[start] < state.blkIndent
        if not is_sibling and not (int(ordered[1]) == 1 and _has_a_second(state, start, end)):
            return False
    return list_block(state, start, end, silent)


def _has_a_second(state: StateBlock, start: int, end: int) -> bool:
    for number in range(start + 1, end):
        ordered = _ORDERED.match(_line(state, number))
        if ordered and state.sCount[number] <= state.sCount[start] + 1:
            return int(ordered[1]) in {1, 2}
    return False


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _emphasis(state: StateInline, silent: bool) -> bool:
    """As Markdown's own, but a star inside a word or a product is a star: 2*3*4."""
    marker = state.src[state.pos]
    if silent or marker not in {"*", "_"}:
        return False
    # False: may not split a word. Markdown asks so of underscores only.
    scanned = state.scanDelims(state.pos, False)
    for _number in range(scanned.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    state.pos += scanned.length
    return True


def _link(state: StateInline, silent: bool) -> bool:
    """A link, unless it is a picture: that stays as it was typed, with its exclamation mark."""
    if state.pos and state.src[state.pos - 1] == "!":
        return False
    return link(state, silent)


def _writer() -> MarkdownIt:
    """Knows what is allowed and nothing else, so the rest stays text."""
    parser = MarkdownIt("zero")
    parser.enable(["list", "emphasis", "link", "escape", "newline"])
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.at("link", _link)
    parser.validateLink = lambda url: bool(_ADDRESS.match(url))  # type: ignore[method-assign]
    return parser


def _reader() -> MarkdownIt:
    """Knows all that people could mean, to tell them what they cannot have."""
    parser = MarkdownIt("commonmark").enable("table")
    parser.disable(["code", "blockquote", "hr", "reference"])
    # Unsafe addresses are to be found, not passed over.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


_WRITER = _writer()
_READER = _reader()
