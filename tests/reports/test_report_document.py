"""The frozen document and the HTML that is drawn from it, without setting any page."""

import itertools
import re

import pytest
from django.db import connection
from django.utils import timezone, translation

from accounts.models import Language
from projects.models import Project
from reports import assembly, drawing, workbook
from reports.document import ReportDocument
from reports.enums import ReportKind
from tests.reports.conftest import CONDITION, RATIONALE, SECRET_PHONE


def document_of(*projects: Project, language: str = "en") -> ReportDocument:
    rows = list(
        Project.objects.select_related("organisation", "unit", "method_version__method")
        .filter(pk__in=[project.pk for project in projects])
        .order_by("pk")
    )
    with translation.override(language):
        return assembly.compose(
            assembly.read_projects(rows),
            assembly.read_tools(rows),
            language=language,
            ordered_by="Petter Prosjektleder",
            as_of=timezone.now(),
        )


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_drawing_asks_the_database_nothing(full_project, other_project, django_assert_num_queries):
    document = document_of(full_project, other_project)
    with django_assert_num_queries(0):
        drawing.report_html(document)
        workbook.sheets_of(document)
        drawing.draw(ReportKind.PROJECT_XLSX, document)


def test_composing_asks_the_database_nothing(full_project, django_assert_num_queries):
    rows = list(
        Project.objects.select_related("organisation", "unit", "method_version__method").filter(
            pk=full_project.pk
        )
    )
    read, tools = assembly.read_projects(rows), assembly.read_tools(rows)
    with django_assert_num_queries(0):
        assembly.compose(read, tools, language="nb", ordered_by="Petter", as_of=timezone.now())


def test_the_tools_are_read_in_as_many_queries_for_three_projects_as_for_one(
    full_project, other_project, make_project, django_assert_num_queries
):
    from django.test.utils import CaptureQueriesContext

    third = make_project("Bibliotek uten bemanning")
    with CaptureQueriesContext(connection) as one:
        assembly.read_tools([full_project])
    with django_assert_num_queries(len(one)):
        assembly.read_tools([full_project, other_project, third])


def test_the_report_tells_the_whole_project(full_project):
    text = text_of(drawing.report_html(document_of(full_project)))
    for expected in (
        "Digitalt tilsyn om natten",
        "Case number 2026/1482",
        "Nattbesøk vekker dem som sover.",
        "Færre forstyrrelser og tryggere netter.",
        "Phase 3: Service development",
        "1.2 Explore benefits",
        "Dekket av et tidligere prosjekt.",
        "Go with conditions",
        "Vi anbefaler å gå videre til innsiktsfasen.",
        RATIONALE,
        CONDITION,
        "Closed without a decision",
        "Innsikten er hentet inn og delt med ledergruppen.",
        "Criteria for the next decision",
        "Færre forstyrrelser om natten",
        "Unni Union",
        "Nåsituasjonen er tegnet på papir",
        "Ordered by Petter Prosjektleder",
    ):
        assert expected in text, expected


def test_the_digest_of_each_decision_is_in_the_report(full_project):
    document = document_of(full_project)
    decision = document.projects[0].decisions[0]
    assert re.fullmatch("[0-9a-f]{64}", decision.sha256)
    assert decision.sha256 in drawing.report_html(document)


def test_text_from_people_stays_text(full_project):
    html = drawing.report_html(document_of(full_project))
    assert "<b>Ikke fet skrift" not in html
    assert "&lt;b&gt;Ikke fet skrift&lt;/b&gt; &amp; litt mer." in html


def test_restricted_fields_are_in_no_report(full_project):
    from team.models import TeamRole

    assert TeamRole.objects.get().contact == SECRET_PHONE
    document = document_of(full_project)
    assert SECRET_PHONE not in drawing.report_html(document)
    cells = [
        str(value) for sheet in workbook.sheets_of(document) for row in sheet.rows for value in row
    ]
    assert not [cell for cell in cells if SECRET_PHONE in cell]
    assert SECRET_PHONE not in repr(document)


@pytest.mark.parametrize(
    ("language", "phase"),
    [
        ("nb", "Fase 3: Tjenesteutvikling"),
        ("nn", "Fase 3: Tenesteutvikling"),
        ("sv", "Fas 3: Tjänsteutveckling"),
        ("en", "Phase 3: Service development"),
    ],
)
def test_the_words_of_the_method_are_in_the_language_of_the_report(language, phase, full_project):
    document = document_of(full_project, language=language)
    assert document.projects[0].current_phase.label == phase
    with translation.override(language):
        assert f'<html lang="{Language(language).value}">' in drawing.report_html(document)


def test_criteria_show_answers_and_what_tools_find_missing(full_project):
    part = document_of(full_project).projects[0]
    by_key = {each.key: each for each in part.next_criteria}
    assert {each.phase_key for each in part.next_criteria} == {part.current_phase.key}
    missing = [text for each in by_key.values() for text in each.shortcomings]
    assert any("has no owner" in text for text in missing)
    over = [each for each in part.criteria if each.phase_key == part.phases[0].key]
    assert over
    assert all(not each.shortcomings for each in over)


def test_several_projects_are_one_document_with_a_part_each(full_project, other_project):
    html = drawing.report_html(document_of(full_project, other_project))
    assert html.count('<article class="part"') == 2
    assert html.count("<h1") == 3
    targets = set(re.findall(r'href="#([^"]+)"', html))
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_headings_never_skip_a_level(full_project, other_project):
    for document in (document_of(full_project), document_of(full_project, other_project)):
        levels = [int(each) for each in re.findall(r"<h([1-6])", drawing.report_html(document))]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_project_without_anything_makes_a_report_too(project):
    text = text_of(drawing.report_html(document_of(project)))
    assert "Nothing has been decided yet." in text
    assert "Nothing is written here yet." in text
