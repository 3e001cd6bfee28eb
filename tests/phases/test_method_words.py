"""A project speaks of its walk in the words of its method, and never in those of another."""

import ast
import datetime
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from accounts.policy import ProjectRole
from common.outcomes import Refusal
from methodology.enums import GateOutcome
from phases.enums import StepStatus
from phases.models import GateSubmission, ProjectPhase
from phases.record import content_of
from phases.selectors import walk_of
from phases.services import (
    close_phase,
    decide_gate,
    start_project,
    submit_gate,
    update_step,
)
from projects.enums import ProjectStatus
from projects.services import add_member
from reports import assembly, drawing
from reports.enums import ReportKind
from tests.odd_method import load_odd_method

OTHERS = re.compile(r"\b(phases?|steps?|faser?|fasen|steg|steget|stegene)\b", re.IGNORECASE)
READ_OUT = {"aria-label", "title", "alt", "placeholder", "data-label", "content"}


class Words(HTMLParser):
    """What a person sees, or hears."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag):
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self._silent:
            self.found.append(data)


def words_of(html: str) -> str:
    return " ".join(" ".join(Words(html).found).split())


def foreign(text: str) -> list[str]:
    """The words of other methods, each with what stands around it."""
    return [text[max(0, each.start() - 40) : each.end() + 40] for each in OTHERS.finditer(text)]


@pytest.fixture
def version(db, tmp_path):
    return load_odd_method(tmp_path)


@pytest.fixture
def project(version, municipality):
    project = start_project(
        unit=municipality.home_care,
        name="Båtturen",
        problem="Ingen vet hva som venter.",
        goal="Alle kommer frem.",
        method_version=version,
        document_language="en",
        starts_on=datetime.date(2026, 1, 12),
        leader=municipality.leader,
        actor=municipality.leader,
    ).project
    add_member(
        project=project,
        user=municipality.reader,
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    return project


@pytest.fixture
def page(client_for):
    """The words of a page, as ``user`` gets it."""

    def page(user, name, *args, query="", **sent):
        client = client_for(user)
        url = reverse(name, args=args) + query
        response = client.post(url, sent, follow=True) if sent else client.get(url, follow=True)
        assert response.status_code == 200, url
        return words_of(response.content.decode())

    return page


def send_in(project, leader, outcome):
    current = walk_of(project).current
    return submit_gate(
        project=project,
        phase_key=current.entry.key,
        recommended_outcome=outcome,
        recommendation="Let us go on.",
        actor=leader,
    )


def decision_of(submission, manager, outcome, **more):
    from phases.gates import DecisionDraft

    draft = DecisionDraft(outcome, "We have seen enough.", **more)
    return decide_gate(submission=submission, draft=draft, actor=manager)


def walk_around(project, people, page):
    """Every page about the walk, as leader, decider and reader see it."""
    walk = walk_of(project)
    pages = {}
    for who in ("leader", "manager", "reader"):
        user = getattr(people, who)
        for name in ("project", "decisions", "history"):
            pages[who, name] = page(user, f"phases:{name}", project.pk)
        for name in ("tools:index", "projects:team", "reports:project"):
            pages[who, name] = page(user, name, project.pk)
        for name in ("start", "phases:projects", "reports:index"):
            pages[who, name] = page(user, name)
        for phase in walk.phases:
            key = phase.entry.key
            pages[who, key] = page(user, "phases:phase", project.pk, key)
            for step in phase.steps:
                pages[who, step.entry.key] = page(user, "phases:step", project.pk, step.entry.key)
            if phase.gate is not None:
                pages[who, f"gate {key}"] = page(user, "phases:gate", project.pk, key)
                pages[who, f"criterion {key}"] = page(
                    user, "phases:criterion", project.pk, key, f"seen-{key}"
                )
        for submission in GateSubmission.objects.filter(project_phase__project=project):
            place = (who, f"review {submission.pk}")
            pages[place] = page(user, "phases:review", project.pk, submission.pk)
    return pages


def assert_own_words(pages):
    assert {place: found for place, text in pages.items() if (found := foreign(text))} == {}


def test_a_project_that_begins_speaks_of_legs_and_chores(project, municipality, page):
    pages = walk_around(project, municipality, page)
    assert_own_words(pages)
    assert "Leg 1 of 4: Harbour" in pages["leader", "project"]
    assert "Chore 1.1" in pages["leader", "harbour-look"]
    assert "Chores" in pages["leader", "harbour"]
    assert "Leg 1, Harbour" in pages["leader", "phases:projects"]
    assert "Close the leg without a decision" in pages["leader", "gate harbour"]


def test_forms_and_messages_speak_of_legs_and_chores(project, municipality, page):
    leader, owner = municipality.leader, municipality.director
    row = walk_of(project).step("harbour-look").row
    sent = {"status": "done", "row_version": row.row_version, "notes": "Sett."}
    pages = {
        "close": page(leader, "phases:close_phase", project.pk, "harbour"),
        "mode": page(owner, "phases:gate_mode", project.pk, "harbour"),
        "submit": page(leader, "phases:submit", project.pk, "harbour"),
        "edit": page(leader, "projects:edit", project.pk),
        "invite": page(leader, "projects:invite", project.pk),
        "filtered": page(leader, "phases:projects", query="?phase=fjord"),
        "step": page(leader, "phases:step", project.pk, "harbour-look", **sent),
        "benefits": page(leader, "tools:tool", project.pk, "gevinster"),
        "closed": page(
            leader, "phases:close_phase", project.pk, "harbour", sentence="We are agreed."
        ),
    }
    assert_own_words(pages)
    assert "Close the leg" in pages["close"]
    assert "Leg 2, Fjord, starts at once." in pages["close"]
    assert "Leg 1, Harbour: closed without a decision. Next: leg 2, Fjord." in pages["closed"]


@pytest.fixture
def decided(project, municipality, answer_all):
    """Submitted and withdrawn by nobody; decided on with conditions."""
    row = walk_of(project).step("harbour-look").row
    row.status = StepStatus.IN_PROGRESS
    row.responsible = municipality.leader
    row.due_on = timezone.localdate() + datetime.timedelta(days=2)
    update_step(step=row, actor=municipality.leader, changed=["status", "responsible"])
    answer_all(project, "harbour", municipality.leader)
    submission = send_in(project, municipality.leader, GateOutcome.GO)
    decision_of(submission, municipality.manager, GateOutcome.GO)
    return submission


def test_the_record_keeps_the_words_it_was_made_with(decided, project, municipality, page):
    content = content_of(decided.record)
    assert (content["method"]["words"]["phase"], content["method"]["words"]["step"]) == (
        "leg",
        "chore",
    )
    pages = walk_around(project, municipality, page)
    decision = decided.decisions.get()
    pages["decision"] = page(municipality.reader, "phases:decision", project.pk, decision.pk)
    assert_own_words(pages)
    assert "Leg 1 · Harbour" in pages["decision"]
    assert "finished chore 1.1" not in pages["leader", "history"]
    assert "began on chore 1.1 Look around." in pages["leader", "history"]


def test_the_decider_reads_what_will_happen_in_the_methods_words(
    decided, project, municipality, answer_all, page
):
    leader, manager = municipality.leader, municipality.manager
    close_phase(project=project, phase_key="fjord", sentence="Forbi.", actor=leader)
    answer_all(project, "sea", leader)
    submission = send_in(project, leader, GateOutcome.BACK)
    place = (project.pk, submission.pk)
    pages = {
        "review": page(manager, "phases:review", *place),
        "decide": page(manager, "phases:decide", *place),
    }
    for outcome in ("go", "rework", "more_testing", "pause", "stop", "closed", "back"):
        pages[outcome] = page(
            manager,
            "phases:decide",
            *place,
            action="look",
            outcome=outcome,
            rationale="We have thought about it.",
            target_phase="fjord",
            reopen_steps="fjord-look",
            review_on=str(timezone.localdate() + datetime.timedelta(days=9)),
            learnt="To row.",
            condition_rows="1",
        )
    assert_own_words(pages)
    assert "This completes leg 3, Sea. Next: leg 4, Island." in pages["go"]
    assert "A new round begins: leg 2, Fjord." in pages["back"]
    decision_of(submission, manager, GateOutcome.BACK, target_phase="fjord")
    assert_own_words(walk_around(project, municipality, page))


def test_a_level_without_a_gate_is_closed_by_the_leader_also_the_last(
    decided, project, municipality, answer_all, page
):
    leader, reader = municipality.leader, municipality.reader
    coming = page(leader, "phases:phase", project.pk, "island")
    assert "The method has no decision point here." in coming
    assert "Close the leg" not in coming
    row = walk_of(project).step("fjord-look").row
    row.status = StepStatus.DONE
    update_step(step=row, actor=leader, changed=["status"])
    assert "Close Fjord and go on" in page(leader, "phases:project", project.pk)
    leg = page(leader, "phases:phase", project.pk, "fjord")
    assert "The method has no decision point here." in leg
    assert "Close the leg" in leg
    assert "The project leader closes this." in page(reader, "phases:phase", project.pk, "fjord")
    closed = page(leader, "phases:close_phase", project.pk, "fjord", sentence="We are through.")
    assert "Leg 2, Fjord: closed. Next: leg 3, Sea." in closed
    answer_all(project, "sea", leader)
    submission = send_in(project, leader, GateOutcome.GO)
    decision_of(submission, municipality.manager, GateOutcome.GO)
    last = page(leader, "phases:close_phase", project.pk, "island")
    assert "Nothing comes after this, so the project is closed too." in last
    over = page(leader, "phases:close_phase", project.pk, "island", sentence="We are there.")
    assert "Leg 4, Island: closed, and the project with it." in over
    project.refresh_from_db()
    assert project.status == ProjectStatus.CLOSED
    assert not ProjectPhase.objects.filter(project=project, status="active").exists()
    assert_own_words(walk_around(project, municipality, page))


def test_gates_and_steps_that_are_ours_say_so(project, municipality, page):
    member = municipality.leader
    gate = page(member, "phases:gate", project.pk, "harbour")
    assert "is our addition to the source." in gate
    assert "Our own addition" in page(member, "phases:step", project.pk, "harbour-look")
    assert "Our own addition" in page(member, "phases:phase", project.pk, "harbour")


def test_refusals_use_no_other_methods_words(decided, project, municipality):
    leader, manager = municipality.leader, municipality.manager
    refused = [
        lambda: close_phase(project=project, phase_key="sea", sentence="Ja.", actor=leader),
        lambda: close_phase(project=project, phase_key="harbour", sentence="Ja.", actor=leader),
        lambda: close_phase(project=project, phase_key="fjord", sentence=" ", actor=leader),
        lambda: close_phase(project=project, phase_key="fjord", sentence="Ja.", actor=manager),
        lambda: submit_gate(
            project=project,
            phase_key="fjord",
            recommended_outcome=GateOutcome.GO,
            recommendation="Ja.",
            actor=leader,
        ),
        lambda: decision_of(decided, manager, GateOutcome.GO),
    ]
    for refuse in refused:
        with pytest.raises(Refusal) as refusal:
            refuse()
        assert foreign(str(refusal.value)) == []


# --- reports --------------------------------------------------------------------------------------


def document_of(*projects):
    projects = list(projects)
    return assembly.compose(
        assembly.read_projects(projects),
        assembly.read_tools(projects),
        language="en",
        ordered_by="Petter Prosjektleder",
        as_of=timezone.now(),
    )


def cells(*projects):
    book = load_workbook(io.BytesIO(drawing.draw(ReportKind.PROJECT_XLSX, document_of(*projects))))
    texts = [
        str(value)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    ]
    return book.sheetnames, texts


def test_the_report_speaks_of_legs_and_chores(decided, project):
    text = words_of(drawing.report_html(document_of(project)))
    assert foreign(text) == []
    assert "Leg 2: Fjord" in text
    assert " Chore " in text


def test_the_workbook_is_headed_with_legs_and_chores(decided, project):
    names, texts = cells(project)
    assert names[1] == "Chores"
    assert foreign(" | ".join([*names, *texts])) == []
    assert {"Leg", "Chore", "Leg 1: Harbour"} <= set(texts)


def test_a_workbook_on_several_methods_says_where_and_what(decided, project, other_project):
    names, texts = cells(project, other_project)
    assert names[1] == "The work"
    assert {"Where", "What", "Leg 1: Harbour"} <= set(texts)
    assert not {"Phase", "Step", "Leg", "Chore"} & set(texts)


def test_lists_name_each_project_in_its_own_words(project, other_project, municipality, page):
    text = page(municipality.leader, "phases:projects")
    assert "Leg 1, Harbour" in text
    assert "Phase 1, Anchoring" in text
    assert "Odd method: 1 Harbour" in text


def test_the_words_are_the_readers(project):
    walk = walk_of(project)
    with translation.override("nb"):
        found = [
            walk.catalogue.word(level, form)
            for level in ("phase", "step")
            for form in ("singular", "plural", "definite")
        ]
    assert found == ["etappe", "etapper", "etappen", "syssel", "sysler", "syssel"]


# --- every message --------------------------------------------------------------------------------

APPS = (
    "phases",
    "projects",
    "reports",
    "tools",
    "worksheets",
    "team",
    "benefits",
    "accounts",
    "veikart",
)
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
CONTEXTUAL = {"pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"}
IN_TEMPLATES = re.compile(
    r"{%\s*translate\s+(\"[^\"]*\"|'[^']*')|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate",
    re.DOTALL,
)
PLACEHOLDERS = re.compile(r"%\(\w+\)s|{{.*?}}|{%.*?%}")
# A sentence that only the database would say, about the making of a report.
NOT_ABOUT_A_WALK = {"No more steps can be done than there are."}


def message_ids():
    for app in APPS:
        folder = Path(settings.BASE_DIR) / app
        for path in folder.rglob("*.py"):
            if "migrations" not in path.parts and "demo" not in path.parts:
                yield from ids_in_code(path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.html"):
            yield from ids_in_template(path.read_text(encoding="utf-8"))
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        yield from ids_in_template(path.read_text(encoding="utf-8"))


def ids_in_code(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name, args = node.func.id, node.args
            if name in CONTEXTUAL:
                args = args[1:]
            if name in GETTEXT | CONTEXTUAL:
                yield from (
                    each.value
                    for each in args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )


def ids_in_template(source):
    for quoted, block in IN_TEMPLATES.findall(source):
        yield quoted or block


def test_no_message_about_projects_has_a_methods_word_built_in():
    found = {each for each in message_ids() if OTHERS.search(PLACEHOLDERS.sub("", each))}
    assert found - NOT_ABOUT_A_WALK == set()
