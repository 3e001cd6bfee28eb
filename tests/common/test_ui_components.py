from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.test.html import parse_html
from django.utils import translation

from common.enums import ToneChoices
from common.messages import MessageAction, action_of, success_with_action
from common.outcomes import Allowed, Denied
from common.templatetags import ui

ICON = {name: ui.icon(name) for name in ("stop", "warning", "info", "lock", "check", "diamond")}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def drawn(source: str, **context: Any) -> Any:
    return parse_html(Template("{% load ui %}" + source).render(Context(context)))


class Step(ToneChoices):
    DONE = "done", "success", "Done & kept"
    OPEN = "open", "neutral", "Open"


def test_status_tag_has_words_beside_the_colour() -> None:
    assert drawn("{% status_tag a %}{% status_tag b %}", a=Step.DONE, b=Step.OPEN) == parse_html(
        f"""<span class="ds-tag status" data-color="success">{ICON["check"]}Done &amp; kept</span>
        <span class="ds-tag status" data-color="neutral">Open</span>"""
    )


def test_person_is_initials_and_name_or_nobody() -> None:
    assert drawn("{% person a %}{% person None %}", a="Kari <b>") == parse_html(
        """<span class="person"><span class="person-initials" aria-hidden="true">KB</span>
        <span class="person-name">Kari &lt;b&gt;</span></span><span class="gap">nobody</span>"""
    )


@pytest.mark.parametrize("name", ["alert", "empty"])
def test_a_component_with_only_a_title_has_no_empty_parts(name: str) -> None:
    source = '{% include "components/' + name + '.html" with tone="info" title="T" only %}'
    assert (
        drawn(source)
        == {
            "alert": parse_html(
                '<div class="ds-alert alert" data-color="info"><p class="alert-title">T</p></div>'
            ),
            "empty": parse_html(
                '<section class="empty"><h2 class="ds-heading" data-size="xs">T</h2></section>'
            ),
        }[name]
    )


def test_an_alert_with_everything() -> None:
    source = (
        '{% include "components/alert.html" with tone="danger" title=t text=t '
        'action_url="/a/" action_label="Go" only %}'
    )
    assert drawn(source, t="<i>") == parse_html(
        """<div class="ds-alert alert" data-color="danger"><p class="alert-title">&lt;i&gt;</p>
        <p>&lt;i&gt;</p><p><a class="ds-link" href="/a/">Go</a></p></div>"""
    )


def test_an_empty_page_teaches() -> None:
    source = (
        '{% include "components/empty.html" with title="None yet" text="What it is." '
        'example="Fewer visits" action_url="/new/" action_label="Add" only %}'
    )
    assert drawn(source) == parse_html(
        """<section class="empty"><h2 class="ds-heading" data-size="xs">None yet</h2>
        <p>What it is.</p><p class="empty-example"><span class="empty-example-label">For example
        </span> Fewer visits</p><p><a class="ds-button" href="/new/">Add</a></p></section>"""
    )


DENIED = '{% include "components/denied.html" with denied=denied only %}'


def test_a_denial_stands_where_the_button_would_be() -> None:
    assert drawn(DENIED, denied=Denied("Only the owner.", "/team/")) == parse_html(
        f"""<p class="denied">{ICON["lock"]}<span>Only the owner.
        <a class="ds-link" href="/team/">Go there</a></span></p>"""
    )


@pytest.mark.parametrize("answer", [Allowed(), None])
def test_nothing_is_said_when_nothing_is_denied(answer: Any) -> None:
    assert drawn(DENIED, denied=answer) == parse_html("")


def test_findings_say_how_much_they_matter_and_lead_to_the_field() -> None:
    found = [
        SimpleNamespace(severity="must", text="No owner <x>", url="/a/#owner"),
        SimpleNamespace(severity="should", text="No baseline", url="/a/"),
        SimpleNamespace(severity="info", text="Measured in May", url=""),
    ]
    source = '{% include "components/findings.html" with findings=findings only %}'
    assert drawn(source, findings=found) == parse_html(
        f"""<ul class="findings">
        <li class="finding" data-severity="must">
          <span class="ds-tag" data-color="danger">{ICON["stop"]}Must</span>
          <a class="ds-link" href="/a/#owner">No owner &lt;x&gt;</a></li>
        <li class="finding" data-severity="should">
          <span class="ds-tag" data-color="warning">{ICON["warning"]}Should</span>
          <a class="ds-link" href="/a/">No baseline</a></li>
        <li class="finding" data-severity="info">
          <span class="ds-tag" data-color="info">{ICON["info"]}To know</span>
          <span>Measured in May</span></li></ul>"""
    )
    assert drawn(source, findings=[]) == parse_html("")


