import html as entities
import re
import time

import pytest

from common.markdown import plain_text, problems_in, render_inline, render_markdown

LINK = '<a href="{}" class="ds-link" rel="external noopener">{}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("En.\n\nTo.", "<p>En.</p>\n<p>To.</p>"),
        ("**fet** og *kursiv*", "<p><strong>fet</strong> og <em>kursiv</em></p>"),
        ("- a\n- b", '<ul class="ds-list">\n<li>a</li>\n<li>b</li>\n</ul>'),
        (
            "Slik:\n1. a\n2. b\n3. c",
            '<p>Slik:</p>\n<ol class="ds-list">\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ol>',
        ),
        (
            "1. a\n   - b\n2. c",
            '<ol class="ds-list">\n<li>a\n<ul class="ds-list">\n<li>b</li>\n</ul>\n</li>\n'
            "<li>c</li>\n</ol>",
        ),
        ("[a](https://a.no/?b=1)", f"<p>{LINK.format('https://a.no/?b=1', 'a')}</p>"),
        ("[a](mailto:a@b.no)", f"<p>{LINK.format('mailto:a@b.no', 'a')}</p>"),
        ('[a](https://a.no "<i>")', f"<p>{LINK.format('https://a.no', 'a')}</p>"),
        (r"\*stjerne\*", "<p>*stjerne*</p>"),
    ],
)
def test_what_is_allowed_becomes_html(text, html):
    assert render_markdown(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "1 < 2 og 3 > 2",
        "a_b_c og __init__py",
        "5 * 3 = 15, 2*3*4 = 24",
        "Skriv til ola@fjordvik.no eller <kari@fjordvik.no>.",
        "Vi <3 brukerne",
        "3. mai er fristen",
        "1. mai er fri",
        "12. mars\n13. april",
        f"{'9' * 5000}. mai",
        "+ 3 grader",
        "> 5 prosent",
        "#1 i køen",
        "FoU & utvikling, C:\\mappe, 100 %",
        "«Sitat» og \"sitat\" og 'sitat'",
        "https://www.digdir.no",
        "snake_case, {organisation} og [hakeparentes]",
        "&lt;b&gt; &amp; &#60;",
    ],
)
def test_plain_text_survives_as_it_was_typed(text):
    block = render_markdown(text)
    assert _as_read(block) == text
    assert re.findall(r"<[^>]*>", block) == ["<p>", "</p>"]
    assert (_as_read(render_inline(text)), plain_text(text.replace("\n", " "))) == (
        text,
        text.replace("\n", " "),
    )
    assert problems_in(text) == ()


def _as_read(html: str) -> str:
    return entities.unescape(re.sub(r"</?p>", "", html))


HTML = "HTML cannot be used here. Write without < and > around words."
HEADING = "Headings cannot be used here. Write a short paragraph in bold instead."
CODE = "Code cannot be used here. Write it without `."


def address(link: str) -> str:
    return f"The link to “{link}” must begin with https://, http:// or mailto:."


ATTACKS = [
    ("<script>alert(1)</script>", (HTML,)),
    ("<ScRiPt src=//evil.no></sCrIpT>", (HTML,)),
    ("<script", (HTML,)),
    ("<img src=x onerror=alert(1)>", (HTML,)),
    ("<img src=x onerror=alert(1)", (HTML,)),
    ("<img/src/onerror=alert(1)>", (HTML,)),
    ("<svg/onload=alert(1)>", (HTML,)),
    ("<b>fet</b>", (HTML,)),
    ("<!-- skjult -->", (HTML,)),
    ("<style>*{display:none}</style>", (HTML,)),
    ("[a](javascript:alert(1))", (address("javascript:alert(1)"),)),
    ("[a](JaVaScRiPt:alert(1))", (address("JaVaScRiPt:alert(1)"),)),
    ("[a](java&#115;cript:alert(1))", (address("javascript:alert(1)"),)),
    ("[a](&#x6A;avascript&colon;alert(1))", (address("javascript:alert(1)"),)),
    ("[a](data:text/html;base64,PHNjcmlwdD4=)", (address("data:text/html;base64,PHNjcmlwdD4="),)),
    ("[a](vbscript:x)", (address("vbscript:x"),)),
    ("[a](file:///etc/passwd)", (address("file:///etc/passwd"),)),
    ("[a](//evil.no)", (address("//evil.no"),)),
    ("[a](/prosjekter/)", (address("/prosjekter/"),)),
    ("[a](https:evil)", (address("https:evil"),)),
    ("<javascript:alert(1)>", (address("javascript:alert(1)"),)),
    ("![a](https://evil.no/spor.png)", ("Pictures cannot be used here.",)),
    ("![a](javascript:alert(1))", ("Pictures cannot be used here.",)),
    ("# Overskrift", (HEADING,)),
    ("Overskrift\n===", (HEADING,)),
    ("|a|b|\n|-|-|\n|1|2|", ("Tables cannot be used here. Write a list instead.",)),
    ("```\nkode\n```", (CODE,)),
    ("Bruk `kode`.", (CODE,)),
    ("[](https://a.no)", ("The link to “https://a.no” has no words.",)),
    ("# <b>[a](x)</b>", (HTML, HEADING, address("x"))),
]


@pytest.mark.parametrize(("text", "sentences"), ATTACKS)
def test_what_is_not_allowed_is_named(text, sentences):
    assert problems_in(text) == sentences


@pytest.mark.parametrize("text", [text for text, _sentences in ATTACKS])
def test_whatever_is_written_only_allowed_tags_come_out(text):
    for found in (render_markdown(text), render_inline(text), render_markdown(f"- {text}")):
        tags = re.findall(r"<[^>]*>", found)
        safe = re.compile(
            r'</?(p|em|strong|li)>|<(ul|ol) class="ds-list">|</(ul|ol|a)>'
            r'|<a href="https://a\.no" class="ds-link" rel="external noopener">'
        )
        assert [tag for tag in tags if not safe.fullmatch(tag)] == []


def test_what_is_not_allowed_is_shown_as_it_was_typed():
    assert render_markdown("<b>x</b> ![a](https://a.no) [b](javascript:c)") == (
        "<p>&lt;b&gt;x&lt;/b&gt; ![a](https://a.no) [b](javascript:c)</p>"
    )


def test_an_entry_of_a_list_has_no_blocks_of_its_own():
    assert render_inline("- **a** [b](https://b.no)\n") == (
        f"- <strong>a</strong> {LINK.format('https://b.no', 'b')}"
    )


def test_the_words_alone():
    assert plain_text("**Husk** [DFØ](https://dfo.no)\nog *mer*.\n\n- a\n- b") == (
        "Husk DFØ (https://dfo.no) og mer.\na\nb"
    )


@pytest.mark.parametrize("piece", ["[", "*a ", "- ", "[a](", "<", "> ", "`", "_*", "1. a\n", "!["])
def test_text_made_to_be_slow_is_not(piece):
    text = (piece * 20_000)[:20_000]
    start = time.monotonic()
    render_markdown(text), render_inline(text), problems_in(text)
    assert time.monotonic() - start < 10