def test_progress_is_told_in_words_too() -> None:
    source = '{% include "components/progress.html" with done=0 total=8 label="Steps" only %}'
    assert drawn(source) == parse_html(
        """<div class="progress"><div class="progress-words"><span>Steps</span>
        <span class="muted">0 of 8</span></div>
        <progress value="0" max="8" aria-label="Steps"></progress></div>"""
    )


def test_pagination_keeps_the_filter() -> None:
    request = RequestFactory().get("/x/", {"q": "night", "page": "2"})
    source = '{% include "components/pagination.html" with page_obj=page_obj only %}'
    context = RequestContext(request, {"page_obj": Paginator(range(75), 25).page(2)})
    html = Template(source).render(context)
    assert [
        'href="?q=night&amp;page=1"' in html,
        'href="?q=night&amp;page=3"' in html,
        "Page 2 of 3" in html,
    ] == [True, True, True]


def test_a_single_page_has_no_pagination() -> None:
    source = '{% include "components/pagination.html" with page_obj=page_obj only %}'
    assert drawn(source, page_obj=Paginator([1], 25).page(1)) == parse_html("")


def test_a_message_carries_its_undo_through_the_cookie() -> None:
    request = RequestFactory().get("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    success_with_action(request, "“A” is deleted.", "Undo", "/undo/1/?a=1&b=æ")
    [message] = get_messages(request)
    assert (message.level_tag, str(message), action_of(message)) == (
        "success",
        "“A” is deleted.",
        MessageAction("Undo", "/undo/1/?a=1&b=æ"),
    )


def mark(number: int, **more: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "number": number,
        "title": f"Phase {number}",
        "url": f"/{number}/",
        "state": "waiting",
        "state_label": "Not started",
        "gate_label": "",
        "gate_tone": "",
        "is_current": False,
    }
    return SimpleNamespace(**(values | more))


def test_the_phase_line_names_state_and_gate_in_words() -> None:
    marks = [
        mark(1, state="done", state_label="Done", gate_label="Approved", gate_tone="success"),
        mark(2, state="current", state_label="Under way", is_current=True),
    ]
    source = '{% include "components/phase_marks.html" with marks=marks only %}'
    assert drawn(source, marks=marks) == parse_html(
        f"""<ol class="phase-marks">
        <li class="phase-mark" data-state="done"><a href="/1/">
          <span class="phase-dot" aria-hidden="true">{ICON["check"]}</span>
          <span class="phase-words"><span class="phase-title">
            <span class="visually-hidden">1. </span>Phase 1</span>
          <span class="phase-state">Done</span></span></a>
          <span class="phase-gate" data-color="success">{ICON["diamond"]}
            <span>Approved</span></span>
        </li>
        <li class="phase-mark" data-state="current" data-current><a href="/2/" aria-current="step">
          <span class="phase-dot" aria-hidden="true">2</span>
          <span class="phase-words"><span class="phase-title">
            <span class="visually-hidden">2. </span>Phase 2</span>
          <span class="phase-state">Under way</span></span></a></li></ol>"""
    )


def test_the_side_menu_says_what_its_numbers_count() -> None:
    child = SimpleNamespace(label="Plan", url="/p/", is_current=True, count=0, children=())
    tools = SimpleNamespace(
        label="Tools",
        url="/t/",
        is_current=False,
        count=3,
        count_label="3 missing",
        children=(child,),
    )
    source = '{% include "components/side_menu_items.html" with items=items only %}'
    assert drawn(source, items=[tools]) == parse_html(
        """<ul><li><a href="/t/"><span>Tools</span><span class="count" aria-hidden="true">3</span>
        <span class="visually-hidden">3 missing</span></a>
        <ul><li><a href="/p/" aria-current="page"><span>Plan</span></a></li></ul></li></ul>"""
    )
